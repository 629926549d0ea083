#ifndef TB_STORE_INTENTS_H
#define TB_STORE_INTENTS_H

/*
 * intents: what was asked of the venue, written down before it was asked.
 *
 * A row's request never changes; its state moves only along the table
 * transitions, and every move appends an event (events.h).  Which move is
 * right is lib/order's to know: this file keeps the record and its arithmetic.
 *
 * Everything that writes runs inside a transaction of the caller's.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/err.h"
#include "base/market.h"
#include "store/db.h"

enum intent_state {
	INTENT_SENDING,	  /* about to be asked, or being asked */
	INTENT_UNKNOWN,	  /* asked, no clear answer: an order may be live */
	INTENT_OPEN,	  /* the venue has it */
	INTENT_DONE,	  /* final at the venue */
	INTENT_SETTLED,	  /* ... and its fills add up in the books */
	INTENT_REJECTED,  /* refused by the venue, or never sent */
	INTENT_ABANDONED, /* looked for, not found, given up */
};
#define INTENT_STATES 7

/* "SENDING", ... */
const char *intent_state_name(enum intent_state state);

#define INTENT_KEY_MAX 260 /* "s:" and an evaluation id, "i:" and an id */
#define INTENT_TYPE_MAX 16
#define INTENT_REASON_MAX 32
#define INTENT_MESSAGE_MAX 512
#define INTENT_BODY_MAX 1024
#define INTENT_ATTEMPTS_MAX 5

struct intent {
	int64_t id; /* given by intents_insert() */
	char client_order_id[DIGEST_UUID];
	char dedupe_key[INTENT_KEY_MAX];
	char request_hash[DIGEST_HEX]; /* of what was asked */
	char product_id[PRODUCT_ID_MAX];
	enum side side;
	char type[INTENT_TYPE_MAX]; /* market limit limit_ioc post_only */
	bool by_quote;		    /* asked in quote: size_usd; else coins */
	struct decimal size_usd;    /* as asked, quote; 0 when not by_quote */
	struct decimal size_crypto; /* as asked, coins; 0 when by_quote */
	bool has_limit_price;
	struct decimal limit_price; /* quote per coin */
	struct decimal reference_price;
	bool sent_by_quote;	    /* sent as quote_size; else base_size */
	struct decimal quote_size;  /* as sent, quote */
	struct decimal base_size;   /* as sent, coins */
	char body[INTENT_BODY_MAX]; /* the request as JSON */
	enum intent_state state;
	char order_id[ORDER_ID_MAX]; /* "" while not acknowledged */
	int attempts;		     /* from 1 */
	char reserve_currency[CURRENCY_MAX];
	struct decimal reserve; /* counts while SENDING or UNKNOWN */
	int readings;		/* complete ones that found nothing */
	int64_t look_from_us;	/* when looking began to count; 0 not yet */
	char reason[INTENT_REASON_MAX]; /* of REJECTED, ABANDONED; else "" */
	char message[INTENT_MESSAGE_MAX];
	char triggered_by[TRIGGER_MAX]; /* for people; nothing decides by it */
	char *signal_context;  /* the signal line, owned; NULL for others */
	int64_t decided_at_us; /* what its age counts from */
	int64_t created_at_us;
	int64_t updated_at_us;
};

/* intent_release: free what it owns; fine on a zeroed one. */
void intent_release(struct intent *intent);

/*
 * intents_insert: a new row in state SENDING, with its first event.
 *
 * out: intent->id, state, attempts, updated_at_us
 */
enum tb_status intents_insert(struct db *db, struct intent *intent,
    struct tb_err *err);

/* What a move changes besides the state. */
struct intent_move {
	enum intent_state to;
	const char *order_id; /* with OPEN and DONE from an unacknowledged */
	const char *reason;   /* with REJECTED and ABANDONED; NULL: none */
	const char *message;
	int64_t at_us;
};

/*
 * intents_move: move the row from intent->state, append the event.  A move to
 * SENDING counts an attempt and forgets readings, reason and message.
 *
 * inout:  *intent  brought up to the row; unchanged on failure
 * errors: TB_EBUG the row is not in intent->state, or there is no such move:
 *	   somebody else wrote without the send lock
 */
enum tb_status intents_move(struct db *db, struct intent *intent,
    const struct intent_move *move, struct tb_err *err);

/*
 * intents_read_again: count a complete reading that found nothing; the first
 * one sets look_from_us.
 */
enum tb_status intents_read_again(struct db *db, struct intent *intent,
    int64_t at_us, struct tb_err *err);

/* One intent.  out is to be released.  errors: TB_ENOENT */
enum tb_status intents_by_id(struct db *db, int64_t id, struct intent *out,
    struct tb_err *err);
enum tb_status intents_by_key(struct db *db, const char *dedupe_key,
    struct intent *out, struct tb_err *err);
enum tb_status intents_by_client(struct db *db, const char *client_order_id,
    struct intent *out, struct tb_err *err);
enum tb_status intents_by_order(struct db *db, const char *order_id,
    struct intent *out, struct tb_err *err);

/*
 * intents_next: the intent with the smallest id above after_id in one of the
 * states of the set: SENDING, UNKNOWN, OPEN and DONE.  Cost: not by history.
 *
 * errors: TB_ENOENT no more
 */
#define INTENT_BIT(state) (1u << (state))
#define INTENT_UNRESOLVED                                                      \
 (INTENT_BIT(INTENT_SENDING) | INTENT_BIT(INTENT_UNKNOWN))
#define INTENT_UNSETTLED                                                       \
 (INTENT_UNRESOLVED | INTENT_BIT(INTENT_OPEN) | INTENT_BIT(INTENT_DONE))
enum tb_status intents_next(struct db *db, int64_t after_id, unsigned states,
    struct intent *out, struct tb_err *err);

/* intents_newest: the highest id; 0 where there is none. */
enum tb_status intents_newest(struct db *db, int64_t *out_id,
    struct tb_err *err);

/*
 * intents_reserved: what SENDING and UNKNOWN intents reserve of a currency,
 * the intent `except` (0: none) left out.
 */
enum tb_status intents_reserved(struct db *db, const char *currency,
    int64_t except, struct decimal *out, struct tb_err *err);

/*
 * intents_count_between: intents created at or after from_us and before
 * to_us, REJECTED and ABANDONED ones and `except` left out.
 */
enum tb_status intents_count_between(struct db *db, int64_t from_us,
    int64_t to_us, int64_t except, int64_t *out, struct tb_err *err);

#endif /* TB_STORE_INTENTS_H */
