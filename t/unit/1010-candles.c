/* candles, products, bars: what is stored is what is read. */

#include <stdint.h>
#include <unistd.h>

#include "base/instant.h"
#include "store/bars.h"
#include "store/candles.h"
#include "store/db.h"
#include "store/schema.h"
#include "store/sql.h"
#include "tap.h"

#define AT_US INT64_C(1757586600000000) /* 2025-09-11T10:30:00Z */
#define AT_S INT64_C(1757586600)

static const char path[] = "tb.db";
static const char btc[] = "BTC-USD";

static struct db *
fresh(void)
{
	struct tb_err err = { 0 };
	struct db *db = NULL;

	(void)unlink(path);
	if (db_create(&db, path, &err) != TB_OK ||
	    schema_move(db, schema_newest(), AT_US, &err) != TB_OK ||
	    db_begin(db, &err) != TB_OK ||
	    products_assume(db, btc, AT_US, &err) != TB_OK) {
		printf("Bail out! %s\n", err.msg);
		exit(1);
	}
	return db;
}

/* A candle that stands still at a price. */
static struct candle
still(int64_t start_s, int price)
{
	return (struct candle){ .start_s = start_s,
		.open = DECIMAL_OF(price),
		.high = DECIMAL_OF(price),
		.low = DECIMAL_OF(price),
		.close = DECIMAL_OF(price),
		.volume = DECIMAL_OF(1) };
}

static enum candle_put
put(struct db *db, int granularity_s, int64_t start_s, int price, bool replace)
{
	struct candle c = still(start_s, price);
	struct tb_err err = { 0 };
	enum candle_put how = CANDLE_SAME;

	ok(candles_put(db, btc, granularity_s, &c, replace, &how, &err) ==
		TB_OK,
	    "put %lld at %d %s", (long long)start_s, price, err.msg);
	return how;
}

static void
test_products(void)
{
	struct tb_err err = { 0 };
	struct db *db = fresh();
	struct product p, page[3];
	size_t count;

	ok(products_get(db, btc, &p, &err) == TB_OK && p.assumed &&
		decimal_cmp(p.quote_min_size, DECIMAL_OF(1)) == 0,
	    "an assumed product");
	p.quote_increment = DECIMAL_OF(5);
	p.post_only = true;
	p.assumed = false;
	ok(products_put(db, &p, AT_US, &err) == TB_OK &&
		products_assume(db, btc, AT_US, &err) == TB_OK,
	    "a known one is not assumed again");
	ok(products_get(db, btc, &p, &err) == TB_OK && !p.assumed &&
		p.post_only && !p.limit_only &&
		decimal_cmp(p.quote_increment, DECIMAL_OF(5)) == 0,
	    "what was put is what is got");
	ok(products_get(db, "ETH-USD", &p, &err) == TB_ENOENT, "unknown: %s",
	    err.msg);
	ok(products_assume(db, "ADA-USD", AT_US, &err) == TB_OK &&
		products_assume(db, "ETH-USD", AT_US, &err) == TB_OK,
	    "two more");
	ok(products_page(db, "", page, 3, &count, &err) == TB_OK && count == 3,
	    "a page has them all");
	is(page[0].product_id, "ADA-USD", "by their ids");
	ok(products_page(db, "ADA-USD", page, 1, &count, &err) == TB_OK &&
		count == 1,
	    "a page behind one of them");
	is(page[0].product_id, btc, "begins with the next");
	db_close(db);
}

static void
test_put(void)
{
	struct tb_err err = { 0 };
	struct candle got[2];
	struct db *db = fresh();
	size_t count;

	is_int(put(db, 300, AT_S, 5, false), CANDLE_INSERTED, "new");
	is_int(put(db, 300, AT_S, 5, false), CANDLE_SAME, "the same");
	is_int(put(db, 300, AT_S, 6, false), CANDLE_DIFFERENT, "another");
	is_int(put(db, 300, AT_S, 6, true), CANDLE_REPLACED, "replaced");
	is_int(put(db, 300, AT_S, 6, true), CANDLE_SAME, "then the same");
	is_int(put(db, 60, AT_S, 7, true), CANDLE_INSERTED,
	    "another granularity is another candle");
	ok(candles_page(db, btc, 300, AT_S, AT_S + 1, got, 2, &count, &err) ==
		    TB_OK &&
		count == 1 && decimal_cmp(got[0].close, DECIMAL_OF(6)) == 0,
	    "one is stored");
	ok(candles_page(db, btc, 300, 0, AT_S, got, 2, &count, &err) == TB_OK &&
		count == 0,
	    "the end of a page is not in it");
	db_close(db);
}

static void
test_cover(void)
{
	struct tb_err err = { 0 };
	struct db *db = fresh();
	int64_t us = 1;

	ok(candles_covered_until(db, btc, 300, &us, &err) == TB_OK && us == 0,
	    "nothing is covered");
	ok(candles_cover(db, btc, 300, AT_US, &err) == TB_OK &&
		candles_cover(db, btc, 300, AT_US - 1, &err) == TB_OK &&
		candles_covered_until(db, btc, 300, &us, &err) == TB_OK &&
		us == AT_US,
	    "coverage never moves back");
	ok(candles_cover(db, btc, 300, AT_US + 1, &err) == TB_OK &&
		candles_covered_until(db, btc, 300, &us, &err) == TB_OK &&
		us == AT_US + 1,
	    "it moves on");
	db_close(db);
}

/* The price of BTC at an instant must be this, as of that moment. */
static void
check_price(struct db *db, int64_t instant_us, int price, int64_t at_us,
    const char *what)
{
	struct tb_err err = { 0 };
	struct decimal got;
	int64_t got_us;
	enum tb_status status =
	    candles_price(db, btc, instant_us, &got, &got_us, &err);

	ok(status == TB_OK && decimal_cmp(got, DECIMAL_OF(price)) == 0 &&
		got_us == at_us,
	    "%s %s", what, err.msg);
}

static void
test_price(void)
{
	const int64_t us = INSTANT_US_PER_S;
	struct tb_err err = { 0 };
	struct db *db = fresh();
	struct decimal price;
	int64_t at_us;

	ok(candles_price(db, btc, AT_US, &price, &at_us, &err) == TB_ENOENT,
	    "no candles, no price: %s", err.msg);
	(void)put(db, 300, AT_S - 300, 10, false);
	(void)put(db, 300, AT_S, 11, false);
	ok(candles_price(db, btc, AT_US - 1, &price, &at_us, &err) == TB_ENOENT,
	    "a microsecond before the first one closes there is none");
	check_price(db, AT_US, 10, AT_US, "when it closes it counts");
	check_price(db, AT_US + 300 * us - 1, 10, AT_US,
	    "until the next one closes");
	check_price(db, AT_US + 300 * us, 11, AT_US + 300 * us, "then that");
	(void)put(db, 60, AT_S - 60, 12, false);
	check_price(db, AT_US, 12, AT_US, "of two the finer one");
	check_price(db, AT_US + 300 * us, 11, AT_US + 300 * us,
	    "but a later one before a finer one");
	(void)put(db, 3600, AT_S - 1800, 13, false);
	check_price(db, AT_US + 1800 * us, 13, AT_US + 1800 * us,
	    "an hour that closes later");
	db_close(db);
}

static void
test_gaps(void)
{
	struct tb_err err = { 0 };
	struct candle_gap gaps[2];
	struct db *db = fresh();
	size_t count;

	ok(candles_gaps(db, btc, 60, 0, gaps, 2, &count, &err) == TB_OK &&
		count == 0,
	    "nothing, no gaps");
	(void)put(db, 60, AT_S, 1, false);
	(void)put(db, 60, AT_S + 60, 1, false);
	(void)put(db, 60, AT_S + 240, 1, false);
	(void)put(db, 60, AT_S + 360, 1, false);
	(void)put(db, 60, AT_S + 480, 1, false);
	ok(candles_gaps(db, btc, 60, AT_S, gaps, 2, &count, &err) == TB_OK &&
		count == 2,
	    "a page of two gaps");
	ok(gaps[0].from_s == AT_S + 120 && gaps[0].to_s == AT_S + 240 &&
		gaps[0].missing == 2 && gaps[1].missing == 1,
	    "the first lacks two candles, the second one");
	ok(candles_gaps(db, btc, 60, gaps[1].to_s, gaps, 2, &count, &err) ==
		    TB_OK &&
		count == 1 && gaps[0].from_s == AT_S + 420,
	    "the next page has the third");
	db_close(db);
}

static void
test_series(void)
{
	struct candle_series series[4];
	struct tb_err err = { 0 };
	struct db *db = fresh();
	size_t count;

	ok(candles_series(db, series, 4, &count, &err) == TB_OK && count == 0,
	    "no series");
	(void)put(db, 300, AT_S, 1, false);
	(void)put(db, 300, AT_S + 600, 1, false);
	(void)put(db, 60, AT_S, 1, false);
	ok(candles_cover(db, btc, 300, AT_US, &err) == TB_OK &&
		candles_series(db, series, 4, &count, &err) == TB_OK &&
		count == 2,
	    "two series");
	ok(series[0].granularity_s == 60 && series[0].first_s == AT_S &&
		series[0].last_s == AT_S && series[0].synced_until_us == 0,
	    "of minutes, not covered");
	ok(series[1].granularity_s == 300 && series[1].last_s == AT_S + 600 &&
		series[1].synced_until_us == AT_US,
	    "of five minutes, covered");
	ok(candles_series(db, series, 1, &count, &err) == TB_OK && count == 1,
	    "no more than asked for");
	db_close(db);
}

static enum tb_status
add_up(const struct bar *bar, void *arg, struct tb_err *err)
{
	double *sum = arg;

	*sum += bar->close;
	return *sum > 100 ? tb_fail(err, TB_END, "enough") : TB_OK;
}

static void
test_bars(void)
{
	struct tb_err err = { 0 };
	struct db *db = fresh();
	double sum = 0;

	(void)put(db, 60, AT_S, 1, false);
	(void)put(db, 60, AT_S + 60, 2, false);
	(void)put(db, 60, AT_S + 120, 4, false);
	ok(bars_each(db, btc, 60, AT_S, AT_S + 120, add_up, &sum, &err) ==
		TB_OK,
	    "bars up to a moment");
	is_int((long long)sum, 3, "that of the moment is left out");
	sum = 98;
	ok(bars_each(db, btc, 60, 0, INT64_MAX, add_up, &sum, &err) == TB_END,
	    "who has enough ends it, and gets its own status");
	is_int((long long)sum, 101, "at once");
	ok(sql_exec(db, "UPDATE candles SET low = '9'", &err) == TB_OK &&
		bars_each(db, btc, 60, 0, INT64_MAX, add_up, &sum, &err) ==
		    TB_EDISAGREE,
	    "a row that is no candle: %s", err.msg);
	ok(sql_exec(db, "UPDATE candles SET low = 'x'", &err) == TB_OK &&
		bars_each(db, btc, 60, 0, INT64_MAX, add_up, &sum, &err) ==
		    TB_EDISAGREE,
	    "a figure that is none: %s", err.msg);
	db_close(db);
}

int
main(void)
{
	char folder[] = "/tmp/tb-1010-XXXXXX";

	if (mkdtemp(folder) == NULL || chdir(folder) != 0)
		return 1;
	test_products();
	test_put();
	test_cover();
	test_price();
	test_gaps();
	test_series();
	test_bars();
	(void)unlink(path);
	(void)unlink("tb.db-journal");
	(void)rmdir(folder);
	return tap_done();
}
