/*
 * books: what is kept in the transaction of each fill is what a rebuild makes
 * of all of them, whatever order they come in; the sums of sixteen digits are
 * exact.
 */

#include <unistd.h>

#include "base/digest.h"
#include "base/instant.h"
#include "store/audit.h"
#include "store/books.h"
#include "store/candles.h"
#include "store/schema.h"
#include "store/sql.h"
#include "tap.h"

#define AT_US INT64_C(1757586600000000)
#define MINUTE_US INT64_C(60000000)
#define FILLS 400

static struct tb_err err;
static uint64_t seed = 20250911;

/* xorshift64: the same fills on every host. */
static uint64_t
draw(uint64_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % below;
}

static struct db *
fresh(void)
{
	struct db *db = NULL;

	(void)unlink("tb.db");
	if (db_create(&db, "tb.db", &err) != TB_OK ||
	    schema_move(db, schema_newest(), AT_US, &err) != TB_OK ||
	    db_begin(db, &err) != TB_OK ||
	    products_assume(db, "BTC-USD", AT_US, &err) != TB_OK ||
	    products_assume(db, "ETH-EUR", AT_US, &err) != TB_OK ||
	    db_finish(db, TB_OK, &err) != TB_OK) {
		printf("Bail out! %s\n", err.msg);
		exit(1);
	}
	return db;
}

static struct decimal
amount(const char *text)
{
	struct decimal d;

	if (decimal_parse(text, strlen(text), &d) != TB_OK)
		exit(1);
	return d;
}

static struct fill
fill_of(int n, const char *side, const char *size, const char *value,
    const char *fee)
{
	struct fill f = { .venue_seq = n,
		.at_us = AT_US + n * MINUTE_US,
		.size = amount(size),
		.value = amount(value),
		.fee = amount(fee) };

	snprintf(f.entry_id, sizeof(f.entry_id), "e%d", n);
	snprintf(f.venue_trade_id, sizeof(f.venue_trade_id), "v%d", n);
	snprintf(f.order_id, sizeof(f.order_id), "o%d", n);
	snprintf(f.product_id, sizeof(f.product_id), "BTC-USD");
	f.side = side[0] == 'B' ? SIDE_BUY : SIDE_SELL;
	if (decimal_sign(f.size) != 0)
		(void)decimal_div(f.value, f.size, DECIMAL_HALF_EVEN, &f.price);
	return f;
}

static struct fill
random_fill(int n)
{
	char size[32], value[32], fee[32];
	struct fill f;

	snprintf(size, sizeof(size), "%d.%016d", (int)draw(3),
	    (int)draw(1000000000));
	snprintf(value, sizeof(value), "%d.%08d", (int)draw(900) + 1,
	    (int)draw(100000000));
	snprintf(fee, sizeof(fee), "0.%08d", (int)draw(100000000));
	f = fill_of(n, draw(5) < 3 ? "BUY" : "SELL", size, value, fee);
	if (draw(3) == 0)
		snprintf(f.product_id, sizeof(f.product_id), "ETH-EUR");
	return f;
}

static enum tb_status
book(struct db *db, const struct fill *f, struct booking *out)
{
	enum tb_status status = db_begin(db, &err);

	if (status == TB_OK)
		status = books_fill(db, f, out, &err);
	return db_finish(db, status, &err);
}

/* A digest of the derived rows; their ids may differ. */
static void
derived(struct db *db, char out[static DIGEST_HEX])
{
	static const char *const queries[] = {
		"SELECT quote(product_id) || quote(fill_id) || quote(size) ||"
		" quote(cost) || quote(size_left) || quote(cost_left) ||"
		" quote(acquired_at) FROM lots ORDER BY fill_id",
		"SELECT quote(product_id) || quote(fill_id) || quote((SELECT"
		" l.fill_id FROM lots l WHERE l.id = lot_id)) || quote(size) ||"
		" quote(proceeds) || quote(cost) || quote(gain) FROM disposals"
		" ORDER BY fill_id, id",
		"SELECT quote(product_id) || quote(crypto_balance) ||"
		" quote(usd_invested) || quote(average_cost_basis) ||"
		" quote(realized_pnl) || quote(proceeds) || quote(costs) ||"
		" quote(fees) || quote(uncovered_size) ||"
		" quote(uncovered_proceeds) || quote(updated_at)"
		" FROM portfolio ORDER BY product_id",
	};
	struct digest d;
	struct sql q;

	digest_init(&d);
	for (size_t i = 0; i < 3; i++) {
		if (sql_open(&q, db, queries[i], &err) != TB_OK)
			exit(1);
		while (sql_step(&q, &err) == TB_OK)
			digest_add_field(&d, sql_text(&q, 0));
		sql_close(&q);
	}
	digest_hex(&d, out);
}

static bool
residues_are_zero(struct db *db)
{
	static const char *const products[] = { "BTC-USD", "ETH-EUR" };
	struct decimal residue;
	struct position p;

	for (size_t i = 0; i < 2; i++)
		if (books_position(db, products[i], &p, &err) != TB_OK ||
		    position_residue(&p, &residue, &err) != TB_OK ||
		    decimal_sign(residue) != 0)
			return false;
	return true;
}

static enum tb_status
rebuild(struct db *db)
{
	enum tb_status status = db_begin(db, &err);

	if (status == TB_OK)
		status = books_rebuild(db, &err);
	return db_finish(db, status, &err);
}

static void
test_order(void)
{
	static struct fill fills[FILLS];
	char kept[DIGEST_HEX], rebuilt[DIGEST_HEX], shuffled[DIGEST_HEX];
	struct db *db = fresh();
	struct booking b = { 0 };
	size_t late = 0;
	bool fine = true;

	for (int i = 0; i < FILLS; i++) {
		fills[i] = random_fill(i + 1);
		fine &= book(db, &fills[i], &b) == TB_OK && !b.rebuilt;
	}
	ok(fine, "fills in order are booked one by one: %s", err.msg);
	ok(residues_are_zero(db), "the residues are 0");
	derived(db, kept);
	ok(rebuild(db) == TB_OK, "they are made anew: %s", err.msg);
	derived(db, rebuilt);
	is(kept, rebuilt, "what was kept is what a rebuild makes");
	db_close(db);

	db = fresh();
	for (int i = FILLS - 1; i > 0; i--) {
		struct fill t = fills[i];
		uint64_t at = draw((uint64_t)i + 1);

		fills[i] = fills[at];
		fills[at] = t;
	}
	for (int i = 0; i < FILLS && fine; i++) {
		fine = book(db, &fills[i], &b) == TB_OK;
		late += b.rebuilt;
	}
	ok(fine && late > FILLS / 2, "the same fills, shuffled: %zu are late",
	    late);
	ok(residues_are_zero(db), "the residues are 0");
	derived(db, shuffled);
	ok(strcmp(kept, shuffled) != 0, "(ids of fills differ)");
	ok(rebuild(db) == TB_OK, "made anew");
	derived(db, rebuilt);
	is(shuffled, rebuilt, "what was kept is what a rebuild makes");
	db_close(db);
}

/* ------------------------------------------------------- one by one -- */

static enum tb_status
position(struct db *db, struct position *p)
{
	return books_position(db, "BTC-USD", p, &err);
}

static void
is_dec(struct decimal got, const char *expected, const char *what)
{
	char text[DECIMAL_STRLEN];

	decimal_format(got, text);
	is(text, expected, what);
}

/* All checks of verify that concern the books. */
static bool
is_green(struct db *db)
{
	struct audit_result r;

	for (size_t i = 1; audit_run(db, i, &r, &err) == TB_OK; i++)
		if (r.findings > 0) {
			printf("# %s: %s\n", r.check, r.message);
			return false;
		}
	return true;
}

static void
test_repeated(void)
{
	struct db *db = fresh();
	struct fill f = fill_of(1, "BUY", "1", "100", "1");
	struct booking b = { 0 };

	ok(book(db, &f, &b) == TB_OK && !b.repeated, "a fill is booked");
	ok(book(db, &f, &b) == TB_OK && b.repeated, "once");
	f.value = amount("101");
	ok(book(db, &f, &b) == TB_EINVAL, "not with other figures: %s",
	    err.msg);
	ok(is_green(db), "the books are green");
	db_close(db);
}

static void
test_late_fill(void)
{
	struct db *db = fresh();
	struct fill first = fill_of(1, "BUY", "1", "50", "0");
	struct fill second = fill_of(2, "BUY", "1", "100", "0");
	struct fill sale = fill_of(3, "SELL", "1", "120", "0");
	struct decimal realized;
	struct booking b = { 0 };
	struct position p;

	ok(book(db, &second, &b) == TB_OK && book(db, &sale, &b) == TB_OK,
	    "bought for 100, sold for 120");
	(void)books_realized_since(db, sale.at_us, &realized, &err);
	is_dec(realized, "20", "a gain of 20 since then");
	(void)books_realized_since(db, sale.at_us + 1, &realized, &err);
	is_dec(realized, "0", "none after it");
	ok(book(db, &first, &b) == TB_OK && b.rebuilt,
	    "an older purchase for 50 turns up");
	is_int((long long)b.gains_changed, 1, "one older gain is another");
	(void)position(db, &p);
	is_dec(p.realized, "70", "the sale gained 70");
	ok(is_green(db), "the books are green");
	db_close(db);
}

static void
test_reversal(void)
{
	struct db *db = fresh();
	struct fill f = fill_of(1, "BUY", "1", "100", "1"), back = f;
	struct decimal size, value, fee;
	struct booking b = { 0 };
	struct position p;

	snprintf(back.entry_id, sizeof(back.entry_id), "back");
	snprintf(back.reverses, sizeof(back.reverses), "%s", f.entry_id);
	back.kind = FILL_REVERSAL;
	ok(book(db, &f, &b) == TB_OK && book(db, &back, &b) == TB_OK &&
		b.rebuilt,
	    "a fill is taken back");
	(void)position(db, &p);
	ok(position_is_flat(&p) && decimal_sign(p.fees) == 0,
	    "as if it had never been");
	(void)books_order_sums(db, f.order_id, &size, &value, &fee, &err);
	is_dec(value, "0", "its order has no sums");
	snprintf(back.entry_id, sizeof(back.entry_id), "again");
	ok(book(db, &back, &b) == TB_EINVAL, "but once: %s", err.msg);
	back.kind = FILL_FILL;
	ok(book(db, &back, &b) == TB_EINVAL,
	    "nothing but a reversal takes back: %s", err.msg);
	ok(is_green(db), "the books are green");
	db_close(db);
}

/* Told in any order: a page of fills need not begin with the oldest. */
static void
test_reversal_first(void)
{
	struct db *db = fresh();
	struct fill f = fill_of(1, "BUY", "1", "100", "1"), back = f;
	struct booking b = { 0 };
	struct position p;

	snprintf(back.entry_id, sizeof(back.entry_id), "back");
	snprintf(back.reverses, sizeof(back.reverses), "%s", f.entry_id);
	back.kind = FILL_REVERSAL;
	ok(book(db, &back, &b) == TB_OK && book(db, &f, &b) == TB_OK,
	    "a fill that was taken back before it came");
	(void)position(db, &p);
	ok(position_is_flat(&p) && decimal_sign(p.fees) == 0,
	    "is as if it had never been");
	ok(is_green(db), "the books are green");
	db_close(db);
}

static void
test_late_fee(void)
{
	struct db *db = fresh();
	struct fill f = fill_of(1, "BUY", "2", "100", "0"), late = f;
	struct fill sale = fill_of(3, "SELL", "1", "80", "0");
	struct booking b = { 0 };
	struct position p;

	late.kind = FILL_ADJUSTMENT;
	snprintf(late.entry_id, sizeof(late.entry_id), "late");
	late.size = late.value = late.price = DECIMAL_ZERO;
	late.fee = amount("0.5");
	late.at_us += MINUTE_US;
	ok(book(db, &f, &b) == TB_OK && book(db, &late, &b) == TB_OK &&
		!b.rebuilt,
	    "a late fee is booked");
	(void)position(db, &p);
	is_dec(p.usd_invested, "100.5", "it belongs to the cost");
	ok(is_green(db), "the books are green");
	ok(book(db, &sale, &b) == TB_OK, "half is sold");
	(void)position(db, &p);
	is_dec(p.realized, "29.75", "for 80 - 50.25");
	snprintf(late.entry_id, sizeof(late.entry_id), "later");
	late.at_us += 10 * MINUTE_US;
	ok(book(db, &late, &b) == TB_OK, "another late fee");
	(void)position(db, &p);
	is_dec(p.usd_invested, "50.75", "of what is left");
	ok(is_green(db), "the books are green");
	db_close(db);
}

/*
 * More sales out of one lot than wait for it, a late fee of it in between, and
 * more lots behind it than are kept in memory.
 */
static void
test_one_lot(void)
{
	char kept[DIGEST_HEX], rebuilt[DIGEST_HEX];
	struct db *db = fresh();
	struct fill f = fill_of(1, "BUY", "100", "1000", "1"), late = f;
	struct booking b = { 0 };
	bool fine = book(db, &f, &b) == TB_OK;

	for (int n = 2; n <= 150 && fine; n++) {
		f = fill_of(n, "BUY", "1", "11", "0.1");
		fine = book(db, &f, &b) == TB_OK;
	}
	for (int n = 151; n <= 290 && fine; n++) {
		f = fill_of(n, "SELL", "0.7", "9", "0.1");
		fine = book(db, &f, &b) == TB_OK && !b.rebuilt;
		if (n % 50 != 0 || !fine)
			continue;
		late.kind = FILL_ADJUSTMENT;
		late.size = late.value = late.price = DECIMAL_ZERO;
		late.at_us = f.at_us + 1;
		snprintf(late.entry_id, sizeof(late.entry_id), "late%d", n);
		fine = book(db, &late, &b) == TB_OK && !b.rebuilt;
	}
	f = fill_of(300, "SELL", "0", "0", "2"); /* a late fee of a sale */
	ok(fine && book(db, &f, &b) == TB_OK, "140 sales of one lot: %s",
	    err.msg);
	ok(is_green(db), "the books are green");
	derived(db, kept);
	ok(rebuild(db) == TB_OK, "they are made anew: %s", err.msg);
	derived(db, rebuilt);
	is(kept, rebuilt, "what was kept is what a rebuild makes");
	f = fill_of(301, "SELL", "151.3", "2000", "0"); /* and more */
	ok(book(db, &f, &b) == TB_OK && rebuild(db) == TB_OK && is_green(db),
	    "and so is all of it sold at once: %s", err.msg);
	db_close(db);
}

/* Of two purchases the order of the second says a little less, and a fee. */
static void
test_rounding(void)
{
	struct db *db = fresh();
	struct fill first = fill_of(1, "BUY", "1", "50", "0");
	struct fill second = fill_of(2, "BUY", "1", "100", "0"), less = second;
	struct fill sale = fill_of(4, "SELL", "1", "60", "0"), much;
	struct booking b = { 0 };
	struct position p;

	less.kind = FILL_ADJUSTMENT;
	snprintf(less.entry_id, sizeof(less.entry_id), "less");
	less.size = amount("-0.000000000000000038");
	less.value = less.price = DECIMAL_ZERO;
	less.fee = amount("0.25");
	less.venue_seq = INT64_MAX;
	ok(book(db, &first, &b) == TB_OK && book(db, &second, &b) == TB_OK &&
		book(db, &less, &b) == TB_OK && !b.rebuilt,
	    "a rounding is booked");
	(void)position(db, &p);
	is_dec(p.crypto_balance, "1.999999999999999962", "the coins are fewer");
	is_dec(p.usd_invested, "150.25", "their cost is the same, and the fee");
	is_dec(p.realized, "0", "nothing was sold");
	ok(is_green(db), "the books are green");
	ok(book(db, &sale, &b) == TB_OK, "the first is sold");
	(void)position(db, &p);
	is_dec(p.realized, "10", "whole, for 60 - 50");
	much = less;
	snprintf(much.entry_id, sizeof(much.entry_id), "much");
	much.at_us = sale.at_us + MINUTE_US;
	much.size = amount("-0.999999999999999962");
	much.value = amount("-100");
	much.fee = DECIMAL_ZERO;
	ok(book(db, &much, &b) == TB_OK, "all of a lot is no rounding");
	(void)position(db, &p);
	is_dec(p.crypto_balance, "0", "it goes");
	is_dec(p.realized, "9.75", "at a loss of the fee");
	ok(is_green(db), "the books are green");
	db_close(db);
}

static void
test_deferred(void)
{
	char one_by_one[DIGEST_HEX], at_once[DIGEST_HEX];
	struct db *db = fresh();
	struct booking b = { 0 };
	bool fine = true, repeated;

	seed = 4242;
	for (int i = 1; i <= 60; i++) {
		struct fill f = random_fill(i);

		fine &= book(db, &f, &b) == TB_OK;
	}
	derived(db, one_by_one);
	db_close(db);
	db = fresh();
	seed = 4242;
	fine &= db_begin(db, &err) == TB_OK;
	for (int i = 1; i <= 60; i++) {
		struct fill f = random_fill(i);

		fine &= books_fill_deferred(db, &f, &repeated, &err) == TB_OK;
	}
	fine &= db_finish(db, books_settle(db, &err), &err) == TB_OK;
	ok(fine, "many fills at once");
	derived(db, at_once);
	is(at_once, one_by_one, "give the same as one by one");
	ok(is_green(db), "the books are green");
	db_close(db);
}

static void
test_mark(void)
{
	struct db *db = fresh();
	struct fill f = fill_of(1, "BUY", "2", "100", "0");
	struct booking b = { 0 };
	struct position p;
	enum tb_status status;

	ok(book(db, &f, &b) == TB_OK, "bought");
	status = db_begin(db, &err);
	if (status == TB_OK)
		status = books_mark(db, "BTC-USD", amount("60"), AT_US, &err);
	ok(db_finish(db, status, &err) == TB_OK, "marked");
	ok(position(db, &p) == TB_OK && p.priced, "the price is kept");
	ok(rebuild(db) == TB_OK && position(db, &p) == TB_OK && p.priced,
	    "over a rebuild too");
	is_dec(p.price, "60", "as it was");
	ok(is_green(db), "the books are green");
	db_close(db);
}

int
main(void)
{
	char dir[] = "/tmp/tb-books-XXXXXX";

	if (mkdtemp(dir) == NULL || chdir(dir) != 0)
		return 1;
	test_order();
	test_repeated();
	test_late_fill();
	test_reversal();
	test_reversal_first();
	test_late_fee();
	test_rounding();
	test_one_lot();
	test_deferred();
	test_mark();
	(void)unlink("tb.db");
	(void)unlink("tb.db-journal");
	if (chdir("/") == 0)
		(void)rmdir(dir);
	return tap_done();
}
