/* tb-signal: the main job: evaluate, store, say. */

#include <stdio.h>
#include <string.h>

#include "store/evaluations.h"
#include "tb-signal.h"

/* ----------------------------------------------------------------- store -- */

/* Does it differ from what the bot said last, or is it no HOLD? */
static enum tb_status
is_worth_keeping(struct batch *b, const struct signalline *line, bool *out,
    struct tb_err *err)
{
	bool held = false;
	enum tb_status status = TB_OK;

	if (line->action == ACTION_HOLD)
		status = evaluations_hold(b->db, line->bot_id,
		    line->candle_at_us, &held, err);
	*out = !held;
	return status;
}

static enum tb_status
put_evaluation(struct batch *b, const struct signalline *line,
    struct tb_err *err)
{
	struct evaluation_row row = { .bot_id = line->bot_id,
		.candle_at_us = line->candle_at_us,
		.evaluated_at_us = line->instant_us };
	struct buffer text;
	struct json_writer w = { .out = &text };
	enum tb_status status;

	(void)snprintf(row.evaluation_id, sizeof(row.evaluation_id), "%s",
	    line->evaluation_id);
	(void)snprintf(row.product_id, sizeof(row.product_id), "%s",
	    line->product_id);
	(void)snprintf(row.action, sizeof(row.action), "%s",
	    action_name(line->action));
	(void)snprintf(row.temperature, sizeof(row.temperature), "%s",
	    temperature_name(line->temperature));
	(void)real_format(line->combined_score, row.combined_score);
	buffer_init(&text, CLI_ROW_MAX);
	signalline_write(&w, line);
	status = buffer_status(&text, err);
	row.line = text.data;
	if (status == TB_OK)
		status = evaluations_put(b->db, &row, err);
	buffer_release(&text);
	return status;
}

static enum tb_status
put_subject(struct batch *b, const struct subject *s, struct tb_err *err)
{
	struct signalline line;
	bool keep = false;
	enum tb_status status;

	status = bots_evaluated(b->db, s->row.id, b->instant_us, err);
	if (status == TB_OK &&
	    (s->status != TB_OK || s->row.status == BOT_ERROR))
		status = bots_judge(b->db, s->row.id,
		    s->status == TB_OK ? NULL : s->err.msg, b->instant_us, err);
	if (status != TB_OK || s->evaluation == NULL || s->status != TB_OK)
		return status;
	line_fill(b, s, &line);
	status = is_worth_keeping(b, &line, &keep, err);
	if (status == TB_OK && keep)
		status = put_evaluation(b, &line, err);
	return status;
}

/* All of a run in one transaction. */
static enum tb_status
store(struct batch *b, struct tb_err *err)
{
	enum tb_status status;

	if (b->count == 0)
		return TB_OK;
	status = db_begin(b->db, err);
	if (status != TB_OK)
		return status;
	for (size_t i = 0; i < b->count && status == TB_OK; i++)
		status = put_subject(b, &b->subjects[i], err);
	return db_finish(b->db, status, err);
}

/* ------------------------------------------------------------------- say -- */

const struct cli_column signal_columns[] = {
	{ "name", "Bot", CLI_TEXT, 0 },
	{ "product_id", "Product", CLI_TEXT, 0 },
	{ "temperature", "Temperature", CLI_TEXT, 0 },
	{ "combined_score", "Score", CLI_FIGURE, 0 },
	{ "recommended_action", "Action", CLI_TEXT, 0 },
	{ "ready_to_trade", "Ready", CLI_TEXT, 0 },
	{ "not_ready", "Why not", CLI_TEXT, 0 },
	{ "price", "Price", CLI_AMOUNT, 2 },
	{ "candle_at", "Candle closed", CLI_INSTANT, 0 },
	{ "bot_id", NULL, CLI_FIGURE, 0 },
	{ "evaluation_id", NULL, CLI_TEXT, 0 },
	{ "last_evaluation", NULL, CLI_INSTANT, 0 },
	{ "trade_size_usd", NULL, CLI_AMOUNT, 2 },
	{ "error", NULL, CLI_TEXT, 0 },
	{ 0 },
};

/*
 * TB_EPARTIAL where a bot failed, TB_END where none is ready: without words,
 * the lines have said it.
 */
static enum tb_status
say(const struct cli *cli, const struct batch *b, struct tb_err *err)
{
	struct cli_rows rows;
	struct signalline line;
	enum tb_status status = TB_OK;
	bool ready = false, failed = false;

	cli_rows_begin(&rows, cli, signal_columns, 0);
	for (size_t i = 0; i < b->count && status == TB_OK; i++) {
		const struct subject *s = &b->subjects[i];

		line_fill(b, s, &line);
		signalline_write(cli_row(&rows), &line);
		status = cli_row_end(&rows, err);
		ready |= line.ready;
		failed |= s->status != TB_OK;
	}
	status = cli_rows_end(&rows, status, err);
	for (size_t i = 0; i < b->count && status == TB_OK; i++)
		if (b->subjects[i].status != TB_OK)
			cli_warn("bot \"%s\": %s", b->subjects[i].row.name,
			    b->subjects[i].err.msg);
	if (status != TB_OK)
		return status;
	*err = (struct tb_err){ 0 };
	if (failed)
		return TB_EPARTIAL;
	return ready ? TB_OK : TB_END;
}

enum tb_status
signal_evaluate(const struct cli *cli, struct tb_err *err)
{
	struct db *db = NULL;
	struct batch b = { 0 };
	enum tb_status status;

	status = db_open(&db, cli->db, cli->dry_run ? DB_READ : DB_WRITE, err);
	if (status == TB_OK)
		status = batch_read(&b, db, cli, err);
	b.force = signal_options.force;
	if (status == TB_OK)
		batch_compute(&b);
	if (status == TB_OK && !cli->dry_run)
		status = store(&b, err);
	if (status == TB_OK)
		status = say(cli, &b, err);
	batch_close(&b);
	db_close(db);
	return status;
}
