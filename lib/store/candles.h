#ifndef TB_STORE_CANDLES_H
#define TB_STORE_CANDLES_H

/*
 * candles: what the market said, as received, and the products it said it of.
 * Signals read bars (doubles) by bars.h; money reads the text from here.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/market.h"
#include "store/db.h"

/* errors: TB_ENOENT */
enum tb_status products_get(struct db *db, const char *product_id,
    struct product *out, struct tb_err *err);

/* Insert or replace; inside a transaction of the caller's. */
enum tb_status products_put(struct db *db, const struct product *p,
    int64_t at_us, struct tb_err *err);

/* products_assume: make an assumed one where there is none. */
enum tb_status products_assume(struct db *db, const char *product_id,
    int64_t at_us, struct tb_err *err);

/* A page of products in the order of their ids, behind `after` ("": first). */
enum tb_status products_page(struct db *db, const char *after,
    struct product *out, size_t max, size_t *out_count, struct tb_err *err);

enum candle_put {
	CANDLE_INSERTED,
	CANDLE_SAME,	  /* stood there with the same figures */
	CANDLE_DIFFERENT, /* stood there with others, and still does */
	CANDLE_REPLACED,
};

/*
 * candles_put: store one candle; a stored one changes only with replace.
 * Inside a transaction of the caller's.
 *
 * inout: *put	in: what became of the candle before, CANDLE_INSERTED at first:
 *		neighbours are mostly stored alike, and it says where to look
 *		first; out: what became of this one
 */
enum tb_status candles_put(struct db *db, const char *product_id,
    int granularity_s, const struct candle *c, bool replace,
    enum candle_put *put, struct tb_err *err);

/* candles_cover: move synced_until forward; never back. */
enum tb_status candles_cover(struct db *db, const char *product_id,
    int granularity_s, int64_t until_us, struct tb_err *err);

/* out: 0 where nothing is covered */
enum tb_status candles_covered_until(struct db *db, const char *product_id,
    int granularity_s, int64_t *out_us, struct tb_err *err);

/*
 * candles_price: the reference price of a product at an instant: the close of
 * the candle that closed last by then, of the finest granularity where several
 * did.
 *
 * out:	   *at_us  when that candle closed
 * errors: TB_ENOENT no candle closed by then
 */
enum tb_status candles_price(struct db *db, const char *product_id,
    int64_t instant_us, struct decimal *price, int64_t *at_us,
    struct tb_err *err);

/* A page of candles with start in [from_s, to_s), ascending. */
enum tb_status candles_page(struct db *db, const char *product_id,
    int granularity_s, int64_t from_s, int64_t to_s, struct candle *out,
    size_t max, size_t *out_count, struct tb_err *err);

/* A stretch of missing candles: starts in [from_s, to_s). */
struct candle_gap {
	int64_t from_s, to_s;
	int64_t missing;
};

/* A page of gaps between the first and the last stored candle, from from_s. */
enum tb_status candles_gaps(struct db *db, const char *product_id,
    int granularity_s, int64_t from_s, struct candle_gap *out, size_t max,
    size_t *out_count, struct tb_err *err);

/* What is stored of a product. */
struct candle_series {
	char product_id[PRODUCT_ID_MAX];
	int granularity_s;
	int64_t first_s, last_s; /* starts */
	int64_t synced_until_us;
};

/* All (product, granularity) pairs; at most max.  Cost: not by history. */
enum tb_status candles_series(struct db *db, struct candle_series *out,
    size_t max, size_t *out_count, struct tb_err *err);

#endif /* TB_STORE_CANDLES_H */
