/*
 * flips: is one flipped bit in a row found?
 *
 *	flips DATABASE SEED N TABLE ...
 *
 * N times: one bit of one column of one row of one of the tables is flipped,
 * inside of a transaction that is rolled back, and every check of "tb-portfolio
 * verify" looks.  A flip that the file itself refuses (an id that is taken) is
 * not counted.  Prints a line a table, "fills 212 of 212", behind a line for
 * each flip that was not found.
 *
 * exit: 0 all were found, 1 not all, 2 could not look
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/audit.h"
#include "store/sql.h"

#define HEX_MAX (1 << 16)
#define TABLES_MAX 16

struct flip {
	const char *table;
	char *key; /* the column that its rows are called by; owned */
	char column[64];
	bool integer;
	int64_t row; /* behind how many others */
	char was[HEX_MAX], is[HEX_MAX];
	char name[96]; /* what a finding has to say; "" where it may not */
};

static struct tb_err err;
static uint64_t state; /* of a linear generator: the same on every machine */

static uint64_t
below(uint64_t n)
{
	state = state * UINT64_C(6364136223846793005) +
	    UINT64_C(1442695040888963407);
	if (n == 0)
		abort();
	return (state >> 33) % n;
}

static void
must(enum tb_status status)
{
	if (status == TB_OK)
		return;
	fprintf(stderr, "flips: %s\n", err.msg);
	exit(2);
}

/* The one cell that a query made for the occasion answers; NULL: none. */
static char *
ask(struct db *db, const char *sql)
{
	const unsigned char *cell;
	sqlite3_stmt *stmt = NULL;
	char *text = NULL;

	if (sqlite3_prepare_v2(sql_handle(db), sql, -1, &stmt, NULL) !=
	    SQLITE_OK) {
		fprintf(stderr, "flips: %s\n", sqlite3_errmsg(sql_handle(db)));
		exit(2);
	}
	if (sqlite3_step(stmt) == SQLITE_ROW) {
		cell = sqlite3_column_text(stmt, 0);
		text = cell == NULL ? NULL : strdup((const char *)cell);
	}
	(void)sqlite3_finalize(stmt);
	return text;
}

static int64_t
ask_number(struct db *db, const char *sql)
{
	char *text = ask(db, sql);
	int64_t n = text == NULL ? 0 : strtoll(text, NULL, 10);

	free(text);
	return n;
}

/* A row, and a column of it. */
static void
choose(struct db *db, struct flip *f)
{
	char sql[256], *column;
	int64_t columns;

	snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM pragma_table_info('%s')", f->table);
	columns = ask_number(db, sql);
	snprintf(sql, sizeof(sql),
	    "SELECT name || iif(type = 'INTEGER', '#', '') FROM"
	    " pragma_table_info('%s') WHERE cid = %d",
	    f->table, (int)below((uint64_t)columns));
	column = ask(db, sql);
	f->integer = strchr(column, '#') != NULL;
	snprintf(f->column, sizeof(f->column), "%.*s",
	    (int)strcspn(column, "#"), column);
	free(column);
	snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s", f->table);
	f->row = (int64_t)below((uint64_t)ask_number(db, sql));
}

/* Its cell: a number, or the bytes of a text as hex digits. */
static void
look(struct db *db, struct flip *f)
{
	char sql[256], *was, *id;

	snprintf(sql, sizeof(sql),
	    "SELECT %s(%s) FROM %s ORDER BY %s LIMIT 1 OFFSET %lld",
	    f->integer ? "" : "hex", f->column, f->table, f->key,
	    (long long)f->row);
	was = ask(db, sql);
	snprintf(f->was, sizeof(f->was), "%s", was == NULL ? "" : was);
	free(was);
	f->name[0] = '\0';
	if (strcmp(f->column, f->key) == 0)
		return; /* its name is the one that changes */
	snprintf(sql, sizeof(sql),
	    "SELECT %s FROM %s ORDER BY %s LIMIT 1 OFFSET %lld", f->key,
	    f->table, f->key, (long long)f->row);
	id = ask(db, sql);
	if (strcmp(f->table, "fills") == 0 ||
	    strcmp(f->table, "intent_events") == 0)
		snprintf(f->name, sizeof(f->name), "%s: %s%s", f->table,
		    "the chain of hashes is broken at row ", id);
	else if (strstr("lots disposals portfolio", f->table) == NULL)
		snprintf(f->name, sizeof(f->name), "%s %s: its seal", f->table,
		    id);
	free(id);
}

static void
flip_bit(struct flip *f)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t at;
	int value;

	if (f->integer) {
		snprintf(f->is, sizeof(f->is), "%lld",
		    strtoll(f->was, NULL, 10) ^ (1LL << below(62)));
		return;
	}
	memcpy(f->is, f->was, sizeof(f->is));
	at = below(strlen(f->is));
	value = (int)(strchr(digits, f->is[at]) - digits);
	f->is[at] = digits[value ^ (1 << below(4))];
}

/* As nobody could who asks the database nicely: no CHECK, no trigger. */
static bool
put(struct db *db, const struct flip *f)
{
	sqlite3 *handle = sql_handle(db);
	bool done;
	char *sql;

	sql = sqlite3_mprintf("UPDATE %s SET %s = %s%s%s WHERE %s = (SELECT %s"
			      " FROM %s ORDER BY %s LIMIT 1 OFFSET %lld)",
	    f->table, f->column, f->integer ? "" : "CAST(X'", f->is,
	    f->integer ? "" : "' AS TEXT)", f->key, f->key, f->table, f->key,
	    (long long)f->row);
	(void)sqlite3_exec(handle, "PRAGMA ignore_check_constraints = ON", NULL,
	    NULL, NULL);
	done = sqlite3_exec(handle, sql, NULL, NULL, NULL) == SQLITE_OK &&
	    sqlite3_changes(handle) == 1;
	(void)sqlite3_exec(handle, "PRAGMA ignore_check_constraints = OFF",
	    NULL, NULL, NULL);
	sqlite3_free(sql);
	return done;
}

/* Do the checks find it, and does one of them call the row by its name? */
static bool
is_found(struct db *db, const struct flip *f)
{
	struct audit_result r;
	bool found = false, named = f->name[0] == '\0';
	enum tb_status status;

	for (size_t i = 0;; i++) {
		status = audit_run(db, i, &r, &err);
		if (status == TB_END)
			break;
		/* a row that cannot be read stops verify as well */
		found = found || status != TB_OK || r.findings > 0;
		named = named || strstr(r.message, f->name) != NULL;
		tb_err_clear(&err);
	}
	if (found && !named)
		printf("not named: %s\n", f->name);
	return found && named;
}

/* One flip that the file takes; returns whether it was found. */
static bool
try_one(struct db *db, struct flip *f)
{
	bool changed = false, found;

	while (!changed) {
		must(db_begin(db, &err));
		choose(db, f);
		look(db, f);
		if (f->was[0] != '\0') {
			flip_bit(f);
			changed = put(db, f);
		}
		if (!changed)
			db_rollback(db);
	}
	found = is_found(db, f);
	db_rollback(db);
	if (!found)
		printf("not found: %s, row %lld, %s: %s became %s\n", f->table,
		    (long long)f->row, f->column, f->was, f->is);
	return found;
}

/* Of a table: how many flips were tried, and found. */
struct tally {
	struct flip flip;
	int tried, found;
};

static void
name_key(struct db *db, struct flip *f)
{
	char sql[256];

	snprintf(sql, sizeof(sql),
	    "SELECT name FROM pragma_table_info('%s') WHERE pk = 1"
	    " UNION ALL SELECT 'rowid' LIMIT 1",
	    f->table);
	f->key = ask(db, sql);
}

int
main(int argc, char *argv[])
{
	static struct tally tallies[TABLES_MAX];
	int count, tables = argc - 4, missed = 0;
	struct db *db = NULL;

	if (tables < 1 || tables > TABLES_MAX)
		return 2;
	state = strtoull(argv[2], NULL, 10);
	count = (int)strtol(argv[3], NULL, 10);
	must(db_open(&db, argv[1], DB_WRITE, &err));
	(void)sqlite3_db_config(sql_handle(db), SQLITE_DBCONFIG_ENABLE_TRIGGER,
	    0, NULL);
	(void)sqlite3_db_config(sql_handle(db), SQLITE_DBCONFIG_ENABLE_FKEY, 0,
	    NULL);
	for (int t = 0; t < tables; t++) {
		tallies[t].flip.table = argv[4 + t];
		name_key(db, &tallies[t].flip);
	}
	for (int i = 0; i < count; i++) {
		struct tally *t = &tallies[below((uint64_t)tables)];

		t->tried++;
		t->found += try_one(db, &t->flip);
	}
	for (int t = 0; t < tables; t++) {
		missed += tallies[t].tried - tallies[t].found;
		printf("%s %d of %d\n", tallies[t].flip.table, tallies[t].found,
		    tallies[t].tried);
		free(tallies[t].flip.key);
	}
	db_close(db);
	return missed == 0 ? 0 : 1;
}
