/*
 * protocol: a request or an answer that is read can be written, and that
 * reads and is written the same.
 */

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "venue/protocol.h"

#include "fuzz.h"

static struct json_token tokens[PROTOCOL_TOKENS_MAX];
static struct fill rows[VENUE_PAGE_MAX]; /* the largest kind of row */

/* Read text as an answer to verb; written into out where that is one. */
static bool
answer(enum venue_verb verb, const char *text, size_t len, struct buffer *out)
{
	struct protocol_answer a = {
		.id = 1, .verb = verb, .max = VENUE_PAGE_MAX
	};
	struct tb_err err;
	char *copy = malloc(len + 1);
	bool valid;

	assert(copy != NULL);
	memcpy(copy, text, len);
	a.rows.fills = rows;
	valid = protocol_answer_read(copy, len, tokens, &a, &err) == TB_OK;
	if (valid)
		protocol_answer_write(out, &a);
	free(copy);
	return valid;
}

static bool
request(const char *text, size_t len, struct buffer *out)
{
	struct protocol_request r;
	struct tb_err err;
	char *copy = malloc(len + 1);
	bool valid;

	assert(copy != NULL);
	memcpy(copy, text, len);
	valid = protocol_request_read(copy, len, &r, &err) == TB_OK;
	if (valid)
		protocol_request_write(out, &r);
	free(copy);
	return valid;
}

/* The first byte is the verb that was asked; without one, a request. */
static bool
turn(uint8_t which, const char *text, size_t len, struct buffer *out)
{
	return which < VENUE_VERBS ?
	    answer((enum venue_verb)which, text, len, out) :
	    request(text, len, out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer first, second;
	uint8_t which;

	if (size < 1 || size > PROTOCOL_ANSWER_MAX)
		return 0;
	which = (uint8_t)(data[0] - 'a');
	buffer_init(&first, 8UL * PROTOCOL_ANSWER_MAX);
	buffer_init(&second, 8UL * PROTOCOL_ANSWER_MAX);
	if (turn(which, (const char *)data + 1, size - 1, &first)) {
		assert(turn(which, first.data, first.len, &second));
		assert(first.len == second.len);
		assert(memcmp(first.data, second.data, first.len) == 0);
	}
	buffer_release(&first);
	buffer_release(&second);
	return 0;
}
