/* tb-migrate revert, cleanup: the way back, and its end. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "legacy/verify.h"
#include "store/backup.h"
#include "store/draft.h"
#include "store/origins.h"
#include "store/writeback.h"
#include "tb-migrate.h"

#define FLUSH_BYTES (1U << 20)
#define ROW_MAX ((size_t)2 * DB_VALUE_MAX)

/* ---------------------------------------------------------------- revert -- */

static const struct cli_column revert_columns[] = {
	{ "from", "Old database", CLI_TEXT, 0 },
	{ "file", "Copy", CLI_TEXT, 0 },
	{ "added", "Added", CLI_FIGURE, 0 },
	{ "updated", "Updated", CLI_FIGURE, 0 },
	{ 0 },
};

static enum tb_status
write_reverted(const struct cli *cli, const char *from,
    const struct writeback_counts *n, struct tb_err *err)
{
	struct cli_rows rows;
	struct json_writer *w;

	cli_rows_begin(&rows, cli, revert_columns, CLI_ONE);
	w = cli_row(&rows);
	json_open(w, '{');
	json_key(w, "from");
	json_string(w, from);
	json_key(w, "file");
	json_string(w, cli->argv[0]);
	json_key(w, "added");
	json_int(w, n->added);
	json_key(w, "updated");
	json_int(w, n->updated);
	json_close(w, '}');
	return cli_rows_end(&rows, cli_row_end(&rows, err), err);
}

/*
 * Of several old files the copy is of one: the old program reads one.
 *
 * out: *out_which  of them: the one that --from names, or whose only one it is
 */
static enum tb_status
choose_source(const struct origin_source *sources, size_t count,
    size_t *out_which, struct tb_err *err)
{
	char *full;

	*out_which = 0;
	if (opt.from == NULL || count == 1)
		return TB_OK;
	full = realpath(opt.from, NULL);
	for (size_t i = 0; i < count; i++)
		if (full != NULL && strcmp(full, sources[i].file) == 0)
			*out_which = i + 1;
	free(full);
	if (*out_which == 0)
		return tb_fail(err, TB_EUSAGE,
		    "--from: expected one of the %zu files that were brought "
		    "over, such as %s, found %s",
		    count, sources[0].file, opt.from);
	(*out_which)--;
	return TB_OK;
}

enum tb_status
run_revert(const struct cli *cli, struct tb_err *err)
{
	static struct origin_source sources[LEGACY_FILES_MAX];
	struct writeback_counts n = { 0 };
	struct db *db = NULL;
	const char *from = NULL;
	enum tb_status status;
	size_t count = 0, which = 0;

	status = db_open(&db, cli->db, DB_READ, err);
	if (status == TB_OK)
		status = legacy_sources_load(db, sources, &count, err);
	if (status == TB_OK)
		status = choose_source(sources, count, &which, err);
	from = opt.from != NULL ? opt.from : sources[which].file;
	if (status == TB_OK)
		status = db_begin_read(db, err);
	if (status == TB_OK)
		status = writeback_make(db, sources[which].id, from,
		    cli->argv[0], &n, err);
	if (db != NULL)
		status = db_finish(db, status, err);
	db_close(db);
	if (status == TB_OK)
		status = write_reverted(cli, from, &n, err);
	if (status == TB_OK && count > 1)
		cli_warn("%zu old files were brought over; %s is a copy of "
			 "%s, with the trades since: what stood only in "
			 "another is not in it",
		    count, cli->argv[0], from);
	return status;
}

/* --------------------------------------------------------------- cleanup -- */

/* The file with the old rows, being written. */
struct export
{
	struct draft draft;
	int fd;
	struct buffer out;
	struct digest digest;
	int64_t rows;
	const struct origin_source *source;
	char sha256[DIGEST_HEX];
};

static enum tb_status
flush_export(struct export *e, struct tb_err *err)
{
	const char *p = e->out.data;
	size_t left = e->out.len;
	ssize_t n;

	digest_add(&e->digest, p, left);
	while (left > 0) {
		n = write(e->fd, p, left);
		if (n <= 0)
			return tb_fail(err, TB_EIO, "%s: cannot be written",
			    e->draft.path);
		p += n;
		left -= (size_t)n;
	}
	buffer_clear(&e->out);
	return TB_OK;
}

static enum tb_status
export_row(const struct origin_row *row, void *arg, struct tb_err *err)
{
	struct export *e = arg;
	struct json_writer w = { .out = &e->out };
	enum tb_status status;

	if (row->row == NULL)
		return TB_OK;
	e->rows++;
	json_open(&w, '{');
	json_key(&w, "source_file");
	json_string(&w, e->source->file);
	json_key(&w, "source_table");
	json_string(&w, row->table);
	json_key(&w, "source_row");
	json_int(&w, row->row_id);
	json_key(&w, "disposition");
	json_string(&w, row->disposition);
	json_key(&w, "reason");
	json_string(&w, row->reason);
	json_key(&w, "became");
	json_string(&w, row->became);
	json_key(&w, "sha256");
	json_string(&w, row->hash);
	json_key(&w, "row");
	json_raw(&w, row->row, strlen(row->row));
	json_close(&w, '}');
	buffer_add_char(&e->out, '\n');
	status = buffer_status(&e->out, err);
	if (status == TB_OK && e->out.len >= FLUSH_BYTES)
		status = flush_export(e, err);
	return status;
}

static enum tb_status
export_rows(struct db *db, struct export *e,
    const struct origin_source *sources, size_t count, struct tb_err *err)
{
	enum tb_status status = TB_OK;

	buffer_init(&e->out, ROW_MAX);
	digest_init(&e->digest);
	for (size_t i = 0; i < count && status == TB_OK; i++) {
		e->source = &sources[i];
		status =
		    origins_each(db, sources[i].id, NULL, export_row, e, err);
	}
	if (status == TB_OK)
		status = flush_export(e, err);
	buffer_release(&e->out);
	digest_hex(&e->digest, e->sha256);
	return status;
}

static enum tb_status
open_export(const struct cli *cli, struct export *e, struct tb_err *err)
{
	enum tb_status status = draft_begin(&e->draft, cli->argv[0], err);

	if (status == TB_OK && access(cli->argv[0], F_OK) == 0)
		status = tb_fail(err, TB_ECONFIG,
		    "%s: there is a file of that name already", cli->argv[0]);
	if (status != TB_OK)
		return status;
	return draft_create(&e->draft, &e->fd, err);
}

/* A green verify, and a backup to go back to. */
static enum tb_status
check_ready(const struct cli *cli, struct db *db,
    const struct origin_source *sources, struct tb_err *err)
{
	static struct audit_result results[MIGRATE_CHECKS_MAX];
	const char *backup =
	    opt.backup != NULL ? opt.backup : sources[0].backup;
	enum tb_status status;
	int64_t newer = 0;
	size_t count = 0;

	if (!opt.yes)
		return tb_fail(err, TB_EUSAGE,
		    "cleanup drops the old rows: say --yes");
	status = migrate_verify(cli, db, cli->argv + 1, results, &count, &newer,
	    err);
	for (size_t i = 0; i < count && status == TB_OK; i++)
		if (results[i].findings > 0)
			status = tb_fail(err, TB_EDISAGREE,
			    "verify is not green: %s: %s", results[i].check,
			    results[i].message);
	for (size_t i = 0; i < count && status == TB_OK; i++)
		if (results[i].skipped)
			status = tb_fail(err, TB_EREFUSED,
			    "verify is not green: %s: %s", results[i].check,
			    results[i].message);
	if (status == TB_OK)
		status = backup_check(backup, err);
	return status;
}

static const struct cli_column cleanup_columns[] = {
	{ "file", "File", CLI_TEXT, 0 },
	{ "rows", "Rows", CLI_FIGURE, 0 },
	{ "sha256", "SHA-256", CLI_TEXT, 0 },
	{ 0 },
};

static enum tb_status
write_cleaned(const struct cli *cli, const struct export *e, struct tb_err *err)
{
	struct cli_rows rows;
	struct json_writer *w;

	cli_rows_begin(&rows, cli, cleanup_columns, CLI_ONE);
	w = cli_row(&rows);
	json_open(w, '{');
	json_key(w, "file");
	json_string(w, cli->argv[0]);
	json_key(w, "rows");
	json_int(w, e->rows);
	json_key(w, "sha256");
	json_string(w, e->sha256);
	json_close(w, '}');
	return cli_rows_end(&rows, cli_row_end(&rows, err), err);
}

/* The file first: it is on the disk before a row is dropped. */
static enum tb_status
clean(struct db *db, struct export *e, const struct origin_source *sources,
    size_t count, struct tb_err *err)
{
	enum tb_status status = db_begin(db, err);
	int64_t dropped = 0;

	if (status == TB_OK)
		status = export_rows(db, e, sources, count, err);
	if (status == TB_OK)
		status = draft_publish(&e->draft, false, err);
	if (status == TB_OK)
		status = origins_forget(db, &dropped, err);
	if (status == TB_OK && dropped != e->rows)
		status = tb_fail(err, TB_EDISAGREE,
		    "%" PRId64 " rows were exported, %" PRId64
		    " would be dropped",
		    e->rows, dropped);
	return db_finish(db, status, err);
}

enum tb_status
run_cleanup(const struct cli *cli, struct tb_err *err)
{
	static struct origin_source sources[LEGACY_FILES_MAX];
	static struct export e; /* too large for the stack */
	struct db *db = NULL;
	enum tb_status status;
	size_t count;

	e = (struct export){ .fd = -1 };
	status = db_open(&db, cli->db, DB_WRITE, err);
	if (status == TB_OK)
		status = legacy_sources_load(db, sources, &count, err);
	if (status == TB_OK)
		status = check_ready(cli, db, sources, err);
	if (status == TB_OK)
		status = open_export(cli, &e, err);
	if (status == TB_OK)
		status = clean(db, &e, sources, count, err);
	if (e.fd != -1)
		(void)close(e.fd);
	draft_discard(&e.draft);
	db_close(db);
	if (status == TB_OK)
		status = write_cleaned(cli, &e, err);
	return status;
}
