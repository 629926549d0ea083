/*
 * times: what is read as a moment is written, and reads back as the same;
 * texts sort as moments do.
 */

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/instant.h"

#include "fuzz.h"

#define NOW_US INT64_C(1757586912000000)

static void
check(int64_t us)
{
	char text[INSTANT_STRLEN], later[INSTANT_STRLEN];
	int64_t back;

	instant_format(us, text);
	assert(strlen(text) == INSTANT_STRLEN - 1);
	assert(instant_parse(text, strlen(text), &back) == TB_OK);
	assert(back == us);
	if (strcmp(text, "9999-12-31T23:59:59.999999Z") == 0)
		return;
	instant_format(us + 1, later);
	assert(strcmp(text, later) < 0);
	instant_format_day(us, text);
	instant_format_s(instant_floor_s(us), text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct tb_err err;
	int64_t us;

	assert(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	if (instant_parse(text, size, &us) == TB_OK)
		check(us);
	if (instant_parse_option(text, NOW_US, &us, &err) == TB_OK)
		check(us);
	free(text);
	return 0;
}
