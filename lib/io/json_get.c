/* json: looking at what was read. */

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "io/json.h"

#define INTEGER_LEN_MAX 20 /* sign and 19 digits */
#define SHOWN_MAX 40	   /* bytes of a value in a message */

const char *
json_kind_name(const struct json_token *t)
{
	static const char *const names[] = {
		[JSON_OBJECT] = "an object",
		[JSON_ARRAY] = "an array",
		[JSON_STRING] = "a text",
		[JSON_NUMBER] = "a number",
		[JSON_TRUE] = "true",
		[JSON_FALSE] = "false",
		[JSON_NULL] = "null",
	};

	return names[t->kind];
}

static int
shown(const struct json_token *t)
{
	return t->len > SHOWN_MAX ? SHOWN_MAX : (int)t->len;
}

bool
json_is(const struct json_token *t, const char *s)
{
	size_t len = strlen(s);

	return len == t->len && memcmp(s, t->text, len) == 0;
}

const struct json_token *
json_first(const struct json *j, const struct json_token *parent)
{
	assert(parent->kind == JSON_OBJECT || parent->kind == JSON_ARRAY);
	assert(parent >= j->tokens && parent < j->tokens + j->count);
	return parent->size == 0 ? NULL : parent + 1;
}

const struct json_token *
json_after(const struct json *j, const struct json_token *parent,
    const struct json_token *child)
{
	size_t next = parent->kind == JSON_OBJECT ? child[1].next : child->next;

	assert(child > parent && next <= parent->next);
	return next == parent->next ? NULL : &j->tokens[next];
}

const struct json_token *
json_get(const struct json *j, const struct json_token *object, const char *key)
{
	size_t len = strlen(key);

	assert(object->kind == JSON_OBJECT);
	for (const struct json_token *k = json_first(j, object); k != NULL;
	     k = json_after(j, object, k))
		if (k->len == len && memcmp(k->text, key, len) == 0)
			return k + 1;
	return NULL;
}

enum tb_status
json_copy(const struct json_token *t, char *buf, size_t size,
    struct tb_err *err)
{
	if (t->kind != JSON_STRING)
		return tb_fail(err, TB_EINVAL, "expected a text, found %s",
		    json_kind_name(t));
	if (t->len >= size)
		return tb_fail(err, TB_EINVAL,
		    "%zu bytes are too long, at most %zu", t->len, size - 1);
	memcpy(buf, t->text, t->len);
	buf[t->len] = '\0';
	return TB_OK;
}

enum tb_status
json_decimal(const struct json_token *t, struct decimal *out,
    struct tb_err *err)
{
	enum tb_status status;

	if (t->kind != JSON_STRING && t->kind != JSON_NUMBER)
		return tb_fail(err, TB_EINVAL, "expected a number, found %s",
		    json_kind_name(t));
	status = decimal_parse_number(t->text, t->len, out);
	if (status == TB_ERANGE)
		return tb_fail(err, TB_ERANGE,
		    "%.*s is too large or has more than %d decimals", shown(t),
		    t->text, DECIMAL_SCALE);
	if (status != TB_OK)
		return tb_fail(err, TB_EINVAL,
		    "expected a number like 64000.10, found \"%.*s\"", shown(t),
		    t->text);
	return TB_OK;
}

enum tb_status
json_integer(const struct json_token *t, long long *out, struct tb_err *err)
{
	char text[INTEGER_LEN_MAX + 1];
	char *end = text;
	long long value = 0;

	if (t->kind != JSON_NUMBER)
		return tb_fail(err, TB_EINVAL,
		    "expected a whole number, found %s", json_kind_name(t));
	errno = 0;
	if (t->len <= INTEGER_LEN_MAX) {
		memcpy(text, t->text, t->len);
		text[t->len] = '\0';
		value = strtoll(text, &end, 10);
	}
	if (end == text || *end != '\0' || errno != 0)
		return tb_fail(err, TB_EINVAL,
		    "expected a whole number, found %.*s", shown(t), t->text);
	*out = value;
	return TB_OK;
}
