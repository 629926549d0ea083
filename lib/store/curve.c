#include "store/curve.h"

#include <stdlib.h>
#include <string.h>

#include "base/instant.h"
#include "store/books.h"
#include "store/candles.h"
#include "store/flows.h"
#include "store/holdings.h"
#include "store/movements.h"
#include "store/sql.h"

#define DAY_US (INSTANT_S_PER_DAY * INSTANT_US_PER_S)
#define PAGE 64

void
curve_release(struct curve *c)
{
	free(c->day);
	*c = (struct curve){ 0 };
}

static int64_t
midnight(int64_t us)
{
	int64_t s = instant_floor_s(us);
	int64_t of_day = s % INSTANT_S_PER_DAY;

	if (of_day < 0)
		of_day += INSTANT_S_PER_DAY;
	return (s - of_day) * INSTANT_US_PER_S;
}

/* Where an instant falls; days before the first are the first. */
static struct curve_day *
day_of(struct curve *c, int64_t us)
{
	int64_t n = (us - c->day[0].day_us) / DAY_US;

	if (us < c->day[0].day_us)
		n = 0;
	return &c->day[(size_t)n < c->count ? (size_t)n : c->count - 1];
}

/* ------------------------------------------------------------------ days -- */

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
make_days(struct curve *c, int64_t first_us, int64_t instant_us,
    struct tb_err *err)
{
	int64_t from_us = midnight(first_us);
	int64_t last_us = midnight(instant_us - 1); /* midnight ends a day */
	int64_t days = (last_us - from_us) / DAY_US + 1;

	if (instant_us < first_us)
		return TB_END;
	if (days < 1)
		days = 1;
	if (days > CURVE_DAYS_MAX)
		return tb_fail(err, TB_ERANGE,
		    "history: expected at most %d days, found %lld",
		    CURVE_DAYS_MAX, (long long)days);
	c->day = calloc((size_t)days, sizeof(*c->day));
	if (c->day == NULL)
		return tb_nomem(err);
	c->count = (size_t)days;
	for (size_t i = 0; i < c->count; i++) {
		c->day[i].day_us = from_us + (int64_t)i * DAY_US;
		c->day[i].at_us = c->day[i].day_us + DAY_US;
		c->day[i].priced = true;
	}
	c->day[c->count - 1].at_us = instant_us;
	return TB_OK;
}

/* -------------------------------------------------------------- holdings -- */

/* On the way through the fills of a product. */
struct walk {
	struct db *db;
	struct curve *curve;
	size_t at; /* the day that comes to its end next */
	struct lots lots;
	struct position position;
};

static enum tb_status
end_day(struct walk *w, struct tb_err *err)
{
	struct curve_day *day = &w->curve->day[w->at++];
	struct position *p = &w->position;
	struct decimal price, value;
	int64_t price_us;
	enum tb_status status;

	if (position_is_flat(p))
		return TB_OK;
	status = candles_price(w->db, p->product_id, day->at_us, &price,
	    &price_us, err);
	if (status == TB_ENOENT) {
		tb_err_clear(err);
		day->priced = false;
		return TB_OK;
	}
	if (status != TB_OK)
		return status;
	position_mark(p, price, price_us);
	status = position_value(p, &value, err);
	if (status != TB_OK)
		return status;
	status = decimal_add(day->holdings, value, &day->holdings);
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
	    w->curve->day[w->at].at_us <= e->at_us)
		status = end_day(w, err);
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
	status = books_each_entry(db, product_id, c->day[c->count - 1].at_us,
	    walk_entry, &w, err);
	while (status == TB_OK && w.at < c->count)
		status = end_day(&w, err);
	lots_release(&w.lots);
	return status;
}

static enum tb_status
add_all_holdings(struct db *db, struct curve *c, struct tb_err *err)
{
	char product[PRODUCT_ID_MAX] = "", next[1][PRODUCT_ID_MAX];
	char quote[CURRENCY_MAX];
	enum tb_status status;
	size_t count;

	for (;;) {
		status = books_products(db, product, next, 1, &count, err);
		if (status != TB_OK || count == 0)
			return status;
		memcpy(product, next[0], sizeof(product));
		product_quote(product, quote);
		if (!currency_is_dollar(quote))
			continue;
		status = add_holdings(db, c, product, err);
		if (status != TB_OK)
			return status;
	}
}

/* ------------------------------------------------------------------ cash -- */

/* Gathered in cash for now: what moved on that day. */
static enum tb_status
add_movement(int64_t at_us, struct decimal amount, void *arg,
    struct tb_err *err)
{
	struct curve_day *day = day_of(arg, at_us);
	enum tb_status status = decimal_add(day->cash, amount, &day->cash);

	if (status != TB_OK)
		return tb_fail(err, status, "history: a sum does not fit");
	return TB_OK;
}

static enum tb_status
add_flow(struct curve *c, const struct cash_flow *flow, struct tb_err *err)
{
	struct curve_day *day = day_of(c, flow->at_us);
	enum tb_status status;

	if (!currency_is_dollar(flow->currency) ||
	    flow->at_us > c->day[c->count - 1].at_us)
		return TB_OK;
	status = decimal_add(day->flow, flow->amount, &day->flow);
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

/* From what moved on each day to what was there at its end. */
static enum tb_status
sum_cash(struct curve *c, struct decimal at_end, struct tb_err *err)
{
	struct decimal moved;
	enum tb_status status = TB_OK;

	for (size_t i = c->count; i-- > 0 && status == TB_OK;) {
		moved = c->day[i].cash;
		c->day[i].cash = at_end;
		status = decimal_sub(at_end, moved, &at_end);
	}
	if (status != TB_OK)
		return tb_fail(err, status, "history: a sum does not fit");
	return TB_OK;
}

static enum tb_status
add_cash(struct db *db, struct curve *c, struct tb_err *err)
{
	struct movements which = { .until_us = c->day[c->count - 1].at_us };
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
		struct curve_day *day = &c->day[i];

		status = decimal_add(day->cash, day->holdings, &day->value);
		if (status == TB_OK)
			status = decimal_add(peak, day->flow, &peak);
		if (day->priced)
			peak = decimal_max(peak, day->value);
		day->peak = peak;
	}
	if (status != TB_OK)
		return tb_fail(err, status, "history: a sum does not fit");
	return TB_OK;
}

enum tb_status
curve_load(struct db *db, int64_t instant_us, struct curve *out,
    struct tb_err *err)
{
	int64_t first_us;
	enum tb_status status;

	*out = (struct curve){ 0 };
	status = first_instant(db, &first_us, err);
	if (status == TB_OK)
		status = make_days(out, first_us, instant_us, err);
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
