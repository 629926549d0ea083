/* tb-signal: load, check: bots in YAML. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bot/difference.h"
#include "bot/lint.h"
#include "store/bars.h"
#include "tb-signal.h"

/* A bot that is wrong is told of, and the others go on. */
static enum tb_status
read_file(const char *path, struct botfile *file, struct tb_err *err)
{
	struct jqexpr *jq = NULL;
	enum tb_status status;

	*file = (struct botfile){ 0 };
	status = jqexpr_open(&jq, err);
	if (status == TB_OK)
		status = botfile_read(file, path, jq, err);
	if (status == TB_ECONFIG) /* a file of bots is input, not set-up */
		status = err->status = TB_EINVAL;
	jqexpr_close(jq);
	for (size_t i = 0; i < file->count; i++)
		if (file->bots[i].status != TB_OK)
			cli_error(&file->bots[i].err);
	return status;
}

/* Was a bot wrong?  Without words: they are out already. */
static enum tb_status
file_status(const struct botfile *file, struct tb_err *err)
{
	*err = (struct tb_err){ 0 };
	return file->wrong == 0 ? TB_OK : TB_EINVAL;
}

/* ------------------------------------------------------------------ load -- */

static const struct cli_column load_columns[] = {
	{ "name", "Bot", CLI_TEXT, 0 },
	{ "change", "Change", CLI_TEXT, 0 },
	{ "key", "Key", CLI_TEXT, 0 },
	{ "from", "From", CLI_TEXT, 0 },
	{ "to", "To", CLI_TEXT, 0 },
	{ 0 },
};

/* One line of the difference; texts are owned, NULL where there is none. */
struct change {
	const char *what; /* "added", "changed", "removed" */
	char *name, *key, *from, *to;
};

/* A load on its way: nothing is written out while it holds the lock. */
struct load {
	const struct cli *cli;
	struct db *db;
	const struct botfile *file;
	const char *name; /* of the bot at hand */
	struct change *changes;
	size_t count, capacity;
};

static char *
copy(const char *s, enum tb_status *status, struct tb_err *err)
{
	char *text = s == NULL ? NULL : strdup(s);

	if (s != NULL && text == NULL)
		*status = tb_nomem(err);
	return text;
}

static enum tb_status
add_change(struct load *l, const char *what, const char *key, const char *from,
    const char *to, struct tb_err *err)
{
	struct change *more, *c;
	enum tb_status status = TB_OK;

	if (l->count == l->capacity) {
		l->capacity = l->capacity == 0 ? 64 : 2 * l->capacity;
		more = reallocarray(l->changes, l->capacity, sizeof(*more));
		if (more == NULL)
			return tb_nomem(err);
		l->changes = more;
	}
	c = &l->changes[l->count++];
	*c = (struct change){ .what = what };
	c->name = copy(l->name, &status, err);
	c->key = copy(key, &status, err);
	c->from = copy(from, &status, err);
	c->to = copy(to, &status, err);
	return status;
}

static void
load_release(struct load *l)
{
	for (size_t i = 0; i < l->count; i++) {
		free(l->changes[i].name);
		free(l->changes[i].key);
		free(l->changes[i].from);
		free(l->changes[i].to);
	}
	free(l->changes);
}

static enum tb_status
each_difference(const char *path, const char *from, const char *to, void *arg,
    struct tb_err *err)
{
	return add_change(arg, "changed", path, from, to, err);
}

/*
 * A bot of the file against the stored one.  Without a status in the file the
 * stored one stays; ERROR is RUNNING that failed.
 */
static enum tb_status
load_stored(struct load *l, const struct bot_row *row,
    const struct botfile_bot *entry, struct tb_err *err)
{
	struct bot from, to = entry->bot;
	struct tb_err unreadable = { 0 };
	size_t before = l->count;
	bool readable;
	enum tb_status status;

	readable = signal_load_bot(l->db, row, l->cli->now_us, &from, NULL,
		       &unreadable) == TB_OK;
	if (from.status == BOT_ERROR)
		from.status = BOT_RUNNING;
	if (!entry->has_status)
		to.status = from.status;
	to.id = row->id;
	status = bot_difference(&from, &to, each_difference, l, err);
	if (status != TB_OK || l->cli->dry_run ||
	    (readable && l->count == before))
		return status;
	return signal_store_bot(l->db, &to, l->cli->now_us, err);
}

static enum tb_status
load_bot(struct load *l, const struct botfile_bot *entry, struct tb_err *err)
{
	struct bot_row row;
	struct bot bot = entry->bot;
	enum tb_status status;

	l->name = entry->bot.name;
	status = bots_find(l->db, l->name, &row, err);
	if (status == TB_OK)
		return load_stored(l, &row, entry, err);
	if (status != TB_ENOENT)
		return status;
	*err = (struct tb_err){ 0 };
	status = add_change(l, "added", NULL, NULL, NULL, err);
	if (status == TB_OK && !l->cli->dry_run)
		status = signal_store_bot(l->db, &bot, l->cli->now_us, err);
	return status;
}

/* Remove a stored bot that the file does not name. */
static enum tb_status
prune(const struct bot_row *row, void *arg, struct tb_err *err)
{
	struct load *l = arg;
	enum tb_status status;

	l->name = row->name;
	if (botfile_find(l->file, l->name) != NULL)
		return TB_OK;
	status = add_change(l, "removed", NULL, NULL, NULL, err);
	if (status == TB_OK && !l->cli->dry_run)
		status = bots_delete(l->db, row->id, err);
	return status;
}

static enum tb_status
load_all(struct load *l, struct tb_err *err)
{
	const struct botfile *file = l->file;
	enum tb_status status = TB_OK;

	for (size_t i = 0; i < file->count && status == TB_OK; i++)
		if (file->bots[i].status == TB_OK)
			status = load_bot(l, &file->bots[i], err);
	if (status != TB_OK || !signal_options.prune)
		return status;
	if (file->wrong == 0)
		return bots_each(l->db, prune, l, err);
	cli_warn("nothing is pruned: %zu of the bots in the file are wrong",
	    file->wrong);
	return TB_OK;
}

static void
write_text(struct json_writer *w, const char *key, const char *s)
{
	json_key(w, key);
	json_string(w, s);
}

static enum tb_status
give_changes(const struct load *l, struct tb_err *err)
{
	struct cli_rows rows;
	struct json_writer *w;
	enum tb_status status = TB_OK;

	cli_rows_begin(&rows, l->cli, load_columns, 0);
	for (size_t i = 0; i < l->count && status == TB_OK; i++) {
		w = cli_row(&rows);
		json_open(w, '{');
		write_text(w, "name", l->changes[i].name);
		write_text(w, "change", l->changes[i].what);
		write_text(w, "key", l->changes[i].key);
		write_text(w, "from", l->changes[i].from);
		write_text(w, "to", l->changes[i].to);
		json_close(w, '}');
		status = cli_row_end(&rows, err);
	}
	return cli_rows_end(&rows, status, err);
}

/* Warnings do not keep a bot from being loaded. */
static void
warn_of(const char *words, void *arg)
{
	const struct botfile_bot *entry = arg;

	cli_warn("bot \"%s\": %s", entry->bot.name, words);
}

enum tb_status
signal_load(const struct cli *cli, struct tb_err *err)
{
	struct botfile file;
	struct load l = { .cli = cli, .file = &file };
	enum tb_status status;

	status = read_file(cli->argv[0], &file, err);
	for (size_t i = 0; i < file.count && status == TB_OK; i++)
		if (file.bots[i].status == TB_OK)
			bot_lint(&file.bots[i].bot, warn_of, &file.bots[i]);
	if (status == TB_OK)
		status = db_open(&l.db, cli->db,
		    cli->dry_run ? DB_READ : DB_WRITE, err);
	if (status == TB_OK)
		status = cli->dry_run ? db_begin_read(l.db, err) :
					db_begin(l.db, err);
	if (status == TB_OK)
		status = db_finish(l.db, load_all(&l, err), err);
	if (status == TB_OK)
		status = give_changes(&l, err);
	if (status == TB_OK && l.count == 0)
		cli_note("%s: nothing changes", cli->argv[0]);
	if (status == TB_OK)
		status = file_status(&file, err);
	load_release(&l);
	db_close(l.db);
	botfile_release(&file);
	return status;
}

/* ----------------------------------------------------------------- check -- */

static const struct cli_column check_columns[] = {
	{ "line", "Line", CLI_FIGURE, 0 },
	{ "name", "Bot", CLI_TEXT, 0 },
	{ "level", "Level", CLI_TEXT, 0 },
	{ "message", "Message", CLI_TEXT, 0 },
	{ 0 },
};

/* A check on its way. */
struct check {
	struct cli_rows rows;
	const struct botfile_bot *entry; /* at hand */
	size_t warnings;
	enum tb_status status; /* of writing the rows */
	struct tb_err *err;
};

static void
give_finding(struct check *c, const char *level, const char *words)
{
	struct json_writer *w;

	if (c->status != TB_OK)
		return;
	w = cli_row(&c->rows);
	json_open(w, '{');
	json_key(w, "line");
	json_int(w, c->entry->line);
	json_key(w, "name");
	json_string(w,
	    c->entry->bot.name[0] == '\0' ? NULL : c->entry->bot.name);
	write_text(w, "level", level);
	write_text(w, "message", words);
	json_close(w, '}');
	c->status = cli_row_end(&c->rows, c->err);
}

static void
finding(const char *words, void *arg)
{
	struct check *c = arg;

	c->warnings++;
	give_finding(c, "warning", words);
}

/* How often it would have been ready: told, whatever is thought of it. */
static void
give_readiness(struct check *c, const struct readiness *r)
{
	char words[TB_ERR_MAX];

	if (r->candles == 0)
		return;
	(void)snprintf(words, sizeof(words),
	    "ready %lld times in %lld stored candles, %.1f a day",
	    (long long)r->ready, (long long)r->candles, readiness_a_day(r));
	give_finding(c, "note", words);
}

/* A bot over all stored candles. */
struct replay {
	struct evaluator *ev;
	const struct bot *bot;
	struct readiness readiness;
};

static enum tb_status
replay_bar(const struct bar *bar, void *arg, struct tb_err *err)
{
	struct replay *r = arg;
	enum tb_status status = evaluator_push(r->ev, bar, err);

	if (status == TB_OK)
		readiness_add(&r->readiness, r->bot, evaluator_get(r->ev, 0));
	return status;
}

/* Expressions are not run over a whole history: such a bot is left out. */
static bool
can_replay(const struct bot *bot)
{
	for (size_t i = 0; i < bot->signal_count; i++)
		if (bot->signals[i].kind == SCORE_JQ &&
		    bot->signals[i].enabled &&
		    decimal_sign(bot->signals[i].weight) > 0)
			return false;
	return true;
}

static enum tb_status
check_readiness(struct check *c, struct db *db, struct tb_err *err)
{
	const struct bot *bot = &c->entry->bot;
	struct replay r = { .bot = bot };
	enum tb_status status;

	if (!can_replay(bot))
		return TB_OK;
	status = evaluator_open(&r.ev, &bot, 1, NULL, NULL, err);
	if (status == TB_OK)
		status = bars_each(db, bot->product_id, bot->granularity_s,
		    INT64_MIN, INT64_MAX, replay_bar, &r, err);
	evaluator_close(r.ev);
	if (status == TB_OK) {
		give_readiness(c, &r.readiness);
		readiness_lint(&r.readiness, finding, c);
	}
	return status;
}

/* Without a database there are no candles to try the bots on. */
static enum tb_status
open_candles(struct db **db, const struct cli *cli, struct tb_err *err)
{
	if (access(cli->db, F_OK) != 0) {
		cli_detail("%s: not there: readiness is not checked", cli->db);
		return TB_OK;
	}
	return db_open(db, cli->db, DB_READ, err);
}

static enum tb_status
check_all(struct check *c, const struct botfile *file, struct db *db,
    struct tb_err *err)
{
	enum tb_status status = TB_OK;

	for (size_t i = 0; i < file->count && status == TB_OK; i++) {
		c->entry = &file->bots[i];
		if (c->entry->status != TB_OK) {
			give_finding(c, "error", c->entry->err.msg);
			continue;
		}
		bot_lint(&c->entry->bot, finding, c);
		if (db != NULL)
			status = check_readiness(c, db, err);
		if (status == TB_OK)
			status = c->status;
	}
	return status;
}

enum tb_status
signal_check(const struct cli *cli, struct tb_err *err)
{
	struct check c = { .err = err };
	struct botfile file;
	struct db *db = NULL;
	enum tb_status status;

	status = read_file(cli->argv[0], &file, err);
	if (status == TB_OK)
		status = open_candles(&db, cli, err);
	cli_rows_begin(&c.rows, cli, check_columns, 0);
	if (status == TB_OK)
		status = check_all(&c, &file, db, err);
	status = cli_rows_end(&c.rows, status, err);
	if (status == TB_OK)
		status = file_status(&file, err);
	if (status == TB_OK && c.warnings > 0)
		status = TB_END;
	db_close(db);
	botfile_release(&file);
	return status;
}
