#include "signal/bot.h"

#include <string.h>
#include <strings.h>

static const char *const status_names[] = {
	[BOT_STOPPED] = "STOPPED",
	[BOT_RUNNING] = "RUNNING",
	[BOT_ERROR] = "ERROR",
};
static const char *const combine_names[] = {
	[COMBINE_SUM] = "sum",
	[COMBINE_MEAN] = "mean",
};

void
bot_init(struct bot *bot)
{
	memset(bot, 0, offsetof(struct bot, signals));
	bot->granularity_s = BOT_GRANULARITY_S;
	bot->status = BOT_STOPPED;
	bot->combine = COMBINE_SUM;
	bot->style = STYLE_DEFAULT;
	bot->buy_threshold = (struct decimal){ DECIMAL_ONE_UNITS / 2 };
	bot->sell_threshold = (struct decimal){ -DECIMAL_ONE_UNITS / 2 };
	bot->confirmation_minutes = BOT_CONFIRMATION_MINUTES;
	bot->cooldown_minutes = BOT_COOLDOWN_MINUTES;
	bot->trade_size_usd = DECIMAL_OF(BOT_TRADE_SIZE_USD);
	bot->text_len = 1; /* offset 0 means no expression */
}

enum tb_status
bot_add_text(struct bot *bot, const char *s, size_t len, uint16_t *out,
    struct tb_err *err)
{
	if (len > BOT_EXPRESSION_MAX)
		return tb_fail(err, TB_ERANGE,
		    "expression of %zu bytes: at most %d are read", len,
		    BOT_EXPRESSION_MAX);
	if (memchr(s, '\0', len) != NULL)
		return tb_fail(err, TB_ERANGE, "expression with a NUL in it");
	if (len >= sizeof(bot->text) - bot->text_len)
		return tb_fail(err, TB_ERANGE,
		    "the expressions of one bot are longer than %d bytes",
		    BOT_TEXT_MAX);
	*out = (uint16_t)bot->text_len;
	memcpy(bot->text + bot->text_len, s, len);
	bot->text_len += len;
	bot->text[bot->text_len++] = '\0';
	return TB_OK;
}

const char *
bot_text(const struct bot *bot, uint16_t kept)
{
	return kept == 0 ? NULL : bot->text + kept;
}

const struct bot_signal *
bot_find_signal(const struct bot *bot, const char *key)
{
	for (size_t i = 0; i < bot->signal_count; i++)
		if (strcmp(bot->signals[i].key, key) == 0)
			return &bot->signals[i];
	return NULL;
}

const char *
bot_status_name(enum bot_status status)
{
	return status_names[status];
}

enum tb_status
bot_status_parse(const char *s, size_t len, enum bot_status *out)
{
	for (enum bot_status i = BOT_STOPPED; i <= BOT_ERROR; i++) {
		if (strlen(status_names[i]) != len ||
		    strncasecmp(s, status_names[i], len) != 0)
			continue;
		*out = i;
		return TB_OK;
	}
	return TB_EINVAL;
}

const char *
bot_combine_name(enum bot_combine combine)
{
	return combine_names[combine];
}

enum tb_status
bot_combine_parse(const char *s, size_t len, enum bot_combine *out)
{
	for (enum bot_combine i = COMBINE_SUM; i <= COMBINE_MEAN; i++) {
		if (strlen(combine_names[i]) != len ||
		    memcmp(s, combine_names[i], len) != 0)
			continue;
		*out = i;
		return TB_OK;
	}
	return TB_EINVAL;
}

static enum tb_status
check_uses(const struct bot_signal *signal, struct tb_err *err)
{
	char name[SERIES_STRLEN];

	for (size_t i = 0; i < signal->uses_count; i++) {
		if (series_check(&signal->uses[i], err) != TB_OK) {
			tb_err_at(err, "uses");
			return TB_EINVAL;
		}
		(void)series_name(&signal->uses[i], name);
		if (series_warm_up(&signal->uses[i]) == 0)
			return tb_fail(err, TB_EINVAL,
			    "uses: %s never forgets its first candle: no"
			    " input of a bot",
			    name);
		for (size_t k = 0; k < i; k++)
			if (series_equal(&signal->uses[i], &signal->uses[k]))
				return tb_fail(err, TB_EINVAL,
				    "uses: %s stands there twice", name);
	}
	return TB_OK;
}

static enum tb_status
check_signal(const struct bot *bot, const struct bot_signal *signal,
    struct tb_err *err)
{
	const struct decimal one = DECIMAL_OF(1);
	const char *expression;

	if (signal->key[0] == '\0')
		return tb_fail(err, TB_EINVAL, "a signal needs a name");
	if (decimal_sign(signal->weight) < 0 ||
	    decimal_cmp(signal->weight, one) > 0) {
		char got[DECIMAL_STRLEN];

		(void)decimal_format(signal->weight, got);
		return tb_fail(err, TB_EINVAL,
		    "weight: expected 0 to 1, got %s", got);
	}
	if (signal->kind != SCORE_JQ)
		return score_check(signal->kind, bot->style, &signal->p, err);
	expression = bot_text(bot, signal->jq);
	if (expression == NULL || *expression == '\0')
		return tb_fail(err, TB_EINVAL, "jq: an expression is missing");
	return check_uses(signal, err);
}

static enum tb_status
check_signals(const struct bot *bot, struct tb_err *err)
{
	const struct decimal one = DECIMAL_OF(1);
	struct decimal sum = DECIMAL_ZERO;

	for (size_t i = 0; i < bot->signal_count; i++) {
		const struct bot_signal *signal = &bot->signals[i];

		if (check_signal(bot, signal, err) != TB_OK) {
			tb_err_at(err, "signals.%s", signal->key);
			return TB_EINVAL;
		}
		if (bot_find_signal(bot, signal->key) != signal)
			return tb_fail(err, TB_EINVAL,
			    "signals.%s: stands there twice", signal->key);
		/* Neither term is above 16: no overflow. */
		if (signal->enabled)
			(void)decimal_add(sum, signal->weight, &sum);
	}
	if (decimal_cmp(sum, one) > 0) {
		char got[DECIMAL_STRLEN];

		(void)decimal_format(sum, got);
		return tb_fail(err, TB_EINVAL,
		    "signals: enabled weights sum to %s, at most 1 is allowed",
		    got);
	}
	return TB_OK;
}

static enum tb_status
check_thresholds(const struct bot *bot, struct tb_err *err)
{
	const struct decimal one = DECIMAL_OF(1);
	char got[DECIMAL_STRLEN];

	(void)decimal_format(bot->buy_threshold, got);
	if (decimal_sign(bot->buy_threshold) <= 0 ||
	    decimal_cmp(bot->buy_threshold, one) > 0)
		return tb_fail(err, TB_EINVAL,
		    "buy_threshold: expected more than 0, at most 1, got %s",
		    got);
	(void)decimal_format(bot->sell_threshold, got);
	if (decimal_sign(bot->sell_threshold) >= 0 ||
	    decimal_cmp(bot->sell_threshold, decimal_neg(one)) < 0)
		return tb_fail(err, TB_EINVAL,
		    "sell_threshold: expected less than 0, at least -1, got %s",
		    got);
	(void)decimal_format(bot->trade_size_usd, got);
	if (decimal_sign(bot->trade_size_usd) <= 0)
		return tb_fail(err, TB_EINVAL,
		    "trade_size_usd: expected more than 0, got %s", got);
	return TB_OK;
}

static enum tb_status
check_minutes(const char *name, int got, int max, struct tb_err *err)
{
	if (got >= 0 && got <= max)
		return TB_OK;
	return tb_fail(err, TB_EINVAL, "%s: expected 0 to %d, got %d", name,
	    max, got);
}

enum tb_status
bot_check(const struct bot *bot, struct tb_err *err)
{
	if (bot->name[0] == '\0')
		return tb_fail(err, TB_EINVAL, "name: missing");
	if (!product_id_is_valid(bot->product_id, strlen(bot->product_id)))
		return tb_fail(err, TB_EINVAL,
		    "product_id: expected one such as BTC-USD, got \"%s\"",
		    bot->product_id);
	if (granularity_name(bot->granularity_s) == NULL)
		return tb_fail(err, TB_EINVAL,
		    "granularity: expected 1m, 5m, 15m, 30m, 1h, 2h, 4h, 6h,"
		    " 12h or 1d, got %d seconds",
		    bot->granularity_s);
	if (check_minutes("confirmation_minutes", bot->confirmation_minutes,
		BOT_MINUTES_MAX, err) != TB_OK ||
	    check_minutes("cooldown_minutes", bot->cooldown_minutes,
		BOT_COOLDOWN_MAX, err) != TB_OK ||
	    check_thresholds(bot, err) != TB_OK)
		return TB_EINVAL;
	if (bot->signal_count == 0 || bot->signal_count > BOT_SIGNALS_MAX)
		return tb_fail(err, TB_EINVAL,
		    "signals: expected 1 to %d, got %zu", BOT_SIGNALS_MAX,
		    bot->signal_count);
	return check_signals(bot, err);
}
