#include "coinbase/jwt.h"

#include <assert.h>
#include <string.h>

#include "base/buffer.h"
#include "io/json.h"

#define PART_MAX 1024 /* bytes of header or claims, in JSON */

/* RFC 4648, section 5, without padding; at most PART_MAX bytes. */
static void
add_base64url(struct buffer *out, const void *bytes, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789-_";
	char text[PART_MAX / 3 * 4 + 4];
	const unsigned char *b = bytes;
	size_t n = 0, left = len % 3;

	assert(len <= PART_MAX);
	for (size_t i = 0; i + 2 < len; i += 3) {
		text[n++] = digits[b[i] >> 2];
		text[n++] = digits[(b[i] & 3U) << 4 | b[i + 1] >> 4];
		text[n++] = digits[(b[i + 1] & 15U) << 2 | b[i + 2] >> 6];
		text[n++] = digits[b[i + 2] & 63U];
	}
	b += len - left;
	if (left > 0)
		text[n++] = digits[b[0] >> 2];
	if (left == 1)
		text[n++] = digits[(b[0] & 3U) << 4];
	if (left == 2) {
		text[n++] = digits[(b[0] & 3U) << 4 | b[1] >> 4];
		text[n++] = digits[(b[1] & 15U) << 2];
	}
	buffer_add(out, text, n);
}

static enum tb_status
fresh_nonce(char out[static JWT_NONCE_LEN + 1], struct tb_err *err)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char bytes[JWT_NONCE_LEN / 2];
	enum tb_status status = key_random(bytes, sizeof(bytes), err);

	for (size_t i = 0; status == TB_OK && i < sizeof(bytes); i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 15U];
	}
	out[JWT_NONCE_LEN] = '\0';
	return status;
}

static void
member(struct json_writer *w, const char *key, const char *value)
{
	json_key(w, key);
	json_string(w, value);
}

static void
write_header(const struct key *key, const char *nonce, struct buffer *out)
{
	struct json_writer w = { .out = out };

	json_open(&w, '{');
	member(&w, "alg", key->is_ed25519 ? "EdDSA" : "ES256");
	member(&w, "typ", "JWT");
	member(&w, "kid", key->name);
	member(&w, "nonce", nonce);
	json_close(&w, '}');
}

static void
write_claims(const struct key *key, const char *uri, int64_t nbf_s,
    struct buffer *out)
{
	struct json_writer w = { .out = out };

	json_open(&w, '{');
	member(&w, "sub", key->name);
	member(&w, "iss", "cdp");
	json_key(&w, "nbf");
	json_int(&w, nbf_s);
	json_key(&w, "exp");
	json_int(&w, nbf_s + JWT_LIFE_S);
	if (uri != NULL)
		member(&w, "uri", uri);
	json_close(&w, '}');
}

enum tb_status
jwt_write(const struct key *key, const char *uri, int64_t nbf_s,
    const char *nonce, char out[static JWT_MAX], struct tb_err *err)
{
	unsigned char signature[KEY_SIGNATURE_LEN];
	char fresh[JWT_NONCE_LEN + 1] = "";
	struct buffer part, token;
	enum tb_status status = TB_OK;

	buffer_init(&part, PART_MAX);
	buffer_init(&token, JWT_MAX - 1);
	if (nonce == NULL)
		status = fresh_nonce(fresh, err);
	write_header(key, nonce == NULL ? fresh : nonce, &part);
	add_base64url(&token, part.data, part.len);
	buffer_add_char(&token, '.');
	if (status == TB_OK)
		status = buffer_status(&part, err);
	buffer_clear(&part);
	write_claims(key, uri, nbf_s, &part);
	add_base64url(&token, part.data, part.len);
	if (status == TB_OK)
		status = buffer_status(&part, err);
	if (status == TB_OK)
		status = buffer_status(&token, err);
	if (status == TB_OK)
		status = key_sign(key, token.data, token.len, signature, err);
	if (status == TB_OK) {
		buffer_add_char(&token, '.');
		add_base64url(&token, signature, sizeof(signature));
		status = buffer_status(&token, err);
	}
	if (status == TB_OK)
		memcpy(out, token.data, token.len + 1);
	buffer_release(&part);
	buffer_release(&token);
	return status;
}
