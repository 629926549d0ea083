#include "store/candles.h"

#include <string.h>

#include "base/instant.h"
#include "store/sql.h"

/* ---------------------------------------------------------------- write -- */

/* The five figures as texts: formatted here, borrowed by the statements. */
struct figures {
	char text[5][DECIMAL_STRLEN];
	size_t len[5];
};

static void
figures_of(struct figures *f, const struct candle *c)
{
	const struct decimal figure[] = { c->open, c->high, c->low, c->close,
		c->volume };

	for (size_t i = 0; i < 5; i++)
		f->len[i] = decimal_format(figure[i], f->text[i]);
}

/* Parameters 1 to 3 are the key, 4 to 8 the figures. */
static void
bind_candle(struct sql *q, const char *product_id, int granularity_s,
    const struct candle *c, const struct figures *f)
{
	sql_bind_text(q, 1, product_id);
	sql_bind_int(q, 2, granularity_s);
	sql_bind_int(q, 3, c->start_s);
	for (int i = 0; i < 5; i++)
		sql_bind_text_n(q, 4 + i, f->text[i], f->len[i]);
}

/* Texts are canonical: equal figures are equal texts. */
static enum tb_status
compare_stored(struct db *db, const char *product_id, int granularity_s,
    const struct candle *c, const struct figures *f, bool *out_same,
    struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db,
	    "SELECT open = ?4 AND high = ?5 AND low = ?6 AND close = ?7"
	    " AND volume = ?8 FROM candles"
	    " WHERE product_id = ?1 AND granularity = ?2 AND start = ?3",
	    err);
	bind_candle(&q, product_id, granularity_s, c, f);
	status = sql_step(&q, err);
	if (status == TB_OK)
		*out_same = sql_int(&q, 0) != 0;
	sql_close(&q);
	return status;
}

static enum tb_status
replace_stored(struct db *db, const char *product_id, int granularity_s,
    const struct candle *c, const struct figures *f, struct tb_err *err)
{
	struct sql q;

	(void)sql_open(&q, db,
	    "UPDATE candles SET open = ?4, high = ?5, low = ?6, close = ?7,"
	    " volume = ?8"
	    " WHERE product_id = ?1 AND granularity = ?2 AND start = ?3",
	    err);
	bind_candle(&q, product_id, granularity_s, c, f);
	return sql_run(&q, err);
}

static enum tb_status
insert(struct db *db, const char *product_id, int granularity_s,
    const struct candle *c, const struct figures *f, bool *out_inserted,
    struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db,
	    "INSERT INTO candles (product_id, granularity, start, open, high,"
	    " low, close, volume) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
	    " ON CONFLICT DO NOTHING",
	    err);
	bind_candle(&q, product_id, granularity_s, c, f);
	status = sql_run(&q, err);
	*out_inserted = status == TB_OK && sql_changes(&q) > 0;
	return status;
}

enum tb_status
candles_put(struct db *db, const char *product_id, int granularity_s,
    const struct candle *c, bool replace, enum candle_put *put,
    struct tb_err *err)
{
	enum tb_status status = TB_END;
	struct figures f;
	bool same = false, inserted = false;

	figures_of(&f, c);
	if (*put != CANDLE_INSERTED)
		status = compare_stored(db, product_id, granularity_s, c, &f,
		    &same, err);
	*put = CANDLE_INSERTED;
	if (status == TB_END) {
		status = insert(db, product_id, granularity_s, c, &f, &inserted,
		    err);
		if (status != TB_OK || inserted)
			return status;
		status = compare_stored(db, product_id, granularity_s, c, &f,
		    &same, err);
	}
	*put = same ? CANDLE_SAME : CANDLE_DIFFERENT;
	if (status != TB_OK || same || !replace)
		return status;
	*put = CANDLE_REPLACED;
	return replace_stored(db, product_id, granularity_s, c, &f, err);
}

/* ------------------------------------------------------------- coverage -- */

enum tb_status
candles_cover(struct db *db, const char *product_id, int granularity_s,
    int64_t until_us, struct tb_err *err)
{
	struct sql q;

	(void)sql_open(&q, db,
	    "INSERT INTO candle_coverage (product_id, granularity,"
	    " synced_until) VALUES (?1, ?2, ?3)"
	    " ON CONFLICT (product_id, granularity) DO UPDATE"
	    " SET synced_until = excluded.synced_until"
	    " WHERE excluded.synced_until > synced_until",
	    err);
	sql_bind_text(&q, 1, product_id);
	sql_bind_int(&q, 2, granularity_s);
	sql_bind_instant(&q, 3, until_us);
	return sql_run(&q, err);
}

enum tb_status
candles_covered_until(struct db *db, const char *product_id, int granularity_s,
    int64_t *out_us, struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	*out_us = 0;
	(void)sql_open(&q, db,
	    "SELECT synced_until FROM candle_coverage"
	    " WHERE product_id = ?1 AND granularity = ?2",
	    err);
	sql_bind_text(&q, 1, product_id);
	sql_bind_int(&q, 2, granularity_s);
	status = sql_step(&q, err);
	if (status == TB_OK)
		status = sql_instant(&q, 0, out_us, err);
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

/* ----------------------------------------------------------------- read -- */

/* The last candle of one granularity that closed by the instant. */
static enum tb_status
last_closed(struct db *db, const char *product_id, int granularity_s,
    int64_t instant_us, struct decimal *price, int64_t *at_us,
    struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db,
	    "SELECT close, start FROM candles WHERE product_id = ?1"
	    " AND granularity = ?2 AND start <= ?3"
	    " ORDER BY start DESC LIMIT 1",
	    err);
	sql_bind_text(&q, 1, product_id);
	sql_bind_int(&q, 2, granularity_s);
	sql_bind_int(&q, 3, instant_floor_s(instant_us) - granularity_s);
	status = sql_step(&q, err);
	if (status == TB_OK)
		status = sql_decimal(&q, 0, price, err);
	if (status == TB_OK)
		*at_us = (sql_int(&q, 1) + granularity_s) * INSTANT_US_PER_S;
	sql_close(&q);
	return status;
}

/* The next coarser granularity of a product that has candles. */
static enum tb_status
next_granularity(struct db *db, const char *product_id, int *granularity_s,
    struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db,
	    "SELECT granularity FROM candles WHERE product_id = ?1"
	    " AND granularity > ?2 ORDER BY granularity LIMIT 1",
	    err);
	sql_bind_text(&q, 1, product_id);
	sql_bind_int(&q, 2, *granularity_s);
	status = sql_step(&q, err);
	if (status == TB_OK)
		*granularity_s = (int)sql_int(&q, 0);
	sql_close(&q);
	return status;
}

enum tb_status
candles_price(struct db *db, const char *product_id, int64_t instant_us,
    struct decimal *price, int64_t *at_us, struct tb_err *err)
{
	int64_t newest_us = 0, closed_us = 0;
	struct decimal close;
	enum tb_status status;
	bool found = false;
	int g = 0;

	while ((status = next_granularity(db, product_id, &g, err)) == TB_OK) {
		status = last_closed(db, product_id, g, instant_us, &close,
		    &closed_us, err);
		if (status == TB_END)
			continue;
		if (status != TB_OK)
			return status;
		if (found && closed_us <= newest_us)
			continue; /* as new, but coarser */
		found = true;
		newest_us = closed_us;
		*price = close;
		*at_us = closed_us;
	}
	if (status != TB_END)
		return status;
	if (found)
		return TB_OK;
	return tb_fail(err, TB_ENOENT, "%s: no candle had closed by then",
	    product_id);
}

static enum tb_status
read_candle(struct sql *q, struct candle *out, struct tb_err *err)
{
	struct decimal *const figure[] = { &out->open, &out->high, &out->low,
		&out->close, &out->volume };
	enum tb_status status = TB_OK;

	out->start_s = sql_int(q, 0);
	for (int i = 0; i < 5 && status == TB_OK; i++)
		status = sql_decimal(q, 1 + i, figure[i], err);
	return status;
}

enum tb_status
candles_page(struct db *db, const char *product_id, int granularity_s,
    int64_t from_s, int64_t to_s, struct candle *out, size_t max,
    size_t *out_count, struct tb_err *err)
{
	enum tb_status status = TB_OK;
	struct sql q;

	*out_count = 0;
	(void)sql_open(&q, db,
	    "SELECT start, open, high, low, close, volume FROM candles"
	    " WHERE product_id = ?1 AND granularity = ?2 AND start >= ?3"
	    " AND start < ?4 ORDER BY start LIMIT ?5",
	    err);
	sql_bind_text(&q, 1, product_id);
	sql_bind_int(&q, 2, granularity_s);
	sql_bind_int(&q, 3, from_s);
	sql_bind_int(&q, 4, to_s);
	sql_bind_int(&q, 5, (int64_t)max);
	while (status == TB_OK && (status = sql_step(&q, err)) == TB_OK)
		status = read_candle(&q, &out[(*out_count)++], err);
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

/* ----------------------------------------------------- gaps and series -- */

enum tb_status
candles_gaps(struct db *db, const char *product_id, int granularity_s,
    int64_t from_s, struct candle_gap *out, size_t max, size_t *out_count,
    struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	*out_count = 0;
	(void)sql_open(&q, db,
	    "SELECT before + ?2, start FROM (SELECT start, lag(start) OVER"
	    " (ORDER BY start) AS before FROM candles WHERE product_id = ?1"
	    " AND granularity = ?2 AND start >= ?3)"
	    " WHERE start > before + ?2 LIMIT ?4",
	    err);
	sql_bind_text(&q, 1, product_id);
	sql_bind_int(&q, 2, granularity_s);
	sql_bind_int(&q, 3, from_s);
	sql_bind_int(&q, 4, (int64_t)max);
	while ((status = sql_step(&q, err)) == TB_OK) {
		struct candle_gap *gap = &out[(*out_count)++];

		gap->from_s = sql_int(&q, 0);
		gap->to_s = sql_int(&q, 1);
		gap->missing = (gap->to_s - gap->from_s) / granularity_s;
	}
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

/* The first pair behind (product, granularity), by a jump in the key. */
static enum tb_status
next_series(struct db *db, struct candle_series *series, struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db,
	    "SELECT product_id, granularity, start FROM candles"
	    " WHERE (product_id, granularity, start) > (?1, ?2, ?3)"
	    " ORDER BY product_id, granularity, start LIMIT 1",
	    err);
	sql_bind_text(&q, 1, series->product_id);
	sql_bind_int(&q, 2, series->granularity_s);
	sql_bind_int(&q, 3, INT64_MAX);
	status = sql_step(&q, err);
	if (status == TB_OK)
		status = sql_copy(&q, 0, series->product_id,
		    sizeof(series->product_id), err);
	if (status == TB_OK) {
		series->granularity_s = (int)sql_int(&q, 1);
		series->first_s = sql_int(&q, 2);
	}
	sql_close(&q);
	return status;
}

static enum tb_status
end_of_series(struct db *db, struct candle_series *series, struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db,
	    "SELECT max(start) FROM candles"
	    " WHERE product_id = ?1 AND granularity = ?2",
	    err);
	sql_bind_text(&q, 1, series->product_id);
	sql_bind_int(&q, 2, series->granularity_s);
	status = sql_step(&q, err);
	if (status == TB_OK)
		series->last_s = sql_int(&q, 0);
	sql_close(&q);
	if (status != TB_OK)
		return status;
	return candles_covered_until(db, series->product_id,
	    series->granularity_s, &series->synced_until_us, err);
}

enum tb_status
candles_series(struct db *db, struct candle_series *out, size_t max,
    size_t *out_count, struct tb_err *err)
{
	struct candle_series series = { .product_id = "" };
	enum tb_status status = TB_OK;

	*out_count = 0;
	while (*out_count < max &&
	    (status = next_series(db, &series, err)) == TB_OK) {
		status = end_of_series(db, &series, err);
		if (status != TB_OK)
			return status;
		out[(*out_count)++] = series;
	}
	return status == TB_END ? TB_OK : status;
}
