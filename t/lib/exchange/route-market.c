#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/instant.h"
#include "exchange/page.h"
#include "exchange/route.h"
#include "exchange/show.h"

#define TRADES_MAX 100	 /* of a ticker */
#define TICKER_ROWS 1000 /* more are answered 500 */
#define BOOK_LEVELS 1000

void
serve_time(struct exchange *x, struct request *r)
{
	int64_t us = exchange_server_us(x);
	char text[INSTANT_STRLEN];
	struct json_writer *w = reply_begin(r);

	json_open(w, '{');
	instant_format_s(instant_floor_s(us), text);
	put_text(w, "iso", text);
	(void)snprintf(text, sizeof(text), "%" PRId64, instant_floor_s(us));
	put_text(w, "epochSeconds", text);
	(void)snprintf(text, sizeof(text), "%" PRId64, us / 1000);
	put_text(w, "epochMillis", text);
	json_close(w, '}');
}

static void
put_pagination(const struct page *page, struct json_writer *w)
{
	put_open(w, "pagination", '{');
	put_text(w, "prev_cursor", "");
	put_text(w, "next_cursor", page->cursor);
	put_bool(w, "has_next", page->has_next);
	put_bool(w, "has_prev", page->from > 0);
	json_close(w, '}');
}

static bool
is_wanted(const struct request *r, const char *product_id)
{
	return !query_is_given(r, "product_id") ||
	    query_has(r, "product_id", product_id);
}

void
serve_products(struct exchange *x, struct request *r)
{
	struct listing *found[LISTINGS_MAX];
	const char *type = query_get(r, "product_type"),
		   *tradability = query_get(r, "get_tradability_status");
	bool is_spot =
	    type == NULL || *type == '\0' || strcmp(type, "SPOT") == 0;
	size_t n = 0;
	struct page page;
	struct json_writer *w;

	for (size_t i = 0; i < x->market.count && is_spot; i++)
		if (is_wanted(r, x->market.listings[i].rules.product_id))
			found[n++] = &x->market.listings[i];
	if (!page_cut(x, r, n, LISTINGS_MAX, LISTINGS_MAX, &page))
		return;
	page.from += (size_t)query_integer(r, "offset", 0);
	w = reply_begin(r);
	json_open(w, '{');
	put_open(w, "products", '[');
	for (size_t i = page.from; i < page.to; i++)
		show_product(x, found[i],
		    tradability != NULL && strcmp(tradability, "true") == 0, w);
	json_close(w, ']');
	put_int(w, "num_products",
	    page.from < page.to ? (int64_t)(page.to - page.from) : 0);
	put_pagination(&page, w);
	json_close(w, '}');
}

/* The product that the path names, or 404. */
static struct listing *
find_product(struct exchange *x, struct request *r, const char *id)
{
	struct listing *l = id == NULL ? NULL : market_find(&x->market, id);

	if (l == NULL)
		reply_error(r, 404, "NOT_FOUND",
		    "valid product_id is required");
	return l;
}

void
serve_product(struct exchange *x, struct request *r)
{
	struct listing *l = find_product(x, r, r->segment);

	if (l != NULL)
		show_product(x, l, true, reply_begin(r));
}

void
serve_best_bid_ask(struct exchange *x, struct request *r)
{
	struct json_writer *w = reply_begin(r);

	json_open(w, '{');
	put_open(w, "pricebooks", '[');
	for (size_t i = 0; i < x->market.count; i++) {
		struct listing *l = &x->market.listings[i];

		if (is_wanted(r, l->rules.product_id))
			show_book(x, l, 1, w);
	}
	json_close(w, ']');
	json_close(w, '}');
}

/* The best price on the side that the taker meets. */
static struct decimal
best(struct exchange *x, struct listing *l, enum side taker)
{
	struct levels levels;

	market_levels(market_source(&x->market, l), taker,
	    instant_floor_s(exchange_now_us(x)), &levels);
	return levels.count == 0 ? DECIMAL_ZERO : levels.rows[0].price;
}

void
serve_product_book(struct exchange *x, struct request *r)
{
	struct listing *l = find_product(x, r, query_get(r, "product_id"));
	int64_t limit = query_integer(r, "limit", BOOK_LEVELS);
	struct decimal bid, ask, middle, spread, bps = DECIMAL_ZERO;
	struct json_writer *w;

	if (l == NULL)
		return;
	bid = best(x, l, SIDE_SELL);
	ask = best(x, l, SIDE_BUY);
	spread = order_minus(ask, bid);
	middle = order_over(order_plus(bid, ask), DECIMAL_OF(2));
	if (decimal_sign(middle) > 0)
		bps =
		    order_over(order_times(spread, DECIMAL_OF(10000)), middle);
	(void)decimal_round(bps, 3, DECIMAL_HALF_EVEN, &bps);
	w = reply_begin(r);
	json_open(w, '{');
	json_key(w, "pricebook");
	show_book(x, l, limit > 0 ? (size_t)limit : BOOK_LEVELS, w);
	put_amount(w, "last",
	    market_price(market_source(&x->market, l),
		instant_floor_s(exchange_now_us(x))));
	put_amount(w, "mid_market", middle);
	put_amount(w, "spread_bps", bps);
	put_amount(w, "spread_absolute", spread);
	json_close(w, '}');
}

static void
put_trade(const struct listing *l, struct decimal price, int64_t at_s,
    struct json_writer *w)
{
	char id[24];

	json_open(w, '{');
	(void)snprintf(id, sizeof(id), "%" PRId64, at_s);
	put_text(w, "trade_id", id);
	put_text(w, "product_id", l->rules.product_id);
	put_amount(w, "price", price);
	put_text(w, "size", "0.0021");
	put_time(w, "time", at_s * INSTANT_US_PER_S);
	put_text(w, "side", at_s % 2 == 0 ? "SELL" : "BUY");
	put_text(w, "bid", "");
	put_text(w, "ask", "");
	put_text(w, "exchange", "coinbase");
	json_close(w, '}');
}

void
serve_ticker(struct exchange *x, struct request *r)
{
	struct listing *l = find_product(x, r, r->segment);
	int64_t limit = query_integer(r, "limit", TRADES_MAX);
	int64_t now_s = instant_floor_s(exchange_now_us(x));
	struct json_writer *w;

	if (l == NULL)
		return;
	if (limit > TICKER_ROWS) {
		reply_error(r, 500, "INTERNAL", "internal error");
		return;
	}
	if (limit <= 0 || limit > TRADES_MAX)
		limit = TRADES_MAX;
	w = reply_begin(r);
	json_open(w, '{');
	put_open(w, "trades", '[');
	for (int64_t i = 0; i < limit; i++)
		put_trade(l,
		    market_price(market_source(&x->market, l), now_s - i),
		    now_s - i, w);
	json_close(w, ']');
	put_amount(w, "best_bid", best(x, l, SIDE_SELL));
	put_amount(w, "best_ask", best(x, l, SIDE_BUY));
	json_close(w, '}');
}

static int
parse_granularity(const char *name)
{
	static const struct {
		const char *name;
		int seconds;
	} all[] = {
		{ "ONE_MINUTE", 60 },
		{ "FIVE_MINUTE", 300 },
		{ "FIFTEEN_MINUTE", 900 },
		{ "THIRTY_MINUTE", 1800 },
		{ "ONE_HOUR", 3600 },
		{ "TWO_HOUR", 7200 },
		{ "FOUR_HOUR", 14400 },
		{ "SIX_HOUR", 21600 },
		{ "ONE_DAY", 86400 },
	};

	for (size_t i = 0; name != NULL && i < sizeof(all) / sizeof(all[0]);
	     i++)
		if (strcmp(all[i].name, name) == 0)
			return all[i].seconds;
	return 0;
}

static void
put_candle(const struct candle *c, struct json_writer *w)
{
	char start[24];

	json_open(w, '{');
	(void)snprintf(start, sizeof(start), "%" PRId64, c->start_s);
	put_text(w, "start", start);
	put_amount(w, "low", c->low);
	put_amount(w, "high", c->high);
	put_amount(w, "open", c->open);
	put_amount(w, "close", c->close);
	put_amount(w, "volume", c->volume);
	json_close(w, '}');
}

/* Newest first, both ends included: coinbase-api.md 2.7. */
static void
put_candles(struct exchange *x, struct request *r, struct listing *l,
    const int64_t range[static 2], int granularity_s)
{
	struct listing *source = market_source(&x->market, l);
	int64_t now_s = instant_floor_s(exchange_now_us(x));
	int64_t limit = query_integer(r, "limit", CANDLES_PAGE);
	int64_t last = range[1] < now_s ? range[1] : now_s;
	struct json_writer *w = reply_begin(r);

	if (limit <= 0 || limit > CANDLES_PAGE)
		limit = CANDLES_PAGE;
	json_open(w, '{');
	put_open(w, "candles", '[');
	for (int64_t start_s = last - last % granularity_s;
	     start_s >= range[0] && limit > 0; start_s -= granularity_s) {
		struct candle c;

		if (!market_candle(source, start_s, granularity_s, now_s, &c))
			continue;
		put_candle(&c, w);
		limit--;
	}
	json_close(w, ']');
	json_close(w, '}');
}

void
serve_candles(struct exchange *x, struct request *r)
{
	struct listing *l = find_product(x, r, r->segment);
	int granularity_s = parse_granularity(query_get(r, "granularity"));
	int64_t range[2] = { query_integer(r, "start", -1),
		query_integer(r, "end", -1) };
	int64_t first;

	if (l == NULL)
		return;
	if (granularity_s == 0) {
		reply_error(r, 400, "unknown",
		    "parsing field \"granularity\": is not valid");
		return;
	}
	if (range[0] < 0 || range[1] < 0 || range[0] > range[1]) {
		reply_error(r, 400, "INVALID_ARGUMENT",
		    "start and end argument is invalid");
		return;
	}
	/* buckets from the first start on or after the beginning */
	first = (range[0] + granularity_s - 1) / granularity_s * granularity_s;
	if (range[1] >= first &&
	    (range[1] - first) / granularity_s + 1 > CANDLES_PAGE) {
		reply_error(r, 400, "INVALID_ARGUMENT",
		    "start and end argument is invalid - number of candles "
		    "requested should be less than 350 ");
		return;
	}
	put_candles(x, r, l, range, granularity_s);
}
