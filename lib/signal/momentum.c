#include <string.h>

#include "signal/kernel.h"

/*
 * rsi = 100 G / (G + L), G and L the averages of gains and losses: Wilder's
 * (alpha = 1/n, seeded with the plain means of the first n), or the plain
 * means of the last n (Cutler).  What is kept is G and T = G + L: with no
 * loss the two go through the same operations, so rsi is 100 exactly.
 * Undefined while no close has changed.
 */
struct rsi {
	double last; /* close */
	double gain, total;
	double keep, alpha;
	int n, seen; /* changes seen, at most n */
	bool started;
	bool plain;
	/* Of plain means: */
	struct ring changes;
	int ups, downs; /* in the ring */
	int fresh;
};

size_t
rsi_size(const double *p)
{
	return sizeof(struct rsi) +
	    (p[1] > 0 ? (size_t)p[0] * sizeof(double) : 0);
}

void
rsi_init(void *state, const double *p)
{
	struct rsi *s = state;

	*s = (struct rsi){
		.n = (int)p[0],
		.alpha = 1 / p[0],
		.keep = 1 - 1 / p[0],
		.plain = p[1] > 0,
		.fresh = KERNEL_FRESH,
	};
	if (s->plain)
		ring_init(&s->changes, s->n, (double *)(s + 1));
}

/* Of a change: what it gains; |change| - gain is what it loses. */
static inline double
gain_of(double change)
{
	return 0.5 * (change + fabs(change));
}

/* The first n changes; returns how many candles of the block it took. */
static size_t
wilder_seed(struct rsi *s, const double *close, size_t count, double *out)
{
	size_t i = 0;

	if (!s->started && count > 0) {
		s->started = true;
		s->last = close[i];
		out[i++] = REAL_NONE;
	}
	for (; i < count && s->seen < s->n; i++) {
		double change = close[i] - s->last;

		s->last = close[i];
		s->gain += gain_of(change);
		s->total += fabs(change);
		out[i] = REAL_NONE;
		if (++s->seen < s->n)
			continue;
		s->gain /= s->n;
		s->total /= s->n;
		out[i] = 100 * (s->gain / s->total);
	}
	return i;
}

static void
rsi_wilder(struct rsi *s, const double *close, size_t count, double *out)
{
	size_t i = s->seen < s->n ? wilder_seed(s, close, count, out) : 0;
	double last = s->last, gain = s->gain, total = s->total;
	double keep = s->keep, alpha = s->alpha;

	for (; i < count; i++) {
		double change = close[i] - last;

		last = close[i];
		gain = gain * keep + alpha * gain_of(change);
		total = total * keep + alpha * fabs(change);
		out[i] = 100 * (gain / total);
	}
	s->last = last;
	s->gain = gain;
	s->total = total;
}

static void
plain_sum(struct rsi *s)
{
	s->gain = s->total = 0;
	for (int age = s->n - 1; age >= 0; age--) {
		s->gain += gain_of(ring_get(&s->changes, age));
		s->total += fabs(ring_get(&s->changes, age));
	}
}

/* No loss is 100 and no gain 0 by count, whatever the sums' last bits say. */
static inline double
plain_value(const struct rsi *s)
{
	if (s->downs > 0 && s->ups > 0)
		return 100 * (s->gain / s->total);
	if (s->downs > 0)
		return 0;
	return s->ups > 0 ? 100 : REAL_NONE;
}

static void
rsi_plain(struct rsi *state, const double *close, size_t count, double *out)
{
	struct rsi s = *state;

	for (size_t i = 0; i < count; i++) {
		double change = close[i] - s.last, old;

		s.last = close[i];
		out[i] = REAL_NONE;
		if (!s.started) {
			s.started = true;
			continue;
		}
		old = ring_push(&s.changes, change);
		s.ups += (change > 0) - (old > 0);
		s.downs += (change < 0) - (old < 0);
		s.gain += gain_of(change) - gain_of(old);
		s.total += fabs(change) - fabs(old);
		if (!ring_is_full(&s.changes))
			continue;
		if (--s.fresh == 0) {
			s.fresh = KERNEL_FRESH;
			plain_sum(&s);
		}
		out[i] = plain_value(&s);
	}
	*state = s;
}

void
rsi_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	if (((struct rsi *)state)->plain)
		rsi_plain(state, in->close, count, out[0]);
	else
		rsi_wilder(state, in->close, count, out[0]);
}

/*
 * Where x lies between the lowest and the highest of a window, 0 to 1; in the
 * middle of a window without a range.
 */
static inline double
place_between(double x, double low, double high)
{
	return high > low ? (x - low) / (high - low) : 0.5;
}

/*
 * stochrsi(n): where Wilder's rsi(n) lies between its own lowest and highest
 * of n values, 0 to 1.  An undefined rsi counts 50.
 */
struct stochrsi {
	struct extreme low, high;
	struct rsi rsi;
};

size_t
stochrsi_size(const double *p)
{
	return sizeof(struct stochrsi) + 2 * (size_t)p[0] * sizeof(double);
}

void
stochrsi_init(void *state, const double *p)
{
	const double wilder[2] = { p[0], 0 };
	struct stochrsi *s = state;
	double *memory = extreme_init(&s->low, (int)p[0], (double *)(s + 1));

	extreme_init(&s->high, (int)p[0], memory);
	rsi_init(&s->rsi, wilder);
}

void
stochrsi_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	struct stochrsi *s = state;

	for (size_t i = 0; i < count; i++) {
		double rsi;

		rsi_wilder(&s->rsi, in->close + i, 1, &rsi);
		out[0][i] = REAL_NONE;
		if (s->rsi.seen < s->rsi.n)
			continue;
		if (isnan(rsi))
			rsi = 50;
		extreme_push(&s->low, -rsi);
		extreme_push(&s->high, rsi);
		if (ring_is_full(&s->low.ring))
			out[0][i] =
			    place_between(rsi, -s->low.best, s->high.best);
	}
}

/*
 * stoch: where the close lies between the lowest low and the highest high of
 * k candles, in percent (50 where they are one), its mean over smooth values
 * (%K), and the mean of that over d (%D).
 */
struct stoch {
	struct extreme low, high;
	struct ring fast, k;
};

size_t
stoch_size(const double *p)
{
	return sizeof(struct stoch) +
	    (2 * (size_t)p[0] + (size_t)p[1] + (size_t)p[2]) * sizeof(double);
}

void
stoch_init(void *state, const double *p)
{
	struct stoch *s = state;
	double *memory = (double *)(s + 1);

	memory = extreme_init(&s->low, (int)p[0], memory);
	memory = extreme_init(&s->high, (int)p[0], memory);
	memory = ring_init(&s->fast, (int)p[1], memory);
	ring_init(&s->k, (int)p[2], memory);
}

/* The mean once the ring is full with x, before that NaN. */
static double
ring_mean(struct ring *r, double x)
{
	ring_push(r, x);
	return ring_is_full(r) ? ring_sum(r) / r->n : REAL_NONE;
}

void
stoch_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	struct stoch *s = state;

	for (size_t i = 0; i < count; i++) {
		double k = REAL_NONE, d = REAL_NONE;

		extreme_push(&s->low, -in->low[i]);
		extreme_push(&s->high, in->high[i]);
		if (ring_is_full(&s->low.ring))
			k = ring_mean(&s->fast,
			    100 *
				place_between(in->close[i], -s->low.best,
				    s->high.best));
		if (ring_is_full(&s->fast))
			d = ring_mean(&s->k, k);
		out[0][i] = k;
		out[1][i] = d;
	}
}

/* Williams %R: the same from the top, -100 to 0. */
struct willr {
	struct extreme low, high;
};

size_t
willr_size(const double *p)
{
	return sizeof(struct willr) + 2 * (size_t)p[0] * sizeof(double);
}

void
willr_init(void *state, const double *p)
{
	struct willr *s = state;
	double *memory = extreme_init(&s->low, (int)p[0], (double *)(s + 1));

	extreme_init(&s->high, (int)p[0], memory);
}

void
willr_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	struct willr *s = state;

	for (size_t i = 0; i < count; i++) {
		extreme_push(&s->low, -in->low[i]);
		extreme_push(&s->high, in->high[i]);
		out[0][i] = REAL_NONE;
		if (ring_is_full(&s->low.ring))
			out[0][i] = -100 *
			    place_between(s->high.best - in->close[i], 0,
				s->high.best + s->low.best);
	}
}

/*
 * cci = (typical price - its mean) / (0.015 x its mean deviation), over n
 * candles; 0 where none deviates.
 */
size_t
cci_size(const double *p)
{
	return sizeof(struct ring) + (size_t)p[0] * sizeof(double);
}

void
cci_init(void *state, const double *p)
{
	struct ring *s = state;

	ring_init(s, (int)p[0], (double *)(s + 1));
}

/* Equal prices deviate by nothing, even where their mean is a bit off. */
static double
cci_value(const struct ring *r)
{
	double mean = ring_sum(r) / r->n, newest = ring_get(r, 0);
	double deviation = 0;
	bool flat = true;

	for (int i = 0; i < r->n; i++) {
		deviation += fabs(r->v[i] - mean);
		flat = flat && real_equal(r->v[i], newest);
	}
	return flat ? 0 : (newest - mean) / (0.015 * deviation / r->n);
}

void
cci_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	struct ring *s = state;

	for (size_t i = 0; i < count; i++) {
		ring_push(s, (in->high[i] + in->low[i] + in->close[i]) / 3);
		if (out != NULL)
			out[0][i] = ring_is_full(s) ? cci_value(s) : REAL_NONE;
	}
}

/* mom = close - close n candles ago; roc the same in percent of that. */
size_t
mom_size(const double *p)
{
	return sizeof(struct ring) + (size_t)p[0] * sizeof(double);
}

void
mom_init(void *state, const double *p)
{
	cci_init(state, p);
}

void
mom_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	struct ring s = *(struct ring *)state;

	for (size_t i = 0; i < count; i++) {
		bool full = ring_is_full(&s);
		double old = ring_push(&s, in->close[i]);

		out[0][i] = full ? in->close[i] - old : REAL_NONE;
	}
	*(struct ring *)state = s;
}

size_t
roc_size(const double *p)
{
	return mom_size(p);
}

void
roc_init(void *state, const double *p)
{
	cci_init(state, p);
}

void
roc_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	struct ring s = *(struct ring *)state;

	for (size_t i = 0; i < count; i++) {
		bool full = ring_is_full(&s);
		double old = ring_push(&s, in->close[i]);

		out[0][i] = full ? 100 * (in->close[i] - old) / old : REAL_NONE;
	}
	*(struct ring *)state = s;
}
