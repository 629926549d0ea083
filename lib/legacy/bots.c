#include "legacy/bots.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bot/field.h"
#include "io/json.h"

#define GRANULARITY_S 3600 /* the old evaluator read candles of an hour */
#define VALUE_MAX 64	   /* bytes of a parameter as text */

static const struct {
	const char *word, *text;
} oddities[] = {
	[LEGACY_BOT_UNNAMED] = { "unnamed", "had no name" },
	[LEGACY_BOT_RENAMED] = { "renamed",
	    "had a name that cannot be used here" },
	[LEGACY_BOT_NO_PRODUCT] = { "no_product",
	    "had no usable pair: set product_id before it is started" },
	[LEGACY_BOT_CONFIG_UNUSABLE] = { "config_unusable",
	    "had no usable configuration and decides nothing" },
	[LEGACY_BOT_SIGNAL_UNKNOWN] = { "signal_unknown",
	    "had a signal that was never recognised: it is not enabled" },
	[LEGACY_BOT_SIGNAL_UNUSABLE] = { "signal_unusable",
	    "had a signal that could never give a score: it is not enabled" },
	[LEGACY_BOT_WEIGHTS_SCALED] = { "weights_scaled",
	    "had weights of more than 1 in all: scaled, the score is the "
	    "same" },
	[LEGACY_BOT_THRESHOLDS] = { "thresholds",
	    "keeps its own thresholds, with the sign turned" },
	[LEGACY_BOT_THRESHOLDS_UNUSABLE] = { "thresholds_unusable",
	    "had thresholds that make no sense: 0.1 and -0.1" },
	[LEGACY_BOT_TIMERS] = { "timers",
	    "had no minutes where the old system took 5 and 15" },
	[LEGACY_BOT_SIZE_UNUSABLE] = { "size_unusable",
	    "had no usable size: 10 USD" },
	[LEGACY_BOT_BELOW_MINIMUM] = { "below_minimum",
	    "trades less than the minimum of 10 USD: raise trade_size_usd" },
	[LEGACY_BOT_WAS_RUNNING] = { "was_running",
	    "was RUNNING in the old system" },
};

const char *
legacy_bot_word(enum legacy_bot_oddity oddity)
{
	return oddities[oddity].word;
}

const char *
legacy_bot_text(enum legacy_bot_oddity oddity)
{
	return oddities[oddity].text;
}

/* A row on its way. */
struct reading {
	struct legacy_bot *out;
	struct bot *bot;
	struct json row, config;
	struct json_token row_tokens[JSON_TOKENS_MAX];
	struct json_token config_tokens[JSON_TOKENS_MAX];
};

static void
odd(struct reading *r, enum legacy_bot_oddity oddity)
{
	r->out->oddities |= UINT32_C(1) << oddity;
}

/* A column of the row that is not NULL. */
static const struct json_token *
column(const struct reading *r, const char *name)
{
	const struct json_token *t = json_get(&r->row, r->row.tokens, name);

	return t == NULL || t->kind == JSON_NULL ? NULL : t;
}

/* Its text without blanks around it into buf; false where it is no text, empty
 * or too long. */
static bool
trimmed(const struct json_token *t, char *buf, size_t size)
{
	const char *s;
	size_t len;

	if (t == NULL || t->kind != JSON_STRING)
		return false;
	s = t->text;
	len = t->len;
	while (len > 0 && isspace((unsigned char)*s)) {
		s++;
		len--;
	}
	while (len > 0 && isspace((unsigned char)s[len - 1]))
		len--;
	if (len == 0 || len >= size)
		return false;
	memcpy(buf, s, len);
	buf[len] = '\0';
	return true;
}

/* --------------------------------------------------- name, pair, status -- */

static void
read_name(struct reading *r)
{
	const struct json_token *t = column(r, "name");
	struct bot *bot = r->bot;

	if (trimmed(t, bot->name, sizeof(bot->name)) &&
	    bot_name_check(bot->name, NULL) == TB_OK)
		return;
	odd(r,
	    t == NULL || t->len == 0 ? LEGACY_BOT_UNNAMED : LEGACY_BOT_RENAMED);
	(void)snprintf(bot->name, sizeof(bot->name), "legacy-bot-%lld",
	    (long long)r->out->old_id);
}

static void
read_product(struct reading *r)
{
	char pair[PRODUCT_ID_MAX];

	if (trimmed(column(r, "pair"), pair, sizeof(pair)))
		for (char *p = pair; *p != '\0'; p++)
			*p = (char)toupper((unsigned char)*p);
	else
		pair[0] = '\0';
	if (!product_id_is_valid(pair, strlen(pair))) {
		odd(r, LEGACY_BOT_NO_PRODUCT);
		(void)snprintf(pair, sizeof(pair), "%s", LEGACY_NO_PRODUCT);
	}
	memcpy(r->bot->product_id, pair, sizeof(r->bot->product_id));
}

static void
read_status(struct reading *r)
{
	char word[16];
	enum bot_status status;

	if (trimmed(column(r, "status"), word, sizeof(word)) &&
	    bot_status_parse(word, strlen(word), &status) == TB_OK &&
	    status == BOT_RUNNING)
		odd(r, LEGACY_BOT_WAS_RUNNING);
}

/* ------------------------------------------------------ size and timers -- */

/* A number with all its decimals; false where it is none. */
static bool
number(const struct json_token *t, struct decimal *out)
{
	bool inexact;

	if (t == NULL || (t->kind != JSON_NUMBER && t->kind != JSON_STRING))
		return false;
	return decimal_parse_rounded(t->text, t->len, DECIMAL_HALF_EVEN, out,
		   &inexact) == TB_OK;
}

static void
read_size(struct reading *r)
{
	struct decimal size;

	if (!number(column(r, "position_size_usd"), &size) ||
	    decimal_round(size, 8, DECIMAL_HALF_EVEN, &size) != TB_OK ||
	    decimal_sign(size) <= 0 ||
	    decimal_cmp(size, DECIMAL_OF(BOT_TRADE_SIZE_USD_MAX)) > 0) {
		odd(r, LEGACY_BOT_SIZE_UNUSABLE);
		return;
	}
	r->bot->trade_size_usd = size;
	if (decimal_cmp(size, DECIMAL_OF(LEGACY_MINIMUM_USD)) < 0)
		odd(r, LEGACY_BOT_BELOW_MINIMUM);
}

/* The old system took 0 and NULL for its default. */
static void
read_minutes(struct reading *r, const char *name, int max, int *minutes)
{
	struct decimal n;

	if (number(column(r, name), &n) && decimal_sign(n) > 0 &&
	    decimal_cmp(n, DECIMAL_OF(max)) <= 0 &&
	    n.v % DECIMAL_ONE_UNITS == 0)
		*minutes = (int)(n.v / DECIMAL_ONE_UNITS);
	else
		odd(r, LEGACY_BOT_TIMERS);
}

/* -------------------------------------------------------------- signals -- */

/* What a key of the old configuration means. */
static const struct known {
	const char *old, *kind;
	const char *parameters[5][2]; /* old name, new name */
} known[] = {
	{ "rsi", "rsi",
	    { { "period", "period" }, { "buy_threshold", "oversold" },
		{ "sell_threshold", "overbought" }, { "oversold", "oversold" },
		{ "overbought", "overbought" } } },
	{ "moving_average", "ma",
	    { { "fast_period", "fast" }, { "slow_period", "slow" } } },
	{ "macd", "macd",
	    { { "fast_period", "fast" }, { "slow_period", "slow" },
		{ "signal_period", "signal" } } },
};
#define KNOWN (sizeof(known) / sizeof(known[0]))

static const struct known *
find_known(const struct json_token *key)
{
	for (size_t i = 0; i < KNOWN; i++)
		if (key->len == strlen(known[i].old) &&
		    strncasecmp(key->text, known[i].old, key->len) == 0)
			return &known[i];
	return NULL;
}

/* "30.0" as a parameter of whole numbers is read: "30". */
static bool
value_text(const struct json_token *t, char out[static VALUE_MAX])
{
	char text[DECIMAL_STRLEN];
	struct decimal d;

	if (!number(t, &d))
		return false;
	decimal_format(d, text);
	(void)snprintf(out, VALUE_MAX, "%s", text);
	return true;
}

/* false: a value that the new signal cannot have. */
static bool
read_parameters(struct reading *r, struct bot_signal *signal,
    const struct known *k, const struct json_token *body)
{
	const struct json_token *t;
	char value[VALUE_MAX];

	for (size_t i = 0; i < 5 && k->parameters[i][0] != NULL; i++) {
		t = json_get(&r->config, body, k->parameters[i][0]);
		if (t == NULL || t->kind == JSON_NULL)
			continue;
		if (!value_text(t, value) ||
		    bot_set_signal(r->bot, signal, k->parameters[i][1], value,
			NULL) != TB_OK)
			return false;
	}
	return score_check(signal->kind, r->bot->style, &signal->p, NULL) ==
	    TB_OK;
}

static bool
read_weight(const struct reading *r, const struct json_token *body,
    struct decimal *out)
{
	*out = DECIMAL_ZERO;
	return number(json_get(&r->config, body, "weight"), out) &&
	    decimal_sign(*out) >= 0 &&
	    decimal_cmp(*out, DECIMAL_OF(1000000)) <= 0;
}

static bool
is_enabled(const struct reading *r, const struct json_token *body)
{
	const struct json_token *t = json_get(&r->config, body, "enabled");

	return t != NULL &&
	    (t->kind == JSON_TRUE ||
		(t->kind == JSON_NUMBER && !json_is(t, "0")));
}

/* A key for the signal that no other has: "rsi", "rsi_2", ... */
static void
choose_key(const struct reading *r, const char *kind,
    char out[static BOT_KEY_MAX + 1])
{
	(void)snprintf(out, BOT_KEY_MAX + 1, "%s", kind);
	for (int i = 2; bot_find_signal(r->bot, out) != NULL; i++)
		(void)snprintf(out, BOT_KEY_MAX + 1, "%s_%d", kind, i);
}

/* Of a key that the old evaluator did not know: "MA" stands there for who
 * reads it, and counts as little as before. */
static enum tb_status
add_unknown(struct reading *r, const struct json_token *key, struct tb_err *err)
{
	bool ma = key->len == 2 && strncasecmp(key->text, "ma", 2) == 0;
	char name[BOT_KEY_MAX + 1];
	struct bot_signal *signal;
	enum tb_status status;

	odd(r, LEGACY_BOT_SIGNAL_UNKNOWN);
	if (!ma || r->bot->signal_count == BOT_SIGNALS_MAX)
		return TB_OK;
	choose_key(r, "ma_unknown", name);
	status = bot_add_signal(r->bot, name, "ma", &signal, err);
	if (status != TB_OK)
		return status;
	signal->enabled = false;
	signal->weight = DECIMAL_ZERO;
	if (!read_parameters(r, signal, &known[1], key + 1))
		signal->p = score_defaults(signal->kind, r->bot->style);
	return TB_OK;
}

static enum tb_status
add_signal(struct reading *r, const struct json_token *key, struct tb_err *err)
{
	const struct json_token *body = key + 1;
	const struct known *k = find_known(key);
	char name[BOT_KEY_MAX + 1];
	struct bot_signal *signal;
	enum tb_status status;

	if (json_is(key, "trading_thresholds"))
		return TB_OK;
	if (body->kind != JSON_OBJECT ||
	    r->bot->signal_count == BOT_SIGNALS_MAX) {
		odd(r, LEGACY_BOT_SIGNAL_UNKNOWN);
		return TB_OK;
	}
	if (k == NULL)
		return add_unknown(r, key, err);
	choose_key(r, k->kind, name);
	status = bot_add_signal(r->bot, name, k->kind, &signal, err);
	if (status != TB_OK)
		return status;
	signal->enabled = is_enabled(r, body);
	if (read_weight(r, body, &signal->weight) &&
	    read_parameters(r, signal, k, body))
		return TB_OK;
	if (signal->enabled)
		odd(r, LEGACY_BOT_SIGNAL_UNUSABLE);
	signal->enabled = false;
	signal->weight = DECIMAL_ZERO;
	signal->p = score_defaults(signal->kind, r->bot->style);
	return TB_OK;
}

/* The mean over weights does not see their scale. */
static enum tb_status
scale_weights(struct reading *r, struct tb_err *err)
{
	struct decimal sum = DECIMAL_ZERO;
	enum tb_status status = TB_OK;
	struct bot_signal *s;

	for (size_t i = 0; i < r->bot->signal_count; i++) {
		s = &r->bot->signals[i];
		if (s->enabled && status == TB_OK)
			status = decimal_add(sum, s->weight, &sum);
	}
	if (status == TB_OK && decimal_cmp(sum, DECIMAL_OF(1)) > 0)
		odd(r, LEGACY_BOT_WEIGHTS_SCALED);
	else
		sum = DECIMAL_OF(1);
	for (size_t i = 0; i < r->bot->signal_count && status == TB_OK; i++) {
		s = &r->bot->signals[i];
		if (s->enabled)
			status = decimal_div(s->weight, sum, DECIMAL_DOWN,
			    &s->weight);
		else if (decimal_cmp(s->weight, DECIMAL_OF(1)) > 0)
			s->weight = DECIMAL_OF(1);
	}
	return status == TB_OK ? TB_OK : tb_fail(err, status, "weights");
}

/* A bot has one signal at least: this one says nothing. */
static enum tb_status
add_silent(struct reading *r, struct tb_err *err)
{
	struct bot_signal *signal;
	enum tb_status status;

	odd(r, LEGACY_BOT_CONFIG_UNUSABLE);
	status = bot_add_signal(r->bot, "rsi", NULL, &signal, err);
	if (status == TB_OK) {
		signal->enabled = false;
		signal->weight = DECIMAL_ZERO;
	}
	return status;
}

/* ----------------------------------------------------------- thresholds -- */

/* Negative was BUY; buyers of the other sign are taken by their size. */
static void
read_thresholds(struct reading *r)
{
	const struct json_token *t =
	    json_get(&r->config, r->config.tokens, "trading_thresholds");
	struct decimal buy, sell;

	if (t == NULL)
		return;
	if (t->kind != JSON_OBJECT ||
	    !number(json_get(&r->config, t, "buy_threshold"), &buy) ||
	    !number(json_get(&r->config, t, "sell_threshold"), &sell) ||
	    decimal_sign(buy) * decimal_sign(sell) >= 0 ||
	    decimal_cmp(decimal_abs(buy), DECIMAL_OF(1)) > 0 ||
	    decimal_cmp(decimal_abs(sell), DECIMAL_OF(1)) > 0) {
		odd(r, LEGACY_BOT_THRESHOLDS_UNUSABLE);
		return;
	}
	odd(r, LEGACY_BOT_THRESHOLDS);
	r->bot->buy_threshold = decimal_abs(buy);
	r->bot->sell_threshold = decimal_neg(decimal_abs(sell));
}

static enum tb_status
read_config(struct reading *r, char *text, size_t len, struct tb_err *err)
{
	const struct json_token *key;
	enum tb_status status = TB_OK;

	if (json_read(text, len, r->config_tokens, JSON_TOKENS_MAX, &r->config,
		NULL) != TB_OK ||
	    r->config.tokens[0].kind != JSON_OBJECT)
		return add_silent(r, err);
	key = json_first(&r->config, r->config.tokens);
	while (key != NULL && status == TB_OK) {
		status = add_signal(r, key, err);
		key = json_after(&r->config, r->config.tokens, key);
	}
	if (status == TB_OK)
		read_thresholds(r);
	if (status == TB_OK && r->bot->signal_count == 0)
		return add_silent(r, err);
	return status == TB_OK ? scale_weights(r, err) : status;
}

/* ------------------------------------------------------------------ row -- */

static enum tb_status
read_row(struct reading *r, struct tb_err *err)
{
	const struct json_token *t = column(r, "id");
	struct bot *bot = r->bot;
	long long id = 0;
	char none = '\0';

	bot_init(bot);
	bot->granularity_s = GRANULARITY_S;
	bot->style = STYLE_LEGACY;
	bot->combine = COMBINE_MEAN;
	bot->status = BOT_STOPPED;
	bot->buy_threshold.v = DECIMAL_ONE_UNITS / 10;
	bot->sell_threshold.v = -(DECIMAL_ONE_UNITS / 10);
	if (t != NULL && json_integer(t, &id, NULL) == TB_OK)
		r->out->old_id = id;
	read_name(r);
	read_product(r);
	read_status(r);
	read_size(r);
	read_minutes(r, "confirmation_minutes", BOT_MINUTES_MAX,
	    &bot->confirmation_minutes);
	read_minutes(r, "cooldown_minutes", BOT_COOLDOWN_MAX,
	    &bot->cooldown_minutes);
	t = column(r, "signal_config");
	if (t == NULL || t->kind != JSON_STRING)
		return read_config(r, &none, 0, err);
	return TB_END; /* there is a text to read */
}

enum tb_status
legacy_bot_read(const char *row, size_t len, struct legacy_bot *out,
    struct tb_err *err)
{
	static struct reading r; /* too large for the stack */
	const struct json_token *t;
	char *text, *config = NULL;
	enum tb_status status;

	*out = (struct legacy_bot){ 0 };
	r.out = out;
	r.bot = &out->bot;
	text = malloc(len + 1);
	if (text == NULL)
		return tb_nomem(err);
	memcpy(text, row, len);
	text[len] = '\0';
	status =
	    json_read(text, len, r.row_tokens, JSON_TOKENS_MAX, &r.row, err);
	if (status == TB_OK && r.row.tokens[0].kind != JSON_OBJECT)
		status = tb_fail(err, TB_EINVAL, "expected an object");
	if (status == TB_OK)
		status = read_row(&r, err);
	if (status == TB_END) {
		t = column(&r, "signal_config");
		config = strndup(t->text, t->len);
		status = config == NULL ? tb_nomem(err) :
					  read_config(&r, config, t->len, err);
	}
	if (status == TB_OK)
		status = bot_check(&out->bot, err);
	free(config);
	free(text);
	return status;
}
