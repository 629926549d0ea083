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

#endif /* TB_STORE_BARS_H */
