#ifndef TB_EXCHANGE_ROUTE_H
#define TB_EXCHANGE_ROUTE_H

/* route: the endpoints, and who may ask for them. */

#include "exchange/request.h"

#define API "/api/v3/brokerage"

enum access { ACCESS_OPEN, ACCESS_VIEW, ACCESS_TRADE, ACCESS_CONTROL };

struct route {
	const char *method, *pattern; /* one * is one segment */
	enum access access;
	void (*serve)(struct exchange *x, struct request *r);
};

/* route_find: NULL: there is no such path.  Sets r->segment. */
const struct route *route_find(struct request *r);

/* route-market */
void serve_time(struct exchange *x, struct request *r);
void serve_products(struct exchange *x, struct request *r);
void serve_product(struct exchange *x, struct request *r);
void serve_best_bid_ask(struct exchange *x, struct request *r);
void serve_product_book(struct exchange *x, struct request *r);
void serve_ticker(struct exchange *x, struct request *r);
void serve_candles(struct exchange *x, struct request *r);

/* route-account */
void serve_accounts(struct exchange *x, struct request *r);
void serve_account(struct exchange *x, struct request *r);
void serve_transaction_summary(struct exchange *x, struct request *r);
void serve_portfolios(struct exchange *x, struct request *r);
void serve_portfolio(struct exchange *x, struct request *r);
void serve_key_permissions(struct exchange *x, struct request *r);

/* route-v2 */
void serve_v2_time(struct exchange *x, struct request *r);
void serve_v2_currencies(struct exchange *x, struct request *r);
void serve_v2_crypto(struct exchange *x, struct request *r);
void serve_v2_rates(struct exchange *x, struct request *r);
void serve_v2_accounts(struct exchange *x, struct request *r);
void serve_v2_account(struct exchange *x, struct request *r);
void serve_v2_transactions(struct exchange *x, struct request *r);

/* route-order */
void serve_order(struct exchange *x, struct request *r);
void serve_orders(struct exchange *x, struct request *r);
void serve_fills(struct exchange *x, struct request *r);

/* control */
void serve_state(struct exchange *x, struct request *r);
void serve_control(struct exchange *x, struct request *r);

#endif /* TB_EXCHANGE_ROUTE_H */
