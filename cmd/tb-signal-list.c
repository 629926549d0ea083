/* tb-signal: what was stored: list, history. */

#include <stdlib.h>
#include <string.h>

#include "base/instant.h"
#include "store/evaluations.h"
#include "tb-signal.h"

#define LIMIT 100 /* rows of a history, where nothing is said */
#define LIMIT_MAX 1000000
#define TOKENS_MAX 1024 /* of a stored line */

/* A stored line as it was said; the numbers as --numbers says. */
static enum tb_status
give_line(struct cli_rows *rows, const struct evaluation_row *row,
    struct tb_err *err)
{
	static struct json_token tokens[TOKENS_MAX];
	static struct signalline line;
	struct json j;
	enum tb_status status;

	status = json_read(row->line, strlen(row->line), tokens, TOKENS_MAX, &j,
	    err);
	if (status == TB_OK)
		status = signalline_read(&j, &j.tokens[0], &line, err);
	if (status != TB_OK) {
		tb_err_at(err, "stored evaluation \"%s\"", row->evaluation_id);
		return TB_EDISAGREE;
	}
	signalline_write(cli_row(rows), &line);
	return cli_row_end(rows, err);
}

/* The last one of a bot; a bot that was never evaluated has none. */
static enum tb_status
give_last(const struct bot_row *bot, void *arg, struct tb_err *err)
{
	struct listing *l = arg;
	struct evaluation_row row;
	enum tb_status status;

	status = evaluations_last(l->db, bot->id, l->cli->now_us, &row, err);
	if (status == TB_OK)
		status = give_line(&l->rows, &row, err);
	evaluation_row_release(&row);
	return status == TB_ENOENT ? TB_OK : status;
}

enum tb_status
signal_list(const struct cli *cli, struct tb_err *err)
{
	struct listing l = { .cli = cli };
	enum tb_status status;

	cli_rows_begin(&l.rows, cli, signal_columns, 0);
	status = db_open(&l.db, cli->db, DB_READ, err);
	if (status == TB_OK)
		status = bots_each(l.db, give_last, &l, err);
	db_close(l.db);
	return cli_rows_end(&l.rows, status, err);
}

/* --------------------------------------------------------------- history -- */

static const struct cli_column history_columns[] = {
	{ "candle_at", "Candle closed", CLI_INSTANT, 0 },
	{ "temperature", "Temperature", CLI_TEXT, 0 },
	{ "combined_score", "Score", CLI_FIGURE, 0 },
	{ "recommended_action", "Action", CLI_TEXT, 0 },
	{ "acted_at", "Acted", CLI_INSTANT, 0 },
	{ "evaluated_at", NULL, CLI_INSTANT, 0 },
	{ "product_id", NULL, CLI_TEXT, 0 },
	{ "evaluation_id", NULL, CLI_TEXT, 0 },
	{ 0 },
};

static void
write_text(struct json_writer *w, const char *key, const char *s)
{
	json_key(w, key);
	json_string(w, s);
}

static void
write_instant(struct json_writer *w, const char *key, int64_t us)
{
	char text[INSTANT_STRLEN];

	if (us != 0)
		instant_format(us, text);
	write_text(w, key, us == 0 ? NULL : text);
}

static void
write_row(struct json_writer *w, const struct evaluation_row *row)
{
	json_open(w, '{');
	write_text(w, "evaluation_id", row->evaluation_id);
	write_text(w, "product_id", row->product_id);
	write_instant(w, "candle_at", row->candle_at_us);
	write_instant(w, "evaluated_at", row->evaluated_at_us);
	write_text(w, "recommended_action", row->action);
	write_text(w, "temperature", row->temperature);
	json_key(w, "combined_score");
	json_raw(w, row->combined_score, strlen(row->combined_score));
	write_instant(w, "acted_at", row->acted_at_us);
	json_close(w, '}');
}

/* Give the rows of a page and release them. */
static enum tb_status
give_page(struct cli_rows *rows, struct evaluation_row *page, size_t count,
    struct tb_err *err)
{
	enum tb_status status = TB_OK;

	for (size_t i = 0; i < count; i++) {
		if (status == TB_OK)
			write_row(cli_row(rows), &page[i]);
		if (status == TB_OK)
			status = cli_row_end(rows, err);
		evaluation_row_release(&page[i]);
	}
	return status;
}

/* Page by page, newest first, until `left` rows are given. */
static enum tb_status
give_history(struct db *db, struct cli_rows *rows,
    struct evaluation_cursor *cursor, long long left, struct tb_err *err)
{
	struct evaluation_row *page;
	size_t count = 1, max;
	enum tb_status status = TB_OK;

	page = calloc(DB_PAGE_ROWS, sizeof(*page));
	if (page == NULL)
		return tb_nomem(err);
	while (status == TB_OK && left > 0 && count > 0) {
		max = left < DB_PAGE_ROWS ? (size_t)left : DB_PAGE_ROWS;
		status = evaluations_page(db, cursor, page, max, &count, err);
		left -= (long long)count;
		if (status == TB_OK)
			status = give_page(rows, page, count, err);
	}
	free(page);
	return status;
}

enum tb_status
signal_history(const struct cli *cli, struct tb_err *err)
{
	struct db *db = NULL;
	struct cli_rows rows;
	struct bot_row row = { 0 };
	struct evaluation_cursor cursor = { .until_us = cli->now_us };
	long long limit = LIMIT;
	enum tb_status status = TB_OK;

	cli_rows_begin(&rows, cli, history_columns, CLI_BULK);
	if (signal_options.limit != NULL)
		status = cli_integer("--limit", signal_options.limit, 1,
		    LIMIT_MAX, &limit, err);
	if (status == TB_OK)
		status = db_open(&db, cli->db, DB_READ, err);
	if (status == TB_OK)
		status = signal_find_bot(db, cli->argv[0], &row, err);
	cursor.bot_id = row.id;
	if (status == TB_OK)
		status = give_history(db, &rows, &cursor, limit, err);
	db_close(db);
	return cli_rows_end(&rows, status, err);
}
