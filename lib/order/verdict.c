#include "order/verdict.h"

#include <stdarg.h>
#include <stdio.h>

void
verdict_no(struct verdict *v, enum answer_reason reason, const char *fmt, ...)
{
	va_list ap;

	*v = (struct verdict){ .reason = reason };
	va_start(ap, fmt);
	vsnprintf(v->message, sizeof(v->message), fmt, ap);
	va_end(ap);
}

void
verdict_amounts(struct verdict *v, enum figure_kind kind, struct decimal have,
    struct decimal need)
{
	v->have = (struct figure){ .kind = kind, .amount = have };
	v->need = (struct figure){ .kind = kind, .amount = need };
}

void
verdict_durations(struct verdict *v, int64_t have_us, int64_t need_us)
{
	v->have = (struct figure){ .kind = FIGURE_DURATION, .us = have_us };
	v->need = (struct figure){ .kind = FIGURE_DURATION, .us = need_us };
}

void
verdict_counts(struct verdict *v, int64_t have, int64_t need)
{
	v->have = (struct figure){ .kind = FIGURE_COUNT, .count = have };
	v->need = (struct figure){ .kind = FIGURE_COUNT, .count = need };
}
