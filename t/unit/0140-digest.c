/*
 * digest: SHA-256 by the examples of FIPS 180-2 and NIST's CAVP; ids by
 * RFC 9562, their hexadecimal digits from sha256sum(1).
 */

#include "base/digest.h"

#include <fcntl.h>
#include <unistd.h>

#include "tap.h"

static void
test_vectors(void)
{
	static const struct {
		const char *text, *hex;
	} cases[] = {
		{ "",
		    "e3b0c44298fc1c149afbf4c8996fb924"
		    "27ae41e4649b934ca495991b7852b855" },
		{ "abc",
		    "ba7816bf8f01cfea414140de5dae2223"
		    "b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		    "248d6a61d20638b8e5c026930c3e6039"
		    "a33ce45964ff2167f6ecedd419db06c1" },
		{ "\xbd",
		    "68325720aabd7c82f30f554b313d0570"
		    "c95accbb7dc4b5aae11204c08ffe732b" },
		{ "\xc9\x8c\x8e\x55",
		    "7abc22c0ae5af26ce93dbb94433a0e0b"
		    "2e119d014f8e7f65bd56c61ccccd9504" },
	};
	char hex[DIGEST_HEX];
	struct digest d;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		digest_of(cases[i].text, strlen(cases[i].text), hex);
		is(hex, cases[i].hex, cases[i].text);
	}
	digest_init(&d);
	for (int i = 0; i < 1000000; i++)
		digest_add(&d, "a", 1);
	digest_hex(&d, hex);
	is(hex,
	    "cdc76e5c9914fb9281a1c7e284d73e67"
	    "f1809a48a497200e046d39ccc7112cd0",
	    "a million a, one at a time");
}

/* printf '3:BTC-:0:1:-' | sha256sum */
static void
test_fields(void)
{
	char hex[DIGEST_HEX], other[DIGEST_HEX];
	struct digest d;

	digest_init(&d);
	digest_add_field(&d, "BTC");
	digest_add_field(&d, NULL);
	digest_add_field(&d, "");
	digest_add_field(&d, "-");
	digest_hex(&d, hex);
	digest_of("3:BTC-:0:1:-", 12, other);
	is(hex, other, "length, colon, bytes; NULL is told from \"\"");

	digest_init(&d);
	digest_add_field(&d, "ab");
	digest_add_field(&d, "c");
	digest_hex(&d, hex);
	digest_init(&d);
	digest_add_field(&d, "a");
	digest_add_field(&d, "bc");
	digest_hex(&d, other);
	ok(strcmp(hex, other) != 0, "where a field ends counts");
}

static void
test_files(void)
{
	char hex[DIGEST_HEX], want[DIGEST_HEX], chunk[1000];
	struct tb_err err = { 0 };
	struct digest d;
	FILE *file = tmpfile();
	int fd;

	memset(chunk, 'z', sizeof(chunk));
	digest_init(&d);
	for (int i = 0; i < 200; i++) {
		fwrite(chunk, 1, sizeof(chunk), file);
		digest_add(&d, chunk, sizeof(chunk));
	}
	digest_hex(&d, want);
	rewind(file);
	fflush(file);
	is_int(digest_of_file(fileno(file), hex, &err), TB_OK, "a file");
	is(hex, want, "is read to its end");
	fclose(file);

	fd = open("/", O_RDONLY | O_DIRECTORY);
	is_int(digest_of_file(fd, hex, &err), TB_EIO, "a folder is none");
	is(err.msg, "read: Is a directory", "in words");
	close(fd);
}

static void
test_uuids(void)
{
	char a[DIGEST_UUID], b[DIGEST_UUID];
	struct tb_err err = { 0 };

	digest_uuid("paper", "s:x", a);
	digest_uuid("paper", "s:x", b);
	is(a, b, "the same two texts give the same id");
	is_int((long long)strlen(a), 36, "of 36 characters");
	ok(a[8] == '-' && a[13] == '-' && a[18] == '-' && a[23] == '-',
	    "8-4-4-4-12");
	ok(a[14] == '8', "version 8");
	ok(strchr("89ab", a[19]) != NULL, "variant of RFC 9562");
	digest_uuid("pape", "rs:x", b);
	ok(strcmp(a, b) != 0, "where the space ends counts");
	digest_uuid("paper", "s:y", b);
	ok(strcmp(a, b) != 0, "another name, another id");

	is_int(digest_random_uuid(a, &err), TB_OK, "a random one");
	is_int(digest_random_uuid(b, &err), TB_OK, "another");
	ok(strcmp(a, b) != 0, "differ");
	ok(a[14] == '4' && strchr("89ab", a[19]) != NULL, "version 4");
}

/* The whole id, its 122 bits from sha256sum. */
static void
test_uuid_bits(void)
{
	char uuid[DIGEST_UUID];

	digest_uuid("paper", "x", uuid);
	is(uuid, "eb9ebae0-19ab-8974-abcb-5002ae8b8569", "digits of SHA-256");
	ok(digest_is_uuid(uuid), "is known by its form");
	uuid[14] = '4';
	ok(!digest_is_uuid(uuid), "another version is not");
	uuid[14] = '8';
	uuid[19] = 'c';
	ok(!digest_is_uuid(uuid), "nor another variant");
	uuid[19] = 'b';
	uuid[35] = '\0';
	ok(!digest_is_uuid(uuid), "nor what is shorter");
	ok(!digest_is_uuid("eb9ebae0-19ab-8974-abcb-5002ae8b85690"),
	    "nor what is longer");
	ok(!digest_is_uuid(""), "nor nothing");
}

int
main(void)
{
	test_vectors();
	test_fields();
	test_files();
	test_uuids();
	test_uuid_bits();
	return tap_done();
}
