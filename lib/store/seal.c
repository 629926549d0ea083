#include "store/seal.h"

#include "base/digest.h"
#include "store/sql.h"

/* The statements of a table. */
#define TABLE(name, key, columns)                                              \
 .put = "UPDATE " name " SET seal = row_seal('" name "', " columns ")"         \
	" WHERE " key " = ?1 AND seal IS NOT NULL",                            \
 .put_all = "UPDATE " name " SET seal = row_seal('" name "', " columns ")",    \
 .broken = "SELECT '" name " ' || " key " FROM " name                          \
	   " WHERE seal IS NOT row_seal('" name "', " columns ")",             \
 .rows = "SELECT count(*) FROM " name

/* The first count is made of what is there. */
#define COUNTED(name)                                                          \
 .count = "INSERT INTO meta VALUES ('" name "_count',"                         \
	  " (SELECT count(*) FROM " name "))"                                  \
	  " ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER)"    \
	  " + 1",                                                              \
 .counts = "SELECT coalesce((SELECT value FROM meta WHERE key = '" name        \
	   "_count'), -1), (SELECT count(*) FROM " name ")"

static const struct {
	const char *put, *put_all, *broken, *rows;
	const char *count, *counts; /* NULL: others miss a row */
} tables[SEAL_TABLES] = {
	[SEAL_INTENTS] = { TABLE("intents", "id", SEAL_COLUMNS_INTENTS) },
	[SEAL_ORDERS] = { TABLE("orders", "order_id", SEAL_COLUMNS_ORDERS) },
	[SEAL_TRADES] = { TABLE("trades", "id", SEAL_COLUMNS_TRADES) },
	[SEAL_CASH_FLOWS] = { TABLE("cash_flows", "id",
				  SEAL_COLUMNS_CASH_FLOWS),
	    COUNTED("cash_flows") },
	[SEAL_EQUITY] = { TABLE("equity", "day", SEAL_COLUMNS_EQUITY),
	    COUNTED("equity") },
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
seal_count(struct db *db, enum seal_table table, struct tb_err *err)
{
	struct sql q;

	(void)sql_open(&q, db, tables[table].count, err);
	return sql_run(&q, err);
}

enum tb_status
seal_counts(struct db *db, enum seal_table table, int64_t *out_told,
    int64_t *out_found, struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db, tables[table].counts, err);
	status = sql_step(&q, err);
	if (status == TB_OK) {
		*out_told = sql_int(&q, 0);
		*out_found = sql_int(&q, 1);
	}
	sql_close(&q);
	return status;
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
		status = count_rows(db, tables[i].rows, out_rows, err);
		if (status == TB_OK)
			status = look_for_broken(db, tables[i].broken, broken,
			    arg, err);
	}
	return status;
}
