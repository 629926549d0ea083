#ifndef TB_EXCHANGE_SHOW_H
#define TB_EXCHANGE_SHOW_H

/*
 * show: what the stand-in has, as the objects of its answers.
 */

#include "exchange/request.h"

void show_product(struct exchange *x, struct listing *l, bool with_tradability,
    struct json_writer *w);
void show_account(const struct exchange *x, const struct account *a,
    struct json_writer *w);

/* show_order: is_true: without the settings that falsify it. */
void show_order(const struct exchange *x, const struct order *o, bool is_true,
    struct json_writer *w);

/* A row of the list of fills. */
struct fill_row {
	const struct order *order;
	const struct execution *execution;
	const char *type; /* "FILL", "REVERSAL", "CORRECTION" */
};

void show_fill(const struct exchange *x, const struct fill_row *row,
    struct json_writer *w);

/* show_book: {product_id, bids, asks, time}, at most limit levels a side. */
void show_book(struct exchange *x, struct listing *l, size_t limit,
    struct json_writer *w);

/* Is the order, or its fill, told of by now? */
bool show_has_order(const struct exchange *x, const struct order *o);
bool show_has_fill(const struct exchange *x, const struct order *o,
    const struct execution *e);

#endif /* TB_EXCHANGE_SHOW_H */
