/*
 * audit: one flipped bit in any column of any fill is found, and the row is
 * named.
 */

#include <unistd.h>

#include "store/audit.h"
#include "store/books.h"
#include "store/candles.h"
#include "store/schema.h"
#include "store/sql.h"
#include "tap.h"

#define AT_US INT64_C(1757586600000000)
#define MINUTE_US INT64_C(60000000)
#define FILLS 40
#define CHECK_FILLS 1 /* index of the check "fills" */

static struct tb_err err;

static const char *const columns[] = { "entry_id", "venue_trade_id", "order_id",
	"product_id", "side", "kind", "nature", "size", "price", "value", "fee",
	"at", "hash" };
#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

static void
must(enum tb_status status, const char *what)
{
	if (status == TB_OK)
		return;
	printf("Bail out! %s: %s\n", what, err.msg);
	exit(1);
}

static struct fill
fill_of(int n)
{
	struct fill f = { .product_id = "BTC-USD",
		.side = n % 3 == 0 ? SIDE_SELL : SIDE_BUY,
		.size = DECIMAL_OF(n),
		.price = DECIMAL_OF(100),
		.value = DECIMAL_OF(100 * n),
		.fee = DECIMAL_OF(1),
		.at_us = AT_US + n * MINUTE_US,
		.venue_seq = n };

	snprintf(f.entry_id, sizeof(f.entry_id), "entry-%d", n);
	snprintf(f.venue_trade_id, sizeof(f.venue_trade_id), "venue-%d", n);
	snprintf(f.order_id, sizeof(f.order_id), "order-%d", n);
	return f;
}

static struct db *
books(void)
{
	struct db *db = NULL;
	struct booking b;

	must(db_create(&db, "tb.db", &err), "create");
	must(schema_move(db, schema_newest(), AT_US, &err), "schema");
	must(db_begin(db, &err), "begin");
	must(products_assume(db, "BTC-USD", AT_US, &err), "product");
	for (int n = 1; n <= FILLS; n++) {
		struct fill f = fill_of(n);

		must(books_fill(db, &f, &b, &err), "fill");
	}
	must(db_finish(db, TB_OK, &err), "commit");
	return db;
}

/* What stands in a column of a row, as hex digits. */
static void
read_hex(struct db *db, const char *column, int row, char *hex, size_t size)
{
	char text[256];
	sqlite3_stmt *stmt = NULL;

	snprintf(text, sizeof(text), "SELECT hex(%s) FROM fills WHERE id = %d",
	    column, row);
	(void)sqlite3_prepare_v2(sql_handle(db), text, -1, &stmt, NULL);
	(void)sqlite3_step(stmt);
	snprintf(hex, size, "%s", (const char *)sqlite3_column_text(stmt, 0));
	(void)sqlite3_finalize(stmt);
}

static char
flipped(char digit, unsigned bit)
{
	const char *digits = "0123456789ABCDEF";
	unsigned value = (unsigned)(strchr(digits, digit) - digits);

	return digits[value ^ (1U << bit)];
}

/* In a transaction that is rolled back: change, look, undo. */
static void
flip(struct db *db, const char *column, int row, unsigned bit)
{
	struct audit_result r;
	char hex[512], text[1024], name[64];
	size_t at;

	read_hex(db, column, row, hex, sizeof(hex));
	at = (size_t)(row * 7) % strlen(hex);
	/* bit 7 of a byte would be no UTF-8: the text is cut elsewhere */
	hex[at] = flipped(hex[at], at % 2 == 0 ? bit % 3 : bit % 4);
	snprintf(text, sizeof(text),
	    "UPDATE fills SET %s = CAST(X'%s' AS TEXT) WHERE id = %d", column,
	    hex, row);
	must(db_begin(db, &err), "begin");
	if (sql_exec(db, text, &err) != TB_OK) { /* an id that is taken */
		db_rollback(db);
		return;
	}
	must(audit_run(db, CHECK_FILLS, &r, &err), "audit");
	db_rollback(db);
	snprintf(name, sizeof(name), "row %d ", row);
	if (r.findings == 0 || strstr(r.message, name) == NULL)
		ok(false, "bit %u of %s in row %d: %s", bit, column, row,
		    r.message);
}

static void
test_flips(struct db *db)
{
	int before = tap_failed, flips = 0;

	must(sql_exec(db,
		 "DROP TRIGGER fills_update;"
		 "PRAGMA ignore_check_constraints = ON;"
		 "PRAGMA foreign_keys = OFF",
		 &err),
	    "open the door");
	for (int row = 1; row <= FILLS; row++)
		for (size_t c = 0; c < COLUMNS; c++, flips++)
			flip(db, columns[c], row, (unsigned)(row + (int)c));
	ok(tap_failed == before,
	    "%d flipped bits are found and their row named", flips);
}

static void
test_numbers(struct db *db)
{
	struct audit_result r;

	must(db_begin(db, &err), "begin");
	must(sql_exec(db,
		 "UPDATE fills SET venue_seq = 1 - venue_seq"
		 " WHERE id = 9",
		 &err),
	    "update");
	must(audit_run(db, CHECK_FILLS, &r, &err), "audit");
	db_rollback(db);
	ok(r.findings == 1 && strstr(r.message, "row 9 ") != NULL,
	    "a changed number: %s", r.message);
	must(audit_run(db, CHECK_FILLS, &r, &err), "audit");
	ok(r.findings == 0 && r.rows == FILLS, "rolled back, all is well: %s",
	    r.message);
	ok(audit_run(db, 99, &r, &err) == TB_END, "there is no such check");
}

int
main(void)
{
	char dir[] = "/tmp/tb-audit-XXXXXX";
	struct db *db;

	if (mkdtemp(dir) == NULL || chdir(dir) != 0)
		return 1;
	db = books();
	test_flips(db);
	test_numbers(db);
	db_close(db);
	(void)unlink("tb.db");
	(void)unlink("tb.db-journal");
	if (chdir("/") == 0)
		(void)rmdir(dir);
	return tap_done();
}
