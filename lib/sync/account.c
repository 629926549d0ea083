#include "sync/account.h"

#include <stdio.h>
#include <string.h>

#include "base/instant.h"
#include "order/desk.h"
#include "store/books.h"
#include "store/equity.h"
#include "store/holdings.h"
#include "venue/listing.h"

/* --------------------------------------------------------------- marks -- */

/* Where a listing begins: at the mark of the last one, less the overlap. */
static enum tb_status
since_mark(struct desk *desk, const char *mark, int64_t *since_us,
    struct tb_err *err)
{
	char text[INSTANT_STRLEN];
	enum tb_status status;

	if (*since_us != ACCOUNT_SINCE_LAST)
		return TB_OK;
	*since_us = 0; /* all that ever was */
	status = db_meta_get(desk->db, mark, text, sizeof(text), err);
	if (status == TB_ENOENT) {
		tb_err_clear(err);
		return TB_OK;
	}
	if (status == TB_OK &&
	    instant_parse(text, strlen(text), since_us) != TB_OK)
		status = tb_fail(err, TB_EDISAGREE, "meta.%s: no moment", mark);
	*since_us -= ACCOUNT_OVERLAP_S * INSTANT_US_PER_S;
	return status;
}

/* A complete listing that began before the last one ended moves the mark. */
static enum tb_status
move_mark(struct desk *desk, const char *mark, int64_t since_us,
    int64_t until_us, struct tb_err *err)
{
	char was[INSTANT_STRLEN], now[INSTANT_STRLEN], since[INSTANT_STRLEN];
	enum tb_status status;

	status = db_meta_get(desk->db, mark, was, sizeof(was), err);
	if (status == TB_ENOENT) {
		tb_err_clear(err);
		instant_format(0, was);
	} else if (status != TB_OK)
		return status;
	instant_format(since_us < 0 ? 0 : since_us, since);
	instant_format(until_us, now);
	if (strcmp(since, was) > 0 || strcmp(now, was) <= 0)
		return TB_OK; /* it leaves a gap, or tells nothing new */
	status = db_begin(desk->db, err);
	if (status != TB_OK)
		return status;
	return db_finish(desk->db, db_meta_set(desk->db, mark, now, err), err);
}

/* A listing that breaks off. */
static enum tb_status
tell_rest(enum tb_status status, struct tb_err *err)
{
	struct tb_err told;

	if (status != TB_EBUSY)
		return status;
	snprintf(told.msg, sizeof(told.msg), "%s", err->msg);
	return tb_fail(err, status,
	    "%.400s: what came is booked, the next run lists it all again",
	    told.msg);
}

/* -------------------------------------------------------------- orders -- */

enum tb_status
account_orders(struct desk *desk, int64_t since_us, struct reconciled *out,
    struct tb_err *err)
{
	int64_t begun_us = desk->instant_us;
	enum tb_status status;

	*out = (struct reconciled){ 0 };
	status = since_mark(desk, META_ORDERS_SYNCED, &since_us, err);
	desk->in_bulk = true;
	if (status == TB_OK)
		status =
		    tell_rest(reconcile_orders(desk, since_us, out, err), err);
	desk->in_bulk = false;
	if (status == TB_OK)
		status = move_mark(desk, META_ORDERS_SYNCED, since_us, begun_us,
		    err);
	return status;
}

/* --------------------------------------------------------------- fills -- */

/* A fill that the books lack: its order is fetched and booked whole. */
static enum tb_status
book_behind(struct desk *desk, const struct fill *fill,
    struct fills_synced *out, struct tb_err *err)
{
	const struct venue_verbs *verbs = desk->venue->verbs;
	struct venue_order order;
	enum tb_status status;
	bool known = false;

	status = verbs->order(desk->venue, fill->order_id, &order, err);
	if (status == TB_ENOENT || status == TB_EVENUE) {
		out->unbooked++;
		snprintf(out->orders.warning, sizeof(out->orders.warning),
		    "fill %.60s: the venue does not tell of its order %.60s",
		    fill->entry_id, fill->order_id);
		tb_err_clear(err);
		return TB_OK;
	}
	if (status == TB_OK)
		status = reconcile_order(desk, &order, &out->orders, err);
	if (status == TB_OK)
		status = books_has_fill(desk->db, fill->entry_id, &known, err);
	out->booked += known; /* else it came with the old system */
	return status;
}

static enum tb_status
book_fills(struct desk *desk, const struct fill *page, size_t count,
    struct fills_synced *out, struct tb_err *err)
{
	enum tb_status status = TB_OK;
	const char *behind = ""; /* the order that was fetched last */
	bool known;

	for (size_t i = 0; status == TB_OK && i < count; i++) {
		out->listed++;
		status =
		    books_has_fill(desk->db, page[i].entry_id, &known, err);
		if (status != TB_OK || known) {
			out->booked +=
			    known && strcmp(behind, page[i].order_id) == 0;
			continue;
		}
		behind = page[i].order_id;
		status = book_behind(desk, &page[i], out, err);
	}
	return status;
}

enum tb_status
account_fills(struct desk *desk, int64_t since_us, struct fills_synced *out,
    struct tb_err *err)
{
	static struct fill page[VENUE_PAGE_MAX];
	int64_t begun_us = desk->instant_us;
	struct listing listing;
	enum tb_status status;
	size_t count;

	*out = (struct fills_synced){ 0 };
	status = since_mark(desk, META_FILLS_SYNCED, &since_us, err);
	listing_begin(&listing);
	desk->in_bulk = true;
	while (status == TB_OK && !listing.complete) {
		count = 0;
		status = desk->venue->verbs->fills_since(desk->venue, since_us,
		    "", listing.cursor, page, VENUE_PAGE_MAX, &count, err);
		status = listing_turn(&listing, status, err);
		if (status == TB_OK)
			status = book_fills(desk, page, count, out, err);
	}
	status = tell_rest(status, err);
	desk->in_bulk = false;
	if (status == TB_OK && out->unbooked == 0)
		status =
		    move_mark(desk, META_FILLS_SYNCED, since_us, begun_us, err);
	return status;
}

/* ------------------------------------------------------------ balances -- */

static enum tb_status
put_worth(struct desk *desk, struct tb_err *err)
{
	struct decimal worth;
	enum tb_status status;

	status = holdings_equity(desk->db, desk->instant_us, &worth, err);
	if (status == TB_OK)
		status = equity_put(desk->db, desk->instant_us, worth, err);
	if (status != TB_ENOENT)
		return status;
	tb_err_clear(err); /* not known: no row */
	return TB_OK;
}

enum tb_status
account_balances(struct desk *desk, size_t *out_count, struct tb_err *err)
{
	static struct desk_balances told;
	enum tb_status status;

	*out_count = 0;
	status = desk_ask_balances(desk, &told, err);
	if (status == TB_OK)
		status = db_begin(desk->db, err);
	if (status != TB_OK)
		return status;
	status = desk_save_balances(desk, &told, err);
	if (status == TB_OK)
		status = put_worth(desk, err);
	status = db_finish(desk->db, status, err);
	if (status == TB_OK)
		*out_count = told.count;
	return status;
}
