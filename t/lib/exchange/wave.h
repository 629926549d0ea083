#ifndef TB_EXCHANGE_WAVE_H
#define TB_EXCHANGE_WAVE_H

/*
 * wave: prices from a seed.  Value noise of several periods, in integers:
 * any minute can be asked for at once, and is always the same.
 */

#include "exchange/market.h"

/* wave_price: a multiple of the product's price step, around l->start. */
struct decimal wave_price(const struct listing *l, int64_t at_s);

/*
 * wave_candle: the minute that starts at start_s; a listing with a fixed price
 * and no seed stands still.
 *
 * returns: false in the minutes (a few of a thousand) without a trade
 */
bool wave_candle(const struct listing *l, int64_t start_s, struct candle *out);

#endif /* TB_EXCHANGE_WAVE_H */
