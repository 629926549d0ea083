/*
 * risk_limits: may it be this large, and may there be one more?
 */

#include <string.h>

#include "base/instant.h"
#include "order/risk.h"
#include "store/books.h"
#include "store/equity.h"
#include "store/holdings.h"
#include "store/intents.h"
#include "store/orders.h"

/* A rule looks at a case and says no, or nothing. */
typedef enum tb_status limit_rule(struct desk *desk, const struct risk_case *c,
    struct verdict *no, struct tb_err *err);

/* -------------------------------------------------------------- measures -- */

/* What a BUY takes in all: at most, or, where it is over, as its order says. */
static enum tb_status
whole_value(struct desk *desk, const struct intent *intent, struct decimal *out,
    struct tb_err *err)
{
	struct order order;
	enum tb_status status;

	*out = intent->reserve;
	if (intent->state != INTENT_DONE)
		return TB_OK;
	status = orders_get(desk->db, intent->order_id, &order, err);
	if (status == TB_OK &&
	    decimal_add(order.filled_value, order.total_fees, out) != TB_OK)
		status = tb_fail(err, TB_ERANGE, "order %s: sums do not fit",
		    intent->order_id);
	return status;
}

/* Quote value of one BUY that no fill in the books has taken yet. */
static enum tb_status
open_value(struct desk *desk, const struct intent *intent, struct decimal *out,
    struct tb_err *err)
{
	struct decimal size, value = DECIMAL_ZERO, fee = DECIMAL_ZERO;
	struct decimal asked;
	enum tb_status status = whole_value(desk, intent, &asked, err);

	if (status == TB_OK && intent->order_id[0] != '\0')
		status = books_order_sums(desk->db, intent->order_id, &size,
		    &value, &fee, err);
	if (status != TB_OK)
		return status;
	if (decimal_sub(asked, value, &asked) != TB_OK ||
	    decimal_sub(asked, fee, &asked) != TB_OK)
		return tb_fail(err, TB_ERANGE, "intent %lld: sums do not fit",
		    (long long)intent->id);
	*out = decimal_max(asked, DECIMAL_ZERO);
	return TB_OK;
}

/*
 * What SENDING, UNKNOWN and OPEN BUYs of a product may still take, and DONE
 * ones have taken without a fill that was told.
 */
static enum tb_status
open_buys(struct desk *desk, const char *product_id, int64_t except,
    struct decimal *out, struct tb_err *err)
{
	const unsigned states = INTENT_UNRESOLVED | INTENT_BIT(INTENT_OPEN) |
	    INTENT_BIT(INTENT_DONE);
	struct decimal one;
	struct intent intent;
	enum tb_status status;
	int64_t after = 0;

	*out = DECIMAL_ZERO;
	while ((status = intents_next(desk->db, after, states, &intent, err)) ==
	    TB_OK) {
		after = intent.id;
		if (intent.id != except && intent.side == SIDE_BUY &&
		    strcmp(intent.product_id, product_id) == 0) {
			status = open_value(desk, &intent, &one, err);
			if (status == TB_OK &&
			    decimal_add(*out, one, out) != TB_OK)
				status = tb_fail(err, TB_ERANGE,
				    "open orders of %s do not fit", product_id);
		}
		intent_release(&intent);
		if (status != TB_OK)
			return status;
	}
	return status == TB_ENOENT ? TB_OK : status;
}

enum tb_status
risk_exposure(struct desk *desk, const char *product_id, int64_t except,
    struct decimal price, struct decimal *out, struct tb_err *err)
{
	struct position position;
	struct decimal open, value;
	enum tb_status status;

	status = books_position(desk->db, product_id, &position, err);
	if (status == TB_OK)
		status = open_buys(desk, product_id, except, &open, err);
	if (status != TB_OK)
		return status;
	if (decimal_mul(position.crypto_balance, price, DECIMAL_HALF_EVEN,
		&value) != TB_OK ||
	    decimal_add(value, open, out) != TB_OK)
		return tb_fail(err, TB_ERANGE,
		    "the position of %s does not fit", product_id);
	return TB_OK;
}

/* Midnight (UTC) of the instant's day. */
static int64_t
day_us(const struct desk *desk)
{
	int64_t s = instant_floor_s(desk->instant_us);
	int64_t in_day = s % INSTANT_S_PER_DAY;

	if (in_day < 0)
		in_day += INSTANT_S_PER_DAY;
	return (s - in_day) * INSTANT_US_PER_S;
}

enum tb_status
risk_orders_today(struct desk *desk, int64_t except, int64_t *out,
    struct tb_err *err)
{
	int64_t from_us = day_us(desk);

	return intents_count_between(desk->db, from_us,
	    from_us + INSTANT_S_PER_DAY * INSTANT_US_PER_S, except, out, err);
}

enum tb_status
risk_loss_today(struct desk *desk, struct decimal *out, struct tb_err *err)
{
	struct decimal realized;
	enum tb_status status;

	status = books_realized_since(desk->db, day_us(desk), &realized, err);
	if (status == TB_OK)
		*out = decimal_neg(realized);
	return status;
}

/* Percent that value lies below peak. */
static enum tb_status
percent_below(struct decimal value, struct decimal peak, struct decimal *out)
{
	struct decimal lost;
	enum tb_status status;

	*out = DECIMAL_ZERO;
	if (decimal_sign(peak) <= 0 || decimal_cmp(value, peak) >= 0)
		return TB_OK;
	status = decimal_sub(peak, value, &lost);
	if (status != TB_OK)
		return status;
	return decimal_mul_div(lost, DECIMAL_OF(100), peak, DECIMAL_HALF_EVEN,
	    out);
}

enum tb_status
risk_drawdown(struct desk *desk, struct decimal *out, struct tb_err *err)
{
	struct equity equity;
	struct decimal value;
	enum tb_status status;

	status = holdings_equity(desk->db, desk->instant_us, &value, err);
	if (status != TB_OK)
		return status;
	status = equity_at(desk->db, desk->instant_us, &equity, err);
	*out = DECIMAL_ZERO;
	if (status == TB_ENOENT)
		return TB_OK; /* no peak yet */
	if (status == TB_OK && percent_below(value, equity.peak, out) != TB_OK)
		status = tb_fail(err, TB_ERANGE, "the drawdown does not fit");
	return status;
}

/* ----------------------------------------------------------------- rules -- */

static enum tb_status
rule_max_order(struct desk *desk, const struct risk_case *c, struct verdict *no,
    struct tb_err *err)
{
	const struct limit *limit = &desk->config->max_order;

	(void)err;
	if (!limit->set || c->sizing.closes ||
	    decimal_cmp(c->sizing.value, limit->amount) <= 0)
		return TB_OK;
	verdict_no(no, REASON_MAX_ORDER, "the order is over max_order");
	verdict_amounts(no, FIGURE_QUOTE, limit->amount, c->sizing.value);
	return TB_OK;
}

static enum tb_status
rule_max_position(struct desk *desk, const struct risk_case *c,
    struct verdict *no, struct tb_err *err)
{
	const struct limit *limit = &desk->config->max_position;
	const char *product_id = c->decision->product_id;
	struct decimal after;
	enum tb_status status;

	if (!limit->set || c->decision->side != SIDE_BUY)
		return TB_OK;
	status = risk_exposure(desk, product_id, c->intent_id, c->reference,
	    &after, err);
	if (status == TB_OK &&
	    decimal_add(after, c->sizing.value, &after) != TB_OK)
		status = tb_fail(err, TB_ERANGE,
		    "the position of %s does not fit", product_id);
	if (status != TB_OK || decimal_cmp(after, limit->amount) <= 0)
		return status;
	verdict_no(no, REASON_MAX_POSITION,
	    "the position of %s would be over max_position", product_id);
	verdict_amounts(no, FIGURE_QUOTE, limit->amount, after);
	return TB_OK;
}

static enum tb_status
rule_max_orders_day(struct desk *desk, const struct risk_case *c,
    struct verdict *no, struct tb_err *err)
{
	const struct limit *limit = &desk->config->max_orders_day;
	enum tb_status status;
	int64_t count;

	if (!limit->set)
		return TB_OK;
	status = risk_orders_today(desk, c->intent_id, &count, err);
	if (status != TB_OK ||
	    decimal_cmp(DECIMAL_OF(count), limit->amount) < 0)
		return status;
	verdict_no(no, REASON_MAX_ORDERS_DAY,
	    "max_orders_day is reached for this day (UTC)");
	verdict_counts(no, count,
	    (int64_t)(limit->amount.v / DECIMAL_ONE_UNITS));
	return TB_OK;
}

static enum tb_status
rule_max_daily_loss(struct desk *desk, const struct risk_case *c,
    struct verdict *no, struct tb_err *err)
{
	const struct limit *limit = &desk->config->max_daily_loss;
	struct decimal loss;
	enum tb_status status;

	if (!limit->set || c->decision->side != SIDE_BUY)
		return TB_OK;
	status = risk_loss_today(desk, &loss, err);
	if (status != TB_OK || decimal_cmp(loss, limit->amount) < 0)
		return status;
	verdict_no(no, REASON_MAX_DAILY_LOSS,
	    "max_daily_loss is reached: no more BUYs on this day (UTC)");
	verdict_amounts(no, FIGURE_QUOTE, loss, limit->amount);
	return TB_OK;
}

static enum tb_status
rule_max_drawdown(struct desk *desk, const struct risk_case *c,
    struct verdict *no, struct tb_err *err)
{
	const struct limit *limit = &desk->config->max_drawdown;
	struct decimal percent;
	enum tb_status status;

	if (!limit->set || c->decision->side != SIDE_BUY)
		return TB_OK;
	status = risk_drawdown(desk, &percent, err);
	if (status == TB_ENOENT) {
		verdict_no(no, REASON_MAX_DRAWDOWN,
		    "the drawdown is not known, so there are no BUYs: %.400s",
		    err->msg);
		return TB_OK;
	}
	if (status != TB_OK || decimal_cmp(percent, limit->amount) < 0)
		return status;
	verdict_no(no, REASON_MAX_DRAWDOWN,
	    "max_drawdown is reached: no more BUYs");
	(void)decimal_round(percent, 2, DECIMAL_DOWN, &percent);
	verdict_amounts(no, FIGURE_COINS, percent, limit->amount);
	return TB_OK;
}

static enum tb_status
rule_minimum(struct desk *desk, const struct risk_case *c, struct verdict *no,
    struct tb_err *err)
{
	(void)desk;
	(void)err;
	size_check(&c->facts, &c->sizing, no);
	return TB_OK;
}

static enum tb_status
rule_balance(struct desk *desk, const struct risk_case *c, struct verdict *no,
    struct tb_err *err)
{
	const char *currency = c->sizing.reserve_currency;
	bool buys = c->decision->side == SIDE_BUY;
	char needs[DECIMAL_STRLEN], have[DECIMAL_STRLEN];
	struct decimal spendable;
	enum tb_status status;

	status = desk_free(desk, currency, c->intent_id, &spendable, err);
	if (status != TB_OK || decimal_cmp(c->sizing.reserve, spendable) <= 0)
		return status;
	decimal_format_min(c->sizing.reserve, buys ? 2 : 0, needs);
	decimal_format_min(spendable, buys ? 2 : 0, have);
	verdict_no(no, REASON_BALANCE,
	    "there is not enough %s: needs %s, free %s", currency, needs, have);
	verdict_amounts(no, buys ? FIGURE_QUOTE : FIGURE_COINS, spendable,
	    c->sizing.reserve);
	return TB_OK;
}

enum tb_status
risk_limits(struct desk *desk, const struct risk_case *c, struct verdict *no,
    struct tb_err *err)
{
	static limit_rule *const rules[] = { rule_max_order, rule_max_position,
		rule_max_orders_day, rule_max_daily_loss, rule_max_drawdown,
		rule_minimum, rule_balance };
	enum tb_status status = TB_OK;

	no->reason = REASON_NONE;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		status = rules[i](desk, c, no, err);
		if (status != TB_OK || no->reason != REASON_NONE)
			break;
	}
	return status;
}

enum tb_status
risk_facts(struct desk *desk, struct risk_case *c, struct decimal price,
    struct tb_err *err)
{
	const struct config *config = desk->config;
	const struct decimal hundred = DECIMAL_OF(100);
	char base[CURRENCY_MAX];
	struct position position;
	enum tb_status status;

	c->facts = (struct size_facts){ .product = &c->product };
	c->reference = price;
	c->facts.price = c->decision->type == ORDER_MARKET ?
	    price :
	    c->decision->limit_price;
	if (decimal_div(config->paper_fee_percent, hundred, DECIMAL_UP,
		&c->facts.fee_rate) != TB_OK ||
	    decimal_div(config->paper_slippage_percent, hundred, DECIMAL_UP,
		&c->facts.slippage_rate) != TB_OK)
		return tb_fail(err, TB_ERANGE, "paper: percent do not fit");
	status =
	    books_position(desk->db, c->decision->product_id, &position, err);
	if (status != TB_OK)
		return status;
	c->facts.held = decimal_max(position.crypto_balance, DECIMAL_ZERO);
	product_base(c->decision->product_id, base);
	return desk_free(desk, base, c->intent_id, &c->facts.free, err);
}
