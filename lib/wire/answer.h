#ifndef TB_WIRE_ANSWER_H
#define TB_WIRE_ANSWER_H

/*
 * answer: what tb-trade says to one line of its input, in one line.
 *
 *	{"trade_executed":true,"trade_id":123,"temperature":"HOT","bot_id":1,
 *	 "replayed":false,"trade":{...}}
 *	{"trade_executed":false,"reason":"cooldown","message":"...",
 *	 "have":"00:03:10","need":"00:15:00","bot_id":1,"product_id":"BTC-USD"}
 *	{"trade_executed":null,"reason":"unknown","intent_id":"...",
 *	 "message":"...","product_id":"BTC-USD"}
 *
 * true: the venue accepted; trade.status says how far it came.  false: there
 * is no order because of this line.  null: nobody knows yet.
 *
 * temperature and bot_id are there for signal lines.  Behind these keys stand,
 * where they apply: intent_id, id (an intent's own), line and element (of the
 * input, where the line could not be read), replayed (if true), dry_run (if
 * true).
 *
 * schema: share/schema/answer.json
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/market.h"
#include "io/json.h"
#include "wire/intent.h"
#include "wire/trade.h"

/* Why there is no trade.  design.md section 4 lists them in this order. */
enum answer_reason {
	REASON_NONE,
	/* answers, not stored: nothing was to be done */
	REASON_HOLD,
	REASON_NOT_READY,
	REASON_COOLDOWN,
	/* refusals, stored */
	REASON_AGE,
	REASON_FUTURE,
	REASON_CLOCK,
	REASON_UNKNOWN_BOT,
	REASON_BOT_STOPPED,
	REASON_UNKNOWN_PRODUCT,
	REASON_PRODUCT_STATE,
	REASON_MINIMUM,
	REASON_BALANCE,
	REASON_POSITION,
	REASON_MAX_ORDER,
	REASON_MAX_POSITION,
	REASON_MAX_ORDERS_DAY,
	REASON_MAX_DAILY_LOSS,
	REASON_MAX_DRAWDOWN,
	REASON_NOT_ALLOWED,
	REASON_HALTED,
	REASON_UNRESOLVED,
	REASON_VENUE,
	REASON_NOT_SENT,
	/* neither */
	REASON_ABANDONED,
	REASON_NOT_TRIED,
	REASON_INVALID,
	REASON_KEY_REUSED,
	REASON_UNKNOWN,
};

#define ANSWER_REASONS (REASON_UNKNOWN + 1)

/* "cooldown", ...; "" of REASON_NONE. */
const char *answer_reason_name(enum answer_reason reason);

/* errors: TB_EINVAL */
enum tb_status answer_reason_parse(const char *s, size_t len,
    enum answer_reason *out);

/* Is it a refusal, which the store keeps? */
bool answer_reason_is_refusal(enum answer_reason reason);

/*
 * answer_reason_status: the class of exit status of a line answered so (TB_OK
 * of REASON_NONE: traded).  cli.h turns it into a number.
 */
enum tb_status answer_reason_status(enum answer_reason reason);

/* A figure of have and need. */
enum figure_kind {
	FIGURE_NONE,	 /* left out */
	FIGURE_QUOTE,	 /* amount, two decimals or more */
	FIGURE_COINS,	 /* amount, trimmed; also percent */
	FIGURE_COUNT,	 /* count */
	FIGURE_DURATION, /* us, as "HH:MM:SS" */
	FIGURE_TEXT,	 /* text: a state, borrowed */
};

struct figure {
	enum figure_kind kind;
	struct decimal amount;
	int64_t count;
	int64_t us;
	const char *text;
};

enum answer_outcome { ANSWER_TRADED, ANSWER_NOT_TRADED, ANSWER_UNSURE };

struct answer {
	enum answer_outcome outcome;
	enum answer_reason reason; /* REASON_NONE when traded */
	char message[TB_ERR_MAX];  /* one line for people; not when traded */
	struct figure have, need;
	bool has_bot; /* a signal line asked: */
	int64_t bot_id;
	char temperature[7];		 /* "HOT"; "": left out */
	char product_id[PRODUCT_ID_MAX]; /* "": not known */
	char intent_id[24];		 /* our number of it; "": none */
	char id[INTENT_ID_MAX];		 /* an intent's own; "": none */
	unsigned long line;    /* of the input; written of invalid ones */
	unsigned long element; /* of an array, from 1; 0: no array */
	bool replayed;
	bool dry_run;
	const struct trade *trade; /* when traded; borrowed */
};

/* answer_write: the object, in the order of keys shown above. */
void answer_write(struct json_writer *w, const struct answer *a);

#endif /* TB_WIRE_ANSWER_H */
