#ifndef TB_STORE_BARS_H
#define TB_STORE_BARS_H

/*
 * bars: stored candles as doubles, for signals.  The only file of the store
 * that has a double in it; no bar ever becomes money.
 */

#include "base/err.h"
#include "signal/real.h"
#include "store/db.h"

/*
 * bars_each: every stored candle with start in [from_s, to_s), ascending, as a
 * bar.  The statement is open meanwhile: each() writes nowhere.
 *
 * errors: each()'s first status other than TB_OK ends the loop and is
 *	   returned; TB_EDISAGREE a row is no candle
 */
enum tb_status bars_each(struct db *db, const char *product_id,
    int granularity_s, int64_t from_s, int64_t to_s,
    enum tb_status (*each)(const struct bar *, void *arg, struct tb_err *),
    void *arg, struct tb_err *err);

/*
 * bars_span: the starts of the first candle stored and of the last one before
 * to_s.  Cost: not by history.
 *
 * returns: TB_OK; TB_END where there is none before to_s
 */
enum tb_status bars_span(struct db *db, const char *product_id,
    int granularity_s, int64_t to_s, int64_t *first_s, int64_t *last_s,
    struct tb_err *err);

#endif /* TB_STORE_BARS_H */
