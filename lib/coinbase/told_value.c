#include "coinbase/told_value.h"

#include <string.h>

#include "base/instant.h"
#include "coinbase/told.h"
#include "io/utf8.h"

const struct json_token *
value_of(const struct json *j, const struct json_token *t, const char *key)
{
	const struct json_token *m;

	if (t == NULL || t->kind != JSON_OBJECT)
		return NULL;
	m = json_get(j, t, key);
	if (m == NULL || m->kind == JSON_NULL ||
	    (m->kind == JSON_STRING && m->len == 0))
		return NULL;
	return m;
}

static enum tb_status
odd(const char *key, const char *expected, const struct json_token *m,
    struct tb_err *err)
{
	int len = m->len > 64 ? 64 : (int)m->len;

	if (m->kind != JSON_STRING && m->kind != JSON_NUMBER)
		return tb_fail(err, TB_EINVAL, "%s: expected %s, found %s", key,
		    expected, json_kind_name(m));
	return tb_fail(err, TB_EINVAL, "%s: expected %s, found \"%.*s\"", key,
	    expected, len, m->text);
}

bool
value_is_tame(const struct json_token *m)
{
	size_t n;

	for (size_t i = 0; i < m->len; i += n) {
		uint32_t c = 0;

		n = utf8_decode(&m->text[i], m->len - i, &c);
		if (n == 0 || utf8_is_hazard(c))
			return false;
	}
	return true;
}

void
told_text(const struct json *j, const struct json_token *t, const char *key,
    char *out, size_t size)
{
	const struct json_token *m = value_of(j, t, key);

	if (m == NULL || !value_is_tame(m) ||
	    json_copy(m, out, size, NULL) != TB_OK)
		out[0] = '\0';
}

bool
told_flag(const struct json *j, const struct json_token *t, const char *key)
{
	const struct json_token *m = value_of(j, t, key);

	return m != NULL && m->kind == JSON_TRUE;
}

enum tb_status
value_id(const struct json *j, const struct json_token *t, const char *key,
    char *out, size_t size, struct tb_err *err)
{
	const struct json_token *m = value_of(j, t, key);

	if (m == NULL)
		return tb_fail(err, TB_EINVAL, "%s: missing", key);
	if (m->kind != JSON_STRING || m->len >= size)
		return odd(key, "an id", m, err);
	for (size_t i = 0; i < m->len; i++)
		if (m->text[i] <= ' ' || m->text[i] > '~')
			return odd(key, "an id", m, err);
	return json_copy(m, out, size, err);
}

enum tb_status
value_amount(const struct json *j, const struct json_token *t, const char *key,
    struct decimal *out, struct tb_err *err)
{
	const struct json_token *m = value_of(j, t, key);
	bool inexact;

	*out = DECIMAL_ZERO;
	if (m == NULL)
		return TB_OK;
	if ((m->kind != JSON_STRING && m->kind != JSON_NUMBER) ||
	    decimal_parse_rounded(m->text, m->len, DECIMAL_HALF_EVEN, out,
		&inexact) != TB_OK)
		return odd(key, "an amount", m, err);
	return TB_OK;
}

enum tb_status
told_millis(const struct json *j, const struct json_token *t, const char *key,
    int64_t *out_us, struct tb_err *err)
{
	struct decimal ms;
	enum tb_status status = value_amount(j, t, key, &ms, err);

	if (status != TB_OK)
		return status;
	if (decimal_sign(ms) <= 0 || ms.v % DECIMAL_ONE_UNITS != 0 ||
	    ms.v / DECIMAL_ONE_UNITS > INSTANT_MAX_US / 1000)
		return tb_fail(err, TB_EINVAL,
		    "%s: expected milliseconds since 1970", key);
	*out_us = (int64_t)(ms.v / DECIMAL_ONE_UNITS) * 1000;
	return TB_OK;
}

enum tb_status
value_amounts(const struct json *j, const struct json_token *t,
    const struct value_amount_of *amounts, size_t count, struct tb_err *err)
{
	enum tb_status status = TB_OK;

	for (size_t i = 0; i < count && status == TB_OK; i++)
		status = value_amount(j, t, amounts[i].key, amounts[i].to, err);
	return status;
}

enum tb_status
value_time(const struct json *j, const struct json_token *t, const char *key,
    int64_t *out, struct tb_err *err)
{
	const struct json_token *m = value_of(j, t, key);

	*out = 0;
	if (m == NULL)
		return TB_OK;
	if (m->kind != JSON_STRING ||
	    instant_parse(m->text, m->len, out) != TB_OK)
		return odd(key, "a time", m, err);
	return TB_OK;
}

enum tb_status
value_side(const struct json *j, const struct json_token *t, enum side *out,
    struct tb_err *err)
{
	const struct json_token *m = value_of(j, t, "side");

	if (m == NULL)
		return tb_fail(err, TB_EINVAL, "side: missing");
	if (m->kind != JSON_STRING || side_parse(m->text, m->len, out) != TB_OK)
		return odd("side", "BUY or SELL", m, err);
	return TB_OK;
}

enum tb_status
value_product(const struct json *j, const struct json_token *t,
    char out[static PRODUCT_ID_MAX], struct tb_err *err)
{
	const struct json_token *m = value_of(j, t, "product_id");
	char type[32];

	if (m == NULL || m->kind != JSON_STRING)
		return tb_fail(err, TB_EINVAL, "product_id: missing");
	told_text(j, t, "product_type", type, sizeof(type));
	if (strcmp(type, "FUTURE") == 0 ||
	    !product_id_is_valid(m->text, m->len))
		return TB_END;
	return json_copy(m, out, PRODUCT_ID_MAX, err);
}
