#ifndef TB_ORDER_RISK_H
#define TB_ORDER_RISK_H

/*
 * risk: may this order be sent: yes, or which rule, what is there, what is
 * needed.
 *
 * The rules stand in two tables, in the order in which they are asked; the
 * first no is the answer.  risk_gate() asks whether this decision may act
 * here and now; risk_limits() asks whether it may be this large.  Both only
 * read, and decide inside the transaction that writes the intent.
 *
 * gate:   clock, age, future, halted, unknown_bot, bot_stopped,
 *	   unknown_product, not_allowed, product_state, unresolved, cooldown
 * limits: max_order, max_position, max_orders_day, max_daily_loss,
 *	   max_drawdown, minimum, balance
 *
 * A repeated send passes them again; its own reserve, its own count and its
 * own cooldown are excepted.
 */

#include <stdint.h>

#include "base/err.h"
#include "base/market.h"
#include "order/decision.h"
#include "order/desk.h"
#include "order/size.h"
#include "order/verdict.h"

/* What is judged. */
struct risk_case {
	const struct decision *decision;
	int64_t intent_id;	  /* of a repeated send; 0: a new decision */
	struct product product;	  /* filled by risk_gate() */
	struct decimal reference; /* price: filled by risk_facts() */
	struct size_facts facts;
	struct sizing sizing;
};

/*
 * risk_gate: out: *no; c->product where there is one.
 *
 * errors: of the database
 */
enum tb_status risk_gate(struct desk *desk, struct risk_case *c,
    struct verdict *no, struct tb_err *err);

/*
 * risk_facts: what sizes depend on: c->facts from the price and the funds
 * that the desk knows.
 *
 * in: price  the reference price
 */
enum tb_status risk_facts(struct desk *desk, struct risk_case *c,
    struct decimal price, struct tb_err *err);

/* risk_limits: in: c->product, facts and sizing; out: *no */
enum tb_status risk_limits(struct desk *desk, const struct risk_case *c,
    struct verdict *no, struct tb_err *err);

/* What the limits look at. */

/*
 * risk_exposure: quote value of a product held at a price, and of what
 * SENDING, UNKNOWN and OPEN BUYs of it may still take, or DONE ones took
 * without a fill that was told; the intent `except` left out.
 */
enum tb_status risk_exposure(struct desk *desk, const char *product_id,
    int64_t except, struct decimal price, struct decimal *out,
    struct tb_err *err);

/* Intents of the instant's UTC day, REJECTED and ABANDONED excepted. */
enum tb_status risk_orders_today(struct desk *desk, int64_t except,
    int64_t *out, struct tb_err *err);

/*
 * Minus the FIFO realized P&L of the instant's UTC day; dollars.  Where SELLs
 * executed without a fill that was told, or are SENDING or UNKNOWN, what those
 * of a product lose counts too; what they gain does not.
 */
enum tb_status risk_loss_today(struct desk *desk, struct decimal *out,
    struct tb_err *err);

/*
 * risk_drawdown: percent that equity lies below its peak.
 *
 * errors: TB_ENOENT a held product has no price, or no cash is known
 */
enum tb_status risk_drawdown(struct desk *desk, struct decimal *out,
    struct tb_err *err);

#endif /* TB_ORDER_RISK_H */
