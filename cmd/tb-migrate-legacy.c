/* tb-migrate legacy: the old system's rows into the books. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/instant.h"
#include "io/progress.h"
#include "legacy/import.h"
#include "order/lock.h"
#include "store/backup.h"
#include "store/draft.h"
#include "tb-migrate.h"

#define LOCK_TIMEOUT_MS 10000

static const struct cli_column import_columns[] = {
	{ "rows", "Rows", CLI_FIGURE, 0 },
	{ "same", "As before", CLI_FIGURE, 0 },
	{ "changed", "Changed", CLI_FIGURE, 0 },
	{ "keep", "Kept", CLI_FIGURE, 0 },
	{ "convert", "Converted", CLI_FIGURE, 0 },
	{ "merge", "Merged", CLI_FIGURE, 0 },
	{ "quarantine", "Quarantined", CLI_FIGURE, 0 },
	{ "archive", "Archived", CLI_FIGURE, 0 },
	{ "trades", "Trades", CLI_FIGURE, 0 },
	{ "bots", "Bots", CLI_FIGURE, 0 },
	{ "evaluations", "Decisions", CLI_FIGURE, 0 },
	{ "backup", NULL, CLI_TEXT, 0 },
	{ 0 },
};

/* A bot that came over: of one file, or the same of several. */
struct told_bot {
	int64_t id;
	char name[BOT_NAME_MAX + 1];
	uint32_t oddities;
};

/* One run of it. */
struct run {
	const struct cli *cli;
	char backup[BACKUP_PATH_MAX], folder[DRAFT_PATH_MAX];
	char backup_sha256[DIGEST_HEX];
	struct legacy_imported done;
	struct legacy_plan *plan;
	struct progress progress;
	struct told_bot *bots; /* owned */
	size_t bot_count, bot_room;
};

static void
put_count(struct json_writer *w, const char *key, uint64_t n)
{
	json_key(w, key);
	json_int(w, (long long)n);
}

static void
put_sources(struct json_writer *w, const struct legacy_plan *plan)
{
	const struct legacy_source *sources;
	size_t count;

	sources = legacy_plan_sources(plan, &count);
	json_key(w, "sources");
	json_open(w, '[');
	for (size_t i = 0; i < count; i++) {
		json_open(w, '{');
		json_key(w, "file");
		json_string(w, sources[i].path);
		json_key(w, "sha256");
		json_string(w, foreign_sha256(sources[i].file));
		json_key(w, "variant");
		json_string(w, sources[i].variant.name);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static enum tb_status
write_done(struct run *run, struct tb_err *err)
{
	const struct legacy_imported *n = &run->done;
	bool has_backup = run->backup[0] != '\0';
	struct cli_rows rows;
	struct json_writer *w;

	cli_rows_begin(&rows, run->cli, import_columns, CLI_ONE);
	w = cli_row(&rows);
	json_open(w, '{');
	json_key(w, "db");
	json_string(w, run->cli->db);
	json_key(w, "backup");
	json_string(w, has_backup ? run->backup : NULL);
	json_key(w, "backup_sha256");
	json_string(w, has_backup ? run->backup_sha256 : NULL);
	put_sources(w, run->plan);
	put_count(w, "rows", n->rows);
	put_count(w, "same", n->same);
	put_count(w, "changed", n->changed);
	put_count(w, "keep", n->keep);
	put_count(w, "convert", n->convert);
	put_count(w, "merge", n->merge);
	put_count(w, "quarantine", n->quarantine);
	put_count(w, "archive", n->archive);
	put_count(w, "trades", n->trades);
	put_count(w, "pending", n->pending);
	put_count(w, "fills", n->fills);
	put_count(w, "bots", n->bots);
	put_count(w, "evaluations", n->evaluations);
	put_count(w, "venue_knows", n->venue_knows);
	json_close(w, '}');
	return cli_rows_end(&rows, cli_row_end(&rows, err), err);
}

/* --------------------------------------------------------------- the run -- */

/* In the words of the run's instant, so that a name is free. */
static enum tb_status
choose_backup(struct run *run, struct tb_err *err)
{
	char at[INSTANT_STRLEN];
	int len;

	instant_format(instant_now_us(), at);
	if (opt.backup != NULL)
		len = snprintf(run->backup, sizeof(run->backup), "%s",
		    opt.backup);
	else
		len = snprintf(run->backup, sizeof(run->backup),
		    "%s.before-legacy-%.10s-%.2s%.2s%.2s.%.6s", run->cli->db,
		    at, at + 11, at + 14, at + 17, at + 20);
	if (len < 0 || len >= BACKUP_PATH_MAX)
		return tb_fail(err, TB_EUSAGE, "the path is too long");
	return TB_OK;
}

static enum tb_status
make_backup(struct run *run, struct tb_err *err)
{
	enum tb_status status = choose_backup(run, err);
	int fd = -1;

	if (status == TB_OK)
		status = backup_make(run->cli->db, run->backup, err);
	if (status == TB_OK)
		status = cli_open_input(run->backup, &fd, err);
	if (status == TB_OK)
		status = digest_of_file(fd, run->backup_sha256, err);
	if (fd > STDIN_FILENO)
		(void)close(fd);
	return status;
}

static void
tell_progress(uint64_t rows, uint64_t total, void *arg)
{
	struct run *run = arg;

	progress_show(&run->progress, rows, total, "rows");
}

/* It is told when it is in the books. */
static enum tb_status
remember_bot(const struct legacy_bot *bot, int64_t id, void *arg,
    struct tb_err *err)
{
	struct run *run = arg;
	size_t room = run->bot_room == 0 ? 64 : 2 * run->bot_room;
	struct told_bot *grown;

	for (size_t i = 0; i < run->bot_count; i++) {
		if (run->bots[i].id != id)
			continue;
		run->bots[i].oddities |= bot->oddities;
		return TB_OK;
	}
	if (run->bot_count == run->bot_room) {
		grown = reallocarray(run->bots, room, sizeof(*grown));
		if (grown == NULL)
			return tb_nomem(err);
		run->bots = grown;
		run->bot_room = room;
	}
	grown = &run->bots[run->bot_count++];
	*grown = (struct told_bot){ .id = id, .oddities = bot->oddities };
	memcpy(grown->name, bot->bot.name, sizeof(grown->name));
	return TB_OK;
}

static enum tb_status
import(struct run *run, struct decimal cap, struct tb_err *err)
{
	struct legacy_import in = { .plan = run->plan,
		.backup = run->backup,
		.cap_usd = cap,
		.now_us = run->cli->now_us,
		.history = LEGACY_HISTORY_30D,
		.on_progress = tell_progress,
		.on_bot = remember_bot,
		.arg = run };
	int choice = cli_choice(opt.history, "none 30d all");
	struct db *db = NULL;
	enum tb_status status;

	if (choice >= 0)
		in.history = (enum legacy_history)choice;
	status = db_open(&db, run->cli->db, DB_WRITE, err);
	progress_begin(&run->progress, STDERR_FILENO, "importing",
	    run->cli->quiet);
	if (status == TB_OK)
		status = legacy_import_run(db, &in, &run->done, err);
	progress_end(&run->progress);
	db_close(db);
	return status;
}

static void
tell_bot(const struct told_bot *bot)
{
	for (int i = 0; i < LEGACY_BOT_WAS_RUNNING; i++) {
		if ((bot->oddities >> i & 1) == 0)
			continue;
		if (i == LEGACY_BOT_BELOW_MINIMUM ||
		    i == LEGACY_BOT_CONFIG_UNUSABLE ||
		    i == LEGACY_BOT_NO_PRODUCT)
			cli_warn("bot %s %s", bot->name,
			    legacy_bot_text((enum legacy_bot_oddity)i));
		else
			cli_note("bot %s %s", bot->name,
			    legacy_bot_text((enum legacy_bot_oddity)i));
	}
}

static void
tell_bots(const struct run *run)
{
	unsigned ran = 0;

	for (size_t i = 0; i < run->bot_count; i++) {
		tell_bot(&run->bots[i]);
		ran += run->bots[i].oddities >> LEGACY_BOT_WAS_RUNNING & 1;
	}
	if (ran > 0)
		cli_note("%u %s in the old system: every bot is STOPPED here",
		    ran, ran == 1 ? "bot ran" : "bots ran");
}

/* What a person has to know now. */
static void
tell(const struct run *run)
{
	const struct legacy_imported *n = &run->done;

	tell_bots(run);
	if (n->venue_set)
		cli_note("the venue of %s is coinbase now: these trades were "
			 "made there",
		    run->cli->db);
	if (n->venue_stays)
		cli_note("%s has sent orders, so its venue stays as it is",
		    run->cli->db);
	if (n->pending > 0)
		cli_note("%" PRIu64 " %s pending: tb-sync reconcile asks what "
			 "became of %s",
		    n->pending, n->pending == 1 ? "order was" : "orders were",
		    n->pending == 1 ? "it" : "them");
	if (n->same + n->changed < n->rows || n->changed > 0)
		cli_note("next: tb-migrate verify; tb-migrate explain");
	else
		cli_note("nothing is new");
}

static enum tb_status
migrate(struct run *run, struct send_lock *lock, struct tb_err *err)
{
	struct decimal cap;
	enum tb_status status;

	status = lock_take(lock, err);
	if (status == TB_OK)
		status = draft_folder(run->cli->db, run->folder,
		    sizeof(run->folder), err);
	if (status == TB_OK)
		status = migrate_open_plan(run->cli, run->folder, false,
		    &run->plan, &cap, err);
	if (status == TB_OK)
		status = make_backup(run, err);
	if (status != TB_OK) {
		run->backup[0] = '\0';
		return status;
	}
	status = import(run, cap, err);
	/* Nothing was done: nothing has to be undone. */
	if ((status != TB_OK || run->done.same == run->done.rows) &&
	    opt.backup == NULL) {
		(void)unlink(run->backup);
		run->backup[0] = '\0';
	}
	return status;
}

enum tb_status
run_legacy(const struct cli *cli, struct tb_err *err)
{
	static struct run run; /* too large for the stack */
	struct send_lock lock = { 0 };
	enum tb_status status;

	run = (struct run){ .cli = cli };
	status = lock_init(&lock, cli->db, err);
	lock.timeout_ms = LOCK_TIMEOUT_MS;
	if (status == TB_OK)
		status = migrate(&run, &lock, err);
	lock_close(&lock);
	if (status == TB_OK)
		status = write_done(&run, err);
	if (status == TB_OK)
		tell(&run);
	legacy_plan_close(run.plan);
	free(run.bots);
	return status;
}
