#include "exchange/wave.h"

#define MINUTE_S 60
#define ONE 1000000    /* a share of one, in millionths */
#define GAPS_OF_1000 6 /* minutes without a trade */

/* splitmix64: a number of 64 bits from any two. */
static uint64_t
mix(uint64_t seed, int64_t n)
{
	uint64_t z = seed + (uint64_t)n * UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* Between -ONE and ONE, at a knot of the noise. */
static int64_t
knot(uint64_t seed, int64_t n)
{
	return (int64_t)(mix(seed, n) % (2 * ONE + 1)) - ONE;
}

/* Straight lines between knots that lie period_s apart. */
static int64_t
noise(uint64_t seed, int64_t at_s, int64_t period_s)
{
	int64_t n = at_s / period_s, left = at_s % period_s;
	int64_t a = knot(seed, n), b = knot(seed, n + 1);

	return a + (b - a) * left / period_s;
}

struct decimal
wave_price(const struct listing *l, int64_t at_s)
{
	static const struct {
		int64_t period_s, share; /* millionths of the price */
	} octaves[] = {
		{ INT64_C(30) * 86400, 200000 },
		{ INT64_C(4) * 86400, 60000 },
		{ INT64_C(9) * 3600, 20000 },
		{ INT64_C(70) * 60, 8000 },
		{ INT64_C(11) * 60, 2500 },
		{ MINUTE_S, 600 },
	};
	int64_t change = 0;
	struct decimal factor, price = l->start;

	for (size_t i = 0; i < sizeof(octaves) / sizeof(octaves[0]); i++)
		change += noise(l->seed + i, at_s, octaves[i].period_s) *
		    octaves[i].share / ONE;
	factor.v = (decimal_units)(ONE + change) * (DECIMAL_ONE_UNITS / ONE);
	if (decimal_mul(price, factor, DECIMAL_HALF_EVEN, &price) != TB_OK ||
	    decimal_quantize(price, l->rules.price_increment, DECIMAL_HALF_EVEN,
		&price) != TB_OK)
		return l->start;
	return price;
}

/* Some price steps beyond both ends: a minute is more than open and close. */
static struct decimal
beyond(const struct listing *l, struct decimal price, int64_t steps)
{
	struct decimal by = l->rules.price_increment;

	by.v *= steps;
	if (decimal_add(price, by, &price) != TB_OK || decimal_sign(price) <= 0)
		return l->rules.price_increment;
	return price;
}

bool
wave_candle(const struct listing *l, int64_t start_s, struct candle *out)
{
	uint64_t dice = mix(l->seed ^ UINT64_C(0x5eed), start_s / MINUTE_S);

	if (l->seed == 0) {
		*out = (struct candle){ start_s, l->fixed, l->fixed, l->fixed,
			l->fixed, DECIMAL_OF(1) };
		return true;
	}
	if (dice % 1000 < GAPS_OF_1000)
		return false;
	out->start_s = start_s;
	out->open = wave_price(l, start_s);
	out->close = wave_price(l, start_s + MINUTE_S - 1);
	out->high = beyond(l, decimal_max(out->open, out->close),
	    (int64_t)(dice >> 12 & 0xff));
	out->low = decimal_min(decimal_min(out->open, out->close),
	    beyond(l, decimal_min(out->open, out->close),
		-(int64_t)(dice >> 20 & 0xff)));
	/* 0.00000001 to 42.94967296 coins */
	out->volume.v =
	    (decimal_units)((dice >> 32) + 1) * (DECIMAL_ONE_UNITS / 100000000);
	return true;
}
