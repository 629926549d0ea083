#include "bot/botfile.h"

#include <stdlib.h>
#include <string.h>

#include "bot/field.h"
#include "io/yaml.h"

/* Put the place of node in front of a message that is already there. */
static enum tb_status
fail_at(const struct yaml *y, const struct yaml_node *node, struct tb_err *err)
{
	struct tb_err inner = *err;

	return yaml_fail(y, node, err, "%s", inner.msg);
}

/*
 * The text of a scalar for bot_set(); "" for null, in its forms.  Quoted text
 * is never null.
 */
static enum tb_status
scalar_text(const struct yaml *y, const struct yaml_node *n, const char **out,
    struct tb_err *err)
{
	if (n->kind != YAML_SCALAR)
		return yaml_fail(y, n, err, "expected one value, got a %s",
		    n->kind == YAML_MAPPING ? "mapping" : "list");
	*out = n->text;
	if (!n->quoted &&
	    (strcmp(n->text, "~") == 0 || strcmp(n->text, "null") == 0))
		*out = "";
	return TB_OK;
}

/* -------------------------------------------------------------- signals -- */

/*
 * The kind that a signal's mapping says: its key "kind", else jq where it has
 * an expression, else NULL: its name says it.
 */
static enum tb_status
signal_kind(const struct yaml *y, const struct yaml_node *signal,
    const char **out, struct tb_err *err)
{
	const struct yaml_node *kind = yaml_get(signal, "kind");

	if (kind != NULL)
		return scalar_text(y, kind, out, err);
	*out = yaml_get(signal, "jq") != NULL ? "jq" : NULL;
	return TB_OK;
}

/* A list of series is one text with commas. */
static enum tb_status
uses_text(const struct yaml *y, const struct yaml_node *list,
    struct buffer *out, struct tb_err *err)
{
	const char *text = "";
	enum tb_status status = TB_OK;

	buffer_clear(out);
	for (const struct yaml_node *n = list->child; n != NULL; n = n->next) {
		status = scalar_text(y, n, &text, err);
		if (status != TB_OK)
			return status;
		buffer_add_format(out, "%s%s", n == list->child ? "" : ",",
		    text);
	}
	return buffer_status(out, err);
}

static enum tb_status
read_signal_key(const struct yaml *y, const struct yaml_node *n,
    struct bot *bot, struct bot_signal *s, struct tb_err *err)
{
	struct buffer list;
	const char *text = NULL;
	enum tb_status status;

	buffer_init(&list, YAML_BYTES_MAX);
	if (n->kind == YAML_SEQUENCE && strcmp(n->key, "uses") == 0) {
		status = uses_text(y, n, &list, err);
		text = buffer_string(&list);
	} else {
		status = scalar_text(y, n, &text, err);
	}
	if (status == TB_OK) {
		status = bot_set_signal(bot, s, n->key, text, err);
		if (status != TB_OK)
			status = fail_at(y, n, err);
	}
	buffer_release(&list);
	return status;
}

static enum tb_status
read_signal(const struct yaml *y, const struct yaml_node *signal,
    struct bot *bot, struct tb_err *err)
{
	const char *kind = NULL, *keys[BOT_KEYS_MAX];
	struct bot_signal *s = NULL;
	enum tb_status status;

	if (signal->kind != YAML_MAPPING)
		return yaml_fail(y, signal, err,
		    "expected a mapping such as {weight: 1.0}");
	status = signal_kind(y, signal, &kind, err);
	if (status != TB_OK)
		return status;
	if (bot_add_signal(bot, signal->key, kind, &s, err) != TB_OK)
		return fail_at(y, signal, err);
	bot_signal_keys(s->kind, keys);
	status = yaml_check_keys(y, signal, keys, err);
	for (const struct yaml_node *n = signal->child;
	     status == TB_OK && n != NULL; n = n->next)
		status = read_signal_key(y, n, bot, s, err);
	if (status == TB_OK && s->kind == SCORE_JQ && s->jq == 0)
		return yaml_fail(y, signal, err, "jq: missing");
	return status;
}

static enum tb_status
read_signals(const struct yaml *y, const struct yaml_node *bot_node,
    struct bot *bot, struct tb_err *err)
{
	const struct yaml_node *signals = yaml_get(bot_node, "signals");
	enum tb_status status = TB_OK;

	if (signals == NULL)
		return yaml_fail(y, bot_node, err, "signals: missing");
	if (signals->kind != YAML_MAPPING || signals->child == NULL)
		return yaml_fail(y, signals, err,
		    "expected a mapping of at least one signal");
	for (const struct yaml_node *n = signals->child;
	     status == TB_OK && n != NULL; n = n->next)
		status = read_signal(y, n, bot, err);
	return status;
}

/* ----------------------------------------------------------------- bots -- */

static enum tb_status
read_key(const struct yaml *y, const struct yaml_node *n, struct bot *bot,
    struct tb_err *err)
{
	const char *text = NULL;
	enum tb_status status = scalar_text(y, n, &text, err);

	if (status != TB_OK)
		return status;
	if (bot_set(bot, n->key, text, err) != TB_OK)
		return fail_at(y, n, err);
	return TB_OK;
}

/* All keys but the signals. */
static enum tb_status
read_keys(const struct yaml *y, const struct yaml_node *node, struct bot *bot,
    struct tb_err *err)
{
	const char *keys[BOT_KEYS_MAX];
	enum tb_status status;
	size_t count = 0;

	bot_keys(keys);
	while (keys[count] != NULL)
		count++;
	keys[count] = "signals"; /* BOT_KEYS_MAX leaves room */
	keys[count + 1] = NULL;
	status = yaml_check_keys(y, node, keys, err);
	for (const struct yaml_node *n = node->child;
	     status == TB_OK && n != NULL; n = n->next)
		if (strcmp(n->key, "signals") != 0)
			status = read_key(y, n, bot, err);
	return status;
}

/*
 * A message of bot_check() begins with a path: find its node, as far as it
 * is there, and say the rest at its place.
 */
static enum tb_status
fail_at_path(const struct yaml *y, const struct yaml_node *node,
    struct tb_err *err)
{
	struct tb_err inner = *err;
	const char *rest = inner.msg;
	char part[BOT_PATH_MAX];

	for (;;) {
		size_t len = strcspn(rest, ".: ");
		const struct yaml_node *next;

		if (len == 0 || len >= sizeof(part) || rest[len] == ' ' ||
		    rest[len] == '\0')
			break;
		memcpy(part, rest, len);
		part[len] = '\0';
		next = node->kind == YAML_MAPPING ? yaml_get(node, part) : NULL;
		if (next == NULL)
			break;
		node = next;
		rest += len + 1;
		rest += strspn(rest, " ");
	}
	return yaml_fail(y, node, err, "%s", rest);
}

enum tb_status
bot_check_expressions(const struct bot *bot, struct jqexpr *jq,
    struct tb_err *err)
{
	enum tb_status status;

	if (bot->when != 0) {
		status = jqexpr_check(jq, bot_text(bot, bot->when), err);
		if (status != TB_OK) {
			tb_err_at(err, "when");
			return status;
		}
	}
	for (size_t i = 0; i < bot->signal_count; i++) {
		const struct bot_signal *s = &bot->signals[i];

		if (s->kind != SCORE_JQ)
			continue;
		status = jqexpr_check(jq, bot_text(bot, s->jq), err);
		if (status != TB_OK) {
			tb_err_at(err, "signals.%s.jq", s->key);
			return status;
		}
	}
	return TB_OK;
}

static enum tb_status
read_bot(const struct yaml *y, const struct yaml_node *node, struct bot *bot,
    struct jqexpr *jq, struct tb_err *err)
{
	enum tb_status status;

	bot_init(bot);
	if (node->kind != YAML_MAPPING)
		return yaml_fail(y, node, err,
		    "expected a bot: a mapping with name, product_id and"
		    " signals");
	/* The name first: it says whose the errors are. */
	if (yaml_get(node, "name") == NULL)
		return yaml_fail(y, node, err, "name: missing");
	status = read_key(y, yaml_get(node, "name"), bot, err);
	if (status == TB_OK)
		status = read_keys(y, node, bot, err);
	if (status == TB_OK && yaml_get(node, "product_id") == NULL)
		status = yaml_fail(y, node, err, "product_id: missing");
	if (status == TB_OK)
		status = read_signals(y, node, bot, err);
	if (status == TB_OK && bot_check(bot, err) != TB_OK)
		status = fail_at_path(y, node, err);
	if (status == TB_OK && jq != NULL &&
	    bot_check_expressions(bot, jq, err) != TB_OK)
		status = fail_at_path(y, node, err);
	return status;
}

/* Is the name of the bot at index i that of one before it? */
static enum tb_status
check_name(const struct yaml *y, const struct yaml_node *node,
    const struct botfile *file, size_t i, struct tb_err *err)
{
	const char *name = file->bots[i].bot.name;

	for (size_t k = 0; k < i; k++)
		if (name[0] != '\0' &&
		    strcmp(file->bots[k].bot.name, name) == 0)
			return yaml_fail(y, yaml_get(node, "name"), err,
			    "the bot on line %d is called \"%s\" too",
			    file->bots[k].line, name);
	return TB_OK;
}

static void
read_entry(const struct yaml *y, const struct yaml_node *node,
    struct jqexpr *jq, struct botfile *file)
{
	size_t i = file->count++;
	struct botfile_bot *entry = &file->bots[i];

	entry->line = node->line;
	entry->status = read_bot(y, node, &entry->bot, jq, &entry->err);
	entry->has_status =
	    node->kind == YAML_MAPPING && yaml_get(node, "status") != NULL;
	if (entry->status == TB_OK)
		entry->status = check_name(y, node, file, i, &entry->err);
	file->wrong += entry->status != TB_OK;
}

static enum tb_status
read_all(const struct yaml *y, struct jqexpr *jq, struct botfile *file,
    struct tb_err *err)
{
	static const char *const known[] = { "bots", NULL };
	const struct yaml_node *root = yaml_root(y), *list;
	enum tb_status status;
	size_t count = 0;

	if (root->kind != YAML_MAPPING)
		return yaml_fail(y, root, err, "expected \"bots:\" and a list");
	status = yaml_check_keys(y, root, known, err);
	if (status != TB_OK)
		return status;
	list = yaml_get(root, "bots");
	if (list == NULL)
		return yaml_fail(y, root, err, "bots: missing");
	if (list->kind != YAML_SEQUENCE)
		return yaml_fail(y, list, err, "expected a list of bots");
	for (const struct yaml_node *n = list->child; n != NULL; n = n->next)
		count++;
	if (count > BOTFILE_BOTS_MAX)
		return yaml_fail(y, list, err, "%zu bots, at most %d are read",
		    count, BOTFILE_BOTS_MAX);
	file->bots = calloc(count + 1, sizeof(file->bots[0]));
	if (file->bots == NULL)
		return tb_nomem(err);
	for (const struct yaml_node *n = list->child; n != NULL; n = n->next)
		read_entry(y, n, jq, file);
	return TB_OK;
}

enum tb_status
botfile_read(struct botfile *out, const char *path, struct jqexpr *jq,
    struct tb_err *err)
{
	struct yaml *y = NULL;
	enum tb_status status;

	*out = (struct botfile){ 0 };
	status = yaml_read(&y, path, err);
	if (status == TB_OK)
		status = read_all(y, jq, out, err);
	yaml_close(y);
	return status;
}

enum tb_status
botfile_parse(struct botfile *out, const char *name, const char *text,
    size_t len, struct jqexpr *jq, struct tb_err *err)
{
	struct yaml *y = NULL;
	enum tb_status status;

	*out = (struct botfile){ 0 };
	status = yaml_parse(&y, name, text, len, err);
	if (status == TB_OK)
		status = read_all(y, jq, out, err);
	yaml_close(y);
	return status;
}

void
botfile_release(struct botfile *file)
{
	free(file->bots);
	*file = (struct botfile){ 0 };
}

const struct botfile_bot *
botfile_find(const struct botfile *file, const char *name)
{
	for (size_t i = 0; i < file->count; i++)
		if (strcmp(file->bots[i].bot.name, name) == 0)
			return &file->bots[i];
	return NULL;
}
