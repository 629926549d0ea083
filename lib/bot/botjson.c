#include "bot/botjson.h"

#include <stdlib.h>
#include <string.h>

#include "bot/field.h"

#define CONFIG_TOKENS_MAX 1024 /* 16 signals with 10 keys are 400 */
#define VALUE_MAX 8192	       /* bytes of one value as text */

/* Keys of a bot that are no part of its configuration. */
static const char *const no_config[] = { "name", "status", "cooldown_minutes" };

static bool
is_config(const char *key)
{
	for (size_t i = 0; i < sizeof(no_config) / sizeof(no_config[0]); i++)
		if (strcmp(key, no_config[i]) == 0)
			return false;
	return true;
}

/* -------------------------------------------------------------- writing -- */

static void
write_value(struct json_writer *w, const char *key, enum bot_value_kind kind,
    const struct buffer *value)
{
	struct decimal amount;

	json_key(w, key);
	if (value->len == 0)
		json_null(w);
	else if (kind == BOT_VALUE_AMOUNT &&
	    decimal_parse(value->data, value->len, &amount) == TB_OK)
		json_amount_min(w, amount, 2);
	else if (kind == BOT_VALUE_TEXT)
		json_string(w, value->data);
	else
		json_raw(w, value->data, value->len);
}

static void
write_signal(struct json_writer *w, const struct bot *bot,
    const struct bot_signal *s, struct buffer *value)
{
	const char *keys[BOT_KEYS_MAX];

	bot_signal_keys(s->kind, keys);
	json_key(w, s->key);
	json_open(w, '{');
	for (size_t i = 0; keys[i] != NULL; i++)
		write_value(w, keys[i], bot_get_signal(bot, s, keys[i], value),
		    value);
	json_close(w, '}');
}

void
bot_write_signals(struct json_writer *w, const struct bot *bot)
{
	struct buffer value;

	buffer_init(&value, VALUE_MAX);
	json_open(w, '{');
	for (size_t i = 0; i < bot->signal_count; i++)
		write_signal(w, bot, &bot->signals[i], &value);
	json_close(w, '}');
	if (w->out->failed == TB_OK)
		w->out->failed = value.failed;
	buffer_release(&value);
}

static void
write_bot(struct json_writer *w, const struct bot *bot, bool config_only)
{
	const char *keys[BOT_KEYS_MAX];
	struct buffer value;

	buffer_init(&value, VALUE_MAX);
	bot_keys(keys);
	for (size_t i = 0; keys[i] != NULL; i++)
		if (!config_only || is_config(keys[i]))
			write_value(w, keys[i], bot_get(bot, keys[i], &value),
			    &value);
	json_key(w, "signals");
	bot_write_signals(w, bot);
	if (w->out->failed == TB_OK)
		w->out->failed = value.failed;
	buffer_release(&value);
}

void
bot_write(struct json_writer *w, const struct bot *bot)
{
	write_bot(w, bot, false);
}

enum tb_status
bot_config_text(const struct bot *bot, struct buffer *out,
    char hash[static DIGEST_HEX], struct tb_err *err)
{
	struct json_token *tokens;
	struct json j;
	struct buffer draft;
	struct json_writer w = { .out = &draft };
	enum tb_status status;

	buffer_init(&draft, BOT_JSON_MAX);
	tokens = calloc(CONFIG_TOKENS_MAX, sizeof(*tokens));
	status = tokens == NULL ? tb_nomem(err) : TB_OK;
	if (status != TB_OK)
		goto out;
	json_open(&w, '{');
	write_bot(&w, bot, true);
	json_close(&w, '}');
	status = buffer_status(&draft, err);
	if (status == TB_OK)
		status = json_read(draft.data, draft.len, tokens,
		    CONFIG_TOKENS_MAX, &j, err);
	if (status != TB_OK)
		goto out;
	buffer_clear(out);
	json_canonical(&j, &j.tokens[0], out);
	status = buffer_status(out, err);
	if (status == TB_OK)
		digest_of(out->data, out->len, hash);
out:
	free(tokens);
	buffer_release(&draft);
	return status;
}

/* -------------------------------------------------------------- reading -- */

/* A scalar as the text that bot_set() takes: null is none. */
static enum tb_status
value_text(const struct json_token *t, struct buffer *out, struct tb_err *err)
{
	buffer_clear(out);
	if (t->kind == JSON_OBJECT || t->kind == JSON_ARRAY)
		return tb_fail(err, TB_EINVAL, "expected one value");
	if (t->kind != JSON_NULL)
		buffer_add(out, t->text, t->len);
	return buffer_status(out, err);
}

/* A key's name as text; no key of ours is longer. */
static enum tb_status
key_text(const struct json_token *key, char name[static BOT_PATH_MAX],
    struct tb_err *err)
{
	return json_copy(key, name, BOT_PATH_MAX, err);
}

static enum tb_status
read_signal(struct bot *bot, const struct json *j, const struct json_token *key,
    struct buffer *value, struct tb_err *err)
{
	const struct json_token *kind = json_get(j, key + 1, "kind");
	char name[BOT_PATH_MAX];
	struct bot_signal *s = NULL;
	enum tb_status status = key_text(key, name, err);

	buffer_clear(value);
	if (status == TB_OK && kind != NULL)
		status = value_text(kind, value, err);
	if (status == TB_OK)
		status = bot_add_signal(bot, name,
		    kind == NULL ? NULL : buffer_string(value), &s, err);
	for (const struct json_token *k = json_first(j, key + 1);
	     status == TB_OK && k != NULL; k = json_after(j, key + 1, k)) {
		status = key_text(k, name, err);
		if (status == TB_OK)
			status = value_text(k + 1, value, err);
		if (status == TB_OK)
			status = bot_set_signal(bot, s, name,
			    buffer_string(value), err);
		if (status != TB_OK)
			tb_err_at(err, "%s", name);
	}
	if (status != TB_OK)
		tb_err_at(err, "signals.%.*s", (int)key->len, key->text);
	return status;
}

static enum tb_status
read_signals(struct bot *bot, const struct json *j,
    const struct json_token *signals, struct buffer *value, struct tb_err *err)
{
	enum tb_status status = TB_OK;

	if (signals == NULL || signals->kind != JSON_OBJECT)
		return tb_fail(err, TB_EINVAL, "signals: expected an object");
	for (const struct json_token *k = json_first(j, signals);
	     status == TB_OK && k != NULL; k = json_after(j, signals, k)) {
		if (k[1].kind != JSON_OBJECT)
			return tb_fail(err, TB_EINVAL,
			    "signals.%.*s: expected an object", (int)k->len,
			    k->text);
		status = read_signal(bot, j, k, value, err);
	}
	return status;
}

/* Signals last: their defaults go by the bot's style. */
static enum tb_status
read_config(struct bot *bot, const struct json *j, struct buffer *value,
    struct tb_err *err)
{
	const struct json_token *object = &j->tokens[0];
	char name[BOT_PATH_MAX];
	enum tb_status status = TB_OK;

	if (object->kind != JSON_OBJECT)
		return tb_fail(err, TB_EINVAL, "expected an object");
	for (const struct json_token *k = json_first(j, object);
	     status == TB_OK && k != NULL; k = json_after(j, object, k)) {
		status = key_text(k, name, err);
		if (status != TB_OK || strcmp(name, "signals") == 0)
			continue;
		status = value_text(k + 1, value, err);
		if (status == TB_OK)
			status = bot_set(bot, name, buffer_string(value), err);
		if (status != TB_OK)
			tb_err_at(err, "%s", name);
	}
	if (status == TB_OK)
		status = read_signals(bot, j, json_get(j, object, "signals"),
		    value, err);
	return status == TB_OK ? bot_check(bot, err) : status;
}

enum tb_status
bot_read_config(struct bot *bot, const char *text, struct tb_err *err)
{
	struct json_token *tokens;
	struct buffer source, value;
	struct json j;
	enum tb_status status;

	buffer_init(&source, BOT_JSON_MAX);
	buffer_init(&value, VALUE_MAX);
	buffer_add_string(&source, text);
	tokens = calloc(CONFIG_TOKENS_MAX, sizeof(*tokens));
	status = tokens == NULL ? tb_nomem(err) : buffer_status(&source, err);
	if (status == TB_OK)
		status = json_read(source.data, source.len, tokens,
		    CONFIG_TOKENS_MAX, &j, err);
	if (status == TB_OK)
		status = read_config(bot, &j, &value, err);
	free(tokens);
	buffer_release(&value);
	buffer_release(&source);
	return status;
}
