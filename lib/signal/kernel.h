#ifndef TB_SIGNAL_KERNEL_H
#define TB_SIGNAL_KERNEL_H

/*
 * kernel: what the indicators' kernels share.  Private to lib/signal.
 *
 * A kernel is three functions: the size of its state, how it begins, and how
 * it goes on by a block of candles.  Loops work on local copies of the state,
 * so that it stays in registers; no branch depends on the sign of a price
 * change, which a market makes as hard to predict as a coin.
 */

#include <math.h>
#include <stddef.h>

#include "signal/indicator.h"

/*
 * A running sum drifts by rounding; it is summed anew after so many candles,
 * always the same ones counted from the first, so that results repeat.
 */
#define KERNEL_FRESH 1024

/* The last n values.  The memory is part of the kernel's state. */
struct ring {
	double *v;
	int n;	   /* its length */
	int at;	   /* where the next value goes: the oldest once it is full */
	int count; /* values it holds */
};

/* ring_init: takes n doubles of memory; returns what is behind them. */
static inline double *
ring_init(struct ring *r, int n, double *memory)
{
	*r = (struct ring){ .v = memory, .n = n };
	return memory + n;
}

static inline bool
ring_is_full(const struct ring *r)
{
	return r->count == r->n;
}

/* ring_push: x replaces the oldest value, which is returned (0: none). */
static inline double
ring_push(struct ring *r, double x)
{
	double old = 0;

	if (r->count == r->n)
		old = r->v[r->at];
	else
		r->count++;
	r->v[r->at] = x;
	r->at = r->at + 1 == r->n ? 0 : r->at + 1;
	return old;
}

/* ring_get: the value that is age candles old; 0 is the newest. */
static inline double
ring_get(const struct ring *r, int age)
{
	int i = r->at - 1 - age;

	return r->v[i < 0 ? i + r->n : i];
}

/* ring_sum: of a full ring, from the oldest to the newest. */
double ring_sum(const struct ring *r);

static inline double
larger(double a, double b)
{
	return a > b ? a : b;
}

static inline double
smaller(double a, double b)
{
	return a < b ? a : b;
}

/* The range that a candle covers, the gap from the last close included. */
static inline double
true_range(double high, double low, double last_close)
{
	return larger(high, last_close) - smaller(low, last_close);
}

/*
 * An exponential average, seeded with the plain mean of its first n values.
 * alpha is 2/(n+1) for ema, 1/n for what Wilder smoothed.
 */
struct smooth {
	double keep, alpha; /* keep is 1 - alpha */
	double value;	    /* while count < n: the sum */
	int n, count;
};

static inline void
smooth_init(struct smooth *s, int n, double alpha)
{
	*s = (struct smooth){ .keep = 1 - alpha, .alpha = alpha, .n = n };
}

/* smooth_push: the average, NaN before the n-th value. */
static inline double
smooth_push(struct smooth *s, double x)
{
	if (s->count == s->n) {
		s->value = s->value * s->keep + s->alpha * x;
		return s->value;
	}
	s->value += x;
	if (++s->count < s->n)
		return REAL_NONE;
	s->value /= s->n;
	return s->value;
}

/*
 * Highest or lowest of the last n values.  The best is looked for again only
 * when it leaves the window.
 */
struct extreme {
	struct ring ring; /* of values, those of a lowest with their sign
			     turned */
	double best;
	int age; /* candles since the best; of equal ones the newest */
};

static inline double *
extreme_init(struct extreme *e, int n, double *memory)
{
	*e = (struct extreme){ .best = -(double)INFINITY };
	return ring_init(&e->ring, n, memory);
}

void extreme_push(struct extreme *e, double x);

/* warm_up_of: n candles and what it takes alpha to forget to 1e-6. */
int warm_up_of(int n, double alpha);

/* Kernels, by file. */
#define KERNEL(name)                                                           \
 size_t name##_size(const double *p);                                          \
 void name##_init(void *state, const double *p);                               \
 void name##_update(void *state, const struct columns *in, size_t count,       \
     double *const *out)

/* average.c */
KERNEL(sma);
KERNEL(ema);
KERNEL(wma);
KERNEL(dema);
KERNEL(tema);
KERNEL(rma);
KERNEL(macd);

/* momentum.c */
KERNEL(rsi);
KERNEL(stochrsi);
KERNEL(stoch);
KERNEL(willr);
KERNEL(cci);
KERNEL(mom);
KERNEL(roc);

/* volatility.c */
KERNEL(bbands);
KERNEL(stddev);
KERNEL(tr);
KERNEL(atr);
KERNEL(natr);
KERNEL(keltner);
KERNEL(donchian);

/* trend.c */
KERNEL(adx);
KERNEL(di);
KERNEL(dx);
KERNEL(aroon);
KERNEL(psar);
KERNEL(supertrend);

/* volume.c */
KERNEL(mfi);
KERNEL(obv);
KERNEL(ad);
KERNEL(vwap);
KERNEL(vwma);

/* legacy.c */
KERNEL(legacy_ma);
KERNEL(legacy_macd);

#undef KERNEL

#endif /* TB_SIGNAL_KERNEL_H */
