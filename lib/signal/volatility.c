#include "signal/kernel.h"

#define BLOCK 64 /* candles between two passes: they stay in the cache */

/*
 * Mean and population standard deviation of the last n closes.  The sums are
 * of distances from a close nearby, so that little is lost when a small
 * deviation stands on a large price; a window of equal closes has exactly 0.
 */
struct moments {
	struct ring ring;
	double near; /* the newest close when the sums were made */
	double sum, squares, inverse, width;
	double last;
	int same; /* last closes that are equal */
	int fresh;
};

size_t
bbands_size(const double *p)
{
	return sizeof(struct moments) + (size_t)p[0] * sizeof(double);
}

void
bbands_init(void *state, const double *p)
{
	struct moments *s = state;

	*s = (struct moments){
		.inverse = 1 / p[0], .width = p[1], .last = REAL_NONE
	};
	ring_init(&s->ring, (int)p[0], (double *)(s + 1));
}

static inline double
moments_mean(const struct moments *s)
{
	return s->near + s->sum * s->inverse;
}

static inline double
moments_deviation(const struct moments *s)
{
	double mean = s->sum * s->inverse;
	double variance = s->squares * s->inverse - mean * mean;

	return variance > 0 && s->same < s->ring.n ? sqrt(variance) : 0;
}

static void
moments_sum(struct moments *s)
{
	s->near = s->last;
	s->sum = s->squares = 0;
	for (int i = 0; i < s->ring.n; i++) {
		double d = s->ring.v[i] - s->near;

		s->sum += d;
		s->squares += d * d;
	}
	s->fresh = KERNEL_FRESH;
}

/* Closes until the ring is full; returns how many candles it took. */
static size_t
moments_fill(struct moments *s, const double *close, size_t count, double *mean,
    double *deviation)
{
	size_t i = 0;

	for (; i < count && !ring_is_full(&s->ring); i++) {
		s->same = s->same * real_equal(close[i], s->last) + 1;
		s->last = close[i];
		ring_push(&s->ring, close[i]);
		mean[i] = deviation[i] = REAL_NONE;
		if (!ring_is_full(&s->ring))
			continue;
		moments_sum(s);
		mean[i] = moments_mean(s);
		deviation[i] = moments_deviation(s);
	}
	return i;
}

/* A full ring goes on, as far as its sums stay fresh. */
static size_t
moments_slide(struct moments *state, const double *close, size_t count,
    double *mean, double *deviation)
{
	struct moments s = *state;
	size_t n = count < (size_t)s.fresh ? count : (size_t)s.fresh;

	for (size_t i = 0; i < n; i++) {
		double x = close[i], old = s.ring.v[s.ring.at];
		double in = x - s.near, out = old - s.near;

		s.ring.v[s.ring.at] = x;
		s.ring.at = s.ring.at + 1 == s.ring.n ? 0 : s.ring.at + 1;
		s.same = s.same * real_equal(x, s.last) + 1;
		s.last = x;
		s.sum += x - old;
		s.squares += (in - out) * (in + out);
		mean[i] = moments_mean(&s);
		deviation[i] = moments_deviation(&s);
	}
	s.fresh -= (int)n;
	*state = s;
	return n;
}

static void
moments_update(struct moments *s, const double *close, size_t count,
    double *mean, double *deviation)
{
	size_t i = moments_fill(s, close, count, mean, deviation);

	while (i < count) {
		if (s->fresh == 0)
			moments_sum(s);
		i += moments_slide(s, close + i, count - i, mean + i,
		    deviation + i);
	}
}

/* bbands(n,k) = mean +- k deviations. */
void
bbands_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	struct moments *s = state;
	double *upper = out[0], *middle = out[1], *lower = out[2];
	double deviation[BLOCK];

	for (size_t i = 0; i < count; i += BLOCK) {
		size_t n = count - i < BLOCK ? count - i : BLOCK;

		moments_update(s, in->close + i, n, middle + i, deviation);
		for (size_t k = 0; k < n; k++) {
			double band = s->width * deviation[k];

			upper[i + k] = middle[i + k] + band;
			lower[i + k] = middle[i + k] - band;
		}
	}
}

size_t
stddev_size(const double *p)
{
	return bbands_size(p);
}

void
stddev_init(void *state, const double *p)
{
	const double unused_width[2] = { p[0], 0 };

	bbands_init(state, unused_width);
}

void
stddev_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	struct moments *s = state;
	double mean[BLOCK];

	for (size_t i = 0; i < count; i += BLOCK) {
		size_t n = count - i < BLOCK ? count - i : BLOCK;

		moments_update(s, in->close + i, n, mean, out[0] + i);
	}
}

/*
 * The true range; that of the first candle is none, or high - low with `hl`.
 */
struct tr {
	double last; /* close; NaN before the first */
	bool first_counts;
};

static inline void
tr_begin(struct tr *s, bool first_counts)
{
	*s = (struct tr){ .last = REAL_NONE, .first_counts = first_counts };
}

static inline double
tr_push(struct tr *s, const struct columns *in, size_t i)
{
	double range = REAL_NONE;

	if (!isnan(s->last))
		range = true_range(in->high[i], in->low[i], s->last);
	else if (s->first_counts)
		range = in->high[i] - in->low[i];
	s->last = in->close[i];
	return range;
}

size_t
tr_size(const double *p)
{
	(void)p;
	return sizeof(struct tr);
}

void
tr_init(void *state, const double *p)
{
	tr_begin(state, p[0] > 0);
}

void
tr_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	struct tr s = *(struct tr *)state;

	for (size_t i = 0; i < count; i++)
		out[0][i] = tr_push(&s, in, i);
	*(struct tr *)state = s;
}

/* atr(n): Wilder's average of the true range, or its plain mean (`sma`). */
struct atr {
	struct tr tr;
	struct smooth smooth;
	bool plain;
	struct ring ring; /* of plain means */
};

size_t
atr_size(const double *p)
{
	return sizeof(struct atr) +
	    (p[1] > 0 ? (size_t)p[0] * sizeof(double) : 0);
}

void
atr_init(void *state, const double *p)
{
	struct atr *s = state;

	*s = (struct atr){ .plain = p[1] > 0 };
	tr_begin(&s->tr, p[2] > 0);
	smooth_init(&s->smooth, (int)p[0], 1 / p[0]);
	if (s->plain)
		ring_init(&s->ring, (int)p[0], (double *)(s + 1));
}

static void
atr_plain(struct atr *s, const struct columns *in, size_t count, double *out)
{
	for (size_t i = 0; i < count; i++) {
		double range = tr_push(&s->tr, in, i);

		if (!isnan(range))
			ring_push(&s->ring, range);
		out[i] = ring_is_full(&s->ring) ?
		    ring_sum(&s->ring) / s->ring.n :
		    REAL_NONE;
	}
}

void
atr_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	struct atr s = *(struct atr *)state;

	if (s.plain) {
		atr_plain(state, in, count, out[0]);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		double range = tr_push(&s.tr, in, i);

		out[0][i] =
		    isnan(range) ? REAL_NONE : smooth_push(&s.smooth, range);
	}
	*(struct atr *)state = s;
}

/* natr: atr in percent of the close. */
size_t
natr_size(const double *p)
{
	return atr_size(p);
}

void
natr_init(void *state, const double *p)
{
	atr_init(state, p);
}

void
natr_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	atr_update(state, in, count, out);
	for (size_t i = 0; i < count; i++)
		out[0][i] = 100 * out[0][i] / in->close[i];
}

/* keltner(n,mult,atr) = ema(n) +- mult x atr(atr). */
struct keltner {
	struct smooth middle;
	struct tr tr;
	struct smooth range;
	double width;
};

size_t
keltner_size(const double *p)
{
	(void)p;
	return sizeof(struct keltner);
}

void
keltner_init(void *state, const double *p)
{
	struct keltner *s = state;

	s->width = p[1];
	smooth_init(&s->middle, (int)p[0], 2 / (p[0] + 1));
	smooth_init(&s->range, (int)p[2], 1 / p[2]);
	tr_begin(&s->tr, false);
}

void
keltner_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	struct keltner *s = state;

	for (size_t i = 0; i < count; i++) {
		double middle = smooth_push(&s->middle, in->close[i]);
		double range = tr_push(&s->tr, in, i);

		if (!isnan(range))
			range = smooth_push(&s->range, range);
		out[0][i] = middle + s->width * range;
		out[1][i] = isnan(range) ? REAL_NONE : middle;
		out[2][i] = middle - s->width * range;
	}
}

/* donchian(n): the highest high, the lowest low and their middle. */
struct donchian {
	struct extreme low, high;
};

size_t
donchian_size(const double *p)
{
	return sizeof(struct donchian) + 2 * (size_t)p[0] * sizeof(double);
}

void
donchian_init(void *state, const double *p)
{
	struct donchian *s = state;
	double *memory = extreme_init(&s->low, (int)p[0], (double *)(s + 1));

	extreme_init(&s->high, (int)p[0], memory);
}

void
donchian_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	struct donchian *s = state;

	for (size_t i = 0; i < count; i++) {
		double upper = REAL_NONE, lower = REAL_NONE;

		extreme_push(&s->low, -in->low[i]);
		extreme_push(&s->high, in->high[i]);
		if (ring_is_full(&s->low.ring)) {
			upper = s->high.best;
			lower = -s->low.best;
		}
		out[0][i] = upper;
		out[1][i] = (upper + lower) / 2;
		out[2][i] = lower;
	}
}
