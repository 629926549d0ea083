/*
 * text: whatever comes from outside, nothing that could drive a terminal is
 * printed, and a JSON string of it is JSON.
 */

#include <assert.h>
#include <string.h>

#include "io/json.h"
#include "io/table.h"
#include "io/utf8.h"

#include "fuzz.h"

#define TEXT_MAX (1UL << 16)

static void
check_tame(const char *s, size_t len)
{
	for (size_t i = 0, n; i < len; i += n) {
		uint32_t c;

		n = utf8_decode(&s[i], len - i, &c);
		assert(n > 0 && !utf8_is_hazard(c));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer out;
	struct json_writer w = { .out = &out };
	struct json_token token;
	struct json j;

	if (size > TEXT_MAX)
		return 0;
	buffer_init(&out, 16 * TEXT_MAX);
	table_escape(&out, (const char *)data, size);
	check_tame(buffer_string(&out), out.len);
	assert(table_width(buffer_string(&out)) <= out.len);

	buffer_clear(&out);
	json_string_n(&w, (const char *)data, size);
	check_tame(buffer_string(&out), out.len);
	if (memchr(data, '\0', size) == NULL) /* which is never read */
		assert(json_read(out.data, out.len, &token, 1, &j, NULL) ==
		    TB_OK);
	buffer_release(&out);
	return 0;
}
