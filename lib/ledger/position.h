#ifndef TB_LEDGER_POSITION_H
#define TB_LEDGER_POSITION_H

/*
 * position: what the fills of one product add up to, and what that is worth.
 *
 * Pure.  The sums run: lots_fill() keeps them, one fill at a time, so a
 * position is all that must be remembered of a history.  Amounts are exact,
 * in the product's quote currency where they are not coins.
 *
 * For every method, always, to the last digit:
 *
 *	realized + unrealized + uncovered_proceeds
 *	    = proceeds - costs + current value
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/market.h"

struct position {
	char product_id[PRODUCT_ID_MAX];
	struct decimal crypto_balance; /* coins: what the open lots hold */
	struct decimal usd_invested;   /* cost of what is held */
	struct decimal realized;       /* gains of all disposals */
	struct decimal proceeds;       /* of all sales, net of fees */
	struct decimal costs;	       /* of all purchases, fees included */
	struct decimal fees;	       /* paid, on both sides */
	struct decimal uncovered_size; /* coins sold that were never bought */
	struct decimal uncovered_proceeds; /* what they brought */
	int64_t updated_at_us;		   /* of the newest fill; 0: none */
	bool priced;			   /* price is known */
	struct decimal price;		   /* quote per coin, where priced */
	int64_t price_at_us;		   /* when it was the price */
};

/* position_init: nothing held, nothing happened, no price. */
void position_init(struct position *p, const char *product_id);

bool position_is_flat(const struct position *p);

/* position_has_value: it is priced, or flat and worth 0. */
bool position_has_value(const struct position *p);

/* position_mark: what a coin is worth, and since when. */
void position_mark(struct position *p, struct decimal price, int64_t at_us);

/*
 * position_value: crypto_balance x price, half-even; 0 where nothing is held.
 *
 * errors: TB_ENOENT something is held and has no price; TB_ERANGE
 */
enum tb_status position_value(const struct position *p, struct decimal *out,
    struct tb_err *err);

/* position_unrealized: value - usd_invested; errors as position_value(). */
enum tb_status position_unrealized(const struct position *p,
    struct decimal *out, struct tb_err *err);

/*
 * position_average_cost: usd_invested / crypto_balance, half-even.
 *
 * errors: TB_ENOENT nothing is held; TB_ERANGE
 */
enum tb_status position_average_cost(const struct position *p,
    struct decimal *out, struct tb_err *err);

/*
 * position_residue: left side less right side of the identity above; anything
 * but 0 is a fault.  Needs no price: the current value stands on both sides.
 *
 * errors: TB_ERANGE
 */
enum tb_status position_residue(const struct position *p, struct decimal *out,
    struct tb_err *err);

/* Positions of one quote currency, added up. */
struct total {
	char currency[CURRENCY_MAX]; /* "USD" stands for USD, USDC and USDT */
	bool priced;		     /* every held product had a price */
	struct decimal usd_invested;
	struct decimal current_value; /* where priced, as is the next */
	struct decimal unrealized;
	struct decimal realized;
	struct decimal proceeds;
	struct decimal costs;
	struct decimal fees;
	struct decimal uncovered_proceeds;
	struct decimal residue;
};

/* total_currency: where a quote is added up: dollars count 1:1. */
const char *total_currency(const char *quote);

/* total_init: in: quote  any quote currency of the group */
void total_init(struct total *t, const char *quote);

/* total_add: errors: TB_ERANGE a sum does not fit */
enum tb_status total_add(struct total *t, const struct position *p,
    struct tb_err *err);

#endif /* TB_LEDGER_POSITION_H */
