#include "order/limiter.h"

#include "base/instant.h"

#define SECOND_US INSTANT_US_PER_S
#define HOUR_US (3600 * INSTANT_US_PER_S)
#define SETBACKS_MAX 16

/* A bucket that holds `tokens` and is filled evenly within `span_us`. */
struct bucket {
	int64_t *full_us;
	int64_t span_us;
	int tokens;
};

/* How long until a token may be taken; 0: now. */
static int64_t
wait_of(const struct bucket *b, enum limiter_use use, int64_t now_us)
{
	int64_t step_us = b->span_us / b->tokens, most_us = b->span_us;
	int64_t lacks_us = *b->full_us - now_us;

	if (use == LIMITER_READ)
		most_us -= b->span_us * LIMITER_RESERVE_PERCENT / 100;
	if (most_us < step_us)
		most_us = step_us; /* a bucket of one token is for all */
	if (lacks_us < 0)
		lacks_us = 0;
	return lacks_us + step_us <= most_us ? 0 : lacks_us + step_us - most_us;
}

static void
take_from(const struct bucket *b, int64_t now_us)
{
	if (*b->full_us < now_us)
		*b->full_us = now_us;
	*b->full_us += b->span_us / b->tokens;
}

/*
 * What lies further ahead than it can is from a clock that was wrong, and
 * says nothing: who waits stores nothing, so it would be there for days.
 */
static void
bound(int64_t *at_us, int64_t most_us, int64_t now_us)
{
	if (*at_us > now_us + most_us)
		*at_us = now_us;
}

int64_t
limiter_take(struct pace *pace, const struct limiter_rate *rate,
    enum limiter_use use, int64_t now_us)
{
	const struct bucket buckets[] = {
		{ &pace->second_full_us, SECOND_US, rate->per_second },
		{ &pace->hour_full_us, HOUR_US, rate->per_hour },
	};
	int64_t wait_us, longest_us;

	bound(&pace->resume_us, HOUR_US, now_us);
	longest_us = pace->resume_us - now_us;
	for (size_t i = 0; i < 2; i++) {
		bound(buckets[i].full_us, buckets[i].span_us, now_us);
		wait_us = wait_of(&buckets[i], use, now_us);
		if (wait_us > longest_us)
			longest_us = wait_us;
	}
	if (longest_us > 0)
		return (longest_us + 999) / 1000;
	for (size_t i = 0; i < 2; i++)
		take_from(&buckets[i], now_us);
	return 0;
}

void
limiter_set_back(struct pace *pace, int64_t retry_after_ms, uint32_t dice,
    int64_t now_us)
{
	int64_t ms = LIMITER_BACK_OFF_MS, resume_us;

	for (int i = 0; i < pace->setbacks && ms < LIMITER_BACK_OFF_MS_MAX; i++)
		ms *= 2;
	if (ms > LIMITER_BACK_OFF_MS_MAX)
		ms = LIMITER_BACK_OFF_MS_MAX;
	/* Half of it is sure, half by lot: not all come back at once. */
	ms = ms / 2 + ms / 2 * (int64_t)(dice % 1024) / 1024;
	if (retry_after_ms > 0) /* never sooner than it said */
		ms = retry_after_ms + ms / 2;
	if (ms > LIMITER_RETRY_AFTER_MS_MAX)
		ms = LIMITER_RETRY_AFTER_MS_MAX;
	resume_us = now_us + ms * 1000;
	if (pace->resume_us < resume_us)
		pace->resume_us = resume_us;
	if (pace->setbacks < SETBACKS_MAX)
		pace->setbacks++;
}
