/*
 * risk_limits: may it be this large, and may there be one more?
 */

#include "order/risk.h"
#include "store/books.h"

/* A rule looks at a case and says no, or nothing. */
typedef enum tb_status limit_rule(struct desk *desk, const struct risk_case *c,
    struct verdict *no, struct tb_err *err);

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
