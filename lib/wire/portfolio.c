#include "wire/portfolio.h"

#include "base/instant.h"

#define MONEY_PLACES 2 /* at least, of an amount in quote currency */

static void
put_money(struct json_writer *w, const char *key, struct decimal d)
{
	json_key(w, key);
	json_amount_min(w, d, MONEY_PLACES);
}

static void
put_coins(struct json_writer *w, const char *key, struct decimal d)
{
	json_key(w, key);
	json_amount(w, d);
}

static void
put_known(struct json_writer *w, const char *key, bool known, struct decimal d)
{
	json_key(w, key);
	if (known)
		json_amount_min(w, d, MONEY_PLACES);
	else
		json_null(w);
}

static void
put_instant(struct json_writer *w, const char *key, int64_t us)
{
	char text[INSTANT_STRLEN];

	instant_format(us, text);
	json_key(w, key);
	json_string(w, text);
}

static void
put_id(struct json_writer *w, const char *key, int64_t id)
{
	json_key(w, key);
	if (id == 0)
		json_null(w);
	else
		json_int(w, id);
}

/* What follows from the price; null without one. */
static enum tb_status
put_valuation(struct json_writer *w, const struct position *p,
    struct tb_err *err)
{
	struct decimal value = DECIMAL_ZERO, unrealized = DECIMAL_ZERO;
	struct decimal percent = DECIMAL_ZERO;
	bool known = position_has_value(p);
	bool has_percent = known && decimal_sign(p->usd_invested) != 0;
	enum tb_status status = TB_OK;

	if (known)
		status = position_value(p, &value, err);
	if (status == TB_OK && known)
		status = position_unrealized(p, &unrealized, err);
	if (status != TB_OK)
		return status;
	if (has_percent)
		status = decimal_mul_div(unrealized, DECIMAL_OF(100),
		    p->usd_invested, DECIMAL_HALF_EVEN, &percent);
	if (status == TB_OK)
		status = decimal_round(percent, PCT_PLACES, DECIMAL_HALF_EVEN,
		    &percent);
	if (status != TB_OK)
		return tb_fail(err, status, "%s: pnl_pct does not fit",
		    p->product_id);
	put_known(w, "current_value", known, value);
	put_known(w, "unrealized_pnl", known, unrealized);
	json_key(w, "pnl_pct");
	if (has_percent)
		json_amount_min(w, percent, 1);
	else
		json_null(w);
	return TB_OK;
}

static enum tb_status
put_average_cost(struct json_writer *w, const struct position *p,
    struct tb_err *err)
{
	struct decimal average = DECIMAL_ZERO;
	bool known = !position_is_flat(p);
	enum tb_status status = TB_OK;

	if (known)
		status = position_average_cost(p, &average, err);
	if (status == TB_OK)
		put_known(w, "average_cost_basis", known, average);
	return status;
}

enum tb_status
position_write(struct json_writer *w, const struct position *p,
    struct tb_err *err)
{
	enum tb_status status;

	json_open(w, '{');
	json_key(w, "product_id");
	json_string(w, p->product_id);
	put_coins(w, "crypto_balance", p->crypto_balance);
	put_money(w, "usd_invested", p->usd_invested);
	status = put_valuation(w, p, err);
	if (status == TB_OK)
		status = put_average_cost(w, p, err);
	if (status != TB_OK)
		return status;
	put_known(w, "current_price", p->priced, p->price);
	if (p->priced) {
		put_instant(w, "price_at", p->price_at_us);
	} else {
		json_key(w, "price_at");
		json_null(w);
	}
	put_money(w, "realized_pnl", p->realized);
	put_money(w, "fees_usd", p->fees);
	json_close(w, '}');
	return TB_OK;
}

static void
put_total(struct json_writer *w, const struct total *t)
{
	put_money(w, "realized", t->realized);
	put_known(w, "unrealized", t->priced, t->unrealized);
	put_money(w, "fees", t->fees);
	put_money(w, "proceeds", t->proceeds);
	put_money(w, "costs", t->costs);
	put_money(w, "uncovered_proceeds", t->uncovered_proceeds);
	put_known(w, "current_value", t->priced, t->current_value);
	put_money(w, "residue", t->residue);
	json_key(w, "currency");
	json_string(w, t->currency);
}

void
pnl_write_total(struct json_writer *w, const struct total *t)
{
	json_open(w, '{');
	json_key(w, "product_id");
	json_null(w);
	put_total(w, t);
	json_close(w, '}');
}

enum tb_status
pnl_write(struct json_writer *w, const struct position *p, struct tb_err *err)
{
	char quote[CURRENCY_MAX];
	struct total t;
	enum tb_status status;

	product_quote(p->product_id, quote);
	total_init(&t, quote);
	status = total_add(&t, p, err);
	if (status != TB_OK)
		return status;
	json_open(w, '{');
	json_key(w, "product_id");
	json_string(w, p->product_id);
	put_total(w, &t);
	json_close(w, '}');
	return TB_OK;
}

enum tb_status
overview_write(struct json_writer *w, const struct overview *o,
    struct tb_err *err)
{
	const struct total *t = o->dollars;
	struct decimal balance = DECIMAL_ZERO, pnl = DECIMAL_ZERO;
	enum tb_status status;

	status = decimal_add(o->cash_usd, t->current_value, &balance);
	if (status == TB_OK)
		status = decimal_add(t->realized, t->unrealized, &pnl);
	if (status != TB_OK)
		return tb_fail(err, status, "the total does not fit");
	json_open(w, '{');
	put_known(w, "total_usd_balance", t->priced && o->cash_known, balance);
	json_key(w, "positions");
	json_open(w, '[');
	for (size_t i = 0; i < o->position_count; i++) {
		status = position_write(w, &o->positions[i], err);
		if (status != TB_OK)
			return status;
	}
	json_close(w, ']');
	put_known(w, "total_pnl", t->priced, pnl);
	put_known(w, "cash_usd", o->cash_known, o->cash_usd);
	json_key(w, "method");
	json_string(w, lot_method_name(o->method));
	put_instant(w, "as_of", o->as_of_us);
	json_key(w, "other_totals");
	json_open(w, '[');
	for (size_t i = 0; i < o->other_count; i++) {
		json_open(w, '{');
		put_total(w, &o->others[i]);
		json_close(w, '}');
	}
	json_close(w, ']');
	json_close(w, '}');
	return TB_OK;
}

static void
put_part(struct json_writer *w, const struct disposal_part *part)
{
	json_open(w, '{');
	put_id(w, "trade_id", part->lot.trade_id);
	put_instant(w, "acquired_at", part->lot.acquired_at_us);
	put_coins(w, "size", part->size);
	put_money(w, "proceeds", part->proceeds);
	put_money(w, "cost", part->cost);
	put_money(w, "gain", part->gain);
	json_close(w, '}');
}

void
gain_write(struct json_writer *w, const char *product_id,
    const struct ledger_entry *e, const struct disposal *d)
{
	json_open(w, '{');
	put_id(w, "trade_id", e->trade_id);
	put_instant(w, "sold_at", e->at_us);
	json_key(w, "product_id");
	json_string(w, product_id);
	put_coins(w, "size", d->size);
	put_money(w, "proceeds", d->proceeds);
	put_money(w, "cost", d->cost);
	put_money(w, "gain", d->gain);
	put_coins(w, "uncovered_size", d->uncovered_size);
	json_key(w, "lots");
	json_open(w, '[');
	for (size_t i = 0; i < d->part_count; i++)
		put_part(w, &d->parts[i]);
	json_close(w, ']');
	put_money(w, "uncovered_proceeds", d->uncovered_proceeds);
	json_key(w, "kind");
	json_string(w, fill_nature_name(e->nature));
	json_close(w, '}');
}

void
gain_write_part(struct json_writer *w, const char *product_id,
    const struct ledger_entry *e, const struct disposal_part *part)
{
	json_open(w, '{');
	json_key(w, "product_id");
	json_string(w, product_id);
	put_id(w, "trade_id", e->trade_id);
	put_instant(w, "sold_at", e->at_us);
	put_id(w, "lot_trade_id", part->lot.trade_id);
	if (part->lot.lot_id != 0)
		put_instant(w, "acquired_at", part->lot.acquired_at_us);
	json_key(w, "kind");
	json_string(w, fill_nature_name(e->nature));
	put_coins(w, "size", part->size);
	put_money(w, "proceeds", part->proceeds);
	put_money(w, "cost", part->cost);
	put_money(w, "gain", part->gain);
	json_close(w, '}');
}

enum tb_status
lot_write(struct json_writer *w, const char *product_id, const struct lot *lot,
    struct tb_err *err)
{
	struct decimal unit;
	enum tb_status status;

	status = decimal_div(lot->cost_left, lot->size_left, DECIMAL_HALF_EVEN,
	    &unit);
	if (status != TB_OK)
		return tb_fail(err, status,
		    "%s: the cost of a coin does not "
		    "fit",
		    product_id);
	json_open(w, '{');
	put_id(w, "lot_id", lot->fill_id);
	put_id(w, "trade_id", lot->trade_id);
	put_instant(w, "acquired_at", lot->acquired_at_us);
	put_coins(w, "size", lot->size_left);
	put_money(w, "cost", lot->cost_left);
	json_key(w, "product_id");
	json_string(w, product_id);
	put_money(w, "unit_cost", unit);
	json_close(w, '}');
	return TB_OK;
}
