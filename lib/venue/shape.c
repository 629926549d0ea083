#include "venue/shape.h"

#include <stdint.h>
#include <string.h>

#include "base/decimal.h"
#include "base/instant.h"
#include "base/market.h"
#include "io/utf8.h"

#define FOUND_MAX 64 /* bytes of what was found, in a message */

static void
write_time(struct json_writer *w, int64_t us)
{
	char text[INSTANT_STRLEN];

	instant_format(us, text);
	json_string(w, text);
}

static void
write_second(struct json_writer *w, int64_t s)
{
	char text[INSTANT_STRLEN];

	instant_format_s(s, text);
	json_string(w, text);
}

static void
write_value(struct json_writer *w, enum shape_kind kind, const void *from)
{
	switch (kind) {
	case SHAPE_TEXT:
	case SHAPE_WORDS:
	case SHAPE_NAME:
	case SHAPE_PRODUCT:
		json_string(w, from);
		break;
	case SHAPE_SIDE:
		json_string(w, side_name(*(const enum side *)from));
		break;
	case SHAPE_AMOUNT:
	case SHAPE_NATURAL:
	case SHAPE_POSITIVE:
		json_amount(w, *(const struct decimal *)from);
		break;
	case SHAPE_TIME:
		write_time(w, *(const int64_t *)from);
		break;
	case SHAPE_SECOND:
		write_second(w, *(const int64_t *)from);
		break;
	case SHAPE_NUMBER:
		json_int(w, *(const int64_t *)from);
		break;
	case SHAPE_FLAG:
		json_bool(w, *(const bool *)from);
		break;
	}
}

/* All its bytes are 0, or it is an empty text. */
static bool
is_silent(const struct shape_field *f, const char *from)
{
	if (f->kind <= SHAPE_PRODUCT)
		return from[0] == '\0';
	for (size_t i = 0; i < f->size; i++)
		if (from[i] != 0)
			return false;
	return true;
}

void
shape_write(struct json_writer *w, const struct shape *shape, const void *from)
{
	const char *base = from;

	for (size_t i = 0; i < shape->count; i++) {
		const struct shape_field *f = &shape->fields[i];

		if (f->optional && is_silent(f, base + f->at))
			continue;
		json_key(w, f->key);
		write_value(w, f->kind, base + f->at);
	}
}

static enum tb_status
expected(const char *what, const struct json_token *t, struct tb_err *err)
{
	bool has_text = t->kind == JSON_STRING || t->kind == JSON_NUMBER;
	int len = t->len > FOUND_MAX ? FOUND_MAX : (int)t->len;

	if (!has_text)
		return tb_fail(err, TB_EINVAL, "expected %s, found %s", what,
		    json_kind_name(t));
	return tb_fail(err, TB_EINVAL, "expected %s, found \"%.*s\"", what, len,
	    t->text);
}

/* One line, nothing in it that drives a terminal. */
static bool
is_tame(const struct json_token *t)
{
	size_t n;

	for (size_t i = 0; i < t->len; i += n) {
		uint32_t c = 0;

		n = utf8_decode(&t->text[i], t->len - i, &c);
		if (n == 0 || utf8_is_hazard(c))
			return false;
	}
	return true;
}

static bool
is_visible(const struct json_token *t)
{
	for (size_t i = 0; i < t->len; i++)
		if (t->text[i] <= ' ' || t->text[i] > '~')
			return false;
	return t->len > 0;
}

static enum tb_status
read_words(const struct json_token *t, char *to, size_t size,
    struct tb_err *err)
{
	size_t len = t->len < size ? t->len : size - 1;

	if (t->kind != JSON_STRING)
		return expected("a text", t, err);
	while (len < t->len && len > 0 &&
	    ((unsigned char)t->text[len] & 0xc0) == 0x80)
		len--; /* between two characters */
	memcpy(to, t->text, len);
	to[len] = '\0';
	return TB_OK;
}

static enum tb_status
read_text(const struct json_token *t, enum shape_kind kind, char *to,
    size_t size, struct tb_err *err)
{
	if (t->kind != JSON_STRING || !is_tame(t))
		return expected("a text of one line", t, err);
	if (t->len >= size)
		return tb_fail(err, TB_EINVAL,
		    "expected at most %zu bytes, found %zu", size - 1, t->len);
	if (kind == SHAPE_NAME && !is_visible(t))
		return expected("a name without blanks", t, err);
	if (kind == SHAPE_PRODUCT && !product_id_is_valid(t->text, t->len))
		return expected("a product such as BTC-USD", t, err);
	return json_copy(t, to, size, err);
}

static enum tb_status
read_amount(const struct json_token *t, enum shape_kind kind,
    struct decimal *to, struct tb_err *err)
{
	if (json_decimal(t, to, NULL) != TB_OK)
		return expected("an amount with at most 18 decimals", t, err);
	if (kind == SHAPE_NATURAL && decimal_sign(*to) < 0)
		return expected("an amount not below 0", t, err);
	if (kind == SHAPE_POSITIVE && decimal_sign(*to) <= 0)
		return expected("an amount above 0", t, err);
	return TB_OK;
}

static enum tb_status
read_time(const struct json_token *t, enum shape_kind kind, int64_t *to,
    struct tb_err *err)
{
	if (t->kind != JSON_STRING ||
	    instant_parse(t->text, t->len, to) != TB_OK)
		return expected("a time such as 2025-09-11T10:30:00Z", t, err);
	if (kind == SHAPE_TIME)
		return TB_OK;
	if (*to % INSTANT_US_PER_S != 0)
		return expected("a whole second", t, err);
	*to /= INSTANT_US_PER_S;
	return TB_OK;
}

static enum tb_status
read_number(const struct json_token *t, int64_t *to, struct tb_err *err)
{
	long long number;

	if (json_integer(t, &number, NULL) != TB_OK)
		return expected("a whole number", t, err);
	*to = number;
	return TB_OK;
}

static enum tb_status
read_flag(const struct json_token *t, bool *to, struct tb_err *err)
{
	if (t->kind != JSON_TRUE && t->kind != JSON_FALSE)
		return expected("true or false", t, err);
	*to = t->kind == JSON_TRUE;
	return TB_OK;
}

static enum tb_status
read_side(const struct json_token *t, enum side *to, struct tb_err *err)
{
	if (t->kind != JSON_STRING || side_parse(t->text, t->len, to) != TB_OK)
		return expected("BUY or SELL", t, err);
	return TB_OK;
}

static enum tb_status
read_value(const struct json_token *t, const struct shape_field *f, void *to,
    struct tb_err *err)
{
	switch (f->kind) {
	case SHAPE_WORDS:
		return read_words(t, to, f->size, err);
	case SHAPE_TEXT:
	case SHAPE_NAME:
	case SHAPE_PRODUCT:
		return read_text(t, f->kind, to, f->size, err);
	case SHAPE_SIDE:
		return read_side(t, to, err);
	case SHAPE_AMOUNT:
	case SHAPE_NATURAL:
	case SHAPE_POSITIVE:
		return read_amount(t, f->kind, to, err);
	case SHAPE_TIME:
	case SHAPE_SECOND:
		return read_time(t, f->kind, to, err);
	case SHAPE_NUMBER:
		return read_number(t, to, err);
	case SHAPE_FLAG:
		return read_flag(t, to, err);
	}
	return tb_fail(err, TB_EBUG, "no such kind of field");
}

enum tb_status
shape_read(const struct json *j, const struct json_token *object,
    const struct shape *shape, void *to, struct tb_err *err)
{
	char *base = to;
	enum tb_status status;

	if (object->kind != JSON_OBJECT)
		return expected("an object", object, err);
	for (size_t i = 0; i < shape->count; i++) {
		const struct shape_field *f = &shape->fields[i];
		const struct json_token *t = json_get(j, object, f->key);

		if (f->optional && (t == NULL || t->kind == JSON_NULL))
			continue;
		if (t == NULL)
			return tb_fail(err, TB_EINVAL, "%s: missing", f->key);
		status = read_value(t, f, base + f->at, err);
		if (status != TB_OK) {
			tb_err_at(err, "%s", f->key);
			return status;
		}
	}
	return TB_OK;
}
