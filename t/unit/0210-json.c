/*
 * json: the reader over JSONTestSuite and tables of its own, the writer digit
 * by digit.
 */

#include <dirent.h>
#include <stdint.h>
#include <time.h>

#include "io/json.h"
#include "tap.h"

#define TEXT_MAX (1 << 20)

static struct json_token tokens[JSON_TOKENS_MAX];
static char text[TEXT_MAX];

/* A copy of s, read. */
static enum tb_status
read_text(const char *s, size_t len, struct json *j, struct tb_err *err)
{
	memcpy(text, s, len);
	return json_read(text, len, tokens, JSON_TOKENS_MAX, j, err);
}

/* ----------------------------------------------------------- the suite -- */

/* Accepted by RFC 8259 and refused by us, each with its reason. */
static const struct {
	const char *name, *reason;
} refused_on_purpose[] = {
	{ "y_object_duplicated_key.json", "repeated key" },
	{ "y_object_duplicated_key_and_value.json", "repeated key" },
	{ "y_object_escaped_null_in_key.json", "NUL" },
	{ "y_string_null_escape.json", "NUL" },
};

static const char *
reason_to_refuse(const char *name)
{
	size_t count =
	    sizeof(refused_on_purpose) / sizeof(refused_on_purpose[0]);

	for (size_t i = 0; i < count; i++)
		if (strcmp(name, refused_on_purpose[i].name) == 0)
			return refused_on_purpose[i].reason;
	return NULL;
}

/* json_read() over the whole of a file. */
static enum tb_status
read_file(const char *dir, const char *name, struct tb_err *err)
{
	char path[512];
	FILE *file;
	size_t len;
	struct json j;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "rb");
	if (file == NULL)
		return TB_EIO;
	len = fread(text, 1, sizeof(text), file);
	fclose(file);
	return json_read(text, len, tokens, JSON_TOKENS_MAX, &j, err);
}

static void
suite_file(const char *dir, const char *name, int counts[static 3])
{
	struct tb_err err = { 0 };
	enum tb_status status = read_file(dir, name, &err);
	const char *reason = reason_to_refuse(name);

	if (reason != NULL) {
		ok(status == TB_EINVAL && strstr(err.msg, reason) != NULL,
		    "%s is refused on purpose: %s", name, err.msg);
	} else if (name[0] == 'y') {
		counts[0]++;
		if (status != TB_OK)
			ok(false, "%s is accepted: %s", name, err.msg);
	} else if (name[0] == 'n') {
		counts[1]++;
		if (status != TB_EINVAL)
			ok(false, "%s is refused", name);
	} else {
		counts[2]++;
		if (status != TB_OK && status != TB_EINVAL)
			ok(false, "%s is one or the other", name);
	}
}

static void
test_suite(void)
{
	char dir[512];
	int counts[3] = { 0 }, before = tap_failed;
	struct dirent *entry;
	DIR *d;

	if (tap_shared("json/test_parsing", dir, sizeof(dir)) == NULL) {
		skip("JSONTestSuite is not there");
		return;
	}
	d = opendir(dir);
	while ((entry = readdir(d)) != NULL)
		if (strstr(entry->d_name, ".json") != NULL)
			suite_file(dir, entry->d_name, counts);
	closedir(d);
	ok(tap_failed == before && counts[0] > 0 && counts[1] > 0,
	    "JSONTestSuite: %d accepted, %d refused, %d either", counts[0],
	    counts[1], counts[2]);
}

/* Odd, but JSON: read, and what comes out canonical reads to the same. */
static void
test_transform(void)
{
	char dir[512];
	struct dirent *entry;
	int count = 0, odd = 0;
	DIR *d;

	if (tap_shared("json/test_transform", dir, sizeof(dir)) == NULL) {
		skip("JSONTestSuite is not there");
		return;
	}
	d = opendir(dir);
	while ((entry = readdir(d)) != NULL) {
		struct tb_err err = { 0 };
		enum tb_status status;

		if (strstr(entry->d_name, ".json") == NULL)
			continue;
		status = read_file(dir, entry->d_name, &err);
		count++;
		if (status != TB_OK) {
			odd++;
			ok(strstr(err.msg, "repeated key") != NULL ||
				strstr(err.msg, "NUL") != NULL ||
				strstr(err.msg, "surrogate") != NULL ||
				strstr(err.msg, "UTF-8") != NULL,
			    "%s is refused: %s", entry->d_name, err.msg);
		}
	}
	closedir(d);
	ok(count > odd, "test_transform: %d files, %d refused", count, odd);
}

/* ------------------------------------------------------------ messages -- */

static void
test_messages(void)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{ "", "byte 1: expected a value, found the end" },
		{ "  ", "byte 3: expected a value, found the end" },
		{ "{\"a\":1", "byte 7: unterminated object, expected , or }" },
		{ "[1", "byte 3: unterminated array, expected , or ]" },
		{ "{\"a\":1} {}",
		    "byte 9: expected nothing behind the value, found {" },
		{ "{\"a\":1,}", "byte 8: expected a key in quotes, found }" },
		{ "{a:1}", "byte 2: expected a key in quotes, found a" },
		{ "{\"a\" 1}", "byte 6: expected a colon, found 1" },
		{ "[1 2]", "byte 4: expected , or ], found 2" },
		{ "[1}", "byte 3: expected , or ], found }" },
		{ "{\"size_usd\":1,\"size_usd\":2}",
		    "byte 15: repeated key \"size_usd\"" },
		{ "{\"a\":1,\"\\u0061\":2}", "byte 8: repeated key \"a\"" },
		{ "NaN", "byte 1: expected a value, found N" },
		{ "[01]", "byte 3: expected , or ], found 1" },
		{ "[+1]", "byte 2: expected a value, found +" },
		{ "[1.]",
		    "byte 4: expected a digit behind the point, found ]" },
		{ "[1e]", "byte 4: expected a digit of the exponent, found ]" },
		{ "[-]", "byte 3: expected a digit, found ]" },
		{ "[tru]", "byte 2: expected a value, found t" },
		{ "\"a", "byte 3: unterminated text" },
		{ "\"a\tb\"", "byte 3: a control character in a text" },
		{ "\"\\x\"",
		    "byte 3: expected an escape such as \\n, found x" },
		{ "\"\\u12g4\"", "byte 6: expected a hex digit, found g" },
		{ "\"\\u0000\"", "byte 8: a NUL (\\u0000) in a text" },
		{ "\"\\ud800\"", "byte 8: lone surrogate" },
		{ "\"\\udc00\"", "byte 8: lone surrogate" },
		{ "\"\\ud800\\u0041\"", "byte 14: lone surrogate" },
		{ "\"\xff\"", "byte 2: invalid UTF-8" },
		{ "\"\xc0\xaf\"", "byte 2: invalid UTF-8" },
		{ "\"\xed\xa0\x80\"", "byte 2: invalid UTF-8" },
		{ "\"\xf4\x90\x80\x80\"", "byte 2: invalid UTF-8" },
		{ "\"\xe2\x82\"", "byte 2: invalid UTF-8" },
		{ "\xef\xbb\xbf{}", "byte 1: a byte order mark" },
		{ "\x01", "byte 1: expected a value, found 0x01" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tb_err err = { 0 };
		struct json j;
		enum tb_status status =
		    read_text(cases[i].text, strlen(cases[i].text), &j, &err);

		is(status == TB_EINVAL ? err.msg : "accepted", cases[i].message,
		    cases[i].message);
	}
}

static void
test_nul(void)
{
	struct tb_err err = { 0 };
	struct json j;

	ok(read_text("\"a\0b\"", 5, &j, &err) == TB_EINVAL, "a NUL in a text");
	is(err.msg, "byte 3: a NUL in a text", "is named");
	ok(read_text("1\0", 2, &j, &err) == TB_EINVAL, "a NUL behind a value");
	is(err.msg, "byte 2: expected nothing behind the value, found a NUL",
	    "is named too");
}

/* -------------------------------------------------------------- limits -- */

/* depth times open, then the same number of close. */
static size_t
nest(char *out, int depth, const char *open, const char *close)
{
	size_t len = 0;

	for (int i = 0; i < depth; i++)
		len += (size_t)sprintf(&out[len], "%s", open);
	for (int i = 0; i < depth; i++)
		len += (size_t)sprintf(&out[len], "%s", close);
	return len;
}

/* An object of count different keys. */
static size_t
many_keys(char *out, int count, const char *last)
{
	size_t len = 0;

	out[len++] = '{';
	for (int i = 0; i < count; i++)
		len += (size_t)sprintf(&out[len], "\"k%d\":0,", i);
	len += (size_t)sprintf(&out[len], "\"%s\":0}", last);
	return len;
}

static void
test_limits(void)
{
	static char big[TEXT_MAX];
	enum { MANY = 4 * JSON_KEYS_MAX };
	static struct json_token many[MANY];
	struct tb_err err = { 0 };
	struct json j;
	size_t len;

	len = nest(big, JSON_DEPTH_MAX, "[", "]");
	ok(read_text(big, len, &j, &err) == TB_OK, "32 levels");
	len = nest(big, JSON_DEPTH_MAX + 1, "[", "]");
	ok(read_text(big, len, &j, &err) == TB_EINVAL, "33 levels are refused");
	is(err.msg, "byte 33: nested deeper than 32 levels", "and named");
	len = nest(big, JSON_DEPTH_MAX, "{\"a\":", "}");
	ok(read_text(big, len, &j, &err) == TB_EINVAL, "a value is missing");
	len = nest(big, 100000, "[", "");
	ok(read_text(big, len, &j, &err) == TB_EINVAL, "100,000 brackets");

	len = 0;
	big[len++] = '[';
	for (int i = 0; i < JSON_TOKENS_MAX - 1; i++)
		len += (size_t)sprintf(&big[len], "0%s",
		    i + 1 < JSON_TOKENS_MAX - 1 ? "," : "]");
	ok(read_text(big, len, &j, &err) == TB_OK, "4096 tokens");
	is_int((long long)j.count, JSON_TOKENS_MAX, "all of them");
	len += (size_t)sprintf(&big[len - 1], ",0]") - 1;
	ok(read_text(big, len, &j, &err) == TB_EINVAL, "and no more");
	is(err.msg, "byte 8192: more than 4096 values and keys", "is named");

	len = many_keys(big, JSON_KEYS_MAX - 1, "last");
	ok(json_read(big, len, many, MANY, &j, &err) == TB_OK, "4096 keys");
	len = many_keys(big, JSON_KEYS_MAX, "last");
	ok(json_read(big, len, many, MANY, &j, &err) == TB_EINVAL,
	    "and no more");
	is(err.msg, "byte 1: an object of more than 4096 keys", "is named");
	for (int count = 20; count <= 28; count++) {
		len = many_keys(big, count, "k7");
		if (json_read(big, len, many, MANY, &j, &err) != TB_EINVAL ||
		    strstr(err.msg, "repeated key \"k7\"") == NULL)
			ok(false, "a repeated key among %d: %s", count,
			    err.msg);
	}
	len = many_keys(big, 2000, "k1999");
	ok(json_read(big, len, many, MANY, &j, &err) == TB_EINVAL,
	    "a repeated key among 2001: %s", err.msg);
}

/* ---------------------------------------------------------------- tape -- */

static void
test_tape(void)
{
	static const char source[] =
	    " {\"a\":[1,{\"x\":null},\"q\\n\"],\"b\":{},\"c\":true} ";
	const struct json_token *a, *t;
	struct tb_err err = { 0 };
	char copy[8];
	struct json j;
	int count = 0;

	ok(read_text(source, sizeof(source) - 1, &j, &err) == TB_OK, "read");
	is_int((long long)j.tokens[0].size, 3, "three pairs");
	is_int((long long)j.tokens[0].next, (long long)j.count, "all inside");
	is_int((long long)j.tokens[0].at, 1, "begins at the bracket");
	is_int((long long)j.tokens[0].end, (long long)sizeof(source) - 2,
	    "and ends behind its own");
	a = json_get(&j, j.tokens, "a");
	if (a == NULL || a->kind != JSON_ARRAY) {
		ok(false, "a is an array");
		return;
	}
	is_int((long long)a->size, 3, "a of three");
	for (t = json_first(&j, a); t != NULL; t = json_after(&j, a, t))
		count++;
	is_int(count, 3, "walked");
	ok(memcmp(&source[a->at], "[1,{\"x\":null},\"q\\n\"]",
	       a->end - a->at) == 0,
	    "its place in the source");
	ok(json_get(&j, j.tokens, "x") == NULL, "keys of one level only");
	ok(json_get(&j, j.tokens, "d") == NULL, "no such key");
	ok(json_first(&j, json_get(&j, j.tokens, "b")) == NULL, "empty");
	ok(json_get(&j, j.tokens, "c")->kind == JSON_TRUE, "the last key");
	t = json_after(&j, a, json_after(&j, a, json_first(&j, a)));
	ok(json_is(t, "q\n"), "decoded in place");
	ok(json_copy(t, copy, 3, &err) == TB_OK, "copied");
	is(copy, "q\n", "whole");
	ok(json_copy(t, copy, 2, &err) == TB_EINVAL, "a byte short: %s",
	    err.msg);
	ok(json_copy(a, copy, 8, &err) == TB_EINVAL, "an array: %s", err.msg);
}

static void
test_decode(void)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t" },
		{ "\"\\u0041\\u00e9\\u20ac\"", "A\xc3\xa9\xe2\x82\xac" },
		{ "\"\\ud83d\\uDE00!\"", "\xf0\x9f\x98\x80!" },
		{ "\"\xf0\x9f\x98\x80\\n\xe2\x82\xac\"",
		    "\xf0\x9f\x98\x80\n\xe2\x82\xac" },
		{ "\"\\u0001\"", "\x01" },
		{ "\"\"", "" },
	};
	struct tb_err err = { 0 };
	struct json j;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ok(read_text(cases[i].text, strlen(cases[i].text), &j, &err) ==
			    TB_OK &&
			json_is(j.tokens, cases[i].want),
		    "decodes %s", cases[i].text);
}

static void
test_amounts(void)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "0.2132552648459785", "0.2132552648459785" },
		{ "\"23.2600000000000018\"", "23.2600000000000018" },
		{ "\"1e3\"", "1000" },
		{ "1E+2", "100" },
		{ "1e-08", "0.00000001" },
		{ "-0", "0" },
		{ "1e-18", "0.000000000000000001" },
		{ "1e-19", "range" },
		{ "1e999999999", "range" },
		{ "1e1000", "range" },
		{ "0.1234567890123456789", "range" },
		{ "1234567890123456789012", "range" },
		{ "\"\"", "invalid" },
		{ "\" 5\"", "invalid" },
		{ "\"5 \"", "invalid" },
		{ "\"+5\"", "invalid" },
		{ "\".5\"", "invalid" },
		{ "\"5.\"", "invalid" },
		{ "\"0x10\"", "invalid" },
		{ "\"1,000\"", "invalid" },
		{ "\"1_000\"", "invalid" },
		{ "\"NaN\"", "invalid" },
		{ "\"Infinity\"", "invalid" },
		{ "\"\xd9\xa3\"", "invalid" },
		{ "true", "invalid" },
		{ "null", "invalid" },
		{ "{}", "invalid" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tb_err err = { 0 };
		char got[DECIMAL_STRLEN] = "invalid";
		struct decimal d;
		struct json j;
		enum tb_status status =
		    read_text(cases[i].text, strlen(cases[i].text), &j, &err);

		if (status == TB_OK)
			status = json_decimal(j.tokens, &d, &err);
		if (status == TB_ERANGE)
			strcpy(got, "range");
		else if (status == TB_OK)
			decimal_format(d, got);
		is(got, cases[i].want, cases[i].text);
	}
}

static void
test_integers(void)
{
	static const struct {
		const char *text;
		bool valid;
		long long want;
	} cases[] = {
		{ "0", true, 0 },
		{ "-7", true, -7 },
		{ "9223372036854775807", true, INT64_MAX },
		{ "-9223372036854775808", true, INT64_MIN },
		{ "9223372036854775808", false, 0 },
		{ "1e3", false, 0 },
		{ "1.0", false, 0 },
		{ "\"1\"", false, 0 },
		{ "123456789012345678901234567890", false, 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tb_err err = { 0 };
		long long n = 0;
		struct json j;
		bool valid = read_text(cases[i].text, strlen(cases[i].text), &j,
				 &err) == TB_OK &&
		    json_integer(j.tokens, &n, &err) == TB_OK;

		ok(valid == cases[i].valid && n == cases[i].want, "integer %s",
		    cases[i].text);
	}
}

/* -------------------------------------------------------------- writer -- */

static struct decimal
amount(const char *s)
{
	struct decimal d = DECIMAL_ZERO;

	ok(decimal_parse(s, strlen(s), &d) == TB_OK, "amount %s", s);
	return d;
}

static void
write_sample(struct json_writer *w)
{
	json_open(w, '{');
	json_key(w, "size_usd");
	json_amount_min(w, amount("100"), 2);
	json_key(w, "size");
	json_amount(w, amount("0.2132552648459785"));
	json_key(w, "list");
	json_open(w, '[');
	json_int(w, -3);
	json_bool(w, true);
	json_null(w);
	json_string(w, NULL);
	json_open(w, '[');
	json_close(w, ']');
	json_open(w, '{');
	json_close(w, '}');
	json_close(w, ']');
	json_key(w, "raw");
	json_raw(w, "{\"a\":1}", 7);
	json_close(w, '}');
}

static void
test_writer(void)
{
	struct json_writer w = { 0 };
	struct buffer out;

	buffer_init(&out, 4096);
	w.out = &out;
	write_sample(&w);
	is(buffer_string(&out),
	    "{\"size_usd\":100.00,\"size\":0.2132552648459785,"
	    "\"list\":[-3,true,null,null,[],{}],\"raw\":{\"a\":1}}",
	    "exact digits");

	buffer_clear(&out);
	w = (struct json_writer){
		.out = &out, .numbers = JSON_NUMBERS_STRING, .pretty = true
	};
	write_sample(&w);
	is(buffer_string(&out),
	    "{\n  \"size_usd\": \"100.00\",\n"
	    "  \"size\": \"0.2132552648459785\",\n"
	    "  \"list\": [\n    -3,\n    true,\n    null,\n    null,\n    [],\n"
	    "    {}\n  ],\n  \"raw\": {\"a\":1}\n}",
	    "pretty, amounts as texts");

	buffer_clear(&out);
	w = (struct json_writer){ .out = &out };
	json_string(&w,
	    "\"\\/\b\f\n\r\t\x01\x7f\xc2\x9b\xe2\x80\xae\xc3\xa9\xff");
	is(buffer_string(&out),
	    "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u007f\\u009b\\u202e\xc3\xa9"
	    "\xef\xbf\xbd\"",
	    "text that drives a terminal is escaped, bad bytes are replaced");
	buffer_release(&out);
}

static void
test_compact(void)
{
	static const char source[] = "{ \"b\\\"\\\\\" : [ 1.50 , \"a b\" ],\n"
				     "\t\"c\": \"\xe2\x80\xae\" }";
	struct buffer out;

	buffer_init(&out, 4096);
	json_compact(source, sizeof(source) - 1, &out);
	is(buffer_string(&out),
	    "{\"b\\\"\\\\\":[1.50,\"a b\"],\"c\":\"\\u202e\"}", "compact");
	buffer_release(&out);
}

static void
test_canonical(void)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ " { \"b\" : 1.50 , \"a\" : [ 1e2, -0.0, true ] } ",
		    "{\"a\":[100,0,true],\"b\":1.5}" },
		{ "{\"ab\":1,\"a\":2,\"\":3,\"B\":{\"z\":{},\"y\":[]}}",
		    "{\"\":3,\"B\":{\"y\":[],\"z\":{}},\"a\":2,\"ab\":1}" },
		{ "\"\\u0041\\/\\u0007\\n\"", "\"A/\\u0007\\n\"" },
		{ "1e400", "1e400" },
		{ "[]", "[]" },
		{ "[[[1],2],{\"a\":[{}]}]", "[[[1],2],{\"a\":[{}]}]" },
	};
	struct buffer out;

	buffer_init(&out, 4096);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tb_err err = { 0 };
		struct json j;

		buffer_clear(&out);
		if (read_text(cases[i].text, strlen(cases[i].text), &j, &err) ==
		    TB_OK)
			json_canonical(&j, j.tokens, &out);
		is(buffer_string(&out), cases[i].want, "canonical");
	}
	buffer_release(&out);
}

int
main(void)
{
	test_suite();
	test_transform();
	test_messages();
	test_nul();
	test_limits();
	test_tape();
	test_decode();
	test_amounts();
	test_integers();
	test_writer();
	test_compact();
	test_canonical();
	return tap_done();
}
