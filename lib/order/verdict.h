#ifndef TB_ORDER_VERDICT_H
#define TB_ORDER_VERDICT_H

/*
 * verdict: why something is not done, or that nothing speaks against it.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/decimal.h"
#include "base/err.h"
#include "wire/answer.h"

struct verdict {
	enum answer_reason reason; /* REASON_NONE: go ahead */
	char message[TB_ERR_MAX];
	struct figure have, need;
};

/* verdict_no: say no, for a reason, in words. */
void verdict_no(struct verdict *v, enum answer_reason reason, const char *fmt,
    ...) TB_PRINTF(3, 4);

/* What is there and what was wanted of it. */
void verdict_amounts(struct verdict *v, enum figure_kind kind,
    struct decimal have, struct decimal need);
void verdict_durations(struct verdict *v, int64_t have_us, int64_t need_us);
void verdict_counts(struct verdict *v, int64_t have, int64_t need);

#endif /* TB_ORDER_VERDICT_H */
