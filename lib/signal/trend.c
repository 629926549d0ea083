#include "signal/kernel.h"

/*
 * Directional movement (Wilder): sums of the true range and of the part of a
 * move that leaves the last candle upward or downward, seeded with the plain
 * sum of the first n, then S - S/n + x.  di is 100 x movement / range, dx =
 * 100 |pdi - mdi| / (pdi + mdi), adx Wilder's average of dx; 0 over 0 is 0.
 */
struct movement {
	double last_high, last_low, last_close;
	double range, plus, minus;
	int n, seen; /* candles after the first */
	bool started;
	struct smooth adx;
};

size_t
di_size(const double *p)
{
	(void)p;
	return sizeof(struct movement);
}

void
di_init(void *state, const double *p)
{
	struct movement *s = state;

	*s = (struct movement){ .n = (int)p[0] };
	smooth_init(&s->adx, s->n, 1 / p[0]);
}

/* Adds x to a sum that fills, or smooths it into one that is full. */
static inline double
wilder_sum(const struct movement *s, double sum, double x)
{
	return s->seen <= s->n ? sum + x : sum - sum / s->n + x;
}

/* Takes a candle; false while there is no value. */
static bool
movement_push(struct movement *s, const struct columns *in, size_t i)
{
	double high = in->high[i], low = in->low[i];
	double up = high - s->last_high, down = s->last_low - low;

	if (s->started) {
		s->seen++;
		s->range = wilder_sum(s, s->range,
		    true_range(high, low, s->last_close));
		s->plus = wilder_sum(s, s->plus, up > down && up > 0 ? up : 0);
		s->minus =
		    wilder_sum(s, s->minus, down > up && down > 0 ? down : 0);
	}
	s->started = true;
	s->last_high = high;
	s->last_low = low;
	s->last_close = in->close[i];
	return s->seen >= s->n;
}

static inline double
percent(double part, double whole)
{
	return whole > 0 ? 100 * (part / whole) : 0;
}

static inline double
movement_dx(const struct movement *s)
{
	double plus = percent(s->plus, s->range);
	double minus = percent(s->minus, s->range);

	return percent(fabs(plus - minus), plus + minus);
}

void
di_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	struct movement *s = state;

	for (size_t i = 0; i < count; i++) {
		bool has = movement_push(s, in, i);

		out[0][i] = has ? percent(s->plus, s->range) : REAL_NONE;
		out[1][i] = has ? percent(s->minus, s->range) : REAL_NONE;
	}
}

size_t
dx_size(const double *p)
{
	return di_size(p);
}

void
dx_init(void *state, const double *p)
{
	di_init(state, p);
}

void
dx_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	struct movement *s = state;

	for (size_t i = 0; i < count; i++)
		out[0][i] =
		    movement_push(s, in, i) ? movement_dx(s) : REAL_NONE;
}

size_t
adx_size(const double *p)
{
	return di_size(p);
}

void
adx_init(void *state, const double *p)
{
	di_init(state, p);
}

void
adx_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	struct movement *s = state;

	for (size_t i = 0; i < count; i++) {
		bool has = movement_push(s, in, i);

		out[0][i] =
		    has ? smooth_push(&s->adx, movement_dx(s)) : REAL_NONE;
	}
}

/*
 * aroon(n): how recently the highest high (up) and the lowest low (down) of
 * the last n + 1 candles were: 100 now, 0 n candles ago; of equals the newest.
 */
struct aroon {
	struct extreme low, high;
	int n;
};

size_t
aroon_size(const double *p)
{
	return sizeof(struct aroon) + 2 * ((size_t)p[0] + 1) * sizeof(double);
}

void
aroon_init(void *state, const double *p)
{
	struct aroon *s = state;
	double *memory;

	s->n = (int)p[0];
	memory = extreme_init(&s->low, s->n + 1, (double *)(s + 1));
	extreme_init(&s->high, s->n + 1, memory);
}

void
aroon_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	struct aroon *s = state;

	for (size_t i = 0; i < count; i++) {
		bool full;

		extreme_push(&s->low, -in->low[i]);
		extreme_push(&s->high, in->high[i]);
		full = ring_is_full(&s->low.ring);
		out[0][i] =
		    full ? 100.0 * (s->n - s->high.age) / s->n : REAL_NONE;
		out[1][i] =
		    full ? 100.0 * (s->n - s->low.age) / s->n : REAL_NONE;
	}
}

/*
 * psar(step,max): Wilder's stop and reverse.  The stop follows the extreme of
 * the trend by a share of their distance that grows by step up to max with
 * each new extreme, and never enters the last two candles.  The first trend
 * is down where the second candle fell further than it rose.
 *
 * A falling trend is computed as a rising one of mirrored prices.
 */
struct psar {
	double step, max;
	double stop, extreme, share; /* mirrored in a falling trend */
	double last_high, last_low;
	int seen;
	bool falls;
};

size_t
psar_size(const double *p)
{
	(void)p;
	return sizeof(struct psar);
}

void
psar_init(void *state, const double *p)
{
	*(struct psar *)state = (struct psar){ .step = p[0], .max = p[1] };
}

/* The second candle decides the trend and where it starts. */
static void
psar_begin(struct psar *s, double high, double low)
{
	double up = high - s->last_high, down = s->last_low - low;

	s->falls = down > 0 && down > up;
	s->share = s->step;
	s->stop = s->falls ? -s->last_high : s->last_low;
	s->extreme = s->falls ? -low : high;
	s->last_high = high;
	s->last_low = low;
}

/* One step of a rising trend; true where it ends, *out in its own mirror. */
static bool
psar_step(struct psar *s, const double last[2], const double now[2],
    double *out)
{
	enum { LOW, HIGH };
	bool turns = now[LOW] <= s->stop;

	if (turns) {
		/* Mirrored: the highest becomes the stop above prices. */
		s->stop = -larger(s->extreme, larger(last[HIGH], now[HIGH]));
		s->extreme = -now[LOW];
		s->share = s->step;
		*out = -s->stop;
		s->stop += s->share * (s->extreme - s->stop);
		s->stop = smaller(s->stop, smaller(-last[HIGH], -now[HIGH]));
		return true;
	}
	*out = s->stop;
	if (now[HIGH] > s->extreme) {
		s->extreme = now[HIGH];
		s->share = smaller(s->share + s->step, s->max);
	}
	s->stop += s->share * (s->extreme - s->stop);
	s->stop = smaller(s->stop, smaller(last[LOW], now[LOW]));
	return false;
}

void
psar_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	struct psar *s = state;

	for (size_t i = 0; i < count; i++) {
		double high = in->high[i], low = in->low[i], stop = REAL_NONE;

		if (s->seen == 1)
			psar_begin(s, high, low);
		if (s->seen >= 1) {
			bool falls = s->falls;
			const double last[2] = { falls ? -s->last_high :
							 s->last_low,
				falls ? -s->last_low : s->last_high };
			const double now[2] = { falls ? -high : low,
				falls ? -low : high };

			s->falls ^= psar_step(s, last, now, &stop);
			stop = falls ? -stop : stop;
		}
		s->seen += s->seen < 2;
		s->last_high = high;
		s->last_low = low;
		out[0][i] = stop;
	}
}

/*
 * supertrend(n,mult): bands of mult x atr(n) around the middle of the candle,
 * each only drawn closer while the close stays on its side of it; the value
 * is the band that the trend leans on.
 */
struct supertrend {
	double width, upper, lower;
	double last; /* close; NaN before the first */
	struct smooth range;
	bool rises;
	bool started;
};

size_t
supertrend_size(const double *p)
{
	(void)p;
	return sizeof(struct supertrend);
}

void
supertrend_init(void *state, const double *p)
{
	struct supertrend *s = state;

	*s = (struct supertrend){ .width = p[1], .last = REAL_NONE };
	smooth_init(&s->range, (int)p[0], 1 / p[0]);
}

static double
supertrend_value(struct supertrend *s, double middle, double range,
    double close)
{
	double upper = middle + s->width * range;
	double lower = middle - s->width * range;

	if (!s->started)
		s->rises = close >= middle;
	if (!s->started || upper < s->upper || s->last > s->upper)
		s->upper = upper;
	if (!s->started || lower > s->lower || s->last < s->lower)
		s->lower = lower;
	s->started = true;
	s->rises = close > (s->rises ? s->lower : s->upper);
	return s->rises ? s->lower : s->upper;
}

void
supertrend_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	struct supertrend *s = state;

	for (size_t i = 0; i < count; i++) {
		double high = in->high[i], low = in->low[i], range = REAL_NONE;

		if (!isnan(s->last))
			range = smooth_push(&s->range,
			    true_range(high, low, s->last));
		out[0][i] = REAL_NONE;
		if (!isnan(range))
			out[0][i] = supertrend_value(s, (high + low) / 2, range,
			    in->close[i]);
		s->last = in->close[i];
	}
}
