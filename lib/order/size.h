#ifndef TB_ORDER_SIZE_H
#define TB_ORDER_SIZE_H

/*
 * size: how much an order is for.  Pure arithmetic.
 *
 * Sizes are rounded down to the venue's increments, never up.  A BUY of an
 * amount is sent as an amount, fee included; everything else is sent in
 * coins.  A signal's SELL takes the whole position where that is smaller than
 * what it asks for; nobody sells more than is held.
 *
 * An order that closes a whole position is bound by the venue's minimum only:
 * our own, and max_order, do not look at it.
 */

#include <stdbool.h>

#include "base/decimal.h"
#include "base/err.h"
#include "base/market.h"
#include "order/decision.h"
#include "order/verdict.h"
#include "store/intents.h"

#define SIZE_MINIMUM_USD 10 /* of what is asked, unless it closes a position */

/* What an order's size depends on. */
struct size_facts {
	const struct product *product;
	struct decimal price;	 /* the limit price, else the reference price */
	struct decimal held;	 /* coins: the position */
	struct decimal free;	 /* coins: of which the venue lets us sell */
	struct decimal fee_rate; /* of the value: 0.006 */
	struct decimal slippage_rate; /* of the price, for market orders */
};

struct sizing {
	bool by_quote;		   /* sent as quote_size, else base_size */
	struct decimal quote_size; /* quote, fee included */
	struct decimal base_size;  /* coins */
	struct decimal asked;	   /* quote value of what was asked */
	struct decimal value;	   /* quote value of what is sent */
	bool closes;		   /* sells all that is held */
	char reserve_currency[CURRENCY_MAX];
	struct decimal reserve; /* what it may take of that currency */
};

/*
 * size_order: what to send for a decision.
 *
 * out:	    *no	 position or balance when there is nothing to sell
 * errors:  TB_ERANGE a figure does not fit
 */
enum tb_status size_order(const struct decision *d, const struct size_facts *f,
    struct sizing *out, struct verdict *no, struct tb_err *err);

/*
 * size_again: the sizes of a request that is on record, at today's price.
 *
 * out: *no  position or balance when there is no longer so much to sell
 */
enum tb_status size_again(const struct intent *intent,
    const struct size_facts *f, struct sizing *out, struct verdict *no,
    struct tb_err *err);

/*
 * size_check: is it above the minimums and below the venue's maximums?
 *
 * out: *no  minimum, or max_order for a maximum of the venue's
 */
void size_check(const struct size_facts *f, const struct sizing *s,
    struct verdict *no);

/* What an order would come to, were it filled at once. */
struct estimate {
	struct decimal price;	    /* with slippage */
	struct decimal size_crypto; /* coins */
	struct decimal size_usd;    /* value without fee */
	struct decimal fee;	    /* quote */
};

/* size_estimate: as paper fills it. errors: TB_ERANGE */
enum tb_status size_estimate(const struct decision *d,
    const struct size_facts *f, const struct sizing *s, struct estimate *out,
    struct tb_err *err);

#endif /* TB_ORDER_SIZE_H */
