#include "store/bars.h"

#include "store/sql.h"

static enum tb_status
read_bar(struct sql *q, struct bar *out, struct tb_err *err)
{
	double *const figure[] = { &out->open, &out->high, &out->low,
		&out->close, &out->volume };

	out->start_s = sql_int(q, 0);
	for (int i = 0; i < 5; i++) {
		const char *s = sql_text(q, 1 + i);

		if (s == NULL ||
		    real_parse(s, sql_text_len(q, 1 + i), figure[i]) != TB_OK)
			return tb_fail(err, TB_EDISAGREE,
			    "candle %lld: %.40s is no figure: run tb-migrate "
			    "check",
			    (long long)out->start_s, s == NULL ? "NULL" : s);
	}
	if (out->low > 0 && out->low <= out->open && out->low <= out->close &&
	    out->high >= out->open && out->high >= out->close &&
	    out->volume >= 0)
		return TB_OK;
	return tb_fail(err, TB_EDISAGREE,
	    "candle %lld: its prices are no candle's: run tb-migrate check",
	    (long long)out->start_s);
}

enum tb_status
bars_each(struct db *db, const char *product_id, int granularity_s,
    int64_t from_s, int64_t to_s,
    enum tb_status (*each)(const struct bar *, void *arg, struct tb_err *),
    void *arg, struct tb_err *err)
{
	enum tb_status status;
	struct bar bar;
	struct sql q;

	(void)sql_open(&q, db,
	    "SELECT start, open, high, low, close, volume FROM candles"
	    " WHERE product_id = ?1 AND granularity = ?2 AND start >= ?3"
	    " AND start < ?4 ORDER BY start",
	    err);
	sql_bind_text(&q, 1, product_id);
	sql_bind_int(&q, 2, granularity_s);
	sql_bind_int(&q, 3, from_s);
	sql_bind_int(&q, 4, to_s);
	while ((status = sql_step(&q, err)) == TB_OK) {
		status = read_bar(&q, &bar, err);
		if (status == TB_OK)
			status = each(&bar, arg, err);
		if (status != TB_OK)
			goto out;
	}
	if (status == TB_END)
		status = TB_OK;
out:
	sql_close(&q);
	return status;
}

enum tb_status
bars_span(struct db *db, const char *product_id, int granularity_s,
    int64_t to_s, int64_t *first_s, int64_t *last_s, struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db,
	    "SELECT (SELECT min(start) FROM candles"
	    " WHERE product_id = ?1 AND granularity = ?2), max(start)"
	    " FROM candles"
	    " WHERE product_id = ?1 AND granularity = ?2 AND start < ?3",
	    err);
	sql_bind_text(&q, 1, product_id);
	sql_bind_int(&q, 2, granularity_s);
	sql_bind_int(&q, 3, to_s);
	status = sql_step(&q, err);
	if (status == TB_OK && sql_is_null(&q, 1))
		status = TB_END;
	if (status == TB_OK) {
		*first_s = sql_int(&q, 0);
		*last_s = sql_int(&q, 1);
	}
	sql_close(&q);
	return status;
}
