/*
 * How fast a venue is asked: the buckets on paper, and a venue behind them
 * whose clock and lot are the test's.
 */

#include "fakevenue.h"

#include "order/limiter.h"
#include "order/paced.h"
#include "venue/listing.h"

#include "tap.h"

static const struct limiter_rate usual = { LIMITER_PER_SECOND,
	LIMITER_PER_HOUR };
static struct tb_err err;

/* How many tokens can be had at one moment. */
static int
take_all(struct pace *pace, const struct limiter_rate *rate,
    enum limiter_use use, int64_t now_us)
{
	int n = 0;

	while (n < 10000 && limiter_take(pace, rate, use, now_us) == 0)
		n++;
	return n;
}

static void
test_buckets(void)
{
	const struct limiter_rate slow = { 1000, 10 }, one = { 1, 1 };
	struct pace p = { 0 };

	is_int(take_all(&p, &usual, LIMITER_READ, FAKE_T0), 4,
	    "reading takes four fifths of a second's tokens");
	is_int(limiter_take(&p, &usual, LIMITER_READ, FAKE_T0), 200,
	    "the next one drips in 200 ms later");
	is_int(take_all(&p, &usual, LIMITER_ORDER, FAKE_T0), 1,
	    "the last one is an order's");
	is_int(limiter_take(&p, &usual, LIMITER_ORDER, FAKE_T0), 200,
	    "then an order waits as well");
	is_int(take_all(&p, &usual, LIMITER_ORDER, FAKE_T0 + 200000), 1,
	    "and no longer");
	p = (struct pace){ 0 };
	is_int(take_all(&p, &slow, LIMITER_READ, FAKE_T0), 8,
	    "four fifths of an hour's");
	is_int(limiter_take(&p, &slow, LIMITER_READ, FAKE_T0), 360000,
	    "an hour's tenth later");
	is_int(take_all(&p, &slow, LIMITER_ORDER, FAKE_T0), 2,
	    "two are left for orders");
	p = (struct pace){ 0 };
	is_int(take_all(&p, &one, LIMITER_READ, FAKE_T0), 1,
	    "a bucket of one token is for all");
}

static void
test_hour(void)
{
	struct pace p = { 0 };
	int taken = 0;

	/* an hour of asking as often as one can, every 10 ms */
	for (int64_t us = 0; us < SECONDS(3600); us += 10000)
		if (limiter_take(&p, &usual, LIMITER_READ, FAKE_T0 + us) == 0)
			taken++;
	/* what the bucket held for reading, and a token each 1.8 s after */
	is_int(taken, 1600 + 1999, "the first hour: a bucket and its drip");
	taken = 0;
	for (int64_t us = SECONDS(3600); us < SECONDS(7200); us += 10000)
		if (limiter_take(&p, &usual, LIMITER_READ, FAKE_T0 + us) == 0)
			taken++;
	is_int(taken, 2000, "the second: the drip");
}

static void
test_clock_back(void)
{
	struct pace p = { 0 };
	int64_t wait_ms;

	(void)take_all(&p, &usual, LIMITER_ORDER, FAKE_T0);
	limiter_set_back(&p, 1000, 0, FAKE_T0);
	wait_ms =
	    limiter_take(&p, &usual, LIMITER_ORDER, FAKE_T0 - SECONDS(86400));
	ok(wait_ms <= 3600000, "a clock a day back: an hour at most");
}

/* Whoever waits stores nothing: each asks what was stored days ahead. */
static void
test_clock_was_ahead(void)
{
	struct pace ahead = { 0 };
	int64_t wait_ms = 0;

	(void)take_all(&ahead, &usual, LIMITER_ORDER, FAKE_T0 + SECONDS(86400));
	limiter_set_back(&ahead, 60000, 0, FAKE_T0 + SECONDS(86400));
	for (int i = 0; i < 60; i++) {
		struct pace stored = ahead;

		wait_ms = limiter_take(&stored, &usual, LIMITER_READ,
		    FAKE_T0 + SECONDS(INT64_C(60) * i));
	}
	is_int(wait_ms, 0, "a clock that was a day ahead: asked again");
}

static void
test_set_back(void)
{
	struct pace p = { 0 };
	int64_t last_ms = 0;

	limiter_set_back(&p, 0, 0, FAKE_T0);
	is_int(limiter_take(&p, &usual, LIMITER_ORDER, FAKE_T0), 500,
	    "no time named: half a second is sure");
	p = (struct pace){ 0 };
	limiter_set_back(&p, 0, 1023, FAKE_T0);
	is_int(limiter_take(&p, &usual, LIMITER_ORDER, FAKE_T0), 999,
	    "and half by lot");
	for (int i = 0; i < 20; i++)
		limiter_set_back(&p, 0, 1023, FAKE_T0);
	last_ms = limiter_take(&p, &usual, LIMITER_ORDER, FAKE_T0);
	ok(last_ms > 59000 && last_ms <= 60000, "doubled up to a minute");
	p = (struct pace){ 0 };
	limiter_set_back(&p, 7000, 0, FAKE_T0);
	ok(limiter_take(&p, &usual, LIMITER_ORDER, FAKE_T0) >= 7000,
	    "never sooner than it said");
	p = (struct pace){ 0 };
	limiter_set_back(&p, INT64_C(99999999000), 0, FAKE_T0);
	is_int(limiter_take(&p, &usual, LIMITER_ORDER, FAKE_T0), 3600000,
	    "but an hour at most");
	is_int(limiter_take(&p, &usual, LIMITER_ORDER, FAKE_T0 + SECONDS(3600)),
	    0, "and then again");
}

/* ------------------------------------------------------ a venue behind -- */

static int64_t now_us;
static int naps, busy;
static int64_t busy_for_ms;

static int64_t
test_now(void *arg)
{
	(void)arg;
	return now_us;
}

static void
test_nap(int64_t ms, void *arg)
{
	(void)arg;
	naps++;
	now_us += ms * 1000;
}

static uint32_t
test_dice(void *arg)
{
	(void)arg;
	return 0;
}

static enum tb_status
busy_price(struct venue *v, const char *product_id, struct decimal *out,
    struct tb_err *e)
{
	if (busy-- > 0) {
		v->retry_after_ms = busy_for_ms;
		return tb_fail(e, TB_EBUSY, "slower");
	}
	return fake_price(v, product_id, out, e);
}

static struct venue *
paced(struct fake *f, struct db *db, struct venue_verbs *verbs)
{
	struct paced_config config = { .db = db,
		.name = "fake",
		.venue = &f->venue,
		.rate = usual,
		.clock = { test_now, test_nap, test_dice, NULL } };
	struct venue *v = NULL;

	*verbs = fake_verbs;
	verbs->price = busy_price;
	*f = (struct fake){ .venue.verbs = verbs, .usd = DECIMAL_OF(1000) };
	ok(paced_open(&v, &config, &err) == TB_OK, "a paced venue");
	return v;
}

static void
test_paced(struct db *db)
{
	struct venue_verbs verbs;
	struct fake f;
	struct venue *v = paced(&f, db, &verbs);
	struct venue_request request = { .type = "market",
		.product_id = "BTC-USD",
		.base_size = DECIMAL_OF(1) };
	struct venue_answer answer;
	struct decimal price;

	now_us = FAKE_T0;
	busy = 0;
	for (int i = 0; i < 4; i++)
		ok(v->verbs->price(v, "BTC-USD", &price, &err) == TB_OK,
		    "price %d", i);
	is_int(naps, 0, "nobody waited");
	v->verbs->place(v, &request, &answer);
	is_int(answer.outcome, VENUE_ACCEPTED, "an order takes the reserve");
	is_int(naps, 0, "and did not wait");
	ok(v->verbs->price(v, "BTC-USD", &price, &err) == TB_OK, "price");
	is_int(naps, 1, "the next reading did");
	is_int(now_us - FAKE_T0, 400000, "for two tokens");

	busy = 2; /* "slower" twice, then fine */
	busy_for_ms = 1000;
	ok(v->verbs->price(v, "BTC-USD", &price, &err) == TB_OK,
	    "asked again after a pause");
	ok(now_us - FAKE_T0 >= 2400000, "of a second each");

	busy = 1;
	busy_for_ms = 60000;
	is_int((int)v->verbs->price(v, "BTC-USD", &price, &err), TB_EBUSY,
	    "a long pause is not waited for");
	ok(strstr(err.msg, "rate limited by fake until 2025-09-11T10:3") !=
		NULL,
	    "and told: %s", err.msg);
	ok(v->retry_after_ms >= 59000, "with its length");
	naps = f.places;
	v->verbs->place(v, &request, &answer);
	is_int(answer.outcome, VENUE_NOT_SENT, "no order meanwhile");
	is_int(f.places, naps, "the venue did not hear of it");
	is_int((int)v->verbs->cancel(v, "o-1", &err), TB_EBUSY,
	    "no cancel either");
	v->verbs->close(v);

	v = paced(&f, db, &verbs); /* another process */
	busy = 0;
	is_int((int)v->verbs->price(v, "BTC-USD", &price, &err), TB_EBUSY,
	    "the pause is everybody's");
	now_us += SECONDS(61);
	ok(v->verbs->price(v, "BTC-USD", &price, &err) == TB_OK,
	    "until it is over");
	v->verbs->close(v);
}

/* ----------------------------------------------------------- listings -- */

static void
test_listing(void)
{
	struct listing l;
	int pages = 0;

	listing_begin(&l);
	ok(listing_turn(&l, TB_OK, &err) == TB_OK && l.complete,
	    "one page, and all");
	listing_begin(&l);
	is_int((int)listing_turn(&l, tb_fail(&err, TB_ENET, "gone"), &err),
	    TB_ENET, "the first page can't be had");
	listing_begin(&l);
	snprintf(l.cursor, sizeof(l.cursor), "a");
	ok(listing_turn(&l, TB_OK, &err) == TB_OK && !l.complete, "a page");
	is_int((int)listing_turn(&l, tb_fail(&err, TB_ENET, "gone"), &err),
	    TB_EBUSY, "the second can't");
	is(err.msg, "incomplete listing (page 2): gone", "and is named");
	listing_begin(&l);
	snprintf(l.cursor, sizeof(l.cursor), "a");
	ok(listing_turn(&l, TB_OK, &err) == TB_OK, "a cursor");
	is_int((int)listing_turn(&l, TB_OK, &err), TB_EBUSY, "the same again");
	is(err.msg, "incomplete listing (page 2): the cursor repeats", "named");
	listing_begin(&l);
	do
		snprintf(l.cursor, sizeof(l.cursor), "%d", ++pages);
	while (listing_turn(&l, TB_OK, &err) == TB_OK);
	is_int(pages, LISTING_PAGES_MAX, "pages without an end: enough");
	listing_begin(&l);
	for (int i = 1; i < LISTING_PAGES_MAX; i++) {
		snprintf(l.cursor, sizeof(l.cursor), "%d", i);
		if (listing_turn(&l, TB_OK, &err) != TB_OK)
			break;
	}
	l.cursor[0] = '\0';
	ok(listing_turn(&l, TB_OK, &err) == TB_OK && l.complete,
	    "the last page that may be is fine");
}

int
main(void)
{
	struct db *db = fake_books();

	test_buckets();
	test_hour();
	test_clock_back();
	test_clock_was_ahead();
	test_set_back();
	test_paced(db);
	test_listing();
	fake_books_close(db);
	return tap_done();
}
