/* db, sql, sqlmath, schema: a database of our own, in the empty folder that
 * the test makes. */

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/db.h"
#include "store/schema.h"
#include "store/sql.h"
#include "tap.h"

#define AT_US INT64_C(1757586600000000)

static const char path[] = "tb.db";

/* A fresh database of the newest version. */
static struct db *
fresh(void)
{
	struct tb_err err = { 0 };
	struct db *db = NULL;

	(void)unlink(path);
	if (db_create(&db, path, &err) != TB_OK ||
	    schema_move(db, schema_newest(), AT_US, &err) != TB_OK) {
		printf("Bail out! %s\n", err.msg);
		exit(1);
	}
	return db;
}

static void
test_create(void)
{
	struct tb_err err = { 0 };
	struct db *db = fresh();
	struct db *second;
	struct stat st;
	int version;

	ok(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600,
	    "a new database has mode 0600");
	ok(schema_version(db, &version, &err) == TB_OK &&
		version == schema_newest(),
	    "it has the newest schema version");
	is(db_path(db), path, "it knows its path");
	db_close(db);
	ok(db_create(&second, path, &err) == TB_ECONFIG,
	    "a name that is taken is refused");
	ok(db_open(&db, path, DB_WRITE, &err) == TB_OK, "it opens: %s",
	    err.msg);
	ok(schema_check(db, &err) == TB_OK, "its schema is ours: %s", err.msg);
	ok(schema_integrity(db, &err) == TB_OK, "it is whole: %s", err.msg);
	db_close(db);
}

static void
test_meta(void)
{
	struct tb_err err = { 0 };
	struct db *db = fresh();
	char value[8];

	ok(db_meta_get(db, "k", value, sizeof(value), &err) == TB_ENOENT,
	    "an unknown key of meta is not found");
	ok(db_begin(db, &err) == TB_OK &&
		db_meta_set(db, "k", "one", &err) == TB_OK &&
		db_meta_set(db, "k", "two", &err) == TB_OK &&
		db_finish(db, TB_OK, &err) == TB_OK,
	    "a value is set twice");
	ok(db_meta_get(db, "k", value, sizeof(value), &err) == TB_OK, "read");
	is(value, "two", "the last one stays");
	ok(db_begin(db, &err) == TB_OK &&
		db_meta_set(db, "k", "three", &err) == TB_OK &&
		db_finish(db, TB_EINVAL, &err) == TB_EINVAL,
	    "a failed transaction returns its failure");
	(void)db_meta_get(db, "k", value, sizeof(value), &err);
	is(value, "two", "and is rolled back");
	ok(db_begin(db, &err) == TB_OK &&
		db_meta_set(db, "k", "12345678", &err) == TB_OK,
	    "a value longer than its reader's room");
	ok(db_meta_get(db, "k", value, sizeof(value), &err) == TB_EDISAGREE,
	    "is not cut: %s", err.msg);
	db_close(db);
	ok(db_open(&db, path, DB_READ, &err) == TB_OK, "opened to read");
	(void)db_meta_get(db, "k", value, sizeof(value), &err);
	is(value, "two", "close rolled back what was open");
	ok(db_meta_set(db, "k", "four", &err) == TB_EPERM,
	    "nothing is written there: %s", err.msg);
	db_close(db);
}

static const char *
ask(struct db *db, const char *text, struct tb_err *err)
{
	static char answer[128];
	sqlite3_stmt *q = NULL;

	answer[0] = '\0';
	(void)snprintf(answer, sizeof(answer), "error");
	if (sqlite3_prepare_v2(sql_handle(db), text, -1, &q, NULL) ==
		SQLITE_OK &&
	    sqlite3_step(q) == SQLITE_ROW)
		(void)snprintf(answer, sizeof(answer), "%s",
		    sqlite3_column_type(q, 0) == SQLITE_NULL ?
			"NULL" :
			(const char *)sqlite3_column_text(q, 0));
	else
		(void)sql_fail(db, "ask", err);
	(void)sqlite3_finalize(q);
	return answer;
}

/* How: the same queries give the same in the sqlite3 shell (1000-migrate.t). */
static void
test_math(void)
{
	static const struct {
		const char *query, *answer;
	} rows[] = {
		{ "SELECT decimal_sum(column1) FROM (VALUES ('0.1'), ('0.2'),"
		  " (NULL), ('-0.000000000000000001'))",
		    "0.299999999999999999" },
		{ "SELECT decimal_sum(key) FROM meta WHERE 0", "NULL" },
		{ "SELECT decimal_cmp('9.99', '49.9')", "-1" },
		{ "SELECT decimal_cmp('1', '1')", "0" },
		{ "SELECT decimal_cmp('10', '9')", "1" },
		{ "SELECT decimal_cmp(NULL, '9')", "NULL" },
		{ "SELECT decimal_cmp('one', '9')", "error" },
		{ "SELECT decimal_sum(column1) FROM (VALUES"
		  " ('170141183460469231731'), ('1'))",
		    "error" },
		{ "SELECT group_concat(x) FROM (SELECT column1 x FROM (VALUES"
		  " ('10'), ('9.5'), ('-3'), ('zz'), ('9.25'))"
		  " ORDER BY x COLLATE decimal)",
		    "-3,9.25,9.5,10,zz" },
		{ "SELECT \"nosuch\"", "error" },
		{ "PRAGMA foreign_keys", "1" },
		{ "PRAGMA trusted_schema", "0" },
		{ "PRAGMA journal_mode", "truncate" },
		{ "PRAGMA synchronous", "3" },
		{ "PRAGMA application_id", "1413631828" },
	};
	struct tb_err err = { 0 };
	struct db *db = fresh();

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		is(ask(db, rows[i].query, &err), rows[i].answer, rows[i].query);
	ok(sql_exec(db, "PRAGMA writable_schema=1; DELETE FROM sqlite_schema",
	       &err) != TB_OK,
	    "DEFENSIVE: the schema is not edited: %s", err.msg);
	db_close(db);
}

static void
test_sql(void)
{
	struct tb_err err = { 0 };
	struct db *db = fresh();
	struct sql q;

	ok(sql_open(&q, db, "SELECT nonsense FROM nowhere", &err) == TB_EBUG,
	    "a wrong statement is a bug of ours");
	sql_bind_int(&q, 1, 1);
	ok(sql_step(&q, &err) == TB_EBUG, "its step says the same");
	sql_close(&q);
	(void)sql_open(&q, db, "SELECT ?1, ?2, ?3, ?4, ?5", &err);
	sql_bind_text(&q, 1, "text");
	sql_bind_int(&q, 2, INT64_MIN);
	sql_bind_null(&q, 3);
	sql_bind_decimal(&q, 4, DECIMAL_OF(-5));
	sql_bind_instant(&q, 5, AT_US);
	if (ok(sql_step(&q, &err) == TB_OK, "values go in")) {
		struct decimal d;
		int64_t us;
		char small[4];

		is(sql_text(&q, 0), "text", "a text comes back");
		is_int((long long)sql_text_len(&q, 0), 4, "with its length");
		ok(sql_int(&q, 1) == INT64_MIN, "an integer comes back");
		ok(sql_is_null(&q, 2), "NULL comes back");
		ok(sql_decimal(&q, 3, &d, &err) == TB_OK &&
			decimal_cmp(d, DECIMAL_OF(-5)) == 0,
		    "an amount comes back");
		ok(sql_instant(&q, 4, &us, &err) == TB_OK && us == AT_US,
		    "a moment comes back");
		is(sql_text(&q, 4), "2025-09-11T10:30:00.000000Z",
		    "in its text form");
		ok(sql_copy(&q, 0, small, sizeof(small), &err) == TB_EDISAGREE,
		    "a text one byte too long is refused: %s", err.msg);
		ok(sql_decimal(&q, 0, &d, &err) == TB_EDISAGREE,
		    "no amount: %s", err.msg);
		ok(sql_instant(&q, 2, &us, &err) == TB_EDISAGREE,
		    "no moment: %s", err.msg);
	}
	ok(sql_step(&q, &err) == TB_END, "then there is no more");
	sql_close(&q);
	sql_close(&q);
	ok(true, "closing twice is fine");
	(void)sql_open(&q, db, "SELECT ?1", &err);
	sql_bind_int(&q, 2, 1);
	ok(sql_step(&q, &err) == TB_EBUG, "a bind that misses is told: %s",
	    err.msg);
	sql_close(&q);
	db_close(db);
}

static void
test_moves(void)
{
	struct tb_err err = { 0 };
	struct db *db = fresh();
	int version;

	ok(schema_move(db, 0, AT_US, &err) == TB_OK,
	    "an empty database goes down to nothing: %s", err.msg);
	is(ask(db,
	       "SELECT count(*) FROM sqlite_schema WHERE type IN"
	       " ('table', 'view', 'trigger') AND name NOT LIKE 'sqlite_%'",
	       &err),
	    "1", "only schema_migrations is left");
	ok(schema_move(db, schema_newest(), AT_US, &err) == TB_OK &&
		schema_check(db, &err) == TB_OK,
	    "and up again: %s", err.msg);
	(void)sql_exec(db,
	    "INSERT INTO cash_flows (at, currency, amount) VALUES"
	    " ('2025-09-11T10:30:00.000000Z', 'USD', '1')",
	    &err);
	ok(schema_move(db, 0, AT_US, &err) == TB_EREFUSED,
	    "a step that loses a row is refused");
	ok(strstr(err.msg, "table cash_flows would lose 1 of its 1 rows") !=
		NULL,
	    "and names the table: %s", err.msg);
	ok(schema_version(db, &version, &err) == TB_OK && version == 1,
	    "the steps before it stand");
	is(ask(db, "SELECT count(*) FROM cash_flows", &err), "1",
	    "the row is there");
	ok(schema_move(db, schema_newest() + 1, AT_US, &err) == TB_ECONFIG,
	    "no such version: %s", err.msg);
	ok(schema_move(db, -1, AT_US, &err) == TB_ECONFIG, "nor that one");
	db_close(db);
}

static void
test_check(void)
{
	static const struct {
		const char *change, *finding;
	} rows[] = {
		{ "DROP TRIGGER fills_update", "trigger fills_update is miss" },
		{ "DROP VIEW v_trades", "view v_trades is missing" },
		{ "CREATE TRIGGER x AFTER INSERT ON fills BEGIN SELECT 1; END",
		    "trigger x is none of ours" },
		{ "DROP INDEX fills_by_order;"
		  "CREATE INDEX fills_by_order ON fills (side)",
		    "index fills_by_order is not what" },
		{ "UPDATE schema_migrations SET sha256 ="
		  " replace(sha256, substr(sha256, 1, 1), 'x')",
		    "was made with another 0001-books" },
		{ "DELETE FROM schema_migrations WHERE version = 2",
		    "has no version 2" },
	};
	struct tb_err err = { 0 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct db *db = fresh();

		ok(sql_exec(db, rows[i].change, &err) == TB_OK &&
			schema_check(db, &err) == TB_EDISAGREE &&
			strstr(err.msg, rows[i].finding) != NULL,
		    "%s: %s", rows[i].change, err.msg);
		db_close(db);
	}
}

static void
test_user_objects(void)
{
	struct tb_err err = { 0 };
	struct db *db = fresh();

	ok(sql_exec(db,
	       "CREATE TABLE notes (x); INSERT INTO notes VALUES (1);"
	       "CREATE INDEX mine ON trades (side);"
	       "CREATE VIEW my_view AS SELECT 1",
	       &err) == TB_OK &&
		schema_check(db, &err) == TB_OK,
	    "a stranger's table, index and view are left alone: %s", err.msg);
	db_close(db);
}

int
main(void)
{
	char folder[] = "/tmp/tb-1000-XXXXXX";

	if (mkdtemp(folder) == NULL || chdir(folder) != 0)
		return 1;
	test_create();
	test_meta();
	test_math();
	test_sql();
	test_moves();
	test_check();
	test_user_objects();
	(void)unlink(path);
	(void)unlink("tb.db-journal");
	(void)rmdir(folder);
	return tap_done();
}
