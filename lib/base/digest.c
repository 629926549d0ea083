#include "base/digest.h"

#include <assert.h>
#include <errno.h>
#include <nettle/sha2.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define UUID_BYTES 16
#define FILE_CHUNK 65536

static_assert(sizeof(struct sha256_ctx) <= DIGEST_STATE_MAX,
    "Nettle's state fits");
static_assert(DIGEST_HEX == 2 * SHA256_DIGEST_SIZE + 1, "two digits a byte");

static struct sha256_ctx *
context(struct digest *d)
{
	return (struct sha256_ctx *)(void *)d->state;
}

static char *
put_hex(char *out, const uint8_t *bytes, size_t count)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < count; i++) {
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 15];
	}
	*out = '\0';
	return out;
}

void
digest_init(struct digest *d)
{
	sha256_init(context(d));
}

void
digest_add(struct digest *d, const void *bytes, size_t len)
{
	if (len > 0)
		sha256_update(context(d), len, bytes);
}

void
digest_add_field(struct digest *d, const char *s)
{
	digest_add_field_n(d, s, s == NULL ? 0 : strlen(s));
}

void
digest_add_field_n(struct digest *d, const char *s, size_t len)
{
	char prefix[24], *at = prefix + sizeof(prefix);
	size_t left = len;

	if (s == NULL) {
		digest_add(d, "-:", 2);
		return;
	}
	*--at = ':';
	do
		*--at = (char)('0' + left % 10);
	while ((left /= 10) > 0);
	digest_add(d, at, (size_t)(prefix + sizeof(prefix) - at));
	digest_add(d, s, len);
}

void
digest_hex(struct digest *d, char out[static DIGEST_HEX])
{
	uint8_t bytes[SHA256_DIGEST_SIZE];

	sha256_digest(context(d), sizeof(bytes), bytes);
	put_hex(out, bytes, sizeof(bytes));
}

void
digest_of(const void *bytes, size_t len, char out[static DIGEST_HEX])
{
	struct digest d;

	digest_init(&d);
	digest_add(&d, bytes, len);
	digest_hex(&d, out);
}

enum tb_status
digest_of_file(int fd, char out[static DIGEST_HEX], struct tb_err *err)
{
	char chunk[FILE_CHUNK];
	struct digest d;
	ssize_t got;

	digest_init(&d);
	for (;;) {
		got = read(fd, chunk, sizeof(chunk));
		if (got == 0)
			break;
		if (got > 0)
			digest_add(&d, chunk, (size_t)got);
		else if (errno != EINTR)
			return tb_fail(err, TB_EIO, "read: %s",
			    strerror(errno));
	}
	digest_hex(&d, out);
	return TB_OK;
}

/* 8-4-4-4-12 with the version and variant bits of RFC 9562 set. */
static void
put_uuid(uint8_t bytes[static UUID_BYTES], int version,
    char out[static DIGEST_UUID])
{
	static const size_t group[] = { 4, 2, 2, 2, 6 };
	const uint8_t *from = bytes;

	bytes[6] = (uint8_t)((bytes[6] & 0x0f) | (version << 4));
	bytes[8] = (uint8_t)((bytes[8] & 0x3f) | 0x80);
	for (size_t i = 0; i < sizeof(group) / sizeof(group[0]); i++) {
		if (i > 0)
			*out++ = '-';
		out = put_hex(out, from, group[i]);
		from += group[i];
	}
}

void
digest_uuid(const char *space, const char *name, char out[static DIGEST_UUID])
{
	uint8_t bytes[SHA256_DIGEST_SIZE];
	struct digest d;

	digest_init(&d);
	digest_add(&d, space, strlen(space) + 1);
	digest_add(&d, name, strlen(name));
	sha256_digest(context(&d), sizeof(bytes), bytes);
	put_uuid(bytes, 8, out);
}

bool
digest_is_uuid(const char *text)
{
	static const char form[] = "xxxxxxxx-xxxx-8xxx-yxxx-xxxxxxxxxxxx";
	size_t i;

	for (i = 0; form[i] != '\0'; i++) {
		const char *fits = form[i] == 'x' ? "0123456789abcdef" :
		    form[i] == 'y'		  ? "89ab" :
						    NULL;

		if (text[i] == '\0' ||
		    (fits == NULL ? text[i] != form[i] :
				    strchr(fits, text[i]) == NULL))
			return false;
	}
	return text[i] == '\0';
}

enum tb_status
digest_random_uuid(char out[static DIGEST_UUID], struct tb_err *err)
{
	uint8_t bytes[UUID_BYTES];
	ssize_t got;

	do
		got = getrandom(bytes, sizeof(bytes), 0);
	while (got < 0 && errno == EINTR);
	if (got != (ssize_t)sizeof(bytes))
		return tb_fail(err, TB_EIO, "getrandom: %s",
		    got < 0 ? strerror(errno) : "too few bytes");
	put_uuid(bytes, 4, out);
	return TB_OK;
}
