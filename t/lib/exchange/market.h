#ifndef TB_EXCHANGE_MARKET_H
#define TB_EXCHANGE_MARKET_H

/*
 * market: the products that are traded, their prices, books and candles.
 *
 * A price comes from one of: a fixed price, a tape (CSV timestamp,price), a
 * file of candles (the close of the last one that has ended), or a seed.
 * Everything is a function of the moment that is asked for, so that a
 * restarted stand-in tells the same story.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/market.h"

#define LISTINGS_MAX 64
#define LEVELS_MAX 32
#define CANDLES_PAGE 350

/* A price and how much there is at it. */
struct level {
	struct decimal price, size; /* size: coins */
};

/* One side: best first. */
struct levels {
	struct level rows[LEVELS_MAX];
	size_t count;
};

struct point {
	int64_t at_s;
	struct decimal price;
};

struct listing {
	struct product rules;
	char status[16]; /* "online" */
	bool is_disabled, view_only;
	char alias[PRODUCT_ID_MAX]; /* whose market it is; "": its own */
	struct decimal fixed;	    /* 0: one of the others */
	struct point *tape;	    /* owned, ascending */
	size_t points;
	struct candle *candles; /* owned, ascending */
	size_t candle_count;
	int granularity_s;    /* of candles */
	uint64_t seed;	      /* of a generated price; 0: none */
	struct decimal start; /* around which it is generated */
	bool has_book;	      /* bids and asks are told */
	struct levels bids, asks;
};

struct market {
	struct listing listings[LISTINGS_MAX];
	size_t count;
};

/* market_init: BTC-USD, BTC-USDC (its alias), ETH-USD, SOL-USD, SHIB-USD. */
void market_init(struct market *m);
void market_release(struct market *m);

/* market_find: NULL where there is no such product. */
struct listing *market_find(struct market *m, const char *id);

/* market_source: the listing whose prices and candles this one shows. */
struct listing *market_source(struct market *m, struct listing *l);

/*
 * market_add: find or list a product (increments 0.00000001, 0.01, 0.01;
 * minimum 1).  errors: TB_EINVAL
 */
enum tb_status market_add(struct market *m, const char *id,
    struct listing **out, struct tb_err *err);

/*
 * market_load_candles, market_load_tape: from a CSV file, shifted so that it
 * ends at end_s (0: as it is).
 *
 * errors: TB_EINVAL, TB_EIO, TB_ENOMEM
 */
enum tb_status market_load_candles(struct listing *l, const char *path,
    int64_t end_s, struct tb_err *err);
enum tb_status market_load_tape(struct listing *l, const char *path,
    int64_t end_s, struct tb_err *err);

/* market_price: the last price at a moment; 0: none yet. */
struct decimal market_price(const struct listing *l, int64_t at_s);

/* market_range: the lowest and highest price in (from_s, to_s]. */
void market_range(const struct listing *l, int64_t from_s, int64_t to_s,
    struct decimal *low, struct decimal *high);

/*
 * market_levels: one side of the book at a moment: as told, or ten levels a
 * price step apart.  The best ask is the last price, the best bid a step
 * under it.
 */
void market_levels(const struct listing *l, enum side taker, int64_t at_s,
    struct levels *out);

/*
 * market_candle: the candle that starts at start_s, from what has been traded
 * by now_s.
 *
 * returns: false where nothing was traded in it
 */
bool market_candle(const struct listing *l, int64_t start_s, int granularity_s,
    int64_t now_s, struct candle *out);

#endif /* TB_EXCHANGE_MARKET_H */
