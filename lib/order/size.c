#include "order/size.h"

#include <string.h>

/* A figure that a person can read: "25.00", never an exponent. */
struct shown {
	char text[DECIMAL_STRLEN];
};

static struct shown
show(struct decimal d, int min_places)
{
	struct shown s;

	decimal_format_min(d, min_places, s.text);
	return s;
}

static enum tb_status
does_not_fit(const struct product *p, struct tb_err *err)
{
	return tb_fail(err, TB_ERANGE,
	    "the size of this order of %s does not fit", p->product_id);
}

/* Coins x price, and what the fee and a worse price may add to it. */
static enum tb_status
cost_of_coins(const struct decision *d, const struct size_facts *f,
    struct decimal coins, struct decimal *out)
{
	struct decimal worse = DECIMAL_OF(1), with_fee, cost;
	enum tb_status status;

	if (d->type == ORDER_MARKET &&
	    decimal_add(worse, f->slippage_rate, &worse) != TB_OK)
		return TB_ERANGE;
	status = decimal_add(DECIMAL_OF(1), f->fee_rate, &with_fee);
	if (status == TB_OK)
		status = decimal_mul(f->price, worse, DECIMAL_UP, &cost);
	if (status == TB_OK)
		status = decimal_mul(cost, coins, DECIMAL_UP, &cost);
	if (status == TB_OK)
		status = decimal_mul(cost, with_fee, DECIMAL_UP, out);
	return status;
}

static enum tb_status
size_buy(const struct decision *d, const struct size_facts *f,
    struct sizing *out)
{
	const struct product *p = f->product;
	enum tb_status status;

	product_quote(p->product_id, out->reserve_currency);
	out->by_quote = d->by_quote && d->type == ORDER_MARKET;
	if (out->by_quote) {
		status = decimal_quantize(d->size_usd, p->quote_increment,
		    DECIMAL_DOWN, &out->quote_size);
		out->asked = d->size_usd;
		out->value = out->reserve = out->quote_size;
		return status;
	}
	if (d->by_quote)
		status = decimal_div(d->size_usd, f->price, DECIMAL_DOWN,
		    &out->base_size);
	else {
		out->base_size = d->size_crypto;
		status = TB_OK;
	}
	if (status == TB_OK)
		status = decimal_quantize(out->base_size, p->base_increment,
		    DECIMAL_DOWN, &out->base_size);
	if (status == TB_OK)
		status = decimal_mul(out->base_size, f->price,
		    DECIMAL_HALF_EVEN, &out->value);
	if (status == TB_OK && d->by_quote)
		out->asked = d->size_usd;
	else if (status == TB_OK)
		status = decimal_mul(d->size_crypto, f->price,
		    DECIMAL_HALF_EVEN, &out->asked);
	if (status == TB_OK)
		status = cost_of_coins(d, f, out->base_size, &out->reserve);
	return status;
}

/* How many coins a SELL asks for, not rounded yet. */
static enum tb_status
coins_wanted(const struct decision *d, const struct size_facts *f,
    struct decimal *out)
{
	struct decimal most = decimal_min(f->held, f->free);
	enum tb_status status = TB_OK;

	if (d->all) {
		*out = most;
		return TB_OK;
	}
	if (!d->by_quote)
		*out = d->size_crypto;
	else
		status = decimal_div(d->size_usd, f->price, DECIMAL_DOWN, out);
	if (status == TB_OK && d->is_signal)
		*out = decimal_min(*out, most);
	return status;
}

/* Is there so much to sell? */
static void
check_held(const struct size_facts *f, struct decimal coins, struct verdict *no)
{
	char base[CURRENCY_MAX];

	product_base(f->product->product_id, base);
	if (decimal_sign(f->held) <= 0) {
		verdict_no(no, REASON_POSITION, "no %s is held", base);
		verdict_amounts(no, FIGURE_COINS, DECIMAL_ZERO,
		    f->product->base_increment);
	} else if (decimal_cmp(coins, f->held) > 0) {
		verdict_no(no, REASON_POSITION,
		    "%s %s is more than the %s held", show(coins, 0).text, base,
		    show(f->held, 0).text);
		verdict_amounts(no, FIGURE_COINS, f->held, coins);
	} else if (decimal_sign(f->free) <= 0) {
		verdict_no(no, REASON_BALANCE,
		    "of the %s %s held the venue has none to sell: tb-sync "
		    "reconcile compares",
		    show(f->held, 0).text, base);
		verdict_amounts(no, FIGURE_COINS, DECIMAL_ZERO,
		    decimal_max(coins, f->product->base_increment));
	} else if (decimal_cmp(coins, f->free) > 0) {
		verdict_no(no, REASON_BALANCE,
		    "%s %s is more than the %s that the venue lets us sell",
		    show(coins, 0).text, base, show(f->free, 0).text);
		verdict_amounts(no, FIGURE_COINS, f->free, coins);
	}
}

/* Does it sell all that is held, but for what no increment can hold? */
static enum tb_status
closes_position(const struct size_facts *f, struct decimal coins, bool *out)
{
	struct decimal most;
	enum tb_status status;

	status = decimal_quantize(f->held, f->product->base_increment,
	    DECIMAL_DOWN, &most);
	*out = decimal_cmp(coins, most) >= 0;
	return status;
}

static enum tb_status
size_sell(const struct decision *d, const struct size_facts *f,
    struct sizing *out, struct verdict *no)
{
	const struct product *p = f->product;
	struct decimal coins;
	enum tb_status status;

	product_base(p->product_id, out->reserve_currency);
	status = coins_wanted(d, f, &coins);
	if (status != TB_OK)
		return status;
	check_held(f, coins, no);
	if (no->reason != REASON_NONE)
		return TB_OK;
	status = decimal_quantize(coins, p->base_increment, DECIMAL_DOWN,
	    &out->base_size);
	if (status == TB_OK)
		status = decimal_mul(out->base_size, f->price,
		    DECIMAL_HALF_EVEN, &out->value);
	if (status == TB_OK)
		status = closes_position(f, out->base_size, &out->closes);
	if (status == TB_OK && d->by_quote)
		out->asked = d->size_usd;
	else if (status == TB_OK)
		status = decimal_mul(coins, f->price, DECIMAL_HALF_EVEN,
		    &out->asked);
	out->reserve = out->base_size;
	return status;
}

enum tb_status
size_order(const struct decision *d, const struct size_facts *f,
    struct sizing *out, struct verdict *no, struct tb_err *err)
{
	enum tb_status status;

	*out = (struct sizing){ 0 };
	no->reason = REASON_NONE;
	if (d->side == SIDE_BUY)
		status = size_buy(d, f, out);
	else
		status = size_sell(d, f, out, no);
	return status == TB_OK ? TB_OK : does_not_fit(f->product, err);
}

enum tb_status
size_again(const struct intent *intent, const struct size_facts *f,
    struct sizing *out, struct verdict *no, struct tb_err *err)
{
	struct decimal coins_value = DECIMAL_ZERO;
	enum tb_status status = TB_OK;

	no->reason = REASON_NONE;
	*out = (struct sizing){
		.by_quote = intent->sent_by_quote,
		.quote_size = intent->quote_size,
		.base_size = intent->base_size,
		.reserve = intent->reserve,
	};
	memcpy(out->reserve_currency, intent->reserve_currency,
	    sizeof(out->reserve_currency));
	if (!intent->sent_by_quote)
		status = decimal_mul(intent->base_size, f->price,
		    DECIMAL_HALF_EVEN, &coins_value);
	out->value = intent->sent_by_quote ? intent->quote_size : coins_value;
	out->asked = intent->by_quote ? intent->size_usd : out->value;
	if (intent->side == SIDE_SELL) {
		check_held(f, intent->base_size, no);
		if (status == TB_OK)
			status =
			    closes_position(f, intent->base_size, &out->closes);
	}
	return status == TB_OK ? TB_OK : does_not_fit(f->product, err);
}

/* Below one of the product's minimums, or above a maximum? */
static void
check_venue(const struct size_facts *f, const struct sizing *s,
    struct verdict *no)
{
	const struct product *p = f->product;

	if (!s->by_quote && decimal_cmp(s->base_size, p->base_min_size) < 0) {
		verdict_no(no, REASON_MINIMUM,
		    "size_crypto %s is under the product's minimum of %s",
		    show(s->base_size, 0).text, show(p->base_min_size, 0).text);
		verdict_amounts(no, FIGURE_COINS, s->base_size,
		    p->base_min_size);
	} else if (decimal_cmp(s->value, p->quote_min_size) < 0) {
		verdict_no(no, REASON_MINIMUM,
		    "size_usd %s is under the product's minimum of %s",
		    show(s->value, 2).text, show(p->quote_min_size, 2).text);
		verdict_amounts(no, FIGURE_QUOTE, s->value, p->quote_min_size);
	} else if (!s->by_quote && decimal_sign(p->base_max_size) > 0 &&
	    decimal_cmp(s->base_size, p->base_max_size) > 0) {
		verdict_no(no, REASON_MAX_ORDER,
		    "size_crypto %s is over the product's maximum of %s",
		    show(s->base_size, 0).text, show(p->base_max_size, 0).text);
		verdict_amounts(no, FIGURE_COINS, s->base_size,
		    p->base_max_size);
	} else if (decimal_sign(p->quote_max_size) > 0 &&
	    decimal_cmp(s->value, p->quote_max_size) > 0) {
		verdict_no(no, REASON_MAX_ORDER,
		    "size_usd %s is over the product's maximum of %s",
		    show(s->value, 2).text, show(p->quote_max_size, 2).text);
		verdict_amounts(no, FIGURE_QUOTE, s->value, p->quote_max_size);
	}
}

void
size_check(const struct size_facts *f, const struct sizing *s,
    struct verdict *no)
{
	const struct decimal ours = DECIMAL_OF(SIZE_MINIMUM_USD);

	no->reason = REASON_NONE;
	if (!s->closes && decimal_cmp(s->asked, ours) < 0) {
		verdict_no(no, REASON_MINIMUM,
		    "size_usd %s is under the minimum of %s",
		    show(s->asked, 2).text, show(ours, 2).text);
		verdict_amounts(no, FIGURE_QUOTE, s->asked, ours);
	} else if (decimal_sign(s->by_quote ? s->quote_size : s->base_size) ==
	    0) {
		verdict_no(no, REASON_MINIMUM,
		    "the order rounds to zero in steps of %s",
		    show(s->by_quote ? f->product->quote_increment :
				       f->product->base_increment,
			0)
			.text);
		verdict_amounts(no, FIGURE_QUOTE, DECIMAL_ZERO,
		    f->product->quote_min_size);
	} else
		check_venue(f, s, no);
}

/* The price that a market order meets. */
static enum tb_status
worse_price(const struct decision *d, const struct size_facts *f,
    struct decimal *out)
{
	struct decimal factor = DECIMAL_OF(1);
	enum tb_status status = TB_OK;

	if (d->type == ORDER_MARKET && d->side == SIDE_BUY)
		status = decimal_add(factor, f->slippage_rate, &factor);
	else if (d->type == ORDER_MARKET)
		status = decimal_sub(factor, f->slippage_rate, &factor);
	if (status == TB_OK)
		status = decimal_mul(f->price, factor, DECIMAL_HALF_EVEN, out);
	return status;
}

/* An amount pays for the coins and for the fee. */
static enum tb_status
estimate_by_quote(const struct size_facts *f, const struct sizing *s,
    struct estimate *out)
{
	struct decimal whole;
	enum tb_status status;

	status = decimal_add(DECIMAL_OF(1), f->fee_rate, &whole);
	if (status == TB_OK)
		status = decimal_div(s->quote_size, whole, DECIMAL_HALF_EVEN,
		    &out->size_usd);
	if (status == TB_OK)
		status = decimal_sub(s->quote_size, out->size_usd, &out->fee);
	if (status == TB_OK)
		status = decimal_div(out->size_usd, out->price,
		    DECIMAL_HALF_EVEN, &out->size_crypto);
	if (status == TB_OK)
		status = decimal_quantize(out->size_crypto,
		    f->product->base_increment, DECIMAL_DOWN,
		    &out->size_crypto);
	return status;
}

enum tb_status
size_estimate(const struct decision *d, const struct size_facts *f,
    const struct sizing *s, struct estimate *out, struct tb_err *err)
{
	enum tb_status status;

	*out = (struct estimate){ .size_crypto = s->base_size };
	status = worse_price(d, f, &out->price);
	if (status == TB_OK && s->by_quote)
		status = estimate_by_quote(f, s, out);
	else {
		if (status == TB_OK)
			status = decimal_mul(s->base_size, out->price,
			    DECIMAL_HALF_EVEN, &out->size_usd);
		if (status == TB_OK)
			status = decimal_mul(out->size_usd, f->fee_rate,
			    DECIMAL_HALF_EVEN, &out->fee);
	}
	return status == TB_OK ? TB_OK : does_not_fit(f->product, err);
}
