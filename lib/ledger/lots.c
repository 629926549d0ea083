#include "ledger/lots.h"

#include <assert.h>
#include <stdlib.h>

#define PARTS_MIN 16

void
lots_init(struct lots *l, enum lot_method method, bool fees_apart)
{
	*l = (struct lots){ .fees_apart = fees_apart };
	lot_queue_init(&l->open, method);
}

void
lots_release(struct lots *l)
{
	free(l->parts);
	lot_queue_release(&l->open);
	lots_init(l, l->open.method, l->fees_apart);
}

void
lots_clear(struct lots *l)
{
	lot_queue_clear(&l->open);
	l->part_count = 0;
}

bool
disposal_rest(const struct disposal *d, struct disposal_part *out)
{
	*out = (struct disposal_part){
		.size = d->uncovered_size,
		.proceeds = d->uncovered_proceeds,
	};
	if (decimal_sign(d->size) != 0)
		return decimal_sign(d->uncovered_size) != 0;
	out->proceeds = out->gain = d->proceeds;
	return true;
}

static enum tb_status
add(struct decimal *sum, struct decimal d)
{
	return decimal_add(*sum, d, sum);
}

static enum tb_status
subtract(struct decimal *sum, struct decimal d)
{
	return decimal_sub(*sum, d, sum);
}

/*
 * whole x part / of, half-even to LOTS_PLACES decimals in one rounding: the
 * quotient is taken a million times too small and set right exactly.  (Of more
 * than 10^14 coins there is no room for that: two roundings.)  Fine lots keep
 * all decimals there are.
 */
static enum tb_status
share(const struct lots *l, struct decimal whole, struct decimal part,
    struct decimal of, struct decimal *out)
{
	const decimal_units spare = 1000000; /* 10^(18 - LOTS_PLACES) */
	struct decimal scaled, q;
	enum tb_status status;

	_Static_assert(DECIMAL_SCALE - LOTS_PLACES == 6, "spare is 10^6");
	if (l->fine)
		return decimal_mul_div(whole, part, of, DECIMAL_HALF_EVEN, out);
	if (__builtin_mul_overflow(of.v, spare, &scaled.v)) {
		status =
		    decimal_mul_div(whole, part, of, DECIMAL_HALF_EVEN, &q);
		return status != TB_OK ?
		    status :
		    decimal_round(q, LOTS_PLACES, DECIMAL_HALF_EVEN, out);
	}
	status = decimal_mul_div(whole, part, scaled, DECIMAL_HALF_EVEN, &q);
	if (status == TB_OK && __builtin_mul_overflow(q.v, spare, &q.v))
		status = TB_ERANGE;
	if (status == TB_OK)
		*out = q;
	return status;
}

/* Take coins and their cost out of a lot; *cost is what they carry. */
static enum tb_status
lot_take(const struct lots *l, struct lot *lot, struct decimal size,
    struct decimal *cost)
{
	enum tb_status status;

	if (decimal_cmp(size, lot->size_left) == 0) {
		*cost = lot->cost_left;
		lot->size_left = lot->cost_left = DECIMAL_ZERO;
		return TB_OK;
	}
	status = share(l, lot->cost_left, size, lot->size_left, cost);
	if (status == TB_OK)
		status = subtract(&lot->size_left, size);
	if (status == TB_OK)
		status = subtract(&lot->cost_left, *cost);
	return status;
}

static enum tb_status
keep_part(struct lots *l, const struct disposal_part *part, struct tb_err *err)
{
	struct disposal_part *grown;
	size_t room = l->part_room == 0 ? PARTS_MIN : 2 * l->part_room;

	if (l->part_count == l->part_room) {
		grown = reallocarray(l->parts, room, sizeof(*l->parts));
		if (grown == NULL)
			return tb_nomem(err);
		l->parts = grown;
		l->part_room = room;
	}
	l->parts[l->part_count++] = *part;
	return TB_OK;
}

static enum tb_status
tell_part(struct lots *l, const struct disposal_part *part, struct tb_err *err)
{
	if (l->untold)
		return TB_OK;
	if (l->each != NULL)
		return l->each(part, l->arg, err);
	return keep_part(l, part, err);
}

/*
 * Take up to `left` coins of the disposal d out of the next lot; `unpaid` is
 * what d's earlier parts left of its proceeds.
 */
static enum tb_status
dispose_part(struct lots *l, struct disposal *d, struct decimal *left,
    struct decimal *unpaid, struct tb_err *err)
{
	struct lot *lot = lot_queue_next(&l->open);
	struct disposal_part part = {
		.size = decimal_min(lot->size_left, *left),
		.proceeds = *unpaid,
	};
	enum tb_status status = TB_OK;

	if (decimal_cmp(part.size, *left) < 0)
		status =
		    share(l, d->proceeds, part.size, d->size, &part.proceeds);
	if (status == TB_OK)
		status = lot_take(l, lot, part.size, &part.cost);
	if (status == TB_OK)
		status = decimal_sub(part.proceeds, part.cost, &part.gain);
	if (status == TB_OK)
		status = subtract(left, part.size);
	if (status == TB_OK)
		status = subtract(unpaid, part.proceeds);
	if (status == TB_OK)
		status = add(&d->cost, part.cost);
	if (status == TB_OK)
		status = add(&d->gain, part.gain);
	if (status != TB_OK)
		return status;
	part.lot = *lot;
	status = tell_part(l, &part, err);
	if (status == TB_OK && decimal_sign(part.lot.size_left) == 0)
		status = lot_queue_drop(&l->open, err);
	return status;
}

/* Coins leave for net; net may be the fee of a sale alone. */
static enum tb_status
dispose(struct lots *l, struct position *p, struct decimal size,
    struct decimal net, struct disposal *d, struct tb_err *err)
{
	struct decimal left = size, unpaid = net;
	enum tb_status status = TB_OK;

	*d = (struct disposal){ .size = size, .proceeds = net };
	l->part_count = 0;
	while (status == TB_OK && decimal_sign(left) > 0 &&
	    !lot_queue_is_empty(&l->open))
		status = dispose_part(l, d, &left, &unpaid, err);
	d->parts = l->parts;
	d->part_count = l->part_count;
	if (decimal_sign(left) > 0) {
		d->uncovered_size = left;
		d->uncovered_proceeds = unpaid;
	} else if (decimal_sign(size) == 0) {
		d->gain = net;
	}

	if (status == TB_OK)
		status = subtract(&p->crypto_balance, size);
	if (status == TB_OK)
		status = add(&p->crypto_balance, d->uncovered_size);
	if (status == TB_OK)
		status = subtract(&p->usd_invested, d->cost);
	if (status == TB_OK)
		status = add(&p->realized, d->gain);
	if (status == TB_OK)
		status = add(&p->uncovered_size, d->uncovered_size);
	if (status == TB_OK)
		status = add(&p->uncovered_proceeds, d->uncovered_proceeds);
	return status;
}

/* Coins come in for their cost. */
static enum tb_status
lot_grow(struct lot *lot, struct decimal size, struct decimal cost)
{
	enum tb_status status;

	status = add(&lot->size, size);
	if (status == TB_OK)
		status = add(&lot->cost, cost);
	if (status == TB_OK)
		status = add(&lot->size_left, size);
	if (status == TB_OK)
		status = add(&lot->cost_left, cost);
	return status;
}

static enum tb_status
open_lot(struct lots *l, const struct ledger_entry *e, struct decimal cost,
    struct lot *out, struct tb_err *err)
{
	bool pool = l->open.method == LOT_AVERAGE;
	struct decimal size = decimal_abs(e->size);
	struct lot lot = {
		.lot_id = l->open.last_id + 1,
		.fill_id = e->fill_id,
		.trade_id = pool ? 0 : e->trade_id,
		.acquired_at_us = e->at_us,
		.size = size,
		.cost = cost,
		.size_left = size,
		.cost_left = cost,
		.price = e->price,
	};

	*out = lot;
	return lot_queue_put(&l->open, &lot, err);
}

/* Of the average method: is there something that a purchase adds to? */
static bool
has_pool(const struct lots *l)
{
	return l->open.method == LOT_AVERAGE && !lot_queue_is_empty(&l->open);
}

static enum tb_status
acquire(struct lots *l, struct position *p, const struct ledger_entry *e,
    struct decimal cost, struct lot *out, struct tb_err *err)
{
	struct decimal size = decimal_abs(e->size);
	enum tb_status status;

	if (has_pool(l)) {
		status = lot_grow(lot_queue_next(&l->open), size, cost);
		*out = *lot_queue_next(&l->open);
	} else {
		status = open_lot(l, e, cost, out, err);
	}
	if (status == TB_OK)
		status = add(&p->crypto_balance, size);
	if (status == TB_OK)
		status = add(&p->usd_invested, cost);
	return status;
}

/*
 * The open lot that a late fee or a rounding belongs to; *out NULL: none has
 * enough left of it.
 */
static enum tb_status
amended_lot(struct lots *l, const struct ledger_entry *e, struct lot **out,
    struct tb_err *err)
{
	enum tb_status status = TB_OK;

	*out = NULL;
	if (decimal_sign(e->size) < 0 && e->amends_fill_id == 0)
		return TB_OK;
	if (has_pool(l))
		*out = lot_queue_next(&l->open);
	else
		status = lot_queue_find(&l->open, e->amends_fill_id, out, err);
	if (status == TB_OK && *out != NULL &&
	    decimal_cmp((*out)->size_left, decimal_abs(e->size)) <= 0)
		*out = NULL;
	return status;
}

static enum tb_status
amend(struct lots *l, struct position *p, struct lot *lot, struct decimal size,
    struct decimal cost, struct tb_err *err)
{
	enum tb_status status;

	status = lot_grow(lot, size, cost);
	if (status == TB_OK)
		status = lot_queue_changed(&l->open, lot, err);
	if (status == TB_OK)
		status = add(&p->crypto_balance, size);
	if (status == TB_OK)
		status = add(&p->usd_invested, cost);
	return status;
}

static enum tb_status
purchase(struct lots *l, struct position *p, const struct ledger_entry *e,
    struct lot_outcome *out, struct tb_err *err)
{
	struct decimal cost = e->value;
	enum tb_status status = TB_OK;
	struct lot *lot;

	if (!l->fees_apart)
		status = add(&cost, e->fee);
	if (status == TB_OK)
		status = add(&p->costs, cost);
	if (status != TB_OK)
		return status;
	if (decimal_sign(e->size) > 0) {
		out->act = LOT_OPENED;
		return acquire(l, p, e, cost, &out->lot, err);
	}
	status = amended_lot(l, e, &lot, err);
	if (status != TB_OK)
		return status;
	if (lot != NULL) {
		out->act = LOT_AMENDED;
		status = amend(l, p, lot, e->size, cost, err);
		out->lot = *lot;
		return status;
	}
	out->act = LOT_DISPOSED;
	return dispose(l, p, decimal_neg(e->size), decimal_neg(cost),
	    &out->disposal, err);
}

static enum tb_status
sale(struct lots *l, struct position *p, const struct ledger_entry *e,
    struct lot_outcome *out, struct tb_err *err)
{
	struct decimal net = e->value;
	enum tb_status status = TB_OK;

	if (e->nature == NATURE_FEE_IN_BASE)
		net = DECIMAL_ZERO;
	if (!l->fees_apart)
		status = subtract(&net, e->fee);
	if (status == TB_OK)
		status = add(&p->proceeds, net);
	if (status != TB_OK)
		return status;
	if (decimal_sign(e->size) < 0) {
		out->act = LOT_OPENED;
		return acquire(l, p, e, decimal_neg(net), &out->lot, err);
	}
	out->act = LOT_DISPOSED;
	return dispose(l, p, e->size, net, &out->disposal, err);
}

enum tb_status
lots_fill(struct lots *l, struct position *p, const struct ledger_entry *e,
    struct lot_outcome *out, struct tb_err *err)
{
	struct lot_outcome own;
	enum tb_status status;

	l->untold = out == NULL;
	if (l->untold)
		out = &own;
	if (e->side == SIDE_BUY)
		status = purchase(l, p, e, out, err);
	else
		status = sale(l, p, e, out, err);
	if (status == TB_OK)
		status = add(&p->fees, e->fee);
	if (status == TB_ERANGE)
		return tb_fail(err, status,
		    "%s: fill %lld: a sum or a share does not fit",
		    p->product_id, (long long)e->fill_id);
	if (p->updated_at_us < e->at_us)
		p->updated_at_us = e->at_us;
	assert(status != TB_OK || decimal_sign(p->crypto_balance) >= 0);
	return status;
}
