#ifndef TAP_H
#define TAP_H

/*
 * tap: the vocabulary of TAP for C tests.  A test program calls ok(), is(),
 * is_int() or skip() once a sentence and ends in "return tap_done();".
 */

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int tap_count;
static int tap_failed;

__attribute__((format(printf, 2, 3), unused)) static bool
ok(bool passed, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	printf("%sok %d - ", passed ? "" : "not ", ++tap_count);
	vprintf(fmt, ap);
	putchar('\n');
	va_end(ap);
	tap_failed += !passed;
	return passed;
}

/* is: two texts are equal; says both where they are not. */
__attribute__((unused)) static bool
is(const char *got, const char *expected, const char *what)
{
	bool same = got != NULL && expected != NULL ?
	    strcmp(got, expected) == 0 :
	    got == expected;

	ok(same, "%s", what);
	if (!same)
		printf("#   got      %s\n#   expected %s\n",
		    got == NULL ? "(null)" : got,
		    expected == NULL ? "(null)" : expected);
	return same;
}

__attribute__((unused)) static bool
is_int(long long got, long long expected, const char *what)
{
	bool same = got == expected;

	ok(same, "%s", what);
	if (!same)
		printf("#   got      %lld\n#   expected %lld\n", got, expected);
	return same;
}

__attribute__((unused)) static void
skip(const char *why)
{
	printf("ok %d # skip %s\n", ++tap_count, why);
}

/* tap_shared: a path below ../shared/data, or NULL where it is absent. */
__attribute__((unused)) static const char *
tap_shared(const char *name, char *buf, size_t size)
{
	const char *top = getenv("TB_SHARED");
	FILE *file;

	snprintf(buf, size, "%s/%s", top == NULL ? "../shared/data" : top,
	    name);
	file = fopen(buf, "r");
	if (file == NULL)
		return NULL;
	fclose(file);
	return buf;
}

__attribute__((unused)) static int
tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed == 0 ? 0 : 1;
}

#endif /* TAP_H */
