/*
 * Candles and products of a venue, page by page, over one that tells whatever
 * a test wants: what is asked, what is stored, how far it is known, and where
 * the next run goes on.
 */

#include "fakevenue.h"

#include "sync/account.h"
#include "sync/market.h"

#include "tap.h"

#define G INT64_C(300)
#define NOW_S (FAKE_T0 / 1000000 + 17) /* some seconds into a candle */
#define ASKED_MAX 256

static struct db *db;
static struct tb_err err;

/* A market that has a candle every five minutes since it began. */
static struct market {
	struct venue venue; /* first: venues are cast */
	int64_t begins_s;
	int64_t hole_from_s, hole_to_s; /* nobody traded then */
	int fails_at;			/* the request that fails; 0: none */
	int64_t shift_s;		/* told candles are of another time */
	bool turned;			/* newest first */
	const char *high;		/* of every candle */
	int64_t from_s[ASKED_MAX], to_s[ASKED_MAX];
	int asked;
} market;

static enum tb_status
market_told(struct venue *v, const char *product_id, int granularity_s,
    int64_t from_s, int64_t to_s, struct candle *out, size_t max, size_t *count,
    struct tb_err *e)
{
	(void)v;
	(void)product_id;
	market.from_s[market.asked] = from_s;
	market.to_s[market.asked] = to_s;
	if (++market.asked == market.fails_at)
		return tb_fail(e, TB_ENET, "the line is dead");
	*count = 0;
	for (int64_t s = from_s; s < to_s && *count < max; s += granularity_s) {
		if (s < market.begins_s ||
		    (s >= market.hole_from_s && s < market.hole_to_s))
			continue;
		out[(*count)++] =
		    (struct candle){ .start_s = s + market.shift_s,
			    .open = dec("100"),
			    .high = dec(market.high),
			    .low = dec("90"),
			    .close = dec("95"),
			    .volume = dec("1") };
	}
	for (size_t i = 0; market.turned && i < *count / 2; i++) {
		struct candle c = out[i];

		out[i] = out[*count - 1 - i];
		out[*count - 1 - i] = c;
	}
	return TB_OK;
}

static const struct venue_verbs market_verbs = { .candles = market_told };

static void
fresh(void)
{
	struct product product = product_assumed("ETH-USD");

	if (db != NULL)
		fake_books_close(db);
	db = fake_books();
	market = (struct market){ .venue.verbs = &market_verbs, .high = "110" };
	if (db_begin(db, &err) != TB_OK ||
	    products_put(db, &product, FAKE_T0, &err) != TB_OK ||
	    db_commit(db, &err) != TB_OK)
		abort();
}

static enum tb_status
sync_at(int64_t from_s, int64_t now_s, bool refill, struct candles_synced *out)
{
	const struct candles_wanted wanted = { .product_id = "ETH-USD",
		.granularity_s = (int)G,
		.from_s = from_s,
		.now_us = now_s * 1000000,
		.refill = refill };

	market.asked = 0;
	return market_candles(db, &market.venue, &wanted, out, &err);
}

static int
stored(void)
{
	static struct candle page[4096];
	size_t count = 0;

	if (candles_page(db, "ETH-USD", (int)G, 0, NOW_S * 2, page, 4096,
		&count, &err) != TB_OK)
		abort();
	return (int)count;
}

static int64_t
known_until_s(void)
{
	int64_t us = 0;

	if (candles_covered_until(db, "ETH-USD", (int)G, &us, &err) != TB_OK)
		abort();
	return us / 1000000;
}

static void
test_pages(void)
{
	const int64_t end_s = NOW_S - NOW_S % G;
	struct candles_synced n;

	fresh();
	is_int((int)sync_at(end_s - 601 * G + 7, NOW_S, false, &n), TB_OK,
	    "601 candles");
	is_int(market.asked, 3, "three requests");
	is_int(market.from_s[0], end_s - 601 * G, "from the grid");
	for (int i = 0; i < 3; i++)
		ok(market.to_s[i] - market.from_s[i] <= VENUE_CANDLES_MAX * G,
		    "request %d spans 300 candles at most", i);
	is_int(market.from_s[1], market.to_s[0], "without a gap between them");
	is_int(market.to_s[2], end_s, "none that has not closed");
	is_int(stored(), 601, "all stored");
	is_int(known_until_s(), end_s, "known until the last close");
	is_int((long long)n.missing, 0, "none missing");

	is_int((int)sync_at(end_s - 601 * G, NOW_S + G, false, &n), TB_OK,
	    "five minutes later");
	is_int(market.asked, 1, "one request");
	is_int((long long)n.inserted, 1, "one candle");
	is_int((long long)n.same, MARKET_OVERLAP, "ten of them again");

	is_int((int)sync_at(end_s - 700 * G, NOW_S + G, false, &n), TB_OK,
	    "further back");
	is_int(stored(), 701, "what was not there");
	is_int((int)sync_at(end_s - 700 * G, NOW_S + G, false, &n), TB_OK,
	    "and again");
	is_int(market.asked, 1, "one request");
}

/* A run that breaks off goes on where it was. */
static void
test_breaks_off(void)
{
	const int64_t end_s = NOW_S - NOW_S % G;
	struct candles_synced n;

	fresh();
	market.fails_at = 3;
	is_int((int)sync_at(end_s - 1200 * G, NOW_S, false, &n), TB_ENET,
	    "the third page fails");
	is_int(stored(), 600, "two are stored");
	is_int(known_until_s(), end_s - 600 * G, "and known");
	market.fails_at = 0;
	is_int((int)sync_at(end_s - 1200 * G, NOW_S, false, &n), TB_OK,
	    "again");
	is_int(market.asked, 2, "the two that are missing");
	is_int(stored(), 1200, "all of them");
}

static void
test_holes(void)
{
	const int64_t end_s = NOW_S - NOW_S % G;
	struct candles_synced n;

	fresh();
	market.begins_s = end_s - 500 * G;
	market.hole_from_s = end_s - 100 * G;
	market.hole_to_s = end_s - 90 * G;
	is_int((int)sync_at(end_s - 900 * G, NOW_S, false, &n), TB_OK,
	    "a young market with a hole");
	is_int((long long)n.missing, 10, "what is before it is no hole");
	is_int(n.gap_from_s, market.hole_from_s, "the hole begins");
	is_int(n.gap_to_s, market.hole_to_s, "and ends");
	is_int((int)sync_at(end_s - 900 * G, NOW_S, false, &n), TB_OK,
	    "once more");
	is_int(market.asked, 1, "nothing is asked for again");
	market.hole_to_s = 0;
	is_int((int)sync_at(end_s - 900 * G, NOW_S, true, &n), TB_OK,
	    "refilled");
	is_int((long long)n.inserted, 10, "the hole is closed");
	is_int((long long)n.missing, 0, "none missing");
}

/* What makes no sense is not stored. */
static void
test_nonsense(void)
{
	const int64_t end_s = NOW_S - NOW_S % G;
	struct candles_synced n;

	fresh();
	market.shift_s = G;
	is_int((int)sync_at(end_s - 10 * G, NOW_S, false, &n), TB_EINVAL,
	    "candles that were not asked for");
	market.shift_s = 1;
	is_int((int)sync_at(end_s - 10 * G, NOW_S, false, &n), TB_EINVAL,
	    "off the grid");
	market.shift_s = 0;
	market.turned = true;
	is_int((int)sync_at(end_s - 10 * G, NOW_S, false, &n), TB_EINVAL,
	    "newest first: the venue turns them");
	market.turned = false;
	market.high = "93";
	is_int((int)sync_at(end_s - 10 * G, NOW_S, false, &n), TB_EINVAL,
	    "a close above the high");
	is_int(stored(), 0, "nothing is stored");
	is_int(known_until_s(), 0, "nor known");
	market.high = "110";
	is_int((int)sync_at(end_s - 10 * G, NOW_S, false, &n), TB_OK, "good");
	market.high = "111";
	is_int((int)sync_at(end_s - 10 * G, NOW_S, true, &n), TB_OK,
	    "other figures");
	is_int(market.asked, 0, "of stored candles are not asked for");
	is_int((int)sync_at(end_s - 10 * G, NOW_S + G, false, &n), TB_OK,
	    "but told on the way");
	is_int((long long)n.different, 10, "those stay as they are");
	is_int((int)sync_at(end_s, NOW_S, false, &n), TB_OK,
	    "nothing has closed since");
}

/* ------------------------------------------------------------- account -- */

static void
stranger(struct fake *f, const char *client, int64_t at_us)
{
	struct venue_request r = { .product_id = "BTC-USD",
		.type = "market",
		.has_quote_size = true,
		.quote_size = DECIMAL_OF(101),
		.instant_us = at_us };

	snprintf(r.client_order_id, sizeof(r.client_order_id), "%s", client);
	(void)fake_put(f, &r);
}

static void
test_account(void)
{
	static struct desk desk;
	static struct config config;
	static struct fake fake;
	struct fills_synced fills;
	struct reconciled orders;
	char mark[32];
	size_t count;

	fresh();
	fake_desk(&desk, &fake, db, &config, true);
	fake.page = 1;
	for (int i = 0; i < 3; i++) {
		char client[8];

		snprintf(client, sizeof(client), "s-%d", i);
		stranger(&fake, client, FAKE_T0 - SECONDS(60) * (i + 1));
	}
	is_int((int)account_orders(&desk, ACCOUNT_SINCE_LAST, &orders, &err),
	    TB_OK, "orders of strangers");
	is_int((long long)orders.listed, 3, "three pages");
	is_int((long long)orders.booked, 3, "are booked");
	is_int(fake.asked_balances, 0, "without a look at the cash for each");
	ok(db_meta_get(db, META_ORDERS_SYNCED, mark, sizeof(mark), &err) ==
		TB_OK,
	    "a complete listing is marked: %s", mark);
	is_int((int)account_orders(&desk, ACCOUNT_SINCE_LAST, &orders, &err),
	    TB_OK, "again");
	is_int((long long)orders.booked, 0, "nothing is new");
	stranger(&fake, "s-3", FAKE_T0);
	is_int((int)account_fills(&desk, ACCOUNT_SINCE_LAST, &fills, &err),
	    TB_OK, "a fill that nobody knows");
	is_int((long long)fills.booked, 1, "brings its order");
	is_int((long long)fills.listed, 4, "among all");
	is_int((int)account_balances(&desk, &count, &err), TB_OK, "balances");
	is_int((long long)count, 2, "of two currencies");
	fake.list_fails = true;
	is_int((int)account_orders(&desk, ACCOUNT_SINCE_LAST, &orders, &err),
	    TB_ENET, "a venue that can't be asked");
}

int
main(void)
{
	test_pages();
	test_breaks_off();
	test_holes();
	test_nonsense();
	test_account();
	fake_books_close(db);
	return tap_done();
}
