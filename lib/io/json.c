#include "io/json.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "io/json_keys.h"
#include "io/utf8.h"

#define SHOWN_MAX 64 /* bytes of a key in a message */

/* What may stand at the reader's position. */
enum expect {
	EXPECT_VALUE,
	EXPECT_VALUE_OR_END, /* after [ */
	EXPECT_KEY_OR_END,   /* after { */
	EXPECT_COMMA_OR_END,
	EXPECT_NOTHING,
};

struct reader {
	char *s;
	size_t len;
	size_t at; /* of the byte to be read next */
	struct json_token *tokens;
	size_t count, max;
	size_t open[JSON_DEPTH_MAX]; /* tokens of the containers we are in */
	size_t depth;
	enum expect expect;
	struct tb_err *err;
};

/* The byte at the position; NUL at the end, as no valid place has a NUL. */
static unsigned char
peek(const struct reader *r)
{
	return r->at < r->len ? (unsigned char)r->s[r->at] : 0;
}

/* "byte 12: WHAT", of the byte at the position. */
static enum tb_status
fail(const struct reader *r, const char *what)
{
	return tb_fail(r->err, TB_EINVAL, "byte %zu: %s", r->at + 1, what);
}

/* "byte 12: expected WHAT, found ...". */
static enum tb_status
fail_expected(const struct reader *r, const char *what)
{
	unsigned char c = peek(r);
	size_t byte = r->at + 1;

	if (r->at >= r->len && r->depth > 0)
		return tb_fail(r->err, TB_EINVAL,
		    "byte %zu: unterminated %s, expected %s", byte,
		    r->tokens[r->open[r->depth - 1]].kind == JSON_OBJECT ?
			"object" :
			"array",
		    what);
	if (r->at >= r->len)
		return tb_fail(r->err, TB_EINVAL,
		    "byte %zu: expected %s, found the end", byte, what);
	if (c > ' ' && c < 0x7f)
		return tb_fail(r->err, TB_EINVAL,
		    "byte %zu: expected %s, found %c", byte, what, c);
	if (c == 0)
		return tb_fail(r->err, TB_EINVAL,
		    "byte %zu: expected %s, found a NUL", byte, what);
	return tb_fail(r->err, TB_EINVAL, "byte %zu: expected %s, found 0x%02x",
	    byte, what, c);
}

static bool
accept(struct reader *r, char c)
{
	if (r->at == r->len || r->s[r->at] != c)
		return false;
	r->at++;
	return true;
}

static void
skip_space(struct reader *r)
{
	while (r->at < r->len) {
		char c = r->s[r->at];

		if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
			break;
		r->at++;
	}
}

/* A new token that begins at the position; NULL when there is no room. */
static struct json_token *
token_add(struct reader *r, enum json_kind kind)
{
	struct json_token *t;

	if (r->count == r->max) {
		(void)tb_fail(r->err, TB_EINVAL,
		    "byte %zu: more than %zu values and keys", r->at + 1,
		    r->max);
		return NULL;
	}
	t = &r->tokens[r->count++];
	t->kind = kind;
	t->text = &r->s[r->at];
	t->len = 0;
	t->at = r->at;
	t->size = 0;
	t->next = r->count;
	return t;
}

/* A scalar ends at the position. */
static void
after_value(struct reader *r)
{
	r->expect = r->depth == 0 ? EXPECT_NOTHING : EXPECT_COMMA_OR_END;
}

static bool
skip_digits(struct reader *r)
{
	size_t start = r->at;

	while (peek(r) >= '0' && peek(r) <= '9')
		r->at++;
	return r->at > start;
}

static enum tb_status
read_number(struct reader *r)
{
	struct json_token *t = token_add(r, JSON_NUMBER);

	if (t == NULL)
		return TB_EINVAL;
	(void)accept(r, '-');
	if (!accept(r, '0') && !skip_digits(r))
		return fail_expected(r, "a digit");
	if (accept(r, '.') && !skip_digits(r))
		return fail_expected(r, "a digit behind the point");
	if (accept(r, 'e') || accept(r, 'E')) {
		if (!accept(r, '+'))
			(void)accept(r, '-');
		if (!skip_digits(r))
			return fail_expected(r, "a digit of the exponent");
	}
	t->end = r->at;
	t->len = t->end - t->at;
	after_value(r);
	return TB_OK;
}

static enum tb_status
read_word(struct reader *r, const char *word, enum json_kind kind)
{
	struct json_token *t = token_add(r, kind);
	size_t len = strlen(word);

	if (t == NULL)
		return TB_EINVAL;
	if (r->len - r->at < len || memcmp(t->text, word, len) != 0)
		return fail_expected(r, "a value");
	r->at += len;
	t->end = r->at;
	t->len = len;
	after_value(r);
	return TB_OK;
}

/* Four hex digits. */
static enum tb_status
read_hex4(struct reader *r, uint32_t *out)
{
	uint32_t value = 0;

	for (int i = 0; i < 4; i++) {
		unsigned char c = peek(r);
		unsigned char lower = c | 0x20;

		if (c >= '0' && c <= '9')
			value = value * 16 + (uint32_t)(c - '0');
		else if (lower >= 'a' && lower <= 'f')
			value = value * 16 + (uint32_t)(lower - 'a' + 10);
		else
			return fail_expected(r, "a hex digit");
		r->at++;
	}
	*out = value;
	return TB_OK;
}

/* What follows \u, as UTF-8 at *to: never longer than its escape. */
static enum tb_status
read_unicode(struct reader *r, size_t *to)
{
	uint32_t c = 0, low = 0;
	enum tb_status status = read_hex4(r, &c);

	if (status != TB_OK)
		return status;
	if (c == 0)
		return fail(r, "a NUL (\\u0000) in a text");
	if (c >= 0xdc00 && c <= 0xdfff)
		return fail(r, "lone surrogate");
	if (c >= 0xd800 && c <= 0xdbff) {
		if (!accept(r, '\\') || !accept(r, 'u'))
			return fail(r, "lone surrogate");
		status = read_hex4(r, &low);
		if (status != TB_OK)
			return status;
		if (low < 0xdc00 || low > 0xdfff)
			return fail(r, "lone surrogate");
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
	}
	*to += utf8_encode(c, &r->s[*to]);
	return TB_OK;
}

/* What follows a backslash, decoded at *to. */
static enum tb_status
read_escape(struct reader *r, size_t *to)
{
	static const char from[] = "\"\\/bfnrt";
	static const char into[] = "\"\\/\b\f\n\r\t";
	unsigned char c = peek(r);
	const char *p = c == 0 ? NULL : strchr(from, c);

	if (c == 'u') {
		r->at++;
		return read_unicode(r, to);
	}
	if (p == NULL)
		return fail_expected(r, "an escape such as \\n");
	r->at++;
	r->s[(*to)++] = into[p - from];
	return TB_OK;
}

/* The position of the first byte from at on that is not plain text. */
static size_t
skip_plain(const char *s, size_t at, size_t len)
{
	for (; at < len; at++) {
		unsigned char c = (unsigned char)s[at];

		if (c < ' ' || c >= 0x80 || c == '"' || c == '\\')
			break;
	}
	return at;
}

/* What stopped skip_plain(), if it is no quote: decoded at *to. */
static enum tb_status
read_special(struct reader *r, size_t *to)
{
	unsigned char c = peek(r);
	uint32_t code;
	size_t n;

	if (r->at == r->len)
		return fail(r, "unterminated text");
	if (c == 0)
		return fail(r, "a NUL in a text");
	if (c < ' ')
		return fail(r, "a control character in a text");
	if (accept(r, '\\'))
		return read_escape(r, to);
	n = utf8_decode(&r->s[r->at], r->len - r->at, &code);
	if (n == 0)
		return fail(r, "invalid UTF-8");
	memmove(&r->s[*to], &r->s[r->at], n);
	*to += n;
	r->at += n;
	return TB_OK;
}

/* A string at its opening quote, decoded in place. */
static enum tb_status
read_string(struct reader *r)
{
	struct json_token *t = token_add(r, JSON_STRING);
	enum tb_status status = TB_OK;
	size_t start, to;

	if (t == NULL)
		return TB_EINVAL;
	start = ++r->at;
	to = start;
	while (status == TB_OK) {
		size_t stop = skip_plain(r->s, r->at, r->len);

		if (to != r->at)
			memmove(&r->s[to], &r->s[r->at], stop - r->at);
		to += stop - r->at;
		r->at = stop;
		if (accept(r, '"'))
			break;
		status = read_special(r, &to);
	}
	t->text = &r->s[start];
	t->len = to - start;
	t->end = r->at;
	return status;
}

static enum tb_status
read_key(struct reader *r)
{
	enum tb_status status;

	if (peek(r) != '"')
		return fail_expected(r, "a key in quotes");
	status = read_string(r);
	if (status != TB_OK)
		return status;
	skip_space(r);
	if (!accept(r, ':'))
		return fail_expected(r, "a colon");
	r->tokens[r->open[r->depth - 1]].size++;
	r->expect = EXPECT_VALUE;
	return TB_OK;
}

static enum tb_status
open_level(struct reader *r, enum json_kind kind)
{
	if (r->depth == JSON_DEPTH_MAX)
		return tb_fail(r->err, TB_EINVAL,
		    "byte %zu: nested deeper than %d levels", r->at + 1,
		    JSON_DEPTH_MAX);
	if (token_add(r, kind) == NULL)
		return TB_EINVAL;
	r->open[r->depth++] = r->count - 1;
	r->at++;
	r->expect =
	    kind == JSON_OBJECT ? EXPECT_KEY_OR_END : EXPECT_VALUE_OR_END;
	return TB_OK;
}

/* Of an object that is read. */
static enum tb_status
check_keys(const struct reader *r, const struct json_token *object)
{
	const struct json read = { .tokens = r->tokens, .count = r->count };
	const struct json_token *key;

	if (object->size > JSON_KEYS_MAX)
		return tb_fail(r->err, TB_EINVAL,
		    "byte %zu: an object of more than %d keys", object->at + 1,
		    JSON_KEYS_MAX);
	key = json_repeated_key(&read, object);
	if (key == NULL)
		return TB_OK;
	return tb_fail(r->err, TB_EINVAL, "byte %zu: repeated key \"%.*s\"",
	    key->at + 1, key->len > SHOWN_MAX ? SHOWN_MAX : (int)key->len,
	    key->text);
}

/* At the bracket that closes the innermost level. */
static enum tb_status
close_level(struct reader *r)
{
	struct json_token *t = &r->tokens[r->open[--r->depth]];

	r->at++;
	t->end = r->at;
	t->len = t->end - t->at;
	t->next = r->count;
	after_value(r);
	return t->kind == JSON_OBJECT ? check_keys(r, t) : TB_OK;
}

static enum tb_status
read_value(struct reader *r)
{
	if (r->depth > 0 && r->tokens[r->open[r->depth - 1]].kind == JSON_ARRAY)
		r->tokens[r->open[r->depth - 1]].size++;
	switch (peek(r)) {
	case '{':
		return open_level(r, JSON_OBJECT);
	case '[':
		return open_level(r, JSON_ARRAY);
	case '"':
		after_value(r);
		return read_string(r);
	case 't':
		return read_word(r, "true", JSON_TRUE);
	case 'f':
		return read_word(r, "false", JSON_FALSE);
	case 'n':
		return read_word(r, "null", JSON_NULL);
	default:
		if (peek(r) != '-' && (peek(r) < '0' || peek(r) > '9'))
			return fail_expected(r, "a value");
		return read_number(r);
	}
}

static enum tb_status
read_step(struct reader *r)
{
	bool in_object = r->depth > 0 &&
	    r->tokens[r->open[r->depth - 1]].kind == JSON_OBJECT;
	unsigned char closing = in_object ? '}' : ']';

	skip_space(r);
	switch (r->expect) {
	case EXPECT_VALUE:
		return read_value(r);
	case EXPECT_VALUE_OR_END:
		return peek(r) == closing ? close_level(r) : read_value(r);
	case EXPECT_KEY_OR_END:
		return peek(r) == closing ? close_level(r) : read_key(r);
	case EXPECT_COMMA_OR_END:
	case EXPECT_NOTHING:
		break;
	}
	if (peek(r) == closing)
		return close_level(r);
	if (!accept(r, ','))
		return fail_expected(r, in_object ? ", or }" : ", or ]");
	skip_space(r);
	return in_object ? read_key(r) : read_value(r);
}

enum tb_status
json_read(char *source, size_t len, struct json_token *tokens,
    size_t tokens_max, struct json *out, struct tb_err *err)
{
	struct reader r = {
		.s = source,
		.len = len,
		.tokens = tokens,
		.max = tokens_max,
		.expect = EXPECT_VALUE,
		.err = err,
	};
	enum tb_status status = TB_OK;

	if (len >= 3 && memcmp(source, "\xef\xbb\xbf", 3) == 0)
		return fail(&r, "a byte order mark");
	while (status == TB_OK && r.expect != EXPECT_NOTHING)
		status = read_step(&r);
	if (status != TB_OK)
		return status;
	skip_space(&r);
	if (r.at < r.len)
		return fail_expected(&r, "nothing behind the value");
	*out = (struct json){ .tokens = tokens, .count = r.count };
	return TB_OK;
}
