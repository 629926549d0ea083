/*
 * tokens: what a token of Coinbase costs, beside the bare signature in it.
 *
 *	tokens
 *
 * Nanoseconds of processor time each, the median of rounds that take turns:
 * a JWT (ES256), and OpenSSL's ECDSA on P-256 over a digest that is there.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "coinbase/jwt.h"
#include "coinbase/key.h"

#define ROUNDS 21
#define TIMES 500
#define TEXT_MAX 2048

static double
cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void
need(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "tokens: %s\n", what);
	exit(1);
}

/* The key as the exchange gives it out: PEM in JSON, newlines escaped. */
static void
key_of(EVP_PKEY *pkey, struct key *out)
{
	char text[TEXT_MAX] = "{\"name\":\"bench\",\"privateKey\":\"";
	struct tb_err err = { 0 };
	BIO *bio = BIO_new(BIO_s_mem());
	size_t len = strlen(text);
	char *pem;
	long size;

	need(bio != NULL &&
		PEM_write_bio_PrivateKey(bio, pkey, NULL, NULL, 0, NULL, NULL),
	    "no PEM");
	size = BIO_get_mem_data(bio, &pem);
	for (long i = 0; i < size && len < TEXT_MAX - 8; i++) {
		if (pem[i] == '\n')
			text[len++] = '\\';
		text[len] = pem[i];
		if (pem[i] == '\n')
			text[len] = 'n';
		len++;
	}
	memcpy(text + len, "\"}", 3);
	BIO_free(bio);
	need(key_parse(text, len + 2, out, &err) == TB_OK, err.msg);
}

static double
write_tokens(const struct key *key)
{
	static char token[JWT_MAX];
	struct tb_err err = { 0 };
	double begun = cpu_ns();

	for (int i = 0; i < TIMES; i++)
		need(jwt_write(key,
			 "GET api.coinbase.com/api/v3/brokerage/accounts",
			 1767225600 + i, NULL, token, &err) == TB_OK,
		    err.msg);
	return (cpu_ns() - begun) / TIMES;
}

static double
sign_digests(EVP_PKEY_CTX *signer)
{
	unsigned char digest[32] = { 1 }, signature[128];
	double begun = cpu_ns();

	for (int i = 0; i < TIMES; i++) {
		size_t len = sizeof(signature);

		digest[0] = (unsigned char)i;
		need(EVP_PKEY_sign(signer, signature, &len, digest,
			 sizeof(digest)) > 0,
		    "no signature");
	}
	return (cpu_ns() - begun) / TIMES;
}

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int
main(void)
{
	EVP_PKEY *pkey = EVP_EC_gen("P-256");
	EVP_PKEY_CTX *signer = EVP_PKEY_CTX_new(pkey, NULL);
	double tokens[ROUNDS], signatures[ROUNDS];
	struct key key;

	need(pkey != NULL && signer != NULL && EVP_PKEY_sign_init(signer) > 0,
	    "no key");
	key_of(pkey, &key);
	for (int i = 0; i < ROUNDS; i++) {
		tokens[i] = write_tokens(&key);
		signatures[i] = sign_digests(signer);
	}
	qsort(tokens, ROUNDS, sizeof(double), ascending);
	qsort(signatures, ROUNDS, sizeof(double), ascending);
	printf("token of Coinbase (ES256)\t%.0f\t%.0f\t%.2f\n",
	    tokens[ROUNDS / 2], signatures[ROUNDS / 2],
	    tokens[ROUNDS / 2] / signatures[ROUNDS / 2]);
	key_release(&key);
	EVP_PKEY_CTX_free(signer);
	EVP_PKEY_free(pkey);
	return 0;
}
