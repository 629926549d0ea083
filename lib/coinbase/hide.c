#include "coinbase/hide.h"

#include <stdbool.h>
#include <string.h>

#define TOKEN_HEAD "eyJ" /* of {" in base64url: each part of a token */
#define PEM_HEAD "-----BEGIN"
#define NAME_MIN 16 /* a shorter one is a word like others */

static bool
begins(const char *at, const char *end, const char *with)
{
	size_t len = strlen(with);

	return (size_t)(end - at) >= len && memcmp(at, with, len) == 0;
}

/* Of base64, either kind. */
static bool
is_base64(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	    (c >= '0' && c <= '9') || (c != '\0' && strchr("+/=_-", c) != NULL);
}

/* Two parts that begin like JSON, and what follows them. */
static size_t
token_at(const char *at, const char *end)
{
	const char *p = at;

	if (!begins(at, end, TOKEN_HEAD))
		return 0;
	while (p < end && is_base64(*p))
		p++;
	if (p == end || *p != '.' || !begins(p + 1, end, TOKEN_HEAD))
		return 0;
	while (p < end && (*p == '.' || is_base64(*p)))
		p++;
	return (size_t)(p - at);
}

/* As JSON writes it; another escape stays as it is. */
static bool
is_line_end(const char *p, const char *end)
{
	return begins(p, end, "\\n") || begins(p, end, "\\r") ||
	    begins(p, end, "\\/");
}

static size_t
pem_at(const char *at, const char *end)
{
	const char *p = at;

	if (!begins(at, end, PEM_HEAD))
		return 0;
	while (p < end && (is_base64(*p) || *p == ' ' || is_line_end(p, end)))
		p++;
	return (size_t)(p - at);
}

/* How many bytes of a secret stand here. */
static size_t
secret_at(const struct key *key, const char *at, const char *end)
{
	size_t n = 0;

	if (*at == TOKEN_HEAD[0])
		n = token_at(at, end);
	else if (*at == PEM_HEAD[0])
		n = pem_at(at, end);
	if (n == 0 && key != NULL && *at == key->name[0] &&
	    strlen(key->name) >= NAME_MIN && begins(at, end, key->name))
		n = strlen(key->name);
	return n;
}

void
hide_secrets(const struct key *key, char *line, size_t len)
{
	const char *end = line + len;

	for (char *at = line; at < end; at++) {
		size_t n = secret_at(key, at, end);

		if (n > 0) {
			memset(at, '*', n);
			at += n - 1;
		}
	}
}
