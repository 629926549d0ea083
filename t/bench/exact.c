/*
 * exact: what decimals and instants cost, beside what libc offers for the
 * same.  A line each: name, ns of ours, name of the other, ns of the other;
 * medians of rounds that take turns, of this thread's own time.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/decimal.h"
#include "base/instant.h"

#define TEXTS 4096
#define REPEATS 100
#define ROUNDS 15

static double price[TEXTS];
static char text[TEXTS][32];
static struct decimal number[TEXTS];
static volatile double sink; /* what is computed is used */

static double
thread_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void
make_data(void)
{
	unsigned long long state = 1;

	for (int i = 0; i < TEXTS; i++) {
		state = state * 6364136223846793005ULL + 1442695040888963407ULL;
		price[i] = (double)(state >> 40) / 100;
		snprintf(text[i], sizeof(text[i]), "%.8f", price[i]);
		if (decimal_parse(text[i], strlen(text[i]), &number[i]) !=
		    TB_OK)
			exit(1);
	}
}

static void
parse_ours(void)
{
	struct decimal d = DECIMAL_ZERO;

	for (int k = 0; k < REPEATS; k++)
		for (int i = 0; i < TEXTS; i++)
			if (decimal_parse(text[i], strlen(text[i]), &d) !=
			    TB_OK)
				exit(1);
	sink = (double)d.v;
}

static void
parse_strtod(void)
{
	double sum = 0;

	for (int k = 0; k < REPEATS; k++)
		for (int i = 0; i < TEXTS; i++)
			sum += strtod(text[i], NULL);
	sink = sum;
}

static void
format_ours(void)
{
	char buf[DECIMAL_STRLEN];
	size_t len = 0;

	for (int k = 0; k < REPEATS; k++)
		for (int i = 0; i < TEXTS; i++)
			len += decimal_format(number[i], buf);
	sink = (double)len;
}

static void
format_snprintf(void)
{
	char buf[DECIMAL_STRLEN];
	int len = 0;

	for (int k = 0; k < REPEATS; k++)
		for (int i = 0; i < TEXTS; i++)
			len += snprintf(buf, sizeof(buf), "%.8f", price[i]);
	sink = len;
}

static void
divide_ours(void)
{
	struct decimal d = DECIMAL_ZERO;

	for (int k = 0; k < REPEATS; k++)
		for (int i = 0; i + 1 < TEXTS; i++)
			if (decimal_mul_div(number[i], number[i + 1], number[i],
				DECIMAL_HALF_EVEN, &d) != TB_OK)
				exit(1);
	sink = (double)d.v;
}

static void
divide_plain(void)
{
	double d = 0;

	for (int k = 0; k < REPEATS; k++)
		for (int i = 0; i + 1 < TEXTS; i++)
			d += price[i] * price[i + 1] / price[i];
	sink = d;
}

static void
instant_ours(void)
{
	char buf[INSTANT_STRLEN];

	for (int k = 0; k < REPEATS; k++)
		for (int i = 0; i < TEXTS; i++)
			instant_format(INT64_C(1757586600000000) +
				i * INT64_C(300000000),
			    buf);
	sink = buf[0];
}

static void
instant_strftime(void)
{
	char buf[INSTANT_STRLEN];
	struct tm tm;

	for (int k = 0; k < REPEATS; k++)
		for (int i = 0; i < TEXTS; i++) {
			time_t t = 1757586600 + i * 300L;

			strftime(buf, sizeof(buf), "%Y-%m-%dT%H:%M:%SZ",
			    gmtime_r(&t, &tm));
		}
	sink = buf[0];
}

static const struct {
	const char *name;
	void (*ours)(void);
	const char *other;
	void (*theirs)(void);
	double items;
} kernels[] = {
	{ "decimal from text", parse_ours, "strtod", parse_strtod,
	    (double)TEXTS *REPEATS },
	{ "decimal to text", format_ours, "snprintf %.8f", format_snprintf,
	    (double)TEXTS *REPEATS },
	{ "decimal a x b / c", divide_ours, "of doubles", divide_plain,
	    (double)TEXTS *REPEATS },
	{ "instant to text", instant_ours, "gmtime and strftime",
	    instant_strftime, (double)TEXTS *REPEATS },
};

#define KERNELS (sizeof(kernels) / sizeof(kernels[0]))

static double
time_of(void (*f)(void), double items)
{
	double before = thread_ns();

	f();
	return (thread_ns() - before) / items;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int
main(void)
{
	static double ours[KERNELS][ROUNDS], theirs[KERNELS][ROUNDS];

	make_data();
	for (int r = 0; r < ROUNDS; r++)
		for (size_t k = 0; k < KERNELS; k++) {
			ours[k][r] = time_of(kernels[k].ours, kernels[k].items);
			theirs[k][r] =
			    time_of(kernels[k].theirs, kernels[k].items);
		}
	for (size_t k = 0; k < KERNELS; k++) {
		qsort(ours[k], ROUNDS, sizeof(double), compare);
		qsort(theirs[k], ROUNDS, sizeof(double), compare);
		printf("%s\t%.2f\t%s\t%.2f\n", kernels[k].name,
		    ours[k][ROUNDS / 2], kernels[k].other,
		    theirs[k][ROUNDS / 2]);
	}
	return 0;
}
