#include "store/pace.h"

#include "store/sql.h"

static enum tb_status
read_pace(struct sql *q, struct pace *out, struct tb_err *err)
{
	enum tb_status status = sql_instant(q, 0, &out->second_full_us, err);

	if (status == TB_OK)
		status = sql_instant(q, 1, &out->hour_full_us, err);
	if (status == TB_OK)
		status = sql_instant(q, 2, &out->resume_us, err);
	if (status == TB_OK)
		out->setbacks = (int)sql_int(q, 3);
	return status;
}

enum tb_status
pace_get(struct db *db, const char *venue, struct pace *out, struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	*out = (struct pace){ 0 };
	(void)sql_open(&q, db,
	    "SELECT second_full_at, hour_full_at, resume_at, setbacks"
	    " FROM pace WHERE venue = ?1",
	    err);
	sql_bind_text(&q, 1, venue);
	status = sql_step(&q, err);
	if (status == TB_OK)
		status = read_pace(&q, out, err);
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

enum tb_status
pace_put(struct db *db, const char *venue, const struct pace *pace,
    struct tb_err *err)
{
	struct sql q;

	(void)sql_open(&q, db,
	    "INSERT INTO pace (venue, second_full_at, hour_full_at, resume_at,"
	    " setbacks) VALUES (?1, ?2, ?3, ?4, ?5)"
	    " ON CONFLICT (venue) DO UPDATE SET"
	    " second_full_at = excluded.second_full_at,"
	    " hour_full_at = excluded.hour_full_at,"
	    " resume_at = excluded.resume_at, setbacks = excluded.setbacks",
	    err);
	sql_bind_text(&q, 1, venue);
	sql_bind_instant(&q, 2, pace->second_full_us);
	sql_bind_instant(&q, 3, pace->hour_full_us);
	sql_bind_instant(&q, 4, pace->resume_us);
	sql_bind_int(&q, 5, pace->setbacks);
	return sql_run(&q, err);
}
