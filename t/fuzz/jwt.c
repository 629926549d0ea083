/*
 * jwt: a token names what it was made for, whatever that is, and nothing of it
 * breaks the header that it stands in.
 *
 * An input: the name of the key, a nonce, and a URI, a line each.
 */

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "coinbase/jwt.h"
#include "io/json.h"
#include "io/utf8.h"

#include "fuzz.h"

#define INPUT_MAX 4096
#define NBF_S INT64_C(1757586600)

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			       "abcdefghijklmnopqrstuvwxyz0123456789-_";

/* RFC 4648, section 5, bit by bit; the bytes of it. */
static size_t
decode(const char *text, size_t len, char *out)
{
	unsigned bits = 0, held = 0;
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		const char *at = memchr(alphabet, text[i], 64);

		assert(at != NULL);
		held = held << 6 | (unsigned)(at - alphabet);
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			out[n++] = (char)(held >> bits & 255);
		}
	}
	assert(bits < 6 && (held & ((1U << bits) - 1)) == 0);
	return n;
}

/* What JSON carries unchanged. */
static bool
is_utf8(const char *text)
{
	size_t left = strlen(text), n;
	uint32_t c;

	for (; left > 0; left -= n, text += n) {
		n = utf8_decode(text, left, &c);
		if (n == 0)
			return false;
	}
	return true;
}

/* Of a part that is an object: its member, as it was given. */
static void
has_member(const char *part, size_t len, const char *name, const char *value)
{
	struct json_token tokens[32];
	const struct json_token *t;
	static char copy[JWT_MAX], text[JWT_MAX];
	struct json j;

	memcpy(copy, part, len);
	assert(json_read(copy, len, tokens, 32, &j, NULL) == TB_OK);
	t = json_get(&j, tokens, name);
	assert(t != NULL && t->kind == JSON_STRING);
	assert(json_copy(t, text, sizeof(text), NULL) == TB_OK);
	assert(!is_utf8(value) || strcmp(text, value) == 0);
}

static void
check(const char *token, const char *name, const char *nonce, const char *uri)
{
	static char part[JWT_MAX];
	const char *first = strchr(token, '.'), *second;
	size_t len;

	assert(first != NULL && strlen(token) < JWT_MAX);
	second = strchr(first + 1, '.');
	assert(second != NULL && strchr(second + 1, '.') == NULL);
	len = decode(token, (size_t)(first - token), part);
	has_member(part, len, "kid", name);
	has_member(part, len, "nonce", nonce);
	len = decode(first + 1, (size_t)(second - first - 1), part);
	has_member(part, len, "sub", name);
	has_member(part, len, "uri", uri);
	assert(decode(second + 1, strlen(second + 1), part) ==
	    KEY_SIGNATURE_LEN);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char seed[] = "{\"name\":\"k\",\"privateKey\":"
			     "\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
			     "\"}";
	static struct key key;
	char copy[INPUT_MAX + 1], token[JWT_MAX], *line[3], *rest = copy;
	struct tb_err err = { 0 };

	if (size > INPUT_MAX)
		return 0;
	memcpy(copy, data, size);
	copy[size] = '\0';
	if (key.pkey == NULL)
		assert(key_parse(seed, sizeof(seed) - 1, &key, &err) == TB_OK);
	for (int i = 0; i < 3; i++) {
		line[i] = rest;
		rest += strcspn(rest, "\n");
		if (*rest != '\0')
			*rest++ = '\0';
	}
	if (strlen(line[0]) >= KEY_NAME_MAX)
		return 0;
	memcpy(key.name, line[0], strlen(line[0]) + 1);
	if (jwt_write(&key, line[2], NBF_S, line[1], token, &err) == TB_OK)
		check(token, line[0], line[1], line[2]);
	else
		assert(err.status == TB_ERANGE && err.msg[0] != '\0');
	return 0;
}
