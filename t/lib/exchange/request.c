#include "exchange/request.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/instant.h"

/* "client_order_id" and "clientOrderId" are one name. */
static bool
is_name(const char *s, size_t len, const char *name)
{
	size_t i = 0;
	bool is_upper = false;

	if (strlen(name) == len && memcmp(s, name, len) == 0)
		return true;
	for (; *name != '\0'; name++) {
		if (*name == '_') {
			is_upper = true;
			continue;
		}
		if (i == len ||
		    s[i] != (is_upper ? toupper((unsigned char)*name) : *name))
			return false;
		is_upper = false;
		i++;
	}
	return i == len;
}

/* The name, or the name with an s. */
static bool
is_name_or_plural(const char *s, const char *name)
{
	size_t len = strlen(s);

	return is_name(s, len, name) ||
	    (len > 1 && s[len - 1] == 's' && is_name(s, len - 1, name));
}

const char *
query_get(const struct request *r, const char *name)
{
	for (size_t i = 0; i < r->queries; i++)
		if (is_name(r->query[i].name, strlen(r->query[i].name), name))
			return r->query[i].value;
	return NULL;
}

bool
query_is_given(const struct request *r, const char *name)
{
	for (size_t i = 0; i < r->queries; i++)
		if (is_name_or_plural(r->query[i].name, name) &&
		    r->query[i].value[0] != '\0')
			return true;
	return false;
}

static bool
is_among(const char *list, const char *value)
{
	size_t len = strlen(value);

	for (; list != NULL; list = strchr(list, ',')) {
		list += *list == ',';
		if (strncmp(list, value, len) == 0 &&
		    (list[len] == '\0' || list[len] == ','))
			return true;
	}
	return false;
}

bool
query_has(const struct request *r, const char *name, const char *value)
{
	for (size_t i = 0; i < r->queries; i++)
		if (is_name_or_plural(r->query[i].name, name) &&
		    is_among(r->query[i].value, value))
			return true;
	return false;
}

int64_t
query_integer(const struct request *r, const char *name, int64_t otherwise)
{
	const char *value = query_get(r, name);
	char *end;
	int64_t n;

	if (value == NULL || *value == '\0')
		return otherwise;
	n = strtoll(value, &end, 10);
	return *end == '\0' ? n : otherwise;
}

bool
body_read(struct request *r)
{
	struct tb_err err = { 0 };

	if (r->body.len > 0 &&
	    json_read(r->body.data, r->body.len, r->tokens, BODY_TOKENS,
		&r->json, &err) == TB_OK &&
	    r->tokens[0].kind == JSON_OBJECT)
		return true;
	reply_error(r, 400, "INVALID_ARGUMENT",
	    r->body.len == 0 ? "the body is empty" : err.msg);
	return false;
}

const struct json_token *
body_get(const struct request *r, const struct json_token *object,
    const char *name)
{
	const struct json_token *key;

	if (object == NULL || object->kind != JSON_OBJECT)
		return NULL;
	for (key = json_first(&r->json, object); key != NULL;
	     key = json_after(&r->json, object, key))
		if (is_name(key->text, key->len, name) &&
		    key[1].kind != JSON_NULL)
			return key + 1;
	return NULL;
}

bool
body_text(const struct request *r, const struct json_token *object,
    const char *name, char *out, size_t size)
{
	const struct json_token *t = body_get(r, object, name);

	return t != NULL && json_copy(t, out, size, NULL) == TB_OK;
}

struct json_writer *
reply_begin(struct request *r)
{
	enum json_numbers numbers = r->json_out.numbers;

	buffer_clear(&r->answer);
	r->status = 200;
	r->type = "application/json";
	r->json_out =
	    (struct json_writer){ .out = &r->answer, .numbers = numbers };
	return &r->json_out;
}

void
reply_error(struct request *r, int status, const char *error,
    const char *message)
{
	struct json_writer *w = reply_begin(r);

	r->status = status;
	json_open(w, '{');
	put_text(w, "error", error);
	put_text(w, "error_details", message);
	put_text(w, "message", message);
	json_close(w, '}');
}

void
reply_text(struct request *r, int status, const char *type, const char *text)
{
	buffer_clear(&r->answer);
	r->status = status;
	r->type = type;
	buffer_add_string(&r->answer, text);
}

void
put_text(struct json_writer *w, const char *name, const char *value)
{
	json_key(w, name);
	json_string(w, value);
}

void
put_bool(struct json_writer *w, const char *name, bool value)
{
	json_key(w, name);
	json_bool(w, value);
}

void
put_int(struct json_writer *w, const char *name, int64_t value)
{
	json_key(w, name);
	json_int(w, value);
}

void
put_null(struct json_writer *w, const char *name)
{
	json_key(w, name);
	json_null(w);
}

void
put_amount(struct json_writer *w, const char *name, struct decimal d)
{
	json_key(w, name);
	json_amount(w, d);
}

void
put_time(struct json_writer *w, const char *name, int64_t us)
{
	char text[INSTANT_STRLEN];

	instant_format(us, text);
	put_text(w, name, text);
}

void
put_open(struct json_writer *w, const char *name, char bracket)
{
	json_key(w, name);
	json_open(w, bracket);
}
