/* tb-signal: the users' jq expressions: scores and vetoes. */

#include <math.h>
#include <string.h>

#include "tb-signal.h"

#define INPUT_MAX 8192 /* bytes of what a score's expression reads */

static void
write_real(struct json_writer *w, const char *key, double value)
{
	char text[REAL_STRLEN];

	json_key(w, key);
	if (isfinite(value))
		json_raw(w, text, real_format(value, text));
	else
		json_null(w);
}

/* {"open":..., "sma_20":..., "macd_12_26_9":{"macd":...}} */
static void
write_input(struct json_writer *w, const struct jq_input *in)
{
	char name[SERIES_STRLEN];

	json_open(w, '{');
	write_real(w, "open", in->bar->open);
	write_real(w, "high", in->bar->high);
	write_real(w, "low", in->bar->low);
	write_real(w, "close", in->bar->close);
	write_real(w, "volume", in->bar->volume);
	for (uint8_t i = 0; i < in->signal->uses_count; i++) {
		const struct series *series = &in->signal->uses[i];
		const char *const *column = series->indicator->columns;

		(void)series_identifier(series, name);
		if (column[1] == NULL) {
			write_real(w, name, in->values[i][0]);
			continue;
		}
		json_key(w, name);
		json_open(w, '{');
		for (size_t c = 0; column[c] != NULL; c++)
			write_real(w, column[c], in->values[i][c]);
		json_close(w, '}');
	}
	json_close(w, '}');
}

void
batch_expect(struct batch *b)
{
	for (size_t i = 0; i < b->count; i++) {
		const struct bot *bot = &b->subjects[i].bot;

		if (b->subjects[i].status != TB_OK)
			continue;
		for (size_t j = 0; j < bot->signal_count; j++)
			if (bot->signals[j].enabled && bot->signals[j].jq != 0)
				jqexpr_expect(b->jq,
				    bot_text(bot, bot->signals[j].jq));
		if (bot->when != 0)
			jqexpr_expect(b->jq, bot_text(bot, bot->when));
	}
}

/* The subject whose bot this is. */
static struct subject *
subject_of(struct batch *b, const struct bot *bot)
{
	for (size_t i = 0; i < b->count; i++)
		if (&b->subjects[i].bot == bot)
			return &b->subjects[i];
	return NULL;
}

/*
 * An expression that gives no number is no score; one that does not compile,
 * or a child that can't be had, is the bot's failure and nobody else's.
 */
enum tb_status
batch_jq(const struct jq_input *in, void *arg, double *out, struct tb_err *err)
{
	struct batch *b = arg;
	struct jqexpr_value value;
	struct buffer text;
	struct json_writer w = { .out = &text };
	enum tb_status status;

	buffer_init(&text, INPUT_MAX);
	write_input(&w, in);
	status = buffer_status(&text, err);
	if (status == TB_OK)
		status = jqexpr_eval(b->jq, bot_text(in->bot, in->signal->jq),
		    text.data, text.len, &value, err);
	buffer_release(&text);
	if (status == TB_OK && value.kind != JQEXPR_NUMBER)
		return tb_fail(err, TB_EINVAL, "it gave no number");
	if (status == TB_OK)
		return real_parse(value.number, strlen(value.number), out);
	if (status != TB_EINVAL && subject_of(b, in->bot) != NULL) {
		struct subject *s = subject_of(b, in->bot);

		s->status = status;
		s->err = *err;
		tb_err_at(&s->err, "signals.%s.jq", in->signal->key);
	}
	return TB_EINVAL;
}

enum tb_status
batch_veto(struct batch *b, const struct subject *s,
    const struct signalline *line, bool *out_vetoed, struct tb_err *err)
{
	struct jqexpr_value value;
	struct buffer text;
	struct json_writer w = { .out = &text };
	enum tb_status status;

	buffer_init(&text, CLI_ROW_MAX);
	signalline_write(&w, line);
	status = buffer_status(&text, err);
	if (status == TB_OK)
		status = jqexpr_eval(b->jq, bot_text(&s->bot, s->bot.when),
		    text.data, text.len, &value, err);
	buffer_release(&text);
	if (status != TB_OK) {
		tb_err_at(err, "when");
		return status;
	}
	*out_vetoed = value.kind == JQEXPR_NULL || value.kind == JQEXPR_FALSE;
	return TB_OK;
}
