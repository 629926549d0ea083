#include "bot/field.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "io/table.h"

enum tb_status
bot_name_check(const char *name, struct tb_err *err)
{
	size_t len = strlen(name);
	struct buffer shown;
	bool printable;

	if (len == 0 || len > BOT_NAME_MAX)
		return tb_fail(err, TB_EINVAL,
		    "expected 1 to %d bytes, got %zu", BOT_NAME_MAX, len);
	buffer_init(&shown, (size_t)BOT_NAME_MAX * 16);
	table_escape(&shown, name, len);
	printable = strcmp(buffer_string(&shown), name) == 0;
	buffer_release(&shown);
	if (!printable || strchr(name, '/') != NULL || name[0] == ' ' ||
	    name[len - 1] == ' ')
		return tb_fail(err, TB_EINVAL,
		    "expected printable text without"
		    " a slash or a blank at its ends");
	return TB_OK;
}

/* -------------------------------------------------- values of any field -- */

static enum tb_status
set_amount(const char *value, struct decimal min, struct decimal max,
    const char *expected, struct decimal *out, struct tb_err *err)
{
	struct decimal d;

	if (decimal_parse(value, strlen(value), &d) != TB_OK ||
	    decimal_cmp(d, min) < 0 || decimal_cmp(d, max) > 0)
		return tb_fail(err, TB_EINVAL, "expected %s, got \"%s\"",
		    expected, value);
	*out = d;
	return TB_OK;
}

static enum tb_status
set_minutes(const char *value, int max, int *out, struct tb_err *err)
{
	struct decimal d;

	if (decimal_parse(value, strlen(value), &d) != TB_OK ||
	    d.v % DECIMAL_ONE_UNITS != 0 || decimal_sign(d) < 0 ||
	    decimal_cmp(d, DECIMAL_OF(max)) > 0)
		return tb_fail(err, TB_EINVAL,
		    "expected whole minutes from 0 to %d, got \"%s\"", max,
		    value);
	*out = (int)(d.v / DECIMAL_ONE_UNITS);
	return TB_OK;
}

static void
add_decimal(struct buffer *out, struct decimal d)
{
	char buf[DECIMAL_STRLEN];

	(void)decimal_format(d, buf);
	buffer_add_string(out, buf);
}

/* ---------------------------------------------------------- keys of bots -- */

#define SMALLEST ((struct decimal){ 1 }) /* the least that is above 0 */

static enum tb_status
set_name(struct bot *bot, const char *value, struct tb_err *err)
{
	enum tb_status status = bot_name_check(value, err);

	if (status == TB_OK)
		(void)snprintf(bot->name, sizeof(bot->name), "%s", value);
	return status;
}

static enum tb_status
set_product(struct bot *bot, const char *value, struct tb_err *err)
{
	if (!product_id_is_valid(value, strlen(value)))
		return tb_fail(err, TB_EINVAL,
		    "expected one like BTC-USD, got \"%s\"", value);
	(void)snprintf(bot->product_id, sizeof(bot->product_id), "%s", value);
	return TB_OK;
}

static enum tb_status
set_granularity(struct bot *bot, const char *value, struct tb_err *err)
{
	if (granularity_parse(value, strlen(value), &bot->granularity_s) !=
	    TB_OK)
		return tb_fail(err, TB_EINVAL,
		    "expected 1m, 5m, 15m, 30m, 1h,"
		    " 2h, 4h, 6h, 12h or 1d, got \"%s\"",
		    value);
	return TB_OK;
}

static enum tb_status
set_status(struct bot *bot, const char *value, struct tb_err *err)
{
	enum bot_status status;

	if (bot_status_parse(value, strlen(value), &status) != TB_OK ||
	    status == BOT_ERROR)
		return tb_fail(err, TB_EINVAL,
		    "expected RUNNING or STOPPED, got \"%s\"", value);
	bot->status = status;
	return TB_OK;
}

static enum tb_status
set_combine(struct bot *bot, const char *value, struct tb_err *err)
{
	if (bot_combine_parse(value, strlen(value), &bot->combine) != TB_OK)
		return tb_fail(err, TB_EINVAL,
		    "expected sum or mean, got \"%s\"", value);
	return TB_OK;
}

static enum tb_status
set_style(struct bot *bot, const char *value, struct tb_err *err)
{
	if (score_style_parse(value, strlen(value), &bot->style) != TB_OK)
		return tb_fail(err, TB_EINVAL,
		    "expected default or legacy, got \"%s\"", value);
	return TB_OK;
}

/* An expression; "" is none. */
static enum tb_status
set_text(struct bot *bot, const char *value, uint16_t *out, struct tb_err *err)
{
	if (value[0] == '\0') {
		*out = 0;
		return TB_OK;
	}
	return bot_add_text(bot, value, strlen(value), out, err);
}

static enum tb_status
set_trade_size(struct bot *bot, const char *value, struct tb_err *err)
{
	return set_amount(value, SMALLEST, DECIMAL_OF(BOT_TRADE_SIZE_USD_MAX),
	    "an amount above 0", &bot->trade_size_usd, err);
}

static enum tb_status
set_buy_threshold(struct bot *bot, const char *value, struct tb_err *err)
{
	return set_amount(value, SMALLEST, DECIMAL_OF(1),
	    "more than 0 and at most 1", &bot->buy_threshold, err);
}

static enum tb_status
set_sell_threshold(struct bot *bot, const char *value, struct tb_err *err)
{
	return set_amount(value, DECIMAL_OF(-1), decimal_neg(SMALLEST),
	    "less than 0 and at least -1", &bot->sell_threshold, err);
}

static enum tb_status
set_confirmation(struct bot *bot, const char *value, struct tb_err *err)
{
	return set_minutes(value, BOT_MINUTES_MAX, &bot->confirmation_minutes,
	    err);
}

static enum tb_status
set_cooldown(struct bot *bot, const char *value, struct tb_err *err)
{
	return set_minutes(value, BOT_COOLDOWN_MAX, &bot->cooldown_minutes,
	    err);
}

static enum tb_status
set_when(struct bot *bot, const char *value, struct tb_err *err)
{
	return set_text(bot, value, &bot->when, err);
}

static void
get_name(const struct bot *bot, struct buffer *out)
{
	buffer_add_string(out, bot->name);
}

static void
get_product(const struct bot *bot, struct buffer *out)
{
	buffer_add_string(out, bot->product_id);
}

static void
get_granularity(const struct bot *bot, struct buffer *out)
{
	buffer_add_string(out, granularity_name(bot->granularity_s));
}

static void
get_status(const struct bot *bot, struct buffer *out)
{
	buffer_add_string(out, bot_status_name(bot->status));
}

static void
get_trade_size(const struct bot *bot, struct buffer *out)
{
	add_decimal(out, bot->trade_size_usd);
}

static void
get_buy_threshold(const struct bot *bot, struct buffer *out)
{
	add_decimal(out, bot->buy_threshold);
}

static void
get_sell_threshold(const struct bot *bot, struct buffer *out)
{
	add_decimal(out, bot->sell_threshold);
}

static void
get_confirmation(const struct bot *bot, struct buffer *out)
{
	buffer_add_format(out, "%d", bot->confirmation_minutes);
}

static void
get_cooldown(const struct bot *bot, struct buffer *out)
{
	buffer_add_format(out, "%d", bot->cooldown_minutes);
}

static void
get_combine(const struct bot *bot, struct buffer *out)
{
	buffer_add_string(out, bot_combine_name(bot->combine));
}

static void
get_style(const struct bot *bot, struct buffer *out)
{
	buffer_add_string(out, score_style_name(bot->style));
}

static void
get_when(const struct bot *bot, struct buffer *out)
{
	const char *s = bot_text(bot, bot->when);

	buffer_add_string(out, s == NULL ? "" : s);
}

static const struct field {
	const char *key;
	enum bot_value_kind kind;
	enum tb_status (*set)(struct bot *, const char *, struct tb_err *);
	void (*get)(const struct bot *, struct buffer *);
} fields[] = {
	{ "name", BOT_VALUE_TEXT, set_name, get_name },
	{ "product_id", BOT_VALUE_TEXT, set_product, get_product },
	{ "granularity", BOT_VALUE_TEXT, set_granularity, get_granularity },
	{ "status", BOT_VALUE_TEXT, set_status, get_status },
	{ "trade_size_usd", BOT_VALUE_AMOUNT, set_trade_size, get_trade_size },
	{ "buy_threshold", BOT_VALUE_NUMBER, set_buy_threshold,
	    get_buy_threshold },
	{ "sell_threshold", BOT_VALUE_NUMBER, set_sell_threshold,
	    get_sell_threshold },
	{ "confirmation_minutes", BOT_VALUE_NUMBER, set_confirmation,
	    get_confirmation },
	{ "cooldown_minutes", BOT_VALUE_NUMBER, set_cooldown, get_cooldown },
	{ "combine", BOT_VALUE_TEXT, set_combine, get_combine },
	{ "style", BOT_VALUE_TEXT, set_style, get_style },
	{ "when", BOT_VALUE_TEXT, set_when, get_when },
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))
static_assert(FIELDS < BOT_KEYS_MAX, "bot_keys() has room for all");

static const struct field *
field_find(const char *key)
{
	for (size_t i = 0; i < FIELDS; i++)
		if (strcmp(fields[i].key, key) == 0)
			return &fields[i];
	return NULL;
}

void
bot_keys(const char *keys[static BOT_KEYS_MAX])
{
	for (size_t i = 0; i < FIELDS; i++)
		keys[i] = fields[i].key;
	keys[FIELDS] = NULL;
}

enum tb_status
bot_set(struct bot *bot, const char *key, const char *value, struct tb_err *err)
{
	const struct field *field = field_find(key);

	if (field == NULL)
		return tb_fail(err, TB_EINVAL, "a bot has no such key");
	return field->set(bot, value, err);
}

enum bot_value_kind
bot_get(const struct bot *bot, const char *key, struct buffer *out)
{
	const struct field *field = field_find(key);

	assert(field != NULL);
	buffer_clear(out);
	field->get(bot, out);
	return field->kind;
}
