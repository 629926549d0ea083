/*
 * order.pml: one decision, two runs that overlap and crash anywhere, and an
 * exchange whose answers get lost.  README.md says how it is run.
 *
 * The books, the exchange and the lock outlive a crash; nothing else does.
 * A d_step is a transaction: it is committed, or it was never begun.
 */

#define RUNS 4	   /* of each of the two, one after the other */
#define READINGS 2 /* that decide that an order is not there */
#define ATTEMPTS 2 /* to send it */

mtype = { NONE, SENDING, UNKNOWN, OPEN, DONE, SETTLED, REJECTED, ABANDONED };

/* The books. */
mtype state = NONE;
bool not_sent, called; /* called: a human, to look */
byte readings, attempts;

/* The exchange: its orders of this decision, and whether it lists them. */
byte orders;
bool shown, live, replied;
chan net = [1] of { bit }; /* a request on its way */

byte holder;	   /* of the send lock */
bool fresh = true; /* the decision may still be acted on */
byte finished;

/* Every move of an intent, as they stand in the table transitions. */
#define MOVE(from, to)                                                         \
	d_step {                                                               \
		assert(state == from);                                         \
		state = to;                                                    \
	}

#define MAY_CRASH                                                              \
	if                                                                     \
	:: skip                                                                \
	:: mortal -> goto dead                                                 \
	fi

/*
 * When has a reading that finds nothing seen all there may be?  The time that
 * it waits is longer than a request is on its way, and longer than an order
 * stays hidden.  LATE: it is not.  HASTY: it waits for nothing.
 */
#if defined(HASTY)
#define IS_SENT_LONG_AGO true
#define WINDOW_IS_OVER true
#elif defined(LATE)
#define IS_SENT_LONG_AGO empty(net)
#define WINDOW_IS_OVER (readings >= READINGS)
#else
#define IS_SENT_LONG_AGO empty(net)
#define WINDOW_IS_OVER (readings >= READINGS && (orders == 0 || shown))
#endif

/* What was told to whoever asked: it has to be true, and to stay true. */
inline tell_traded()
{
	assert(orders >= 1)
}
inline tell_not_traded()
{
#ifdef LATE
	skip
#else
	assert(orders == 0 && empty(net))
#endif
}

/* The exchange has the order: it is live, or final already. */
inline book_from_sending()
{
	if
	:: live -> MOVE(SENDING, OPEN)
	:: else -> MOVE(SENDING, DONE)
	fi
}
inline book_from_unknown()
{
	if
	:: live -> MOVE(UNKNOWN, OPEN)
	:: else -> MOVE(UNKNOWN, DONE)
	fi
}

/* Found after all: the books follow the exchange, and a human is called. */
inline book_late()
{
	if
	:: state == ABANDONED && live -> MOVE(ABANDONED, OPEN)
	:: state == ABANDONED && !live -> MOVE(ABANDONED, DONE)
	:: state == REJECTED && live -> MOVE(REJECTED, OPEN)
	:: state == REJECTED && !live -> MOVE(REJECTED, DONE)
	fi;
	called = true
}

/* The row is committed; now the venue is asked, and its answer recorded. */
inline send()
{
#ifndef NAIVE
	assert(state == SENDING);
#endif
	replied = false;
	if
	:: true -> /* it never left */
		MAY_CRASH;
		d_step { not_sent = true; MOVE(SENDING, REJECTED) }
	:: true -> /* the exchange says no */
		MAY_CRASH;
		d_step { not_sent = false; MOVE(SENDING, REJECTED) }
#ifdef LIAR
	:: true -> /* and does it all the same */
		net!1;
		d_step { not_sent = false; MOVE(SENDING, REJECTED) }
#endif
	:: true ->
		net!1;
		MAY_CRASH;
		if
		:: replied ->
			MAY_CRASH;
			book_from_sending()
		:: true -> /* no answer, whatever became of it */
			MOVE(SENDING, UNKNOWN)
		fi
	fi
}

/* Another look through all that the exchange lists; may_send: a tb-trade. */
inline look(may_send)
{
	if
	:: orders > 0 && shown -> book_from_unknown()
	:: true -> skip /* not complete: counts for nothing */
	:: (orders == 0 || !shown) && IS_SENT_LONG_AGO ->
		d_step {
			readings =
			    (readings < READINGS -> readings + 1 : readings)
		};
		MAY_CRASH;
		if
		:: !WINDOW_IS_OVER -> skip
		:: WINDOW_IS_OVER && orders > 0 && shown -> skip /* next time */
		:: WINDOW_IS_OVER && !(orders > 0 && shown) &&
		    (!fresh || attempts >= ATTEMPTS) ->
			MOVE(UNKNOWN, ABANDONED)
		:: WINDOW_IS_OVER && !(orders > 0 && shown) && may_send &&
		    fresh && attempts < ATTEMPTS ->
			d_step {
				attempts++;
				readings = 0;
				MOVE(UNKNOWN, SENDING)
			};
			MAY_CRASH;
			send()
		:: WINDOW_IS_OVER && !may_send && fresh -> skip
		fi
	fi
}

/* Whoever has the lock finds no live SENDING. */
inline recover(may_send)
{
	if
	:: state == SENDING -> MOVE(SENDING, UNKNOWN)
	:: else
	fi;
	MAY_CRASH;
	if
	:: state == UNKNOWN -> look(may_send)
	:: else
	fi
}

inline take_lock()
{
#ifdef NOLOCK
	skip
#else
	atomic { holder == 0 -> holder = _pid + 1 }
#endif
}

/* It stays with the program of the venue until its request is through. */
inline free_lock()
{
#ifdef NOLOCK
	skip
#else
	atomic { empty(net) -> holder = 0 }
#endif
}

inline act()
{
	if
	:: state == NONE && fresh ->
#ifdef NAIVE /* the order first, then the row */
		replied = false;
		net!1;
		MAY_CRASH;
		if
		:: replied ->
			MAY_CRASH;
			state = DONE
		:: true -> skip /* no answer: taken for no order */
		fi
#else
		d_step { attempts = 1; MOVE(NONE, SENDING) };
		MAY_CRASH;
		send()
#endif
	:: state == REJECTED && not_sent && fresh && attempts < ATTEMPTS ->
		d_step { attempts++; not_sent = false; MOVE(REJECTED, SENDING) };
		MAY_CRASH;
		send()
	:: else
	fi
}

inline answer()
{
	if
	:: state == OPEN || state == DONE || state == SETTLED -> tell_traded()
	:: state == REJECTED || state == ABANDONED -> tell_not_traded()
	:: else /* nothing, or: an order may be live */
	fi
}

inline settle()
{
	if
	:: state == OPEN && !live -> MOVE(OPEN, DONE)
	:: else
	fi;
	MAY_CRASH;
	if
	:: state == DONE -> MOVE(DONE, SETTLED)
	:: else
	fi
}

active [2] proctype trade()
{
	byte runs = RUNS;
	bool mortal = true;

	do
	:: runs == 0 -> break
	:: runs > 0 ->
		runs--;
		take_lock();
		recover(true);
		MAY_CRASH;
		act();
		MAY_CRASH;
		settle();
#ifndef LIAR
		answer();
#endif
dead:
		free_lock()
	od;
	finished++
}

active proctype exchange()
{
	do
	:: atomic { net?_ ->
		if
#ifdef DEDUP
		:: orders > 0 -> replied = true
		:: orders == 0 ->
#else
		:: true ->
#endif
			orders++;
			shown = false;
			live = true;
			replied = true
		:: true -> skip /* lost on the way */
		fi };
		assert(orders <= 1)
	:: orders > 0 && !shown -> shown = true
	:: orders > 0 && live -> live = false
	:: fresh -> fresh = false
	:: finished == 3 -> break
	od
}

/* Once all is quiet, one clean tb-sync: everything is in the books. */
active proctype sync()
{
	bool mortal = false;

	finished == 2 && empty(net) && !fresh && (orders == 0 || shown);
	do
	:: state == SENDING || state == UNKNOWN -> recover(false)
	:: (state == ABANDONED || state == REJECTED) && orders > 0 ->
		book_late()
	:: state == OPEN || state == DONE -> settle()
	:: else -> break
	od;
dead:
#ifndef NAIVE
	if
	:: orders > 0 -> assert(state == SETTLED)
	:: else -> assert(state == NONE || state == REJECTED ||
		state == ABANDONED)
	fi;
#endif
	finished++
}
