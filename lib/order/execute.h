#ifndef TB_ORDER_EXECUTE_H
#define TB_ORDER_EXECUTE_H

/*
 * execute: one line of the input, from the send lock to its answer.
 *
 *	1  take the send lock, or say who has it
 *	2  settle what earlier runs left behind (recover.h)
 *	3  look the key up: a known decision is answered from its record,
 *	   however old; one that was never sent is sent again while it is fresh
 *	4  judge, write down, send, record (send.h)
 *	5  free the lock, unless the venue hangs
 *
 * The answer is the caller's to write, now that the lock is free: a pipe that
 * breaks can lose the report only.
 */

#include <stdbool.h>

#include "base/err.h"
#include "order/decision.h"
#include "order/desk.h"
#include "order/outcome.h"
#include "order/risk.h"

/*
 * execute: inout: *o  initialised; filled whatever happens; to be released
 */
void execute(struct desk *desk, const struct decision *d, struct outcome *o);

/*
 * execute_dry: what execute() would do, up to writing anything: no lock, no
 * intent, no refusal kept.
 *
 * out: *c  the case, with its sizing where the answer says nothing against it
 */
void execute_dry(struct desk *desk, const struct decision *d,
    struct risk_case *c, struct outcome *o);

#endif /* TB_ORDER_EXECUTE_H */
