#include "signal/kernel.h"

/* The plain mean of the last n closes. */
struct sma {
	struct ring ring;
	double sum, inverse;
	int fresh; /* candles until it is summed anew */
};

size_t
sma_size(const double *p)
{
	return sizeof(struct sma) + (size_t)p[0] * sizeof(double);
}

void
sma_init(void *state, const double *p)
{
	struct sma *s = state;

	*s = (struct sma){ .inverse = 1 / p[0], .fresh = KERNEL_FRESH };
	ring_init(&s->ring, (int)p[0], (double *)(s + 1));
}

/* Closes until the ring is full; returns how many candles it took. */
static size_t
sma_fill(struct sma *s, const double *close, size_t count, double *mean)
{
	size_t i = 0;

	for (; i < count && !ring_is_full(&s->ring); i++) {
		ring_push(&s->ring, close[i]);
		s->sum += close[i];
		mean[i] =
		    ring_is_full(&s->ring) ? s->sum * s->inverse : REAL_NONE;
	}
	return i;
}

/* A full ring goes on, as far as its sum stays fresh. */
static size_t
sma_slide(struct sma *s, const double *close, size_t count, double *mean)
{
	size_t n = count < (size_t)s->fresh ? count : (size_t)s->fresh;
	double *ring = s->ring.v, sum = s->sum, inverse = s->inverse;
	int at = s->ring.at, end = s->ring.n;

	for (size_t i = 0; i < n; i++) {
		double x = close[i];

		sum += x - ring[at];
		ring[at] = x;
		at = at + 1 == end ? 0 : at + 1;
		mean[i] = sum * inverse;
	}
	s->sum = sum;
	s->ring.at = at;
	s->fresh -= (int)n;
	return n;
}

void
sma_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	struct sma *s = state;
	size_t i = sma_fill(s, in->close, count, out[0]);

	while (i < count) {
		if (s->fresh == 0) {
			s->fresh = KERNEL_FRESH;
			s->sum = ring_sum(&s->ring);
		}
		i += sma_slide(s, in->close + i, count - i, out[0] + i);
	}
}

/* ema(n), and the same with Wilder's alpha. */
size_t
ema_size(const double *p)
{
	(void)p;
	return sizeof(struct smooth);
}

void
ema_init(void *state, const double *p)
{
	smooth_init(state, (int)p[0], 2 / (p[0] + 1));
}

void
ema_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	struct smooth s = *(struct smooth *)state;

	for (size_t i = 0; i < count; i++)
		out[0][i] = smooth_push(&s, in->close[i]);
	*(struct smooth *)state = s;
}

size_t
rma_size(const double *p)
{
	return ema_size(p);
}

void
rma_init(void *state, const double *p)
{
	smooth_init(state, (int)p[0], 1 / p[0]);
}

void
rma_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	ema_update(state, in, count, out);
}

/* The mean weighted n, n-1, ... 1 from the newest close to the oldest. */
struct wma {
	struct ring ring;
	double sum, weighted, inverse;
	int fresh;
};

size_t
wma_size(const double *p)
{
	return sizeof(struct wma) + (size_t)p[0] * sizeof(double);
}

void
wma_init(void *state, const double *p)
{
	struct wma *s = state;

	*s = (struct wma){ .inverse = 2 / (p[0] * (p[0] + 1)),
		.fresh = KERNEL_FRESH };
	ring_init(&s->ring, (int)p[0], (double *)(s + 1));
}

static void
wma_sum(struct wma *s)
{
	s->sum = s->weighted = 0;
	for (int age = 0; age < s->ring.n; age++) {
		s->sum += ring_get(&s->ring, age);
		s->weighted += ring_get(&s->ring, age) * (s->ring.n - age);
	}
}

void
wma_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	struct wma s = *(struct wma *)state;

	for (size_t i = 0; i < count; i++) {
		double x = in->close[i];
		int weight = s.ring.count + !ring_is_full(&s.ring);

		/* All weights sink by one; the oldest had 1 and has 0. */
		if (ring_is_full(&s.ring))
			s.weighted -= s.sum;
		s.weighted += weight * x;
		s.sum += x - ring_push(&s.ring, x);
		if (--s.fresh == 0) {
			s.fresh = KERNEL_FRESH;
			if (ring_is_full(&s.ring))
				wma_sum(&s);
		}
		out[0][i] =
		    ring_is_full(&s.ring) ? s.weighted * s.inverse : REAL_NONE;
	}
	*(struct wma *)state = s;
}

/*
 * dema = 2 e1 - e2, tema = 3 e1 - 3 e2 + e3, each stage the ema of the one
 * before, seeded with the mean of its first n.
 */
struct stages {
	struct smooth stage[3];
};

size_t
dema_size(const double *p)
{
	(void)p;
	return sizeof(struct stages);
}

void
dema_init(void *state, const double *p)
{
	struct stages *s = state;

	for (size_t k = 0; k < 3; k++)
		smooth_init(&s->stage[k], (int)p[0], 2 / (p[0] + 1));
}

void
dema_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	struct stages *s = state;

	for (size_t i = 0; i < count; i++) {
		double e1 = smooth_push(&s->stage[0], in->close[i]),
		       e2 = REAL_NONE;

		if (!isnan(e1))
			e2 = smooth_push(&s->stage[1], e1);
		out[0][i] = 2 * e1 - e2;
	}
}

size_t
tema_size(const double *p)
{
	return dema_size(p);
}

void
tema_init(void *state, const double *p)
{
	dema_init(state, p);
}

void
tema_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	struct stages *s = state;

	for (size_t i = 0; i < count; i++) {
		double e1 = smooth_push(&s->stage[0], in->close[i]);
		double e2 = REAL_NONE, e3 = REAL_NONE;

		if (!isnan(e1))
			e2 = smooth_push(&s->stage[1], e1);
		if (!isnan(e2))
			e3 = smooth_push(&s->stage[2], e2);
		out[0][i] = 3 * (e1 - e2) + e3;
	}
}

/*
 * macd = ema(fast) - ema(slow), each with its own seed; signal is the ema of
 * it, histogram their difference.  With `talib` the fast one starts late, so
 * that both are seeded at the same candle.
 */
struct macd {
	struct smooth fast, slow, signal;
	int late; /* closes that the fast one still passes over */
};

size_t
macd_size(const double *p)
{
	(void)p;
	return sizeof(struct macd);
}

void
macd_init(void *state, const double *p)
{
	struct macd *s = state;

	smooth_init(&s->fast, (int)p[0], 2 / (p[0] + 1));
	smooth_init(&s->slow, (int)p[1], 2 / (p[1] + 1));
	smooth_init(&s->signal, (int)p[2], 2 / (p[2] + 1));
	s->late = p[3] > 0 ? (int)(p[1] - p[0]) : 0;
}

void
macd_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	struct macd s = *(struct macd *)state;

	for (size_t i = 0; i < count; i++) {
		double slow = smooth_push(&s.slow, in->close[i]);
		double fast = REAL_NONE, signal = REAL_NONE, macd;

		if (s.late > 0)
			s.late--;
		else
			fast = smooth_push(&s.fast, in->close[i]);
		macd = fast - slow;
		if (s.slow.count == s.slow.n)
			signal = smooth_push(&s.signal, macd);
		out[0][i] = macd;
		out[1][i] = signal;
		out[2][i] = macd - signal;
	}
	*(struct macd *)state = s;
}
