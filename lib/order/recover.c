#include "order/recover.h"

#include <stdio.h>
#include <string.h>

#include "base/instant.h"
#include "order/course.h"
#include "order/decision.h"
#include "order/reconcile.h"
#include "order/risk.h"
#include "order/send.h"
#include "order/settle.h"
#include "store/orders.h"
#include "venue/listing.h"

/* One complete look through what the venue lists. */
struct reading {
	size_t found; /* orders with our client_order_id; two are kept */
	struct venue_order order[2];
};

static void
keep(struct reading *r, const struct intent *intent,
    const struct venue_order *order)
{
	if (strcmp(order->client_order_id, intent->client_order_id) != 0)
		return;
	for (size_t i = 0; i < r->found; i++)
		if (strcmp(r->order[i].order_id, order->order_id) == 0)
			return; /* the same one on two pages */
	if (r->found < 2)
		r->order[r->found++] = *order;
}

static enum tb_status
read_orders(struct desk *desk, const struct intent *intent, int64_t since_us,
    struct reading *r, struct tb_err *err)
{
	static struct venue_order page[VENUE_PAGE_MAX];
	struct listing listing;
	enum tb_status status;
	size_t count;

	listing_begin(&listing);
	do {
		count = 0;
		status = desk->venue->verbs->orders_since(desk->venue, since_us,
		    listing.cursor, page, VENUE_PAGE_MAX, &count, err);
		status = listing_turn(&listing, status, err);
		for (size_t i = 0; status == TB_OK && i < count; i++)
			keep(r, intent, &page[i]);
	} while (status == TB_OK && !listing.complete);
	return status;
}

/* A fill of an order that the books don't know may be ours: fetch its order. */
static enum tb_status
look_behind_fill(struct desk *desk, const struct intent *intent,
    const struct fill *fill, struct reading *r, struct tb_err *err)
{
	struct order known;
	struct venue_order order;
	enum tb_status status;

	status = orders_get(desk->db, fill->order_id, &known, err);
	if (status != TB_ENOENT)
		return status;
	status =
	    desk->venue->verbs->order(desk->venue, fill->order_id, &order, err);
	if (status == TB_OK)
		keep(r, intent, &order);
	return status;
}

static enum tb_status
read_fills(struct desk *desk, const struct intent *intent, int64_t since_us,
    struct reading *r, struct tb_err *err)
{
	static struct fill page[VENUE_PAGE_MAX];
	struct listing listing;
	enum tb_status status;
	size_t count;

	listing_begin(&listing);
	do {
		count = 0;
		status = desk->venue->verbs->fills_since(desk->venue, since_us,
		    "", listing.cursor, page, VENUE_PAGE_MAX, &count, err);
		status = listing_turn(&listing, status, err);
		for (size_t i = 0; status == TB_OK && i < count; i++)
			status =
			    look_behind_fill(desk, intent, &page[i], r, err);
	} while (status == TB_OK && !listing.complete);
	return status;
}

/* errors: the reading is not complete, and counts for nothing */
static enum tb_status
read_venue(struct desk *desk, const struct intent *intent, struct reading *r,
    struct tb_err *err)
{
	int64_t since_us =
	    intent->created_at_us - RECOVER_LOOK_BACK_S * INSTANT_US_PER_S;
	enum tb_status status;

	r->found = 0;
	status = read_orders(desk, intent, since_us, r, err);
	if (status == TB_OK && r->found == 0)
		status = read_fills(desk, intent, since_us, r, err);
	return status;
}

/* ---------------------------------------------------------------- found -- */

static enum tb_status
book_first(struct desk *desk, struct intent *intent, const char *order_id,
    struct recovery *out, struct tb_err *err)
{
	struct settlement settled = { 0 };
	struct venue_order order;
	enum tb_status status;

	/* A list may be behind: the order itself is fetched and compared. */
	status = desk->venue->verbs->order(desk->venue, order_id, &order, err);
	if (status == TB_OK && !settle_is_of(intent, &order))
		status = tb_fail(err, TB_EDISAGREE,
		    "order %.64s has the client_order_id of intent %lld, but"
		    " is another",
		    order.order_id, (long long)intent->id);
	if (status == TB_OK)
		status = settle_order(desk, intent, &order, &settled, err);
	if (settled.differs)
		snprintf(out->warning, sizeof(out->warning), "%s",
		    settled.words);
	settlement_release(&settled);
	if (status == TB_OK) {
		out->found++;
		desk->funds_known = false; /* its reserve is no more */
	}
	return status;
}

/*
 * A second order first: the next run looks again only while the intent has
 * none.
 */
static enum tb_status
book_found(struct desk *desk, struct intent *intent, struct reading *r,
    struct recovery *out, struct tb_err *err)
{
	const char *first_id = r->order[0].order_id;
	enum tb_status status = TB_OK;

	if (r->found > 1)
		status =
		    reconcile_second(desk, intent, first_id, &r->order[1], err);
	if (status == TB_OK)
		status = book_first(desk, intent, first_id, out, err);
	if (status == TB_OK && r->found > 1)
		status = tb_fail(err, TB_EDISAGREE,
		    "the venue has two orders of intent %lld: %.60s and %.60s",
		    (long long)intent->id, first_id, r->order[1].order_id);
	return status;
}

/* ------------------------------------------------------------ not there -- */

/* Does another complete reading that found nothing decide? */
static bool
window_is_over(const struct desk *desk, const struct intent *intent)
{
	int64_t window_us = RECOVER_WINDOW_S * INSTANT_US_PER_S;

	if (desk->is_paper)
		return true;
	if (desk->lag_ms * 1000 > window_us)
		window_us = desk->lag_ms * 1000;
	return intent->readings >= RECOVER_READINGS &&
	    desk->instant_us - intent->look_from_us >= window_us;
}

/* A reading counts from when the request can no longer be on its way. */
static enum tb_status
count_reading(struct desk *desk, struct intent *intent, struct tb_err *err)
{
	int64_t sent_us =
	    intent->updated_at_us + RECOVER_SENT_WITHIN_S * INSTANT_US_PER_S;
	struct intent counted = *intent;
	enum tb_status status;

	if (!desk->is_paper && desk->instant_us < sent_us)
		return TB_OK;
	status = db_begin(desk->db, err);
	if (status == TB_OK)
		status = db_finish(desk->db,
		    intents_read_again(desk->db, &counted, desk->instant_us,
			err),
		    err);
	if (status == TB_OK)
		*intent = counted;
	return status;
}

static enum tb_status
give_up(struct desk *desk, struct intent *intent, const char *why,
    struct recovery *out, struct tb_err *err)
{
	char words[INTENT_MESSAGE_MAX];
	const struct course_note note = {
		.reason = "abandoned",
		.message = words,
		.at_us = desk->instant_us,
	};
	enum tb_status status;

	snprintf(words, sizeof(words),
	    "the venue does not have it, and it is not sent again: %.300s",
	    why);
	status = course_move(desk->db, intent, EVENT_GIVEN_UP, &note, err);
	if (status == TB_OK)
		out->abandoned++;
	return status;
}

/* Where nothing is sent: could somebody who sends still send it? */
static enum tb_status
decide_unsent(struct desk *desk, struct intent *intent, struct recovery *out,
    struct tb_err *err)
{
	struct decision d;
	struct risk_case c = { .decision = &d, .intent_id = intent->id };
	struct verdict no = { .reason = REASON_NONE };
	enum tb_status status;

	status = decision_of_row(intent, &d, err);
	if (status == TB_OK)
		status = risk_gate(desk, &c, &no, err);
	if (status != TB_OK)
		return status;
	if (no.reason != REASON_NONE)
		return give_up(desk, intent, no.message, out, err);
	out->left++;
	return TB_OK;
}

static enum tb_status
decide_missing(struct desk *desk, struct intent *intent, struct recovery *out,
    struct tb_err *err)
{
	struct verdict no = { .reason = REASON_NONE };
	struct outcome sent;
	struct tb_err failure = { 0 };
	enum tb_status status;

	if (intent->attempts >= RECOVER_ATTEMPTS)
		return give_up(desk, intent, "it was sent often enough", out,
		    err);
	if (!desk->may_send)
		return decide_unsent(desk, intent, out, err);
	outcome_init(&sent);
	status = send_again(desk, intent, &no, &sent, &failure);
	outcome_release(&sent);
	if (status != TB_OK) { /* not known whether it may be sent */
		snprintf(out->warning, sizeof(out->warning), "%s", failure.msg);
		out->left++;
		return TB_OK;
	}
	if (no.reason != REASON_NONE)
		return give_up(desk, intent, no.message, out, err);
	out->sent++;
	return TB_OK;
}

/* The venue failed, or answered something else: the next run asks again. */
static bool
may_come_later(enum tb_status status)
{
	return status == TB_ENET || status == TB_EBUSY || status == TB_EVENUE ||
	    status == TB_EINVAL || status == TB_ENOENT;
}

/* What was had is on record; what happens next is told. */
static void
leave(struct desk *desk, const struct intent *intent, const char *why,
    struct recovery *out)
{
	if ((INTENT_BIT(intent->state) & INTENT_UNRESOLVED) != 0) {
		out->left++;
		snprintf(out->warning, sizeof(out->warning),
		    "looking for intent %lld: %.350s: the next run looks again",
		    (long long)intent->id, why);
		return;
	}
	out->found++;
	desk->funds_known = false;
	snprintf(out->warning, sizeof(out->warning),
	    "intent %lld has its order, %.64s; the rest of its fills comes with"
	    " the next tb-sync: %.250s",
	    (long long)intent->id, intent->order_id, why);
}

static enum tb_status
look_for(struct desk *desk, struct intent *intent, struct recovery *out,
    struct tb_err *err)
{
	static struct reading reading;
	struct tb_err failure = { 0 };
	enum tb_status status;

	status = read_venue(desk, intent, &reading, &failure);
	if (status == TB_OK && reading.found > 0) {
		status = book_found(desk, intent, &reading, out, &failure);
		if (!may_come_later(status)) {
			*err = failure;
			return status;
		}
	}
	if (status != TB_OK) {
		leave(desk, intent, failure.msg, out);
		return TB_OK;
	}
	status = count_reading(desk, intent, err);
	if (status != TB_OK)
		return status;
	if (window_is_over(desk, intent))
		return decide_missing(desk, intent, out, err);
	out->left++;
	return TB_OK;
}

enum tb_status
recover(struct desk *desk, struct recovery *out, struct tb_err *err)
{
	const struct course_note orphan = {
		.reason = "orphan",
		.message =
		    "its run ended before the venue's answer was recorded",
		.at_us = desk->instant_us,
	};
	struct intent intent;
	enum tb_status status;
	int64_t after = 0;

	*out = (struct recovery){ 0 };
	while ((status = intents_next(desk->db, after, INTENT_UNRESOLVED,
		    &intent, err)) == TB_OK) {
		after = intent.id;
		status = course_move(desk->db, &intent, EVENT_ORPHANED, &orphan,
		    err);
		if (status == TB_OK)
			status = desk_hello(desk, err);
		if (status == TB_OK)
			status = look_for(desk, &intent, out, err);
		intent_release(&intent);
		if (status != TB_OK)
			return status;
	}
	return status == TB_ENOENT ? TB_OK : status;
}
