#include "exchange/show.h"

#include <stdio.h>
#include <string.h>

#include "base/instant.h"
#include "exchange/draft.h"

#define SINCE "2023-01-01T00:00:00Z" /* products, accounts */

/* A text that is not set: "", or null on request. */
static void
put_unset(const struct exchange *x, struct json_writer *w, const char *name)
{
	if (x->set.nulls)
		put_null(w, name);
	else
		put_text(w, name, "");
}

static void
put_extra(const struct exchange *x, struct json_writer *w)
{
	if (!x->set.extra_members)
		return;
	put_open(w, "brand_new_member", '{');
	put_open(w, "list", '[');
	json_int(w, 1);
	json_null(w);
	json_close(w, ']');
	json_close(w, '}');
}

/* An amount of an order, which may be "" when it is 0. */
static void
put_figure(const struct exchange *x, struct json_writer *w, const char *name,
    struct decimal d)
{
	if (x->set.empty_amounts && decimal_sign(d) == 0)
		put_text(w, name, "");
	else
		put_amount(w, name, d);
}

static void
put_money(struct json_writer *w, const char *name, struct decimal d,
    const char *currency)
{
	put_open(w, name, '{');
	put_amount(w, "value", d);
	put_text(w, "currency", currency);
	json_close(w, '}');
}

static void
put_rules(const struct product *rules, struct json_writer *w)
{
	put_amount(w, "base_increment", rules->base_increment);
	put_amount(w, "quote_increment", rules->quote_increment);
	put_amount(w, "price_increment", rules->price_increment);
	put_amount(w, "base_min_size", rules->base_min_size);
	put_amount(w, "base_max_size", rules->base_max_size);
	put_amount(w, "quote_min_size", rules->quote_min_size);
	put_amount(w, "quote_max_size", rules->quote_max_size);
	put_bool(w, "cancel_only", rules->cancel_only);
	put_bool(w, "limit_only", rules->limit_only);
	put_bool(w, "post_only", rules->post_only);
	put_bool(w, "trading_disabled", rules->trading_disabled);
	put_bool(w, "auction_mode", rules->auction_mode);
}

static void
put_names(const struct product *rules, struct json_writer *w)
{
	char base[CURRENCY_MAX], quote[CURRENCY_MAX];

	product_base(rules->product_id, base);
	product_quote(rules->product_id, quote);
	put_text(w, "base_name", base);
	put_text(w, "quote_name", quote);
	put_text(w, "base_currency_id", base);
	put_text(w, "quote_currency_id", quote);
	put_text(w, "base_display_symbol", base);
	put_text(w, "quote_display_symbol", quote);
	put_text(w, "display_name", rules->product_id);
}

static void
put_aliases(struct exchange *x, const struct listing *l, struct json_writer *w)
{
	put_text(w, "alias", l->alias);
	put_open(w, "alias_to", '[');
	for (size_t i = 0; i < x->market.count; i++)
		if (strcmp(x->market.listings[i].alias, l->rules.product_id) ==
		    0)
			json_string(w, x->market.listings[i].rules.product_id);
	json_close(w, ']');
}

void
show_product(struct exchange *x, struct listing *l, bool with_tradability,
    struct json_writer *w)
{
	struct decimal price = market_price(market_source(&x->market, l),
	    instant_floor_s(exchange_now_us(x)));

	json_open(w, '{');
	put_text(w, "product_id", l->rules.product_id);
	if (decimal_sign(price) > 0)
		put_amount(w, "price", price);
	else
		put_text(w, "price", "");
	put_text(w, "price_percentage_change_24h", "0.5128");
	put_text(w, "volume_24h", "8123.40112");
	put_text(w, "volume_percentage_change_24h", "-3.21");
	put_text(w, "approximate_quote_24h_volume", "528021072.80");
	put_rules(&l->rules, w);
	put_names(&l->rules, w);
	put_bool(w, "watched", false);
	put_bool(w, "is_disabled", l->is_disabled);
	put_bool(w, "new", false);
	put_text(w, "status", l->status);
	put_text(w, "product_type", "SPOT");
	put_null(w, "fcm_trading_session_details");
	put_text(w, "mid_market_price", "");
	put_aliases(x, l, w);
	put_bool(w, "view_only", with_tradability && l->view_only);
	put_text(w, "product_venue", "CBE");
	put_text(w, "new_at", SINCE);
	put_extra(x, w);
	json_close(w, '}');
}

void
show_account(const struct exchange *x, const struct account *a,
    struct json_writer *w)
{
	bool is_fiat =
	    strcmp(a->currency, "USD") == 0 || strcmp(a->currency, "EUR") == 0;
	char name[64], portfolio[DIGEST_UUID];

	(void)snprintf(name, sizeof(name), is_fiat ? "Cash (%s)" : "%s Wallet",
	    a->currency);
	exchange_portfolio(x, portfolio);
	json_open(w, '{');
	put_text(w, "uuid", a->uuid);
	put_text(w, "name", name);
	put_text(w, "currency", a->currency);
	put_money(w, "available_balance", account_available(a), a->currency);
	put_bool(w, "default", is_fiat);
	put_bool(w, "active", true);
	put_text(w, "created_at", SINCE);
	put_time(w, "updated_at", a->updated_us);
	put_null(w, "deleted_at");
	put_text(w, "type",
	    is_fiat ? "ACCOUNT_TYPE_FIAT" : "ACCOUNT_TYPE_CRYPTO");
	put_bool(w, "ready", true);
	put_money(w, "hold", a->hold, a->currency);
	put_text(w, "retail_portfolio_id", portfolio);
	put_text(w, "platform", "ACCOUNT_PLATFORM_CONSUMER");
	put_extra(x, w);
	json_close(w, '}');
}

bool
show_has_order(const struct exchange *x, const struct order *o)
{
	return o->created_us + x->set.visibility_ms * 1000 <=
	    exchange_now_us(x);
}

bool
show_has_fill(const struct exchange *x, const struct order *o,
    const struct execution *e)
{
	return show_has_order(x, o) &&
	    e->at_us + x->set.fills_lag_ms * 1000 <= exchange_now_us(x);
}

/* The figures of an order: fees may come late. */
static void
put_figures(const struct exchange *x, const struct order *o, bool is_true,
    struct json_writer *w)
{
	struct decimal average = DECIMAL_ZERO, fees = o->fees, total;
	char count[24];

	if (!is_true &&
	    o->updated_us + x->set.fee_lag_ms * 1000 > exchange_now_us(x))
		fees = DECIMAL_ZERO;
	if (decimal_sign(o->filled_base) > 0)
		average = order_over(o->filled_value, o->filled_base);
	total = o->asked.side == SIDE_BUY ? order_plus(o->filled_value, fees) :
					    order_minus(o->filled_value, fees);
	if (!is_true && o->execution_count > 0)
		total = order_plus(total, x->set.sum_off);
	(void)snprintf(count, sizeof(count), "%zu", o->execution_count);
	put_figure(x, w, "filled_size", o->filled_base);
	put_figure(x, w, "average_filled_price", average);
	put_text(w, "fee", is_true ? "" : x->set.fee);
	put_text(w, "number_of_fills", count);
	put_figure(x, w, "filled_value", o->filled_value);
	put_figure(x, w, "total_fees", fees);
	put_figure(x, w, "total_value_after_fees", total);
	put_figure(x, w, "outstanding_hold_amount", o->hold);
}

static void
put_completion(const struct exchange *x, const struct order *o,
    struct json_writer *w)
{
	struct decimal percent = DECIMAL_OF(100);

	if (o->status != ORDER_FILLED) {
		struct decimal done =
		    o->asked.in_quote ? o->filled_value : o->filled_base;
		struct decimal left = order_left(o, x->set.taker_rate);

		percent = order_times(DECIMAL_OF(100),
		    order_over(done, order_plus(done, left)));
		(void)decimal_round(percent, 2, DECIMAL_DOWN, &percent);
	}
	put_amount(w, "completion_percentage", percent);
}

static const char *
trigger_status(const struct order *o)
{
	if (!order_kind_is_stop(o->asked.kind))
		return "INVALID_ORDER_TYPE";
	return o->was_triggered ? "STOP_TRIGGERED" : "STOP_PENDING";
}

static const char *
cancel_message(const struct exchange *x, const struct order *o)
{
	if (x->set.cancel_message[0] != '\0')
		return x->set.cancel_message;
	if (o->status == ORDER_EXPIRED)
		return "Order expired";
	if (o->status != ORDER_CANCELLED)
		return "";
	return order_kind_rests(o->asked.kind) ? "User requested cancel" :
						 "Immediate or cancel order";
}

static void
put_edits(const struct order *o, struct json_writer *w)
{
	put_open(w, "edit_history", '[');
	for (size_t i = 0; i < o->edit_count; i++) {
		json_open(w, '{');
		put_amount(w, "price", o->edits[i].price);
		put_amount(w, "size", o->edits[i].size);
		put_time(w, "replace_accept_timestamp", o->edits[i].at_us);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void
put_course(const struct exchange *x, const struct order *o, bool is_true,
    struct json_writer *w)
{
	const char *status = order_status_name(o->status);
	bool has_failed = o->status == ORDER_FAILED;

	if (!is_true && x->set.status_word[0] != '\0')
		status = x->set.status_word;
	put_text(w, "status", status);
	put_bool(w, "pending_cancel", o->status == ORDER_CANCEL_QUEUED);
	put_bool(w, "settled",
	    o->status == ORDER_FILLED &&
		o->done_us + x->set.settle_lag_ms * 1000 <= exchange_now_us(x));
	put_text(w, "trigger_status", trigger_status(o));
	put_text(w, "reject_reason",
	    has_failed ? "HOLD_FAILURE" : "REJECT_REASON_UNSPECIFIED");
	put_text(w, "reject_message", has_failed ? "hold failed" : "");
	put_text(w, "cancel_message", cancel_message(x, o));
	put_time(w, "created_time", o->created_us);
	put_time(w, "last_update_time", o->updated_us);
	if (o->execution_count > 0)
		put_time(w, "last_fill_time",
		    o->executions[o->execution_count - 1].at_us);
	else
		put_null(w, "last_fill_time");
}

void
show_order(const struct exchange *x, const struct order *o, bool is_true,
    struct json_writer *w)
{
	const struct draft *d = &o->asked;
	char portfolio[DIGEST_UUID], user[DIGEST_UUID];

	exchange_portfolio(x, portfolio);
	exchange_user(x, user);
	json_open(w, '{');
	put_text(w, "order_id", o->order_id);
	put_text(w, "product_id", d->listing->rules.product_id);
	put_text(w, "user_id", user);
	json_key(w, "order_configuration");
	draft_write(d, w);
	put_text(w, "side", side_name(d->side));
	put_text(w, "client_order_id", d->client_order_id);
	put_text(w, "time_in_force", order_kind_force(d->kind));
	put_text(w, "order_type", order_kind_type(d->kind));
	put_text(w, "product_type", "SPOT");
	put_text(w, "order_placement_source", "RETAIL_ADVANCED");
	put_completion(x, o, w);
	put_figures(x, o, is_true, w);
	put_course(x, o, is_true, w);
	put_bool(w, "size_in_quote", d->in_quote);
	put_bool(w, "size_inclusive_of_fees", d->in_quote);
	put_bool(w, "is_liquidation", false);
	put_edits(o, w);
	put_unset(x, w, "leverage");
	put_text(w, "margin_type", "UNKNOWN_MARGIN_TYPE");
	put_text(w, "retail_portfolio_id", portfolio);
	put_unset(x, w, "originating_order_id");
	put_unset(x, w, "attached_order_id");
	put_null(w, "attached_order_configuration");
	put_extra(x, w);
	json_close(w, '}');
}

void
show_fill(const struct exchange *x, const struct fill_row *row,
    struct json_writer *w)
{
	const struct draft *d = &row->order->asked;
	const struct execution *e = row->execution;
	bool is_fill = strcmp(row->type, "FILL") == 0;
	char portfolio[DIGEST_UUID], user[DIGEST_UUID], entry[DIGEST_HEX];

	exchange_portfolio(x, portfolio);
	exchange_user(x, user);
	memcpy(entry, e->entry_id, sizeof(entry));
	if (!is_fill) { /* another row of the same trade has its own id */
		char name[DIGEST_HEX + 16];
		int len = snprintf(name, sizeof(name), "%s %s", row->type,
		    e->entry_id);

		digest_of(name, (size_t)len, entry);
	}
	json_open(w, '{');
	put_text(w, "entry_id", entry);
	put_text(w, "trade_id", e->trade_id);
	put_text(w, "order_id", row->order->order_id);
	put_time(w, "trade_time", e->at_us);
	put_text(w, "trade_type", row->type);
	put_amount(w, "price", e->price);
	put_amount(w, "size", d->in_quote ? e->quote : e->base);
	put_amount(w, "commission", e->commission);
	put_text(w, "product_id", d->listing->rules.product_id);
	put_time(w, "sequence_timestamp", e->at_us);
	put_text(w, "liquidity_indicator", e->is_maker ? "MAKER" : "TAKER");
	put_bool(w, "size_in_quote", d->in_quote);
	put_text(w, "user_id", user);
	put_text(w, "side", side_name(d->side));
	put_text(w, "retail_portfolio_id", portfolio);
	put_text(w, "fillSource", "FILL_SOURCE_CLOB");
	put_extra(x, w);
	json_close(w, '}');
}

static void
put_side(const struct levels *levels, size_t limit, const char *name,
    struct json_writer *w)
{
	put_open(w, name, '[');
	for (size_t i = 0; i < levels->count && i < limit; i++) {
		json_open(w, '{');
		put_amount(w, "price", levels->rows[i].price);
		put_amount(w, "size", levels->rows[i].size);
		json_close(w, '}');
	}
	json_close(w, ']');
}

void
show_book(struct exchange *x, struct listing *l, size_t limit,
    struct json_writer *w)
{
	int64_t now_us = exchange_now_us(x);
	struct listing *source = market_source(&x->market, l);
	struct levels bids, asks;

	market_levels(source, SIDE_SELL, instant_floor_s(now_us), &bids);
	market_levels(source, SIDE_BUY, instant_floor_s(now_us), &asks);
	json_open(w, '{');
	put_text(w, "product_id", l->rules.product_id);
	put_side(&bids, limit, "bids", w);
	put_side(&asks, limit, "asks", w);
	put_time(w, "time", now_us);
	json_close(w, '}');
}
