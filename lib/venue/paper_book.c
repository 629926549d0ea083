#include "venue/paper_book.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/instant.h"
#include "io/json.h"

#define BALANCE_TOKENS 8
#define INSTANT_FIRST INT64_C(-62135596800000000) /* 0001-01-01 */

/* Keys are ours and bounded: a cut one would be a bug. */
static void
key_of(char key[static PAPER_KEY_MAX], const char *fmt, const char *first,
    const char *second)
{
	int len = snprintf(key, PAPER_KEY_MAX, "%s/%s%s%s", fmt, first,
	    second == NULL ? "" : "/", second == NULL ? "" : second);

	assert(len > 0 && len < PAPER_KEY_MAX);
}

/* A key that sorts by time. */
static void
key_at(char key[static PAPER_KEY_MAX], const char *kind, int64_t at_us,
    const char *second)
{
	char at[INSTANT_STRLEN];

	instant_format(at_us < INSTANT_FIRST ? INSTANT_FIRST : at_us, at);
	key_of(key, kind, at, second);
}

static enum tb_status
put_buffer(const struct paper_shelf *s, const char *key, struct buffer *value,
    struct tb_err *err)
{
	enum tb_status status = buffer_status(value, err);

	if (status == TB_OK)
		status = s->put(s->shelf, key, buffer_string(value), err);
	buffer_release(value);
	return status;
}

/* ------------------------------------------------------------ orders -- */

enum tb_status
paper_book_order(const struct paper_shelf *s, const char *order_id,
    struct paper_order *out, struct tb_err *err)
{
	char key[PAPER_KEY_MAX];
	struct buffer text;
	enum tb_status status;

	if (sizeof("order/") + strlen(order_id) > PAPER_KEY_MAX)
		return tb_fail(err, TB_ENOENT, "no order %.40s...", order_id);
	key_of(key, "order", order_id, NULL);
	buffer_init(&text, PAPER_VALUE_MAX);
	status = s->get(s->shelf, key, &text, err);
	if (status == TB_ENOENT)
		status = tb_fail(err, TB_ENOENT,
		    "the paper venue has no order %s", order_id);
	if (status == TB_OK)
		status = buffer_status(&text, err);
	if (status == TB_OK)
		status =
		    paper_order_read(out, order_id, text.data, text.len, err);
	buffer_release(&text);
	return status;
}

enum tb_status
paper_book_save(const struct paper_shelf *s, const struct paper_order *o,
    struct tb_err *err)
{
	char key[PAPER_KEY_MAX];
	struct buffer text;

	key_of(key, "order", o->told.order_id, NULL);
	buffer_init(&text, PAPER_VALUE_MAX);
	paper_order_write(o, &text);
	return put_buffer(s, key, &text, err);
}

enum tb_status
paper_book_place(const struct paper_shelf *s, const struct paper_order *o,
    struct tb_err *err)
{
	char key[PAPER_KEY_MAX];
	enum tb_status status = paper_book_save(s, o, err);

	if (status != TB_OK)
		return status;
	key_at(key, "when", o->told.created_at_us, o->told.order_id);
	return s->put(s->shelf, key, "", err);
}

/* ------------------------------------------------------------- counts -- */

/* 0 where nothing was counted yet. */
static enum tb_status
get_count(const struct paper_shelf *s, const char *key, int64_t *out,
    struct tb_err *err)
{
	struct buffer text;
	enum tb_status status;

	buffer_init(&text, PAPER_VALUE_MAX);
	status = s->get(s->shelf, key, &text, err);
	if (status == TB_OK)
		status = buffer_status(&text, err);
	*out = strtoll(buffer_string(&text), NULL, 10);
	buffer_release(&text);
	return status == TB_ENOENT ? TB_OK : status;
}

static enum tb_status
put_count(const struct paper_shelf *s, const char *key, int64_t count,
    struct tb_err *err)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%" PRId64, count);
	return s->put(s->shelf, key, text, err);
}

enum tb_status
paper_book_flows_until(const struct paper_shelf *s, int64_t *out,
    struct tb_err *err)
{
	return get_count(s, "count/flows", out, err);
}

enum tb_status
paper_book_set_flows_until(const struct paper_shelf *s, int64_t flow_id,
    struct tb_err *err)
{
	return put_count(s, "count/flows", flow_id, err);
}

/* -------------------------------------------------------------- fills -- */

enum tb_status
paper_book_next_fill(const struct paper_shelf *s, int64_t *out,
    struct tb_err *err)
{
	enum tb_status status = get_count(s, "count/fills", out, err);

	(*out)++;
	return status;
}

enum tb_status
paper_book_fill(const struct paper_shelf *s, const struct paper_order *o,
    struct tb_err *err)
{
	const struct fill *f;
	char key[PAPER_KEY_MAX], seq[24], value[ORDER_ID_MAX + 24];
	enum tb_status status;

	assert(o->fill_count > 0);
	f = &o->fills[o->fill_count - 1];
	(void)snprintf(seq, sizeof(seq), "%019" PRId64, f->venue_seq);
	(void)snprintf(value, sizeof(value), "%s %zu", o->told.order_id,
	    o->fill_count - 1);
	key_at(key, "fill", f->at_us, seq);
	status = s->put(s->shelf, key, value, err);
	if (status == TB_OK)
		status = put_count(s, "count/fills", f->venue_seq, err);
	return status;
}

/* ---------------------------------------------------------- balances -- */

static enum tb_status
read_balance(struct buffer *text, struct paper_balance *out, struct tb_err *err)
{
	struct json_token tokens[BALANCE_TOKENS];
	const struct json_token *total, *hold;
	enum tb_status status = buffer_status(text, err);
	struct json j;

	if (status != TB_OK)
		return status;
	if (text->data == NULL ||
	    json_read(text->data, text->len, tokens, BALANCE_TOKENS, &j, err) !=
		TB_OK ||
	    tokens[0].kind != JSON_OBJECT ||
	    (total = json_get(&j, tokens, "total")) == NULL ||
	    (hold = json_get(&j, tokens, "hold")) == NULL ||
	    json_decimal(total, &out->total, err) != TB_OK ||
	    json_decimal(hold, &out->hold, err) != TB_OK)
		return tb_fail(err, TB_EDISAGREE,
		    "the paper venue's balance of %s is damaged",
		    out->currency);
	return TB_OK;
}

enum tb_status
paper_book_balance(const struct paper_shelf *s, const char *currency,
    struct paper_balance *out, struct tb_err *err)
{
	char key[PAPER_KEY_MAX];
	struct buffer text;
	enum tb_status status;

	*out = (struct paper_balance){ 0 };
	(void)snprintf(out->currency, sizeof(out->currency), "%s", currency);
	key_of(key, "balance", currency, NULL);
	buffer_init(&text, PAPER_VALUE_MAX);
	status = s->get(s->shelf, key, &text, err);
	if (status == TB_OK)
		status = read_balance(&text, out, err);
	buffer_release(&text);
	return status == TB_ENOENT ? TB_OK : status;
}

enum tb_status
paper_book_move(const struct paper_shelf *s, const char *currency,
    struct decimal total, struct decimal hold, struct tb_err *err)
{
	struct json_writer w = { .numbers = JSON_NUMBERS_STRING };
	char key[PAPER_KEY_MAX];
	struct paper_balance b;
	struct buffer text;
	enum tb_status status;

	status = paper_book_balance(s, currency, &b, err);
	if (status != TB_OK)
		return status;
	if (decimal_add(b.total, total, &b.total) != TB_OK ||
	    decimal_add(b.hold, hold, &b.hold) != TB_OK)
		return tb_fail(err, TB_ERANGE,
		    "the paper venue cannot hold so much %s", currency);
	key_of(key, "balance", currency, NULL);
	buffer_init(&text, PAPER_VALUE_MAX);
	w.out = &text;
	json_open(&w, '{');
	json_key(&w, "total");
	json_amount(&w, b.total);
	json_key(&w, "hold");
	json_amount(&w, b.hold);
	json_close(&w, '}');
	return put_buffer(s, key, &text, err);
}

/* TB_OK it was credited before; TB_ENOENT not yet. */
static enum tb_status
find_flow(const struct paper_shelf *s, const char *key, struct tb_err *err)
{
	struct buffer text;
	enum tb_status status;

	buffer_init(&text, PAPER_VALUE_MAX);
	status = s->get(s->shelf, key, &text, err);
	buffer_release(&text);
	return status;
}

enum tb_status
paper_book_credit(const struct paper_shelf *s, const struct paper_flow *flow,
    struct tb_err *err)
{
	char key[PAPER_KEY_MAX], id[24], amount[DECIMAL_STRLEN];
	enum tb_status status;

	(void)snprintf(id, sizeof(id), "%" PRId64, flow->flow_id);
	key_of(key, "flow", id, NULL);
	status = find_flow(s, key, err);
	if (status != TB_ENOENT)
		return status;
	status =
	    paper_book_move(s, flow->currency, flow->amount, DECIMAL_ZERO, err);
	if (status != TB_OK)
		return status;
	decimal_format(flow->amount, amount);
	return s->put(s->shelf, key, amount, err);
}

/* -------------------------------------------------------------- walks -- */

/* The next key that begins with kind and a slash; its value into *value. */
static enum tb_status
walk(const struct paper_shelf *s, const char *kind,
    char key[static PAPER_KEY_MAX], struct buffer *value, struct tb_err *err)
{
	size_t len = strlen(kind);
	enum tb_status status = s->next(s->shelf, key, key, value, err);

	if (status != TB_OK)
		return status;
	if (strncmp(key, kind, len) != 0 || key[len] != '/')
		return TB_END;
	return buffer_status(value, err);
}

enum tb_status
paper_book_next_order(const struct paper_shelf *s, int64_t since_us,
    char key[static PAPER_KEY_MAX], struct paper_order *out, struct tb_err *err)
{
	struct buffer value;
	enum tb_status status;

	if (key[0] == '\0')
		key_at(key, "when", since_us, NULL);
	buffer_init(&value, PAPER_VALUE_MAX);
	status = walk(s, "when", key, &value, err);
	buffer_release(&value);
	if (status != TB_OK)
		return status;
	return paper_book_order(s, strrchr(key, '/') + 1, out, err);
}

static enum tb_status
damaged(struct tb_err *err)
{
	return tb_fail(err, TB_EDISAGREE,
	    "the paper venue's list of fills is damaged");
}

/* "<order id> <n>" */
static enum tb_status
read_fill(const struct paper_shelf *s, const char *text, struct fill *out,
    struct tb_err *err)
{
	char order_id[ORDER_ID_MAX];
	struct paper_order o;
	enum tb_status status;
	size_t n, len = strcspn(text, " ");
	char *end = NULL;

	if (len >= sizeof(order_id) || text[len] == '\0')
		return damaged(err);
	memcpy(order_id, text, len);
	order_id[len] = '\0';
	n = strtoul(text + len + 1, &end, 10);
	if (*end != '\0')
		return damaged(err);
	status = paper_book_order(s, order_id, &o, err);
	if (status == TB_OK && n >= o.fill_count)
		status = tb_fail(err, TB_EDISAGREE,
		    "the paper venue's order %s has lost a fill", order_id);
	if (status == TB_OK)
		*out = o.fills[n];
	return status;
}

enum tb_status
paper_book_next_fill_since(const struct paper_shelf *s, int64_t since_us,
    char key[static PAPER_KEY_MAX], struct fill *out, struct tb_err *err)
{
	struct buffer value;
	enum tb_status status;

	if (key[0] == '\0')
		key_at(key, "fill", since_us, NULL);
	buffer_init(&value, PAPER_VALUE_MAX);
	status = walk(s, "fill", key, &value, err);
	if (status == TB_OK)
		status = read_fill(s, buffer_string(&value), out, err);
	buffer_release(&value);
	return status;
}

enum tb_status
paper_book_next_balance(const struct paper_shelf *s,
    char key[static PAPER_KEY_MAX], struct paper_balance *out,
    struct tb_err *err)
{
	struct buffer value;
	enum tb_status status;

	if (key[0] == '\0')
		key_of(key, "balance", "", NULL);
	buffer_init(&value, PAPER_VALUE_MAX);
	status = walk(s, "balance", key, &value, err);
	if (status == TB_OK) {
		*out = (struct paper_balance){ 0 };
		(void)snprintf(out->currency, sizeof(out->currency), "%s",
		    strchr(key, '/') + 1);
		status = read_balance(&value, out, err);
	}
	buffer_release(&value);
	return status;
}
