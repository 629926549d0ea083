#ifndef TB_COINBASE_KEY_H
#define TB_COINBASE_KEY_H

/*
 * key: a key of the Coinbase Developer Platform, out of its file.
 *
 * The file is a JSON object with the name (or id) of the key and its secret in
 * privateKey: a PEM of an EC key on P-256 (SEC1 or PKCS#8) or of an Ed25519
 * key, or the base64 of an Ed25519 seed alone or followed by the public key.
 * Line ends may be CRLF or the two characters \n.  What kind it is, the key
 * decides, never the name of the file.
 *
 * No message of this room holds a byte of the file, and every copy of the
 * secret but the loaded key is wiped.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/keyfile.h"

#define KEY_NAME_MAX 256 /* bytes of its name, with the NUL */
#define KEY_FILE_MAX KEYFILE_MAX
#define KEY_SIGNATURE_LEN 64 /* of either kind */

struct evp_pkey_st;	/* OpenSSL's EVP_PKEY */
struct evp_pkey_ctx_st; /* and EVP_PKEY_CTX */

struct key {
	char name[KEY_NAME_MAX];  /* "organizations/.../apiKeys/..." or an id */
	bool is_ed25519;	  /* else ECDSA on P-256 */
	struct evp_pkey_st *pkey; /* owned */
	struct evp_pkey_ctx_st *signer; /* owned: of an EC key, made ready */
};

/*
 * key_read: the key in the file at path, kept as base/keyfile.h asks.
 *
 * out:	   *out	  to be given to key_release(); empty on failure
 * errors: those of keyfile_open(); TB_ECONFIG it holds no such key
 */
enum tb_status key_read(const char *path, struct key *out, struct tb_err *err);

/*
 * key_parse: the same from memory.
 *
 * inout: text	wiped whatever happens
 */
enum tb_status key_parse(char *text, size_t len, struct key *out,
    struct tb_err *err);

void key_release(struct key *key);

/*
 * key_sign: bytes, as JOSE (RFC 7518 3.4, RFC 8037 3.1) wants it: r and s,
 * each 32 bytes with zeros in front, over SHA-256; or Ed25519 over the bytes.
 *
 * errors: TB_EBUG, TB_ENOMEM
 */
enum tb_status key_sign(const struct key *key, const void *bytes, size_t len,
    unsigned char out[static KEY_SIGNATURE_LEN], struct tb_err *err);

/*
 * key_raw_signature: a DER signature of ECDSA on P-256 as r and s.
 *
 * errors: TB_EINVAL it is none
 */
enum tb_status key_raw_signature(const unsigned char *der, size_t len,
    unsigned char out[static KEY_SIGNATURE_LEN]);

/* key_random: len bytes that nobody can guess. errors: TB_EIO */
enum tb_status key_random(unsigned char *out, size_t len, struct tb_err *err);

/* key_wipe: forget len bytes for good. */
void key_wipe(void *bytes, size_t len);

#endif /* TB_COINBASE_KEY_H */
