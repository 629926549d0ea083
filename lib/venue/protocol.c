/* protocol: the verbs, and what is asked. */

#include "venue/protocol.h"

#include <string.h>

#include "base/instant.h"
#include "venue/shape.h"

static const char *const verb_names[VENUE_VERBS] = {
	[VERB_HELLO] = "hello",
	[VERB_PRODUCTS] = "products",
	[VERB_CANDLES] = "candles",
	[VERB_PRICE] = "price",
	[VERB_BALANCES] = "balances",
	[VERB_PLACE] = "place",
	[VERB_CANCEL] = "cancel",
	[VERB_ORDER] = "order",
	[VERB_ORDERS_SINCE] = "orders_since",
	[VERB_FILLS_SINCE] = "fills_since",
	[VERB_PREVIEW] = "preview",
};

const char *
venue_verb_name(enum venue_verb verb)
{
	return verb_names[verb];
}

#define MUST(kind, key, field) SHAPE_MUST(protocol_request, kind, key, field)
#define MAY(kind, key, field) SHAPE_MAY(protocol_request, kind, key, field)

static const struct shape_field list_fields[] = {
	MAY(TEXT, "cursor", cursor),
};

static const struct shape_field candles_fields[] = {
	MUST(PRODUCT, "product_id", product_id),
	MUST(NUMBER, "granularity_s", granularity_s),
	MUST(SECOND, "from", from_s),
	MUST(SECOND, "to", to_s),
};

static const struct shape_field price_fields[] = {
	MUST(PRODUCT, "product_id", product_id),
};

static const struct shape_field order_fields[] = {
	MUST(NAME, "order_id", order_id),
};

static const struct shape_field orders_since_fields[] = {
	MUST(TIME, "since", since_us),
	MAY(TEXT, "cursor", cursor),
};

static const struct shape_field fills_since_fields[] = {
	MUST(TIME, "since", since_us),
	MAY(TEXT, "order_id", order_id),
	MAY(TEXT, "cursor", cursor),
};

/* type is read by hand. */
static const struct shape_field place_fields[] = {
	MUST(NAME, "client_order_id", order.client_order_id),
	MUST(PRODUCT, "product_id", order.product_id),
	MUST(SIDE, "side", order.side),
	MAY(POSITIVE, "quote_size", order.quote_size),
	MAY(POSITIVE, "base_size", order.base_size),
	MAY(POSITIVE, "limit_price", order.limit_price),
	MAY(POSITIVE, "reference_price", order.reference_price),
	MUST(TIME, "instant", order.instant_us),
	MUST(NUMBER, "send_before_ms", order.send_before_ms),
};

static const struct shape_field preview_fields[] = {
	MUST(PRODUCT, "product_id", order.product_id),
	MUST(SIDE, "side", order.side),
	MAY(POSITIVE, "quote_size", order.quote_size),
	MAY(POSITIVE, "base_size", order.base_size),
	MAY(POSITIVE, "limit_price", order.limit_price),
	MAY(POSITIVE, "reference_price", order.reference_price),
};

static const struct shape shapes[VENUE_VERBS] = {
	[VERB_HELLO] = { NULL, 0 },
	[VERB_PRODUCTS] = SHAPE_OF(list_fields),
	[VERB_CANDLES] = SHAPE_OF(candles_fields),
	[VERB_PRICE] = SHAPE_OF(price_fields),
	[VERB_BALANCES] = SHAPE_OF(list_fields),
	[VERB_PLACE] = SHAPE_OF(place_fields),
	[VERB_CANCEL] = SHAPE_OF(order_fields),
	[VERB_ORDER] = SHAPE_OF(order_fields),
	[VERB_ORDERS_SINCE] = SHAPE_OF(orders_since_fields),
	[VERB_FILLS_SINCE] = SHAPE_OF(fills_since_fields),
	[VERB_PREVIEW] = SHAPE_OF(preview_fields),
};

static bool
carries_order(enum venue_verb verb)
{
	return verb == VERB_PLACE || verb == VERB_PREVIEW;
}

void
protocol_request_write(struct buffer *out, const struct protocol_request *r)
{
	struct json_writer w = { .out = out, .numbers = JSON_NUMBERS_STRING };

	json_open(&w, '{');
	json_key(&w, "id");
	json_int(&w, r->id);
	json_key(&w, "verb");
	json_string(&w, venue_verb_name(r->verb));
	if (carries_order(r->verb)) {
		json_key(&w, "type");
		json_string(&w, r->order.type);
	}
	shape_write(&w, &shapes[r->verb], r);
	json_close(&w, '}');
}

static enum tb_status
read_id(const struct json *j, const struct json_token *object, int64_t *out,
    struct tb_err *err)
{
	const struct json_token *t = json_get(j, object, "id");
	long long id;

	if (t == NULL || json_integer(t, &id, NULL) != TB_OK || id <= 0)
		return tb_fail(err, TB_EINVAL,
		    "id: expected a whole number above 0");
	*out = id;
	return TB_OK;
}

static enum tb_status
read_verb(const struct json *j, const struct json_token *object,
    enum venue_verb *out, struct tb_err *err)
{
	const struct json_token *t = json_get(j, object, "verb");

	if (t == NULL || t->kind != JSON_STRING)
		return tb_fail(err, TB_EINVAL, "verb: expected a text");
	for (int i = 0; i < VENUE_VERBS; i++)
		if (json_is(t, verb_names[i])) {
			*out = (enum venue_verb)i;
			return TB_OK;
		}
	return tb_fail(err, TB_EINVAL, "verb: no such verb: \"%.*s\"",
	    t->len > 32 ? 32 : (int)t->len, t->text);
}

static enum tb_status
read_type(const struct json *j, const struct json_token *object,
    struct venue_request *order, struct tb_err *err)
{
	static const char *const types[] = { "market", "limit", "limit_ioc",
		"post_only" };
	const struct json_token *t = json_get(j, object, "type");

	for (size_t i = 0; t != NULL && i < sizeof(types) / sizeof(types[0]);
	     i++)
		if (t->kind == JSON_STRING && json_is(t, types[i])) {
			order->type = types[i];
			return TB_OK;
		}
	return tb_fail(err, TB_EINVAL,
	    "type: expected market, limit, limit_ioc or post_only");
}

/* One size; a limit price with every type but market, and only there. */
static enum tb_status
check_order(struct venue_request *order, struct tb_err *err)
{
	bool is_market = strcmp(order->type, "market") == 0;

	order->has_quote_size = decimal_sign(order->quote_size) > 0;
	if (order->has_quote_size == (decimal_sign(order->base_size) > 0))
		return tb_fail(err, TB_EINVAL,
		    "expected one of quote_size and base_size");
	if (is_market == (decimal_sign(order->limit_price) > 0))
		return tb_fail(err, TB_EINVAL, "limit_price: expected %s",
		    is_market ? "none in a market order" : "an amount above 0");
	return TB_OK;
}

static enum tb_status
check_range(const struct protocol_request *r, struct tb_err *err)
{
	if (r->granularity_s <= 0 || r->granularity_s > INSTANT_S_PER_DAY)
		return tb_fail(err, TB_EINVAL,
		    "granularity_s: expected 1 to 86400, found %lld",
		    (long long)r->granularity_s);
	if (r->from_s >= r->to_s ||
	    r->to_s - r->from_s > r->granularity_s * VENUE_CANDLES_MAX)
		return tb_fail(err, TB_EINVAL,
		    "expected from before to, at most %d granularities apart",
		    VENUE_CANDLES_MAX);
	return TB_OK;
}

enum tb_status
protocol_request_read(char *line, size_t len, struct protocol_request *out,
    struct tb_err *err)
{
	struct json_token tokens[PROTOCOL_REQUEST_TOKENS];
	const struct json_token *object = &tokens[0];
	struct json j;
	enum tb_status status;

	*out = (struct protocol_request){ 0 };
	status = json_read(line, len, tokens, PROTOCOL_REQUEST_TOKENS, &j, err);
	if (status != TB_OK)
		return status;
	if (object->kind != JSON_OBJECT)
		return tb_fail(err, TB_EINVAL, "expected an object, found %s",
		    json_kind_name(object));
	status = read_id(&j, object, &out->id, err);
	if (status == TB_OK)
		status = read_verb(&j, object, &out->verb, err);
	if (status == TB_OK && carries_order(out->verb))
		status = read_type(&j, object, &out->order, err);
	if (status == TB_OK)
		status = shape_read(&j, object, &shapes[out->verb], out, err);
	if (status == TB_OK && carries_order(out->verb))
		status = check_order(&out->order, err);
	if (status == TB_OK && out->verb == VERB_CANDLES)
		status = check_range(out, err);
	return status;
}
