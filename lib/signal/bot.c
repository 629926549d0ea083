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
	*bot = (struct bot){
		.granularity_s = BOT_GRANULARITY_S,
		.status = BOT_STOPPED,
		.combine = COMBINE_SUM,
		.style = STYLE_DEFAULT,
		.buy_threshold = { DECIMAL_ONE_UNITS / 2 },
		.sell_threshold = { -DECIMAL_ONE_UNITS / 2 },
		.confirmation_minutes = BOT_CONFIRMATION_MINUTES,
		.cooldown_minutes = BOT_COOLDOWN_MINUTES,
		.trade_size_usd = DECIMAL_OF(BOT_TRADE_SIZE_USD),
		.text_len = 1, /* offset 0 means no expression */
	};
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
