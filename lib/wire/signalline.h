#ifndef TB_WIRE_SIGNALLINE_H
#define TB_WIRE_SIGNALLINE_H

/*
 * signalline: what tb-signal says of one bot at one instant, as a line of
 * JSON, and back.  The keys and their order are the interface of the pipe;
 * tb-json(5) and share/schema/signal.json say the same.
 *
 * Scores and indicator values are doubles and are written in the shortest
 * text that reads back to the same bits; prices and sizes are exact.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/decimal.h"
#include "base/err.h"
#include "base/market.h"
#include "io/json.h"
#include "signal/decision.h"
#include "wire/evaluationid.h"

#define SIGNALLINE_PARTS_MAX 16	   /* signals of a bot */
#define SIGNALLINE_VALUES_MAX 5	   /* values shown of one signal */
#define SIGNALLINE_KEY_MAX 33	   /* name of a signal or of a value */
#define SIGNALLINE_REASON_MAX 32   /* a word: why a signal has no score */
#define SIGNALLINE_MESSAGE_MAX 161 /* and more words on it */

/* Why a bot is not ready to trade: bits, listed in this order. */
enum not_ready {
	NOT_READY_HOLD = 1 << 0,
	NOT_READY_CONFIRMING = 1 << 1,
	NOT_READY_COOLDOWN = 1 << 2,
	NOT_READY_STALE_DATA = 1 << 3,
	NOT_READY_WARMING_UP = 1 << 4,
	NOT_READY_HALTED = 1 << 5,
	NOT_READY_VETOED = 1 << 6,
	NOT_READY_BOT_ERROR = 1 << 7,
};
#define NOT_READY_COUNT 8

/* The word of the n-th bit: "hold", "confirming", ... */
const char *not_ready_name(int n);

/* A number that an indicator shows: {"rsi": {..., "value": 9.0}}. */
struct signalline_value {
	char key[SIGNALLINE_KEY_MAX];
	bool known; /* false: null */
	double value;
};

/* What one signal said. */
struct signalline_part {
	char name[SIGNALLINE_KEY_MAX];
	bool enabled;
	struct decimal weight;
	bool has_score; /* false: null; reason says why */
	double score;
	char reason[SIGNALLINE_REASON_MAX];   /* "" while there is none */
	char message[SIGNALLINE_MESSAGE_MAX]; /* "" while there is none */
	struct signalline_value values[SIGNALLINE_VALUES_MAX];
	size_t value_count;
};

/* One line.  A value: no pointers, nothing to release. */
struct signalline {
	int64_t bot_id;
	char product_id[PRODUCT_ID_MAX];
	enum temperature temperature;
	bool has_score; /* false: combined_score is null (an error) */
	double combined_score;
	enum action action;
	int64_t instant_us; /* last_evaluation */
	bool ready;	    /* ready_to_trade */
	unsigned not_ready; /* bits; 0 where it is ready */
	char name[EVALUATION_NAME_MAX];
	char evaluation_id[EVALUATION_ID_MAX]; /* "": null: no candle yet */
	int64_t candle_at_us;		       /* 0: null: no candle yet */
	bool has_price;
	struct decimal price; /* the reference price; quote per coin */
	struct decimal trade_size_usd;

	int64_t since_us; /* of the run of equal actions; 0: null */
	bool since_is_bound;
	int required_minutes;
	int64_t elapsed_minutes;
	bool confirmed;

	int64_t cooldown_until_us; /* 0: null */
	bool cooling_down;

	struct signalline_part parts[SIGNALLINE_PARTS_MAX];
	size_t part_count;

	bool forced;		/* --force waived confirmation and cooldown */
	bool short_history;	/* it begins after the anchor of a signal */
	int64_t missing;	/* candles that do not exist; written if > 0 */
	char error[TB_ERR_MAX]; /* "" while there is none */
};

/*
 * signalline_write: append the line as a JSON object.
 *
 * inout: w  ready for a value; w->numbers says how amounts are written
 */
void signalline_write(struct json_writer *w, const struct signalline *line);

/*
 * signalline_read: the line in an object that was read.  Unknown keys are
 * ignored.  Needed: bot_id, product_id, recommended_action, last_evaluation,
 * ready_to_trade; and, unless the action is HOLD, name, evaluation_id,
 * candle_at and trade_size_usd (> 0).  Signals beyond the bounds above are left
 * out: no decision hangs on them.  A line that is ready has no reason in
 * not_ready; name, product and candle are those of the evaluation_id.
 *
 * out:	   *out	  undefined on failure
 * errors: TB_EINVAL, TB_ERANGE the message names the key and what was expected
 */
enum tb_status signalline_read(const struct json *j,
    const struct json_token *object, struct signalline *out,
    struct tb_err *err);

#endif /* TB_WIRE_SIGNALLINE_H */
