/*
 * json: what is read can be written canonically, that reads as the same value
 * and is written the same; its compact form is the same value too.
 */

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "io/json.h"

#include "fuzz.h"

#define TEXT_MAX (1UL << 20)

static struct json_token tokens[JSON_TOKENS_MAX];

/* The canonical form of text into out; false where it is no JSON. */
static bool
canonical(const char *text, size_t len, struct buffer *out)
{
	char *copy = malloc(len + 1);
	struct json j;
	struct tb_err err;
	bool valid;

	assert(copy != NULL);
	memcpy(copy, text, len);
	valid =
	    json_read(copy, len, tokens, JSON_TOKENS_MAX, &j, &err) == TB_OK;
	if (valid)
		json_canonical(&j, j.tokens, out);
	free(copy);
	return valid;
}

static void
check_tape(const struct json *j)
{
	for (size_t i = 0; i < j->count; i++) {
		const struct json_token *t = &j->tokens[i];

		assert(t->next > i && t->next <= j->count);
		assert(t->end > t->at);
		if (t->kind != JSON_OBJECT && t->kind != JSON_ARRAY)
			assert(t->next == i + 1 && t->size == 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer first, second, compact;
	struct json j;
	char *copy;

	if (size > TEXT_MAX)
		return 0;
	buffer_init(&first, 8 * TEXT_MAX);
	buffer_init(&second, 8 * TEXT_MAX);
	buffer_init(&compact, 8 * TEXT_MAX);
	json_compact((const char *)data, size, &compact); /* any bytes */
	if (canonical((const char *)data, size, &first)) {
		assert(canonical(buffer_string(&first), first.len, &second));
		assert(strcmp(buffer_string(&first), buffer_string(&second)) ==
		    0);
		buffer_clear(&second);
		assert(canonical(buffer_string(&compact), compact.len,
		    &second));
		assert(strcmp(buffer_string(&first), buffer_string(&second)) ==
		    0);
		copy = malloc(size + 1);
		assert(copy != NULL);
		memcpy(copy, data, size);
		assert(json_read(copy, size, tokens, JSON_TOKENS_MAX, &j,
			   NULL) == TB_OK);
		check_tape(&j);
		free(copy);
	}
	buffer_release(&first);
	buffer_release(&second);
	buffer_release(&compact);
	return 0;
}
