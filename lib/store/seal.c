#include "store/seal.h"

#include "base/digest.h"
#include "store/sql.h"

/* The statements of a table; its columns in the order of their birth. */
#define TABLE(name, key, columns)                                              \
 {                                                                             \
  "UPDATE " name " SET seal = row_seal('" name "', " columns ")"               \
  " WHERE " key " = ?1",                                                       \
      "UPDATE " name " SET seal = row_seal('" name "', " columns ")",          \
      "SELECT '" name " ' || " key " FROM " name                               \
      " WHERE seal IS NOT row_seal('" name "', " columns ")",                  \
      "SELECT count(*) FROM " name                                             \
 }

static const struct {
	const char *put, *put_all, *broken, *count;
} tables[SEAL_TABLES] = {
	[SEAL_INTENTS] = TABLE("intents", "id",
	    "id, client_order_id, dedupe_key, request_hash, product_id, side,"
	    " type, size_usd, size_crypto, limit_price, reference_price,"
	    " quote_size, base_size, body, state, order_id, attempts,"
	    " reserve_currency, reserve, readings, look_from, reason, message,"
	    " triggered_by, signal_context, decided_at, created_at,"
	    " updated_at"),
	[SEAL_ORDERS] = TABLE("orders", "order_id",
	    "order_id, client_order_id, product_id, side, type, status,"
	    " filled_size, filled_value, total_fees, settled, created_at,"
	    " updated_at, raw"),
	[SEAL_TRADES] = TABLE("trades", "id",
	    "id, product_id, side, size_usd, size_crypto, price, order_id,"
	    " status, commission, created_at, filled_at, triggered_by,"
	    " signal_context"),
	[SEAL_CASH_FLOWS] =
	    TABLE("cash_flows", "id", "id, at, currency, amount, note"),
	[SEAL_EQUITY] = TABLE("equity", "day", "day, value, peak, flows"),
};

static void
row_seal(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	char hex[DIGEST_HEX];
	struct digest digest;

	digest_init(&digest);
	for (int i = 0; i < argc; i++) {
		const char *text = (const char *)sqlite3_value_text(argv[i]);

		/* By its length: what is behind a NUL counts too. */
		digest_add_field_n(&digest, text,
		    (size_t)sqlite3_value_bytes(argv[i]));
	}
	digest_hex(&digest, hex);
	sqlite3_result_text(ctx, hex, DIGEST_HEX - 1, SQLITE_TRANSIENT);
}

enum tb_status
seal_register(sqlite3 *handle, struct tb_err *err)
{
	int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;

	if (sqlite3_create_function(handle, "row_seal", -1, flags, NULL,
		row_seal, NULL, NULL) != SQLITE_OK)
		return tb_nomem(err);
	return TB_OK;
}

enum tb_status
seal_row(struct db *db, enum seal_table table, int64_t id, struct tb_err *err)
{
	struct sql q;

	(void)sql_open(&q, db, tables[table].put, err);
	sql_bind_int(&q, 1, id);
	return sql_run(&q, err);
}

enum tb_status
seal_row_of(struct db *db, enum seal_table table, const char *key,
    struct tb_err *err)
{
	struct sql q;

	(void)sql_open(&q, db, tables[table].put, err);
	sql_bind_text(&q, 1, key);
	return sql_run(&q, err);
}

enum tb_status
seal_all(struct db *db, struct tb_err *err)
{
	enum tb_status status = TB_OK;

	for (int i = 0; i < SEAL_TABLES && status == TB_OK; i++)
		status = sql_exec(db, tables[i].put_all, err);
	return status;
}

static enum tb_status
count_rows(struct db *db, const char *text, int64_t *sum, struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db, text, err);
	status = sql_step(&q, err);
	if (status == TB_OK)
		*sum += sql_int(&q, 0);
	sql_close(&q);
	return status;
}

static enum tb_status
look_for_broken(struct db *db, const char *text, seal_broken *broken, void *arg,
    struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db, text, err);
	while ((status = sql_step(&q, err)) == TB_OK) {
		const char *row = sql_text(&q, 0);

		broken(row == NULL ? "NULL" : row, arg);
	}
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

enum tb_status
seal_verify(struct db *db, seal_broken *broken, void *arg, int64_t *out_rows,
    struct tb_err *err)
{
	enum tb_status status = TB_OK;

	*out_rows = 0;
	for (int i = 0; i < SEAL_TABLES && status == TB_OK; i++) {
		status = count_rows(db, tables[i].count, out_rows, err);
		if (status == TB_OK)
			status = look_for_broken(db, tables[i].broken, broken,
			    arg, err);
	}
	return status;
}
