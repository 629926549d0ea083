#include <stdio.h>
#include <string.h>

#include "legacy/import_parts.h"
#include "store/books.h"
#include "store/candles.h"
#include "store/legacy_fills.h"

/* Where a row of trades or raw_trades is to end. */
struct fate {
	const char *disposition, *reason;
	char became[ORDER_ID_MAX]; /* "": nothing, or not known yet */
};

static bool
is_trade(const char *disposition)
{
	return strcmp(disposition, "keep") == 0 ||
	    strcmp(disposition, "convert") == 0;
}

static const char *
state_word(enum legacy_state state)
{
	static const char *const words[] = { [LEGACY_PENDING] = "pending",
		[LEGACY_FILLED] = "filled",
		[LEGACY_CANCELLED] = "cancelled" };

	return words[state];
}

static bool
same_amounts(const struct legacy_trade *t, const struct legacy_item *item)
{
	return strcmp(t->product_id, item->product_id) == 0 &&
	    t->side == item->side &&
	    decimal_cmp(t->size_usd, item->size_usd) == 0 &&
	    decimal_cmp(t->size_crypto, item->size_crypto) == 0 &&
	    decimal_cmp(t->price, item->price) == 0;
}

/* The trade that this very row became in an earlier run. */
static bool
is_its_own(const struct importing *im, const struct legacy_item *item)
{
	return im->known.known && is_trade(im->known.disposition) &&
	    strcmp(im->known.became, item->order_id) == 0;
}

static void
merge_into(struct fate *fate, const char *reason, const char *order_id)
{
	fate->disposition = "merge";
	fate->reason = reason;
	(void)snprintf(fate->became, sizeof(fate->became), "%s", order_id);
}

/*
 * What the plan says, unless the books have the execution already: from the
 * venue, or from a file that was imported before.
 */
static enum tb_status
decide(struct importing *im, const struct legacy_item *item,
    const struct legacy_trade *had, struct fate *fate, struct tb_err *err)
{
	char order_id[ORDER_ID_MAX];
	enum tb_status status = TB_END;

	fate->disposition = legacy_disposition_word(item->disposition);
	fate->reason = legacy_reason_word(item->reason);
	fate->became[0] = '\0';
	if (!is_trade(fate->disposition))
		return TB_OK;
	(void)snprintf(fate->became, sizeof(fate->became), "%s",
	    item->order_id);
	if (im->any_native && item->origin != LEGACY_BOT)
		status =
		    legacy_native_of(im->db, item->order_id, order_id, err);
	if (status == TB_OK) {
		im->out->venue_knows++;
		merge_into(fate, "same_execution_as_fill", order_id);
	} else if (status != TB_END) {
		return status;
	} else if (had->exists && is_its_own(im, item)) {
		im->out->venue_knows += had->is_native;
	} else if (had->exists && had->is_native) {
		im->out->venue_knows++;
		merge_into(fate, "same_execution_as_fill", item->order_id);
	} else if (had->exists && same_amounts(had, item)) {
		im->out->venue_knows++; /* the plan knows this file only */
		merge_into(fate, "duplicate_order_id", item->order_id);
	} else if (had->exists) {
		im->out->venue_knows++;
		fate->disposition = "quarantine";
		fate->reason = "conflicting_order_id";
		fate->became[0] = '\0';
	}
	return TB_OK;
}

static bool
is_same_fate(const struct importing *im, const struct fate *fate)
{
	const char *reason = fate->reason == NULL ? "" : fate->reason;

	return im->known.known && strcmp(im->known.hash, im->hash) == 0 &&
	    strcmp(im->known.disposition, fate->disposition) == 0 &&
	    strcmp(im->known.reason, reason) == 0 &&
	    (!is_trade(fate->disposition) ||
		strcmp(im->known.became, fate->became) == 0);
}

/* ------------------------------------------------------------- the books -- */

static enum tb_status
put_fill(struct importing *im, const struct legacy_item *item,
    struct tb_err *err)
{
	struct fill f = { .side = item->side,
		.kind = FILL_FILL,
		.nature = NATURE_TRADE,
		.size = item->size_crypto,
		.price = item->price,
		.value = item->size_usd,
		.fee = item->commission,
		.at_us = item->created_us,
		.venue_seq = item->ref.rowid };
	enum tb_status status;
	bool repeated;

	if (item->origin == LEGACY_BOT)
		legacy_order_entry(item->order_id, f.entry_id);
	else
		legacy_fill_entry(item->order_id, f.entry_id);
	status =
	    im->fresh ? TB_OK : legacy_fill_version(im->db, f.entry_id, err);
	if (status != TB_OK)
		return status;
	(void)snprintf(f.venue_trade_id, sizeof(f.venue_trade_id), "%s",
	    item->origin == LEGACY_BOT ? f.entry_id : item->order_id);
	memcpy(f.order_id, item->order_id, sizeof(f.order_id));
	memcpy(f.product_id, item->product_id, sizeof(f.product_id));
	im->out->fills++;
	if (im->fresh)
		return books_bulk_fill(im->db, &im->bulk, &f, err);
	return books_fill_deferred(im->db, &f, &repeated, err);
}

/* Where a product that was seen is remembered. */
static char *
place_of(struct importing *im, const char *product_id)
{
	size_t sum = 0;

	for (const char *p = product_id; *p != '\0'; p++)
		sum = 31 * sum + (unsigned char)*p;
	return im->products[sum % IMPORT_PRODUCTS];
}

static enum tb_status
need_product(struct importing *im, const char *product_id, struct tb_err *err)
{
	char *seen = place_of(im, product_id);
	enum tb_status status;

	if (strcmp(seen, product_id) == 0)
		return TB_OK;
	status = products_assume(im->db, product_id, im->in->now_us, err);
	if (status == TB_OK)
		(void)snprintf(seen, PRODUCT_ID_MAX, "%s", product_id);
	return status;
}

static enum tb_status
put_trade(struct importing *im, const struct legacy_item *item,
    struct tb_err *err)
{
	static const enum trade_status states[] = {
		[LEGACY_PENDING] = TRADE_PENDING,
		[LEGACY_FILLED] = TRADE_FILLED,
		[LEGACY_CANCELLED] = TRADE_CANCELLED,
	};
	struct trade t = { .side = item->side,
		.size_usd = item->size_usd,
		.size_crypto = item->size_crypto,
		.price = item->price,
		.status = states[item->state],
		.commission = item->commission,
		.created_at_us = item->created_us,
		.filled_at_us = item->filled_us };
	enum tb_status status;

	buffer_clear(&im->context);
	status = legacy_plan_context(im->in->plan, item, &im->context, err);
	if (status == TB_OK)
		status = buffer_status(&im->context, err);
	if (status == TB_OK)
		status = need_product(im, item->product_id, err);
	if (status != TB_OK)
		return status;
	memcpy(t.product_id, item->product_id, sizeof(t.product_id));
	memcpy(t.order_id, item->order_id, sizeof(t.order_id));
	memcpy(t.triggered_by, item->triggered_by, sizeof(t.triggered_by));
	if (im->context.len > 0)
		t.signal_context = im->context.data; /* borrowed */
	if (im->fresh)
		status = books_bulk_trade(im->db, &im->bulk, &t, err);
	else
		status = books_trade_put(im->db, &t, err);
	if (status != TB_OK)
		return status;
	im->out->trades++;
	im->out->pending += item->state == LEGACY_PENDING;
	if (item->state != LEGACY_FILLED)
		return TB_OK;
	return put_fill(im, item, err);
}

/* What an earlier run made of the row is so no more. */
static enum tb_status
undo(struct importing *im, const struct fate *fate, struct tb_err *err)
{
	struct legacy_trade had;
	enum tb_status status;
	bool any;

	status = legacy_trade_find(im->db, im->known.became, &had, err);
	if (status != TB_OK || !had.exists || had.is_native)
		return status;
	status = legacy_fill_take_back(im->db, im->known.became, &any, err);
	if (status != TB_OK || strcmp(fate->became, im->known.became) == 0)
		return status;
	return legacy_trade_remove(im->db, im->known.became, err);
}

/* Does the books' trade say what the item says? */
static bool
is_up_to_date(const struct legacy_trade *had, const struct legacy_item *item)
{
	return had->is_native ||
	    (had->exists && same_amounts(had, item) &&
		decimal_cmp(had->commission, item->commission) == 0 &&
		strcmp(had->status, state_word(item->state)) == 0);
}

static enum tb_status
apply(struct importing *im, const struct legacy_item *item,
    const struct legacy_trade *had, const struct fate *fate, struct tb_err *err)
{
	bool was = im->known.known && is_trade(im->known.disposition);
	bool is = is_trade(fate->disposition);
	enum tb_status status = TB_OK;

	if (is && was && is_its_own(im, item) && is_up_to_date(had, item))
		return TB_OK;
	if (was)
		status = undo(im, fate, err);
	if (status == TB_OK && is)
		status = put_trade(im, item, err);
	return status;
}

/* The rows that it was merged into say, later, what it became. */
static enum tb_status
note_merge(struct importing *im, const struct legacy_item *item,
    struct tb_err *err)
{
	const struct legacy_ref *into = item->into;
	const struct origin_row row = {
		.source_id = im->sources[item->ref.file].id,
		.table = item->table,
		.row_id = item->ref.rowid,
	};

	if (item->into_count == 0)
		return TB_OK;
	const struct origin_row other = {
		.source_id = im->sources[into->file].id,
		.table = into->raw ? "raw_trades" : "trades",
		.row_id = into->rowid,
	};
	return origins_merge(im->db, &row, &other, err);
}

enum tb_status
import_trade(struct importing *im, const struct legacy_item *item,
    struct tb_err *err)
{
	struct legacy_trade had = { 0 };
	struct fate fate;
	enum tb_status status;
	bool same;

	status = import_look(im, item, err);
	if (status == TB_OK && item->order_id[0] != '\0' && !im->fresh)
		status = legacy_trade_find(im->db, item->order_id, &had, err);
	if (status == TB_OK)
		status = decide(im, item, &had, &fate, err);
	if (status != TB_OK)
		return status;
	same = is_same_fate(im, &fate);
	import_count(im, fate.disposition, same);
	if (same)
		return TB_OK;
	status = apply(im, item, &had, &fate, err);
	if (status == TB_OK)
		status = import_record(im, item, fate.disposition, fate.reason,
		    fate.became[0] == '\0' ? NULL : fate.became, err);
	if (status == TB_OK && item->disposition == LEGACY_MERGE)
		status = note_merge(im, item, err);
	return status;
}
