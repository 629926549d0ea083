#include "store/audit.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "check_sql.h"
#include "store/audit_parts.h"
#include "store/chain.h"
#include "store/events.h"
#include "store/rows.h"
#include "store/schema.h"
#include "store/seal.h"

void
audit_found(struct audit_result *r, const char *fmt, ...)
{
	va_list ap;

	if (r->findings++ > 0)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(r->message, sizeof(r->message), fmt, ap);
	va_end(ap);
}

void
audit_expect(struct audit_result *r, struct sql *q, int column,
    const char *expected, const char *row)
{
	const char *found = sql_text(q, column);

	if (found == NULL && expected == NULL)
		return;
	if (found != NULL && expected != NULL && strcmp(found, expected) == 0)
		return;
	audit_found(r, "%s: %s: expected %s, found %s", row,
	    sqlite3_column_name(q->stmt, column),
	    expected == NULL ? "NULL" : expected,
	    found == NULL ? "NULL" : found);
}

/* A check that others make: their refusal is a finding. */
static enum tb_status
take_finding(struct audit_result *r, enum tb_status status, struct tb_err *err)
{
	if (status != TB_EDISAGREE)
		return status;
	audit_found(r, "%s", err->msg);
	tb_err_clear(err);
	return TB_OK;
}

static enum tb_status
audit_file(struct db *db, struct audit_result *r, struct tb_err *err)
{
	enum tb_status status;

	status = take_finding(r, schema_integrity(db, err), err);
	if (status == TB_OK)
		status = take_finding(r, schema_check(db, err), err);
	return status;
}

/* The row that q stands on, against what the rows before it lead to. */
static void
check_link(struct audit_result *r, struct sql *q, struct chain *chain)
{
	const char *fields[FILL_COLUMN_COUNT];
	const char *hash;

	for (int i = 0; i < FILL_COLUMN_COUNT; i++)
		fields[i] = sql_text(q, i);
	chain_next(chain, fields, FILL_COLUMN_COUNT);
	hash = sql_text(q, FILL_COLUMN_COUNT);
	if (hash != NULL && strcmp(hash, chain->head) == 0)
		return;
	audit_found(r,
	    "fills: the chain of hashes is broken at row %s (entry_id %s): it "
	    "is not what was written: restore a backup",
	    fields[0], fields[1] == NULL ? "NULL" : fields[1]);
	/* the next rows are judged by what stands here */
	snprintf(chain->head, sizeof(chain->head), "%s",
	    hash == NULL ? "" : hash);
}

static enum tb_status
audit_fills(struct db *db, struct audit_result *r, struct tb_err *err)
{
	struct chain chain = { 0 }, told;
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, db,
	    "SELECT " FILL_COLUMNS ", hash FROM fills ORDER BY id", err);
	while (status == TB_OK && (status = sql_step(&q, err)) == TB_OK)
		check_link(r, &q, &chain);
	sql_close(&q);
	if (status != TB_END)
		return status;
	r->rows = chain.count;
	status = chain_load(db, META_FILLS_HEAD, META_FILLS_COUNT, &told, err);
	if (status != TB_OK)
		return take_finding(r, status, err);
	if (chain.count != told.count)
		audit_found(r,
		    "fills: expected %lld rows, found %lld: restore a backup",
		    (long long)told.count, (long long)chain.count);
	else if (strcmp(chain.head, told.head) != 0)
		audit_found(r,
		    "fills: the newest row is not the one that meta tells of: "
		    "restore a backup");
	return TB_OK;
}

static enum tb_status
audit_events(struct db *db, struct audit_result *r, struct tb_err *err)
{
	return take_finding(r, events_verify(db, &r->rows, err), err);
}

static void
broken_seal(const char *row, void *arg)
{
	audit_found(arg,
	    "%s: its seal is broken: it is not what tb wrote: restore a backup",
	    row);
}

/* A row that is gone has no seal to break. */
static enum tb_status
audit_count(struct db *db, enum seal_table table, const char *name,
    struct audit_result *r, struct tb_err *err)
{
	int64_t told, found;
	enum tb_status status = seal_counts(db, table, &told, &found, err);

	if (status == TB_OK && told >= 0 && told != found)
		audit_found(r,
		    "%s: expected %lld rows, found %lld: restore a backup",
		    name, (long long)told, (long long)found);
	return status;
}

static enum tb_status
audit_seals(struct db *db, struct audit_result *r, struct tb_err *err)
{
	enum tb_status status = seal_verify(db, broken_seal, r, &r->rows, err);

	if (status == TB_OK)
		status = audit_count(db, SEAL_CASH_FLOWS, "cash_flows", r, err);
	if (status == TB_OK)
		status = audit_count(db, SEAL_EQUITY, "equity", r, err);
	return status;
}

/* --------------------------------------------------------------- amounts -- */

/* Every amount of a table, behind what its row is called by. */
static const char *const amount_queries[] = {
	"SELECT 'products ' || product_id, base_increment, quote_increment,"
	" price_increment, base_min_size, quote_min_size, base_max_size,"
	" quote_max_size FROM products",
	"SELECT 'bots ' || id, trade_size_usd FROM bots",
	"SELECT 'intents ' || id, size_usd, size_crypto, limit_price,"
	" reference_price, quote_size, base_size, reserve FROM intents",
	"SELECT 'orders ' || order_id, filled_size, filled_value, total_fees"
	" FROM orders",
	"SELECT 'refusals ' || id, size_usd, size_crypto FROM refusals",
	"SELECT 'trades ' || id, size_usd, size_crypto, price, commission"
	" FROM trades",
	"SELECT 'fills ' || id, size, price, value, fee FROM fills",
	"SELECT 'lots ' || id, size, cost, size_left, cost_left FROM lots",
	"SELECT 'disposals ' || id, size, proceeds, cost, gain FROM disposals",
	"SELECT 'portfolio ' || product_id, crypto_balance, usd_invested,"
	" average_cost_basis, unrealized_pnl, realized_pnl, price, proceeds,"
	" costs, fees, uncovered_size, uncovered_proceeds FROM portfolio",
	"SELECT 'cash_flows ' || id, amount FROM cash_flows",
	"SELECT 'balances ' || currency, available, hold FROM balances",
	"SELECT 'equity ' || day, value, peak, flows FROM equity",
};

static void
check_amount(struct audit_result *r, struct sql *q, int column)
{
	char canonical[DECIMAL_STRLEN] = "";
	const char *text = sql_text(q, column);
	struct decimal d;

	if (text == NULL)
		return;
	if (decimal_parse(text, strlen(text), &d) == TB_OK)
		decimal_format(d, canonical);
	if (strcmp(text, canonical) != 0)
		audit_found(r,
		    "I20: %s: %s: expected an amount in canonical "
		    "form, found %s",
		    sql_text(q, 0), sqlite3_column_name(q->stmt, column), text);
}

static enum tb_status
audit_amounts(struct db *db, struct audit_result *r, struct tb_err *err)
{
	const size_t count = sizeof(amount_queries) / sizeof(amount_queries[0]);
	struct sql q;
	enum tb_status status = TB_OK;

	for (size_t i = 0; i < count && status == TB_OK; i++) {
		status = sql_open(&q, db, amount_queries[i], err);
		while (status == TB_OK &&
		    (status = sql_step(&q, err)) == TB_OK) {
			int columns = sqlite3_column_count(q.stmt);

			for (int c = 1; c < columns; c++)
				check_amount(r, &q, c);
			r->rows++;
		}
		sql_close(&q);
		if (status == TB_END)
			status = TB_OK;
	}
	return status;
}

/* ------------------------------------------------------------ invariants -- */

/* A row of check.sql: "I07: 12, SENDING". */
static void
take_row(struct audit_result *r, sqlite3_stmt *stmt)
{
	char text[TB_ERR_MAX] = "";
	int columns = sqlite3_column_count(stmt);

	for (int i = 0; i < columns; i++) {
		const unsigned char *cell = sqlite3_column_text(stmt, i);
		size_t len = strlen(text);

		snprintf(text + len, sizeof(text) - len, "%s%s",
		    i == 0     ? "" :
			i == 1 ? ": " :
				 ", ",
		    cell == NULL ? "NULL" : (const char *)cell);
	}
	audit_found(r, "%s (see share/check.sql)", text);
}

static enum tb_status
run_query(struct db *db, struct audit_result *r, const char **sql,
    struct tb_err *err)
{
	sqlite3_stmt *stmt = NULL;
	int code;

	if (sqlite3_prepare_v2(sql_handle(db), *sql, -1, &stmt, sql) !=
	    SQLITE_OK)
		return sql_fail(db, "check.sql", err);
	if (stmt == NULL) /* the end: only white space and comments */
		return TB_END;
	while ((code = sqlite3_step(stmt)) == SQLITE_ROW)
		take_row(r, stmt);
	(void)sqlite3_finalize(stmt); /* tells again what step has told */
	r->rows++;
	return code == SQLITE_DONE ? TB_OK : sql_fail(db, "check.sql", err);
}

static enum tb_status
audit_invariants(struct db *db, struct audit_result *r, struct tb_err *err)
{
	const char *sql = check_sql;
	enum tb_status status;

	do
		status = run_query(db, r, &sql, err);
	while (status == TB_OK);
	return status == TB_END ? TB_OK : status;
}

/* ----------------------------------------------------------------- table -- */

static const struct {
	const char *name;
	enum tb_status (*run)(struct db *, struct audit_result *,
	    struct tb_err *);
} checks[] = {
	{ "file", audit_file },
	{ "fills", audit_fills },
	{ "events", audit_events },
	{ "seals", audit_seals },
	{ "amounts", audit_amounts },
	{ "trades", audit_trades },
	{ "derived", audit_derived },
	{ "invariants", audit_invariants },
};

enum tb_status
audit_run(struct db *db, size_t index, struct audit_result *out,
    struct tb_err *err)
{
	if (index >= sizeof(checks) / sizeof(checks[0]))
		return TB_END;
	*out = (struct audit_result){ .check = checks[index].name };
	/* a row that cannot even be read is a finding too */
	return take_finding(out, checks[index].run(db, out, err), err);
}
