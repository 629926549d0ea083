#include "store/writeback.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/buffer.h"
#include "store/draft.h"
#include "store/foreign_copy.h"
#include "store/sql.h"

#define SQL_MAX 65536

/* What is written of a trade, by the old name of its column. */
enum field {
	F_BOT_ID,
	F_PRODUCT_ID,
	F_SIDE,
	F_SIZE,
	F_PRICE,
	F_FEE,
	F_COMMISSION,
	F_ORDER_ID,
	F_STATUS,
	F_SIZE_USD,
	F_CREATED_AT,
	F_FILLED_AT,
	F_SCORES,
	F_SCORE,
	F_IN_QUOTE,
	F_TRANCHE,
	F_POSITION,
	F_MODE,
	F_FILL_ID,
	F_ID,
	FIELDS
};

static const char *const fields[FIELDS] = { "bot_id", "product_id", "side",
	"size", "price", "fee", "commission", "order_id", "status", "size_usd",
	"created_at", "filled_at", "signal_scores", "combined_signal_score",
	"size_in_quote", "tranche_number", "position_status", "trading_mode",
	"fill_id", "id" };

/* A copy being written. */
struct writeback {
	sqlite3 *handle;
	sqlite3_stmt *insert;
	bool is_raw;	     /* it has no table trades */
	int columns[FIELDS]; /* the fields that it has, in order */
	int count;
	const char *path; /* for messages */
};

static enum tb_status
fail(const struct writeback *w, struct tb_err *err)
{
	return tb_fail(err, TB_EIO, "%s: %s", w->path,
	    sqlite3_errmsg(w->handle));
}

/* ------------------------------------------------------------- the shape -- */

/* The fields that the table has; none: there is no such table. */
static enum tb_status
look(struct writeback *w, const char *table, struct tb_err *err)
{
	sqlite3_stmt *q = NULL;
	const char *name;
	int code;

	w->count = 0;
	code = sqlite3_prepare_v2(w->handle,
	    "SELECT name, pk FROM pragma_table_info(?1)", -1, &q, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_bind_text(q, 1, table, -1, SQLITE_STATIC);
	while (code == SQLITE_OK || code == SQLITE_ROW) {
		code = sqlite3_step(q);
		if (code != SQLITE_ROW)
			break;
		name = (const char *)sqlite3_column_text(q, 0);
		for (int i = 0; i < FIELDS; i++)
			if (strcasecmp(name, fields[i]) == 0 &&
			    !(i == F_ID && sqlite3_column_int(q, 1) > 0))
				w->columns[w->count++] = i;
	}
	(void)sqlite3_finalize(q);
	return code == SQLITE_DONE ? TB_OK : fail(w, err);
}

static enum tb_status
prepare(struct writeback *w, struct tb_err *err)
{
	const char *table = w->is_raw ? "raw_trades" : "trades";
	struct buffer text;
	enum tb_status status;

	buffer_init(&text, SQL_MAX);
	buffer_add_format(&text, "INSERT INTO \"%s\" (", table);
	for (int i = 0; i < w->count; i++)
		buffer_add_format(&text, "%s\"%s\"", i == 0 ? "" : ", ",
		    fields[w->columns[i]]);
	buffer_add_string(&text, ") VALUES (");
	for (int i = 0; i < w->count; i++) {
		buffer_add_string(&text, i == 0 ? "" : ", ");
		if (w->columns[i] == F_ID)
			buffer_add_format(&text,
			    "(SELECT coalesce(max(id), 0) + 1 FROM \"%s\")",
			    table);
		else
			buffer_add_format(&text, "?%d", i + 1);
	}
	buffer_add_string(&text, ")");
	status = buffer_status(&text, err);
	if (status == TB_OK &&
	    sqlite3_prepare_v2(w->handle, text.data, -1, &w->insert, NULL) !=
		SQLITE_OK)
		status = fail(w, err);
	buffer_release(&text);
	return status;
}

static enum tb_status
open_copy(struct writeback *w, const char *path, struct tb_err *err)
{
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
	    SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_PRIVATECACHE;
	enum tb_status status;

	if (sqlite3_open_v2(path, &w->handle, flags, NULL) != SQLITE_OK)
		return fail(w, err);
	(void)sqlite3_db_config(w->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0,
	    NULL);
	(void)sqlite3_db_config(w->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_db_config(w->handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0,
	    NULL);
	status = look(w, "trades", err);
	if (status == TB_OK && w->count == 0) {
		w->is_raw = true;
		status = look(w, "raw_trades", err);
	}
	if (status == TB_OK && w->count == 0)
		return tb_fail(err, TB_EINVAL,
		    "%s: it has neither trades nor raw_trades", w->path);
	if (status == TB_OK &&
	    sqlite3_exec(w->handle, "BEGIN IMMEDIATE", NULL, NULL, NULL) !=
		SQLITE_OK)
		return fail(w, err);
	return status == TB_OK ? prepare(w, err) : status;
}

/* ------------------------------------------------------------ the trades -- */

/* 2025-09-11T10:30:00.000000Z as the old program wrote it. */
static void
old_time(const char *text, char out[static 32])
{
	(void)snprintf(out, 32, "%.10s %.15s", text, text + 11);
}

/*
 * The trade that q stands on: product, side, coins, price, fee, order, status,
 * value, created, filled, bot.
 */
static enum tb_status
add_trade(struct writeback *w, struct sql *q, struct tb_err *err)
{
	const char *values[FIELDS] = {
		[F_PRODUCT_ID] = sql_text(q, 0),
		[F_SIDE] = sql_text(q, 1),
		[F_SIZE] = sql_text(q, 2),
		[F_PRICE] = sql_text(q, 3),
		[F_FEE] = sql_text(q, 4),
		[F_COMMISSION] = sql_text(q, 4),
		[F_ORDER_ID] = sql_text(q, 5),
		[F_FILL_ID] = sql_text(q, 5),
		[F_STATUS] = sql_text(q, 6),
		[F_SIZE_USD] = sql_text(q, 7),
		[F_BOT_ID] = sql_text(q, 10),
		[F_SCORES] = "{}",
		[F_SCORE] = "0.0",
		[F_IN_QUOTE] = "0",
		[F_TRANCHE] = "1",
		[F_POSITION] = "CLOSED",
		[F_MODE] = "production",
	};
	char created[32], filled[32];
	int code;

	old_time(sql_text(q, 8), created);
	values[F_CREATED_AT] = w->is_raw ? sql_text(q, 8) : created;
	if (!sql_is_null(q, 9)) {
		old_time(sql_text(q, 9), filled);
		values[F_FILLED_AT] = filled;
	}
	for (int i = 0; i < w->count; i++)
		if (w->columns[i] != F_ID)
			(void)sqlite3_bind_text(w->insert, i + 1,
			    values[w->columns[i]], -1, SQLITE_TRANSIENT);
	code = sqlite3_step(w->insert);
	(void)sqlite3_reset(w->insert);
	return code == SQLITE_DONE ? TB_OK : fail(w, err);
}

static enum tb_status
add_trades(struct writeback *w, struct db *db, int64_t source_id,
    int64_t *count, struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db,
	    "SELECT product_id, side, size_crypto, price, commission, order_id,"
	    " status, size_usd, created_at, filled_at, (SELECT r.row_id"
	    " FROM legacy_rows r WHERE r.source_id = ?1"
	    " AND r.source_table = 'bots'"
	    " AND 'bot:' || r.became = t.triggered_by LIMIT 1)"
	    " FROM trades t WHERE order_id NOT IN (SELECT became"
	    " FROM legacy_rows WHERE became IS NOT NULL) ORDER BY id",
	    err);
	sql_bind_int(&q, 1, source_id);
	while ((status = sql_step(&q, err)) == TB_OK) {
		status = add_trade(w, &q, err);
		if (status != TB_OK)
			break;
		++*count;
	}
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

static enum tb_status
update_trade(struct writeback *w, struct sql *q, struct tb_err *err)
{
	sqlite3_stmt *u = NULL;
	char filled[32];
	int code;

	code = sqlite3_prepare_v2(w->handle,
	    "UPDATE trades SET status = ?1, filled_at = ?2 WHERE rowid = ?3",
	    -1, &u, NULL);
	if (code == SQLITE_OK) {
		(void)sqlite3_bind_text(u, 1, sql_text(q, 1), -1,
		    SQLITE_TRANSIENT);
		if (!sql_is_null(q, 2)) {
			old_time(sql_text(q, 2), filled);
			(void)sqlite3_bind_text(u, 2, filled, -1,
			    SQLITE_TRANSIENT);
		}
		(void)sqlite3_bind_int64(u, 3, sql_int(q, 0));
		code = sqlite3_step(u);
	}
	(void)sqlite3_finalize(u);
	return code == SQLITE_DONE ? TB_OK : fail(w, err);
}

/* Old orders that were pending, and that the venue has told of since. */
static enum tb_status
update_trades(struct writeback *w, struct db *db, int64_t source_id,
    int64_t *count, struct tb_err *err)
{
	enum tb_status status = TB_END;
	struct sql q;

	(void)sql_open(&q, db,
	    "SELECT r.row_id, t.status, t.filled_at FROM legacy_rows r"
	    " JOIN trades t ON t.order_id = r.became JOIN orders o"
	    " ON o.order_id = t.order_id WHERE r.source_id = ?1"
	    " AND r.source_table = 'trades' AND t.status <> 'pending'"
	    " AND r.disposition IN ('keep', 'convert')"
	    " AND NOT EXISTS (SELECT 1 FROM fills f"
	    " WHERE f.order_id = t.order_id AND f.entry_id GLOB 'legacy:*')",
	    err);
	sql_bind_int(&q, 1, source_id);
	while (!w->is_raw && (status = sql_step(&q, err)) == TB_OK) {
		status = update_trade(w, &q, err);
		if (status != TB_OK)
			break;
		++*count;
	}
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

/* ------------------------------------------------------------------ file -- */

static enum tb_status
finish(struct writeback *w, enum tb_status status, struct tb_err *err)
{
	(void)sqlite3_finalize(w->insert);
	if (status == TB_OK &&
	    sqlite3_exec(w->handle, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
		status = fail(w, err);
	(void)sqlite3_close(w->handle);
	return status;
}

/* The name is given once, to what is on the disk. */
static enum tb_status
publish(const char *from, const char *file, struct tb_err *err)
{
	int fd = open(from, O_RDONLY | O_CLOEXEC);
	bool synced = fd != -1 && fsync(fd) == 0;

	if (fd != -1)
		(void)close(fd);
	if (!synced)
		return tb_fail(err, TB_EIO, "%s: %s", from, strerror(errno));
	if (link(from, file) == 0)
		return TB_OK;
	return tb_fail(err, errno == EEXIST ? TB_ECONFIG : TB_EIO, "%s: %s",
	    file, strerror(errno));
}

enum tb_status
writeback_make(struct db *db, int64_t source_id, const char *old,
    const char *file, struct writeback_counts *out, struct tb_err *err)
{
	struct writeback w = { .path = file };
	struct foreign_copy copy = { 0 };
	char folder[DRAFT_PATH_MAX];
	enum tb_status status;

	*out = (struct writeback_counts){ 0 };
	status = draft_folder(file, folder, sizeof(folder), err);
	if (status == TB_OK && access(file, F_OK) == 0)
		status = tb_fail(err, TB_ECONFIG,
		    "%s: there is a file of that name already", file);
	if (status == TB_OK)
		status = foreign_copy_make(&copy, old, folder, err);
	if (status != TB_OK)
		return status;
	status = open_copy(&w, copy.path, err);
	if (status == TB_OK)
		status = add_trades(&w, db, source_id, &out->added, err);
	if (status == TB_OK)
		status = update_trades(&w, db, source_id, &out->updated, err);
	status = finish(&w, status, err);
	if (status == TB_OK)
		status = publish(copy.path, file, err);
	foreign_copy_discard(&copy);
	return status;
}
