#ifndef TB_VENUE_PROTOCOL_H
#define TB_VENUE_PROTOCOL_H

/*
 * protocol: how a venue is spoken with over a pipe: JSON lines.
 *
 * One request object a line with an id and a verb, one answer object a line
 * with that id; nothing else on either side.  tb-venue(7) is the manual,
 * share/schema/venue-request.json and venue-answer.json the grammar; here are
 * the shapes, for the caller's side and for a venue program's.
 *
 *	{"id":7,"verb":"price","product_id":"BTC-USD"}
 *	{"id":7,"ok":true,"price":"65000.01"}
 *	{"id":7,"ok":false,"error":"net","message":"...","retry_after_ms":0}
 *
 * Amounts are texts with exact digits, times RFC 3339.  Members not known are
 * ignored; a member missing, of another kind, too long or out of its range
 * makes the line invalid.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/err.h"
#include "base/market.h"
#include "io/json.h"
#include "venue/venue.h"

/* Bytes of a line, its newline excepted.  A request is one write(2), which a
 * pipe takes whole or not at all; VENUE_PAGE_MAX rows fit into an answer. */
#define PROTOCOL_REQUEST_MAX 4095
#define PROTOCOL_ANSWER_MAX 1048576
#define PROTOCOL_TOKENS_MAX 20480     /* of an answer */
#define PROTOCOL_REQUEST_TOKENS 256   /* of a request */
#define PROTOCOL_RETRY_MS_MAX 3600000 /* retry_after_ms: an hour */

enum venue_verb {
	VERB_HELLO,
	VERB_PRODUCTS,
	VERB_CANDLES,
	VERB_PRICE,
	VERB_BALANCES,
	VERB_PLACE,
	VERB_CANCEL,
	VERB_ORDER,
	VERB_ORDERS_SINCE,
	VERB_FILLS_SINCE,
	VERB_PREVIEW,
};

#define VENUE_VERBS 11

/* "hello", "products", ... */
const char *venue_verb_name(enum venue_verb verb);

/* One line to the program.  Which members count is the verb's matter. */
struct protocol_request {
	int64_t id; /* above 0; rises by one a request */
	enum venue_verb verb;
	char product_id[PRODUCT_ID_MAX]; /* candles, price */
	int64_t granularity_s;		 /* candles */
	int64_t from_s, to_s;		 /* candles: starts in [from_s, to_s) */
	char order_id[ORDER_ID_MAX];	 /* cancel, order; fills_since: or "" */
	int64_t since_us;		 /* orders_since, fills_since */
	char cursor[VENUE_CURSOR_MAX];	 /* of a list; "" begins */
	struct venue_request order;	 /* place, preview */
};

/* protocol_request_write: append the object, without a newline. */
void protocol_request_write(struct buffer *out,
    const struct protocol_request *r);

/*
 * protocol_request_read: what a venue program was asked.
 *
 * inout:  line	 decoded in place
 * out:	   *out	 id is set where it could be read, else 0: an answer needs it;
 *		 order.type points to a constant text
 * errors: TB_EINVAL no such verb, or a member that breaks its rules
 */
enum tb_status protocol_request_read(char *line, size_t len,
    struct protocol_request *out, struct tb_err *err);

/* One line back.  Which members count is the verb's matter. */
struct protocol_answer {
	int64_t id;
	enum venue_verb verb;	  /* of the request */
	enum tb_status status;	  /* TB_OK, or one of those in venue.h */
	char message[TB_ERR_MAX]; /* where status is not TB_OK */
	int64_t retry_after_ms;	  /* with TB_EBUSY; 0: not told */

	struct venue_hello hello;
	struct decimal price;
	struct venue_answer place; /* place is always TB_OK: see outcome */
	struct venue_order order;
	struct venue_preview preview;

	/* Of a list, the rows lie in an array of the caller's. */
	union {
		struct product *products;
		struct candle *candles;
		struct venue_balance *balances;
		struct venue_order *orders;
		struct fill *fills;
	} rows;
	size_t max;   /* room in it */
	size_t count; /* rows that are there */
	char cursor[VENUE_CURSOR_MAX];
};

/* protocol_answer_write: append the object, without a newline. */
void protocol_answer_write(struct buffer *out, const struct protocol_answer *a);

/*
 * protocol_answer_read: what a venue program answered.
 *
 * inout:  line	   decoded in place
 * in:	   tokens  PROTOCOL_TOKENS_MAX of them
 * inout:  *a	   id, verb, rows and max are the caller's; the rest is filled
 * errors: TB_EINVAL another id, or a member that breaks its rules, or more
 *	   rows than max: the words say which.  An answer that says "not ok" in
 *	   good form is TB_OK here, and a->status tells
 */
enum tb_status protocol_answer_read(char *line, size_t len,
    struct json_token *tokens, struct protocol_answer *a, struct tb_err *err);

#endif /* TB_VENUE_PROTOCOL_H */
