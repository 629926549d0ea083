/*
 * intents_read: rows of the table intents as structs, and sums over them.
 */

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "store/intents.h"
#include "store/sql.h"

#define INTENT_COLUMNS                                                         \
 "id, client_order_id, dedupe_key, request_hash, product_id, side, type,"      \
 " size_usd, size_crypto, limit_price, reference_price, quote_size,"           \
 " base_size, body, state, order_id, attempts, reserve_currency, reserve,"     \
 " readings, look_from, reason, message, triggered_by, signal_context,"        \
 " decided_at, created_at, updated_at"

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
amount_or_none(struct sql *q, int column, bool *given, struct decimal *out,
    struct tb_err *err)
{
	*out = DECIMAL_ZERO;
	*given = !sql_is_null(q, column);
	return *given ? sql_decimal(q, column, out, err) : TB_OK;
}

static enum tb_status
read_state(struct sql *q, int column, enum intent_state *out,
    struct tb_err *err)
{
	const char *text = sql_text(q, column);

	for (int i = 0; text != NULL && i < INTENT_STATES; i++)
		if (strcmp(text, intent_state_name((enum intent_state)i)) ==
		    0) {
			*out = (enum intent_state)i;
			return TB_OK;
		}
	return tb_fail(err, TB_EDISAGREE, "state: no state of an intent");
}

/* One step of a row's reading; the first failure stays. */
#define TRY(call)                                                              \
 do {                                                                          \
  if (status == TB_OK)                                                         \
   status = (call);                                                            \
 } while (0)

static enum tb_status
read_request(struct sql *q, struct intent *out, struct tb_err *err)
{
	enum tb_status status = TB_OK;
	bool given;

	TRY(sql_copy(q, 1, out->client_order_id, sizeof(out->client_order_id),
	    err));
	TRY(sql_copy(q, 2, out->dedupe_key, sizeof(out->dedupe_key), err));
	TRY(sql_copy(q, 3, out->request_hash, sizeof(out->request_hash), err));
	TRY(sql_copy(q, 4, out->product_id, sizeof(out->product_id), err));
	TRY(sql_side(q, 5, &out->side, err));
	TRY(sql_copy(q, 6, out->type, sizeof(out->type), err));
	TRY(amount_or_none(q, 7, &out->by_quote, &out->size_usd, err));
	TRY(amount_or_none(q, 8, &given, &out->size_crypto, err));
	TRY(amount_or_none(q, 9, &out->has_limit_price, &out->limit_price,
	    err));
	TRY(sql_decimal(q, 10, &out->reference_price, err));
	TRY(amount_or_none(q, 11, &out->sent_by_quote, &out->quote_size, err));
	TRY(amount_or_none(q, 12, &given, &out->base_size, err));
	TRY(sql_copy(q, 13, out->body, sizeof(out->body), err));
	return status;
}

static enum tb_status
read_course(struct sql *q, struct intent *out, struct tb_err *err)
{
	enum tb_status status = TB_OK;

	TRY(read_state(q, 14, &out->state, err));
	TRY(copy_or_empty(q, 15, out->order_id, sizeof(out->order_id), err));
	out->attempts = (int)sql_int(q, 16);
	TRY(sql_copy(q, 17, out->reserve_currency,
	    sizeof(out->reserve_currency), err));
	TRY(sql_decimal(q, 18, &out->reserve, err));
	out->readings = (int)sql_int(q, 19);
	out->look_from_us = 0;
	if (!sql_is_null(q, 20))
		TRY(sql_instant(q, 20, &out->look_from_us, err));
	TRY(copy_or_empty(q, 21, out->reason, sizeof(out->reason), err));
	TRY(copy_or_empty(q, 22, out->message, sizeof(out->message), err));
	TRY(sql_copy(q, 23, out->triggered_by, sizeof(out->triggered_by), err));
	TRY(sql_instant(q, 25, &out->decided_at_us, err));
	TRY(sql_instant(q, 26, &out->created_at_us, err));
	TRY(sql_instant(q, 27, &out->updated_at_us, err));
	return status;
}

static enum tb_status
read_context(struct sql *q, struct intent *out, struct tb_err *err)
{
	if (sql_is_null(q, 24))
		return TB_OK;
	out->signal_context = strdup(sql_text(q, 24));
	return out->signal_context == NULL ? tb_nomem(err) : TB_OK;
}

/* The one row of a bound query; closes it. */
static enum tb_status
read_one(struct sql *q, struct intent *out, struct tb_err *err)
{
	enum tb_status status;

	*out = (struct intent){ 0 };
	status = sql_step(q, err);
	if (status == TB_END)
		status = tb_fail(err, TB_ENOENT, "no such intent");
	if (status == TB_OK) {
		out->id = sql_int(q, 0);
		TRY(read_request(q, out, err));
		TRY(read_course(q, out, err));
		TRY(read_context(q, out, err));
		if (status != TB_OK)
			tb_err_at(err, "intent %lld", (long long)out->id);
	}
	sql_close(q);
	return status;
}

enum tb_status
intents_by_id(struct db *db, int64_t id, struct intent *out, struct tb_err *err)
{
	static const char sql[] =
	    "SELECT " INTENT_COLUMNS " FROM intents WHERE id = ?1";
	struct sql q;

	(void)sql_open(&q, db, sql, err);
	sql_bind_int(&q, 1, id);
	return read_one(&q, out, err);
}

static enum tb_status
by_text(struct db *db, const char *sql, const char *text, struct intent *out,
    struct tb_err *err)
{
	struct sql q;

	(void)sql_open(&q, db, sql, err);
	sql_bind_text(&q, 1, text);
	return read_one(&q, out, err);
}

enum tb_status
intents_by_key(struct db *db, const char *dedupe_key, struct intent *out,
    struct tb_err *err)
{
	static const char sql[] =
	    "SELECT " INTENT_COLUMNS " FROM intents WHERE dedupe_key = ?1";

	return by_text(db, sql, dedupe_key, out, err);
}

enum tb_status
intents_by_client(struct db *db, const char *client_order_id,
    struct intent *out, struct tb_err *err)
{
	static const char sql[] =
	    "SELECT " INTENT_COLUMNS " FROM intents WHERE client_order_id = ?1";

	return by_text(db, sql, client_order_id, out, err);
}

enum tb_status
intents_by_order(struct db *db, const char *order_id, struct intent *out,
    struct tb_err *err)
{
	static const char sql[] =
	    "SELECT " INTENT_COLUMNS " FROM intents WHERE order_id = ?1";

	return by_text(db, sql, order_id, out, err);
}

enum tb_status
intents_next(struct db *db, int64_t after_id, unsigned states,
    struct intent *out, struct tb_err *err)
{
	/* The partial index holds what is unsettled: a handful of rows. */
	static const char unsettled[] =
	    "SELECT " INTENT_COLUMNS " FROM intents"
	    " WHERE state IN ('SENDING', 'UNKNOWN', 'OPEN', 'DONE')"
	    " AND state IN (?2, ?3, ?4, ?5) AND id > ?1 ORDER BY id LIMIT 1";
	struct sql q;

	assert((states & ~INTENT_UNSETTLED) == 0);
	(void)sql_open(&q, db, unsettled, err);
	sql_bind_int(&q, 1, after_id);
	for (int i = INTENT_SENDING; i <= INTENT_DONE; i++)
		sql_bind_text(&q, 2 + i,
		    (states & (1U << i)) != 0 ?
			intent_state_name((enum intent_state)i) :
			NULL);
	return read_one(&q, out, err);
}

enum tb_status
intents_newest(struct db *db, int64_t *out_id, struct tb_err *err)
{
	static const char sql[] = "SELECT coalesce(max(id), 0) FROM intents";
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db, sql, err);
	status = sql_step(&q, err);
	if (status == TB_OK)
		*out_id = sql_int(&q, 0);
	sql_close(&q);
	return status;
}

enum tb_status
intents_reserved(struct db *db, const char *currency, int64_t except,
    struct decimal *out, struct tb_err *err)
{
	static const char sql[] =
	    "SELECT reserve FROM intents"
	    " WHERE state IN ('SENDING', 'UNKNOWN', 'OPEN', 'DONE')"
	    " AND state IN ('SENDING', 'UNKNOWN')"
	    " AND reserve_currency = ?1 AND id <> ?2";
	struct decimal sum = DECIMAL_ZERO, reserve;
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db, sql, err);
	sql_bind_text(&q, 1, currency);
	sql_bind_int(&q, 2, except);
	while ((status = sql_step(&q, err)) == TB_OK) {
		status = sql_decimal(&q, 0, &reserve, err);
		if (status == TB_OK && decimal_add(sum, reserve, &sum) != TB_OK)
			status = tb_fail(err, TB_ERANGE,
			    "the reserves of %s do not fit", currency);
		if (status != TB_OK)
			break;
	}
	sql_close(&q);
	if (status != TB_END)
		return status;
	*out = sum;
	return TB_OK;
}

enum tb_status
intents_count_between(struct db *db, int64_t from_us, int64_t to_us,
    int64_t except, int64_t *out, struct tb_err *err)
{
	static const char sql[] =
	    "SELECT count(*) FROM intents WHERE created_at >= ?1"
	    " AND created_at < ?2"
	    " AND state NOT IN ('REJECTED', 'ABANDONED') AND id <> ?3";
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db, sql, err);
	sql_bind_instant(&q, 1, from_us);
	sql_bind_instant(&q, 2, to_us);
	sql_bind_int(&q, 3, except);
	status = sql_step(&q, err);
	if (status == TB_OK)
		*out = sql_int(&q, 0);
	sql_close(&q);
	return status;
}
