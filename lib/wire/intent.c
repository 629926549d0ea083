#include "wire/intent.h"

#include <string.h>

#include "base/instant.h"
#include "io/utf8.h"

static const char *const type_names[] = {
	[ORDER_MARKET] = "market",
	[ORDER_LIMIT] = "limit",
	[ORDER_LIMIT_IOC] = "limit_ioc",
	[ORDER_POST_ONLY] = "post_only",
};

#define TYPES (sizeof(type_names) / sizeof(type_names[0]))

const char *
order_type_name(enum order_type type)
{
	return type_names[type];
}

enum tb_status
order_type_parse(const char *s, size_t len, enum order_type *out)
{
	for (size_t i = 0; i < TYPES; i++)
		if (strlen(type_names[i]) == len &&
		    memcmp(type_names[i], s, len) == 0) {
			*out = (enum order_type)i;
			return TB_OK;
		}
	return TB_EINVAL;
}

enum line_kind
line_kind(const struct json *j, const struct json_token *object)
{
	static const char *const keys[] = { "evaluation_id", "combined_score",
		"recommended_action" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (json_get(j, object, keys[i]) != NULL)
			return LINE_SIGNAL;
	return LINE_INTENT;
}

/* The value of key, NULL where there is none or it is null. */
static const struct json_token *
get_optional(const struct json *j, const struct json_token *object,
    const char *key)
{
	const struct json_token *t = json_get(j, object, key);

	return t == NULL || t->kind == JSON_NULL ? NULL : t;
}

/* A text of one line, which nothing in it can break out of. */
static enum tb_status
check_tame(const struct json_token *t, struct tb_err *err)
{
	size_t n;

	for (size_t i = 0; i < t->len; i += n) {
		uint32_t c = 0;

		n = utf8_decode(&t->text[i], t->len - i, &c);
		if (n == 0 || utf8_is_hazard(c))
			return tb_fail(err, TB_EINVAL,
			    "a control character (U+%04X)", (unsigned int)c);
	}
	return TB_OK;
}

static enum tb_status
read_product(const struct json *j, const struct json_token *object,
    struct intent_line *out, struct tb_err *err)
{
	const struct json_token *t = get_optional(j, object, "product_id");

	if (t == NULL)
		return tb_fail(err, TB_EINVAL, "product_id: missing");
	if (t->kind != JSON_STRING || !product_id_is_valid(t->text, t->len))
		return tb_fail(err, TB_EINVAL,
		    "product_id: expected a product such as BTC-USD, found "
		    "\"%.*s\"",
		    t->len > 64 ? 64 : (int)t->len, t->text);
	return json_copy(t, out->product_id, sizeof(out->product_id), err);
}

static enum tb_status
read_side(const struct json *j, const struct json_token *object,
    struct intent_line *out, struct tb_err *err)
{
	const struct json_token *t = get_optional(j, object, "side");

	if (t == NULL)
		return tb_fail(err, TB_EINVAL, "side: missing");
	if (t->kind != JSON_STRING ||
	    side_parse(t->text, t->len, &out->side) != TB_OK)
		return tb_fail(err, TB_EINVAL,
		    "side: expected BUY or SELL, found \"%.*s\"",
		    t->len > 64 ? 64 : (int)t->len, t->text);
	return TB_OK;
}

/* An amount above zero. */
static enum tb_status
read_amount(const struct json_token *t, const char *key, struct decimal *out,
    struct tb_err *err)
{
	enum tb_status status = json_decimal(t, out, err);

	if (status == TB_OK && decimal_sign(*out) <= 0)
		status = tb_fail(err, TB_EINVAL,
		    "expected an amount above 0, found %.*s",
		    t->len > 64 ? 64 : (int)t->len, t->text);
	if (status != TB_OK)
		tb_err_at(err, "%s", key);
	return status;
}

static enum tb_status
read_size(const struct json *j, const struct json_token *object,
    struct intent_line *out, struct tb_err *err)
{
	const struct json_token *usd = get_optional(j, object, "size_usd");
	const struct json_token *crypto =
	    get_optional(j, object, "size_crypto");

	if (usd == NULL && crypto == NULL)
		return tb_fail(err, TB_EINVAL,
		    "size_usd: missing, and so is size_crypto");
	if (usd != NULL && crypto != NULL)
		return tb_fail(err, TB_EINVAL,
		    "size_crypto: expected one of size_usd and size_crypto, "
		    "found both");
	out->has_size_usd = usd != NULL;
	if (usd != NULL)
		return read_amount(usd, "size_usd", &out->size_usd, err);
	return read_amount(crypto, "size_crypto", &out->size_crypto, err);
}

static enum tb_status
read_type(const struct json *j, const struct json_token *object,
    struct intent_line *out, struct tb_err *err)
{
	const struct json_token *type = get_optional(j, object, "type");
	const struct json_token *price = get_optional(j, object, "limit_price");

	if (type != NULL &&
	    (type->kind != JSON_STRING ||
		order_type_parse(type->text, type->len, &out->type) != TB_OK))
		return tb_fail(err, TB_EINVAL,
		    "type: expected market, limit, limit_ioc or post_only, "
		    "found \"%.*s\"",
		    type->len > 64 ? 64 : (int)type->len, type->text);
	if (out->type == ORDER_MARKET && price != NULL)
		return tb_fail(err, TB_EINVAL,
		    "limit_price: expected only with type limit, limit_ioc or "
		    "post_only");
	if (out->type == ORDER_MARKET)
		return TB_OK;
	if (price == NULL)
		return tb_fail(err, TB_EINVAL,
		    "limit_price: missing, type %s needs it",
		    order_type_name(out->type));
	return read_amount(price, "limit_price", &out->limit_price, err);
}

/* id: a text, or a whole number, which stands for its digits. */
static enum tb_status
read_id(const struct json *j, const struct json_token *object,
    struct intent_line *out, struct tb_err *err)
{
	const struct json_token *t = json_get(j, object, "id");
	struct json_token text;
	long long number;
	enum tb_status status;

	if (t == NULL)
		return TB_OK;
	text = *t;
	if (t->kind == JSON_NUMBER && json_integer(t, &number, NULL) == TB_OK)
		text.kind = JSON_STRING;
	status = json_copy(&text, out->id, sizeof(out->id), err);
	if (status == TB_OK && t->len == 0)
		status = tb_fail(err, TB_EINVAL, "expected a text, found none");
	if (status == TB_OK)
		status = check_tame(t, err);
	if (status != TB_OK)
		tb_err_at(err, "id");
	return status;
}

static enum tb_status
read_ts(const struct json *j, const struct json_token *object,
    struct intent_line *out, struct tb_err *err)
{
	const struct json_token *t = json_get(j, object, "ts");

	if (t == NULL)
		return TB_OK;
	if (t->kind != JSON_STRING ||
	    instant_parse(t->text, t->len, &out->ts_us) != TB_OK)
		return tb_fail(err, TB_EINVAL,
		    "ts: expected a time such as 2025-09-11T10:35:00Z, found "
		    "\"%.*s\"",
		    t->len > 64 ? 64 : (int)t->len, t->text);
	out->has_ts = true;
	return TB_OK;
}

static enum tb_status
read_trigger(const struct json *j, const struct json_token *object,
    struct intent_line *out, struct tb_err *err)
{
	const struct json_token *t = get_optional(j, object, "triggered_by");
	enum tb_status status;

	if (t == NULL)
		return TB_OK;
	status =
	    json_copy(t, out->triggered_by, sizeof(out->triggered_by), err);
	if (status == TB_OK)
		status = check_tame(t, err);
	if (status != TB_OK)
		tb_err_at(err, "triggered_by");
	return status;
}

enum tb_status
intent_line_read(const struct json *j, const struct json_token *object,
    struct intent_line *out, struct tb_err *err)
{
	static enum tb_status (*const readers[])(const struct json *,
	    const struct json_token *, struct intent_line *,
	    struct tb_err *) = { read_product, read_side, read_size, read_type,
		read_id, read_ts, read_trigger };
	struct intent_line intent = { 0 };
	enum tb_status status = TB_OK;

	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
		status = readers[i](j, object, &intent, err);
		if (status != TB_OK)
			return status;
	}
	*out = intent;
	return TB_OK;
}

const struct json_token *
intent_line_stranger(const struct json *j, const struct json_token *object)
{
	static const char *const keys[] = { "product_id", "side", "size_usd",
		"size_crypto", "id", "ts", "type", "limit_price",
		"triggered_by" };
	const struct json_token *key;

	for (key = json_first(j, object); key != NULL;
	     key = json_after(j, object, key)) {
		size_t i = 0;

		while (i < sizeof(keys) / sizeof(keys[0]) &&
		    !json_is(key, keys[i]))
			i++;
		if (i == sizeof(keys) / sizeof(keys[0]))
			return key;
	}
	return NULL;
}

void
intent_line_write(struct json_writer *w, const struct intent_line *intent)
{
	char ts[INSTANT_STRLEN];

	json_open(w, '{');
	json_key(w, "product_id");
	json_string(w, intent->product_id);
	json_key(w, "side");
	json_string(w, side_name(intent->side));
	json_key(w, intent->has_size_usd ? "size_usd" : "size_crypto");
	if (intent->has_size_usd)
		json_amount_min(w, intent->size_usd, 2);
	else
		json_amount(w, intent->size_crypto);
	if (intent->type != ORDER_MARKET) {
		json_key(w, "type");
		json_string(w, order_type_name(intent->type));
		json_key(w, "limit_price");
		json_amount_min(w, intent->limit_price, 2);
	}
	if (intent->id[0] != '\0') {
		json_key(w, "id");
		json_string(w, intent->id);
	}
	if (intent->has_ts) {
		instant_format(intent->ts_us, ts);
		json_key(w, "ts");
		json_string(w, ts);
	}
	if (intent->triggered_by[0] != '\0') {
		json_key(w, "triggered_by");
		json_string(w, intent->triggered_by);
	}
	json_close(w, '}');
}
