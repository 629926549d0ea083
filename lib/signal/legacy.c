#include "signal/legacy.h"

#include "signal/kernel.h"

/* The old system's constants, as it spelled them. */
#define CROSSED 0.8	    /* an average crossed the other */
#define SEPARATION 0.1	    /* of a percent between them, in tanh() */
#define MACD_SIDE 0.4	    /* macd above or below its signal */
#define MACD_SIGN 0.3	    /* macd above or below 0 */
#define MACD_MOMENTUM 0.3   /* of the change of the histogram */
#define MACD_STEEPNESS 1000 /* per unit of price: not scale-free */
#define MACD_MARGIN 5	    /* closes beyond slow + signal */

struct legacy {
	struct ring closes;
	double p[3];
};

static size_t
legacy_size(const double *p)
{
	(void)p;
	return sizeof(struct legacy) + LEGACY_WINDOW * sizeof(double);
}

static void
legacy_init(void *state, const double *p)
{
	struct legacy *s = state;

	*s = (struct legacy){ .p = { p[0], p[1], p[2] } };
	ring_init(&s->closes, LEGACY_WINDOW, (double *)(s + 1));
}

static int
legacy_reads(const double *p)
{
	(void)p;
	return LEGACY_WINDOW;
}

int
legacy_ma_needs(const double *p)
{
	return (int)larger(p[0], p[1]) + 1;
}

int
legacy_macd_needs(const double *p)
{
	return (int)(p[1] + p[2]) + MACD_MARGIN;
}

/*
 * The mean of n closes that end age candles ago; of equal ones that close
 * itself, because a crossing is a matter of the last bit.
 */
static double
mean_of(const struct ring *closes, int age, int n)
{
	double newest = ring_get(closes, age), sum = 0;
	bool flat = true;

	for (int i = age + n - 1; i >= age; i--) {
		sum += ring_get(closes, i);
		flat = flat && real_equal(ring_get(closes, i), newest);
	}
	return flat ? newest : sum / n;
}

static void
ma_values(const struct legacy *s, double *const *out, size_t i)
{
	int fast_n = (int)s->p[0], slow_n = (int)s->p[1];
	double fast, slow, fast_before, slow_before, score;

	out[0][i] = out[1][i] = out[2][i] = REAL_NONE;
	if (s->closes.count < legacy_ma_needs(s->p))
		return;
	fast = mean_of(&s->closes, 0, fast_n);
	slow = mean_of(&s->closes, 0, slow_n);
	fast_before = mean_of(&s->closes, 1, fast_n);
	slow_before = mean_of(&s->closes, 1, slow_n);
	if (fast_before <= slow_before && fast > slow)
		score = CROSSED;
	else if (fast_before >= slow_before && fast < slow)
		score = -CROSSED;
	else
		score = tanh(SEPARATION * ((fast - slow) / slow * 100));
	out[0][i] = score;
	out[1][i] = fast;
	out[2][i] = slow;
}

static void
ma_update(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	struct legacy *s = state;

	for (size_t i = 0; i < count; i++) {
		ring_push(&s->closes, in->close[i]);
		if (out != NULL)
			ma_values(s, out, i);
	}
}

/*
 * The mean of all values so far with weights (1 - alpha)^age, divided by
 * their sum; a value equal to it leaves it as it is, to the last bit.
 */
struct normalised {
	double keep, weight, value;
};

static void
normalised_begin(struct normalised *n, double length)
{
	*n = (struct normalised){ .keep = 1 - 2 / (length + 1) };
}

static double
normalised_push(struct normalised *n, double x)
{
	n->weight *= n->keep;
	if (!real_equal(n->value, x))
		n->value = (n->weight * n->value + x) / (n->weight + 1);
	n->weight += 1;
	return n->value;
}

static void
macd_values(const struct legacy *s, double *const *out, size_t i)
{
	struct normalised fast, slow, signal;
	double macd = 0, line = 0, histogram = 0, before = 0, score;

	out[0][i] = out[1][i] = out[2][i] = out[3][i] = REAL_NONE;
	if (s->closes.count < legacy_macd_needs(s->p))
		return;
	normalised_begin(&fast, s->p[0]);
	normalised_begin(&slow, s->p[1]);
	normalised_begin(&signal, s->p[2]);
	for (int age = s->closes.count - 1; age >= 0; age--) {
		double close = ring_get(&s->closes, age);

		before = histogram;
		macd = normalised_push(&fast, close) -
		    normalised_push(&slow, close);
		line = normalised_push(&signal, macd);
		histogram = macd - line;
	}
	/* On a flat series both comparisons fail: it says sell. */
	score = macd > line ? MACD_SIDE : -MACD_SIDE;
	score += macd > 0 ? MACD_SIGN : -MACD_SIGN;
	score += MACD_MOMENTUM * tanh(MACD_STEEPNESS * (histogram - before));
	out[0][i] = larger(-1, smaller(1, score));
	out[1][i] = macd;
	out[2][i] = line;
	out[3][i] = histogram;
}

static void
macd_update_window(void *state, const struct columns *in, size_t count,
    double *const *out)
{
	struct legacy *s = state;

	for (size_t i = 0; i < count; i++) {
		ring_push(&s->closes, in->close[i]);
		if (out != NULL)
			macd_values(s, out, i);
	}
}

const struct indicator legacy_ma = {
	.name = "legacy_ma",
	.description = "score of moving averages as the old system made it",
	.parameters = {
		{ .name = "fast", .min = 1, .max = 99, .fallback = 10 },
		{ .name = "slow", .min = 2, .max = 99, .fallback = 20 },
	},
	.columns = { "score", "fast", "slow" },
	.reads = legacy_reads,
	.size = legacy_size,
	.init = legacy_init,
	.update = ma_update,
	.lazy = true,
};

const struct indicator legacy_macd = {
	.name = "legacy_macd",
	.description = "score of macd as the old system made it",
	.parameters = {
		{ .name = "fast", .min = 1, .max = 99, .fallback = 12 },
		{ .name = "slow", .min = 2, .max = 99, .fallback = 26 },
		{ .name = "signal", .min = 1, .max = 99, .fallback = 9 },
	},
	.columns = { "score", "macd", "signal", "histogram" },
	.reads = legacy_reads,
	.size = legacy_size,
	.init = legacy_init,
	.update = macd_update_window,
	.lazy = true,
};
