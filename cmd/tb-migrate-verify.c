/* tb-migrate verify, explain: did it come over right, and what changed? */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "legacy/bots.h"
#include "legacy/import.h"
#include "legacy/verify.h"
#include "store/draft.h"
#include "store/origins.h"
#include "tb-migrate.h"

#define TEXT_MAX (1U << 22)

/* ---------------------------------------------------------------- verify -- */

static enum tb_status
read_cap(struct db *db, struct decimal *out, struct tb_err *err)
{
	char text[DECIMAL_STRLEN];
	enum tb_status status;

	*out = DECIMAL_OF(LEGACY_CAP_USD);
	status = db_meta_get(db, LEGACY_META_CAP, text, sizeof(text), err);
	if (status == TB_ENOENT)
		return TB_OK;
	if (status == TB_OK)
		status = decimal_parse(text, strlen(text), out);
	return status;
}

/* The files that were imported, or where they are now. */
static enum tb_status
choose_paths(const struct origin_source *sources, size_t count,
    char *const *where, const char **paths, struct tb_err *err)
{
	size_t given = 0;

	while (where[given] != NULL)
		given++;
	if (given != 0 && given != count)
		return tb_fail(err, TB_EUSAGE,
		    "%zu old files were brought over, the first from %s: "
		    "expected as many, in their order, found %zu",
		    count, sources[0].file, given);
	for (size_t i = 0; i < count; i++)
		paths[i] = given == 0 ? sources[i].file : where[i];
	return TB_OK;
}

enum tb_status
migrate_plan_again(const struct cli *cli, struct db *db, char *const *where,
    bool gains, struct legacy_plan **out, struct tb_err *err)
{
	static struct origin_source sources[LEGACY_FILES_MAX];
	static char folder[DRAFT_PATH_MAX];
	const char *paths[LEGACY_FILES_MAX];
	struct legacy_options options = {
		.folder = folder, .now_us = cli->now_us, .gains = gains
	};
	enum tb_status status;
	size_t count;

	status = legacy_sources_load(db, sources, &count, err);
	if (status == TB_OK)
		status = read_cap(db, &options.cap_usd, err);
	if (status == TB_OK)
		status = draft_folder(cli->db, folder, sizeof(folder), err);
	if (status == TB_OK)
		status = choose_paths(sources, count, where, paths, err);
	if (status != TB_OK)
		return status;
	return legacy_plan_open(out, paths, count, &options, err);
}

/* The books, then what was imported. */
static enum tb_status
run_checks(struct db *db, struct legacy_plan *plan, const char *why,
    struct audit_result *results, size_t *count, int64_t *newer,
    struct tb_err *err)
{
	static struct legacy_verified verified;
	enum tb_status status = TB_OK;

	*count = 0;
	while (status == TB_OK && *count + LEGACY_CHECKS < MIGRATE_CHECKS_MAX) {
		status = audit_run(db, *count, &results[*count], err);
		*count += status == TB_OK;
	}
	if (status == TB_END)
		status = legacy_verify(db, plan, why, &verified, err);
	if (status != TB_OK)
		return status;
	for (size_t i = 0; i < LEGACY_CHECKS; i++)
		results[(*count)++] = verified.checks[i];
	*newer = verified.newer + verified.changed;
	return TB_OK;
}

enum tb_status
migrate_verify(const struct cli *cli, struct db *db, char *const *where,
    struct audit_result *results, size_t *out_count, int64_t *out_newer,
    struct tb_err *err)
{
	struct legacy_plan *plan = NULL;
	struct tb_err gone = { 0 };
	enum tb_status status;

	status = migrate_plan_again(cli, db, where, true, &plan, &gone);
	if (status == TB_ENOMEM || status == TB_EUSAGE) {
		*err = gone;
		return status;
	}
	if (status != TB_OK)
		tb_err_set(&gone, status,
		    "%s (where old files were moved, name them behind the "
		    "command)",
		    gone.msg);
	status = db_begin_read(db, err);
	if (status == TB_OK)
		status = run_checks(db, plan, gone.msg, results, out_count,
		    out_newer, err);
	status = db_finish(db, status, err);
	legacy_plan_close(plan);
	return status;
}

static const struct cli_column check_columns[] = {
	{ "check", "Check", CLI_TEXT, 0 },
	{ "ok", "OK", CLI_TEXT, 0 },
	{ "rows", "Rows", CLI_FIGURE, 0 },
	{ "findings", "Findings", CLI_FIGURE, 0 },
	{ "message", "First finding", CLI_TEXT, 0 },
	{ 0 },
};

static void
put_check(struct json_writer *w, const struct audit_result *r)
{
	json_open(w, '{');
	json_key(w, "check");
	json_string(w, r->check);
	json_key(w, "ok");
	if (r->skipped)
		json_null(w);
	else
		json_bool(w, r->findings == 0);
	json_key(w, "rows");
	json_int(w, r->rows);
	json_key(w, "findings");
	json_int(w, r->findings);
	json_key(w, "message");
	json_string(w, r->message[0] == '\0' ? NULL : r->message);
	json_close(w, '}');
}

static enum tb_status
write_checks(const struct cli *cli, const struct audit_result *results,
    size_t count, struct tb_err *err)
{
	const struct audit_result *first = NULL, *skipped = NULL;
	enum tb_status status = TB_OK;
	struct cli_rows rows;

	cli_rows_begin(&rows, cli, check_columns, 0);
	for (size_t i = 0; i < count && status == TB_OK; i++) {
		if (results[i].findings > 0 && first == NULL)
			first = &results[i];
		if (results[i].skipped && skipped == NULL)
			skipped = &results[i];
		put_check(cli_row(&rows), &results[i]);
		status = cli_row_end(&rows, err);
	}
	status = cli_rows_end(&rows, status, err);
	if (status == TB_OK && first != NULL)
		status = tb_fail(err, TB_EDISAGREE, "%s: %s", first->check,
		    first->message);
	else if (status == TB_OK && skipped != NULL && cli->exit_code)
		status = tb_fail(err, TB_EREFUSED, "%s: %s", skipped->check,
		    skipped->message);
	else if (status == TB_OK && skipped != NULL)
		cli_warn("%s: %s", skipped->check, skipped->message);
	return status;
}

enum tb_status
run_verify(const struct cli *cli, struct tb_err *err)
{
	static struct audit_result results[MIGRATE_CHECKS_MAX];
	struct db *db = NULL;
	enum tb_status status;
	int64_t newer = 0;
	size_t count = 0;

	status = db_open(&db, cli->db, DB_READ, err);
	if (status == TB_OK)
		status = migrate_verify(cli, db, cli->argv, results, &count,
		    &newer, err);
	db_close(db);
	if (status == TB_OK && newer > 0)
		cli_note("%" PRId64 " %s than the last run: tb-migrate legacy "
			 "takes %s",
		    newer,
		    newer == 1 ? "row of the old files is newer" :
				 "rows of the old files are newer",
		    newer == 1 ? "it" : "them");
	if (status == TB_OK)
		status = write_checks(cli, results, count, err);
	return status;
}

/* --------------------------------------------------------------- explain -- */

static void
add_amount(struct buffer *out, struct decimal d)
{
	char text[DECIMAL_STRLEN];
	struct decimal cents = d;

	if (decimal_round(d, 2, DECIMAL_HALF_EVEN, &cents) != TB_OK)
		cents = d;
	decimal_format_min(cents, 2, text);
	buffer_add_format(out, "%14s", text);
}

/* Less than half a cent. */
static bool
is_nothing(struct decimal d)
{
	return decimal_abs(d).v < DECIMAL_ONE_UNITS / 200;
}

static const char *
count_word(const struct origin_count *n)
{
	static const char *const words[][2] = { { "keep",
						    "taken as they were" },
		{ "convert", "taken, with something put right" },
		{ "merge", "telling again what another row tells" },
		{ "quarantine", "kept apart, in no figure" },
		{ "archive", "kept as they were, in no figure" } };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(words[i][0], n->disposition) == 0)
			return words[i][1];
	return n->disposition;
}

/* "duplicate_order_id" as half a sentence; any other word as it is. */
static const char *
reason_text(const char *word)
{
	static const char *const words[][2] = {
		{ "no_bot", "decisions of a bot that is not there" },
		{ "same_as_before", "holding, as before" },
		{ "older", "decisions older than --history takes" },
		{ "too_long", "longer than a decision may be here" },
	};
	const char *known;

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(words[i][0], word) == 0)
			return words[i][1];

	for (int i = 1; i < LEGACY_REASONS; i++) {
		known = legacy_reason_word((enum legacy_reason)i);
		if (known != NULL && strcmp(known, word) == 0)
			return legacy_reason_text((enum legacy_reason)i);
	}
	return word;
}

static enum tb_status
explain_count(const struct origin_count *n, void *arg, struct tb_err *err)
{
	struct buffer *out = arg;

	(void)err;
	buffer_add_format(out, "%8" PRId64 " %s %s %s", n->rows, n->table,
	    n->rows == 1 ? "row" : "rows", count_word(n));
	if (n->reason != NULL)
		buffer_add_format(out, ": %s", reason_text(n->reason));
	buffer_add_char(out, '\n');
	return TB_OK;
}

static enum tb_status
explain_rows(struct db *db, struct buffer *out, struct tb_err *err)
{
	static struct origin_source sources[LEGACY_FILES_MAX];
	enum tb_status status;
	size_t count;

	status = legacy_sources_load(db, sources, &count, err);
	for (size_t i = 0; i < count && status == TB_OK; i++) {
		buffer_add_format(out, "From %s (%s, sha256 %.16s...):\n\n",
		    sources[i].file, sources[i].variant, sources[i].sha256);
		status =
		    origins_counts(db, sources[i].id, explain_count, out, err);
		buffer_add_char(out, '\n');
	}
	if (status == TB_OK)
		buffer_add_format(out,
		    "Every row is in exactly one of these places.\n"
		    "This database was backed up before, to\n  %s\n\n",
		    sources[0].backup);
	return status;
}

static enum tb_status
explain_product(const struct legacy_product *p, struct buffer *out,
    struct tb_err *err)
{
	struct decimal old_net, new_net;
	enum tb_status status = legacy_product_net(p, &old_net, &new_net, err);

	if (status != TB_OK)
		return status;
	buffer_add_format(out, "%-14s",
	    p->product_id[0] == '\0' ? "(no product)" : p->product_id);
	add_amount(out, old_net);
	add_amount(out, new_net);
	buffer_add_char(out, '\n');
	for (int c = 0; c < LEGACY_CAUSES; c++) {
		if (p->causes[c].rows == 0 || is_nothing(p->causes[c].net))
			continue;
		buffer_add_format(out, "%14s", "");
		add_amount(out, p->causes[c].net);
		buffer_add_format(out, "  %" PRId64 " %s: %s\n",
		    p->causes[c].rows, p->causes[c].rows == 1 ? "row" : "rows",
		    legacy_cause_text((enum legacy_cause)c));
	}
	return TB_OK;
}

static enum tb_status
nothing(const struct legacy_item *item, void *arg, struct tb_err *err)
{
	(void)item;
	(void)arg;
	(void)err;
	return TB_OK;
}

/* Old and new, product by product. */
static enum tb_status
explain_money(const struct cli *cli, struct db *db, struct buffer *out,
    struct tb_err *err)
{
	const struct legacy_report *report;
	struct legacy_plan *plan = NULL;
	struct tb_err gone = { 0 };
	enum tb_status status = TB_OK;

	status = migrate_plan_again(cli, db, cli->argv, false, &plan, &gone);
	if (status == TB_EUSAGE) {
		*err = gone;
		return status;
	}
	if (status != TB_OK) {
		buffer_add_format(out, "The old figures are not shown: %s.\n\n",
		    gone.msg);
		return TB_OK;
	}
	status = legacy_plan_each(plan, nothing, NULL, err);
	report = legacy_plan_report(plan);
	buffer_add_string(out,
	    "Money received less money spent, as the old system counted it "
	    "and now\n(what is still held is no loss: tb-portfolio shows its "
	    "value):\n\n"
	    "product                  old           new  why\n");
	for (size_t i = 0; i < report->product_count && status == TB_OK; i++)
		status = explain_product(&report->products[i], out, err);
	if (status == TB_OK && report->fee_unknown > 0)
		buffer_add_format(out,
		    "\nOf %" PRId64 " %s the old system knew no fee: such "
		    "gains are before fees.\n",
		    report->fee_unknown,
		    report->fee_unknown == 1 ? "trade" : "trades");
	buffer_add_char(out, '\n');
	legacy_plan_close(plan);
	return status;
}

static const char way_back[] =
    "What is different now\n\n"
    "  A positive score means BUY; the old system's negative ones were "
    "turned, once.\n"
    "  Bots came over STOPPED, with style: legacy: the same score as before "
    "with the\n"
    "  sign turned. tb-signal explain BOT tells where the old form "
    "misleads.\n"
    "  No bot owns a trade or a position; there is one position a "
    "product.\n"
    "  Orders below 10 USD are refused; older trades below it are kept.\n\n"
    "Going on\n\n"
    "  tb-migrate verify                 all figures once more; exit 8 where "
    "one differs\n"
    "  tb-signal | tb-trade -n           beside the old system, which may "
    "keep running\n"
    "  tb-migrate legacy OLD.db          again: takes what was added since\n"
    "  tb-sync reconcile                 what became of pending orders\n"
    "  tb-migrate cleanup --yes FILE     when all is well: the old rows to a "
    "file\n\n"
    "Going back\n\n"
    "  tb-migrate revert FILE            a copy of the old database with the "
    "trades\n"
    "                                    made since, for the old program\n"
    "  tb-migrate restore BACKUP         this database as it was before\n\n"
    "The old file was only read.\n";

enum tb_status
run_explain(const struct cli *cli, struct tb_err *err)
{
	struct db *db = NULL;
	struct buffer out;
	enum tb_status status;

	buffer_init(&out, TEXT_MAX);
	status = db_open(&db, cli->db, DB_READ, err);
	if (status == TB_OK)
		status = explain_rows(db, &out, err);
	if (status == TB_OK)
		status = explain_money(cli, db, &out, err);
	db_close(db);
	buffer_add_string(&out, way_back);
	if (status == TB_OK)
		status = buffer_status(&out, err);
	if (status == TB_OK)
		status = cli_write(out.data, out.len, err);
	buffer_release(&out);
	return status;
}
