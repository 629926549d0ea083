#include "exchange/match.h"

#include <string.h>

#include "base/instant.h"

static struct account *
quote_account(struct exchange *x, const struct draft *d)
{
	char currency[CURRENCY_MAX];

	product_quote(d->listing->rules.product_id, currency);
	return account_get(&x->accounts, x->seed, currency);
}

static struct account *
base_account(struct exchange *x, const struct draft *d)
{
	char currency[CURRENCY_MAX];

	product_base(d->listing->rules.product_id, currency);
	return account_get(&x->accounts, x->seed, currency);
}

/* Whose money is set aside. */
static struct account *
paying_account(struct exchange *x, const struct draft *d)
{
	return d->side == SIDE_BUY ? quote_account(x, d) : base_account(x, d);
}

static int64_t
now_s(const struct exchange *x)
{
	return instant_floor_s(exchange_now_us(x));
}

/* The best price that a taker gets; 0: an empty side. */
static struct decimal
best(struct exchange *x, const struct draft *d, int64_t at_s)
{
	struct levels levels;

	market_levels(market_source(&x->market, d->listing), d->side, at_s,
	    &levels);
	return levels.count == 0 ? DECIMAL_ZERO : levels.rows[0].price;
}

static bool
is_within(const struct draft *d, struct decimal price)
{
	if (!d->has_limit)
		return true;
	return d->side == SIDE_BUY ? decimal_cmp(price, d->limit) <= 0 :
				     decimal_cmp(price, d->limit) >= 0;
}

bool
match_crosses(struct exchange *x, const struct draft *d)
{
	struct decimal price = best(x, d, now_s(x));

	return decimal_sign(price) > 0 && is_within(d, price);
}

/* What a buy of this many coins may cost, the fee included. */
static struct decimal
cost(struct exchange *x, const struct draft *d, struct decimal size)
{
	struct decimal price = d->has_limit ? d->limit : best(x, d, now_s(x));

	return order_times(order_times(size, price),
	    order_plus(DECIMAL_OF(1),
		decimal_max(x->set.taker_rate, DECIMAL_ZERO)));
}

struct decimal
match_needs(struct exchange *x, const struct draft *d)
{
	if (d->side == SIDE_SELL || d->in_quote)
		return d->size;
	return cost(x, d, d->size);
}

static void
release(struct exchange *x, struct order *o)
{
	account_hold(paying_account(x, &o->asked), decimal_neg(o->hold));
	o->hold = DECIMAL_ZERO;
}

/* What is set aside follows what is left. */
static void
hold_rest(struct exchange *x, struct order *o)
{
	struct decimal left = order_left(o, x->set.taker_rate);

	release(x, o);
	if (order_is_final(o))
		return;
	o->hold = o->asked.side == SIDE_SELL ?
	    left :
	    o->asked.in_quote ?
	    order_minus(o->asked.size, order_plus(o->filled_value, o->fees)) :
	    cost(x, &o->asked, left);
	account_hold(paying_account(x, &o->asked), o->hold);
}

bool
match_hold(struct exchange *x, struct order *o)
{
	struct account *account = paying_account(x, &o->asked);
	struct decimal needs = match_needs(x, &o->asked);

	if (account == NULL ||
	    decimal_cmp(account_available(account), needs) < 0)
		return false;
	o->hold = needs;
	account_hold(account, needs);
	return true;
}

static void
finish(struct exchange *x, struct order *o, enum order_status status,
    int64_t at_us)
{
	o->status = status;
	o->updated_us = o->done_us = at_us;
	release(x, o);
}

/* Move the money of one execution. */
static void
settle(struct exchange *x, const struct order *o, const struct execution *e)
{
	struct decimal net = o->asked.side == SIDE_BUY ?
	    decimal_neg(order_plus(e->quote, e->commission)) :
	    order_minus(e->quote, e->commission);
	struct decimal coins =
	    o->asked.side == SIDE_BUY ? e->base : decimal_neg(e->base);

	account_add(quote_account(x, &o->asked), net, e->at_us);
	account_add(base_account(x, &o->asked), coins, e->at_us);
}

/*
 * Book one execution.  amount is in the unit of the request's size; the last
 * one of a buy by quote size takes what rounding has left of the fee.
 */
static void
execute(struct exchange *x, struct order *o, struct decimal amount,
    struct decimal price, bool is_maker, int64_t at_us)
{
	struct decimal rate = is_maker ? x->set.maker_rate : x->set.taker_rate;
	struct execution *e;

	if (o->execution_count == EXECUTIONS_MAX || decimal_sign(amount) <= 0)
		return;
	e = &o->executions[o->execution_count++];
	*e = (struct execution){
		.price = price, .is_maker = is_maker, .at_us = at_us
	};
	exchange_hex(x, e->entry_id);
	exchange_id(x, e->trade_id);
	if (x->set.same_trade_id)
		memcpy(e->trade_id, o->executions[0].trade_id,
		    sizeof(e->trade_id));
	e->base = o->asked.in_quote ? order_over(amount, price) : amount;
	e->quote = o->asked.in_quote ? amount : order_times(amount, price);
	e->commission = order_times(e->quote, rate);
	o->filled_base = order_plus(o->filled_base, e->base);
	o->filled_value = order_plus(o->filled_value, e->quote);
	if (o->asked.in_quote &&
	    decimal_sign(order_left(o, x->set.taker_rate)) == 0)
		e->commission = order_minus(o->asked.size,
		    order_plus(o->filled_value, o->fees));
	o->fees = order_plus(o->fees, e->commission);
	o->updated_us = at_us;
	settle(x, o, e);
}

/* The increment of the request's size. */
static struct decimal
step_of(const struct order *o)
{
	return o->asked.in_quote ? o->asked.listing->rules.quote_increment :
				   o->asked.listing->rules.base_increment;
}

/* How much of the rest is matched in this step of a walk through the book. */
static struct decimal
portion(const struct order *o, const struct level *level, struct decimal left,
    int64_t parts_left)
{
	struct decimal there = o->asked.in_quote ?
	    order_times(level->price, level->size) :
	    level->size;
	struct decimal step = step_of(o);
	struct decimal part = left;

	if (parts_left > 1 &&
	    decimal_quantize(order_over(left, DECIMAL_OF(parts_left)), step,
		DECIMAL_DOWN, &part) != TB_OK)
		part = left;
	return decimal_min(part, there);
}

/* The share of the order that finds its match: fill_part. */
static struct decimal
matched_share(const struct exchange *x, const struct order *o)
{
	struct decimal left = order_left(o, x->set.taker_rate), share = left;
	struct decimal step = step_of(o);

	if (decimal_cmp(x->set.fill_part, DECIMAL_OF(1)) >= 0)
		return left;
	if (decimal_quantize(order_times(left, x->set.fill_part), step,
		DECIMAL_DOWN, &share) != TB_OK)
		return left;
	return share;
}

/* Take from a book that was told what was traded. */
static void
take_level(struct listing *l, enum side taker, size_t i, struct decimal base)
{
	struct levels *side = taker == SIDE_BUY ? &l->asks : &l->bids;

	if (l->has_book && i < side->count)
		side->rows[i].size = decimal_max(DECIMAL_ZERO,
		    order_minus(side->rows[i].size, base));
}

static void
drop_empty_levels(struct levels *side)
{
	size_t n = 0;

	for (size_t i = 0; i < side->count; i++)
		if (decimal_sign(side->rows[i].size) > 0)
			side->rows[n++] = side->rows[i];
	side->count = n;
}

/* The taker's walk through the book. */
static void
walk(struct exchange *x, struct order *o, int64_t at_us)
{
	struct listing *source = market_source(&x->market, o->asked.listing);
	struct levels levels;
	struct decimal share = matched_share(x, o);
	int64_t parts = source->has_book ? 1 : x->set.fill_parts;

	market_levels(source, o->asked.side, instant_floor_s(at_us), &levels);
	for (size_t i = 0; i < levels.count && decimal_sign(share) > 0; i++) {
		const struct level *level = &levels.rows[i];
		struct decimal amount;

		if (!is_within(&o->asked, level->price))
			break;
		amount = portion(o, level, share, parts - (int64_t)i);
		if (decimal_sign(amount) <= 0)
			continue;
		execute(x, o, amount, level->price, false, at_us);
		take_level(source, o->asked.side, i,
		    o->executions[o->execution_count - 1].base);
		share = order_minus(share, amount);
	}
	drop_empty_levels(&source->asks);
	drop_empty_levels(&source->bids);
}

/* Could all of it be filled at once? */
static bool
is_fillable(struct exchange *x, const struct order *o, int64_t at_us)
{
	struct levels levels;
	struct decimal there = DECIMAL_ZERO;

	market_levels(market_source(&x->market, o->asked.listing),
	    o->asked.side, instant_floor_s(at_us), &levels);
	for (size_t i = 0; i < levels.count; i++) {
		if (!is_within(&o->asked, levels.rows[i].price))
			break;
		there = order_plus(there, levels.rows[i].size);
	}
	return decimal_cmp(there, o->asked.size) >= 0 &&
	    decimal_cmp(x->set.fill_part, DECIMAL_OF(1)) >= 0;
}

/* A PENDING order reaches the market. */
static void
arrive(struct exchange *x, struct order *o, int64_t at_us)
{
	enum order_kind kind = o->asked.kind;

	o->watched_us = at_us;
	if (x->set.fail_accepted) {
		finish(x, o, ORDER_FAILED, at_us);
		return;
	}
	if (order_kind_is_stop(kind)) {
		o->status = ORDER_OPEN;
		return;
	}
	if (!(kind == KIND_FOK && !is_fillable(x, o, at_us)))
		walk(x, o, at_us);
	if (decimal_sign(order_left(o, x->set.taker_rate)) == 0) {
		finish(x, o, ORDER_FILLED, at_us);
	} else if (order_kind_rests(kind)) {
		o->status = ORDER_OPEN;
		o->updated_us = at_us;
		hold_rest(x, o);
	} else {
		finish(x, o, ORDER_CANCELLED, at_us);
	}
}

/* Has the price passed the stop since it was looked at? */
static bool
triggers(const struct order *o, struct decimal low, struct decimal high)
{
	return o->asked.stop_up ? decimal_cmp(high, o->asked.stop) >= 0 :
				  decimal_cmp(low, o->asked.stop) <= 0;
}

/* Has somebody come who takes a resting order at its limit? */
static bool
is_reached(struct exchange *x, const struct order *o, struct decimal low,
    struct decimal high)
{
	const struct listing *l = o->asked.listing;

	if (l->has_book)
		return match_crosses(x, &o->asked);
	if (o->asked.side == SIDE_BUY)
		return decimal_cmp(low, o->asked.limit) <= 0;
	/* the best bid is a step under the price */
	return decimal_cmp(order_minus(high, l->rules.price_increment),
		   o->asked.limit) >= 0;
}

/* A resting order waits for its price. */
static void
watch(struct exchange *x, struct order *o, int64_t at_us)
{
	struct listing *source = market_source(&x->market, o->asked.listing);
	struct decimal low, high;

	market_range(source, instant_floor_s(o->watched_us),
	    instant_floor_s(at_us), &low, &high);
	o->watched_us = at_us;
	if (order_kind_is_stop(o->asked.kind) && !o->was_triggered) {
		if (!triggers(o, low, high))
			return;
		o->was_triggered = true;
		low = high = market_price(source, instant_floor_s(at_us));
	}
	/* an order that was to be filled in part has had its part */
	if (!is_reached(x, o, low, high) ||
	    (decimal_cmp(x->set.fill_part, DECIMAL_OF(1)) < 0 &&
		o->execution_count > 0))
		return;
	execute(x, o, matched_share(x, o), o->asked.limit, true, at_us);
	if (decimal_sign(order_left(o, x->set.taker_rate)) == 0)
		finish(x, o, ORDER_FILLED, at_us);
	else
		hold_rest(x, o);
}

static void
advance(struct exchange *x, struct order *o, int64_t now_us)
{
	if (o->status == ORDER_PENDING && o->execute_us <= now_us)
		arrive(x, o, o->execute_us);
	if (o->status == ORDER_OPEN && o->watched_us <= now_us)
		watch(x, o, now_us);
	if (o->status == ORDER_OPEN && o->asked.end_us > 0 &&
	    o->asked.end_us <= now_us)
		finish(x, o, ORDER_EXPIRED, o->asked.end_us);
	if (o->status == ORDER_CANCEL_QUEUED && o->cancel_us <= now_us)
		finish(x, o, ORDER_CANCELLED, o->cancel_us);
}

void
match_advance(struct exchange *x)
{
	int64_t now_us = exchange_now_us(x);

	for (size_t i = 0; i < x->orders.count; i++)
		if (!order_is_final(x->orders.rows[i]))
			advance(x, x->orders.rows[i], now_us);
}

void
match_cancel(struct exchange *x, struct order *o)
{
	o->status = ORDER_CANCEL_QUEUED;
	o->updated_us = exchange_now_us(x);
	o->cancel_us = o->updated_us + x->set.cancel_delay_ms * 1000;
	advance(x, o, o->updated_us);
}

bool
match_replace(struct exchange *x, struct order *o, const struct draft *d)
{
	struct draft before = o->asked;

	o->asked = *d;
	hold_rest(x, o);
	if (decimal_sign(account_available(paying_account(x, d))) < 0) {
		o->asked = before;
		hold_rest(x, o);
		return false;
	}
	o->updated_us = exchange_now_us(x);
	if (o->edit_count < EDITS_MAX)
		o->edits[o->edit_count++] =
		    (struct edit){ d->limit, d->size, o->updated_us };
	o->execute_us = o->updated_us;
	o->status = ORDER_PENDING; /* it may cross at its new price */
	advance(x, o, o->updated_us);
	return true;
}
