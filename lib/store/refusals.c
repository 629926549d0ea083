#include "store/refusals.h"

#include <string.h>

#include "store/sql.h"

static const char *
text_or_null(const char *s)
{
	return s[0] == '\0' ? NULL : s;
}

enum tb_status
refusals_add(struct db *db, struct refusal *refusal, struct tb_err *err)
{
	static const char sql[] =
	    "INSERT INTO refusals (at, product_id, side, size_usd,"
	    " size_crypto, reason, message, dedupe_key, triggered_by)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db, sql, err);
	sql_bind_instant(&q, 1, refusal->at_us);
	sql_bind_text(&q, 2, text_or_null(refusal->product_id));
	sql_bind_text(&q, 3,
	    refusal->has_side ? side_name(refusal->side) : NULL);
	if (refusal->has_size_usd)
		sql_bind_decimal(&q, 4, refusal->size_usd);
	else
		sql_bind_null(&q, 4);
	if (refusal->has_size_crypto)
		sql_bind_decimal(&q, 5, refusal->size_crypto);
	else
		sql_bind_null(&q, 5);
	sql_bind_text(&q, 6, refusal->reason);
	sql_bind_text(&q, 7, refusal->message);
	sql_bind_text(&q, 8, text_or_null(refusal->dedupe_key));
	sql_bind_text(&q, 9, refusal->triggered_by);
	status = sql_run(&q, err);
	if (status == TB_OK)
		refusal->id = sql_inserted_id(&q);
	return status;
}

static enum tb_status
copy_or_empty(struct sql *q, int column, char *buf, size_t size,
    struct tb_err *err)
{
	buf[0] = '\0';
	if (sql_is_null(q, column))
		return TB_OK;
	return sql_copy(q, column, buf, size, err);
}

static enum tb_status
refusal_read_asked(struct sql *q, struct refusal *out, struct tb_err *err)
{
	enum tb_status status;

	status =
	    copy_or_empty(q, 2, out->product_id, sizeof(out->product_id), err);
	out->has_side = !sql_is_null(q, 3);
	if (status == TB_OK && out->has_side)
		status = sql_side(q, 3, &out->side, err);
	out->has_size_usd = !sql_is_null(q, 4);
	if (status == TB_OK && out->has_size_usd)
		status = sql_decimal(q, 4, &out->size_usd, err);
	out->has_size_crypto = !sql_is_null(q, 5);
	if (status == TB_OK && out->has_size_crypto)
		status = sql_decimal(q, 5, &out->size_crypto, err);
	return status;
}

static enum tb_status
refusal_read(struct sql *q, struct refusal *out, struct tb_err *err)
{
	enum tb_status status;

	*out = (struct refusal){ .id = sql_int(q, 0) };
	status = sql_instant(q, 1, &out->at_us, err);
	if (status == TB_OK)
		status = refusal_read_asked(q, out, err);
	if (status == TB_OK)
		status = sql_copy(q, 6, out->reason, sizeof(out->reason), err);
	if (status == TB_OK)
		status =
		    sql_copy(q, 7, out->message, sizeof(out->message), err);
	if (status == TB_OK)
		status = copy_or_empty(q, 8, out->dedupe_key,
		    sizeof(out->dedupe_key), err);
	if (status == TB_OK)
		status = sql_copy(q, 9, out->triggered_by,
		    sizeof(out->triggered_by), err);
	if (status != TB_OK)
		tb_err_at(err, "refusal %lld", (long long)out->id);
	return status;
}

enum tb_status
refusals_page(struct db *db, int64_t before_id, struct refusal *out, size_t max,
    size_t *out_count, struct tb_err *err)
{
	static const char sql[] =
	    "SELECT id, at, product_id, side, size_usd, size_crypto, reason,"
	    " message, dedupe_key, triggered_by FROM refusals"
	    " WHERE ?1 = 0 OR id < ?1 ORDER BY id DESC LIMIT ?2";
	enum tb_status status;
	struct sql q;

	*out_count = 0;
	(void)sql_open(&q, db, sql, err);
	sql_bind_int(&q, 1, before_id);
	sql_bind_int(&q, 2, (int64_t)max);
	while ((status = sql_step(&q, err)) == TB_OK) {
		status = refusal_read(&q, &out[*out_count], err);
		if (status != TB_OK)
			break;
		(*out_count)++;
	}
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}
