#include "coinbase/told.h"

#include <stdio.h>
#include <string.h>

#include "base/instant.h"
#include "coinbase/told_value.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ------------------------------------------------------- products, candles */

enum tb_status
told_product(const struct json *j, const struct json_token *t,
    struct product *out, struct tb_err *err)
{
	struct product p = { 0 };
	const struct value_amount_of amounts[] = {
		{ "base_increment", &p.base_increment },
		{ "quote_increment", &p.quote_increment },
		{ "price_increment", &p.price_increment },
		{ "base_min_size", &p.base_min_size },
		{ "quote_min_size", &p.quote_min_size },
		{ "base_max_size", &p.base_max_size },
		{ "quote_max_size", &p.quote_max_size },
	};
	enum tb_status status = value_product(j, t, p.product_id, err);
	char word[32];

	if (status == TB_OK)
		status = value_amounts(j, t, amounts, COUNT(amounts), err);
	if (status != TB_OK)
		return status;
	if (decimal_sign(p.price_increment) == 0)
		p.price_increment = p.quote_increment;
	if (decimal_sign(p.base_increment) <= 0 ||
	    decimal_sign(p.quote_increment) <= 0 ||
	    decimal_sign(p.price_increment) <= 0)
		return tb_fail(err, TB_EINVAL,
		    "%s: expected increments above 0", p.product_id);
	told_text(j, t, "status", word, sizeof(word));
	p.trading_disabled = (word[0] != '\0' && strcmp(word, "online") != 0) ||
	    told_flag(j, t, "is_disabled") ||
	    told_flag(j, t, "trading_disabled") || told_flag(j, t, "view_only");
	p.cancel_only = told_flag(j, t, "cancel_only");
	p.limit_only = told_flag(j, t, "limit_only");
	p.post_only = told_flag(j, t, "post_only");
	p.auction_mode = told_flag(j, t, "auction_mode");
	*out = p;
	return TB_OK;
}

enum tb_status
told_price(const struct json *j, const struct json_token *t,
    struct decimal *out, struct tb_err *err)
{
	enum tb_status status = value_amount(j, t, "price", out, err);

	if (status == TB_OK && decimal_sign(*out) <= 0)
		status = tb_fail(err, TB_ENOENT, "it tells no price");
	return status;
}

enum tb_status
told_candle(const struct json *j, const struct json_token *t,
    struct candle *out, struct tb_err *err)
{
	struct candle c = { 0 };
	struct decimal start;
	const struct value_amount_of amounts[] = {
		{ "start", &start },
		{ "open", &c.open },
		{ "high", &c.high },
		{ "low", &c.low },
		{ "close", &c.close },
		{ "volume", &c.volume },
	};
	enum tb_status status =
	    value_amounts(j, t, amounts, COUNT(amounts), err);

	if (status != TB_OK)
		return status;
	if (decimal_sign(start) <= 0 || start.v % DECIMAL_ONE_UNITS != 0 ||
	    start.v / DECIMAL_ONE_UNITS > INSTANT_MAX_US / INSTANT_US_PER_S)
		return tb_fail(err, TB_EINVAL,
		    "start: expected whole seconds since 1970");
	c.start_s = (int64_t)(start.v / DECIMAL_ONE_UNITS);
	*out = c;
	return TB_OK;
}

/* -------------------------------------------------------------- accounts -- */

enum tb_status
told_account(const struct json *j, const struct json_token *t,
    struct venue_balance *out, struct tb_err *err)
{
	static const char *const types[] = { "", "ACCOUNT_TYPE_CRYPTO",
		"ACCOUNT_TYPE_FIAT", "CRYPTO", "FIAT" };
	static const char *const platforms[] = { "",
		"ACCOUNT_PLATFORM_CONSUMER", "ACCOUNT_PLATFORM_UNSPECIFIED" };
	bool known_type = false, known_platform = false;
	char type[64], platform[64];
	struct venue_balance b = { 0 };
	enum tb_status status;

	told_text(j, t, "type", type, sizeof(type));
	told_text(j, t, "platform", platform, sizeof(platform));
	for (size_t i = 0; i < COUNT(types); i++)
		known_type = known_type || strcmp(type, types[i]) == 0;
	for (size_t i = 0; i < COUNT(platforms); i++)
		known_platform =
		    known_platform || strcmp(platform, platforms[i]) == 0;
	if (!known_type || !known_platform)
		return TB_END;
	status =
	    value_id(j, t, "currency", b.currency, sizeof(b.currency), err);
	if (status == TB_OK)
		status = value_amount(j, value_of(j, t, "available_balance"),
		    "value", &b.available, err);
	if (status == TB_OK)
		status = value_amount(j, value_of(j, t, "hold"), "value",
		    &b.hold, err);
	if (status == TB_OK)
		*out = b;
	return status;
}

/* ---------------------------------------------------------------- orders -- */

/* market, limit, limit_ioc, post_only; else the exchange's own word. */
static void
take_type(const struct json *j, const struct json_token *t, char *out,
    size_t size)
{
	static const struct {
		const char *configuration;
		const char *type;
	} known[] = {
		{ "market_market_ioc", "market" },
		{ "sor_limit_ioc", "limit_ioc" },
		{ "limit_limit_gtc", "limit" },
	};
	const struct json_token *all = value_of(j, t, "order_configuration");
	const struct json_token *one;

	for (size_t i = 0; i < COUNT(known); i++) {
		one = value_of(j, all, known[i].configuration);
		if (one == NULL)
			continue;
		(void)snprintf(out, size, "%s",
		    told_flag(j, one, "post_only") ? "post_only" :
						     known[i].type);
		return;
	}
	told_text(j, t, "order_type", out, size);
}

/* Of a cancel, a refusal or a failure. */
static void
take_reason(const struct json *j, const struct json_token *t, char *out,
    size_t size)
{
	told_text(j, t, "reject_reason", out, size);
	if (strcmp(out, "REJECT_REASON_UNSPECIFIED") == 0)
		out[0] = '\0';
	if (out[0] == '\0')
		told_text(j, t, "reject_message", out, size);
	if (out[0] == '\0')
		told_text(j, t, "cancel_message", out, size);
}

static enum tb_status
take_times(const struct json *j, const struct json_token *t,
    struct venue_order *o, struct tb_err *err)
{
	int64_t last_fill_us = 0, last_update_us = 0;
	enum tb_status status =
	    value_time(j, t, "created_time", &o->created_at_us, err);

	if (status == TB_OK)
		status = value_time(j, t, "last_fill_time", &last_fill_us, err);
	if (status == TB_OK)
		status =
		    value_time(j, t, "last_update_time", &last_update_us, err);
	if (status == TB_OK && o->created_at_us == 0)
		status = tb_fail(err, TB_EINVAL, "created_time: missing");
	o->updated_at_us = o->created_at_us;
	if (last_fill_us > o->updated_at_us)
		o->updated_at_us = last_fill_us;
	if (last_update_us > o->updated_at_us)
		o->updated_at_us = last_update_us;
	return status;
}

enum tb_status
told_order(const struct json *j, const struct json_token *t, int64_t now_us,
    struct venue_order *out, struct tb_err *err)
{
	struct venue_order o = { 0 };
	const struct value_amount_of amounts[] = {
		{ "filled_size", &o.filled_size },
		{ "filled_value", &o.filled_value },
		{ "total_fees", &o.total_fees },
	};
	enum tb_status status = value_product(j, t, o.product_id, err);

	if (status == TB_OK)
		status = value_id(j, t, "order_id", o.order_id,
		    sizeof(o.order_id), err);
	if (status == TB_OK)
		status =
		    value_id(j, t, "status", o.status, sizeof(o.status), err);
	if (status == TB_OK)
		status = value_side(j, t, &o.side, err);
	if (status == TB_OK)
		status = value_amounts(j, t, amounts, COUNT(amounts), err);
	if (status == TB_OK)
		status = take_times(j, t, &o, err);
	if (status != TB_OK)
		return status;
	told_text(j, t, "client_order_id", o.client_order_id,
	    sizeof(o.client_order_id));
	take_type(j, t, o.type, sizeof(o.type));
	take_reason(j, t, o.reason, sizeof(o.reason));
	o.settled = told_flag(j, t, "settled") ||
	    (venue_order_is_final(&o) && strcmp(o.status, "FILLED") != 0 &&
		(decimal_sign(o.filled_size) == 0 ||
		    now_us - o.updated_at_us >= TOLD_SETTLED_US));
	*out = o;
	return TB_OK;
}

/* ----------------------------------------------------------------- fills -- */

/* Why it stands there; an unknown word is a plain fill no more than we know. */
static enum tb_status
take_kind(const struct json *j, const struct json_token *t, enum fill_kind *out,
    struct tb_err *err)
{
	static const struct {
		const char *word;
		enum fill_kind kind;
	} known[] = {
		{ "", FILL_FILL },
		{ "FILL", FILL_FILL },
		{ "SYNTHETIC", FILL_FILL },
		{ "REVERSAL", FILL_REVERSAL },
		{ "CORRECTION", FILL_CORRECTION },
	};
	char word[32];

	told_text(j, t, "trade_type", word, sizeof(word));
	for (size_t i = 0; i < COUNT(known); i++)
		if (strcmp(word, known[i].word) == 0) {
			*out = known[i].kind;
			return TB_OK;
		}
	return tb_fail(err, TB_EINVAL,
	    "trade_type: expected FILL, SYNTHETIC, REVERSAL or CORRECTION,"
	    " found \"%s\"",
	    word);
}

/* From what was told, in either currency, the one of size and value that was
 * not. */
static enum tb_status
work_out(struct fill *f, struct decimal told, bool in_quote, struct tb_err *err)
{
	if (decimal_sign(f->price) <= 0 || decimal_sign(told) < 0)
		return tb_fail(err, TB_EINVAL,
		    "fill %.64s: expected a price above 0 and a size",
		    f->entry_id);
	f->size = f->value = told;
	if ((in_quote ?
		    decimal_div(told, f->price, DECIMAL_HALF_EVEN, &f->size) :
		    decimal_mul(told, f->price, DECIMAL_HALF_EVEN,
			&f->value)) == TB_OK)
		return TB_OK;
	return tb_fail(err, TB_EINVAL, "fill %.64s: its amounts do not fit",
	    f->entry_id);
}

enum tb_status
told_fill(const struct json *j, const struct json_token *t, struct fill *out,
    struct tb_err *err)
{
	struct fill f = { .nature = NATURE_TRADE };
	struct decimal size;
	const struct value_amount_of amounts[] = {
		{ "price", &f.price },
		{ "size", &size },
		{ "commission", &f.fee },
	};
	enum tb_status status = value_product(j, t, f.product_id, err);

	if (status == TB_OK)
		status = value_id(j, t, "entry_id", f.entry_id,
		    sizeof(f.entry_id), err);
	if (status == TB_OK)
		status = value_id(j, t, "order_id", f.order_id,
		    sizeof(f.order_id), err);
	if (status == TB_OK)
		status = value_side(j, t, &f.side, err);
	if (status == TB_OK)
		status = take_kind(j, t, &f.kind, err);
	if (status == TB_OK)
		status = value_amounts(j, t, amounts, COUNT(amounts), err);
	if (status == TB_OK)
		status = value_time(j, t, "trade_time", &f.at_us, err);
	if (status == TB_OK)
		status =
		    value_time(j, t, "sequence_timestamp", &f.venue_seq, err);
	if (status == TB_OK && f.at_us == 0)
		status = tb_fail(err, TB_EINVAL, "trade_time: missing");
	if (status == TB_OK)
		status =
		    work_out(&f, size, told_flag(j, t, "size_in_quote"), err);
	if (status != TB_OK)
		return status;
	told_text(j, t, "trade_id", f.venue_trade_id, sizeof(f.venue_trade_id));
	*out = f;
	return TB_OK;
}

/* --------------------------------------------------------------- preview -- */

/* The first text of a list of them. */
static void
first_of(const struct json *j, const struct json_token *t, const char *key,
    char *out, size_t size)
{
	const struct json_token *list = value_of(j, t, key), *one = NULL;

	if (list != NULL && list->kind == JSON_ARRAY)
		one = json_first(j, list);
	if (one == NULL || one->kind != JSON_STRING || !value_is_tame(one))
		out[0] = '\0';
	else
		(void)snprintf(out, size, "%.*s",
		    one->len > 256 ? 256 : (int)one->len, one->text);
}

enum tb_status
told_preview(const struct json *j, const struct json_token *t,
    struct venue_preview *out, struct tb_err *err)
{
	struct venue_preview p = { 0 };
	const struct value_amount_of amounts[] = {
		{ "base_size", &p.base_size },
		{ "quote_size", &p.value },
		{ "commission_total", &p.fee },
		{ "order_total", &p.total },
		{ "est_average_filled_price", &p.average_price },
		{ "best_bid", &p.best_bid },
		{ "best_ask", &p.best_ask },
	};
	enum tb_status status =
	    value_amounts(j, t, amounts, COUNT(amounts), err);
	const struct json_token *errs = value_of(j, t, "errs");

	if (status != TB_OK)
		return status;
	first_of(j, t, "errs", p.reason, sizeof(p.reason));
	first_of(j, t, "warning", p.warning, sizeof(p.warning));
	p.refused = errs != NULL && errs->kind == JSON_ARRAY && errs->size > 0;
	*out = p;
	return TB_OK;
}

/* ----------------------------------------------------------------- words -- */

void
told_words(const struct json *j, const struct json_token *t, char *out,
    size_t size)
{
	static const char *const keys[] = { "message", "error_details",
		"error" };
	const struct json_token *list = value_of(j, t, "errors");

	if (list != NULL && list->kind == JSON_ARRAY)
		t = json_first(j, list);
	out[0] = '\0';
	for (size_t i = 0; i < COUNT(keys) && out[0] == '\0'; i++)
		told_text(j, t, keys[i], out, size);
}
