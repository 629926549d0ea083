#include "sync/market.h"

#include <stdio.h>
#include <string.h>

#include "base/instant.h"
#include "store/candles.h"
#include "venue/listing.h"

#define MARK_MAX (PRODUCT_ID_MAX + 32)

/* ------------------------------------------------------------ products -- */

struct products_page {
	struct product rows[VENUE_PAGE_MAX];
	size_t count;
	bool is_last;
};

static bool
is_same_product(const struct product *a, const struct product *b)
{
	const struct decimal *const amounts[][2] = {
		{ &a->base_increment, &b->base_increment },
		{ &a->quote_increment, &b->quote_increment },
		{ &a->price_increment, &b->price_increment },
		{ &a->base_min_size, &b->base_min_size },
		{ &a->quote_min_size, &b->quote_min_size },
		{ &a->base_max_size, &b->base_max_size },
		{ &a->quote_max_size, &b->quote_max_size },
	};

	for (size_t i = 0; i < sizeof(amounts) / sizeof(amounts[0]); i++)
		if (decimal_cmp(*amounts[i][0], *amounts[i][1]) != 0)
			return false;
	return a->trading_disabled == b->trading_disabled &&
	    a->cancel_only == b->cancel_only &&
	    a->limit_only == b->limit_only && a->post_only == b->post_only &&
	    a->auction_mode == b->auction_mode && a->assumed == b->assumed;
}

static enum tb_status
put_product(struct db *db, const struct product *told, int64_t now_us,
    struct products_synced *out, struct tb_err *err)
{
	struct product stored;
	enum tb_status status;

	out->listed++;
	status = products_get(db, told->product_id, &stored, err);
	if (status == TB_OK && is_same_product(&stored, told))
		return TB_OK;
	if (status != TB_OK && status != TB_ENOENT)
		return status;
	tb_err_clear(err);
	out->changed++;
	return products_put(db, told, now_us, err);
}

static enum tb_status
put_products(struct db *db, const struct products_page *page, int64_t now_us,
    struct products_synced *out, struct tb_err *err)
{
	char at[INSTANT_STRLEN];
	enum tb_status status = db_begin(db, err);

	if (status != TB_OK)
		return status;
	for (size_t i = 0; status == TB_OK && i < page->count; i++)
		status = put_product(db, &page->rows[i], now_us, out, err);
	if (status == TB_OK && page->is_last) {
		instant_format(now_us, at);
		status = db_meta_set(db, META_PRODUCTS_SYNCED, at, err);
	}
	return db_finish(db, status, err);
}

enum tb_status
market_products(struct db *db, struct venue *venue, int64_t now_us,
    struct products_synced *out, struct tb_err *err)
{
	static struct products_page page;
	struct listing listing;
	enum tb_status status;

	*out = (struct products_synced){ 0 };
	listing_begin(&listing);
	do {
		page.count = 0;
		status = venue->verbs->products(venue, listing.cursor,
		    page.rows, VENUE_PAGE_MAX, &page.count, err);
		status = listing_turn(&listing, status, err);
		page.is_last = listing.complete;
		if (status == TB_OK)
			status = put_products(db, &page, now_us, out, err);
	} while (status == TB_OK && !listing.complete);
	return status;
}

/* ------------------------------------------------------------- candles -- */

/* A series on its way; a page is the starts in [at_s, to_s). */
struct series {
	struct db *db;
	struct venue *venue;
	const struct candles_wanted *wanted;
	struct candles_synced *out;
	int64_t at_s, to_s, until_s;
	bool refill;	    /* what is stored is passed over, page by page */
	bool is_marked;	    /* since when is stored, with the last page */
	int64_t expected_s; /* the start that should come next; 0: none yet */
	struct candle page[VENUE_CANDLES_MAX];
	size_t count;
};

static int64_t
floor_to(int64_t s, int64_t step)
{
	int64_t rest = s % step;

	return s - (rest < 0 ? rest + step : rest);
}

/* What is missing before a candle, or before the end. */
static void
count_gap(struct series *s, int64_t start_s)
{
	int granularity_s = s->wanted->granularity_s;
	struct candles_synced *out = s->out;

	if (s->expected_s != 0 && start_s > s->expected_s) {
		out->missing +=
		    (size_t)((start_s - s->expected_s) / granularity_s);
		if (start_s - s->expected_s > out->gap_to_s - out->gap_from_s) {
			out->gap_from_s = s->expected_s;
			out->gap_to_s = start_s;
		}
	}
	s->expected_s = start_s + granularity_s;
}

static enum tb_status
check_page(const struct series *s, struct tb_err *err)
{
	enum tb_status status = TB_OK;
	char at[INSTANT_STRLEN];

	for (size_t i = 0; status == TB_OK && i < s->count; i++) {
		const struct candle *c = &s->page[i];

		status = candle_check(c, s->wanted->granularity_s, err);
		if (status != TB_OK)
			break;
		instant_format_s(c->start_s, at);
		if (c->start_s < s->at_s || c->start_s >= s->to_s)
			status = tb_fail(err, TB_EINVAL,
			    "the candle at %s was not asked for", at);
		else if (i > 0 && c->start_s <= s->page[i - 1].start_s)
			status = tb_fail(err, TB_EINVAL,
			    "the candle at %s is not behind the one before",
			    at);
	}
	if (status != TB_OK)
		tb_err_at(err, "candles of %s", s->wanted->product_id);
	return status == TB_OK ? TB_OK : TB_EINVAL;
}

/* The key in meta of since when the candles of a series were asked for. */
static void
mark_of(const struct candles_wanted *w, char out[static MARK_MAX])
{
	snprintf(out, MARK_MAX, "candles_from:%s:%d", w->product_id,
	    w->granularity_s);
}

/* out: *from_us INSTANT_MAX_US where nobody asked yet */
static enum tb_status
read_mark(struct series *s, int64_t *from_us, struct tb_err *err)
{
	char key[MARK_MAX], text[INSTANT_STRLEN];
	enum tb_status status;

	*from_us = INSTANT_MAX_US;
	mark_of(s->wanted, key);
	status = db_meta_get(s->db, key, text, sizeof(text), err);
	if (status == TB_ENOENT) {
		tb_err_clear(err);
		return TB_OK;
	}
	if (status == TB_OK &&
	    instant_parse(text, strlen(text), from_us) != TB_OK)
		status = tb_fail(err, TB_EDISAGREE, "meta.%s: no moment", key);
	return status;
}

/* All since the first page was asked for, up to now.  In a transaction. */
static enum tb_status
put_mark(struct series *s, struct tb_err *err)
{
	int64_t marked_us, from_us = s->out->from_s * INSTANT_US_PER_S;
	char key[MARK_MAX], text[INSTANT_STRLEN];
	enum tb_status status;

	s->is_marked = true;
	status = read_mark(s, &marked_us, err);
	if (status != TB_OK || marked_us <= from_us)
		return status;
	mark_of(s->wanted, key);
	instant_format(from_us, text);
	return db_meta_set(s->db, key, text, err);
}

static enum tb_status
put_page(struct series *s, struct tb_err *err)
{
	const struct candles_wanted *w = s->wanted;
	enum candle_put put = CANDLE_INSERTED;
	enum tb_status status = db_begin(s->db, err);

	if (status != TB_OK)
		return status;
	for (size_t i = 0; status == TB_OK && i < s->count; i++) {
		status = candles_put(s->db, w->product_id, w->granularity_s,
		    &s->page[i], false, &put, err);
		if (status != TB_OK)
			break;
		s->out->inserted += put == CANDLE_INSERTED;
		s->out->same += put == CANDLE_SAME;
		s->out->different += put == CANDLE_DIFFERENT;
	}
	if (status == TB_OK)
		status = candles_cover(s->db, w->product_id, w->granularity_s,
		    s->to_s * INSTANT_US_PER_S, err);
	if (status == TB_OK && s->refill && s->to_s == s->until_s)
		status = put_mark(s, err);
	return db_finish(s->db, status, err);
}

/* Are all candles of the page stored?  Then they are in s->page. */
static enum tb_status
is_stored(struct series *s, bool *out, struct tb_err *err)
{
	const struct candles_wanted *w = s->wanted;
	enum tb_status status;

	*out = false;
	if (!s->refill)
		return TB_OK;
	status = candles_page(s->db, w->product_id, w->granularity_s, s->at_s,
	    s->to_s, s->page, VENUE_CANDLES_MAX, &s->count, err);
	*out = status == TB_OK &&
	    (int64_t)s->count * w->granularity_s == s->to_s - s->at_s;
	return status;
}

static enum tb_status
sync_page(struct series *s, struct tb_err *err)
{
	const struct candles_wanted *w = s->wanted;
	enum tb_status status;
	bool stored;

	status = is_stored(s, &stored, err);
	if (status == TB_OK && !stored) {
		s->count = 0;
		status = s->venue->verbs->candles(s->venue, w->product_id,
		    w->granularity_s, s->at_s, s->to_s, s->page,
		    VENUE_CANDLES_MAX, &s->count, err);
		s->out->requests++;
		if (status == TB_OK)
			status = check_page(s, err);
		if (status == TB_OK)
			status = put_page(s, err);
	}
	if (status != TB_OK)
		return status;
	for (size_t i = 0; i < s->count; i++)
		count_gap(s, s->page[i].start_s);
	s->out->to_s = s->to_s;
	return TB_OK;
}

/* The same where the last page was stored before. */
static enum tb_status
move_mark(struct series *s, struct tb_err *err)
{
	enum tb_status status = db_begin(s->db, err);

	if (status != TB_OK)
		return status;
	return db_finish(s->db, put_mark(s, err), err);
}

/* Where the first page begins. */
static enum tb_status
find_start(struct series *s, struct tb_err *err)
{
	const struct candles_wanted *w = s->wanted;
	int64_t covered_us = 0, marked_us, known_s;
	enum tb_status status;

	s->at_s = floor_to(w->from_s, w->granularity_s);
	status = read_mark(s, &marked_us, err);
	if (status == TB_OK)
		status = candles_covered_until(s->db, w->product_id,
		    w->granularity_s, &covered_us, err);
	s->refill = w->refill || marked_us > s->at_s * INSTANT_US_PER_S;
	if (status != TB_OK || s->refill)
		return status;
	known_s = floor_to(instant_floor_s(covered_us), w->granularity_s) -
	    (int64_t)MARKET_OVERLAP * w->granularity_s;
	if (known_s > s->at_s)
		s->at_s = known_s;
	return TB_OK;
}

static void
tell(const struct series *s)
{
	const struct candles_wanted *w = s->wanted;
	int64_t first_s = s->out->from_s;

	if (w->on_progress != NULL)
		w->on_progress((uint64_t)((s->to_s - first_s) /
				   w->granularity_s),
		    (uint64_t)((s->until_s - first_s) / w->granularity_s),
		    w->arg);
}

enum tb_status
market_candles(struct db *db, struct venue *venue,
    const struct candles_wanted *wanted, struct candles_synced *out,
    struct tb_err *err)
{
	static struct series s; /* it holds a page */
	int64_t span_s = (int64_t)VENUE_CANDLES_MAX * wanted->granularity_s;
	enum tb_status status;

	*out = (struct candles_synced){ 0 };
	s = (struct series){ .db = db,
		.venue = venue,
		.wanted = wanted,
		.out = out,
		.until_s = floor_to(instant_floor_s(wanted->now_us),
		    wanted->granularity_s) };
	status = find_start(&s, err);
	out->from_s = out->to_s = s.at_s;
	for (; status == TB_OK && s.at_s < s.until_s; s.at_s = s.to_s) {
		s.to_s = s.at_s + span_s;
		if (s.to_s > s.until_s)
			s.to_s = s.until_s;
		status = sync_page(&s, err);
		tell(&s);
	}
	if (status == TB_OK && s.expected_s != 0)
		count_gap(&s, s.until_s);
	if (status == TB_OK && s.refill && !s.is_marked)
		status = move_mark(&s, err);
	return status;
}
