/*
 * kernels: nanoseconds of processor time a candle, for "make bench".
 *
 *	kernels [CANDLES]
 *
 * One line a measurement: name, ns, the median of several rounds over a
 * seeded random walk.  "suite" is rsi(14), sma(10), sma(20), macd(12,26,9)
 * fused: fed in turn with blocks of a few candles, so that the chains of
 * dependent operations of one run beside those of the others.  "stream" is
 * the same a candle at a time.  "read" sums the closes: what any pass costs.
 */

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "signal/indicator.h"

#define ROUNDS 15
#define SUITE 4
#define BLOCK 16 /* candles that the suite feeds at a time */

static double *column[5], *results[INDICATOR_COLUMNS_MAX];
static size_t candles = 500000;

static double
cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double
random_unit(void)
{
	static uint64_t x = UINT64_C(88172645463325252);

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return (double)(x >> 11) / 9007199254740992.0;
}

static void
walk(void)
{
	double close = 100;

	for (size_t c = 0; c < 5; c++)
		column[c] = malloc(candles * sizeof(double));
	for (size_t c = 0; c < INDICATOR_COLUMNS_MAX; c++) {
		results[c] = malloc(candles * sizeof(double));
		memset(results[c], 0, candles * sizeof(double));
	}
	for (size_t i = 0; i < candles; i++) {
		double open = close;

		close *= 1 + 0.002 * (random_unit() - 0.5);
		column[0][i] = open;
		column[1][i] = fmax(open, close) * (1 + 0.001 * random_unit());
		column[2][i] = fmin(open, close) * (1 - 0.001 * random_unit());
		column[3][i] = close;
		column[4][i] = 1000 * random_unit();
	}
}

static struct columns
columns_at(size_t i)
{
	return (struct columns){ column[0] + i, column[1] + i, column[2] + i,
		column[3] + i, column[4] + i };
}

/* One pass of n series in blocks; ns a candle. */
static double
pass(const struct series *series, size_t n, size_t block)
{
	void *states[SUITE];
	double begun, taken;

	for (size_t k = 0; k < n; k++) {
		states[k] = malloc(series_state_size(&series[k]));
		series_init(&series[k], states[k]);
	}
	begun = cpu_ns();
	for (size_t i = 0; i < candles; i += block) {
		size_t count = candles - i < block ? candles - i : block;
		struct columns in = columns_at(i);
		double *const out[] = { results[0] + i, results[1] + i,
			results[2] + i, results[3] + i };

		for (size_t k = 0; k < n; k++)
			series_update(&series[k], states[k], &in, count, out);
	}
	taken = cpu_ns() - begun;
	for (size_t k = 0; k < n; k++)
		free(states[k]);
	return taken / (double)candles;
}

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
measure(const char *name, const struct series *series, size_t n, size_t block)
{
	double ns[ROUNDS];

	for (size_t r = 0; r < ROUNDS; r++)
		ns[r] = pass(series, n, block);
	qsort(ns, ROUNDS, sizeof(*ns), ascending);
	printf("%-20s %6.2f\n", name, ns[ROUNDS / 2]);
}

static void
measure_read(void)
{
	double ns[ROUNDS];
	volatile double kept = 0;

	for (size_t r = 0; r < ROUNDS; r++) {
		double begun = cpu_ns(), sum[4] = { 0 };

		for (size_t i = 0; i + 4 <= candles; i += 4)
			for (size_t k = 0; k < 4; k++)
				sum[k] += column[3][i + k];
		kept += sum[0] + sum[1] + sum[2] + sum[3];
		ns[r] = (cpu_ns() - begun) / (double)candles;
	}
	qsort(ns, ROUNDS, sizeof(*ns), ascending);
	printf("%-20s %6.2f\n", "read", ns[ROUNDS / 2]);
}

int
main(int argc, char *argv[])
{
	static const char *const names[] = { "rsi(14)", "sma(10)", "sma(20)",
		"macd(12,26,9)", "ema(20)", "rsi(14,simple)", "bbands(20,2)",
		"atr(14)" };
	struct series series[8];
	struct tb_err err = { 0 };

	if (argc > 1)
		candles = strtoul(argv[1], NULL, 10);
	walk();
	measure_read();
	for (size_t i = 0; i < 8; i++) {
		if (series_parse(names[i], strlen(names[i]), &series[i],
			&err) != TB_OK) {
			fprintf(stderr, "kernels: %s\n", err.msg);
			return 1;
		}
		measure(names[i], &series[i], 1, candles);
	}
	measure("suite, fused", series, SUITE, BLOCK);
	measure("suite, stream", series, SUITE, 1);
	return 0;
}
