#include "exchange/token.h"

#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "io/json.h"

#define SIGNATURE 64 /* bytes, of both kinds */
#define PART_TOKENS 128

/* One of the three parts, decoded. */
struct part {
	char text[TOKEN_MAX];
	size_t len;
	struct json_token tokens[PART_TOKENS];
	struct json json;
};

static int
digit(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789-_";
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	return at == NULL ? -1 : (int)(at - digits);
}

/* base64url without padding; refuses stray bits. */
static bool
decode(const char *s, size_t len, char *out, size_t *out_len)
{
	unsigned bits = 0, count = 0;

	*out_len = 0;
	if (len % 4 == 1 || len >= TOKEN_MAX)
		return false;
	for (size_t i = 0; i < len; i++) {
		int d = digit(s[i]);

		if (d == -1)
			return false;
		bits = (bits << 6 | (unsigned)d) & 0xffff;
		count += 6;
		if (count < 8)
			continue;
		count -= 8;
		out[(*out_len)++] = (char)(bits >> count & 0xff);
	}
	return (bits & ((1U << count) - 1)) == 0;
}

static bool
read_part(const char *s, size_t len, struct part *part)
{
	return decode(s, len, part->text, &part->len) &&
	    json_read(part->text, part->len, part->tokens, PART_TOKENS,
		&part->json, NULL) == TB_OK &&
	    part->tokens[0].kind == JSON_OBJECT;
}

static const struct json_token *
member(const struct part *part, const char *name)
{
	return json_get(&part->json, part->tokens, name);
}

static bool
says(const struct part *part, const char *name, const char *text)
{
	const struct json_token *t = member(part, name);

	return t != NULL && t->kind == JSON_STRING && json_is(t, text);
}

/* JOSE's r and s to the DER that libcrypto verifies. */
static int
to_der(const unsigned char raw[static SIGNATURE], unsigned char **der)
{
	ECDSA_SIG *sig = ECDSA_SIG_new();
	int len;

	(void)ECDSA_SIG_set0(sig, BN_bin2bn(raw, SIGNATURE / 2, NULL),
	    BN_bin2bn(raw + SIGNATURE / 2, SIGNATURE / 2, NULL));
	len = i2d_ECDSA_SIG(sig, der);
	ECDSA_SIG_free(sig);
	return len;
}

static bool
verify(const struct key *key, bool is_ec, const char *signed_part,
    size_t signed_len, const unsigned char raw[static SIGNATURE])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned char *der = NULL;
	const unsigned char *sig = raw;
	int len = SIGNATURE;
	bool is_good;

	if (is_ec) {
		len = to_der(raw, &der);
		sig = der;
	}
	is_good = len > 0 &&
	    EVP_DigestVerifyInit(ctx, NULL, is_ec ? EVP_sha256() : NULL, NULL,
		key->pkey) == 1 &&
	    EVP_DigestVerify(ctx, sig, (size_t)len,
		(const unsigned char *)signed_part, signed_len) == 1;
	OPENSSL_free(der);
	EVP_MD_CTX_free(ctx);
	return is_good;
}

static bool
names_request(const struct json_token *t, const struct token_use *use)
{
	char text[1024];

	(void)snprintf(text, sizeof(text), "%s %s%s", use->method, use->host,
	    use->path);
	if (json_is(t, text))
		return true;
	(void)snprintf(text, sizeof(text), "%s api.coinbase.com%s", use->method,
	    use->path);
	return json_is(t, text);
}

static bool
is_for_request(const struct part *claims, const struct token_use *use)
{
	const struct json_token *uri = member(claims, "uri"),
				*uris = member(claims, "uris"), *t;

	if (uri != NULL)
		return uri->kind == JSON_STRING && names_request(uri, use);
	if (uris == NULL || uris->kind != JSON_ARRAY)
		return false;
	for (t = json_first(&claims->json, uris); t != NULL;
	     t = json_after(&claims->json, uris, t))
		if (t->kind == JSON_STRING && names_request(t, use))
			return true;
	return false;
}

static const char *
judge_times(const struct part *claims, int64_t now_s)
{
	const struct json_token *nbf = member(claims, "nbf"),
				*exp = member(claims, "exp");
	long long from, to;

	if (nbf == NULL || exp == NULL ||
	    json_integer(nbf, &from, NULL) != TB_OK ||
	    json_integer(exp, &to, NULL) != TB_OK)
		return "nbf or exp missing";
	if (to - from > TOKEN_LIFE_S)
		return "lives too long";
	if (now_s < from - TOKEN_LEEWAY_S)
		return "not yet valid";
	if (now_s > to + TOKEN_LEEWAY_S)
		return "expired";
	return "ok";
}

/* FNV-1a: enough to know a nonce again. */
static uint64_t
hash(const char *s, size_t len)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)s[i]) * UINT64_C(1099511628211);
	return h;
}

/* A token without nonce is known by itself. */
static bool
is_repeated(struct token_memory *memory, const struct part *header,
    const char *token, size_t len)
{
	const struct json_token *nonce = member(header, "nonce");
	uint64_t h = nonce == NULL || nonce->kind != JSON_STRING ?
	    hash(token, len) :
	    hash(nonce->text, nonce->len);
	size_t n = memory->count < TOKENS_REMEMBERED ? memory->count :
						       TOKENS_REMEMBERED;

	for (size_t i = 0; i < n; i++)
		if (memory->nonces[i] == h)
			return true;
	memory->nonces[memory->count++ % TOKENS_REMEMBERED] = h;
	return false;
}

static const char *
judge(const struct keyring *ring, struct part parts[static 2],
    const char *token, const char *const dots[static 2],
    const struct token_use *use)
{
	const struct part *header = &parts[0], *claims = &parts[1];
	unsigned char signature[TOKEN_MAX];
	const struct json_token *kid;
	const struct key *key;
	size_t len;
	bool is_ec;

	kid = member(header, "kid");
	if (kid == NULL || kid->kind != JSON_STRING)
		return "no kid";
	key = key_find(ring, kid->text, kid->len);
	if (key == NULL)
		return "unknown key";
	is_ec = EVP_PKEY_get_base_id(key->pkey) == EVP_PKEY_EC;
	if (!says(header, "alg", is_ec ? "ES256" : "EdDSA"))
		return "other alg than the key's";
	if (!decode(dots[1] + 1, strlen(dots[1] + 1), (char *)signature,
		&len) ||
	    len != SIGNATURE)
		return "signature is not 64 bytes";
	if (!verify(key, is_ec, token, (size_t)(dots[1] - token), signature))
		return "bad signature";
	if (!says(claims, "sub", key->name))
		return "sub is not kid";
	if (!says(claims, "iss", "cdp") &&
	    !says(claims, "iss", "coinbase-cloud"))
		return "other iss";
	if (!is_for_request(claims, use))
		return "uri is not this request";
	return judge_times(claims, use->now_s);
}

const char *
token_verdict(const struct keyring *ring, struct token_memory *memory,
    const char *authorization, const struct token_use *use)
{
	struct part parts[2];
	const char *token, *dots[2], *verdict;

	if (authorization == NULL)
		return "none";
	if (strncasecmp(authorization, "Bearer ", 7) != 0)
		return "no Bearer";
	token = authorization + 7;
	dots[0] = strchr(token, '.');
	dots[1] = dots[0] == NULL ? NULL : strchr(dots[0] + 1, '.');
	if (dots[1] == NULL || strlen(token) >= TOKEN_MAX ||
	    !read_part(token, (size_t)(dots[0] - token), &parts[0]) ||
	    !read_part(dots[0] + 1, (size_t)(dots[1] - dots[0] - 1), &parts[1]))
		return "not a token";
	verdict = judge(ring, parts, token, dots, use);
	if (strcmp(verdict, "ok") == 0 &&
	    is_repeated(memory, &parts[0], token, strlen(token)))
		return "nonce was used before";
	return verdict;
}
