#include "wire/answer.h"

#include <assert.h>
#include <string.h>

#include "base/instant.h"

/* A row a reason: its word, its class, whether the store keeps it. */
static const struct {
	const char *name;
	enum tb_status status;
	bool is_refusal;
} reasons[ANSWER_REASONS] = {
	[REASON_NONE] = { "", TB_OK, false },
	[REASON_HOLD] = { "hold", TB_OK, false },
	[REASON_NOT_READY] = { "not_ready", TB_OK, false },
	[REASON_COOLDOWN] = { "cooldown", TB_OK, false },
	[REASON_AGE] = { "age", TB_EREFUSED, true },
	[REASON_FUTURE] = { "future", TB_EREFUSED, true },
	[REASON_CLOCK] = { "clock", TB_EREFUSED, true },
	[REASON_UNKNOWN_BOT] = { "unknown_bot", TB_EREFUSED, true },
	[REASON_BOT_STOPPED] = { "bot_stopped", TB_EREFUSED, true },
	[REASON_UNKNOWN_PRODUCT] = { "unknown_product", TB_EREFUSED, true },
	[REASON_PRODUCT_STATE] = { "product_state", TB_EREFUSED, true },
	[REASON_MINIMUM] = { "minimum", TB_EREFUSED, true },
	[REASON_BALANCE] = { "balance", TB_EREFUSED, true },
	[REASON_POSITION] = { "position", TB_EREFUSED, true },
	[REASON_MAX_ORDER] = { "max_order", TB_EREFUSED, true },
	[REASON_MAX_POSITION] = { "max_position", TB_EREFUSED, true },
	[REASON_MAX_ORDERS_DAY] = { "max_orders_day", TB_EREFUSED, true },
	[REASON_MAX_DAILY_LOSS] = { "max_daily_loss", TB_EREFUSED, true },
	[REASON_MAX_DRAWDOWN] = { "max_drawdown", TB_EREFUSED, true },
	[REASON_NOT_ALLOWED] = { "not_allowed", TB_EREFUSED, true },
	[REASON_HALTED] = { "halted", TB_EHALTED, true },
	[REASON_UNRESOLVED] = { "unresolved", TB_EUNKNOWN, true },
	[REASON_VENUE] = { "venue", TB_EVENUE, true },
	[REASON_NOT_SENT] = { "not_sent", TB_ENET, true },
	[REASON_ABANDONED] = { "abandoned", TB_ENET, false },
	[REASON_NOT_TRIED] = { "not_tried", TB_EPERM, false },
	[REASON_INVALID] = { "invalid", TB_EINVAL, false },
	[REASON_KEY_REUSED] = { "key_reused", TB_EINVAL, false },
	[REASON_UNKNOWN] = { "unknown", TB_EUNKNOWN, false },
};

const char *
answer_reason_name(enum answer_reason reason)
{
	return reasons[reason].name;
}

enum tb_status
answer_reason_parse(const char *s, size_t len, enum answer_reason *out)
{
	for (size_t i = REASON_NONE + 1; i < ANSWER_REASONS; i++)
		if (strlen(reasons[i].name) == len &&
		    memcmp(reasons[i].name, s, len) == 0) {
			*out = (enum answer_reason)i;
			return TB_OK;
		}
	return TB_EINVAL;
}

bool
answer_reason_is_refusal(enum answer_reason reason)
{
	return reasons[reason].is_refusal;
}

enum tb_status
answer_reason_status(enum answer_reason reason)
{
	return reasons[reason].status;
}

static void
write_text(struct json_writer *w, const char *key, const char *text)
{
	json_key(w, key);
	json_string(w, text);
}

/* A text that is left out where it is empty. */
static void
write_text_if(struct json_writer *w, const char *key, const char *text)
{
	if (text[0] != '\0')
		write_text(w, key, text);
}

static void
write_figure(struct json_writer *w, const char *key, const struct figure *f)
{
	char text[INSTANT_STRLEN];

	if (f->kind == FIGURE_NONE)
		return;
	json_key(w, key);
	switch (f->kind) {
	case FIGURE_QUOTE:
		json_amount_min(w, f->amount, 2);
		break;
	case FIGURE_COINS:
		json_amount(w, f->amount);
		break;
	case FIGURE_COUNT:
		json_int(w, f->count);
		break;
	case FIGURE_DURATION:
		instant_format_duration(f->us, text);
		json_string(w, text);
		break;
	case FIGURE_TEXT:
		json_string(w, f->text);
		break;
	case FIGURE_NONE:
		break;
	}
}

static void
write_bot(struct json_writer *w, const struct answer *a)
{
	if (!a->has_bot)
		return;
	json_key(w, "bot_id");
	json_int(w, a->bot_id);
}

static void
write_traded(struct json_writer *w, const struct answer *a)
{
	assert(a->trade != NULL && a->reason == REASON_NONE);
	json_bool(w, true);
	json_key(w, "trade_id");
	json_int(w, a->trade->id);
	write_text_if(w, "temperature", a->temperature);
	write_bot(w, a);
	json_key(w, "replayed");
	json_bool(w, a->replayed);
	json_key(w, "trade");
	trade_write(w, a->trade);
	write_text_if(w, "intent_id", a->intent_id);
}

static void
write_not_traded(struct json_writer *w, const struct answer *a)
{
	assert(a->reason != REASON_NONE);
	json_bool(w, false);
	write_text(w, "reason", answer_reason_name(a->reason));
	write_text(w, "message", a->message);
	write_figure(w, "have", &a->have);
	write_figure(w, "need", &a->need);
	write_bot(w, a);
	write_text_if(w, "product_id", a->product_id);
	write_text_if(w, "intent_id", a->intent_id);
}

static void
write_unsure(struct json_writer *w, const struct answer *a)
{
	assert(a->reason != REASON_NONE);
	json_null(w);
	write_text(w, "reason", answer_reason_name(a->reason));
	write_text_if(w, "intent_id", a->intent_id);
	write_text(w, "message", a->message);
	write_bot(w, a);
	write_text_if(w, "product_id", a->product_id);
}

static void
write_flag_if(struct json_writer *w, const char *key, bool flag)
{
	if (!flag)
		return;
	json_key(w, key);
	json_bool(w, true);
}

static void
write_number_if(struct json_writer *w, const char *key, unsigned long n)
{
	if (n == 0)
		return;
	json_key(w, key);
	json_int(w, (long long)n);
}

void
answer_write(struct json_writer *w, const struct answer *a)
{
	json_open(w, '{');
	json_key(w, "trade_executed");
	if (a->outcome == ANSWER_TRADED)
		write_traded(w, a);
	else if (a->outcome == ANSWER_NOT_TRADED)
		write_not_traded(w, a);
	else
		write_unsure(w, a);
	write_text_if(w, "id", a->id);
	if (a->reason == REASON_INVALID) {
		write_number_if(w, "line", a->line);
		write_number_if(w, "element", a->element);
	}
	if (a->outcome != ANSWER_TRADED)
		write_flag_if(w, "replayed", a->replayed);
	write_flag_if(w, "dry_run", a->dry_run);
	json_close(w, '}');
}
