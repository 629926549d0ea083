#include "legacy/report.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *word, *text;
} causes[LEGACY_CAUSES] = {
	[LEGACY_CAUSE_MERGED] = { "merged", "one execution was counted twice" },
	[LEGACY_CAUSE_QUARANTINED] = { "quarantined",
	    "no trade, or none that can be proved" },
	[LEGACY_CAUSE_NOT_FILLED] = { "not_filled",
	    "counted although nothing was executed" },
	[LEGACY_CAUSE_NOT_COUNTED] = { "not_counted",
	    "left out by the old formula" },
	[LEGACY_CAUSE_AMOUNT] = { "amount",
	    "another amount: its unit, or its digits" },
	[LEGACY_CAUSE_FEE] = { "fee", "another fee" },
	[LEGACY_CAUSE_RAW] = { "raw_trades", "stood in raw_trades alone" },
};

const char *
legacy_cause_word(enum legacy_cause c)
{
	return causes[c].word;
}

const char *
legacy_cause_text(enum legacy_cause c)
{
	return causes[c].text;
}

void
legacy_report_init(struct legacy_report *r, bool gains, const char *folder)
{
	*r = (struct legacy_report){ .has_gains = gains };
	lot_file_init(&r->lots, folder);
	book_init(&r->fifo_gross, LOT_FIFO, false);
	book_init(&r->fifo_net, LOT_FIFO, false);
	book_init(&r->average_gross, LOT_AVERAGE, false);
	book_init(&r->average_net, LOT_AVERAGE, false);
	r->fifo_gross.fine = r->fifo_net.fine = true;
	r->average_gross.fine = r->average_net.fine = true;
	r->fifo_gross.aside = r->fifo_net.aside = &r->lots.aside;
}

void
legacy_report_release(struct legacy_report *r)
{
	book_release(&r->fifo_gross);
	book_release(&r->fifo_net);
	book_release(&r->average_gross);
	book_release(&r->average_net);
	lot_file_release(&r->lots);
	free(r->products);
	*r = (struct legacy_report){ 0 };
}

/* ------------------------------------------------------------- products -- */

static enum tb_status
insert_product(struct legacy_report *r, size_t at, const char *product_id,
    struct tb_err *err)
{
	size_t room = r->product_room == 0 ? 8 : 2 * r->product_room;
	struct legacy_product *grown;

	if (r->product_count == r->product_room) {
		grown = reallocarray(r->products, room, sizeof(*grown));
		if (grown == NULL)
			return tb_nomem(err);
		r->products = grown;
		r->product_room = room;
	}
	memmove(&r->products[at + 1], &r->products[at],
	    (r->product_count - at) * sizeof(*r->products));
	r->product_count++;
	r->products[at] = (struct legacy_product){ 0 };
	memcpy(r->products[at].product_id, product_id, strlen(product_id) + 1);
	return TB_OK;
}

static enum tb_status
product_of(struct legacy_report *r, const char *product_id,
    struct legacy_product **out, struct tb_err *err)
{
	size_t low = 0, high = r->product_count;
	enum tb_status status = TB_OK;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(r->products[mid].product_id, product_id) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == r->product_count ||
	    strcmp(r->products[low].product_id, product_id) != 0)
		status = insert_product(r, low, product_id, err);
	*out = &r->products[low];
	return status;
}

/* ----------------------------------------------------------------- sums -- */

static enum tb_status
add(struct decimal *sum, struct decimal d, enum tb_status status)
{
	return status == TB_OK ? decimal_add(*sum, d, sum) : status;
}

/* Money in is positive: what a row was worth to its cash. */
static enum tb_status
cash_of(bool sells, struct decimal value, struct decimal fee,
    struct decimal *out)
{
	if (!sells)
		value = decimal_neg(value);
	return decimal_sub(value, fee, out);
}

static enum tb_status
explain(struct legacy_product *p, enum legacy_cause cause, struct decimal net,
    enum tb_status status)
{
	if (decimal_sign(net) == 0 || status != TB_OK)
		return status;
	p->causes[cause].rows++;
	return add(&p->causes[cause].net, net, status);
}

/* Both count: what differs is the fee, or else the amount. */
static enum tb_status
explain_both(struct legacy_product *p, const struct legacy_item *item,
    struct decimal old, struct decimal new)
{
	struct decimal all, fee;
	enum tb_status status;

	status = decimal_sub(new, old, &all);
	if (status == TB_OK)
		status = decimal_sub(item->old_fee, item->commission, &fee);
	if (status != TB_OK)
		return status;
	status = explain(p, LEGACY_CAUSE_FEE, fee, TB_OK);
	if (status == TB_OK)
		status = decimal_sub(all, fee, &all);
	return explain(p, LEGACY_CAUSE_AMOUNT, all, status);
}

static enum tb_status
explain_item(struct legacy_product *p, const struct legacy_item *item)
{
	struct decimal old = DECIMAL_ZERO, new = DECIMAL_ZERO;
	enum tb_status status = TB_OK;
	bool stands = legacy_item_is_open(item);

	if (item->old_counts)
		status = cash_of(item->old_sells, item->old_value,
		    item->old_fee, &old);
	if (stands && item->state == LEGACY_FILLED && status == TB_OK)
		status = cash_of(item->side == SIDE_SELL, item->size_usd,
		    item->commission, &new);
	if (item->disposition == LEGACY_MERGE)
		return explain(p, LEGACY_CAUSE_MERGED, decimal_neg(old),
		    status);
	if (item->disposition == LEGACY_QUARANTINE)
		return explain(p, LEGACY_CAUSE_QUARANTINED, decimal_neg(old),
		    status);
	if (item->state != LEGACY_FILLED)
		return explain(p, LEGACY_CAUSE_NOT_FILLED, decimal_neg(old),
		    status);
	if (item->ref.raw)
		return explain(p, LEGACY_CAUSE_RAW, new, status);
	if (!item->old_counts)
		return explain(p, LEGACY_CAUSE_NOT_COUNTED, new, status);
	return status == TB_OK ? explain_both(p, item, old, new) : status;
}

static enum tb_status
count_old(struct legacy_product *p, const struct legacy_item *item)
{
	struct decimal cash;
	enum tb_status status;

	p->old_rows += item->old_listed;
	if (!item->old_counts)
		return TB_OK;
	status =
	    cash_of(item->old_sells, item->old_value, item->old_fee, &cash);
	if (item->old_sells)
		return add(&p->old_received, cash, status);
	return add(&p->old_spent, decimal_neg(cash), status);
}

static enum tb_status
count_fill(struct legacy_product *p, const struct legacy_item *item)
{
	bool buys = item->side == SIDE_BUY;
	enum tb_status status = TB_OK;

	if (buys)
		p->buys++;
	else
		p->sells++;
	status =
	    add(buys ? &p->buy_qty : &p->sell_qty, item->size_crypto, status);
	status = add(buys ? &p->buy_usd : &p->sell_usd, item->size_usd, status);
	return add(&p->commission, item->commission, status);
}

/* ---------------------------------------------------------------- books -- */

/* More is sold than was held: nobody owes coins afterwards. */
static enum tb_status
hold_item(struct legacy_product *p, struct legacy_item *item)
{
	if (item->side == SIDE_BUY)
		return add(&p->held, item->size_crypto, TB_OK);
	if (decimal_cmp(item->size_crypto, p->held) <= 0)
		return decimal_sub(p->held, item->size_crypto, &p->held);
	legacy_quirk_add(&item->quirks, LQ_OVERSELL);
	p->held = DECIMAL_ZERO;
	return TB_OK;
}

static enum tb_status
book_item(struct legacy_report *r, const struct legacy_item *item,
    struct tb_err *err)
{
	struct ledger_entry e = {
		.fill_id = r->rows,
		.at_us = item->created_us,
		.side = item->side,
		.nature = NATURE_TRADE,
		.size = item->size_crypto,
		.price = item->price,
		.value = item->size_usd,
	};
	struct book *const gross[] = { &r->fifo_gross, &r->average_gross };
	struct book *const net[] = { &r->fifo_net, &r->average_net };
	enum tb_status status = TB_OK;

	for (int i = 0; i < 2 && status == TB_OK; i++)
		status = book_fill(gross[i], item->product_id, &e, NULL, err);
	e.fee = item->commission;
	for (int i = 0; i < 2 && status == TB_OK; i++)
		status = book_fill(net[i], item->product_id, &e, NULL, err);
	return status;
}

static void
count_words(struct legacy_report *r, const struct legacy_item *item)
{
	r->dispositions[item->disposition]++;
	r->reasons[item->reason]++;
	for (int i = 0; i < LEGACY_QUIRKS; i++)
		r->quirks[i] +=
		    legacy_quirk_has(&item->quirks, (enum legacy_quirk)i);
	if (item->created_us != 0 &&
	    (r->first_us == 0 || item->created_us < r->first_us))
		r->first_us = item->created_us;
	if (item->created_us > r->last_us)
		r->last_us = item->created_us;
	if (!legacy_item_is_open(item))
		return;
	r->states[item->state]++;
	r->fee_unknown += item->fee_unknown;
}

enum tb_status
legacy_report_add(struct legacy_report *r, struct legacy_item *item,
    struct tb_err *err)
{
	bool filled = legacy_item_is_open(item) && item->state == LEGACY_FILLED;
	struct legacy_product *p;
	enum tb_status status;

	r->rows++;
	status = product_of(r, item->product_id, &p, err);
	if (status != TB_OK)
		return status;
	if (filled)
		status = hold_item(p, item);
	if (status == TB_OK && filled && r->has_gains)
		status = book_item(r, item, err);
	count_words(r, item);
	if (status == TB_OK)
		status = count_old(p, item);
	if (status == TB_OK && filled)
		status = count_fill(p, item);
	if (status == TB_OK)
		status = explain_item(p, item);
	if (status == TB_ERANGE)
		return tb_fail(err, status, "%s: a sum does not fit",
		    item->product_id);
	return status;
}

enum tb_status
legacy_product_net(const struct legacy_product *p, struct decimal *old_net,
    struct decimal *new_net, struct tb_err *err)
{
	enum tb_status status;

	status = decimal_sub(p->old_received, p->old_spent, old_net);
	if (status == TB_OK)
		status = decimal_sub(p->sell_usd, p->buy_usd, new_net);
	if (status == TB_OK)
		status = decimal_sub(*new_net, p->commission, new_net);
	if (status != TB_OK)
		return tb_fail(err, status, "%s: a sum does not fit",
		    p->product_id);
	return TB_OK;
}

enum tb_status
legacy_product_add(struct legacy_product *sum, const struct legacy_product *p,
    struct tb_err *err)
{
	enum tb_status status = TB_OK;

	sum->buys += p->buys;
	sum->sells += p->sells;
	sum->old_rows += p->old_rows;
	status = add(&sum->buy_qty, p->buy_qty, status);
	status = add(&sum->sell_qty, p->sell_qty, status);
	status = add(&sum->buy_usd, p->buy_usd, status);
	status = add(&sum->sell_usd, p->sell_usd, status);
	status = add(&sum->commission, p->commission, status);
	status = add(&sum->old_spent, p->old_spent, status);
	status = add(&sum->old_received, p->old_received, status);
	for (int i = 0; i < LEGACY_CAUSES; i++) {
		sum->causes[i].rows += p->causes[i].rows;
		status = add(&sum->causes[i].net, p->causes[i].net, status);
	}
	if (status != TB_OK)
		return tb_fail(err, status, "a total does not fit");
	return TB_OK;
}
