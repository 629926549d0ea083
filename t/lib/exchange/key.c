#include "exchange/key.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/core_names.h>
#include <openssl/decoder.h>
#include <openssl/ec.h>
#include <openssl/encoder.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "io/json.h"
#include "io/lines.h"

#define RAW_KEY 32     /* bytes of an Ed25519 seed, and of its public key */
#define SECRET_MAX 512 /* bytes of a secret as text */

/* The secret as the key file has it. */
static int
write_secret(const char *kind, EVP_PKEY *pkey, char out[static SECRET_MAX])
{
	unsigned char raw[2 * RAW_KEY];
	size_t seed = RAW_KEY, public = RAW_KEY;
	BIO *bio;
	int len;

	if (strcmp(kind, "ed25519") == 0 || strcmp(kind, "ed25519-seed") == 0) {
		if (EVP_PKEY_get_raw_private_key(pkey, raw, &seed) != 1 ||
		    EVP_PKEY_get_raw_public_key(pkey, raw + RAW_KEY, &public) !=
			1)
			return -1;
		return EVP_EncodeBlock((unsigned char *)out, raw,
		    kind[7] == '\0' ? 2 * RAW_KEY : RAW_KEY);
	}
	bio = BIO_new(BIO_s_mem());
	if (bio == NULL)
		return -1;
	len = strcmp(kind, "es256") == 0 ?
	    PEM_write_bio_PrivateKey_traditional(bio, pkey, NULL, NULL, 0, NULL,
		NULL) :
	    PEM_write_bio_PKCS8PrivateKey(bio, pkey, NULL, NULL, 0, NULL, NULL);
	if (len == 1)
		len = BIO_read(bio, out, SECRET_MAX - 1);
	BIO_free(bio);
	if (len > 0)
		out[len] = '\0';
	return len;
}

static void
write_file(struct buffer *out, const char *kind, const char *secret,
    const char *seed)
{
	struct json_writer w = { .out = out };
	char org[DIGEST_UUID], id[DIGEST_UUID], name[KEY_NAME_MAX];

	if (seed == NULL) {
		(void)digest_random_uuid(org, NULL);
		(void)digest_random_uuid(id, NULL);
	} else {
		digest_uuid(seed, "organization", org);
		digest_uuid(seed, kind, id);
	}
	json_open(&w, '{');
	if (strcmp(kind, "ed25519") == 0) {
		json_key(&w, "id");
		json_string(&w, id);
	} else {
		(void)snprintf(name, sizeof(name),
		    "organizations/%s/apiKeys/%s", org, id);
		json_key(&w, "name");
		json_string(&w, name);
	}
	json_key(&w, "privateKey");
	json_string(&w, secret);
	json_close(&w, '}');
	buffer_add_char(out, '\n');
}

enum tb_status
key_make(const char *kind, const char *path, const char *seed,
    struct tb_err *err)
{
	struct buffer text;
	char secret[SECRET_MAX];
	EVP_PKEY *pkey;
	enum tb_status status;
	int fd;

	if (strncmp(kind, "es256", 5) == 0)
		pkey = EVP_EC_gen("prime256v1");
	else if (strncmp(kind, "ed25519", 7) == 0)
		pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	else
		return tb_fail(err, TB_EINVAL, "no such kind of key: %s", kind);
	if (pkey == NULL || write_secret(kind, pkey, secret) <= 0) {
		EVP_PKEY_free(pkey);
		return tb_fail(err, TB_EBUG, "libcrypto makes no %s key", kind);
	}
	EVP_PKEY_free(pkey);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1)
		return tb_fail(err, TB_EIO, "%s: %s", path, strerror(errno));
	buffer_init(&text, KEY_FILE_MAX);
	write_file(&text, kind, secret, seed);
	status = buffer_status(&text, err);
	if (status == TB_OK)
		status = lines_write(fd, text.data, text.len, err);
	buffer_release(&text);
	if (close(fd) == -1 && status == TB_OK)
		status = tb_fail(err, TB_EIO, "%s: %s", path, strerror(errno));
	return status;
}

static EVP_PKEY *
read_pem(const char *secret)
{
	BIO *bio = BIO_new_mem_buf(secret, -1);
	EVP_PKEY *pkey = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);

	BIO_free(bio);
	return pkey;
}

static EVP_PKEY *
read_raw(const char *secret)
{
	unsigned char raw[SECRET_MAX];

	if (EVP_DecodeBlock(raw, (const unsigned char *)secret,
		(int)strlen(secret)) < RAW_KEY)
		return NULL;
	return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, raw,
	    RAW_KEY);
}

static enum tb_status
read_key(char *text, size_t len, struct key *key, struct tb_err *err)
{
	struct json_token tokens[64];
	struct json j;
	const struct json_token *name;
	char secret[SECRET_MAX];
	enum tb_status status;

	status = json_read(text, len, tokens, 64, &j, err);
	if (status != TB_OK)
		return status;
	name = json_get(&j, j.tokens, "name");
	if (name == NULL)
		name = json_get(&j, j.tokens, "id");
	if (name == NULL || json_get(&j, j.tokens, "privateKey") == NULL)
		return tb_fail(err, TB_EINVAL, "no name or no privateKey");
	status = json_copy(name, key->name, sizeof(key->name), err);
	if (status == TB_OK)
		status = json_copy(json_get(&j, j.tokens, "privateKey"), secret,
		    sizeof(secret), err);
	if (status != TB_OK)
		return status;
	key->pkey = strstr(secret, "BEGIN") != NULL ? read_pem(secret) :
						      read_raw(secret);
	return key->pkey != NULL ? TB_OK :
				   tb_fail(err, TB_EINVAL, "no private key");
}

enum tb_status
key_add(struct keyring *ring, const char *path, struct tb_err *err)
{
	char text[KEY_FILE_MAX];
	ssize_t len;
	int fd;
	enum tb_status status;

	if (ring->count == KEYS_MAX)
		return tb_fail(err, TB_EINVAL, "more than %d keys", KEYS_MAX);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return tb_fail(err, TB_EIO, "%s: %s", path, strerror(errno));
	len = read(fd, text, sizeof(text));
	(void)close(fd);
	if (len <= 0)
		return tb_fail(err, TB_EINVAL, "%s: empty", path);
	status = read_key(text, (size_t)len, &ring->keys[ring->count], err);
	if (status == TB_OK)
		ring->count++;
	tb_err_at(err, "%s", path);
	return status;
}

const struct key *
key_find(const struct keyring *ring, const char *name, size_t len)
{
	for (size_t i = 0; i < ring->count; i++)
		if (strlen(ring->keys[i].name) == len &&
		    memcmp(ring->keys[i].name, name, len) == 0)
			return &ring->keys[i];
	return NULL;
}

void
keyring_release(struct keyring *ring)
{
	for (size_t i = 0; i < ring->count; i++)
		EVP_PKEY_free(ring->keys[i].pkey);
	ring->count = 0;
}
