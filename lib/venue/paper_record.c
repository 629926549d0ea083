/* paper_record: a paper order as the text that lies on the shelf. */

#include <assert.h>
#include <string.h>

#include "io/json.h"
#include "venue/paper_order.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define TOKENS_MAX 256 /* of an order with all its fills */

/* Where the fields of a kind lie in a struct. */
struct place {
	const char *key;
	size_t at;   /* offset of the field */
	size_t size; /* of a text */
};

#define TEXT(type, key, field)                                                 \
 {                                                                             \
  key, offsetof(struct type, field), sizeof(((struct type *)0)->field)         \
 }
#define AMOUNT(type, key, field)                                               \
 {                                                                             \
  key, offsetof(struct type, field), 0                                         \
 }

static const struct place order_texts[] = {
	TEXT(paper_order, "client_order_id", told.client_order_id),
	TEXT(paper_order, "product_id", told.product_id),
	TEXT(paper_order, "type", told.type),
	TEXT(paper_order, "status", told.status),
	TEXT(paper_order, "reason", told.reason),
};

static const struct place order_amounts[] = {
	AMOUNT(paper_order, "quote_size", quote_size),
	AMOUNT(paper_order, "base_size", base_size),
	AMOUNT(paper_order, "limit_price", limit_price),
	AMOUNT(paper_order, "reference_price", reference_price),
	AMOUNT(paper_order, "fee_rate", fee_rate),
	AMOUNT(paper_order, "slippage_rate", slippage_rate),
	AMOUNT(paper_order, "base_increment", base_increment),
	AMOUNT(paper_order, "hold", hold),
	AMOUNT(paper_order, "part", part),
	AMOUNT(paper_order, "filled_size", told.filled_size),
	AMOUNT(paper_order, "filled_value", told.filled_value),
	AMOUNT(paper_order, "total_fees", told.total_fees),
};

static const struct place order_numbers[] = {
	AMOUNT(paper_order, "created_at_us", told.created_at_us),
	AMOUNT(paper_order, "updated_at_us", told.updated_at_us),
	AMOUNT(paper_order, "asked_left", asked_left),
	AMOUNT(paper_order, "hidden_left", hidden_left),
};

static const struct place fill_texts[] = {
	TEXT(fill, "entry_id", entry_id),
};

static const struct place fill_amounts[] = {
	AMOUNT(fill, "size", size),
	AMOUNT(fill, "price", price),
	AMOUNT(fill, "value", value),
	AMOUNT(fill, "fee", fee),
};

static const struct place fill_numbers[] = {
	AMOUNT(fill, "at_us", at_us),
	AMOUNT(fill, "seq", venue_seq),
};

/* The three tables that describe one object. */
struct shape {
	const struct place *texts, *amounts, *numbers;
	size_t text_count, amount_count, number_count;
};

static const struct shape order_shape = { order_texts, order_amounts,
	order_numbers, COUNT(order_texts), COUNT(order_amounts),
	COUNT(order_numbers) };
static const struct shape fill_shape = { fill_texts, fill_amounts, fill_numbers,
	COUNT(fill_texts), COUNT(fill_amounts), COUNT(fill_numbers) };

static void
write_shape(struct json_writer *w, const struct shape *s, const void *from)
{
	const char *base = from;
	struct decimal amount;
	int64_t number;

	for (size_t i = 0; i < s->text_count; i++) {
		json_key(w, s->texts[i].key);
		json_string(w, base + s->texts[i].at);
	}
	for (size_t i = 0; i < s->amount_count; i++) {
		memcpy(&amount, base + s->amounts[i].at, sizeof(amount));
		json_key(w, s->amounts[i].key);
		json_amount(w, amount);
	}
	for (size_t i = 0; i < s->number_count; i++) {
		memcpy(&number, base + s->numbers[i].at, sizeof(number));
		json_key(w, s->numbers[i].key);
		json_int(w, number);
	}
}

void
paper_order_write(const struct paper_order *o, struct buffer *out)
{
	struct json_writer w = { .out = out, .numbers = JSON_NUMBERS_STRING };

	json_open(&w, '{');
	write_shape(&w, &order_shape, o);
	json_key(&w, "side");
	json_string(&w, side_name(o->told.side));
	json_key(&w, "has_quote_size");
	json_bool(&w, o->has_quote_size);
	json_key(&w, "fills");
	json_open(&w, '[');
	for (size_t i = 0; i < o->fill_count; i++) {
		json_open(&w, '{');
		write_shape(&w, &fill_shape, &o->fills[i]);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_close(&w, '}');
}

static bool
read_text(const struct json *j, const struct json_token *object,
    const struct place *p, char *base)
{
	const struct json_token *t = json_get(j, object, p->key);

	return t != NULL && json_copy(t, base + p->at, p->size, NULL) == TB_OK;
}

static bool
read_amount(const struct json *j, const struct json_token *object,
    const struct place *p, char *base)
{
	const struct json_token *t = json_get(j, object, p->key);
	struct decimal amount;

	if (t == NULL || json_decimal(t, &amount, NULL) != TB_OK)
		return false;
	memcpy(base + p->at, &amount, sizeof(amount));
	return true;
}

static bool
read_number(const struct json *j, const struct json_token *object,
    const struct place *p, char *base)
{
	const struct json_token *t = json_get(j, object, p->key);
	long long number;
	int64_t value;

	if (t == NULL || json_integer(t, &number, NULL) != TB_OK)
		return false;
	value = number;
	memcpy(base + p->at, &value, sizeof(value));
	return true;
}

static bool
read_shape(const struct json *j, const struct json_token *object,
    const struct shape *s, void *to)
{
	bool good = object->kind == JSON_OBJECT;

	for (size_t i = 0; good && i < s->text_count; i++)
		good = read_text(j, object, &s->texts[i], to);
	for (size_t i = 0; good && i < s->amount_count; i++)
		good = read_amount(j, object, &s->amounts[i], to);
	for (size_t i = 0; good && i < s->number_count; i++)
		good = read_number(j, object, &s->numbers[i], to);
	return good;
}

static bool
read_fills(const struct json *j, const struct json_token *list,
    struct paper_order *o)
{
	const struct json_token *t;
	struct fill *f;

	if (list == NULL || list->kind != JSON_ARRAY ||
	    list->size > PAPER_FILLS_MAX)
		return false;
	for (t = json_first(j, list); t != NULL; t = json_after(j, list, t)) {
		f = &o->fills[o->fill_count++];
		if (!read_shape(j, t, &fill_shape, f))
			return false;
		f->side = o->told.side;
		memcpy(f->venue_trade_id, f->entry_id,
		    sizeof(f->venue_trade_id));
		memcpy(f->order_id, o->told.order_id, sizeof(f->order_id));
		memcpy(f->product_id, o->told.product_id,
		    sizeof(f->product_id));
	}
	return true;
}

enum tb_status
paper_order_read(struct paper_order *o, const char *order_id, char *text,
    size_t len, struct tb_err *err)
{
	struct json_token tokens[TOKENS_MAX];
	const struct json_token *side, *by_quote;
	struct json j;

	*o = (struct paper_order){ 0 };
	assert(strlen(order_id) < sizeof(o->told.order_id));
	memcpy(o->told.order_id, order_id, strlen(order_id) + 1);
	if (json_read(text, len, tokens, COUNT(tokens), &j, err) != TB_OK ||
	    !read_shape(&j, tokens, &order_shape, o))
		goto damaged;
	side = json_get(&j, tokens, "side");
	by_quote = json_get(&j, tokens, "has_quote_size");
	if (side == NULL || by_quote == NULL ||
	    side_parse(side->text, side->len, &o->told.side) != TB_OK ||
	    !product_id_is_valid(o->told.product_id,
		strlen(o->told.product_id)) ||
	    !read_fills(&j, json_get(&j, tokens, "fills"), o))
		goto damaged;
	o->has_quote_size = by_quote->kind == JSON_TRUE;
	o->told.settled = venue_order_is_final(&o->told);
	return TB_OK;
damaged:
	return tb_fail(err, TB_EDISAGREE,
	    "the paper venue's record of order %s is damaged", order_id);
}
