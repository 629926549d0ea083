/* table: a curve in one line of text. */

#include <stdint.h>

#include "io/table.h"

#define HEIGHTS 8

/* The mean of values [from, to); their first where the sum does not fit. */
static struct decimal
mean_of(const struct decimal *values, size_t from, size_t to)
{
	struct decimal sum = DECIMAL_ZERO, mean = values[from];

	for (size_t i = from; i < to; i++)
		if (decimal_add(sum, values[i], &sum) != TB_OK)
			return values[from];
	if (decimal_div(sum, DECIMAL_OF(to - from), DECIMAL_HALF_EVEN, &mean) !=
	    TB_OK)
		return values[from];
	return mean;
}

/* Which of the heights v has between low and high, from 0. */
static int
height_of(struct decimal v, struct decimal low, struct decimal high)
{
	struct decimal above, range, height;

	if (decimal_sub(v, low, &above) != TB_OK ||
	    decimal_sub(high, low, &range) != TB_OK ||
	    decimal_mul_div(above, DECIMAL_OF(HEIGHTS - 1), range,
		DECIMAL_HALF_EVEN, &height) != TB_OK ||
	    decimal_round(height, 0, DECIMAL_HALF_EVEN, &height) != TB_OK)
		return HEIGHTS / 2; /* flat */
	return (int)(height.v / DECIMAL_ONE_UNITS);
}

void
table_sparkline(struct buffer *out, const struct decimal *values, size_t count,
    size_t width)
{
	struct decimal low = DECIMAL_ZERO, high = DECIMAL_ZERO;
	size_t bars = count < width ? count : width;

	for (size_t i = 0; i < bars; i++) {
		struct decimal v =
		    mean_of(values, i * count / bars, (i + 1) * count / bars);

		low = i == 0 ? v : decimal_min(low, v);
		high = i == 0 ? v : decimal_max(high, v);
	}
	for (size_t i = 0; i < bars; i++) {
		/* U+2581 to U+2588 */
		char bar[] = "\xe2\x96\x81";
		struct decimal v =
		    mean_of(values, i * count / bars, (i + 1) * count / bars);

		bar[2] = (char)(bar[2] + height_of(v, low, high));
		buffer_add(out, bar, sizeof(bar) - 1);
	}
}
