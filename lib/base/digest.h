#ifndef TB_BASE_DIGEST_H
#define TB_BASE_DIGEST_H

/*
 * digest: SHA-256 as lower-case hex, and the ids that are made from it.
 * The only room that includes Nettle's header: its SHA-256 uses the
 * instructions that the processor has for it.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define DIGEST_HEX 65	     /* 64 digits and the NUL */
#define DIGEST_UUID 37	     /* 36 characters and the NUL */
#define DIGEST_STATE_MAX 128 /* room for the state of a digest */

/* A digest in the making; private. */
struct digest {
	_Alignas(16) unsigned char state[DIGEST_STATE_MAX];
};

void digest_init(struct digest *d);
void digest_add(struct digest *d, const void *bytes, size_t len);

/*
 * digest_add_field: one field of a record: its length in decimal, a colon and
 * the bytes, so that no two lists of fields give the same stream.  NULL is
 * told apart from "".
 */
void digest_add_field(struct digest *d, const char *s);
void digest_add_field_n(struct digest *d, const char *s, size_t len);

void digest_hex(struct digest *d, char out[static DIGEST_HEX]);

/* digest_of: all at once. */
void digest_of(const void *bytes, size_t len, char out[static DIGEST_HEX]);

/*
 * digest_of_file: of everything that fd yields until its end.
 *
 * errors: TB_EIO
 */
enum tb_status digest_of_file(int fd, char out[static DIGEST_HEX],
    struct tb_err *err);

/*
 * digest_uuid: the UUIDv8 (RFC 9562) of SHA-256(space, NUL, name): the same
 * two texts give the same id on every host.
 */
void digest_uuid(const char *space, const char *name,
    char out[static DIGEST_UUID]);

/* digest_is_uuid: could digest_uuid() have given it? */
bool digest_is_uuid(const char *text);

/*
 * digest_random_uuid: 122 bits from getrandom(2), version 4.
 *
 * errors: TB_EIO the kernel gives none
 */
enum tb_status digest_random_uuid(char out[static DIGEST_UUID],
    struct tb_err *err);

#endif /* TB_BASE_DIGEST_H */
