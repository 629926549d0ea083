#include "exchange/market.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/wave.h"

#define SYNTHETIC_LEVELS 10
#define MINUTE_S 60

static struct decimal
amount(const char *text)
{
	struct decimal d = DECIMAL_ZERO;
	enum tb_status status = decimal_parse(text, strlen(text), &d);

	assert(status == TB_OK);
	(void)status;
	return d;
}

void
market_init(struct market *m)
{
	static const struct {
		const char *id, *price, *step, *base_max, *alias;
	} all[] = {
		{ "BTC-USD", "65000.00", "0.01", "3400", "" },
		{ "BTC-USDC", "65000.00", "0.01", "3400", "BTC-USD" },
		{ "ETH-USD", "2000.00", "0.01", "49000", "" },
		{ "SOL-USD", "150.00", "0.01", "1300000", "" },
		{ "SHIB-USD", "0.00001234", "0.00000001", "1000000000000", "" },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct listing *l = NULL;
		enum tb_status status = market_add(m, all[i].id, &l, NULL);

		assert(status == TB_OK && l != NULL);
		(void)status;
		l->fixed = amount(all[i].price);
		l->rules.price_increment = amount(all[i].step);
		l->rules.base_max_size = amount(all[i].base_max);
		(void)snprintf(l->alias, sizeof(l->alias), "%s", all[i].alias);
	}
}

void
market_release(struct market *m)
{
	for (size_t i = 0; i < m->count; i++) {
		free(m->listings[i].candles);
		free(m->listings[i].tape);
	}
	m->count = 0;
}

struct listing *
market_find(struct market *m, const char *id)
{
	for (size_t i = 0; i < m->count; i++)
		if (strcmp(m->listings[i].rules.product_id, id) == 0)
			return &m->listings[i];
	return NULL;
}

struct listing *
market_source(struct market *m, struct listing *l)
{
	struct listing *other =
	    l->alias[0] == '\0' ? NULL : market_find(m, l->alias);

	return other == NULL ? l : other;
}

enum tb_status
market_add(struct market *m, const char *id, struct listing **out,
    struct tb_err *err)
{
	struct listing *l = market_find(m, id);

	*out = l;
	if (l != NULL)
		return TB_OK;
	if (!product_id_is_valid(id, strlen(id)))
		return tb_fail(err, TB_EINVAL, "no product: \"%s\"", id);
	if (m->count == LISTINGS_MAX)
		return tb_fail(err, TB_EINVAL, "more than %d products",
		    LISTINGS_MAX);
	l = &m->listings[m->count++];
	*l = (struct listing){ .status = "online" };
	l->rules = product_assumed(id);
	l->rules.price_increment = amount("0.01");
	l->rules.base_min_size = amount("0.00000001");
	l->rules.quote_min_size = DECIMAL_OF(1);
	l->rules.base_max_size = DECIMAL_OF(1000000);
	l->rules.quote_max_size = DECIMAL_OF(150000000);
	*out = l;
	return TB_OK;
}

/* The index of the first point later than at_s. */
static size_t
points_until(const struct listing *l, int64_t at_s)
{
	size_t low = 0, high = l->points;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (l->tape[middle].at_s <= at_s)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The index of the first candle that starts at or after at_s. */
static size_t
candles_before(const struct listing *l, int64_t at_s)
{
	size_t low = 0, high = l->candle_count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (l->candles[middle].start_s < at_s)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct decimal
market_price(const struct listing *l, int64_t at_s)
{
	size_t n;

	if (decimal_sign(l->fixed) > 0)
		return l->fixed;
	if (l->points > 0) {
		n = points_until(l, at_s);
		return l->tape[n == 0 ? 0 : n - 1].price;
	}
	if (l->candle_count > 0) {
		n = candles_before(l, at_s - l->granularity_s + 1);
		return n == 0 ? l->candles[0].open : l->candles[n - 1].close;
	}
	return l->seed == 0 ? DECIMAL_ZERO : wave_price(l, at_s);
}

void
market_range(const struct listing *l, int64_t from_s, int64_t to_s,
    struct decimal *low, struct decimal *high)
{
	*low = *high = market_price(l, to_s);
	if (decimal_sign(l->fixed) > 0)
		return;
	/* a week of minutes is as far back as it looks */
	if (from_s < to_s - INT64_C(7) * 86400)
		from_s = to_s - INT64_C(7) * 86400;
	for (int64_t at_s = from_s + 1; at_s < to_s; at_s += MINUTE_S) {
		struct decimal price = market_price(l, at_s);

		*low = decimal_min(*low, price);
		*high = decimal_max(*high, price);
	}
}

void
market_levels(const struct listing *l, enum side taker, int64_t at_s,
    struct levels *out)
{
	struct decimal price = market_price(l, at_s);
	struct decimal step = l->rules.price_increment;

	if (l->has_book) {
		*out = taker == SIDE_BUY ? l->asks : l->bids;
		return;
	}
	out->count = 0;
	if (taker == SIDE_SELL)
		step = decimal_neg(step);
	if (taker == SIDE_SELL && decimal_add(price, step, &price) != TB_OK)
		return;
	while (out->count < SYNTHETIC_LEVELS && decimal_sign(price) > 0) {
		struct level *level = &out->rows[out->count++];

		level->price = price;
		level->size = l->rules.base_max_size;
		if (decimal_add(price, step, &price) != TB_OK)
			return;
	}
}

/* Take one more candle into a larger one. */
static void
add_candle(struct candle *sum, const struct candle *next, bool *is_first)
{
	if (*is_first) {
		int64_t start_s = sum->start_s;

		*sum = *next;
		sum->start_s = start_s;
		*is_first = false;
		return;
	}
	sum->high = decimal_max(sum->high, next->high);
	sum->low = decimal_min(sum->low, next->low);
	sum->close = next->close;
	if (decimal_add(sum->volume, next->volume, &sum->volume) != TB_OK)
		sum->volume = next->volume;
}

/* A tape is a trade of size 1 at each of its points. */
static void
tape_candle(const struct listing *l, int64_t from_s, int64_t to_s,
    struct candle *out, bool *is_first)
{
	for (size_t i = points_until(l, from_s - 1);
	     i < l->points && l->tape[i].at_s < to_s; i++) {
		struct decimal price = l->tape[i].price;
		struct candle trade = { .open = price,
			.high = price,
			.low = price,
			.close = price,
			.volume = DECIMAL_OF(1) };

		add_candle(out, &trade, is_first);
	}
}

bool
market_candle(const struct listing *l, int64_t start_s, int granularity_s,
    int64_t now_s, struct candle *out)
{
	int64_t end_s = start_s + granularity_s;
	bool is_first = true;

	*out = (struct candle){ .start_s = start_s };
	if (end_s > now_s + 1)
		end_s = now_s + 1;
	if (l->candle_count > 0) {
		for (size_t i = candles_before(l, start_s);
		     i < l->candle_count && l->candles[i].start_s < end_s; i++)
			add_candle(out, &l->candles[i], &is_first);
	} else if (l->points > 0) {
		tape_candle(l, start_s, end_s, out, &is_first);
	} else {
		for (int64_t at_s = start_s; at_s < end_s; at_s += MINUTE_S) {
			struct candle minute;

			if (wave_candle(l, at_s, &minute))
				add_candle(out, &minute, &is_first);
		}
	}
	return !is_first;
}
