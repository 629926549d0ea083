#include "order/reconcile.h"

#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "ledger/position.h"
#include "order/halt.h"
#include "order/settle.h"
#include "store/books.h"
#include "store/flows.h"
#include "store/intents.h"
#include "store/orders.h"
#include "venue/listing.h"

#define PAGE_ROWS 32

/* ---------------------------------------------------------------- orders -- */

/* Do the books have the order as it is told now, fill by fill? */
static enum tb_status
is_known_so(struct desk *desk, const struct venue_order *told, bool *out,
    struct tb_err *err)
{
	struct decimal sums[3];
	struct order had;
	enum tb_status status;

	*out = false;
	status = orders_get(desk->db, told->order_id, &had, err);
	if (status == TB_ENOENT) {
		tb_err_clear(err);
		return TB_OK;
	}
	if (status == TB_OK)
		status = books_order_sums(desk->db, told->order_id, &sums[0],
		    &sums[1], &sums[2], err);
	*out = status == TB_OK && strcmp(had.status, told->status) == 0 &&
	    had.settled == told->settled &&
	    decimal_cmp(sums[0], told->filled_size) == 0 &&
	    decimal_cmp(sums[1], told->filled_value) == 0 &&
	    decimal_cmp(sums[2], told->total_fees) == 0;
	return status;
}

enum tb_status
reconcile_second(struct desk *desk, const struct intent *intent,
    const char *first_id, const struct venue_order *second, struct tb_err *err)
{
	struct venue_order order = *second;
	struct settlement settled = { 0 };
	char why[HALT_WHY_MAX];
	enum tb_status status;

	snprintf(why, sizeof(why),
	    "the venue has two orders of intent %lld: %.60s and %.60s",
	    (long long)intent->id, first_id, order.order_id);
	status = db_begin(desk->db, err);
	if (status == TB_OK)
		status =
		    db_finish(desk->db, halt_alarm(desk->db, why, err), err);
	order.client_order_id[0] = '\0'; /* one order has it already */
	if (status == TB_OK)
		status = settle_order(desk, NULL, &order, &settled, err);
	settlement_release(&settled);
	return status;
}

/* Each time, as long as it lasts. */
static void
tell_odd(const struct venue_order *told, struct reconciled *out)
{
	if (!venue_order_is_odd(told))
		return;
	out->odd++;
	snprintf(out->warning, sizeof(out->warning),
	    "order %.64s: unknown status \"%.32s\", kept OPEN", told->order_id,
	    told->status);
}

static enum tb_status
settle(struct desk *desk, struct intent *intent, const struct venue_order *told,
    struct reconciled *out, struct tb_err *err)
{
	struct settlement settled = { 0 };
	enum tb_status status;

	status = settle_order(desk, intent, told, &settled, err);
	if (settled.differs) {
		out->differ++;
		snprintf(out->warning, sizeof(out->warning), "%s",
		    settled.words);
	} else if (status == TB_OK)
		tell_odd(told, out);
	settlement_release(&settled);
	return status;
}

/* An order with one of our client_order_ids. */
static enum tb_status
reconcile_ours(struct desk *desk, struct intent *intent,
    const struct venue_order *told, struct reconciled *out, struct tb_err *err)
{
	bool late = intent->state == INTENT_REJECTED ||
	    intent->state == INTENT_ABANDONED;
	enum tb_status status;

	if (!settle_is_of(intent, told)) {
		snprintf(out->warning, sizeof(out->warning),
		    "order %.64s has the client_order_id of intent %lld, but"
		    " is another",
		    told->order_id, (long long)intent->id);
		return TB_OK;
	}
	if (intent->order_id[0] != '\0' &&
	    strcmp(intent->order_id, told->order_id) != 0) {
		out->doubled++;
		snprintf(out->warning, sizeof(out->warning),
		    "intent %lld has a second order, %.64s: trading is halted",
		    (long long)intent->id, told->order_id);
		return reconcile_second(desk, intent, intent->order_id, told,
		    err);
	}
	status = settle(desk, intent, told, out, err);
	out->late += late && status == TB_OK;
	out->changed += !late && status == TB_OK;
	return status;
}

/* One of the old system's orders may have a trade that came over. */
static enum tb_status
find_trade(struct desk *desk, const char *order_id, bool *out, bool *pending,
    struct tb_err *err)
{
	struct trade t = { 0 };
	enum tb_status status;

	status = books_trade_by_order(desk->db, order_id, &t, err);
	*out = status == TB_OK;
	*pending = *out && t.status == TRADE_PENDING;
	trade_release(&t);
	return status == TB_ENOENT ? TB_OK : status;
}

/*
 * A stranger's order that executed nothing.  It ends a pending trade; one
 * without a trade, by a name as ours are, may be of a decision that went with
 * a database restored since.
 */
static enum tb_status
reconcile_empty(struct desk *desk, const struct venue_order *told, bool known,
    struct reconciled *out, struct tb_err *err)
{
	bool has_trade, pending;
	enum tb_status status;

	status = find_trade(desk, told->order_id, &has_trade, &pending, err);
	if (status != TB_OK)
		return status;
	if (!has_trade && !known && digest_is_uuid(told->client_order_id))
		return settle_note(desk, told, err);
	if (!pending || !venue_order_is_final(told))
		return TB_OK;
	status = settle(desk, NULL, told, out, err);
	out->booked += status == TB_OK;
	return status;
}

/* Another order with its name may be of the same decision, whose it was. */
static enum tb_status
tell_twin(struct desk *desk, const struct venue_order *told,
    struct reconciled *out, struct tb_err *err)
{
	struct order first;
	enum tb_status status;

	status = orders_by_client(desk->db, told->client_order_id, &first, err);
	if (status == TB_ENOENT) {
		tb_err_clear(err);
		return TB_OK;
	}
	if (status != TB_OK || strcmp(first.order_id, told->order_id) == 0)
		return status;
	out->doubled++;
	snprintf(out->warning, sizeof(out->warning),
	    "orders %.64s and %.64s have one client_order_id, %.64s",
	    first.order_id, told->order_id, told->client_order_id);
	return TB_OK;
}

/* Whoever placed it: what it executed is in the books. */
static enum tb_status
reconcile_foreign(struct desk *desk, const struct venue_order *told, bool known,
    struct reconciled *out, struct tb_err *err)
{
	enum tb_status status;

	out->foreign++;
	if (decimal_sign(told->filled_size) == 0)
		return reconcile_empty(desk, told, known, out, err);
	if (known) {
		tell_odd(told, out);
		return TB_OK;
	}
	status = settle(desk, NULL, told, out, err);
	out->booked += status == TB_OK;
	return status == TB_OK ? tell_twin(desk, told, out, err) : status;
}

enum tb_status
reconcile_order(struct desk *desk, const struct venue_order *told,
    struct reconciled *out, struct tb_err *err)
{
	struct intent intent = { 0 };
	enum tb_status status;
	bool known = false;

	out->listed++;
	status = is_known_so(desk, told, &known, err);
	if (status != TB_OK)
		return status;
	status =
	    intents_by_client(desk->db, told->client_order_id, &intent, err);
	if (status == TB_ENOENT) { /* a stranger's, or resolved by hand */
		status =
		    intents_by_order(desk->db, told->order_id, &intent, err);
		if (status == TB_ENOENT) {
			tb_err_clear(err);
			return reconcile_foreign(desk, told, known, out, err);
		}
		if (status == TB_OK && !known)
			status = settle(desk, &intent, told, out, err);
	} else if (status == TB_OK && !known)
		status = reconcile_ours(desk, &intent, told, out, err);
	if (status == TB_OK && known)
		tell_odd(told, out);
	intent_release(&intent);
	return status;
}

enum tb_status
reconcile_orders(struct desk *desk, int64_t since_us, struct reconciled *out,
    struct tb_err *err)
{
	static struct venue_order page[VENUE_PAGE_MAX];
	struct listing listing;
	enum tb_status status;
	size_t count;

	*out = (struct reconciled){ 0 };
	listing_begin(&listing);
	do {
		count = 0;
		status = desk->venue->verbs->orders_since(desk->venue, since_us,
		    listing.cursor, page, VENUE_PAGE_MAX, &count, err);
		status = listing_turn(&listing, status, err);
		for (size_t i = 0; status == TB_OK && i < count; i++)
			status = reconcile_order(desk, &page[i], out, err);
	} while (status == TB_OK && !listing.complete);
	return status;
}

/* -------------------------------------------------------------- balances -- */

/* What was told, and room for what only the books have. */
struct balance_rows {
	struct reconciled_balance *row; /* DESK_BALANCES_MAX of them */
	size_t count;
};

static struct reconciled_balance *
find(const struct balance_rows *rows, const char *currency)
{
	for (size_t i = 0; i < rows->count; i++)
		if (strcmp(rows->row[i].currency, currency) == 0)
			return &rows->row[i];
	return NULL;
}

/* There is room for one more. */
static struct reconciled_balance *
append(struct balance_rows *rows, const char *currency)
{
	struct reconciled_balance *row = &rows->row[rows->count++];

	*row = (struct reconciled_balance){ 0 };
	memcpy(row->currency, currency, strlen(currency) + 1);
	return row;
}

/*
 * To what the books have of a currency.  The venue has nothing of one that
 * its whole list leaves out: that is a difference too.
 */
static enum tb_status
add(struct balance_rows *rows, const char *currency, struct decimal amount,
    struct tb_err *err)
{
	struct reconciled_balance *row = find(rows, currency);

	if (row == NULL && decimal_sign(amount) == 0)
		return TB_OK;
	if (row == NULL && rows->count == DESK_BALANCES_MAX)
		return tb_fail(err, TB_ERANGE, "more than %d currencies",
		    DESK_BALANCES_MAX);
	if (row == NULL)
		row = append(rows, currency);
	if (decimal_add(row->books, amount, &row->books) == TB_OK)
		return TB_OK;
	return tb_fail(err, TB_ERANGE, "%s in the books does not fit",
	    currency);
}

static enum tb_status
add_flows(struct desk *desk, struct balance_rows *rows, struct tb_err *err)
{
	struct cash_flow page[PAGE_ROWS];
	int64_t after_id = 0;
	enum tb_status status;
	size_t got;

	do {
		status = flows_since(desk->db, after_id, desk->instant_us, page,
		    PAGE_ROWS, &got, err);
		for (size_t i = 0; status == TB_OK && i < got; i++) {
			after_id = page[i].id;
			status =
			    add(rows, page[i].currency, page[i].amount, err);
		}
	} while (status == TB_OK && got == PAGE_ROWS);
	return status;
}

/* Coins that are held, and the cash that sales brought and purchases took. */
static enum tb_status
add_product(struct desk *desk, const char *product_id,
    struct balance_rows *rows, struct tb_err *err)
{
	char base[CURRENCY_MAX], quote[CURRENCY_MAX];
	struct position p;
	enum tb_status status;

	product_base(product_id, base);
	product_quote(product_id, quote);
	status = books_position(desk->db, product_id, &p, err);
	if (status == TB_OK)
		status = add(rows, base, p.crypto_balance, err);
	if (status == TB_OK)
		status = add(rows, quote, p.proceeds, err);
	if (status == TB_OK)
		status = add(rows, quote, decimal_neg(p.costs), err);
	return status;
}

static enum tb_status
add_products(struct desk *desk, struct balance_rows *rows, struct tb_err *err)
{
	char product[PRODUCT_ID_MAX] = "";
	enum tb_status status;

	while ((status = books_next_product(desk->db, product, err)) == TB_OK) {
		status = add_product(desk, product, rows, err);
		if (status != TB_OK)
			return status;
	}
	return status == TB_END ? TB_OK : status;
}

/* errors: as desk_ask_balances */
static enum tb_status
ask_venue(struct desk *desk, struct balance_rows *rows, struct tb_err *err)
{
	static struct desk_balances told;
	struct reconciled_balance *row;
	enum tb_status status;

	status = desk_ask_balances(desk, &told, err);
	for (size_t i = 0; status == TB_OK && i < told.count; i++) {
		row = append(rows, told.told[i].currency);
		if (decimal_add(told.told[i].available, told.told[i].hold,
			&row->venue) != TB_OK)
			status =
			    tb_fail(err, TB_ERANGE, "a balance does not fit");
	}
	return status;
}

static enum tb_status
ask_both(struct desk *desk, struct balance_rows *rows, struct tb_err *err)
{
	enum tb_status status = ask_venue(desk, rows, err);

	if (status == TB_OK)
		status = add_flows(desk, rows, err);
	return status == TB_OK ? add_products(desk, rows, err) : status;
}

enum tb_status
reconcile_balances(struct desk *desk, struct reconciled_balance *out,
    size_t *out_count, struct tb_err *err)
{
	struct balance_rows rows = { .row = out };
	enum tb_status status = TB_OK;

	*out_count = 0;
	/* Paper reads the books' cash flows: both of one moment. */
	if (desk->is_paper)
		status = db_begin(desk->db, err);
	if (status == TB_OK)
		status = ask_both(desk, &rows, err);
	if (desk->is_paper)
		db_rollback(desk->db);
	for (size_t i = 0; status == TB_OK && i < rows.count; i++)
		if (decimal_sub(out[i].venue, out[i].books,
			&out[i].difference) != TB_OK)
			status =
			    tb_fail(err, TB_ERANGE, "a balance does not fit");
	if (status == TB_OK)
		*out_count = rows.count;
	return status;
}
