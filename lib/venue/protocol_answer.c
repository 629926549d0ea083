/* protocol_answer: what is answered. */

#include <stdio.h>
#include <string.h>

#include "venue/protocol.h"
#include "venue/shape.h"

static const struct shape_field hello_fields[] = {
	SHAPE_MUST(venue_hello, NAME, "name", name),
	SHAPE_MUST(venue_hello, TEXT, "account", account),
	SHAPE_MAY(venue_hello, NUMBER, "lag_ms", lag_ms),
	SHAPE_MAY(venue_hello, TIME, "time", time_us),
	SHAPE_MAY(venue_hello, FLAG, "has_key", has_key),
	SHAPE_MAY(venue_hello, FLAG, "can_trade", can_trade),
	SHAPE_MAY(venue_hello, FLAG, "can_transfer", can_transfer),
};

static const struct shape_field product_fields[] = {
	SHAPE_MUST(product, PRODUCT, "product_id", product_id),
	SHAPE_MUST(product, POSITIVE, "base_increment", base_increment),
	SHAPE_MUST(product, POSITIVE, "quote_increment", quote_increment),
	SHAPE_MUST(product, POSITIVE, "price_increment", price_increment),
	SHAPE_MUST(product, NATURAL, "base_min_size", base_min_size),
	SHAPE_MUST(product, NATURAL, "quote_min_size", quote_min_size),
	SHAPE_MAY(product, NATURAL, "base_max_size", base_max_size),
	SHAPE_MAY(product, NATURAL, "quote_max_size", quote_max_size),
	SHAPE_MAY(product, FLAG, "trading_disabled", trading_disabled),
	SHAPE_MAY(product, FLAG, "cancel_only", cancel_only),
	SHAPE_MAY(product, FLAG, "limit_only", limit_only),
	SHAPE_MAY(product, FLAG, "post_only", post_only),
	SHAPE_MAY(product, FLAG, "auction_mode", auction_mode),
};

static const struct shape_field candle_fields[] = {
	SHAPE_MUST(candle, SECOND, "start", start_s),
	SHAPE_MUST(candle, POSITIVE, "open", open),
	SHAPE_MUST(candle, POSITIVE, "high", high),
	SHAPE_MUST(candle, POSITIVE, "low", low),
	SHAPE_MUST(candle, POSITIVE, "close", close),
	SHAPE_MUST(candle, NATURAL, "volume", volume),
};

static const struct shape_field balance_fields[] = {
	SHAPE_MUST(venue_balance, NAME, "currency", currency),
	SHAPE_MUST(venue_balance, AMOUNT, "available", available),
	SHAPE_MUST(venue_balance, AMOUNT, "hold", hold),
};

static const struct shape_field order_fields[] = {
	SHAPE_MUST(venue_order, NAME, "order_id", order_id),
	SHAPE_MAY(venue_order, TEXT, "client_order_id", client_order_id),
	SHAPE_MUST(venue_order, PRODUCT, "product_id", product_id),
	SHAPE_MUST(venue_order, SIDE, "side", side),
	SHAPE_MAY(venue_order, TEXT, "type", type),
	SHAPE_MUST(venue_order, NAME, "status", status),
	SHAPE_MUST(venue_order, NATURAL, "filled_size", filled_size),
	SHAPE_MUST(venue_order, NATURAL, "filled_value", filled_value),
	SHAPE_MUST(venue_order, AMOUNT, "total_fees", total_fees),
	SHAPE_MUST(venue_order, FLAG, "settled", settled),
	SHAPE_MUST(venue_order, TIME, "created_at", created_at_us),
	SHAPE_MAY(venue_order, TIME, "updated_at", updated_at_us),
	SHAPE_MAY(venue_order, TEXT, "reason", reason),
};

/* kind is read by hand; what the fill was for is a trade here. */
static const struct shape_field fill_fields[] = {
	SHAPE_MUST(fill, NAME, "entry_id", entry_id),
	SHAPE_MAY(fill, TEXT, "trade_id", venue_trade_id),
	SHAPE_MUST(fill, NAME, "order_id", order_id),
	SHAPE_MAY(fill, TEXT, "reverses", reverses),
	SHAPE_MUST(fill, PRODUCT, "product_id", product_id),
	SHAPE_MUST(fill, SIDE, "side", side),
	SHAPE_MUST(fill, NATURAL, "size", size),
	SHAPE_MUST(fill, NATURAL, "price", price),
	SHAPE_MUST(fill, NATURAL, "value", value),
	SHAPE_MUST(fill, AMOUNT, "fee", fee),
	SHAPE_MUST(fill, TIME, "at", at_us),
	SHAPE_MAY(fill, NUMBER, "sequence", venue_seq),
};

/* outcome is read by hand. */
static const struct shape_field place_fields[] = {
	SHAPE_MAY(venue_answer, TEXT, "order_id", order_id),
	SHAPE_MAY(venue_answer, TEXT, "client_order_id", client_order_id),
	SHAPE_MAY(venue_answer, TEXT, "product_id", product_id),
	SHAPE_MAY(venue_answer, TEXT, "side", side),
	SHAPE_MAY(venue_answer, TEXT, "reason", reason),
	SHAPE_MAY(venue_answer, WORDS, "message", words),
	SHAPE_MAY(venue_answer, FLAG, "key_rejected", key_rejected),
	SHAPE_MAY(venue_answer, NUMBER, "retry_after_ms", retry_after_ms),
};

static const struct shape_field preview_fields[] = {
	SHAPE_MAY(venue_preview, FLAG, "refused", refused),
	SHAPE_MAY(venue_preview, TEXT, "reason", reason),
	SHAPE_MAY(venue_preview, TEXT, "warning", warning),
	SHAPE_MUST(venue_preview, NATURAL, "base_size", base_size),
	SHAPE_MUST(venue_preview, NATURAL, "value", value),
	SHAPE_MUST(venue_preview, AMOUNT, "fee", fee),
	SHAPE_MUST(venue_preview, AMOUNT, "total", total),
	SHAPE_MAY(venue_preview, NATURAL, "average_price", average_price),
	SHAPE_MAY(venue_preview, NATURAL, "best_bid", best_bid),
	SHAPE_MAY(venue_preview, NATURAL, "best_ask", best_ask),
};

static const struct shape_field price_fields[] = {
	SHAPE_MUST(protocol_answer, POSITIVE, "price", price),
};

static const struct shape_field cursor_fields[] = {
	SHAPE_MUST(protocol_answer, TEXT, "cursor", cursor),
};

static const struct shape_field failure_fields[] = {
	SHAPE_MUST(protocol_answer, WORDS, "message", message),
	SHAPE_MAY(protocol_answer, NUMBER, "retry_after_ms", retry_after_ms),
};

static const struct shape cursor_shape = SHAPE_OF(cursor_fields);
static const struct shape failure_shape = SHAPE_OF(failure_fields);

#define IN(field) offsetof(struct protocol_answer, field)

/* What a verb is answered with: a member of its own, or rows of a list. */
static const struct {
	const char *key; /* of the rows, or of the object; NULL: flat */
	struct shape shape;
	size_t at;	 /* of the struct in the answer */
	size_t row_size; /* of a list; else 0 */
	bool has_cursor;
} verbs[VENUE_VERBS] = {
	[VERB_HELLO] = { NULL, SHAPE_OF(hello_fields), IN(hello), 0, false },
	[VERB_PRODUCTS] = { "products", SHAPE_OF(product_fields), 0,
	    sizeof(struct product), true },
	[VERB_CANDLES] = { "candles", SHAPE_OF(candle_fields), 0,
	    sizeof(struct candle), false },
	[VERB_PRICE] = { NULL, SHAPE_OF(price_fields), 0, 0, false },
	[VERB_BALANCES] = { "balances", SHAPE_OF(balance_fields), 0,
	    sizeof(struct venue_balance), true },
	[VERB_PLACE] = { NULL, SHAPE_OF(place_fields), IN(place), 0, false },
	[VERB_CANCEL] = { NULL, { NULL, 0 }, 0, 0, false },
	[VERB_ORDER] = { "order", SHAPE_OF(order_fields), IN(order), 0, false },
	[VERB_ORDERS_SINCE] = { "orders", SHAPE_OF(order_fields), 0,
	    sizeof(struct venue_order), true },
	[VERB_FILLS_SINCE] = { "fills", SHAPE_OF(fill_fields), 0,
	    sizeof(struct fill), true },
	[VERB_PREVIEW] = { NULL, SHAPE_OF(preview_fields), IN(preview), 0,
	    false },
};

static const struct {
	const char *name;
	enum tb_status status;
} errors[] = {
	{ "net", TB_ENET },
	{ "busy", TB_EBUSY },
	{ "venue", TB_EVENUE },
	{ "perm", TB_EPERM },
	{ "noent", TB_ENOENT },
	{ "invalid", TB_EINVAL },
};

#define ERRORS (sizeof(errors) / sizeof(errors[0]))

/* ----------------------------------------------------------------- write -- */

static const char *
error_name(enum tb_status status)
{
	for (size_t i = 0; i < ERRORS; i++)
		if (errors[i].status == status)
			return errors[i].name;
	return "invalid";
}

/* Row i of a list, whichever it is. */
static void *
row_of(const struct protocol_answer *a, size_t i)
{
	char *base = NULL;

	switch (a->verb) {
	case VERB_PRODUCTS:
		base = (char *)a->rows.products;
		break;
	case VERB_CANDLES:
		base = (char *)a->rows.candles;
		break;
	case VERB_BALANCES:
		base = (char *)a->rows.balances;
		break;
	case VERB_ORDERS_SINCE:
		base = (char *)a->rows.orders;
		break;
	default:
		base = (char *)a->rows.fills;
		break;
	}
	return base + i * verbs[a->verb].row_size;
}

static void
write_rows(struct json_writer *w, const struct protocol_answer *a)
{
	json_key(w, verbs[a->verb].key);
	json_open(w, '[');
	for (size_t i = 0; i < a->count; i++) {
		const struct fill *fill = row_of(a, i);

		json_open(w, '{');
		if (a->verb == VERB_FILLS_SINCE) {
			json_key(w, "kind");
			json_string(w, fill_kind_name(fill->kind));
		}
		shape_write(w, &verbs[a->verb].shape, fill);
		json_close(w, '}');
	}
	json_close(w, ']');
	if (verbs[a->verb].has_cursor)
		shape_write(w, &cursor_shape, a);
}

static void
write_one(struct json_writer *w, const struct protocol_answer *a)
{
	const char *key = verbs[a->verb].key;

	if (key != NULL) {
		json_key(w, key);
		json_open(w, '{');
	}
	if (a->verb == VERB_PLACE) {
		json_key(w, "outcome");
		json_string(w, venue_outcome_name(a->place.outcome));
	}
	shape_write(w, &verbs[a->verb].shape,
	    (const char *)a + verbs[a->verb].at);
	if (key != NULL)
		json_close(w, '}');
}

void
protocol_answer_write(struct buffer *out, const struct protocol_answer *a)
{
	struct json_writer w = { .out = out, .numbers = JSON_NUMBERS_STRING };

	json_open(&w, '{');
	json_key(&w, "id");
	json_int(&w, a->id);
	json_key(&w, "ok");
	json_bool(&w, a->status == TB_OK);
	if (a->status != TB_OK) {
		json_key(&w, "error");
		json_string(&w, error_name(a->status));
		shape_write(&w, &failure_shape, a);
	} else if (verbs[a->verb].row_size > 0)
		write_rows(&w, a);
	else
		write_one(&w, a);
	json_close(&w, '}');
}

/* ------------------------------------------------------------------ read -- */

static enum tb_status
read_kind(const struct json *j, const struct json_token *object,
    struct fill *out, struct tb_err *err)
{
	const struct json_token *t = json_get(j, object, "kind");

	if (t != NULL &&
	    (t->kind != JSON_STRING ||
		fill_kind_parse(t->text, t->len, &out->kind) != TB_OK))
		return tb_fail(err, TB_EINVAL,
		    "kind: expected fill, reversal or correction");
	return TB_OK;
}

static enum tb_status
read_row(const struct json *j, const struct json_token *object,
    enum venue_verb verb, void *row, struct tb_err *err)
{
	enum tb_status status;

	memset(row, 0, verbs[verb].row_size);
	status = shape_read(j, object, &verbs[verb].shape, row, err);
	if (status == TB_OK && verb == VERB_FILLS_SINCE)
		status = read_kind(j, object, row, err);
	return status;
}

static enum tb_status
read_rows(const struct json *j, struct protocol_answer *a, struct tb_err *err)
{
	const char *key = verbs[a->verb].key;
	const struct json_token *list = json_get(j, j->tokens, key);
	const struct json_token *t;
	enum tb_status status;

	if (list == NULL || list->kind != JSON_ARRAY)
		return tb_fail(err, TB_EINVAL, "%s: expected a list", key);
	if (list->size > a->max)
		return tb_fail(err, TB_EINVAL,
		    "%s: expected at most %zu rows, found %zu", key, a->max,
		    list->size);
	for (t = json_first(j, list); t != NULL; t = json_after(j, list, t)) {
		status = read_row(j, t, a->verb, row_of(a, a->count), err);
		if (status != TB_OK) {
			tb_err_at(err, "%s %zu", key, a->count + 1);
			return status;
		}
		a->count++;
	}
	if (!verbs[a->verb].has_cursor)
		return TB_OK;
	return shape_read(j, j->tokens, &cursor_shape, a, err);
}

static int64_t
within_an_hour(int64_t ms)
{
	if (ms < 0)
		return 0;
	return ms > PROTOCOL_RETRY_MS_MAX ? PROTOCOL_RETRY_MS_MAX : ms;
}

static enum tb_status
read_outcome(const struct json *j, struct venue_answer *place,
    struct tb_err *err)
{
	const struct json_token *t = json_get(j, j->tokens, "outcome");
	int outcome = VENUE_ACCEPTED;

	while (outcome <= VENUE_UNKNOWN &&
	    (t == NULL || t->kind != JSON_STRING ||
		!json_is(t, venue_outcome_name((enum venue_outcome)outcome))))
		outcome++;
	if (outcome > VENUE_UNKNOWN)
		return tb_fail(err, TB_EINVAL,
		    "outcome: expected accepted, refused, not_sent or unknown");
	place->outcome = (enum venue_outcome)outcome;
	if (place->outcome == VENUE_ACCEPTED && place->order_id[0] == '\0')
		return tb_fail(err, TB_EINVAL, "order_id: missing");
	place->retry_after_ms = within_an_hour(place->retry_after_ms);
	return TB_OK;
}

static enum tb_status
read_one(const struct json *j, struct protocol_answer *a, struct tb_err *err)
{
	const char *key = verbs[a->verb].key;
	const struct json_token *object = j->tokens;
	enum tb_status status;

	if (key != NULL)
		object = json_get(j, object, key);
	if (object == NULL)
		return tb_fail(err, TB_EINVAL, "%s: missing", key);
	status = shape_read(j, object, &verbs[a->verb].shape,
	    (char *)a + verbs[a->verb].at, err);
	if (status != TB_OK && key != NULL)
		tb_err_at(err, "%s", key);
	if (status == TB_OK && a->verb == VERB_PLACE)
		status = read_outcome(j, &a->place, err);
	a->hello.has_time = a->hello.time_us != 0;
	return status;
}

static enum tb_status
read_failure(const struct json *j, struct protocol_answer *a,
    struct tb_err *err)
{
	const struct json_token *t = json_get(j, j->tokens, "error");
	enum tb_status status;

	for (size_t i = 0; t != NULL && i < ERRORS; i++)
		if (t->kind == JSON_STRING && json_is(t, errors[i].name))
			a->status = errors[i].status;
	if (a->status == TB_OK)
		return tb_fail(err, TB_EINVAL,
		    "error: expected net, busy, venue, perm, noent or invalid");
	status = shape_read(j, j->tokens, &failure_shape, a, err);
	a->retry_after_ms = within_an_hour(a->retry_after_ms);
	return status;
}

static enum tb_status
read_id(const struct json *j, const struct protocol_answer *a,
    struct tb_err *err)
{
	const struct json_token *t;
	long long id;

	if (j->tokens[0].kind != JSON_OBJECT)
		return tb_fail(err, TB_EINVAL, "expected an object, found %s",
		    json_kind_name(j->tokens));
	t = json_get(j, j->tokens, "id");
	if (t == NULL || json_integer(t, &id, NULL) != TB_OK)
		return tb_fail(err, TB_EINVAL, "id: expected a whole number");
	if (id != a->id)
		return tb_fail(err, TB_EINVAL, "id: expected %lld, found %lld",
		    (long long)a->id, id);
	return TB_OK;
}

enum tb_status
protocol_answer_read(char *line, size_t len, struct json_token *tokens,
    struct protocol_answer *a, struct tb_err *err)
{
	struct protocol_answer asked = {
		.id = a->id, .verb = a->verb, .rows = a->rows, .max = a->max
	};
	const struct json_token *t;
	struct json j;
	enum tb_status status;

	*a = asked;
	status = json_read(line, len, tokens, PROTOCOL_TOKENS_MAX, &j, err);
	if (status == TB_OK)
		status = read_id(&j, a, err);
	if (status != TB_OK)
		return status;
	t = json_get(&j, j.tokens, "ok");
	if (t == NULL || (t->kind != JSON_TRUE && t->kind != JSON_FALSE))
		return tb_fail(err, TB_EINVAL, "ok: expected true or false");
	/* What became of an order is never told as a failure of asking. */
	if (t->kind == JSON_FALSE && a->verb != VERB_PLACE)
		return read_failure(&j, a, err);
	if (verbs[a->verb].row_size > 0)
		return read_rows(&j, a, err);
	return read_one(&j, a, err);
}
