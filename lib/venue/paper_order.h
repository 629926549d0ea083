#ifndef TB_VENUE_PAPER_ORDER_H
#define TB_VENUE_PAPER_ORDER_H

/*
 * paper_order: an order as paper keeps it, and its arithmetic.  For the files
 * of paper only.  No shelf here: values in, values out.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/decimal.h"
#include "base/err.h"
#include "base/market.h"
#include "venue/venue.h"

#define PAPER_FILLS_MAX 8 /* of one order */

struct paper_order {
	struct venue_order told; /* as order() answers */
	bool has_quote_size;
	struct decimal quote_size;	/* quote, as accepted */
	struct decimal base_size;	/* coins, as accepted */
	struct decimal limit_price;	/* 0: none */
	struct decimal reference_price; /* that place carried */
	struct decimal fee_rate;	/* when it was placed */
	struct decimal slippage_rate;
	struct decimal base_increment; /* coins; of the product, then */
	struct decimal hold;	       /* quote of a BUY, coins of a SELL */
	struct decimal part; /* of what is left, that the next fill takes */
	int64_t asked_left; /* order() must be asked so often before it fills */
	int64_t hidden_left; /* orders_since does not tell it so often */
	size_t fill_count;
	struct fill fills[PAPER_FILLS_MAX];
};

/* paper_order_id: a function of the client_order_id alone. */
void paper_order_id(const char *client_order_id, char out[static ORDER_ID_MAX]);

/* What holds the hold: the quote of a BUY, the coin of a SELL. */
void paper_order_pays_with(const struct paper_order *o,
    char out[static CURRENCY_MAX]);

/* It has a limit and stays open until that is met. */
bool paper_order_rests(const struct paper_order *o);

/*
 * paper_order_price: the price that it would fill at now.
 *
 * in:	   market   the present price
 * out:	   *out	    slipped against us, never worse than the limit
 * returns: TB_OK; TB_END the limit is not met
 * errors:  TB_ERANGE
 */
enum tb_status paper_order_price(const struct paper_order *o,
    struct decimal market, struct decimal *out);

/*
 * paper_order_need: what must be held for what is left of it.
 *
 * errors: TB_ERANGE
 */
enum tb_status paper_order_need(const struct paper_order *o,
    struct decimal price, struct decimal *out);

/*
 * paper_order_fill: fill its part of what is left, at price.
 *
 * inout:  *o	  gets a fill more and its new sums and status; its hold is
 *		  the caller's to change
 * in:	   seq	  the venue's count of fills
 * errors: TB_ERANGE a figure cannot be held; TB_END the size rounds to zero
 */
enum tb_status paper_order_fill(struct paper_order *o, struct decimal price,
    int64_t at_us, int64_t seq);

/* paper_order_write, paper_order_read: as a JSON object of strings. */
void paper_order_write(const struct paper_order *o, struct buffer *out);

/* errors: TB_EDISAGREE damaged */
enum tb_status paper_order_read(struct paper_order *o, const char *order_id,
    char *text, size_t len, struct tb_err *err);

#endif /* TB_VENUE_PAPER_ORDER_H */
