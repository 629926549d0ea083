#ifndef TB_WIRE_TRADE_H
#define TB_WIRE_TRADE_H

/*
 * trade: one transaction of the portfolio, as a value and as JSON.
 *
 * A trade names no bot that any code could decide by: triggered_by is for
 * people.  The shape is the redesign's, key for key:
 *
 *	{"id":123,"product_id":"BTC-USD","side":"BUY","size_usd":50.00,
 *	 "size_crypto":0.00125,"price":40000.00,"order_id":"...",
 *	 "status":"filled","commission":0.30,"created_at":"...",
 *	 "filled_at":"...","triggered_by":"bot:1","signal_context":{...}}
 *
 * schema: share/schema/trade.json
 */

#include <stdint.h>

#include "base/err.h"
#include "base/market.h"
#include "io/json.h"

enum trade_status { TRADE_PENDING, TRADE_FILLED, TRADE_CANCELLED };

/* "pending", "filled", "cancelled". */
const char *trade_status_name(enum trade_status status);

/* errors: TB_EINVAL */
enum tb_status trade_status_parse(const char *s, size_t len,
    enum trade_status *out);

struct trade {
	int64_t id;
	char product_id[PRODUCT_ID_MAX];
	enum side side;
	struct decimal size_usd;    /* value without fee; asked while pending */
	struct decimal size_crypto; /* coins; asked while pending */
	struct decimal price;	    /* value / size; reference while pending */
	char order_id[ORDER_ID_MAX];
	enum trade_status status;
	struct decimal commission; /* quote */
	int64_t created_at_us;
	int64_t filled_at_us; /* 0 while nothing was executed */
	char triggered_by[TRIGGER_MAX];
	char *signal_context; /* compact JSON, owned; NULL: none */
};

/* trade_release: free what the trade owns; it may be used again. */
void trade_release(struct trade *t);

/* trade_write: the object above; amounts in quote have two decimals or more,
 * what is not there is null. */
void trade_write(struct json_writer *w, const struct trade *t);

#endif /* TB_WIRE_TRADE_H */
