#ifndef TB_ORDER_JUDGE_H
#define TB_ORDER_JUDGE_H

/*
 * judge: all rules over a decision, in the two steps that they need: what
 * only the venue can tell is asked first, outside of any transaction; then
 * everything is judged in one piece, inside the transaction that acts on it.
 */

#include "base/decimal.h"
#include "base/err.h"
#include "order/desk.h"
#include "order/risk.h"
#include "order/verdict.h"
#include "store/intents.h"

/*
 * judge_facts: ask the venue for the account, the price and the balances.
 *
 * out:	   *price  the reference price
 *	   *no	   product_state where there is none; else untouched
 * errors: of the venue: nothing is known, nothing was sent
 */
enum tb_status judge_facts(struct desk *desk, const struct risk_case *c,
    struct decimal *price, struct verdict *no, struct tb_err *err);

/*
 * judge_case: may it act, and be so large?
 *
 * in:	   old	NULL: a new decision, which is sized here; else the intent
 *		whose sizes stand
 * out:	   *no	   the first rule that says no
 *	   *c	   with its sizing where none does
 * errors: of the database; TB_ERANGE
 */
enum tb_status judge_case(struct desk *desk, struct risk_case *c,
    const struct intent *old, struct decimal price, struct verdict *no,
    struct tb_err *err);

/* judge_new: both steps for a new decision, where nothing is to be written. */
enum tb_status judge_new(struct desk *desk, struct risk_case *c,
    struct verdict *no, struct tb_err *err);

#endif /* TB_ORDER_JUDGE_H */
