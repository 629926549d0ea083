#include "order/judge.h"

/* What must be asked of the venue before a transaction can decide. */
enum tb_status
judge_facts(struct desk *desk, const struct risk_case *c, struct decimal *price,
    struct verdict *no, struct tb_err *err)
{
	const char *product_id = c->decision->product_id;
	enum tb_status status;

	status = desk_hello(desk, err);
	if (status == TB_OK && !desk->can_trade)
		status = tb_fail(err, TB_EPERM,
		    "the venue takes no orders: it was given no key, or one"
		    " that may not trade");
	if (status == TB_OK)
		status = desk_price(desk, product_id, price, err);
	if (status == TB_ENOENT) {
		verdict_no(no, REASON_PRODUCT_STATE,
		    "no price of %s is known at this instant: import its"
		    " candles, or run tb-sync candles",
		    product_id);
		return TB_OK;
	}
	if (status == TB_OK)
		status = desk_ask_funds(desk, err);
	return status;
}

/* May it act, and be so large?  A new decision is sized, an old one is not. */
enum tb_status
judge_case(struct desk *desk, struct risk_case *c, const struct intent *old,
    struct decimal price, struct verdict *no, struct tb_err *err)
{
	enum tb_status status;

	status = risk_gate(desk, c, no, err);
	if (status == TB_OK && no->reason == REASON_NONE)
		status = risk_facts(desk, c, price, err);
	if (status != TB_OK || no->reason != REASON_NONE)
		return status;
	if (old == NULL)
		status =
		    size_order(c->decision, &c->facts, &c->sizing, no, err);
	else
		status = size_again(old, &c->facts, &c->sizing, no, err);
	if (status == TB_OK && no->reason == REASON_NONE)
		status = risk_limits(desk, c, no, err);
	return status;
}

enum tb_status
judge_new(struct desk *desk, struct risk_case *c, struct verdict *no,
    struct tb_err *err)
{
	struct decimal price = DECIMAL_ZERO;
	enum tb_status status;

	status = risk_gate(desk, c, no, err);
	if (status == TB_OK && no->reason == REASON_NONE)
		status = judge_facts(desk, c, &price, no, err);
	if (status == TB_OK && no->reason == REASON_NONE)
		status = judge_case(desk, c, NULL, price, no, err);
	return status;
}
