/* key: its JSON, its secret, its signatures. */

#include "coinbase/key.h"

#include <limits.h>
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <string.h>

#include "io/json.h"

#define SEED_LEN 32
#define HALF_LEN 32 /* of a signature: r or s */
#define DER_MAX 80  /* bytes of a signature on P-256: 72 at most */
#define GROUP_MAX 64
#define TOKENS_MAX 512
#define SECRETS_MAX 65536 /* bytes of private numbers at a time */
#define SECRET_MIN 32	  /* of one of them, as it is counted */

/* ---------------------------------------------------------------- secret -- */

/* A PEM that wants a password is not asked for one. */
static int
no_password(char *buf, int size, int writing, void *arg)
{
	(void)buf;
	(void)size;
	(void)writing;
	(void)arg;
	return -1;
}

/* Line ends as PEM has them: "\n" written out, and CRLF, become newlines. */
static size_t
mend_line_ends(char *s, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		if (s[i] == '\r')
			continue;
		if (s[i] == '\\' && i + 1 < len && s[i + 1] == 'n') {
			s[n++] = '\n';
			i++;
		} else if (s[i] == '\\' && i + 1 < len && s[i + 1] == 'r')
			i++;
		else
			s[n++] = s[i];
	}
	return n;
}

static enum tb_status
check_kind(struct key *key, struct tb_err *err)
{
	char group[GROUP_MAX] = "";
	int kind = EVP_PKEY_get_base_id(key->pkey);

	key->is_ed25519 = kind == EVP_PKEY_ED25519;
	if (key->is_ed25519)
		return TB_OK;
	if (kind == EVP_PKEY_EC &&
	    EVP_PKEY_get_group_name(key->pkey, group, sizeof(group), NULL) ==
		1 &&
	    strcmp(group, "prime256v1") == 0)
		return TB_OK;
	return tb_fail(err, TB_ECONFIG,
	    "privateKey: a key of kind %s %s, expected EC on P-256 or Ed25519",
	    kind == EVP_PKEY_EC ? "EC" : OBJ_nid2sn(kind), group);
}

static enum tb_status
load_pem(char *pem, size_t len, struct key *key, struct tb_err *err)
{
	BIO *bio;

	len = mend_line_ends(pem, len);
	bio = BIO_new_mem_buf(pem, (int)len);
	if (bio == NULL)
		return tb_nomem(err);
	key->pkey = PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL);
	BIO_free(bio);
	ERR_clear_error();
	if (key->pkey == NULL)
		return tb_fail(err, TB_ECONFIG,
		    "privateKey: a PEM that holds no private key without a"
		    " password");
	return check_kind(key, err);
}

/* The base64 of 32 or 64 bytes; returns how many, 0 for anything else. */
static size_t
decode_secret(const char *s, size_t len, unsigned char out[static 66])
{
	size_t padding = 0, n;

	while (padding < 2 && padding < len && s[len - 1 - padding] == '=')
		padding++;
	if (len != 44 && len != 88)
		return 0;
	if (EVP_DecodeBlock(out, (const unsigned char *)s, (int)len) < 0)
		return 0;
	n = len / 4 * 3 - padding;
	return n == SEED_LEN || n == (size_t)2 * SEED_LEN ? n : 0;
}

static enum tb_status
load_seed(const char *s, size_t len, struct key *key, struct tb_err *err)
{
	unsigned char bytes[66], public[SEED_LEN];
	size_t n, public_len = sizeof(public);
	enum tb_status status = TB_OK;

	n = decode_secret(s, len, bytes);
	if (n == 0)
		return tb_fail(err, TB_ECONFIG,
		    "privateKey: expected a PEM, or the base64 of 32 or 64"
		    " bytes");
	key->pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, bytes,
	    SEED_LEN);
	key->is_ed25519 = true;
	if (key->pkey == NULL)
		status = tb_nomem(err);
	else if (n > SEED_LEN &&
	    (EVP_PKEY_get_raw_public_key(key->pkey, public, &public_len) != 1 ||
		memcmp(public, bytes + SEED_LEN, SEED_LEN) != 0))
		status = tb_fail(err, TB_ECONFIG,
		    "privateKey: its second half is not the public key of its"
		    " first");
	key_wipe(bytes, sizeof(bytes));
	return status;
}

/* Blanks around it count for nothing. */
static const char *
trim(const char *s, size_t *len)
{
	while (*len > 0 && strchr(" \t\r\n", s[*len - 1]) != NULL)
		(*len)--;
	while (*len > 0 && strchr(" \t\r\n", s[0]) != NULL) {
		s++;
		(*len)--;
	}
	return s;
}

static enum tb_status
load_secret(const struct json_token *t, struct key *key, struct tb_err *err)
{
	char copy[KEY_FILE_MAX + 1];
	enum tb_status status;
	const char *secret;
	size_t len = t->len;

	if (t->kind != JSON_STRING || t->len > KEY_FILE_MAX)
		return tb_fail(err, TB_ECONFIG, "privateKey: expected a text");
	secret = trim(t->text, &len);
	memcpy(copy, secret, len);
	copy[len] = '\0';
	if (strstr(copy, "-----BEGIN PUBLIC") != NULL)
		status = tb_fail(err, TB_ECONFIG,
		    "privateKey: this is a public key");
	else if (strstr(copy, "-----BEGIN") != NULL)
		status = load_pem(copy, len, key, err);
	else
		status = load_seed(copy, len, key, err);
	key_wipe(copy, sizeof(copy));
	return status;
}

/* ------------------------------------------------------------------ file -- */

static enum tb_status
read_name(const struct json *j, struct key *key, struct tb_err *err)
{
	const struct json_token *t = json_get(j, j->tokens, "name");

	if (t == NULL)
		t = json_get(j, j->tokens, "id");
	if (t == NULL)
		return tb_fail(err, TB_ECONFIG,
		    "expected name (or id) and privateKey");
	if (t->len == 0 ||
	    json_copy(t, key->name, sizeof(key->name), NULL) != TB_OK)
		return tb_fail(err, TB_ECONFIG,
		    "name: expected a text of 1 to %d bytes", KEY_NAME_MAX - 1);
	for (size_t i = 0; i < t->len; i++)
		if (t->text[i] <= ' ' || t->text[i] > '~')
			return tb_fail(err, TB_ECONFIG,
			    "name: expected a text without blanks");
	return TB_OK;
}

static enum tb_status
read_members(const struct json *j, struct key *key, struct tb_err *err)
{
	const struct json_token *secret;
	enum tb_status status;

	if (j->tokens[0].kind != JSON_OBJECT)
		return tb_fail(err, TB_ECONFIG, "expected a JSON object");
	status = read_name(j, key, err);
	if (status != TB_OK)
		return status;
	secret = json_get(j, j->tokens, "privateKey");
	if (secret == NULL)
		return tb_fail(err, TB_ECONFIG, "privateKey: missing");
	return load_secret(secret, key, err);
}

/* Made ready once: doing so costs as much as a fourth of a signature. */
static enum tb_status
make_signer(struct key *key, struct tb_err *err)
{
	key->signer = EVP_PKEY_CTX_new(key->pkey, NULL);
	if (key->signer != NULL && EVP_PKEY_sign_init(key->signer) == 1)
		return TB_OK;
	ERR_clear_error();
	return tb_nomem(err);
}

/*
 * OpenSSL keeps private numbers on pages of their own: locked where the system
 * lets us, in no core file, wiped when freed.
 */
static void
keep_apart(void)
{
	if (CRYPTO_secure_malloc_initialized() == 0)
		(void)CRYPTO_secure_malloc_init(SECRETS_MAX, SECRET_MIN);
}

enum tb_status
key_parse(char *text, size_t len, struct key *out, struct tb_err *err)
{
	struct json_token tokens[TOKENS_MAX];
	struct json j;
	enum tb_status status;

	*out = (struct key){ 0 };
	keep_apart();
	if (len >= 10 && memcmp(text, "-----BEGIN", 10) == 0)
		status = tb_fail(err, TB_ECONFIG,
		    "a PEM alone does not tell the name of the key: expected"
		    " the JSON file that Coinbase gives out");
	/* The reader's words quote what it found. */
	else if (json_read(text, len, tokens, TOKENS_MAX, &j, NULL) != TB_OK)
		status = tb_fail(err, TB_ECONFIG, "expected a JSON object");
	else
		status = read_members(&j, out, err);
	key_wipe(text, len);
	if (status == TB_OK && !out->is_ed25519)
		status = make_signer(out, err);
	if (status != TB_OK)
		key_release(out);
	return status;
}

void
key_release(struct key *key)
{
	EVP_PKEY_CTX_free(key->signer);
	EVP_PKEY_free(key->pkey);
	*key = (struct key){ 0 };
}

/* ------------------------------------------------------------- signature -- */

enum tb_status
key_raw_signature(const unsigned char *der, size_t len,
    unsigned char out[static KEY_SIGNATURE_LEN])
{
	const unsigned char *end = der;
	const BIGNUM *r, *s;
	ECDSA_SIG *sig = NULL;
	bool fits = false;

	if (len <= LONG_MAX)
		sig = d2i_ECDSA_SIG(NULL, &end, (long)len);
	if (sig != NULL && end == der + len) {
		ECDSA_SIG_get0(sig, &r, &s);
		fits = BN_bn2binpad(r, out, HALF_LEN) == HALF_LEN &&
		    BN_bn2binpad(s, out + HALF_LEN, HALF_LEN) == HALF_LEN;
	}
	ECDSA_SIG_free(sig);
	if (!fits)
		ERR_clear_error();
	return fits ? TB_OK : TB_EINVAL;
}

static bool
sign_ecdsa(const struct key *key, const void *bytes, size_t len,
    unsigned char out[static KEY_SIGNATURE_LEN])
{
	unsigned char hash[SHA256_DIGEST_LENGTH], der[DER_MAX];
	size_t der_len = sizeof(der);

	return SHA256(bytes, len, hash) != NULL &&
	    EVP_PKEY_sign(key->signer, der, &der_len, hash, sizeof(hash)) ==
	    1 &&
	    key_raw_signature(der, der_len, out) == TB_OK;
}

static bool
sign_ed25519(const struct key *key, const void *bytes, size_t len,
    unsigned char out[static KEY_SIGNATURE_LEN])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t out_len = KEY_SIGNATURE_LEN;
	bool signed_it = ctx != NULL &&
	    EVP_DigestSignInit(ctx, NULL, NULL, NULL, key->pkey) == 1 &&
	    EVP_DigestSign(ctx, out, &out_len, bytes, len) == 1;

	EVP_MD_CTX_free(ctx);
	return signed_it;
}

enum tb_status
key_sign(const struct key *key, const void *bytes, size_t len,
    unsigned char out[static KEY_SIGNATURE_LEN], struct tb_err *err)
{
	bool signed_it = key->is_ed25519 ? sign_ed25519(key, bytes, len, out) :
					   sign_ecdsa(key, bytes, len, out);

	if (signed_it)
		return TB_OK;
	ERR_clear_error();
	return tb_fail(err, TB_EBUG, "the key does not sign");
}

enum tb_status
key_random(unsigned char *out, size_t len, struct tb_err *err)
{
	if (RAND_bytes(out, (int)len) == 1)
		return TB_OK;
	ERR_clear_error();
	return tb_fail(err, TB_EIO, "no random bytes to be had");
}

void
key_wipe(void *bytes, size_t len)
{
	OPENSSL_cleanse(bytes, len);
}
