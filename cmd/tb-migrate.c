/*
 * tb-migrate: make the database, keep it, move it along its schema's history.
 *
 * stdout  the versions of the schema, or what was done, one object a line
 * db	   init, restore: made; up, down: changed; else read
 * exit	   0; 1 when status or check find that "up" is due; 8 when check finds
 *	   damage; else see tb(7)
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/instant.h"
#include "cli.h"
#include "order/lock.h"
#include "store/backup.h"
#include "store/birth.h"
#include "store/db.h"
#include "store/draft.h"
#include "store/schema.h"
#include "tb-migrate.h"

#define LOCK_TIMEOUT_MS 10000
#define STEPS_MAX 64 /* versions that status can list */

struct migrate_options opt;

/* ------------------------------------------------------------------ init -- */

static const struct cli_column birth_columns[] = {
	{ "db", "Database", CLI_TEXT, 0 },
	{ "venue", "Venue", CLI_TEXT, 0 },
	{ "cash_usd", "Cash", CLI_AMOUNT, 2 },
	{ "schema_version", "Schema", CLI_FIGURE, 0 },
	{ 0 },
};

static enum tb_status
write_birth(const struct cli *cli, const struct birth *birth,
    struct tb_err *err)
{
	struct cli_rows rows;
	struct json_writer *w;

	cli_rows_begin(&rows, cli, birth_columns, CLI_ONE);
	w = cli_row(&rows);
	json_open(w, '{');
	json_key(w, "db");
	json_string(w, cli->db);
	json_key(w, "venue");
	json_string(w, birth->venue);
	json_key(w, "cash_usd");
	json_amount_min(w, birth->cash, 2);
	json_key(w, "schema_version");
	json_int(w, schema_newest());
	json_close(w, '}');
	return cli_rows_end(&rows, cli_row_end(&rows, err), err);
}

static enum tb_status
run_init(const struct cli *cli, struct tb_err *err)
{
	struct birth birth = { .venue = opt.venue, .at_us = cli->now_us };
	enum tb_status status = TB_OK;

	if (birth.venue == NULL)
		birth.venue = "paper";
	if (strcmp(birth.venue, "paper") == 0)
		birth.cash = DECIMAL_OF(10000);
	else if (opt.cash != NULL)
		return tb_fail(err, TB_EUSAGE,
		    "--cash: only paper is given its cash; %s tells its own",
		    birth.venue);
	if (opt.cash != NULL)
		status = cli_decimal("--cash", opt.cash, &birth.cash, err);
	if (status == TB_OK && !cli->dry_run)
		status = birth_give(cli->db, &birth, err);
	if (status != TB_OK)
		return status;
	return write_birth(cli, &birth, err);
}

/* --------------------------------------------------------------- history -- */

static const struct cli_column step_columns[] = {
	{ "version", "Version", CLI_FIGURE, 0 },
	{ "name", "Name", CLI_TEXT, 0 },
	{ "applied_at", "Applied", CLI_INSTANT, 0 },
	{ "sha256", NULL, CLI_TEXT, 0 },
	{ 0 },
};

static void
put_step(struct json_writer *w, const struct schema_step *step)
{
	char at[INSTANT_STRLEN];

	json_open(w, '{');
	json_key(w, "version");
	json_int(w, step->version);
	json_key(w, "name");
	json_string(w, step->name);
	json_key(w, "applied_at");
	if (step->applied_at_us != 0)
		instant_format(step->applied_at_us, at);
	json_string(w, step->applied_at_us == 0 ? NULL : at);
	json_key(w, "sha256");
	json_string(w, step->sha256);
	json_close(w, '}');
}

/* TB_END where the newest version is not applied. */
static enum tb_status
write_steps(const struct cli *cli, struct db *db, struct tb_err *err)
{
	static struct schema_step steps[STEPS_MAX];
	struct cli_rows rows;
	enum tb_status status;
	size_t count;

	status = schema_steps(db, steps, STEPS_MAX, &count, err);
	if (status != TB_OK)
		return status;
	cli_rows_begin(&rows, cli, step_columns, 0);
	for (size_t i = 0; i < count && status == TB_OK; i++) {
		put_step(cli_row(&rows), &steps[i]);
		status = cli_row_end(&rows, err);
	}
	if (status == TB_OK && steps[count - 1].applied_at_us == 0)
		status = TB_END;
	return cli_rows_end(&rows, status, err);
}

static enum tb_status
run_status(const struct cli *cli, struct tb_err *err)
{
	struct db *db = NULL;
	enum tb_status status;

	status = db_open(&db, cli->db, DB_READ_ANY_VERSION, err);
	if (status == TB_OK)
		status = write_steps(cli, db, err);
	if (status == TB_END)
		cli_note("%s: run tb-migrate up", cli->db);
	if (db != NULL && db_is_remote(db))
		cli_warn("%s: on a network file system, where locks are not "
			 "to be trusted",
		    cli->db);
	db_close(db);
	return status;
}

/* Where the first operand, or else a step of `by`, leads. */
static enum tb_status
target_of(const struct cli *cli, struct db *db, int by, int *out,
    struct tb_err *err)
{
	long long target;
	enum tb_status status;
	int version;

	status = schema_version(db, &version, err);
	if (status == TB_OK)
		status = schema_is_known(db, version, err);
	if (status != TB_OK)
		return status;
	*out = by > 0 ? schema_newest() : version - 1;
	if (cli->argc > 0) {
		status = cli_integer("VERSION", cli->argv[0], 0,
		    schema_newest(), &target, err);
		if (status != TB_OK)
			return status;
		*out = (int)target;
	}
	if ((by > 0 && *out < version) || (by < 0 && *out > version))
		return tb_fail(err, TB_EUSAGE,
		    "the schema is at version %d: use tb-migrate %s %d",
		    version, by > 0 ? "down" : "up", *out);
	return TB_OK;
}

static enum tb_status
move(const struct cli *cli, int by, struct tb_err *err)
{
	struct db *db = NULL;
	enum tb_status status;
	int target = 0;

	status = db_open(&db, cli->db, DB_ANY_VERSION, err);
	if (status == TB_OK)
		status = target_of(cli, db, by, &target, err);
	if (status == TB_OK && !cli->dry_run)
		status = schema_move(db, target, cli->now_us, err);
	if (status == TB_OK)
		status = write_steps(cli, db, err);
	db_close(db);
	return status == TB_END ? TB_OK : status;
}

static enum tb_status
run_up(const struct cli *cli, struct tb_err *err)
{
	return move(cli, 1, err);
}

static enum tb_status
run_down(const struct cli *cli, struct tb_err *err)
{
	return move(cli, -1, err);
}

/* ----------------------------------------------------------------- check -- */

static const struct cli_column check_columns[] = {
	{ "db", "Database", CLI_TEXT, 0 },
	{ "schema_version", "Schema", CLI_FIGURE, 0 },
	{ "newest_version", "Newest", CLI_FIGURE, 0 },
	{ "integrity", "Integrity", CLI_TEXT, 0 },
	{ 0 },
};

static enum tb_status
write_check(const struct cli *cli, int version, struct tb_err *err)
{
	struct cli_rows rows;
	struct json_writer *w;

	cli_rows_begin(&rows, cli, check_columns, CLI_ONE);
	w = cli_row(&rows);
	json_open(w, '{');
	json_key(w, "db");
	json_string(w, cli->db);
	json_key(w, "schema_version");
	json_int(w, version);
	json_key(w, "newest_version");
	json_int(w, schema_newest());
	json_key(w, "integrity");
	json_string(w, "ok");
	json_close(w, '}');
	return cli_rows_end(&rows, cli_row_end(&rows, err), err);
}

static enum tb_status
run_check(const struct cli *cli, struct tb_err *err)
{
	struct db *db = NULL;
	enum tb_status status;
	int version = 0;

	status = db_open(&db, cli->db, DB_READ_ANY_VERSION, err);
	if (status == TB_OK)
		status = schema_integrity(db, err);
	if (status == TB_OK)
		status = schema_check(db, err);
	if (status == TB_OK)
		status = schema_version(db, &version, err);
	db_close(db);
	if (status == TB_OK)
		status = write_check(cli, version, err);
	if (status == TB_OK && version < schema_newest())
		status = TB_END;
	return status;
}

/* ---------------------------------------------------------------- copies -- */

static const struct cli_column copy_columns[] = {
	{ "db", "Database", CLI_TEXT, 0 },
	{ "file", "File", CLI_TEXT, 0 },
	{ "replaced", "Replaced", CLI_TEXT, 0 },
	{ 0 },
};

static enum tb_status
write_copy(const struct cli *cli, const char *replaced, struct tb_err *err)
{
	struct cli_rows rows;
	struct json_writer *w;

	cli_rows_begin(&rows, cli, copy_columns, CLI_ONE);
	w = cli_row(&rows);
	json_open(w, '{');
	json_key(w, "db");
	json_string(w, cli->db);
	json_key(w, "file");
	json_string(w, cli->argv[0]);
	json_key(w, "replaced");
	json_string(w, *replaced == '\0' ? NULL : replaced);
	json_close(w, '}');
	return cli_rows_end(&rows, cli_row_end(&rows, err), err);
}

/* Both files of one moment: nobody sends an order meanwhile.  A backup waits
 * for the one who does; a restore would pull the books from under him. */
static enum tb_status
copy_locked(const struct cli *cli, char replaced[static BACKUP_PATH_MAX],
    bool restores, struct tb_err *err)
{
	struct send_lock lock = { 0 };
	enum tb_status status = lock_init(&lock, cli->db, err);

	replaced[0] = '\0';
	lock.timeout_ms = restores ? 0 : LOCK_TIMEOUT_MS;
	if (status == TB_OK && restores)
		status = draft_make_folders(cli->db, err);
	if (status == TB_OK)
		status = lock_take(&lock, err);
	if (status == TB_OK && restores)
		status = backup_restore(cli->db, cli->argv[0], replaced, err);
	else if (status == TB_OK)
		status = backup_make(cli->db, cli->argv[0], err);
	lock_close(&lock);
	return status;
}

static enum tb_status
copy(const struct cli *cli, bool restores, struct tb_err *err)
{
	static char replaced[BACKUP_PATH_MAX];
	enum tb_status status = copy_locked(cli, replaced, restores, err);

	if (status != TB_OK)
		return status;
	return write_copy(cli, replaced, err);
}

static enum tb_status
run_backup(const struct cli *cli, struct tb_err *err)
{
	return copy(cli, false, err);
}

static enum tb_status
run_restore(const struct cli *cli, struct tb_err *err)
{
	return copy(cli, true, err);
}

static const struct cli_option options[] = {
	{ .name = "venue",
	    .argument = "VENUE",
	    .help = "where its orders go, for life; the default is paper",
	    .commands = "init",
	    .choices = "paper coinbase",
	    .value = &opt.venue },
	{ .name = "cash",
	    .argument = "USD",
	    .help = "opening cash of a paper database; the default is 10000",
	    .commands = "init",
	    .value = &opt.cash },
	{ .name = "history",
	    .argument = "WHICH",
	    .help = "which old decisions come along; the default is 30d",
	    .commands = "legacy",
	    .choices = "none 30d all",
	    .value = &opt.history },
	{ .name = "backup",
	    .argument = "FILE",
	    .help = "where the copy of this database goes, or is",
	    .commands = "legacy, cleanup",
	    .value = &opt.backup },
	{ .name = "cap",
	    .argument = "USD",
	    .help = "larger trades are not believed; the default is 1000",
	    .commands = "inspect, plan, legacy",
	    .value = &opt.cap },
	{ .name = "from",
	    .argument = "OLD.db",
	    .help = "where the old database is now",
	    .commands = "revert",
	    .value = &opt.from },
	{ .name = "yes",
	    .help = "drop the old rows, once they are in FILE",
	    .commands = "cleanup",
	    .given = &opt.yes },
	{ 0 },
};

static const struct cli_command commands[] = {
	{ "", "", "list the versions of the schema", run_status,
	    CLI_DRY | CLI_ASKS, "migration" },
	{ "init", "", "make a new database", run_init, CLI_DRY, "database" },
	{ "up", "[VERSION]", "bring the schema up to date", run_up, CLI_DRY,
	    "migration" },
	{ "down", "[VERSION]", "take the schema back, by one version", run_down,
	    CLI_DRY, "migration" },
	{ "check", "", "look for damage", run_check, CLI_DRY | CLI_ASKS,
	    "integrity" },
	{ "backup", "FILE", "copy the database, also while it is in use",
	    run_backup, 0, "copy" },
	{ "restore", "FILE", "put a copy in the database's place", run_restore,
	    0, "copy" },
	{ "inspect", "OLD.db", "look at a database of the old system",
	    run_inspect, CLI_DRY, "inspection" },
	{ "plan", "OLD.db ...", "tell what becomes of every old row", run_plan,
	    CLI_DRY, "plan" },
	{ "legacy", "OLD.db ...", "bring the old system's databases over",
	    run_legacy, 0, "legacy" },
	{ "verify", "[OLD.db ...]", "check what came over, to the last digit",
	    run_verify, CLI_DRY, "check" },
	{ "explain", "[OLD.db ...]", "tell what changed, and how to go back",
	    run_explain, CLI_DRY, NULL },
	{ "revert", "FILE", "copy the old database, with the trades since",
	    run_revert, 0, "reverted" },
	{ "cleanup", "FILE [OLD.db ...]", "move the old rows out, to a file",
	    run_cleanup, 0, "cleaned" },
	{ 0 },
};

int
main(int argc, char *argv[])
{
	static const struct cli_tool tool = { .name = "tb-migrate",
		.purpose = "make, keep and move the database",
		.options = options,
		.commands = commands,
		.flags = CLI_EPIPE };

	return cli_main(&tool, argc, argv);
}
