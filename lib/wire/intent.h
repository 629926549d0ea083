#ifndef TB_WIRE_INTENT_H
#define TB_WIRE_INTENT_H

/*
 * intent: what somebody asks tb-trade for, as one JSON object.
 *
 *	{"product_id":"BTC-USD","side":"BUY","size_usd":50.00}
 *
 * product_id	 required
 * side		 required: BUY or SELL, in any case
 * size_usd	 quote currency, or
 * size_crypto	 coins: exactly one of the two, greater than 0
 * id		 names the decision: the same id is one order, ever.  A text
 *		 or a whole number.  Without it each line is a new decision
 * ts		 RFC 3339: when the decision was made
 * type		 market (the default), limit, limit_ioc, post_only
 * limit_price	 quote per coin: with every type but market, and only there
 * triggered_by	 a word for people
 *
 * Unknown keys are ignored.  null stands for "not there", but not for id and
 * ts: whoever writes those keys means them.
 *
 * schema: share/schema/intent.json
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/market.h"
#include "io/json.h"

#define INTENT_ID_MAX 129 /* bytes of id, its NUL included */

/* Which shape an object of the input has. */
enum line_kind {
	LINE_INTENT, /* none of the keys below: intent_line_read() */
	LINE_SIGNAL, /* has evaluation_id, combined_score or
			recommended_action: wire/signalline.h */
};

/* line_kind: decided by the keys of the object; cannot fail. */
enum line_kind line_kind(const struct json *j, const struct json_token *object);

enum order_type {
	ORDER_MARKET,
	ORDER_LIMIT,	 /* stays until filled or cancelled */
	ORDER_LIMIT_IOC, /* what can't be filled at once is cancelled */
	ORDER_POST_ONLY, /* never takes */
};

/* "market", "limit", "limit_ioc", "post_only". */
const char *order_type_name(enum order_type type);

/* errors: TB_EINVAL */
enum tb_status order_type_parse(const char *s, size_t len,
    enum order_type *out);

struct intent_line {
	char id[INTENT_ID_MAX]; /* "": none */
	bool has_ts;
	int64_t ts_us;
	char product_id[PRODUCT_ID_MAX];
	enum side side;
	bool has_size_usd;	    /* else size_crypto holds the size */
	struct decimal size_usd;    /* quote, > 0 */
	struct decimal size_crypto; /* coins, > 0 */
	enum order_type type;
	struct decimal limit_price;	/* > 0 unless type is ORDER_MARKET */
	char triggered_by[TRIGGER_MAX]; /* "": not told */
};

/*
 * intent_line_read: the object as an intent.
 *
 * out:	   *out	  untouched on failure
 * errors: TB_EINVAL a key is missing, has another type, or makes no sense;
 *	   TB_ERANGE an amount that can't be held exactly; the message begins
 *	   with the key
 */
enum tb_status intent_line_read(const struct json *j,
    const struct json_token *object, struct intent_line *out,
    struct tb_err *err);

/* intent_line_stranger: the first key that no intent has, NULL for none. */
const struct json_token *intent_line_stranger(const struct json *j,
    const struct json_token *object);

/* intent_line_write: the object that reads back as the same intent. */
void intent_line_write(struct json_writer *w, const struct intent_line *intent);

#endif /* TB_WIRE_INTENT_H */
