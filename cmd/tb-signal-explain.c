/*
 * tb-signal: explain: why a bot says what it says.
 *
 * Rows of three texts: what it is about, its value, and how that came to be.
 */

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/instant.h"
#include "bot/field.h"
#include "tb-signal.h"

#define VALUE_MAX 160

static const struct cli_column explain_columns[] = {
	{ "what", "What", CLI_TEXT, 0 },
	{ "value", "Value", CLI_TEXT, 0 },
	{ "how", "How", CLI_TEXT, 0 },
	{ 0 },
};

/* An explanation on its way; the first failure sticks. */
struct explain {
	struct cli_rows rows;
	const struct batch *batch;
	const struct subject *subject;
	const struct group *group;
	struct signalline line; /* the subject's */
	enum tb_status status;
	struct tb_err *err;
};

/* One row; how is printf's. */
static void TB_PRINTF(4, 5) say(struct explain *x, const char *what,
    const char *value, const char *how, ...)
{
	struct json_writer *w;
	char text[TB_ERR_MAX];
	va_list ap;

	if (x->status != TB_OK)
		return;
	va_start(ap, how);
	(void)vsnprintf(text, sizeof(text), how, ap);
	va_end(ap);
	w = cli_row(&x->rows);
	json_open(w, '{');
	json_key(w, "what");
	json_string(w, what);
	json_key(w, "value");
	json_string(w, value);
	json_key(w, "how");
	json_string(w, text);
	json_close(w, '}');
	x->status = cli_row_end(&x->rows, x->err);
}

/* A double as text; "-" where there is none. */
static const char *
real_text(double value, char buf[static REAL_STRLEN])
{
	if (isfinite(value))
		(void)real_format(value, buf);
	else
		(void)snprintf(buf, REAL_STRLEN, "-");
	return buf;
}

static const char *
instant_text(int64_t us, char buf[static INSTANT_STRLEN])
{
	if (us != 0)
		instant_format_s(instant_floor_s(us), buf);
	else
		(void)snprintf(buf, INSTANT_STRLEN, "never");
	return buf;
}

static const char *
decimal_text(struct decimal d, char buf[static DECIMAL_STRLEN])
{
	(void)decimal_format(d, buf);
	return buf;
}

/* ---------------------------------------------------------------- inputs -- */

static void
say_bot(struct explain *x)
{
	const struct subject *s = x->subject;
	char value[VALUE_MAX], at[INSTANT_STRLEN];

	(void)snprintf(value, sizeof(value), "%s", s->row.name);
	say(x, "bot", value, "id %lld, %s", (long long)s->row.id,
	    bot_status_name(s->row.status));
	(void)snprintf(value, sizeof(value), "%.8s", s->config_hash);
	say(x, "configuration", value, "the one in force at the instant");
	say(x, "instant", instant_text(x->batch->instant_us, at),
	    "what comes later is not looked at");
}

static void
say_market(struct explain *x)
{
	const struct group *g = x->group;
	const struct signalline *line = &x->line;
	char at[INSTANT_STRLEN], price[DECIMAL_STRLEN];

	say(x, "product", g->product_id, "candles of %s",
	    granularity_name(g->granularity_s));
	say(x, "candle_at",
	    g->has_candle ? instant_text(line->candle_at_us, at) : "-",
	    "close of the last closed candle; %lld candles read, %lld missing"
	    "%s",
	    (long long)g->bar_count, (long long)line->missing,
	    line->short_history ? ", history begins after an anchor" : "");
	say(x, "synced_until", instant_text(g->synced_until_us, at),
	    "stale_data when older than %d minutes", g->granularity_s * 2 / 60);
	say(x, "price", g->has_price ? decimal_text(g->price, price) : "-",
	    "the reference price: the last close at the instant");
}

/* --------------------------------------------------------------- signals -- */

/* The values of one series, with the names of its columns. */
static void
say_series(struct explain *x, size_t j, size_t k, const struct series *series)
{
	const struct bot_signal *s = &x->subject->bot.signals[j];
	double columns[INDICATOR_COLUMNS_MAX];
	char what[BOT_PATH_MAX + SERIES_STRLEN], name[SERIES_STRLEN];
	char value[VALUE_MAX] = "", number[REAL_STRLEN];
	size_t len = 0;
	int candles;

	candles = evaluator_series(x->group->ev, 0, j, k, columns);
	(void)series_name(series, name);
	(void)snprintf(what, sizeof(what), "signals.%s: %s", s->key, name);
	for (size_t c = 0; c < indicator_columns(series->indicator); c++) {
		const char *column = series->indicator->columns[c];

		len += (size_t)snprintf(value + len, sizeof(value) - len,
		    "%s%s %s", c == 0 ? "" : ", ", column,
		    real_text(columns[c], number));
		if (len >= sizeof(value))
			break;
	}
	say(x, what, value, "%d candles since its anchor; warm-up %d", candles,
	    series_warm_up(series));
}

static void
say_inputs(struct explain *x, size_t j)
{
	const struct bot *bot = &x->subject->bot;
	const struct bot_signal *s = &bot->signals[j];
	struct series series[SCORE_SERIES_MAX];
	size_t count;

	if (!s->enabled)
		return;
	for (uint8_t k = 0; k < s->uses_count; k++)
		say_series(x, j, k, &s->uses[k]);
	count = score_series(s->kind, bot->style, &s->p, series);
	for (size_t k = 0; k < count; k++)
		say_series(x, j, k, &series[k]);
}

static void
say_formula(struct explain *x, const struct bot_signal *s, const char *what)
{
	const struct bot *bot = &x->subject->bot;
	const struct score *row = score_row(s->kind);
	const char *formula = row->formula;

	if (bot->style == STYLE_LEGACY && row->formula_legacy != NULL)
		formula = row->formula_legacy;
	if (s->kind == SCORE_JQ)
		formula = bot_text(bot, s->jq);
	say(x, what, row->name, "%.*s", TB_ERR_MAX - 1, formula);
}

static void
say_parameters(struct explain *x, const struct bot_signal *s)
{
	const struct parameter *p = score_row(s->kind)->parameters;
	char what[BOT_PATH_MAX], text[PARAMETER_STRLEN], least[REAL_STRLEN],
	    most[REAL_STRLEN];

	for (size_t i = 0; p[i].name != NULL; i++) {
		(void)snprintf(what, sizeof(what), "signals.%s.%s", s->key,
		    p[i].name);
		(void)parameter_format(&p[i], s->p.value[i], text);
		if (p[i].kind == PARAMETER_CHOICE)
			say(x, what, text, "a choice");
		else
			say(x, what, text, "%s to %s",
			    real_text(p[i].min, least),
			    real_text(p[i].max, most));
	}
}

static void
say_signal(struct explain *x, size_t j)
{
	const struct bot_signal *s = &x->subject->bot.signals[j];
	const struct reading *r = &x->subject->evaluation->signals[j];
	const char *reason = score_reason_name(r->reason);
	char what[BOT_PATH_MAX], weight[DECIMAL_STRLEN], score[REAL_STRLEN];

	(void)snprintf(what, sizeof(what), "signals.%s.kind", s->key);
	say_formula(x, s, what);
	say_parameters(x, s);
	say_inputs(x, j);
	(void)snprintf(what, sizeof(what), "signals.%s.score", s->key);
	say(x, what, real_text(r->score, score), "weight %s%s%s%s%s",
	    decimal_text(s->weight, weight), reason == NULL ? "" : "; ",
	    reason == NULL ? "" : reason, r->message[0] == '\0' ? "" : ": ",
	    r->message);
}

/* Where the old system's forms mislead. */
static void
say_legacy(struct explain *x)
{
	const struct bot *bot = &x->subject->bot;

	if (bot->style != STYLE_LEGACY)
		return;
	say(x, "style", "legacy",
	    "the old system's forms: ma and macd jump, and depend on the unit"
	    " of the price; a flat series gives macd a score: style: default"
	    " has neither");
}

/* -------------------------------------------------------------- decision -- */

static void
say_decision(struct explain *x)
{
	const struct bot *bot = &x->subject->bot;
	const struct signalline *line = &x->line;
	struct decimal side =
	    line->combined_score < 0 ? bot->sell_threshold : bot->buy_threshold;
	char score[REAL_STRLEN], text[DECIMAL_STRLEN];

	say(x, "combined_score", real_text(line->combined_score, score),
	    bot->combine == COMBINE_SUM ? "the sum of weight x score" :
					  "the mean of the scores, by weight");
	say(x, "buy_threshold", decimal_text(bot->buy_threshold, text),
	    "BUY at or above");
	say(x, "sell_threshold", decimal_text(bot->sell_threshold, text),
	    "SELL at or below");
	say(x, "temperature", temperature_name(line->temperature),
	    "|score| against %s: HOT from 1, WARM from 1/2, COOL from 1/6",
	    decimal_text(decimal_abs(side), text));
	say(x, "recommended_action", action_name(line->action), "%s",
	    line->action == ACTION_HOLD ? "no threshold is reached" :
					  "a threshold is reached");
}

static void
say_confirmation(struct explain *x)
{
	const struct signalline *line = &x->line;
	char value[VALUE_MAX], at[INSTANT_STRLEN];

	(void)snprintf(value, sizeof(value), "%lld of %d minutes",
	    (long long)line->elapsed_minutes, line->required_minutes);
	say(x, "confirmation", value, "%s%s%s",
	    line->since_us == 0 ? "there is no action to confirm" :
				  "the same action since ",
	    line->since_us == 0 ? "" : instant_text(line->since_us, at),
	    line->since_is_bound ? " or longer" : "");
}

static void
say_cooldown(struct explain *x)
{
	const struct subject *s = x->subject;
	char value[VALUE_MAX], at[INSTANT_STRLEN];

	(void)snprintf(value, sizeof(value), "%d minutes",
	    s->row.cooldown_minutes);
	say(x, "cooldown", value, "last action before the instant: %s",
	    instant_text(s->acted_us, at));
	if (x->line.cooling_down)
		say(x, "cooldown.until",
		    instant_text(x->line.cooldown_until_us, at), "active");
}

static void
say_when(struct explain *x)
{
	const struct subject *s = x->subject;

	if (s->bot.when == 0 || s->status != TB_OK)
		return;
	say(x, "when",
	    (x->line.not_ready & NOT_READY_VETOED) != 0 ? "veto" : "passes",
	    "%.*s", TB_ERR_MAX - 1, bot_text(&s->bot, s->bot.when));
}

/* In words, in the order of the bits. */
static const char *const reason_words[NOT_READY_COUNT] = {
	"it recommends nothing",
	"the action has not stood long enough",
	"its last action is too recent",
	"the candles are not up to date: run tb-sync",
	"a signal has too few candles yet",
	"trading is stopped",
	"its `when` says no",
	"it failed",
};

static void
say_readiness(struct explain *x)
{
	const struct subject *s = x->subject;

	say(x, "ready_to_trade", x->line.ready ? "yes" : "no", "%s",
	    x->line.ready ? "tb-trade would act on it" : "because:");
	for (int i = 0; i < NOT_READY_COUNT; i++)
		if ((x->line.not_ready & 1U << i) != 0)
			say(x, "not_ready", not_ready_name(i), "%s",
			    reason_words[i]);
	if (x->batch->halted)
		say(x, "halted", "yes", "%s", x->batch->halted_why);
	if (s->status != TB_OK)
		say(x, "error", "yes", "%s", s->err.msg);
}

static void
say_all(struct explain *x)
{
	const struct subject *s = x->subject;

	say_bot(x);
	say_market(x);
	say_legacy(x);
	for (size_t j = 0; j < s->bot.signal_count && s->evaluation != NULL;
	     j++)
		say_signal(x, j);
	if (s->evaluation != NULL) {
		say_decision(x);
		say_confirmation(x);
	}
	say_cooldown(x);
	say_when(x);
	say_readiness(x);
}

enum tb_status
signal_explain(const struct cli *cli, struct tb_err *err)
{
	struct explain x = { .err = err };
	struct batch b = { 0 };
	struct db *db = NULL;
	enum tb_status status;

	status = db_open(&db, cli->db, DB_READ, err);
	if (status == TB_OK)
		status = batch_read(&b, db, cli, err);
	b.ask_veto = true;
	if (status == TB_OK)
		batch_compute(&b);
	cli_rows_begin(&x.rows, cli, explain_columns, 0);
	if (status == TB_OK) {
		x.batch = &b;
		x.subject = &b.subjects[0];
		x.group = &b.groups[x.subject->group];
		line_fill(&b, x.subject, &x.line);
		say_all(&x);
		status = x.status;
		if (status == TB_OK && x.subject->status != TB_OK) {
			*err = (struct tb_err){ 0 };
			status = TB_EPARTIAL;
		}
	}
	status = cli_rows_end(&x.rows, status, err);
	batch_close(&b);
	db_close(db);
	return status;
}
