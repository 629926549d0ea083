/*
 * yaml: what is refused, with its place; the scalars; and the yaml-test-suite,
 * read with our own JSON reader.
 */

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "io/json.h"
#include "io/yaml.h"
#include "tap.h"

static struct yaml *doc;
static struct tb_err err;

static enum tb_status
parse_n(const char *text, size_t len)
{
	yaml_close(doc);
	err = (struct tb_err){ 0 };
	return yaml_parse(&doc, "f", text, len, &err);
}

static enum tb_status
parse(const char *text)
{
	return parse_n(text, strlen(text));
}

/* ------------------------------------------------------------- refusals -- */

static void
test_refused(void)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{ "a:\n\tb: 1\n",
		    "f:2:1: while scanning for the next token: a tab cannot "
		    "indent: use blanks" },
		{ "a: 1\nb: 2\na: 3\n",
		    "f:3:1: repeated key \"a\", first on line 1" },
		{ "x: {a: 1, \"a\": 2}\n",
		    "f:1:11: repeated key \"a\", first on line 1" },
		{ "a: &x 1\n",
		    "f:1:4: anchors (&x) are not read: write it out" },
		{ "a: &x {b: 1}\n",
		    "f:1:4: anchors (&x) are not read: write it out" },
		{ "&x a: 1\n",
		    "f:1:1: anchors (&x) are not read: write it out" },
		{ "a: *x\n", "f:1:4: aliases (*x) are not read: write it out" },
		{ "a: !!python/object/apply:os.system [ls]\n",
		    "f:1:4: tags (tag:yaml.org,2002:python/object/apply:"
		    "os.system) are not read" },
		{ "a: !!str 1\n",
		    "f:1:4: tags (tag:yaml.org,2002:str) are not read" },
		{ "a: !x 1\n", "f:1:4: tags (!x) are not read" },
		{ "<<: {a: 1}\n",
		    "f:1:1: merge keys (<<) are not read: write it out" },
		{ "a: 1\n---\nb: 2\n", "f:2:1: a second document in one file" },
		{ "%YAML 1.1\n---\na: 1\n",
		    "f:1:1: directives (%) are not read" },
		{ "? [a]\n: 1\n", "f:1:3: a key must be a text" },
		{ "a: \"x\\0y\"\n", "f:1:4: a NUL in a text" },
		{ "a: 1\nb: \xff\n", "f:2:4: invalid UTF-8" },
		{ "a: [1, 2\n",
		    "f:2:1: while parsing a flow sequence: did not find "
		    "expected ',' or ']'" },
		{ "a: \x1b]0;x\n",
		    "f:1:4: control characters are not allowed" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		enum tb_status status = parse(cases[i].text);

		is(status == TB_ECONFIG ? err.msg : "accepted",
		    cases[i].message, cases[i].message);
	}
	ok(parse_n("a: \0\n", 5) == TB_ECONFIG, "a NUL");
	is(err.msg, "f:1:4: a NUL", "is named");
}

/* What libyaml lets through: yaml-test-suite has most of these as errors. */
static void
test_strict(void)
{
	static const struct {
		const char *text, *place;
	} cases[] = {
		{ "flow: [a,\nb,\nc]\n", "f:2:1: this line" },
		{ "k: {\nk\n:\nv\n}\n", "f:3:1: while parsing" },
		{ "a:\n  b: [1,\n  2]\n", "f:3:3: this line" },
		{ "quoted: \"a\nb\nc\"\n", "f:2:1: this line" },
		{ "a: 'x\n\n y\nz'\n", "f:4:1: this line" },
		{ "foo: \"bar\n\tbaz\"\n", "f:2:1: this line" },
		{ "[ a, b,#invalid\n]\n", "f:1:8: a comment" },
		{ "[ a, b ]#invalid\n", "f:1:9: a comment" },
		{ "key: \"value\"# invalid\n", "f:1:13: a comment" },
		{ "block: ># comment\n  scalar\n", "f:1:9: " },
		{ "empty: >\n \n  \n   \n # comment\n", "f:5:2: blank lines" },
		{ "block: |\n     \n  text\n", "f:3:3: blank lines" },
		{ "foo: |\n\t\nbar: 1\n", "f:2:1: while scanning" },
		{ "-\t-\n", "f:1:2: while scanning" },
		{ "- \t- a\n", "f:1:3: while scanning" },
		{ "-\ta: 1\n", "f:1:2: while scanning" },
		{ "[-]\n", "f:1:2: a lone dash" },
		{ "- [-, -]\n", "f:1:4: a lone dash" },
		{ "\xc3\xa9: \"\xc3\xa9\"#x\n", "f:1:7: a comment" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		enum tb_status status = parse(cases[i].text);

		ok(status == TB_ECONFIG &&
			strncmp(err.msg, cases[i].place,
			    strlen(cases[i].place)) == 0,
		    "%s: %s", cases[i].place, err.msg);
	}
}

/* What is strict enough. */
static void
test_lenient(void)
{
	static const char *const texts[] = { "a:\t1\t# x\n",
		"a: [1,\n  2,\n\n# between\n  3\n]\n",
		"a:\n  - b:\n      c: {\n        d: 1.0\n      }\n",
		"[1,\n2]\n", "\"a\nb\"\n", "a: \"x\n\n  y\"\n",
		"a: |2\n    \n  text\n", "a: |\n\n  text\n \n  more\n",
		"a: |-\n", "a: 'b'  # c\n", "# a\n#b\na: 1 #c\n", "- -1\n",
		"a: x#y\n", "a: 'x' # 'y'#z\n",
		"\xc3\xa9: [\"\xc3\xa9\",\n  \xc3\xa9]\n# \xc3\xa9\n" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		ok(parse(texts[i]) == TB_OK, "lenient case %zu%s", i, err.msg);
}

static void
test_accepted(void)
{
	ok(parse("") == TB_OK && yaml_root(doc)->kind == YAML_MAPPING &&
		yaml_root(doc)->child == NULL,
	    "nothing is an empty mapping");
	ok(parse("# only words\n") == TB_OK &&
		yaml_root(doc)->kind == YAML_MAPPING,
	    "so is a comment");
	ok(parse("---\n") == TB_OK && yaml_root(doc)->kind == YAML_MAPPING,
	    "so is an empty document");
	ok(parse("\xef\xbb\xbf"
		 "a: 1\r\nb:\r\n  - x\r\n") == TB_OK,
	    "byte order mark and CRLF");
	is(yaml_get(yaml_root(doc), "a")->text, "1", "as if not there");
	is(yaml_get(yaml_root(doc), "b")->child->text, "x", "at all");
}

/* -------------------------------------------------------------- limits -- */

#define TEXT_MAX (2 * YAML_BYTES_MAX)

static char text[TEXT_MAX + 1];

static size_t
repeat(const char *piece, size_t count)
{
	size_t len = strlen(piece);

	for (size_t i = 0; i < count; i++)
		memcpy(&text[i * len], piece, len);
	text[count * len] = '\0';
	return count * len;
}

static void
test_limits(void)
{
	struct timespec from, to;
	size_t len;

	len = repeat("#", YAML_BYTES_MAX);
	ok(parse_n(text, len) == TB_OK, "64 KiB");
	len = repeat("#", YAML_BYTES_MAX + 1);
	ok(parse_n(text, len) == TB_ECONFIG, "and no more");
	is(err.msg, "f: longer than 65536 bytes", "is named");

	ok(parse("[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]") == TB_OK, "16 levels");
	ok(parse("[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]") == TB_ECONFIG,
	    "and no more");
	is(err.msg, "f:1:17: nested deeper than 16 levels", "is named");

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	len = repeat("[", YAML_BYTES_MAX);
	ok(parse_n(text, len) == TB_ECONFIG, "64 KiB of brackets");
	len = repeat("{", YAML_BYTES_MAX);
	ok(parse_n(text, len) == TB_ECONFIG, "64 KiB of braces");
	len = repeat("- ", YAML_BYTES_MAX / 2);
	ok(parse_n(text, len) == TB_ECONFIG, "64 KiB of dashes");
	len = repeat("? ", YAML_BYTES_MAX / 2);
	ok(parse_n(text, len) == TB_ECONFIG, "64 KiB of question marks");
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	ok(to.tv_sec - from.tv_sec < 2, "cost no seconds");

	len = repeat("-\n", YAML_NODES_MAX - 1);
	ok(parse_n(text, len) == TB_OK, "16384 values, the list included");
	len = repeat("-\n", YAML_NODES_MAX);
	ok(parse_n(text, len) == TB_ECONFIG, "and no more");
	is(err.msg, "f:16384:2: more than 16384 values", "is named");

	len = 0;
	for (int i = 0; i < YAML_KEYS_MAX; i++)
		len += (size_t)sprintf(&text[len], "k%d:\n", i);
	ok(parse_n(text, len) == TB_OK, "1024 keys");
	len += (size_t)sprintf(&text[len], "more:\n");
	ok(parse_n(text, len) == TB_ECONFIG, "and no more");
	is(err.msg, "f:1025:1: more than 1024 keys in one mapping", "is named");
}

/* ------------------------------------------------------------- scalars -- */

static const char bots[] = "bots:\n"
			   "  - name: BTC Oversold\n"
			   "    size: 25.00\n"
			   "    on: no\n"
			   "    signals:\n"
			   "      rsi: {weight: 1.0, period: 14}\n"
			   "    quoted: \"25.00\"\n"
			   "    nothing:\n"
			   "    tilde: ~\n"
			   "    digits: 1_000\n";

static const struct yaml_node *
of_bot(const char *key)
{
	return yaml_get(yaml_get(yaml_root(doc), "bots")->child, key);
}

static void
test_scalars(void)
{
	char buf[13], number[DECIMAL_STRLEN];
	struct decimal d = DECIMAL_ZERO;
	long long n = 0;
	bool on = true;

	ok(parse(bots) == TB_OK, "a bot");
	ok(yaml_text(doc, of_bot("name"), buf, sizeof(buf), &err) == TB_OK,
	    "a text");
	is(buf, "BTC Oversold", "that fits");
	ok(yaml_text(doc, of_bot("name"), buf, 12, &err) == TB_ECONFIG,
	    "too long");
	is(err.msg,
	    "f:2:11: bots[0].name: a text of 12 bytes, expected at most 11",
	    "is named");
	ok(yaml_decimal(doc, of_bot("size"), &d, &err) == TB_OK, "an amount");
	decimal_format(d, number);
	is(number, "25", "is exact");
	ok(yaml_bool(doc, of_bot("on"), &on, &err) == TB_OK && !on,
	    "no is false");
	ok(yaml_integer(doc,
	       yaml_get(yaml_get(of_bot("signals"), "rsi"), "period"), 1, 14,
	       &n, &err) == TB_OK,
	    "a whole number");
	is_int(n, 14, "in its range");
	ok(yaml_integer(doc,
	       yaml_get(yaml_get(of_bot("signals"), "rsi"), "period"), 1, 13,
	       &n, &err) == TB_ECONFIG,
	    "one past it");
	is(err.msg,
	    "f:6:34: bots[0].signals.rsi.period: expected a whole number from "
	    "1 to 13, found \"14\"",
	    "is named");
	ok(yaml_integer(doc, of_bot("size"), 0, 99, &n, &err) == TB_ECONFIG,
	    "25.00 is no whole number");
	ok(yaml_decimal(doc, of_bot("quoted"), &d, &err) == TB_ECONFIG,
	    "a number in quotes is a text");
	is(err.msg,
	    "f:7:13: bots[0].quoted: expected a number like 25.00, found the "
	    "text \"25.00\"",
	    "and named");
	ok(yaml_decimal(doc, of_bot("nothing"), &d, &err) == TB_ECONFIG,
	    "nothing is no number");
	is(err.msg,
	    "f:8:13: bots[0].nothing: expected a number like 25.00, found "
	    "nothing",
	    "and named");
	ok(yaml_is_null(of_bot("tilde")) && yaml_is_null(of_bot("nothing")) &&
		!yaml_is_null(of_bot("name")),
	    "what says nothing");
	ok(yaml_text(doc, of_bot("tilde"), buf, sizeof(buf), &err) ==
		TB_ECONFIG,
	    "~ is no text");
	ok(yaml_decimal(doc, of_bot("digits"), &d, &err) == TB_ECONFIG,
	    "1_000 is no number");
	ok(yaml_integer(doc, of_bot("digits"), 0, 9999, &n, &err) == TB_ECONFIG,
	    "nor a whole one");
	ok(yaml_bool(doc, of_bot("size"), &on, &err) == TB_ECONFIG,
	    "25.00 is no boolean");
	ok(yaml_text(doc, of_bot("signals"), buf, sizeof(buf), &err) ==
		TB_ECONFIG,
	    "a mapping is no text");
	is(err.msg, "f:6:7: bots[0].signals: expected a text, found a mapping",
	    "and named");
	ok(yaml_get(of_bot("name"), "x") == NULL, "a text has no keys");
	ok(yaml_get(yaml_root(doc), "x") == NULL, "nor a mapping any");
}

static void
test_booleans(void)
{
	static const char list[] =
	    "[true, false, yes, no, on, off, TRUE, No, y, 1, \"true\"]";
	static const char want[] = "tftftftf???";
	const struct yaml_node *n;
	size_t i = 0;

	ok(parse(list) == TB_OK, "a list of words");
	for (n = yaml_root(doc)->child; n != NULL; n = n->next, i++) {
		bool on = false;
		enum tb_status status = yaml_bool(doc, n, &on, &err);
		char got = '?';

		if (status == TB_OK)
			got = "ft"[on];
		ok(got == want[i], "%s%s: %c", n->text,
		    n->quoted ? " in quotes" : "", want[i]);
	}
	is(err.msg,
	    "f:1:49: [10]: expected true or false, found the text \"true\"",
	    "the last of eleven");
}

static void
test_keys(void)
{
	static const char *const known[] = { "name", "product_id",
		"cooldown_minutes", "confirmation_minutes", "rsi", "macd",
		NULL };

	ok(parse("name: x\nrsi: 1\n") == TB_OK &&
		yaml_check_keys(doc, yaml_root(doc), known, &err) == TB_OK,
	    "known keys");
	ok(parse("a:\n  name: x\n  cooldwon:\n    - 5\n") == TB_OK, "a typo");
	ok(yaml_check_keys(doc, yaml_get(yaml_root(doc), "a"), known, &err) ==
		TB_ECONFIG,
	    "is refused");
	is(err.msg,
	    "f:3:3: a.cooldwon: unknown key, did you mean "
	    "\"cooldown_minutes\"?",
	    "where the key stands");
	ok(parse("xyzzy: 1\n") == TB_OK &&
		yaml_check_keys(doc, yaml_root(doc), known, &err) == TB_ECONFIG,
	    "a stranger");
	is(err.msg, "f:1:1: xyzzy: unknown key", "is near to nothing");

	is(yaml_nearest("porduct_id", known), "product_id", "swapped");
	is(yaml_nearest("rs", known), "rsi", "one missing");
	is(yaml_nearest("macdd", known), "macd", "one too many");
	is(yaml_nearest("conformation_minuets", known), "confirmation_minutes",
	    "two wrong");
	is(yaml_nearest("confirmation", known), "confirmation_minutes",
	    "the beginning");
	is(yaml_nearest("x", known), NULL, "nothing");
	memset(text, 'x', 65);
	text[65] = '\0';
	is(yaml_nearest(text, (const char *const[]){ text, NULL }), NULL,
	    "65 letters are too many");
	text[64] = '\0';
	is(yaml_nearest(text, (const char *const[]){ text, NULL }), text,
	    "64 are not");
}

/* --------------------------------------------------------------- files -- */

static void
test_files(void)
{
	char path[] = "/tmp/tb-yaml-XXXXXX";
	int fd = mkstemp(path);

	yaml_close(doc);
	ok(fd >= 0 && write(fd, "a: 1\n", 5) == 5, "a file");
	ok(yaml_read(&doc, path, &err) == TB_OK, "is read");
	is(yaml_get(yaml_root(doc), "a")->text, "1", "whole");
	close(fd);
	unlink(path);
	yaml_close(doc);
	ok(yaml_read(&doc, path, &err) == TB_ENOENT, "no file: %s", err.msg);
	ok(yaml_read(&doc, "/", &err) == TB_EIO, "a directory: %s", err.msg);
	ok(yaml_read(&doc, "/dev/zero", &err) == TB_ECONFIG, "endless: %s",
	    err.msg);
}

/* ------------------------------------------------------ yaml-test-suite -- */

#define SUITE_BYTES (1 << 20)
#define SUITE_TOKENS (1 << 16)

/* The node behind n in the order of the file. */
static const struct yaml_node *
after(const struct yaml_node *n)
{
	if (n->child != NULL)
		return n->child;
	while (n != NULL && n->next == NULL)
		n = n->parent;
	return n == NULL ? NULL : n->next;
}

/* Do the tree and the tape say the same?  Typed scalars: not their form. */
static bool
same_tree(const struct yaml_node *n, const struct json *j)
{
	const struct json_token *t = j->tokens;

	for (; n != NULL; n = after(n)) {
		if (t == j->tokens + j->count)
			return false;
		if (n->key != NULL && !json_is(t++, n->key))
			return false;
		if ((n->kind == YAML_MAPPING) != (t->kind == JSON_OBJECT) ||
		    (n->kind == YAML_SEQUENCE) != (t->kind == JSON_ARRAY))
			return false;
		if (t->kind == JSON_STRING && !json_is(t, n->text))
			return false;
		t++;
	}
	return t == j->tokens + j->count;
}

/* Valid YAML that we refuse: for a reason of ours. */
static bool
is_reason_of_ours(const char *message)
{
	static const char *const words[] = { "anchors", "aliases", "tags",
		"directives", "merge keys", "second document", "must be a text",
		"repeated key" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(message, words[i]) != NULL)
			return true;
	return false;
}

/*
 * Where libyaml 0.2.5, a reader of YAML 1.1, knows better than the suite, or
 * worse.
 */
static const char *const libyaml_differs[] = { "2JQS", "4MUZ-0", "4MUZ-1",
	"4MUZ-2", "58MP", "5MUD", "5T43", "7Z25", "8XYN", "9SA2", "DK95-0",
	"DK95-3", "DK95-4", "JEF9-2", "NKF9", "Q5MG", "R4YG", "RR7F", "UKK6-0",
	"W5VH", NULL };

static bool
is_listed(const char *const *list, const char *id)
{
	for (; *list != NULL; list++)
		if (strcmp(*list, id) == 0)
			return true;
	return false;
}

struct tally {
	int failing, same, refused, differing;
};

static void
suite_case(const struct json *j, const struct json_token *c, struct tally *sum)
{
	static struct json_token tokens[4096];
	static char source[SUITE_BYTES], id[16], want[SUITE_BYTES];
	const struct json_token *json = json_get(j, c, "json");
	struct json expected;
	enum tb_status status;

	(void)json_copy(json_get(j, c, "id"), id, sizeof(id), &err);
	(void)json_copy(json_get(j, c, "yaml"), source, sizeof(source), &err);
	status = parse(source);
	if (is_listed(libyaml_differs, id)) {
		sum->differing++;
		return;
	}
	if (json_get(j, c, "fail")->kind == JSON_TRUE) {
		sum->failing++;
		if (status != TB_ECONFIG)
			ok(false, "%s must be refused", id);
		return;
	}
	if (status != TB_OK) {
		sum->refused++;
		if (!is_reason_of_ours(err.msg))
			ok(false, "%s: %s", id, err.msg);
		return;
	}
	if (json->kind != JSON_STRING)
		return;
	sum->same++;
	(void)json_copy(json, want, sizeof(want), &err);
	if (want[0] == '\0') /* no document */
		return;
	status = json_read(want, strlen(want), tokens, 4096, &expected, &err);
	if (status != TB_OK || !same_tree(yaml_root(doc), &expected))
		ok(false, "%s says something else", id);
}

static void
test_suite(void)
{
	static struct json_token tokens[SUITE_TOKENS];
	static char source[SUITE_BYTES];
	struct tally sum = { 0 };
	int before = tap_failed;
	char path[512];
	struct json j;
	FILE *file;
	size_t len;
	const struct json_token *cases;

	if (tap_shared("yaml/cases.json", path, sizeof(path)) == NULL) {
		skip("yaml-test-suite is not there");
		return;
	}
	file = fopen(path, "r");
	len = fread(source, 1, sizeof(source), file);
	fclose(file);
	if (!ok(json_read(source, len, tokens, SUITE_TOKENS, &j, &err) == TB_OK,
		"cases.json: %s", err.msg))
		return;
	cases = json_get(&j, j.tokens, "cases");
	for (const struct json_token *c = json_first(&j, cases); c != NULL;
	     c = json_after(&j, cases, c))
		suite_case(&j, c, &sum);
	ok(tap_failed == before,
	    "yaml-test-suite: %d refused as they must be, %d read the same, "
	    "%d refused by us, %d differ in libyaml",
	    sum.failing, sum.same, sum.refused, sum.differing);
}

int
main(void)
{
	test_refused();
	test_strict();
	test_lenient();
	test_accepted();
	test_limits();
	test_scalars();
	test_booleans();
	test_keys();
	test_files();
	test_suite();
	yaml_close(doc);
	return tap_done();
}
