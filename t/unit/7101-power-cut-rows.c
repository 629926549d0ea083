/*
 * The power is cut while rows are written that no order asks for: candles of a
 * venue, a migration of the schema, the import of an old database.  What is
 * found then is whole: a transaction is there or it is not, what was reported
 * is there, and the same command again comes to the same end.
 */

#include "cuts.h"

#include "legacy/import.h"
#include "store/handle.h"
#include "store/schema.h"
#include "sync/market.h"

enum { TOLD = 1 };

static struct db *db;
static struct tb_err err;

/* -------------------------------------------------------------- candles -- */

#define G INT64_C(300)
#define NOW_S (FAKE_T0 / 1000000)
#define CANDLES 700 /* three pages */

static enum tb_status
tell_candles(struct venue *v, const char *product_id, int granularity_s,
    int64_t from_s, int64_t to_s, struct candle *out, size_t max, size_t *count,
    struct tb_err *e)
{
	(void)v;
	(void)product_id;
	(void)e;
	*count = 0;
	for (int64_t s = from_s; s < to_s && *count < max; s += granularity_s)
		out[(*count)++] = (struct candle){ .start_s = s,
			.open = DECIMAL_OF(100),
			.high = DECIMAL_OF(100 + s / granularity_s % 7),
			.low = DECIMAL_OF(90),
			.close = DECIMAL_OF(100),
			.volume = DECIMAL_OF(1) };
	return TB_OK;
}

static bool
sync_candles(void)
{
	static const struct venue_verbs verbs = { .candles = tell_candles };
	struct venue venue = { .verbs = &verbs };
	const struct candles_wanted wanted = { .product_id = "ETH-USD",
		.granularity_s = (int)G,
		.from_s = NOW_S - CANDLES * G,
		.now_us = NOW_S * 1000000 };
	struct candles_synced synced;

	return market_candles(db, &venue, &wanted, &synced, &err) == TB_OK;
}

static void
run_candles(void)
{
	disk_watch(fake_dir);
	if (db_open(&db, fake_path, DB_WRITE, &err) != TB_OK || !sync_candles())
		abort();
	disk_mark(TOLD);
	db_close(db);
}

/* From the first, without a gap, as far as is said to be known. */
static enum harm
judge_stored(bool all)
{
	static struct candle page[CANDLES + 1];
	int64_t until_us = 0, first_s = NOW_S - CANDLES * G;
	size_t count = 0;

	if (candles_page(db, "ETH-USD", (int)G, 0, NOW_S, page, CANDLES + 1,
		&count, &err) != TB_OK)
		return harm(HARM_ROWS, "%s", err.msg);
	(void)candles_covered_until(db, "ETH-USD", (int)G, &until_us, &err);
	for (size_t i = 0; i < count; i++)
		if (page[i].start_s != first_s + (int64_t)i * G)
			return harm(HARM_ROWS, "candle %zu is missing", i);
	if (count > 0 && until_us != (first_s + (int64_t)count * G) * 1000000)
		return harm(HARM_ROWS, "%zu candles, known until %lld", count,
		    (long long)until_us / 1000000);
	if (all && count != CANDLES)
		return harm(HARM_ROWS, "%zu candles of %d", count, CANDLES);
	return HARM_NONE;
}

static enum harm
judge_candles(size_t cut, const char *path)
{
	enum harm kind;

	if (db_open(&db, path, DB_WRITE, &err) != TB_OK)
		return harm(HARM_ROWS, "not opened: %s", err.msg);
	kind = audited(db);
	if (kind == HARM_NONE)
		kind = judge_stored(disk_passed(cut, TOLD));
	if (kind == HARM_NONE && !sync_candles())
		kind = harm(HARM_ROWS, "%s", err.msg);
	if (kind == HARM_NONE)
		kind = judge_stored(true);
	db_close(db);
	return kind;
}

static void
test_candles(void)
{
	static const struct course course = { "tb-sync", "far",
		"three pages of candles", run_candles, judge_candles };
	struct product product = product_assumed("ETH-USD");

	db = fake_books();
	if (db_begin(db, &err) != TB_OK ||
	    products_put(db, &product, FAKE_T0, &err) != TB_OK ||
	    db_commit(db, &err) != TB_OK)
		abort();
	db_close(db);
	cuts(&course);
	fake_books_close(NULL);
}

/* --------------------------------------------------------- the schema ---- */

/* Up through every version but the first. */
static bool
move(int version)
{
	return schema_move(db, version, FAKE_T0, &err) == TB_OK;
}

static void
run_up(void)
{
	disk_watch(fake_dir);
	if (db_open(&db, fake_path, DB_ANY_VERSION, &err) != TB_OK ||
	    !move(schema_newest()))
		abort();
	disk_mark(TOLD);
	db_close(db);
}

static enum harm
judge_up(size_t cut, const char *path)
{
	enum harm kind = HARM_NONE;
	int version = 0;

	if (db_open(&db, path, DB_ANY_VERSION, &err) != TB_OK)
		return harm(HARM_ROWS, "not opened: %s", err.msg);
	if (schema_version(db, &version, &err) != TB_OK ||
	    schema_check(db, &err) != TB_OK ||
	    schema_integrity(db, &err) != TB_OK)
		kind = harm(HARM_ROWS, "%s", err.msg);
	else if (disk_passed(cut, TOLD) && version != schema_newest())
		kind = harm(HARM_ROWS, "told of %d, found %d", schema_newest(),
		    version);
	if (kind == HARM_NONE &&
	    (!move(schema_newest()) || schema_check(db, &err) != TB_OK))
		kind = harm(HARM_ROWS, "again: %s", err.msg);
	if (kind == HARM_NONE)
		kind = audited(db);
	db_close(db);
	return kind;
}

static void
test_up(void)
{
	static const struct course course = { "tb-migrate", "-", "up", run_up,
		judge_up };

	db_close(fake_books());
	if (db_open(&db, fake_path, DB_ANY_VERSION, &err) != TB_OK || !move(1))
		abort();
	db_close(db);
	cuts(&course);
	fake_books_close(NULL);
}

/* ---------------------------------------------------- the old system's ---- */

#define OLD_TRADES 40

static char old_path[96];

static void
make_old(void)
{
	static const char rows[] =
	    "CREATE TABLE bots (id INTEGER NOT NULL, name VARCHAR(100),"
	    " pair VARCHAR(20), cooldown_minutes INTEGER, signal_config TEXT,"
	    " PRIMARY KEY (id));"
	    "CREATE TABLE trades (id INTEGER NOT NULL, bot_id INTEGER,"
	    " product_id VARCHAR(20), side VARCHAR(10), size FLOAT,"
	    " price FLOAT, fee FLOAT, order_id VARCHAR(100),"
	    " status VARCHAR(20), combined_signal_score FLOAT,"
	    " signal_scores TEXT, size_usd FLOAT, created_at DATETIME,"
	    " filled_at DATETIME, PRIMARY KEY (id), UNIQUE (order_id));"
	    "INSERT INTO bots VALUES (1, 'A bot', 'BTC-USD', 15, '{}');"
	    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
	    " WHERE i < 40) INSERT INTO trades SELECT i, 1, 'BTC-USD',"
	    " iif(i % 3 = 0, 'SELL', 'BUY'), 0.25, 100.0 + i, 0.05, 'f-' || i,"
	    " 'filled', 0.0, '{}', 0.25 * (100.0 + i),"
	    " printf('2025-08-%02d 10:00:00.000000', 1 + i / 2),"
	    " printf('2025-08-%02d 10:00:00.000000', 1 + i / 2) FROM n";
	sqlite3 *old = NULL;

	snprintf(old_path, sizeof(old_path), "%s/old", fake_dir);
	if (mkdir(old_path, 0700) != 0)
		abort();
	snprintf(old_path, sizeof(old_path), "%s/old/old.db", fake_dir);
	if (sqlite3_open(old_path, &old) != SQLITE_OK ||
	    sqlite3_exec(old, rows, NULL, NULL, NULL) != SQLITE_OK)
		abort();
	sqlite3_close(old);
}

static bool
bring_over(void)
{
	const char *paths[] = { old_path };
	char folder[80];
	struct legacy_options options = { .folder = folder,
		.cap_usd = DECIMAL_OF(LEGACY_CAP_USD),
		.now_us = FAKE_T0 };
	struct legacy_import in = {
		.backup = "none", .cap_usd = options.cap_usd, .now_us = FAKE_T0
	};
	struct legacy_imported done;
	enum tb_status status;

	snprintf(folder, sizeof(folder), "%s/old", fake_dir);
	status = legacy_plan_open(&in.plan, paths, 1, &options, &err);
	if (status == TB_OK)
		status = legacy_import_run(db, &in, &done, &err);
	legacy_plan_close(in.plan);
	return status == TB_OK;
}

static void
run_legacy(void)
{
	disk_watch(fake_dir);
	if (db_open(&db, fake_path, DB_WRITE, &err) != TB_OK || !bring_over())
		abort();
	disk_mark(TOLD);
	db_close(db);
}

static int64_t
trades(void)
{
	sqlite3_stmt *q = NULL;
	int64_t n = -1;

	if (sqlite3_prepare_v2(db->handle, "SELECT count(*) FROM trades", -1,
		&q, NULL) == SQLITE_OK &&
	    sqlite3_step(q) == SQLITE_ROW)
		n = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	return n;
}

static enum harm
judge_legacy(size_t cut, const char *path)
{
	enum harm kind;
	int64_t n;

	if (db_open(&db, path, DB_WRITE, &err) != TB_OK)
		return harm(HARM_ROWS, "not opened: %s", err.msg);
	kind = audited(db);
	n = trades();
	if (kind == HARM_NONE && n != OLD_TRADES &&
	    (n != 0 || disk_passed(cut, TOLD)))
		kind = harm(HARM_ROWS, "%lld trades", (long long)n);
	if (kind == HARM_NONE && (!bring_over() || trades() != OLD_TRADES))
		kind = harm(HARM_ROWS, "%s", err.msg);
	if (kind == HARM_NONE)
		kind = audited(db);
	db_close(db);
	return kind;
}

static void
test_legacy(void)
{
	static const struct course course = { "tb-migrate", "-", "legacy",
		run_legacy, judge_legacy };

	db_close(fake_books());
	make_old();
	cuts(&course);
	fake_books_close(NULL);
}

int
main(void)
{
	disk_register();
	test_candles();
	test_up();
	test_legacy();
	return tap_done();
}
