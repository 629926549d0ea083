/*
 * control: GET /_control tells the true state, POST /_control changes it:
 *
 *	{"reset": true}			settings and faults as at birth
 *	{"empty": true}			no orders, no money
 *	{"set": {"fill_delay_ms": 500}}	setting.h
 *	{"fault": "lose_answer,path=/orders,times=1"}	fault.h; or an array
 *	{"forget_faults": true}
 *	{"now": "2026-03-02T14:05:09Z"}	the clock stands there
 *	{"advance_ms": 1500}		it goes on by so much, standing or not
 *	{"price": {"BTC-USD": "65000.01"}}
 *	{"book": {"BTC-USD": {"bids": [["64999.99", "0.4"]], "asks": []}}}
 *	{"product": {"BTC-USD": {"trading_disabled": true}}}
 *	{"deposit": {"currency": "USD", "amount": "-5"}}
 *
 * Several at once are done in this order.
 */

#include <stdio.h>
#include <string.h>

#include "base/instant.h"
#include "exchange/match.h"
#include "exchange/route.h"
#include "exchange/show.h"

static enum tb_status
add_faults(struct exchange *x, const struct request *r,
    const struct json_token *t, struct tb_err *err)
{
	char rule[4 * FAULT_TEXT_MAX];
	const struct json_token *one = t;
	enum tb_status status = TB_OK;

	if (t->kind == JSON_ARRAY)
		one = json_first(&r->json, t);
	while (one != NULL && status == TB_OK) {
		status = json_copy(one, rule, sizeof(rule), err);
		if (status == TB_OK)
			status = fault_add(&x->faults, rule, err);
		if (t->kind != JSON_ARRAY)
			break;
		one = json_after(&r->json, t, one);
	}
	return status;
}

static enum tb_status
set_now(struct exchange *x, const struct request *r, const struct json_token *t,
    struct tb_err *err)
{
	(void)r;
	if (t->kind != JSON_STRING ||
	    instant_parse(t->text, t->len, &x->clock_us) != TB_OK)
		return tb_fail(err, TB_EINVAL, "now: no RFC 3339 time");
	x->stands_still = true;
	return TB_OK;
}

static enum tb_status
set_advance(struct exchange *x, const struct request *r,
    const struct json_token *t, struct tb_err *err)
{
	long long ms = 0;
	enum tb_status status = json_integer(t, &ms, err);

	(void)r;
	x->clock_us += ms * 1000;
	return status;
}

/* The product that a key of the object names. */
static enum tb_status
find(struct exchange *x, const struct json_token *key, struct listing **out,
    struct tb_err *err)
{
	char id[PRODUCT_ID_MAX];
	enum tb_status status = json_copy(key, id, sizeof(id), err);

	return status == TB_OK ? market_add(&x->market, id, out, err) : status;
}

static enum tb_status
set_price(struct listing *l, const struct request *r,
    const struct json_token *t, struct tb_err *err)
{
	(void)r;
	l->has_book = false;
	return json_decimal(t, &l->fixed, err);
}

static enum tb_status
read_levels(const struct request *r, const struct json_token *t,
    struct levels *out, struct tb_err *err)
{
	const struct json_token *row;
	enum tb_status status = TB_OK;

	out->count = 0;
	if (t == NULL)
		return TB_OK;
	for (row = json_first(&r->json, t); row != NULL && status == TB_OK;
	     row = json_after(&r->json, t, row)) {
		struct level *level = &out->rows[out->count];

		if (row->kind != JSON_ARRAY || row->size != 2 ||
		    out->count == LEVELS_MAX)
			return tb_fail(err, TB_EINVAL,
			    "book: expected [price, size] up to %d times",
			    LEVELS_MAX);
		status = json_decimal(row + 1, &level->price, err);
		if (status == TB_OK)
			status = json_decimal(row + 2, &level->size, err);
		out->count++;
	}
	return status;
}

static enum tb_status
set_book(struct listing *l, const struct request *r, const struct json_token *t,
    struct tb_err *err)
{
	enum tb_status status =
	    read_levels(r, body_get(r, t, "bids"), &l->bids, err);

	l->has_book = true;
	if (status == TB_OK)
		status = read_levels(r, body_get(r, t, "asks"), &l->asks, err);
	return status;
}

static enum tb_status
set_rule(struct listing *l, const struct json_token *key, struct tb_err *err)
{
	const struct {
		const char *name;
		bool *flag;
		struct decimal *amount;
	} rules[] = {
		{ "is_disabled", &l->is_disabled, NULL },
		{ "view_only", &l->view_only, NULL },
		{ "trading_disabled", &l->rules.trading_disabled, NULL },
		{ "cancel_only", &l->rules.cancel_only, NULL },
		{ "limit_only", &l->rules.limit_only, NULL },
		{ "post_only", &l->rules.post_only, NULL },
		{ "auction_mode", &l->rules.auction_mode, NULL },
		{ "base_increment", NULL, &l->rules.base_increment },
		{ "quote_increment", NULL, &l->rules.quote_increment },
		{ "price_increment", NULL, &l->rules.price_increment },
		{ "base_min_size", NULL, &l->rules.base_min_size },
		{ "base_max_size", NULL, &l->rules.base_max_size },
		{ "quote_min_size", NULL, &l->rules.quote_min_size },
		{ "quote_max_size", NULL, &l->rules.quote_max_size },
	};

	if (json_is(key, "status"))
		return json_copy(key + 1, l->status, sizeof(l->status), err);
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (!json_is(key, rules[i].name))
			continue;
		if (rules[i].amount != NULL)
			return json_decimal(key + 1, rules[i].amount, err);
		*rules[i].flag = key[1].kind == JSON_TRUE;
		return TB_OK;
	}
	return tb_fail(err, TB_EINVAL, "a product has no %.*s", (int)key->len,
	    key->text);
}

static enum tb_status
set_product(struct listing *l, const struct request *r,
    const struct json_token *t, struct tb_err *err)
{
	const struct json_token *key;
	enum tb_status status = TB_OK;

	for (key = json_first(&r->json, t); key != NULL && status == TB_OK;
	     key = json_after(&r->json, t, key))
		status = set_rule(l, key, err);
	return status;
}

static enum tb_status
deposit(struct exchange *x, const struct request *r, const struct json_token *t,
    struct tb_err *err)
{
	struct movement m = { .at_us = exchange_now_us(x) };
	const struct json_token *amount = body_get(r, t, "amount");
	struct account *account;

	if (amount == NULL ||
	    !body_text(r, t, "currency", m.currency, sizeof(m.currency)) ||
	    json_decimal(amount, &m.amount, err) != TB_OK ||
	    x->accounts.movement_count == MOVEMENTS_MAX)
		return tb_fail(err, TB_EINVAL, "deposit: currency, amount");
	account = account_get(&x->accounts, x->seed, m.currency);
	if (account == NULL)
		return tb_fail(err, TB_EINVAL, "too many accounts");
	exchange_id(x, m.id);
	account_add(account, m.amount, m.at_us);
	x->accounts.movements[x->accounts.movement_count++] = m;
	return TB_OK;
}

/* A member that concerns all, and one that concerns products. */
struct command {
	const char *name;
	enum tb_status (*all)(struct exchange *x, const struct request *r,
	    const struct json_token *t, struct tb_err *err);
	enum tb_status (*product)(struct listing *l, const struct request *r,
	    const struct json_token *t, struct tb_err *err);
};

static enum tb_status
reset(struct exchange *x, const struct request *r, const struct json_token *t,
    struct tb_err *err)
{
	(void)r;
	(void)t;
	(void)err;
	settings_init(&x->set);
	x->faults.count = 0;
	return TB_OK;
}

static enum tb_status
empty(struct exchange *x, const struct request *r, const struct json_token *t,
    struct tb_err *err)
{
	(void)r;
	(void)t;
	(void)err;
	orders_release(&x->orders);
	x->accounts.count = 0;
	x->accounts.movement_count = 0;
	return TB_OK;
}

static enum tb_status
forget_faults(struct exchange *x, const struct request *r,
    const struct json_token *t, struct tb_err *err)
{
	(void)r;
	(void)t;
	(void)err;
	x->faults.count = 0;
	return TB_OK;
}

static enum tb_status
set(struct exchange *x, const struct request *r, const struct json_token *t,
    struct tb_err *err)
{
	return settings_read(&x->set, &r->json, t, err);
}

static enum tb_status
run(struct exchange *x, const struct request *r, const struct command *command,
    const struct json_token *t, struct tb_err *err)
{
	const struct json_token *key;
	enum tb_status status = TB_OK;

	if (command->all != NULL)
		return command->all(x, r, t, err);
	for (key = json_first(&r->json, t); key != NULL && status == TB_OK;
	     key = json_after(&r->json, t, key)) {
		struct listing *l = NULL;

		status = find(x, key, &l, err);
		if (status == TB_OK)
			status = command->product(l, r, key + 1, err);
	}
	return status;
}

void
serve_control(struct exchange *x, struct request *r)
{
	static const struct command commands[] = {
		{ "reset", reset, NULL },
		{ "empty", empty, NULL },
		{ "set", set, NULL },
		{ "forget_faults", forget_faults, NULL },
		{ "fault", add_faults, NULL },
		{ "now", set_now, NULL },
		{ "advance_ms", set_advance, NULL },
		{ "price", NULL, set_price },
		{ "book", NULL, set_book },
		{ "product", NULL, set_product },
		{ "deposit", deposit, NULL },
	};
	struct tb_err err = { 0 };
	enum tb_status status = TB_OK;
	size_t done = 0;

	if (!body_read(r))
		return;
	for (size_t i = 0;
	     status == TB_OK && i < sizeof(commands) / sizeof(commands[0]);
	     i++) {
		const struct json_token *t =
		    body_get(r, r->json.tokens, commands[i].name);

		if (t == NULL)
			continue;
		status = run(x, r, &commands[i], t, &err);
		done++;
	}
	match_advance(x);
	if (status == TB_OK && done != r->json.tokens[0].size)
		status = tb_fail(&err, TB_EINVAL, "a member is not known");
	if (status != TB_OK)
		reply_error(r, 400, "INVALID_ARGUMENT", err.msg);
	else
		serve_state(x, r);
}

static void
put_true_order(const struct exchange *x, const struct order *o,
    struct json_writer *w)
{
	json_open(w, '{');
	json_key(w, "order");
	show_order(x, o, true, w);
	put_open(w, "executions", '[');
	for (size_t i = 0; i < o->execution_count; i++) {
		const struct execution *e = &o->executions[i];

		json_open(w, '{');
		put_text(w, "entry_id", e->entry_id);
		put_text(w, "trade_id", e->trade_id);
		put_amount(w, "price", e->price);
		put_amount(w, "base", e->base);
		put_amount(w, "quote", e->quote);
		put_amount(w, "commission", e->commission);
		json_close(w, '}');
	}
	json_close(w, ']');
	json_close(w, '}');
}

void
serve_state(struct exchange *x, struct request *r)
{
	struct json_writer *w;

	r->json_out.numbers = JSON_NUMBERS_STRING;
	w = reply_begin(r);
	json_open(w, '{');
	put_time(w, "now", exchange_now_us(x));
	json_key(w, "settings");
	settings_write(&x->set, w);
	put_open(w, "faults", '[');
	for (size_t i = 0; i < x->faults.count; i++) {
		json_open(w, '{');
		put_text(w, "kind", fault_name(x->faults.rules[i].kind));
		put_int(w, "used", x->faults.rules[i].used);
		json_close(w, '}');
	}
	json_close(w, ']');
	put_open(w, "accounts", '[');
	for (size_t i = 0; i < x->accounts.count; i++)
		show_account(x, &x->accounts.rows[i], w);
	json_close(w, ']');
	put_open(w, "orders", '[');
	for (size_t i = 0; i < x->orders.count; i++)
		put_true_order(x, x->orders.rows[i], w);
	json_close(w, ']');
	json_close(w, '}');
}
