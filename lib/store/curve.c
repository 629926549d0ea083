#include "store/curve.h"

#include <stdlib.h>

#include "base/instant.h"
#include "store/books.h"
#include "store/candles.h"
#include "store/flows.h"
#include "store/holdings.h"
#include "store/movements.h"
#include "store/sql.h"

#define PAGE 64

void
curve_release(struct curve *c)
{
	free(c->point);
	*c = (struct curve){ 0 };
}

/* The start of the step that us falls in. */
static int64_t
step_begin(int64_t us, int64_t step_us)
{
	int64_t into = us % step_us;

	return us - (into < 0 ? into + step_us : into);
}

/* Where an instant falls; what comes before the first point is its. */
static struct curve_point *
point_of(struct curve *c, int64_t us)
{
	int64_t n = (us - c->point[0].from_us) / c->step_us;

	if (us < c->point[0].from_us)
		n = 0;
	return &c->point[(size_t)n < c->count ? (size_t)n : c->count - 1];
}

/* ---------------------------------------------------------------- points -- */

/* TB_END: nothing ever happened. */
static enum tb_status
first_instant(struct db *db, int64_t *out_us, struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, db,
	    "SELECT min(at) FROM (SELECT min(at) AS at FROM fills UNION ALL"
	    " SELECT min(at) FROM cash_flows)",
	    err);
	if (status == TB_OK)
		status = sql_step(&q, err);
	if (status == TB_OK && sql_is_null(&q, 0))
		status = TB_END;
	if (status == TB_OK)
		status = sql_instant(&q, 0, out_us, err);
	sql_close(&q);
	return status;
}

static enum tb_status
make_points(struct curve *c, int64_t first_us, int64_t instant_us,
    struct tb_err *err)
{
	int64_t from_us = step_begin(first_us, c->step_us);
	/* midnight ends a day */
	int64_t last_us = step_begin(instant_us - 1, c->step_us);
	int64_t count = (last_us - from_us) / c->step_us + 1;

	if (instant_us < first_us)
		return TB_END;
	if (count < 1)
		count = 1;
	if (count > CURVE_POINTS_MAX)
		return tb_fail(err, TB_ERANGE,
		    "history: expected at most %d points, found %lld",
		    CURVE_POINTS_MAX, (long long)count);
	c->point = calloc((size_t)count, sizeof(*c->point));
	if (c->point == NULL)
		return tb_nomem(err);
	c->count = (size_t)count;
	for (size_t i = 0; i < c->count; i++) {
		c->point[i].from_us = from_us + (int64_t)i * c->step_us;
		c->point[i].at_us = c->point[i].from_us + c->step_us;
		c->point[i].priced = true;
	}
	c->point[c->count - 1].at_us = instant_us;
	return TB_OK;
}

/* -------------------------------------------------------------- holdings -- */

/* On the way through the fills of a product. */
struct walk {
	struct db *db;
	struct curve *curve;
	size_t at; /* the point that comes to its end next */
	struct lots lots;
	struct position position;
};

static enum tb_status
end_point(struct walk *w, struct tb_err *err)
{
	struct curve_point *point = &w->curve->point[w->at++];
	struct position *p = &w->position;
	struct decimal price, value;
	int64_t price_us;
	enum tb_status status;

	if (position_is_flat(p))
		return TB_OK;
	status = candles_price(w->db, p->product_id, point->at_us, &price,
	    &price_us, err);
	if (status == TB_ENOENT) {
		tb_err_clear(err);
		point->priced = false;
		return TB_OK;
	}
	if (status != TB_OK)
		return status;
	position_mark(p, price, price_us);
	status = position_value(p, &value, err);
	if (status != TB_OK)
		return status;
	status = decimal_add(point->holdings, value, &point->holdings);
	if (status != TB_OK)
		return tb_fail(err, status, "history: a sum does not fit");
	return TB_OK;
}

static enum tb_status
walk_entry(const char *product_id, const struct ledger_entry *e, void *arg,
    struct tb_err *err)
{
	struct walk *w = arg;
	enum tb_status status = TB_OK;

	(void)product_id;
	while (status == TB_OK && w->at + 1 < w->curve->count &&
	    w->curve->point[w->at].at_us <= e->at_us)
		status = end_point(w, err);
	if (status != TB_OK)
		return status;
	return lots_fill(&w->lots, &w->position, e, NULL, err);
}

/* Only the balance is asked for: the average method keeps one lot. */
static enum tb_status
add_holdings(struct db *db, struct curve *c, const char *product_id,
    struct tb_err *err)
{
	struct walk w = { .db = db, .curve = c };
	enum tb_status status;

	lots_init(&w.lots, LOT_AVERAGE, false);
	position_init(&w.position, product_id);
	status = books_each_entry(db, product_id, c->point[c->count - 1].at_us,
	    walk_entry, &w, err);
	while (status == TB_OK && w.at < c->count)
		status = end_point(&w, err);
	lots_release(&w.lots);
	return status;
}

static enum tb_status
add_all_holdings(struct db *db, struct curve *c, struct tb_err *err)
{
	char product[PRODUCT_ID_MAX] = "", quote[CURRENCY_MAX];
	enum tb_status status;

	while ((status = books_next_product(db, product, err)) == TB_OK) {
		product_quote(product, quote);
		if (!currency_is_dollar(quote))
			continue;
		status = add_holdings(db, c, product, err);
		if (status != TB_OK)
			return status;
	}
	return status == TB_END ? TB_OK : status;
}

/* ------------------------------------------------------------------ cash -- */

/* Gathered in cash for now: what moved during it. */
static enum tb_status
add_movement(int64_t at_us, struct decimal amount, void *arg,
    struct tb_err *err)
{
	struct curve_point *point = point_of(arg, at_us);
	enum tb_status status = decimal_add(point->cash, amount, &point->cash);

	if (status != TB_OK)
		return tb_fail(err, status, "history: a sum does not fit");
	return TB_OK;
}

static enum tb_status
add_flow(struct curve *c, const struct cash_flow *flow, struct tb_err *err)
{
	struct curve_point *point = point_of(c, flow->at_us);
	enum tb_status status;

	if (!currency_is_dollar(flow->currency) ||
	    flow->at_us > c->point[c->count - 1].at_us)
		return TB_OK;
	status = decimal_add(point->flow, flow->amount, &point->flow);
	if (status == TB_OK)
		status = add_movement(flow->at_us, flow->amount, c, err);
	return status;
}

static enum tb_status
add_flows(struct db *db, struct curve *c, struct tb_err *err)
{
	struct cash_flow page[PAGE], *last = NULL, after;
	enum tb_status status;
	size_t count;

	do {
		status = flows_page(db, last, page, PAGE, &count, err);
		for (size_t i = 0; i < count && status == TB_OK; i++)
			status = add_flow(c, &page[i], err);
		if (count > 0) {
			after = page[count - 1];
			last = &after;
		}
	} while (status == TB_OK && count == PAGE);
	return status;
}

/* From what moved in each step to what was there at its end. */
static enum tb_status
sum_cash(struct curve *c, struct decimal at_end, struct tb_err *err)
{
	struct decimal moved;
	enum tb_status status = TB_OK;

	for (size_t i = c->count; i-- > 0 && status == TB_OK;) {
		moved = c->point[i].cash;
		c->point[i].cash = at_end;
		status = decimal_sub(at_end, moved, &at_end);
	}
	if (status != TB_OK)
		return tb_fail(err, status, "history: a sum does not fit");
	return TB_OK;
}

static enum tb_status
add_cash(struct db *db, struct curve *c, struct tb_err *err)
{
	struct movements which = { .until_us = c->point[c->count - 1].at_us };
	struct decimal at_end, told;
	int64_t told_us;
	enum tb_status status;

	status = movements_told(db, &told, &told_us, err);
	which.orders_only = status == TB_OK;
	status = holdings_cash(db, which.until_us, &at_end, err);
	if (status == TB_OK)
		status = movements_each(db, &which, add_movement, c, err);
	if (status == TB_OK)
		status = add_flows(db, c, err);
	return status == TB_OK ? sum_cash(c, at_end, err) : status;
}

/* ---------------------------------------------------------------- totals -- */

static enum tb_status
add_up(struct curve *c, struct tb_err *err)
{
	struct decimal peak = DECIMAL_ZERO;
	enum tb_status status = TB_OK;

	for (size_t i = 0; i < c->count && status == TB_OK; i++) {
		struct curve_point *point = &c->point[i];

		status =
		    decimal_add(point->cash, point->holdings, &point->value);
		if (status == TB_OK)
			status = decimal_add(peak, point->flow, &peak);
		if (point->priced)
			peak = decimal_max(peak, point->value);
		point->peak = peak;
	}
	if (status != TB_OK)
		return tb_fail(err, status, "history: a sum does not fit");
	return TB_OK;
}

enum tb_status
curve_load(struct db *db, int64_t instant_us, int step_s, struct curve *out,
    struct tb_err *err)
{
	int64_t first_us;
	enum tb_status status;

	*out = (struct curve){ .step_us = step_s * INSTANT_US_PER_S };
	status = first_instant(db, &first_us, err);
	if (status == TB_OK)
		status = make_points(out, first_us, instant_us, err);
	if (status == TB_END) /* an empty curve */
		return TB_OK;
	if (status == TB_OK)
		status = add_cash(db, out, err);
	if (status == TB_OK)
		status = add_all_holdings(db, out, err);
	if (status == TB_OK)
		status = add_up(out, err);
	if (status != TB_OK)
		curve_release(out);
	return status;
}
