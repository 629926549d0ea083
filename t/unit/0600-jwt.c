/*
 * Keys of the Coinbase Developer Platform, their signatures and tokens.
 *
 * Expected values: tokens made with node and the openssl command; RFC 8037
 * A.4; Wycheproof.  The keys are throw-away ones.
 */

#include <fcntl.h>
#include <limits.h>
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coinbase/jwt.h"
#include "coinbase/key.h"
#include "io/json.h"
#include "tap.h"

#define EC_NAME                                                                \
 "organizations/0f0e0d0c-0b0a-4090-8807-060504030201/apiKeys/"                 \
 "11111111-2222-4333-8444-555555555555"
#define ED_NAME                                                                \
 "organizations/0f0e0d0c-0b0a-4090-8807-060504030201/apiKeys/"                 \
 "66666666-7777-4888-8999-aaaaaaaaaaaa"
#define NONCE "00112233445566778899aabbccddeeff"
#define NBF_S 1767225600
#define EC_BODY                                                                \
 "MHcCAQEEIM1f0Xqr2kwzZJjCBkRFYtbClLcjD+Hn1OaAzDsDXAnkoAoGCCqGSM49%s"          \
 "AwEHoUQDQgAEvg05HQlP/sZqLxYr6mZYPQzp4PWLfmTtyE3g8r2s0mBfYC9zz7Fb%s"          \
 "eDHw9Y2Jhfsf6x8h6m0Kc4AtbKpYlAmmOw==%s"
#define EC_PEM                                                                 \
 "-----BEGIN EC PRIVATE KEY-----%s" EC_BODY "-----END EC PRIVATE KEY-----%s"
#define ED_SECRET                                                              \
 "7UB2ARuPNNvLiuzJo+dbUDxPdzdzxylCFRJA60r7k0qPO74/fxQxn8JnZHnZOhnCqetc8mY9R46" \
 "SoS18vuqFHA=="
#define ED_SEED "7UB2ARuPNNvLiuzJo+dbUDxPdzdzxylCFRJA60r7k0o="

/* The parts of the tokens that are the same in every run. */
#define V1_HEADER                                                              \
 "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6Im9yZ2FuaXphdGlvbnMvMGYwZTBkMGM" \
 "tMGIwYS00MDkwLTg4MDctMDYwNTA0MDMwMjAxL2FwaUtleXMvMTExMTExMTEtMjIyMi00MzMzLT" \
 "g0NDQtNTU1NTU1NTU1NTU1Iiwibm9uY2UiOiIwMDExMjIzMzQ0NTU2Njc3ODg5OWFhYmJjY2RkZ" \
 "WVmZiJ9"
#define V1_CLAIMS                                                              \
 "eyJzdWIiOiJvcmdhbml6YXRpb25zLzBmMGUwZDBjLTBiMGEtNDA5MC04ODA3LTA2MDUwNDAzMDI" \
 "wMS9hcGlLZXlzLzExMTExMTExLTIyMjItNDMzMy04NDQ0LTU1NTU1NTU1NTU1NSIsImlzcyI6Im" \
 "NkcCIsIm5iZiI6MTc2NzIyNTYwMCwiZXhwIjoxNzY3MjI1NzIwLCJ1cmkiOiJHRVQgYXBpLmNva" \
 "W5iYXNlLmNvbS9hcGkvdjMvYnJva2VyYWdlL2FjY291bnRzIn0"
#define V2_HEADER                                                              \
 "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCIsImtpZCI6Im9yZ2FuaXphdGlvbnMvMGYwZTBkMGM" \
 "tMGIwYS00MDkwLTg4MDctMDYwNTA0MDMwMjAxL2FwaUtleXMvNjY2NjY2NjYtNzc3Ny00ODg4LT" \
 "g5OTktYWFhYWFhYWFhYWFhIiwibm9uY2UiOiIwMDExMjIzMzQ0NTU2Njc3ODg5OWFhYmJjY2RkZ" \
 "WVmZiJ9"
#define V2_TOKEN                                                               \
 V2_HEADER                                                                     \
 ".eyJzdWIiOiJvcmdhbml6YXRpb25zLzBmMGUwZDBjLTBiMGEtNDA5MC04ODA3LTA2MDUwNDAzMD" \
 "IwMS9hcGlLZXlzLzY2NjY2NjY2LTc3NzctNDg4OC04OTk5LWFhYWFhYWFhYWFhYSIsImlzcyI6I" \
 "mNkcCIsIm5iZiI6MTc2NzIyNTYwMCwiZXhwIjoxNzY3MjI1NzIwLCJ1cmkiOiJQT1NUIGFwaS5j" \
 "b2luYmFzZS5jb20vYXBpL3YzL2Jyb2tlcmFnZS9vcmRlcnMifQ.3cLE95xGELifNeBf3StkxX72" \
 "K8bM2ALUou4Z1gQmpn6HjBxxXcOkqIXmoMIHi63Dm4mqIgUHE2yVOA9nd8GyDA"
#define V3_TOKEN                                                               \
 V2_HEADER                                                                     \
 ".eyJzdWIiOiJvcmdhbml6YXRpb25zLzBmMGUwZDBjLTBiMGEtNDA5MC04ODA3LTA2MDUwNDAzMD" \
 "IwMS9hcGlLZXlzLzY2NjY2NjY2LTc3NzctNDg4OC04OTk5LWFhYWFhYWFhYWFhYSIsImlzcyI6I" \
 "mNkcCIsIm5iZiI6MTc2NzIyNTYwMCwiZXhwIjoxNzY3MjI1NzIwfQ.egtE8LFtY6s597vsH2rpR" \
 "D1KgX7s1ze1pHONuaTaNjUPr9YzBIvVNtQuXWVsuiZkQLw4AiFhq2dMHAKvw5ogAQ"

static struct tb_err err;
static char dir[] = "/tmp/tb-key-XXXXXX";

/* A key out of a file as its maker gives it out. */
static enum tb_status
parse(struct key *key, const char *name, const char *secret)
{
	char text[2 * KEY_FILE_MAX];

	snprintf(text, sizeof(text), "{%s,\"privateKey\":\"%s\"}", name,
	    secret);
	tb_err_clear(&err);
	return key_parse(text, strlen(text), key, &err);
}

static void
ec_pem(char *out, size_t size, const char *line_end)
{
	snprintf(out, size, EC_PEM, line_end, line_end, line_end, line_end,
	    line_end);
}

static size_t
decode(const char *s, size_t len, unsigned char *out)
{
	char text[JWT_MAX];
	size_t n = 0;

	for (; n < len; n++)
		text[n] = (char)(s[n] == '-' ? '+' : s[n] == '_' ? '/' : s[n]);
	while (n % 4 != 0)
		text[n++] = '=';
	text[n] = '\0';
	return EVP_DecodeBlock(out, (unsigned char *)text, (int)n) < 0 ?
	    0 :
	    len * 3 / 4;
}

/* r and s as the DER that OpenSSL verifies. */
static bool
verifies_raw(EVP_PKEY *pkey, const void *bytes, size_t len,
    const unsigned char raw[64])
{
	ECDSA_SIG *sig = ECDSA_SIG_new();
	unsigned char *der = NULL;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good;
	int n;

	ECDSA_SIG_set0(sig, BN_bin2bn(raw, 32, NULL),
	    BN_bin2bn(raw + 32, 32, NULL));
	n = i2d_ECDSA_SIG(sig, &der);
	good = EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, pkey) == 1 &&
	    EVP_DigestVerify(ctx, der, (size_t)n, bytes, len) == 1;
	EVP_MD_CTX_free(ctx);
	OPENSSL_free(der);
	ECDSA_SIG_free(sig);
	return good;
}

static bool
token_verifies(EVP_PKEY *pkey, const char *token)
{
	const char *dot = strrchr(token, '.');
	unsigned char raw[96];

	return dot != NULL && strlen(dot + 1) == 86 &&
	    decode(dot + 1, 86, raw) == 64 &&
	    verifies_raw(pkey, token, (size_t)(dot - token), raw);
}

/* ---------------------------------------------------------------- tokens -- */

static void
test_es256(void)
{
	static const char uri[] =
	    "GET api.coinbase.com/api/v3/brokerage/accounts";
	char pem[512], token[JWT_MAX], again[JWT_MAX];
	struct key key;

	ec_pem(pem, sizeof(pem), "\\n");
	ok(parse(&key, "\"name\":\"" EC_NAME "\"", pem) == TB_OK,
	    "an EC key %s", err.msg);
	ok(!key.is_ed25519, "... is of its kind");
	is(key.name, EC_NAME, "... has its name");
	ok(jwt_write(&key, uri, NBF_S, NONCE, token, &err) == TB_OK,
	    "V1: a token %s", err.msg);
	ok(strncmp(token, V1_HEADER "." V1_CLAIMS ".",
	       strlen(V1_HEADER "." V1_CLAIMS ".")) == 0,
	    "... header and claims to the byte");
	is_int((long long)strlen(token), 595, "... its length");
	ok(token_verifies(key.pkey, token), "... its signature");
	ok(token_verifies(key.pkey,
	       V1_HEADER "." V1_CLAIMS ".mypyYpc1pdyRjD2T7crY4eTJVo6Bz4YvU4qNK"
			 "47PXBx3BmMDE7PJUQNnIk-NCzbEXfxlOmNwJ6DXBjO8kqJZGg"),
	    "the check of this test takes RFC 6979's signature");
	ok(token_verifies(key.pkey,
	       V1_HEADER "." V1_CLAIMS ".geVSXHbE48rFdAB9tt3-_EpTGvNn1zV9iW2mN"
			 "qJALZze0zIlpBxqL0ZfLvcr45xYILsN7dJ1_aVeh_UJvb8HQA"),
	    "... and a random one");
	ok(!token_verifies(key.pkey,
	       V1_HEADER "." V1_CLAIMS ".MEUCIQC21f1L239-X60_ladMbSw_YxaDwCoZ"
			 "YTBlR3P2oJcYdQIgfrszP_53Lfe9JqJqSMXKTIv_yB_v_2F-GPA"
			 "wYqHGGFw"),
	    "... and no DER");
	ok(jwt_write(&key, uri, NBF_S, NULL, token, &err) == TB_OK &&
		jwt_write(&key, uri, NBF_S, NULL, again, &err) == TB_OK &&
		strncmp(token, again, 300) != 0,
	    "without a nonce given, each token has its own");
	key_release(&key);
}

static void
test_eddsa(void)
{
	char token[JWT_MAX], uri[JWT_MAX];
	struct key key;

	ok(parse(&key, "\"name\":\"" ED_NAME "\"", ED_SECRET) == TB_OK,
	    "an Ed25519 key %s", err.msg);
	ok(key.is_ed25519, "... is of its kind");
	ok(jwt_write(&key, "POST api.coinbase.com/api/v3/brokerage/orders",
	       NBF_S, NONCE, token, &err) == TB_OK,
	    "V2: a token %s", err.msg);
	is(token, V2_TOKEN, "... to the byte");
	ok(jwt_write(&key, NULL, NBF_S, NONCE, token, &err) == TB_OK,
	    "V3: one without uri");
	is(token, V3_TOKEN, "... to the byte");
	memset(uri, 'x', sizeof(uri));
	uri[1200] = '\0';
	ok(jwt_write(&key, uri, NBF_S, NONCE, token, &err) == TB_ERANGE,
	    "one that is too long is refused");
	key_release(&key);
}

/* Halves that are shorter than 32 bytes come about once in 128 times. */
static void
test_many_signatures(void)
{
	unsigned char raw[KEY_SIGNATURE_LEN];
	int bad = 0, padded = 0;
	char text[32], pem[512];
	struct key key;

	ec_pem(pem, sizeof(pem), "\\n");
	if (parse(&key, "\"name\":\"n\"", pem) != TB_OK) {
		ok(false, "%s", err.msg);
		return;
	}
	for (int i = 0; i < 3000; i++) {
		int len = snprintf(text, sizeof(text), "message %d", i);

		if (key_sign(&key, text, (size_t)len, raw, &err) != TB_OK ||
		    !verifies_raw(key.pkey, text, (size_t)len, raw))
			bad++;
		padded += raw[0] == 0 || raw[32] == 0;
	}
	is_int(bad, 0, "3000 signatures verify");
	ok(padded > 0, "... %d with a zero in front", padded);
	key_release(&key);
}

static size_t
from_hex(const char *hex, size_t digits, unsigned char *out, size_t size)
{
	size_t n = digits / 2;

	for (size_t i = 0; i < n && i < size; i++) {
		char two[3] = { hex[2 * i], hex[2 * i + 1], '\0' };

		out[i] = (unsigned char)strtoul(two, NULL, 16);
	}
	return n <= size ? n : 0;
}

static void
raw_is(const char *der, const char *expected)
{
	unsigned char bytes[128], raw[KEY_SIGNATURE_LEN], want[64];
	size_t len = from_hex(der, strlen(der), bytes, sizeof(bytes));

	(void)from_hex(expected, strlen(expected), want, sizeof(want));
	ok(key_raw_signature(bytes, len, raw) == TB_OK &&
		memcmp(raw, want, sizeof(want)) == 0,
	    "V4: DER of %zu bytes", len);
	ok(key_raw_signature(bytes, len - 1, raw) == TB_EINVAL,
	    "... but not without its last byte");
	bytes[len] = 0;
	ok(key_raw_signature(bytes, len + 1, raw) == TB_EINVAL,
	    "... nor with one more");
}

static void
test_raw(void)
{
	raw_is("3046022100c68038ed3f4c5b7419a81d507495a23ec808e966b69052654e52"
	       "2f0a3fb192ad022100fdacd83849f06a7aaeadde14b4d7347619707a2e4314"
	       "9e8b7d44bddd0fa43404",
	    "c68038ed3f4c5b7419a81d507495a23ec808e966b69052654e522f0a3fb192ad"
	    "fdacd83849f06a7aaeadde14b4d7347619707a2e43149e8b7d44bddd0fa43404");
	raw_is("3044021f3b3cee20ba95d18de7ec26f596ffd1d81ea554ba6da20a5d93cb31"
	       "6b240db70221008ea56b5a38e4adb0dbee26d48b20dddfd9b6885b80c37ff5"
	       "99a8b0cadfaed8d9",
	    "003b3cee20ba95d18de7ec26f596ffd1d81ea554ba6da20a5d93cb316b240db7"
	    "8ea56b5a38e4adb0dbee26d48b20dddfd9b6885b80c37ff599a8b0cadfaed8d9");
	raw_is("3044022100c2180e68fc874b7a1328abca6d096fd0b10e35b08d43f3df31f3"
	       "c2ed050098bf021f5fc3ed98ec7dc3cca1fef8b37be81f0da3f5637433d3d1"
	       "ac32e51114f056e8",
	    "c2180e68fc874b7a1328abca6d096fd0b10e35b08d43f3df31f3c2ed050098bf"
	    "005fc3ed98ec7dc3cca1fef8b37be81f0da3f5637433d3d1ac32e51114f056e8");
}

/* ------------------------------------------------------ data of others -- */

static char *
read_shared(const char *name, size_t *len)
{
	char path[512];
	char *text;
	FILE *f;

	if (tap_shared(name, path, sizeof(path)) == NULL)
		return NULL;
	f = fopen(path, "r");
	text = malloc(4U << 20);
	*len = f == NULL || text == NULL ? 0 : fread(text, 1, 4U << 20, f);
	fclose(f);
	return text;
}

static struct json_token tokens[100000];

static const struct json_token *
member_of(const struct json *j, const struct json_token *t, const char *key)
{
	static const struct json_token none = { .kind = JSON_STRING,
		.text = "" };
	const struct json_token *m = json_get(j, t, key);

	return m == NULL ? &none : m;
}

/* A key made of its JWK, by way of the forms that a file may have. */
static void
token_case(const struct json *j, const struct json_token *t)
{
	const struct json_token *secret =
	    member_of(j, t, "coinbase_secret_base64_64_bytes");
	const struct json_token *input = member_of(j, t, "signing_input");
	const struct json_token *pem = member_of(j, t, "pem");
	const struct json_token *jws = member_of(j, t, "jws");
	unsigned char raw[KEY_SIGNATURE_LEN], told[96];
	char text[KEY_FILE_MAX];
	struct key key;
	size_t n = 0;

	for (size_t i = 0; i < pem->len; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%.*s",
		    pem->text[i] == '\n' ? 2 : 1,
		    pem->text[i] == '\n' ? "\\n" : &pem->text[i]);
	ok(parse(&key, "\"id\":\"k\"", text) == TB_OK,
	    "%.*s: its PKCS#8 PEM is read %s", (int)member_of(j, t, "id")->len,
	    member_of(j, t, "id")->text, err.msg);
	(void)decode(jws->text + input->len + 1, 86, told);
	ok(key_sign(&key, input->text, input->len, raw, &err) == TB_OK,
	    "... it signs");
	if (!key.is_ed25519) {
		ok(verifies_raw(key.pkey, input->text, input->len, raw),
		    "... and verifies");
		ok(verifies_raw(key.pkey, input->text, input->len, told),
		    "... as theirs does");
		key_release(&key);
		return;
	}
	ok(memcmp(raw, told, sizeof(raw)) == 0, "... as they do");
	key_release(&key);
	snprintf(text, sizeof(text), "%.*s", (int)secret->len, secret->text);
	ok(parse(&key, "\"id\":\"k\"", text) == TB_OK &&
		key_sign(&key, input->text, input->len, raw, &err) == TB_OK &&
		memcmp(raw, told, sizeof(raw)) == 0,
	    "... and the same by its base64");
	key_release(&key);
}

static void
test_token_data(void)
{
	size_t len = 0;
	char *text = read_shared("crypto/cdp_style_tokens.json", &len);
	const struct json_token *t;
	struct json j;

	if (text == NULL) {
		skip("no ../shared/data");
		return;
	}
	ok(json_read(text, len, tokens, 100000, &j, &err) == TB_OK,
	    "tokens of others %s", err.msg);
	for (t = json_first(&j, j.tokens); t != NULL;
	     t = json_after(&j, j.tokens, t))
		token_case(&j, t);
	free(text);
}

/* RFC 8037 A.4 */
static void
test_rfc8037(void)
{
	static const char input[] =
	    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
	static const char expected[] =
	    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5B"
	    "hVsPt9g7sVvpAr_MuM0KAg";
	unsigned char raw[KEY_SIGNATURE_LEN], want[96];
	struct key key;

	(void)decode(expected, 86, want);
	ok(parse(&key, "\"id\":\"k\"",
	       "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=") == TB_OK &&
		key_sign(&key, input, strlen(input), raw, &err) == TB_OK &&
		memcmp(raw, want, sizeof(raw)) == 0,
	    "RFC 8037 A.4, by a seed alone");
	key_release(&key);
}

/* A point as the SubjectPublicKeyInfo of RFC 5480. */
static EVP_PKEY *
public_key(const struct json *j, const struct json_token *group)
{
	static const char head[] =
	    "3059301306072a8648ce3d020106082a8648ce3d030107034200";
	const struct json_token *key = json_get(j, group, "publicKey");
	const struct json_token *point;
	const unsigned char *p;
	unsigned char der[91];

	if (key == NULL)
		return NULL;
	point = member_of(j, key, "uncompressed");
	if (from_hex(head, strlen(head), der, 26) != 26 ||
	    from_hex(point->text, point->len, der + 26, 65) != 65)
		return NULL;
	p = der;
	return d2i_PUBKEY(NULL, &p, sizeof(der));
}

/* A valid DER becomes a raw signature that verifies; an invalid one does not,
 * but for one whose numbers are right and only their packing is not. */
static void
test_wycheproof(void)
{
	size_t len = 0;
	char *text =
	    read_shared("crypto/wycheproof_ecdsa_secp256r1_sha256_test.json",
		&len);
	const struct json_token *group, *t;
	int valid = 0, invalid = 0, wrong = 0, packed = 0;
	struct json j;

	if (text == NULL) {
		skip("no ../shared/data");
		return;
	}
	ok(json_read(text, len, tokens, 100000, &j, &err) == TB_OK,
	    "Wycheproof %s", err.msg);
	group = json_get(&j, j.tokens, "groups");
	for (const struct json_token *g = json_first(&j, group); g != NULL;
	     g = json_after(&j, group, g)) {
		const struct json_token *tests = json_get(&j, g, "tests");
		EVP_PKEY *pkey = public_key(&j, g);

		for (t = json_first(&j, tests); t != NULL && pkey != NULL;
		     t = json_after(&j, tests, t)) {
			const struct json_token *sig = member_of(&j, t, "sig");
			const struct json_token *msg = member_of(&j, t, "msg");
			bool is_valid =
			    json_is(member_of(&j, t, "result"), "valid");
			unsigned char der[1024], bytes[1024], raw[64];
			size_t der_len = from_hex(sig->text, sig->len, der,
				   sizeof(der)),
			       msg_len = from_hex(msg->text, msg->len, bytes,
				   sizeof(bytes));
			bool good =
			    key_raw_signature(der, der_len, raw) == TB_OK &&
			    verifies_raw(pkey, bytes, msg_len, raw);

			valid += is_valid;
			invalid += !is_valid;
			wrong += is_valid && !good;
			packed += !is_valid && good;
		}
		EVP_PKEY_free(pkey);
	}
	ok(valid > 50 && invalid > 50, "%d valid and %d invalid signatures",
	    valid, invalid);
	is_int(wrong, 0, "every valid one is taken");
	ok(packed < 12, "%d are wrong by their packing only", packed);
	free(text);
}

/* ------------------------------------------------------------- key files -- */

static void
refused(const char *name, const char *secret, const char *words)
{
	struct key key;

	ok(parse(&key, name, secret) == TB_ECONFIG, "refused: %s", err.msg);
	ok(strstr(err.msg, words) != NULL, "... because: %s", words);
	ok(key.pkey == NULL && key.name[0] == '\0', "... nothing is left");
}

static void
taken(const char *name, const char *secret, const char *what)
{
	struct key key;

	ok(parse(&key, name, secret) == TB_OK, "taken: %s %s", what, err.msg);
	key_release(&key);
}

/* A private key as the openssl library makes it, in one JSON line. */
static void
made_pem(const char *kind, const char *group, char *out, size_t size)
{
	EVP_PKEY *pkey = strcmp(kind, "RSA") == 0 ?
	    EVP_PKEY_Q_keygen(NULL, NULL, kind, (size_t)1024) :
	    EVP_PKEY_Q_keygen(NULL, NULL, kind, group);
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL;
	size_t n = 0;
	long len;

	PEM_write_bio_PrivateKey(bio, pkey, NULL, NULL, 0, NULL, NULL);
	len = BIO_get_mem_data(bio, &text);
	for (long i = 0; i < len; i++)
		n += (size_t)snprintf(out + n, size - n, "%.*s",
		    text[i] == '\n' ? 2 : 1,
		    text[i] == '\n' ? "\\n" : &text[i]);
	BIO_free(bio);
	EVP_PKEY_free(pkey);
}

static void
test_forms(void)
{
	static const char name[] = "\"name\":\"n\"";
	char pem[4096], long_name[300], long_member[320];

	ec_pem(pem, sizeof(pem), "\\n");
	taken(name, pem, "SEC1 PEM");
	taken("\"name\":\"n\",\"publicKey\":\"x\",\"enabled\":true,"
	      "\"scopes\":[\"view\"]",
	    pem, "members not known");
	taken("\"id\":\"n\"", pem, "id for name");
	ec_pem(pem, sizeof(pem), "\\r\\n");
	taken(name, pem, "CRLF");
	ec_pem(pem, sizeof(pem), "\\\\n");
	taken(name, pem, "line ends of the two characters \\ and n");
	taken(name, ED_SECRET, "seed and public key");
	taken(name, ED_SEED, "seed alone");
	taken(name, "  " ED_SEED "\\n", "blanks around it");
	made_pem("ED25519", NULL, pem, sizeof(pem));
	taken(name, pem, "Ed25519 in PEM");
	made_pem("EC", "P-256", pem, sizeof(pem));
	taken(name, pem, "PKCS#8 PEM");

	made_pem("EC", "P-384", pem, sizeof(pem));
	refused(name, pem, "EC secp384r1");
	made_pem("RSA", NULL, pem, sizeof(pem));
	refused(name, pem, "rsaEncryption");
	refused(name, "", "expected a PEM");
	refused(name, "AAAA", "expected a PEM");
	refused(name,
	    "!UB2ARuPNNvLiuzJo+dbUDxPdzdzxylCFRJA60r7k0o=", "expected a PEM");
	refused(name, "A" ED_SECRET, "expected a PEM");
	refused(name,
	    "7UB2ARuPNNvLiuzJo+dbUDxPdzdzxylCFRJA60r7k0qPO74/fxQxn8JnZHnZOhnC"
	    "qetc8mY9R46SoS18vuqFHQ==",
	    "not the public key");
	refused(name, "-----BEGIN PUBLIC KEY-----\\nAAAA", "a public key");
	refused(name,
	    "-----BEGIN EC PRIVATE KEY-----\\nAAAA\\n-----END EC "
	    "PRIVATE KEY-----\\n",
	    "holds no private key");
	refused("\"nom\":\"n\"", ED_SEED, "expected name (or id)");
	refused("\"name\":7", ED_SEED, "name: expected");
	refused("\"name\":\"\"", ED_SEED, "name: expected");
	refused("\"name\":\"a b\"", ED_SEED, "without blanks");
	memset(long_name, 'n', sizeof(long_name));
	snprintf(long_member, sizeof(long_member), "\"name\":\"%.*s\"",
	    KEY_NAME_MAX, long_name);
	refused(long_member, ED_SEED, "1 to 255 bytes");
	snprintf(long_member, sizeof(long_member), "\"name\":\"%.*s\"",
	    KEY_NAME_MAX - 1, long_name);
	taken(long_member, ED_SEED, "a name of 255 bytes");
}

static void
test_no_json(void)
{
	char pem[512], list[] = "[]", none[] = "canary-secret";
	char no_secret[] = "{\"name\":\"n\"}";
	struct key key;

	ec_pem(pem, sizeof(pem), "\n");
	ok(key_parse(pem, strlen(pem), &key, &err) == TB_ECONFIG,
	    "a PEM alone: %s", err.msg);
	ok(pem[0] == '\0' && pem[200] == '\0', "... and it is wiped");
	ok(key_parse(list, 2, &key, &err) == TB_ECONFIG, "a list: %s", err.msg);
	ok(key_parse(no_secret, strlen(no_secret), &key, &err) == TB_ECONFIG,
	    "no secret: %s", err.msg);
	ok(key_parse(none, strlen(none), &key, &err) == TB_ECONFIG,
	    "no JSON: %s", err.msg);
	ok(strstr(err.msg, "canary") == NULL, "... which is not repeated");
}

static const char *
path_of(const char *name)
{
	static char path[2][PATH_MAX];
	static int turn;

	turn = 1 - turn;
	snprintf(path[turn], PATH_MAX, "%s/%s", dir, name);
	return path[turn];
}

static void
put_file(const char *name, const char *text, size_t len, mode_t mode)
{
	int fd = open(path_of(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd == -1 || write(fd, text, len) != (ssize_t)len ||
	    fchmod(fd, mode) != 0)
		ok(false, "%s can't be written", name);
	(void)close(fd);
}

static void
file_is(const char *name, enum tb_status status, const char *words)
{
	struct key key;

	tb_err_clear(&err);
	is_int(key_read(path_of(name), &key, &err), status, name);
	ok(strstr(err.msg, words) != NULL, "... %s", err.msg);
	ok(strstr(err.msg, "canary") == NULL, "... without its content");
	key_release(&key);
}

static void
test_files(void)
{
	static const char good[] = "{\"name\":\"n\",\"privateKey\":\"" ED_SEED
				   "\",\"nickname\":\"canary\"}\n";
	static char large[KEY_FILE_MAX + 1];
	size_t len = strlen(good);

	put_file("good", good, len, 0600);
	file_is("good", TB_OK, "");
	put_file("read-only", good, len, 0400);
	file_is("read-only", TB_OK, "");
	put_file("open", good, len, 0644);
	file_is("open", TB_EPERM, "open to others (mode 0644): chmod 600 it");
	put_file("group", good, len, 0640);
	file_is("group", TB_EPERM, "mode 0640");
	put_file("written", good, len, 0602);
	file_is("written", TB_EPERM, "mode 0602");
	file_is("none", TB_ECONFIG, "No such file");
	file_is("no/folder", TB_ECONFIG, "its folder: No such file");
	ok(symlink("good", path_of("link")) == 0, "a link");
	file_is("link", TB_EPERM, "it is a symbolic link");
	put_file("two", good, len, 0600);
	ok(link(path_of("two"), path_of("names")) == 0, "two names");
	file_is("names", TB_EPERM, "it has 2 names");
	put_file("empty", "", 0, 0600);
	file_is("empty", TB_ECONFIG, "it is empty");
	memset(large, ' ', sizeof(large));
	memcpy(large, good, len);
	put_file("largest", large, sizeof(large) - 1, 0600);
	file_is("largest", TB_OK, "");
	put_file("large", large, sizeof(large), 0600);
	file_is("large", TB_ECONFIG, "16385 bytes, expected at most 16384");
	(void)mkfifo(path_of("fifo"), 0600);
	file_is("fifo", TB_EPERM, "expected a regular file");
	(void)mkdir(path_of("folder"), 0700);
	file_is("folder", TB_EPERM, "expected a regular file");
	put_file("bad", "canary", 6, 0600);
	file_is("bad", TB_ECONFIG, "/bad: expected a JSON object");
	(void)chmod(dir, 0722);
	file_is("good", TB_EPERM, "others write to its folder");
	(void)chmod(dir, 0700);
}

static void
clean(void)
{
	static const char *const names[] = { "good", "read-only", "open",
		"group", "written", "link", "two", "names", "empty", "largest",
		"large", "fifo", "bad" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		(void)unlink(path_of(names[i]));
	(void)rmdir(path_of("folder"));
	(void)rmdir(dir);
}

int
main(void)
{
	if (mkdtemp(dir) == NULL)
		return 1;
	test_es256();
	test_eddsa();
	test_many_signatures();
	test_raw();
	test_rfc8037();
	test_token_data();
	test_wycheproof();
	test_forms();
	test_no_json();
	test_files();
	clean();
	return tap_done();
}
