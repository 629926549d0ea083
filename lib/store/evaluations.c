#include "store/evaluations.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "store/sql.h"

/* A bot that took over the name of another takes over what it decided. */
#define ON_TAKEN_OVER                                                          \
 " ON CONFLICT (evaluation_id) DO UPDATE SET bot_id = excluded.bot_id"

#define ROW_COLUMNS                                                            \
 "evaluation_id, bot_id, product_id, candle_at, evaluated_at,"                 \
 " recommended_action, temperature, combined_score, acted_at, line"

void
evaluation_row_release(struct evaluation_row *row)
{
	free(row->line);
	row->line = NULL;
}

/* The columns of an INSERT, from ?1 to ?9. */
static void
bind_row(struct sql *q, const struct evaluation_row *row)
{
	sql_bind_text(q, 1, row->evaluation_id);
	sql_bind_int(q, 2, row->bot_id);
	sql_bind_text(q, 3, row->product_id);
	sql_bind_instant(q, 4, row->candle_at_us);
	sql_bind_instant(q, 5, row->evaluated_at_us);
	sql_bind_text(q, 6, row->action);
	sql_bind_text(q, 7, row->temperature);
	sql_bind_text(q, 8, row->combined_score);
	sql_bind_text(q, 9, row->line);
}

enum tb_status
evaluations_put(struct db *db, const struct evaluation_row *row,
    struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, db,
	    "INSERT INTO evaluations (evaluation_id, bot_id, product_id,"
	    " candle_at, evaluated_at, recommended_action, temperature,"
	    " combined_score, line)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)" ON_TAKEN_OVER
	    " WHERE bot_id <> excluded.bot_id",
	    err);
	if (status != TB_OK)
		return status;
	bind_row(&q, row);
	return sql_run(&q, err);
}

enum tb_status
evaluations_act(struct db *db, const struct evaluation_row *row, int64_t at_us,
    struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, db,
	    "INSERT INTO evaluations (evaluation_id, bot_id, product_id,"
	    " candle_at, evaluated_at, recommended_action, temperature,"
	    " combined_score, line, acted_at)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)" ON_TAKEN_OVER
	    ", acted_at = excluded.acted_at",
	    err);
	if (status != TB_OK)
		return status;
	bind_row(&q, row);
	sql_bind_instant(&q, 10, at_us);
	return sql_run(&q, err);
}

enum tb_status
evaluations_unact(struct db *db, const char *evaluation_id, struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, db,
	    "UPDATE evaluations SET acted_at = NULL WHERE evaluation_id = ?1",
	    err);
	if (status != TB_OK)
		return status;
	sql_bind_text(&q, 1, evaluation_id);
	return sql_run(&q, err);
}

enum tb_status
evaluations_react(struct db *db, const char *evaluation_id, int64_t at_us,
    struct tb_err *err)
{
	struct sql q;

	(void)sql_open(&q, db,
	    "UPDATE evaluations SET acted_at = ?2 WHERE evaluation_id = ?1",
	    err);
	sql_bind_text(&q, 1, evaluation_id);
	sql_bind_instant(&q, 2, at_us);
	return sql_run(&q, err);
}

enum tb_status
evaluations_last_act(struct db *db, int64_t bot_id, int64_t before_us,
    const char *except, int64_t *out_us, struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	*out_us = 0;
	status = sql_open(&q, db,
	    "SELECT acted_at FROM evaluations WHERE bot_id = ?1"
	    " AND acted_at < ?2 AND evaluation_id <> ?3"
	    " ORDER BY acted_at DESC LIMIT 1",
	    err);
	if (status != TB_OK)
		return status;
	sql_bind_int(&q, 1, bot_id);
	sql_bind_instant(&q, 2, before_us);
	sql_bind_text(&q, 3, except == NULL ? "" : except);
	status = sql_step(&q, err);
	if (status == TB_OK)
		status = sql_instant(&q, 0, out_us, err);
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

/* -------------------------------------------------------------- reading -- */

/* The columns of ROW_COLUMNS; out->line is owned on success. */
static enum tb_status
row_read(struct sql *q, struct evaluation_row *out, struct tb_err *err)
{
	enum tb_status status;

	*out = (struct evaluation_row){ .bot_id = sql_int(q, 1) };
	status =
	    sql_copy(q, 0, out->evaluation_id, sizeof(out->evaluation_id), err);
	if (status == TB_OK)
		status = sql_copy(q, 2, out->product_id,
		    sizeof(out->product_id), err);
	if (status == TB_OK)
		status = sql_instant(q, 3, &out->candle_at_us, err);
	if (status == TB_OK)
		status = sql_instant(q, 4, &out->evaluated_at_us, err);
	if (status == TB_OK)
		status = sql_copy(q, 5, out->action, sizeof(out->action), err);
	if (status == TB_OK)
		status = sql_copy(q, 6, out->temperature,
		    sizeof(out->temperature), err);
	if (status == TB_OK)
		status = sql_copy(q, 7, out->combined_score,
		    sizeof(out->combined_score), err);
	if (status == TB_OK && !sql_is_null(q, 8))
		status = sql_instant(q, 8, &out->acted_at_us, err);
	if (status != TB_OK)
		return status;
	out->line = strdup(sql_text(q, 9));
	return out->line == NULL ? tb_nomem(err) : TB_OK;
}

enum tb_status
evaluations_hold(struct db *db, int64_t bot_id, int64_t until_us, bool *out,
    struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	/* The action beside max() is the one of its row. */
	status = sql_open(&q, db,
	    "SELECT recommended_action = 'HOLD', max(evaluated_at)"
	    " FROM evaluations WHERE bot_id = ?1 AND candle_at ="
	    " (SELECT max(candle_at) FROM evaluations"
	    " WHERE bot_id = ?1 AND candle_at <= ?2)",
	    err);
	if (status != TB_OK)
		return status;
	sql_bind_int(&q, 1, bot_id);
	sql_bind_instant(&q, 2, until_us);
	status = sql_step(&q, err);
	*out = status == TB_OK && sql_int(&q, 0) != 0;
	sql_close(&q);
	return status;
}

enum tb_status
evaluations_last(struct db *db, int64_t bot_id, int64_t until_us,
    struct evaluation_row *out, struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	*out = (struct evaluation_row){ 0 };
	status = sql_open(&q, db,
	    "SELECT " ROW_COLUMNS " FROM evaluations"
	    " WHERE bot_id = ?1 AND candle_at <= ?2"
	    " ORDER BY candle_at DESC, evaluated_at DESC LIMIT 1",
	    err);
	if (status != TB_OK)
		return status;
	sql_bind_int(&q, 1, bot_id);
	sql_bind_instant(&q, 2, until_us);
	status = sql_step(&q, err);
	if (status == TB_OK)
		status = row_read(&q, out, err);
	sql_close(&q);
	return status == TB_END ? TB_ENOENT : status;
}

/* Rows may share a candle: two configurations did.  The id tells them apart. */
static void
bind_cursor(struct sql *q, const struct evaluation_cursor *c, size_t max)
{
	bool begun = c->id[0] != '\0';

	sql_bind_int(q, 1, c->bot_id);
	sql_bind_instant(q, 2, begun ? c->at_us : c->until_us);
	sql_bind_text(q, 3, begun ? c->id : NULL);
	sql_bind_int(q, 4, (int64_t)max);
}

enum tb_status
evaluations_page(struct db *db, struct evaluation_cursor *cursor,
    struct evaluation_row *out, size_t max, size_t *out_count,
    struct tb_err *err)
{
	struct sql q;
	enum tb_status status;
	size_t count = 0;

	*out_count = 0;
	status = sql_open(&q, db,
	    "SELECT " ROW_COLUMNS " FROM evaluations WHERE bot_id = ?1"
	    " AND candle_at <= ?2 AND (candle_at < ?2 OR ?3 IS NULL"
	    " OR evaluation_id < ?3)"
	    " ORDER BY candle_at DESC, evaluation_id DESC LIMIT ?4",
	    err);
	if (status != TB_OK)
		return status;
	bind_cursor(&q, cursor, max);
	while (count < max && (status = sql_step(&q, err)) == TB_OK) {
		status = row_read(&q, &out[count], err);
		if (status != TB_OK)
			break;
		count++;
	}
	sql_close(&q);
	*out_count = count;
	if (count > 0) {
		cursor->at_us = out[count - 1].candle_at_us;
		memcpy(cursor->id, out[count - 1].evaluation_id,
		    sizeof(cursor->id));
	}
	return status == TB_END ? TB_OK : status;
}
