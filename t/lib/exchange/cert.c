#include "exchange/cert.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define YEARS_S (10L * 365 * 24 * 60 * 60) /* tests live in other years */

/* What to put into a certificate. */
struct plan {
	const char *name, *constraints, *hosts; /* hosts may be NULL */
	long serial, from_s, to_s;		/* seconds from now */
};

static void
extend(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *extension;

	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	(void)X509_add_ext(cert, extension, -1);
	X509_EXTENSION_free(extension);
}

static X509 *
make(const struct plan *plan, EVP_PKEY *pkey, X509 *issuer,
    EVP_PKEY *issuer_key)
{
	X509 *cert = X509_new();
	X509_NAME *name;

	if (cert == NULL)
		return NULL;
	(void)X509_set_version(cert, 2);
	(void)ASN1_INTEGER_set(X509_get_serialNumber(cert), plan->serial);
	(void)X509_gmtime_adj(X509_getm_notBefore(cert), plan->from_s);
	(void)X509_gmtime_adj(X509_getm_notAfter(cert), plan->to_s);
	(void)X509_set_pubkey(cert, pkey);
	name = X509_get_subject_name(cert);
	(void)X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
	    (const unsigned char *)plan->name, -1, -1, 0);
	if (issuer == NULL)
		issuer = cert;
	(void)X509_set_issuer_name(cert, X509_get_subject_name(issuer));
	extend(cert, issuer, NID_basic_constraints, plan->constraints);
	extend(cert, issuer, NID_subject_key_identifier, "hash");
	extend(cert, issuer, NID_authority_key_identifier, "keyid");
	if (plan->hosts != NULL) {
		extend(cert, issuer, NID_subject_alt_name, plan->hosts);
		extend(cert, issuer, NID_ext_key_usage, "serverAuth");
	} else {
		extend(cert, issuer, NID_key_usage,
		    "critical,keyCertSign,cRLSign");
	}
	if (X509_sign(cert, issuer_key, EVP_sha256()) > 0)
		return cert;
	X509_free(cert);
	return NULL;
}

static enum tb_status
write_pem(X509 *cert, const char *path, struct tb_err *err)
{
	FILE *file = fopen(path, "we");
	int is_good = file != NULL && PEM_write_X509(file, cert) == 1;

	if (file != NULL && fclose(file) != 0)
		is_good = 0;
	return is_good ? TB_OK :
			 tb_fail(err, TB_EIO, "%s: cannot be written", path);
}

/* The server's certificate and key as text. */
static enum tb_status export(X509 *cert, EVP_PKEY *pkey, struct cert *out,
    struct tb_err *err) {
	BIO *bio = BIO_new(BIO_s_mem()); int chain = 0, key = 0;

	if (bio != NULL && PEM_write_bio_X509(bio, cert) == 1)
	    chain = BIO_read(bio, out->chain, CERT_PEM_MAX - 1);
	if (chain > 0 &&
	    PEM_write_bio_PrivateKey(bio, pkey, NULL, NULL, 0, NULL, NULL) == 1)
	    key = BIO_read(bio, out->key, CERT_PEM_MAX - 1);
	BIO_free(bio);
	if (key <= 0) return tb_fail(err, TB_EBUG, "libcrypto writes no PEM");
	out->chain[chain] = '\0';
	out->key[key] = '\0';
	return TB_OK;
}

static enum tb_status
plan_server(const char *flaw, struct plan *plan, struct tb_err *err)
{
	*plan = (struct plan){ .name = "tb stand-in exchange",
		.constraints = "CA:FALSE",
		.hosts = "DNS:localhost,DNS:api.coinbase.com,IP:127.0.0.1,"
			 "IP:::1",
		.serial = 2,
		.from_s = -YEARS_S,
		.to_s = YEARS_S };
	if (strcmp(flaw, "expired") == 0)
		plan->to_s = -60;
	else if (strcmp(flaw, "wrong-host") == 0)
		plan->hosts = "DNS:example.org";
	else if (flaw[0] != '\0' && strcmp(flaw, "self-signed") != 0)
		return tb_fail(err, TB_EINVAL, "no such flaw: %s", flaw);
	return TB_OK;
}

enum tb_status
cert_make(const char *flaw, const char *ca_path, struct cert *out,
    struct tb_err *err)
{
	static const struct plan authority = { .name = "tb test authority",
		.constraints = "critical,CA:TRUE",
		.serial = 1,
		.from_s = -YEARS_S,
		.to_s = YEARS_S };
	EVP_PKEY *ca_key = EVP_EC_gen("prime256v1");
	EVP_PKEY *key = EVP_EC_gen("prime256v1");
	X509 *ca = NULL, *cert = NULL;
	struct plan plan;
	bool by_itself = strcmp(flaw, "self-signed") == 0;
	enum tb_status status;

	status = plan_server(flaw, &plan, err);
	if (status != TB_OK)
		goto out;
	if (ca_key != NULL && key != NULL)
		ca = make(&authority, ca_key, NULL, ca_key);
	if (ca != NULL)
		cert = by_itself ? make(&plan, key, NULL, key) :
				   make(&plan, key, ca, ca_key);
	if (cert == NULL)
		status =
		    tb_fail(err, TB_EBUG, "libcrypto makes no certificate");
	if (status == TB_OK)
		status = write_pem(ca, ca_path, err);
	if (status == TB_OK)
		status = export(cert, key, out, err);
out:
	X509_free(cert);
	X509_free(ca);
	EVP_PKEY_free(key);
	EVP_PKEY_free(ca_key);
	return status;
}
