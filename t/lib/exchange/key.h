#ifndef TB_EXCHANGE_KEY_H
#define TB_EXCHANGE_KEY_H

/*
 * key: the API keys that the stand-in knows, and making new ones for tests.
 *
 * Nothing here is shared with lib/coinbase: what one side gets wrong the
 * other must notice.
 */

#include <openssl/evp.h>
#include <stddef.h>

#include "base/err.h"

#define KEYS_MAX 16
#define KEY_NAME_MAX 160
#define KEY_FILE_MAX 8192

struct key {
	char name[KEY_NAME_MAX]; /* what a token's kid says */
	EVP_PKEY *pkey;		 /* owned */
};

struct keyring {
	struct key keys[KEYS_MAX];
	size_t count;
};

/*
 * key_make: a new key pair, as the portal would hand it out, into a file of
 * mode 0600 that must not exist.
 *
 * in:	   kind	 es256 (SEC1), es256-pkcs8, ed25519 (seed and public key),
 *		 ed25519-seed, ed25519-pem
 *	   seed	 NULL: random; else the name is made from it (the key never)
 * errors: TB_EINVAL no such kind; TB_EIO
 */
enum tb_status key_make(const char *kind, const char *path, const char *seed,
    struct tb_err *err);

/* key_add: let in whoever holds the key of this file. */
enum tb_status key_add(struct keyring *ring, const char *path,
    struct tb_err *err);

const struct key *key_find(const struct keyring *ring, const char *name,
    size_t len);

void keyring_release(struct keyring *ring);

#endif /* TB_EXCHANGE_KEY_H */
