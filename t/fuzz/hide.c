/*
 * hide: whatever line goes out: JSON if it was, without the name of the key,
 * and a second look finds nothing more.
 */

#include <assert.h>
#include <string.h>

#include "coinbase/hide.h"
#include "io/json.h"

#include "fuzz.h"

#define LINE_MAX_BYTES 4096

static bool
is_json(const uint8_t *data, size_t size)
{
	static struct json_token tokens[1024];
	static char copy[LINE_MAX_BYTES];
	struct json j;

	memcpy(copy, data, size);
	return json_read(copy, size, tokens, 1024, &j, NULL) == TB_OK;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct key key = { .name = "organizations/o/apiKeys/k" };
	static char line[LINE_MAX_BYTES], again[LINE_MAX_BYTES];

	if (size > sizeof(line))
		return 0;
	memcpy(line, data, size);
	hide_secrets(&key, line, size);
	if (is_json(data, size))
		assert(is_json((const uint8_t *)line, size));
	assert(memmem(line, size, key.name, strlen(key.name)) == NULL);
	memcpy(again, line, size);
	hide_secrets(&key, again, size);
	assert(memcmp(line, again, size) == 0);
	return 0;
}
