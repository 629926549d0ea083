#include "io/json_keys.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define PAIRWISE_MAX 24 /* keys that are compared each with each */

static bool
same_text(const struct json_token *a, const struct json_token *b)
{
	return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

/* Few keys: each with each. */
static const struct json_token *
find_pairwise(const struct json *json, size_t first)
{
	const struct json_token *t = json->tokens;

	for (size_t i = first; i < json->count; i = t[i + 1].next)
		for (size_t k = first; k < i; k = t[k + 1].next)
			if (same_text(&t[k], &t[i]))
				return &t[i];
	return NULL;
}

/* FNV-1a, its high bits folded into those that the table uses. */
static uint32_t
hash_of(const struct json_token *key)
{
	uint32_t hash = 2166136261;

	for (size_t i = 0; i < key->len; i++)
		hash = (hash ^ (unsigned char)key->text[i]) * 16777619;
	return hash ^ hash >> 15;
}

/* Many keys: through a table of twice their number at least. */
static const struct json_token *
find_hashed(const struct json *json, size_t first, size_t keys)
{
	uint32_t slots[2 * JSON_KEYS_MAX]; /* tokens; 0: free, it is no key */
	const struct json_token *t = json->tokens;
	uint32_t mask = 1;

	while (mask < 2 * keys)
		mask *= 2;
	memset(slots, 0, mask * sizeof(slots[0]));
	mask--;

	for (size_t i = first; i < json->count; i = t[i + 1].next) {
		uint32_t slot = hash_of(&t[i]) & mask;

		for (; slots[slot] != 0; slot = (slot + 1) & mask)
			if (same_text(&t[slots[slot]], &t[i]))
				return &t[i];
		slots[slot] = (uint32_t)i;
	}
	return NULL;
}

const struct json_token *
json_repeated_key(const struct json *json, const struct json_token *object)
{
	size_t first = (size_t)(object - json->tokens) + 1;

	assert(object->size <= JSON_KEYS_MAX);
	if (object->size <= PAIRWISE_MAX)
		return find_pairwise(json, first);
	return find_hashed(json, first, object->size);
}
