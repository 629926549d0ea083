/*
 * books: what is kept in the transaction of each fill is what a rebuild makes
 * of all of them, whatever order they come in; the sums of sixteen digits are
 * exact.
 */

#include <unistd.h>

#include "base/digest.h"
#include "base/instant.h"
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
	struct booking b;
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

int
main(void)
{
	char dir[] = "/tmp/tb-books-XXXXXX";

	if (mkdtemp(dir) == NULL || chdir(dir) != 0)
		return 1;
	test_order();
	(void)unlink("tb.db");
	(void)unlink("tb.db-journal");
	if (chdir("/") == 0)
		(void)rmdir(dir);
	return tap_done();
}
