#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "bot/field.h"

/* Keys that a signal of any kind has; kind comes first, it decides the rest. */
static const char *const common_keys[] = { "kind", "enabled", "weight" };
static const char *const jq_keys[] = { "uses", "jq" };
#define COMMON_KEYS (sizeof(common_keys) / sizeof(common_keys[0]))
#define JQ_KEYS (sizeof(jq_keys) / sizeof(jq_keys[0]))
static_assert(COMMON_KEYS + JQ_KEYS + PARAMETERS_MAX < BOT_KEYS_MAX,
    "bot_signal_keys() has room for all");

void
bot_signal_keys(enum score_kind kind, const char *keys[static BOT_KEYS_MAX])
{
	const struct parameter *p;

	for (size_t i = 0; i < COMMON_KEYS; i++)
		*keys++ = common_keys[i];
	for (p = score_row(kind)->parameters; p->name != NULL; p++)
		*keys++ = p->name;
	for (size_t i = 0; i < JQ_KEYS && kind == SCORE_JQ; i++)
		*keys++ = jq_keys[i];
	*keys = NULL;
}

/* ------------------------------------------------------------- beginning -- */

/* Letters, digits, '_' and '-': what jq and a path can name. */
static enum tb_status
key_check(const struct bot *bot, const char *key, struct tb_err *err)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_-";
	size_t len = strlen(key);

	if (len == 0 || len > BOT_KEY_MAX || strspn(key, allowed) != len)
		return tb_fail(err, TB_EINVAL,
		    "a signal's name has 1 to %d"
		    " letters, digits, '_' and '-'",
		    BOT_KEY_MAX);
	if (bot_find_signal(bot, key) != NULL)
		return tb_fail(err, TB_EINVAL, "a signal \"%s\" is there", key);
	return TB_OK;
}

static enum tb_status
kind_parse(const char *kind, enum score_kind *out, struct tb_err *err)
{
	if (score_find(kind, strlen(kind), out))
		return TB_OK;
	return tb_fail(err, TB_EINVAL,
	    "expected the kind of a signal: rsi,"
	    " ma, macd, bbands, stoch or jq, got \"%s\"",
	    kind);
}

enum tb_status
bot_add_signal(struct bot *bot, const char *key, const char *kind,
    struct bot_signal **out, struct tb_err *err)
{
	struct bot_signal *s = &bot->signals[bot->signal_count];
	enum score_kind which;
	enum tb_status status;

	if (bot->signal_count == BOT_SIGNALS_MAX)
		return tb_fail(err, TB_ERANGE, "more than %d signals",
		    BOT_SIGNALS_MAX);
	status = key_check(bot, key, err);
	if (status == TB_OK)
		status = kind_parse(kind == NULL ? key : kind, &which, err);
	if (status != TB_OK)
		return status;
	*s = (struct bot_signal){ .kind = which,
		.enabled = true,
		.weight = DECIMAL_OF(1),
		.p = score_defaults(which, bot->style) };
	(void)snprintf(s->key, sizeof(s->key), "%s", key);
	bot->signal_count++;
	*out = s;
	return TB_OK;
}

/* --------------------------------------------------------------- setting -- */

static enum tb_status
set_bool(const char *value, bool *out, struct tb_err *err)
{
	static const char *const words[] = { "false", "true", "no", "yes",
		"off", "on" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(value, words[i]) != 0)
			continue;
		*out = i % 2 == 1;
		return TB_OK;
	}
	return tb_fail(err, TB_EINVAL, "expected true or false, got \"%s\"",
	    value);
}

static enum tb_status
set_weight(struct bot_signal *s, const char *value, struct tb_err *err)
{
	struct decimal d;

	if (decimal_parse(value, strlen(value), &d) != TB_OK ||
	    decimal_sign(d) < 0 || decimal_cmp(d, DECIMAL_OF(1)) > 0)
		return tb_fail(err, TB_EINVAL, "expected 0 to 1, got \"%s\"",
		    value);
	s->weight = d;
	return TB_OK;
}

/* A list of series, "sma(20), macd(12,26,9)". */
static enum tb_status
set_uses(struct bot_signal *s, const char *value, struct tb_err *err)
{
	struct series uses[BOT_USES_MAX];
	const char *rest = value[0] == '\0' ? NULL : value;
	uint8_t count = 0;
	enum tb_status status;

	while (rest != NULL) {
		const char *one = rest + strspn(rest, " ");
		size_t len = series_split(one, &rest);

		if (count == BOT_USES_MAX)
			return tb_fail(err, TB_EINVAL, "more than %d series",
			    BOT_USES_MAX);
		while (len > 0 && one[len - 1] == ' ')
			len--;
		status = series_parse(one, len, &uses[count], err);
		if (status != TB_OK)
			return status;
		if (series_warm_up(&uses[count]) == 0)
			return tb_fail(err, TB_EINVAL,
			    "%.*s never forgets"
			    " its first candle: no input of a bot",
			    (int)len, one);
		count++;
	}
	memcpy(s->uses, uses, count * sizeof(uses[0]));
	s->uses_count = count;
	return TB_OK;
}

/* The message of parameter_parse() without the name that it begins with. */
static void
drop_name(struct tb_err *err, const char *name)
{
	size_t len = strlen(name);

	if (err != NULL && strncmp(err->msg, name, len) == 0 &&
	    strncmp(err->msg + len, ": ", 2) == 0)
		memmove(err->msg, err->msg + len + 2,
		    strlen(err->msg + len + 2) + 1);
}

static enum tb_status
set_parameter(struct bot_signal *s, const char *key, const char *value,
    struct tb_err *err)
{
	const struct parameter *p = score_row(s->kind)->parameters;
	enum tb_status status;
	size_t i = 0;

	while (p[i].name != NULL && strcmp(p[i].name, key) != 0)
		i++;
	if (p[i].name == NULL)
		return tb_fail(err, TB_EINVAL,
		    "a signal of kind %s has no"
		    " such key",
		    score_row(s->kind)->name);
	status =
	    parameter_parse(&p[i], value, strlen(value), &s->p.value[i], err);
	if (status != TB_OK)
		drop_name(err, key);
	return status;
}

static enum tb_status
set_jq(struct bot *bot, struct bot_signal *s, const char *value,
    struct tb_err *err)
{
	if (value[0] == '\0')
		return tb_fail(err, TB_EINVAL, "expected a jq expression");
	return bot_add_text(bot, value, strlen(value), &s->jq, err);
}

/* A signal has the kind that it began with. */
static enum tb_status
keep_kind(const struct bot_signal *s, const char *value, struct tb_err *err)
{
	enum score_kind kind;
	enum tb_status status = kind_parse(value, &kind, err);

	if (status == TB_OK && kind != s->kind)
		return tb_fail(err, TB_EINVAL, "it is of kind %s, and stays so",
		    score_row(s->kind)->name);
	return status;
}

enum tb_status
bot_set_signal(struct bot *bot, struct bot_signal *s, const char *key,
    const char *value, struct tb_err *err)
{
	if (strcmp(key, "kind") == 0)
		return keep_kind(s, value, err);
	if (strcmp(key, "enabled") == 0)
		return set_bool(value, &s->enabled, err);
	if (strcmp(key, "weight") == 0)
		return set_weight(s, value, err);
	if (s->kind == SCORE_JQ && strcmp(key, "uses") == 0)
		return set_uses(s, value, err);
	if (s->kind == SCORE_JQ && strcmp(key, "jq") == 0)
		return set_jq(bot, s, value, err);
	return set_parameter(s, key, value, err);
}

/* The kind that a new signal begins with. */
static const char *
first_kind(const char *key, const char *value)
{
	if (strcmp(key, "kind") == 0)
		return value;
	return strcmp(key, "jq") == 0 ? "jq" : NULL;
}

static enum tb_status
find_or_add(struct bot *bot, const char *name, const char *kind,
    struct bot_signal **out, struct tb_err *err)
{
	const struct bot_signal *there = bot_find_signal(bot, name);

	if (there == NULL)
		return bot_add_signal(bot, name, kind, out, err);
	*out = &bot->signals[there - bot->signals];
	return TB_OK;
}

/* "rsi.period": a key of a signal, which begins with it where it is new. */
static enum tb_status
set_signal_path(struct bot *bot, const char *path, const char *value,
    struct tb_err *err)
{
	char name[BOT_KEY_MAX + 1];
	size_t len = strcspn(path, ".");
	const char *key = path + len + 1;
	struct bot_signal *s = NULL;
	enum tb_status status;

	if (path[len] == '\0' || len > BOT_KEY_MAX)
		return tb_fail(err, TB_EINVAL,
		    "expected a key like signals.rsi.period");
	memcpy(name, path, len);
	name[len] = '\0';
	status = find_or_add(bot, name, first_kind(key, value), &s, err);
	return status == TB_OK ? bot_set_signal(bot, s, key, value, err) :
				 status;
}

enum tb_status
bot_set_path(struct bot *bot, const char *path, const char *value,
    struct tb_err *err)
{
	static const char signals[] = "signals.";
	size_t len = sizeof(signals) - 1;
	enum tb_status status;

	if (strncmp(path, signals, len) == 0)
		status = set_signal_path(bot, path + len, value, err);
	else
		status = bot_set(bot, path, value, err);
	if (status != TB_OK)
		tb_err_at(err, "%s", path);
	return status;
}

/* --------------------------------------------------------------- getting -- */

static void
get_uses(const struct bot_signal *s, struct buffer *out)
{
	char name[SERIES_STRLEN];

	for (uint8_t i = 0; i < s->uses_count; i++) {
		(void)series_name(&s->uses[i], name);
		buffer_add_format(out, "%s%s", i == 0 ? "" : ",", name);
	}
}

static enum bot_value_kind
get_parameter(const struct bot_signal *s, const char *key, struct buffer *out)
{
	const struct parameter *p = score_row(s->kind)->parameters;
	char text[PARAMETER_STRLEN];
	size_t i = 0;

	while (p[i].name != NULL && strcmp(p[i].name, key) != 0)
		i++;
	assert(p[i].name != NULL);
	(void)parameter_format(&p[i], s->p.value[i], text);
	buffer_add_string(out, text);
	return p[i].kind == PARAMETER_CHOICE ? BOT_VALUE_TEXT :
					       BOT_VALUE_NUMBER;
}

enum bot_value_kind
bot_get_signal(const struct bot *bot, const struct bot_signal *s,
    const char *key, struct buffer *out)
{
	char text[DECIMAL_STRLEN];

	buffer_clear(out);
	if (strcmp(key, "enabled") == 0) {
		buffer_add_string(out, s->enabled ? "true" : "false");
		return BOT_VALUE_BOOL;
	}
	if (strcmp(key, "weight") == 0) {
		(void)decimal_format(s->weight, text);
		buffer_add_string(out, text);
		return BOT_VALUE_NUMBER;
	}
	if (strcmp(key, "kind") == 0)
		buffer_add_string(out, score_row(s->kind)->name);
	else if (s->kind == SCORE_JQ && strcmp(key, "uses") == 0)
		get_uses(s, out);
	else if (s->kind == SCORE_JQ && strcmp(key, "jq") == 0)
		buffer_add_string(out, bot_text(bot, s->jq));
	else
		return get_parameter(s, key, out);
	return BOT_VALUE_TEXT;
}
