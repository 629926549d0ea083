#include "signal/kernel.h"

/*
 * What the kernels of this file share: two values a candle over a window, or
 * over everything since the first candle where n is 0; each is summed anew a
 * candle, because a volume of 0 must sum to 0.
 */
struct pair {
	struct ring a, b;
	double sum_a,
	    sum_b; /* since the first; of a window at its last value */
};

static size_t
pair_memory(const double *p)
{
	return 2 * (size_t)p[0] * sizeof(double);
}

static void
pair_init(struct pair *s, const double *p, double *memory)
{
	*s = (struct pair){ 0 };
	memory = ring_init(&s->a, (int)p[0], memory);
	ring_init(&s->b, (int)p[0], memory);
}

static void
pair_push(struct pair *s, double a, double b)
{
	if (s->a.n == 0) {
		s->sum_a += a;
		s->sum_b += b;
		return;
	}
	ring_push(&s->a, a);
	ring_push(&s->b, b);
}

/* a over b, each summed; NaN while the window fills, or where b is 0. */
static double
pair_ratio(struct pair *s)
{
	if (!ring_is_full(&s->a))
		return REAL_NONE;
	if (s->a.n > 0) {
		s->sum_a = ring_sum(&s->a);
		s->sum_b = ring_sum(&s->b);
	}
	return s->sum_b > 0 ? s->sum_a / s->sum_b : REAL_NONE;
}

static inline double
typical_price(const struct columns *in, size_t i)
{
	return (in->high[i] + in->low[i] + in->close[i]) / 3;
}

/*
 * vwap: the typical price weighted by volume, from the first candle on or
 * over the last n.
 */
size_t
vwap_size(const double *p)
{
	return sizeof(struct pair) + pair_memory(p);
}

void
vwap_init(void *state, const double *p)
{
	struct pair *s = state;

	pair_init(s, p, (double *)(s + 1));
}

void
vwap_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	struct pair *s = state;

	for (size_t i = 0; i < count; i++) {
		pair_push(s, typical_price(in, i) * in->volume[i],
		    in->volume[i]);
		if (out != NULL)
			out[0][i] = pair_ratio(s);
	}
}

/* vwma(n): the close weighted by volume. */
size_t
vwma_size(const double *p)
{
	return vwap_size(p);
}

void
vwma_init(void *state, const double *p)
{
	vwap_init(state, p);
}

void
vwma_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	struct pair *s = state;

	for (size_t i = 0; i < count; i++) {
		pair_push(s, in->close[i] * in->volume[i], in->volume[i]);
		if (out != NULL)
			out[0][i] = pair_ratio(s);
	}
}

/*
 * mfi: the rsi of money: typical price x volume counts as gain or loss by the
 * way the typical price went; undefined where no money moved.
 */
struct mfi {
	struct pair flow; /* a: in, b: in and out */
	double last;	  /* typical price; NaN before the first */
};

size_t
mfi_size(const double *p)
{
	return sizeof(struct mfi) + pair_memory(p);
}

void
mfi_init(void *state, const double *p)
{
	struct mfi *s = state;

	s->last = REAL_NONE;
	pair_init(&s->flow, p, (double *)(s + 1));
}

void
mfi_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	struct mfi *s = state;

	for (size_t i = 0; i < count; i++) {
		double price = typical_price(in, i);
		double flow = price * in->volume[i];
		bool up = price > s->last, down = price < s->last;

		if (!isnan(s->last))
			pair_push(&s->flow, up ? flow : 0,
			    up || down ? flow : 0);
		s->last = price;
		if (out != NULL)
			out[0][i] = 100 * pair_ratio(&s->flow);
	}
}

/*
 * obv: volume summed with the sign of the close's change, from 0, or from the
 * first candle's volume.
 */
struct obv {
	double sum, last; /* last: close; NaN before the first */
	bool from_volume;
};

size_t
obv_size(const double *p)
{
	(void)p;
	return sizeof(struct obv);
}

void
obv_init(void *state, const double *p)
{
	*(struct obv *)state =
	    (struct obv){ .last = REAL_NONE, .from_volume = p[0] > 0 };
}

void
obv_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	struct obv *s = state;

	for (size_t i = 0; i < count; i++) {
		double close = in->close[i], volume = in->volume[i];

		if (isnan(s->last) && s->from_volume)
			s->sum = volume;
		s->sum += close > s->last ? volume : 0;
		s->sum -= close < s->last ? volume : 0;
		s->last = close;
		out[0][i] = s->sum;
	}
}

/*
 * ad: volume summed with the place of the close in its candle as weight, from
 * -1 at the low to +1 at the high; 0 where high and low are one.
 */
size_t
ad_size(const double *p)
{
	(void)p;
	return sizeof(double);
}

void
ad_init(void *state, const double *p)
{
	(void)p;
	*(double *)state = 0;
}

void
ad_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	double *sum = state;

	for (size_t i = 0; i < count; i++) {
		double low = in->low[i], high = in->high[i];
		double close = in->close[i];

		if (high > low)
			*sum += ((close - low) - (high - close)) /
			    (high - low) * in->volume[i];
		out[0][i] = *sum;
	}
}
