/*
 * The whole history of the account, told by the venue after the old system's
 * database came over: no position changes, whoever's order it was.
 */

#include <sqlite3.h>

#include "fakevenue.h"
#include "legacy/import.h"
#include "store/audit.h"
#include "store/books.h"
#include "sync/account.h"
#include "tap.h"

static struct db *db;
static struct desk desk;
static struct fake fake;
static struct config config;

/*
 * Imported fills f-1 (of order o-1), f-2 and f-3 (both of o-2); an order o-9
 * of a bot without its fill; o-10 and o-11, pending.
 */
static const char old_rows[] =
    "CREATE TABLE bots (id INTEGER NOT NULL, name VARCHAR(100),"
    " pair VARCHAR(20), cooldown_minutes INTEGER, signal_config TEXT,"
    " PRIMARY KEY (id));"
    "CREATE TABLE trades (id INTEGER NOT NULL, bot_id INTEGER,"
    " product_id VARCHAR(20), side VARCHAR(10), size FLOAT, price FLOAT,"
    " fee FLOAT, order_id VARCHAR(100), status VARCHAR(20),"
    " combined_signal_score FLOAT, signal_scores TEXT, size_usd FLOAT,"
    " created_at DATETIME, filled_at DATETIME, PRIMARY KEY (id),"
    " UNIQUE (order_id));"
    "INSERT INTO bots VALUES (1, 'A bot', 'BTC-USD', 15, '{}');"
    "INSERT INTO trades VALUES"
    " (1, 1, 'BTC-USD', 'BUY', 0.5, 100.0, 0.0, 'f-1', 'filled', 0.0, '{}',"
    "  50.0, '2025-09-01 10:00:00.000000', '2025-09-01 10:00:00.000000'),"
    " (2, NULL, 'BTC-USD', 'BUY', 0.1, 110.0, 0.0, 'f-2', 'filled', 0.0,"
    "  '{}', 11.0, '2025-09-02 10:00:00.000000',"
    "  '2025-09-02 10:00:00.000000'),"
    " (3, NULL, 'BTC-USD', 'SELL', 0.2, 120.0, 0.0, 'f-3', 'filled', 0.0,"
    "  '{}', 24.0, '2025-09-03 10:00:00.000000',"
    "  '2025-09-03 10:00:00.000000'),"
    " (4, 1, 'BTC-USD', 'BUY', 25.0, 100.0, NULL, 'o-9', 'completed', -0.4,"
    "  '{\"rsi_enabled\": false}', 25.0, '2025-09-04 10:00:00.000000',"
    "  '2025-09-04 10:00:05.000000'),"
    " (5, 1, 'BTC-USD', 'BUY', 10.0, 100.0, NULL, 'o-10', 'pending', -0.4,"
    "  '{\"rsi_enabled\": false}', 10.0, '2025-09-05 10:00:00.000000', NULL),"
    " (6, 1, 'BTC-USD', 'BUY', 10.0, 100.0, NULL, 'o-11', 'pending', -0.4,"
    "  '{\"rsi_enabled\": false}', 10.0, '2025-09-05 11:00:00.000000', NULL)";

static void
make_old(const char *path)
{
	sqlite3 *old = NULL;

	if (sqlite3_open(path, &old) != SQLITE_OK ||
	    sqlite3_exec(old, old_rows, NULL, NULL, NULL) != SQLITE_OK)
		abort();
	sqlite3_close(old);
}

static bool
bring_over(void)
{
	char path[128];
	const char *paths[] = { path };
	struct legacy_options options = { .folder = fake_dir,
		.cap_usd = DECIMAL_OF(LEGACY_CAP_USD),
		.now_us = FAKE_T0 };
	struct legacy_import in = {
		.backup = "none", .cap_usd = options.cap_usd, .now_us = FAKE_T0
	};
	struct legacy_imported done;
	struct tb_err err = { 0 };
	enum tb_status status;

	snprintf(path, sizeof(path), "%s/old.db", fake_dir);
	if (access(path, F_OK) != 0)
		make_old(path);
	status = legacy_plan_open(&in.plan, paths, 1, &options, &err);
	if (status == TB_OK)
		status = legacy_import_run(db, &in, &done, &err);
	legacy_plan_close(in.plan);
	if (status != TB_OK)
		printf("# %s\n", err.msg);
	return status == TB_OK;
}

/* ----------------------------------------------------------------- venue -- */

static struct fake_order *
put_order(const char *id, enum side side, const char *status, int day)
{
	struct fake_order *o = &fake.order[fake.count++];
	struct venue_order *v = &o->order;

	snprintf(v->order_id, sizeof(v->order_id), "%s", id);
	snprintf(v->product_id, sizeof(v->product_id), "BTC-USD");
	snprintf(v->type, sizeof(v->type), "market");
	snprintf(v->status, sizeof(v->status), "%s", status);
	v->side = side;
	v->settled = true;
	v->created_at_us = FAKE_T0 - SECONDS(86400) * (11 - day) - 1;
	v->updated_at_us = v->created_at_us;
	return o;
}

/* The venue knows 16 digits, and what was paid. */
static void
put_fill(struct fake_order *o, const char *trade_id, const char *size,
    const char *price, const char *fee)
{
	struct fill *f = &o->fill[o->fill_count++];
	struct venue_order *v = &o->order;

	*f = (struct fill){ .side = v->side,
		.kind = FILL_FILL,
		.size = dec(size),
		.price = dec(price),
		.fee = dec(fee),
		.at_us = v->created_at_us };
	snprintf(f->entry_id, sizeof(f->entry_id), "entry-%s", trade_id);
	snprintf(f->venue_trade_id, sizeof(f->venue_trade_id), "%s", trade_id);
	memcpy(f->order_id, v->order_id, sizeof(f->order_id));
	memcpy(f->product_id, v->product_id, sizeof(f->product_id));
	if (decimal_mul(f->size, f->price, DECIMAL_HALF_EVEN, &f->value) !=
		TB_OK ||
	    decimal_add(v->filled_size, f->size, &v->filled_size) != TB_OK ||
	    decimal_add(v->filled_value, f->value, &v->filled_value) != TB_OK ||
	    decimal_add(v->total_fees, f->fee, &v->total_fees) != TB_OK)
		abort();
}

static void
put_history(void)
{
	struct fake_order *o;

	put_fill(put_order("o-1", SIDE_BUY, "FILLED", 1), "f-1",
	    "0.5000000012345678", "100", "0.3");
	put_fill(put_order("o-2", SIDE_BUY, "FILLED", 2), "f-2", "0.1", "110",
	    "0.066");
	put_fill(put_order("o-3", SIDE_SELL, "FILLED", 3), "f-3", "0.2", "120",
	    "0.144");
	o = put_order("o-9", SIDE_BUY, "FILLED", 4);
	put_fill(o, "f-9a", "0.15", "100", "0.09");
	put_fill(o, "f-9b", "0.1", "100", "0.06");
	(void)put_order("o-10", SIDE_BUY, "CANCELLED", 5);
	put_fill(put_order("o-11", SIDE_BUY, "FILLED", 6), "f-11", "0.1", "99",
	    "0.06");
}

static bool
sync_all(void)
{
	static struct fills_synced fills;
	static struct reconciled orders;
	struct tb_err err = { 0 };
	enum tb_status status;

	status = account_fills(&desk, 0, &fills, &err);
	if (status == TB_OK)
		status = account_orders(&desk, 0, &orders, &err);
	if (status != TB_OK)
		printf("# %s\n", err.msg);
	return status == TB_OK && orders.differ == 0;
}

/* ---------------------------------------------------------------- proofs -- */

static const char *
held(void)
{
	static char text[TB_ERR_MAX];
	char size[DECIMAL_STRLEN], cost[DECIMAL_STRLEN];
	struct position p;
	struct tb_err err = { 0 };

	if (books_position(db, "BTC-USD", &p, &err) != TB_OK)
		return "not to be read";
	decimal_format(p.crypto_balance, size);
	decimal_format(p.usd_invested, cost);
	snprintf(text, sizeof(text), "%s for %s", size, cost);
	return text;
}

static const char *
trade_of(const char *order_id)
{
	static char text[256];
	char size[DECIMAL_STRLEN], usd[DECIMAL_STRLEN], fee[DECIMAL_STRLEN];
	struct trade t;
	struct tb_err err = { 0 };

	if (books_trade_by_order(db, order_id, &t, &err) != TB_OK)
		return "none";
	decimal_format(t.size_crypto, size);
	decimal_format(t.size_usd, usd);
	decimal_format(t.commission, fee);
	snprintf(text, sizeof(text), "%s %s for %s, %s by %s",
	    trade_status_name(t.status), size, usd, fee, t.triggered_by);
	trade_release(&t);
	return text;
}

static bool
is_sound(void)
{
	struct audit_result r;
	struct tb_err err = { 0 };
	bool sound = true;

	for (size_t i = 0; audit_run(db, i, &r, &err) == TB_OK; i++)
		if (r.findings > 0) {
			printf("# %s: %s\n", r.check, r.message);
			sound = false;
		}
	return sound;
}

int
main(void)
{
	db = fake_books();
	fake_desk(&desk, &fake, db, &config, true);
	ok(bring_over(), "the old database comes over");
	is(held(), "0.65 for 66",
	    "0.5 at 100, 0.1 at 110, 0.2 sold, and 25 dollars' worth at 100");
	is(trade_of("o-9"), "filled 0.25 for 25, 0 by bot:1",
	    "the order of a bot");
	is(trade_of("o-10"), "pending 0.1 for 10, 0 by bot:1",
	    "one that is pending");

	put_history();
	ok(sync_all(), "the venue tells the whole history");
	is(held(), "0.75 for 76.11",
	    "what came over counts once; 0.1 at 99 were pending, fees are new");
	is(trade_of("f-1"), "filled 0.5 for 50, 0 by sync",
	    "a fill that is known stays as it came");
	is(trade_of("o-1"), "none", "its order makes no second trade");
	is(trade_of("o-9"), "filled 0.25 for 25, 0.15 by bot:1",
	    "the venue's fills take the place of the synthetic one");
	is(trade_of("o-10"), "cancelled 0.1 for 10, 0 by bot:1",
	    "what was pending is cancelled,");
	is(trade_of("o-11"), "filled 0.1 for 9.9, 0.06 by bot:1", "or filled");
	ok(is_sound(), "the books are whole");

	ok(sync_all(), "told once more");
	is(held(), "0.75 for 76.11", "nothing changes");
	ok(bring_over(), "and the old database once more");
	is(held(), "0.75 for 76.11", "does not either: the venue has the word");
	is(trade_of("o-9"), "filled 0.25 for 25, 0.15 by bot:1",
	    "of its orders");
	ok(is_sound(), "the books are whole");
	fake_books_close(db);
	return tap_done();
}
