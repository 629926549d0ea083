#include "store/bots.h"

#include <stdlib.h>
#include <string.h>

#include "store/sql.h"

#define PAGE_ROWS 64 /* that bots_each() reads at once */
#define ROW_COLUMNS                                                            \
 "id, name, product_id, granularity, status, cooldown_minutes, config_hash,"   \
 " error, last_evaluation_at, created_at, updated_at"

/* A moment that may be NULL: 0. */
static enum tb_status
optional_instant(struct sql *q, int column, int64_t *out_us, struct tb_err *err)
{
	*out_us = 0;
	return sql_is_null(q, column) ? TB_OK :
					sql_instant(q, column, out_us, err);
}

/* A text that may be NULL: "".  Cut where it is longer. */
static void
optional_text(struct sql *q, int column, char *buf, size_t size)
{
	const char *s = sql_text(q, column);

	buf[0] = '\0';
	if (s != NULL)
		strncat(buf, s, size - 1);
}

static enum tb_status
row_status(struct sql *q, int column, enum bot_status *out, struct tb_err *err)
{
	const char *s = sql_text(q, column);

	if (s == NULL || bot_status_parse(s, strlen(s), out) != TB_OK)
		return tb_fail(err, TB_EDISAGREE,
		    "bots.status: expected RUNNING, STOPPED or ERROR");
	return TB_OK;
}

/* The columns of ROW_COLUMNS. */
static enum tb_status
row_read(struct sql *q, struct bot_row *out, struct tb_err *err)
{
	enum tb_status status;

	*out = (struct bot_row){ .id = sql_int(q, 0),
		.granularity_s = (int)sql_int(q, 3),
		.cooldown_minutes = (int)sql_int(q, 5) };
	optional_text(q, 7, out->error, sizeof(out->error));
	status = sql_copy(q, 1, out->name, sizeof(out->name), err);
	if (status == TB_OK)
		status = sql_copy(q, 2, out->product_id,
		    sizeof(out->product_id), err);
	if (status == TB_OK)
		status = row_status(q, 4, &out->status, err);
	if (status == TB_OK)
		status = sql_copy(q, 6, out->config_hash,
		    sizeof(out->config_hash), err);
	if (status == TB_OK)
		status =
		    optional_instant(q, 8, &out->last_evaluation_at_us, err);
	if (status == TB_OK)
		status = sql_instant(q, 9, &out->created_at_us, err);
	if (status == TB_OK)
		status = sql_instant(q, 10, &out->updated_at_us, err);
	return status;
}

/* The one row of a bound query; TB_END where there is none. */
static enum tb_status
row_only(struct sql *q, struct bot_row *out, struct tb_err *err)
{
	enum tb_status status = sql_step(q, err);

	if (status == TB_OK)
		status = row_read(q, out, err);
	sql_close(q);
	return status;
}

enum tb_status
bots_get(struct db *db, int64_t id, struct bot_row *out, struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, db,
	    "SELECT " ROW_COLUMNS " FROM bots WHERE id = ?1", err);
	if (status != TB_OK)
		return status;
	sql_bind_int(&q, 1, id);
	status = row_only(&q, out, err);
	if (status == TB_END)
		return tb_fail(err, TB_ENOENT, "there is no bot %lld",
		    (long long)id);
	return status;
}

enum tb_status
bots_find(struct db *db, const char *name, struct bot_row *out,
    struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, db,
	    "SELECT " ROW_COLUMNS " FROM bots WHERE name = ?1", err);
	if (status != TB_OK)
		return status;
	sql_bind_text(&q, 1, name);
	status = row_only(&q, out, err);
	if (status == TB_END)
		return tb_fail(err, TB_ENOENT, "there is no bot \"%s\"", name);
	return status;
}

enum tb_status
bots_page(struct db *db, int64_t after_id, struct bot_row *out, size_t max,
    size_t *out_count, struct tb_err *err)
{
	struct sql q;
	enum tb_status status;
	size_t count = 0;

	*out_count = 0;
	status = sql_open(&q, db,
	    "SELECT " ROW_COLUMNS " FROM bots WHERE id > ?1"
	    " ORDER BY id LIMIT ?2",
	    err);
	if (status != TB_OK)
		return status;
	sql_bind_int(&q, 1, after_id);
	sql_bind_int(&q, 2, (int64_t)max);
	while (count < max && (status = sql_step(&q, err)) == TB_OK) {
		status = row_read(&q, &out[count], err);
		if (status != TB_OK)
			break;
		count++;
	}
	sql_close(&q);
	*out_count = count;
	return status == TB_END ? TB_OK : status;
}

enum tb_status
bots_each(struct db *db, bots_take *take, void *arg, struct tb_err *err)
{
	struct bot_row *page = calloc(PAGE_ROWS, sizeof(*page));
	enum tb_status status;
	int64_t after = 0;
	size_t count;

	if (page == NULL)
		return tb_nomem(err);
	do {
		status = bots_page(db, after, page, PAGE_ROWS, &count, err);
		for (size_t i = 0; i < count && status == TB_OK; i++) {
			after = page[i].id;
			status = take(&page[i], arg, err);
		}
	} while (status == TB_OK && count == PAGE_ROWS);
	free(page);
	return status;
}

/* ------------------------------------------------------ configurations -- */

void
bot_config_release(struct bot_config *c)
{
	free(c->config);
	c->config = NULL;
}

static enum tb_status
config_read(struct sql *q, struct bot_config *out, struct tb_err *err)
{
	enum tb_status status;

	*out = (struct bot_config){ 0 };
	status = sql_instant(q, 0, &out->since_us, err);
	if (status == TB_OK)
		status = sql_copy(q, 1, out->config_hash,
		    sizeof(out->config_hash), err);
	if (status != TB_OK)
		return status;
	out->config = strdup(sql_text(q, 2));
	return out->config == NULL ? tb_nomem(err) : TB_OK;
}

enum tb_status
bots_config(struct db *db, int64_t id, int64_t at_us, struct bot_config *out,
    struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	*out = (struct bot_config){ 0 };
	status = sql_open(&q, db,
	    "SELECT since, config_hash, config FROM bot_configs"
	    " WHERE bot_id = ?1 AND since = coalesce("
	    "(SELECT max(since) FROM bot_configs"
	    " WHERE bot_id = ?1 AND since <= ?2),"
	    "(SELECT min(since) FROM bot_configs WHERE bot_id = ?1))",
	    err);
	if (status != TB_OK)
		return status;
	sql_bind_int(&q, 1, id);
	sql_bind_instant(&q, 2, at_us);
	status = sql_step(&q, err);
	if (status == TB_OK)
		status = config_read(&q, out, err);
	sql_close(&q);
	if (status == TB_END)
		return tb_fail(err, TB_ENOENT, "there is no bot %lld",
		    (long long)id);
	return status;
}

static enum tb_status
config_insert(struct db *db, int64_t id, const struct bot_put *put,
    int64_t at_us, struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, db,
	    "INSERT INTO bot_configs (bot_id, since, config_hash, config)"
	    " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (bot_id, since) DO UPDATE"
	    " SET config_hash = excluded.config_hash, config = excluded.config",
	    err);
	if (status != TB_OK)
		return status;
	sql_bind_int(&q, 1, id);
	sql_bind_instant(&q, 2, at_us);
	sql_bind_text(&q, 3, put->config_hash);
	sql_bind_text(&q, 4, put->config);
	return sql_run(&q, err);
}

/* Begin put's configuration at the instant, if another is in force then. */
static enum tb_status
config_change(struct db *db, int64_t id, const struct bot_put *put,
    int64_t at_us, struct tb_err *err)
{
	struct bot_config now;
	enum tb_status status;
	bool same;

	status = bots_config(db, id, at_us, &now, err);
	if (status != TB_OK)
		return status;
	same = now.since_us <= at_us &&
	    strcmp(now.config_hash, put->config_hash) == 0;
	bot_config_release(&now);
	return same ? TB_OK : config_insert(db, id, put, at_us, err);
}

/* -------------------------------------------------------------- writing -- */

/* The columns of INSERT and UPDATE, from ?1 to ?14. */
static void
bind_put(struct sql *q, const struct bot_put *put, int64_t at_us)
{
	sql_bind_text(q, 1, put->name);
	sql_bind_text(q, 2, put->product_id);
	sql_bind_int(q, 3, put->granularity_s);
	sql_bind_text(q, 4, bot_status_name(put->status));
	sql_bind_text(q, 5, put->signal_config);
	sql_bind_decimal(q, 6, put->buy_threshold);
	sql_bind_decimal(q, 7, put->sell_threshold);
	sql_bind_text(q, 8, put->combine);
	sql_bind_text(q, 9, put->style);
	sql_bind_text(q, 10, put->when);
	sql_bind_int(q, 11, put->confirmation_minutes);
	sql_bind_int(q, 12, put->cooldown_minutes);
	sql_bind_decimal(q, 13, put->trade_size_usd);
	sql_bind_text(q, 14, put->config_hash);
	sql_bind_instant(q, 15, at_us);
}

/* Is the name another bot's than id's? */
static enum tb_status
name_check(struct db *db, const char *name, int64_t id, struct tb_err *err)
{
	struct bot_row other;
	enum tb_status status = bots_find(db, name, &other, err);

	if (status == TB_ENOENT || (status == TB_OK && other.id == id)) {
		if (err != NULL)
			*err = (struct tb_err){ 0 };
		return TB_OK;
	}
	if (status != TB_OK)
		return status;
	return tb_fail(err, TB_EREFUSED, "the name \"%s\" is bot %lld's", name,
	    (long long)other.id);
}

enum tb_status
bots_add(struct db *db, const struct bot_put *put, int64_t at_us,
    int64_t *out_id, struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = name_check(db, put->name, 0, err);
	if (status != TB_OK)
		return status;
	status = sql_open(&q, db,
	    "INSERT INTO bots (name, product_id, granularity, status,"
	    " signal_config, buy_threshold, sell_threshold, combine, style,"
	    " when_expr, confirmation_minutes, cooldown_minutes,"
	    " trade_size_usd, config_hash, created_at, updated_at)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
	    " ?14, ?15, ?15)",
	    err);
	if (status != TB_OK)
		return status;
	bind_put(&q, put, at_us);
	status = sql_run(&q, err);
	if (status != TB_OK)
		return status;
	*out_id = sql_inserted_id(&q);
	return config_insert(db, *out_id, put, at_us, err);
}

enum tb_status
bots_change(struct db *db, int64_t id, const struct bot_put *put, int64_t at_us,
    struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = name_check(db, put->name, id, err);
	if (status == TB_OK)
		status = config_change(db, id, put, at_us, err);
	if (status != TB_OK)
		return status;
	status = sql_open(&q, db,
	    "UPDATE bots SET name = ?1, product_id = ?2, granularity = ?3,"
	    " status = ?4, signal_config = ?5, buy_threshold = ?6,"
	    " sell_threshold = ?7, combine = ?8, style = ?9, when_expr = ?10,"
	    " confirmation_minutes = ?11, cooldown_minutes = ?12,"
	    " trade_size_usd = ?13, config_hash = ?14, updated_at = ?15,"
	    " error = NULL WHERE id = ?16",
	    err);
	if (status != TB_OK)
		return status;
	bind_put(&q, put, at_us);
	sql_bind_int(&q, 16, id);
	return sql_run(&q, err);
}

enum tb_status
bots_set_status(struct db *db, int64_t id, enum bot_status bot_status,
    int64_t at_us, struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, db,
	    "UPDATE bots SET status = ?2, error = NULL, updated_at = ?3"
	    " WHERE id = ?1",
	    err);
	if (status != TB_OK)
		return status;
	sql_bind_int(&q, 1, id);
	sql_bind_text(&q, 2, bot_status_name(bot_status));
	sql_bind_instant(&q, 3, at_us);
	return sql_run(&q, err);
}

enum tb_status
bots_judge(struct db *db, int64_t id, const char *error, int64_t at_us,
    struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, db,
	    "UPDATE bots SET status = ?2, error = ?3, updated_at = ?4"
	    " WHERE id = ?1 AND status <> 'STOPPED'"
	    " AND (status <> ?2 OR coalesce(error, '') <> coalesce(?3, ''))",
	    err);
	if (status != TB_OK)
		return status;
	sql_bind_int(&q, 1, id);
	sql_bind_text(&q, 2,
	    bot_status_name(error == NULL ? BOT_RUNNING : BOT_ERROR));
	sql_bind_text(&q, 3, error);
	sql_bind_instant(&q, 4, at_us);
	return sql_run(&q, err);
}

enum tb_status
bots_evaluated(struct db *db, int64_t id, int64_t at_us, struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, db,
	    "UPDATE bots SET last_evaluation_at = ?2 WHERE id = ?1"
	    " AND coalesce(last_evaluation_at, '') < ?2",
	    err);
	if (status != TB_OK)
		return status;
	sql_bind_int(&q, 1, id);
	sql_bind_instant(&q, 2, at_us);
	return sql_run(&q, err);
}

static enum tb_status
delete_where(struct db *db, const char *text, int64_t id, struct tb_err *err)
{
	struct sql q;
	enum tb_status status = sql_open(&q, db, text, err);

	if (status != TB_OK)
		return status;
	sql_bind_int(&q, 1, id);
	return sql_run(&q, err);
}

enum tb_status
bots_delete(struct db *db, int64_t id, struct tb_err *err)
{
	struct bot_row row;
	enum tb_status status;

	status = bots_get(db, id, &row, err);
	if (status == TB_OK)
		status =
		    delete_where(db, "DELETE FROM bots WHERE id = ?1", id, err);
	if (status == TB_OK)
		status = delete_where(db,
		    "DELETE FROM bot_configs WHERE bot_id = ?1", id, err);
	if (status == TB_OK)
		status = delete_where(db,
		    "DELETE FROM evaluations WHERE bot_id = ?1", id, err);
	return status;
}
