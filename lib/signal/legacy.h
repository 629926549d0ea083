#ifndef TB_SIGNAL_LEGACY_H
#define TB_SIGNAL_LEGACY_H

/*
 * legacy: the scores of the system that bots of style legacy come from, as it
 * computed them, over exactly the last LEGACY_WINDOW closes, with the sign
 * turned once, here: positive means BUY.
 *
 * They are indicators that no catalogue lists; the first column is the score.
 * NaN: it gave no result (too few closes, or exactly 0).
 */

#include "signal/indicator.h"

#define LEGACY_WINDOW 100 /* closes */

/* (fast, slow) -> score, fast, slow */
extern const struct indicator legacy_ma;

/* (fast, slow, signal) -> score, macd, signal, histogram */
extern const struct indicator legacy_macd;

/* Closes that they need before they say anything. */
int legacy_ma_needs(const double *p);
int legacy_macd_needs(const double *p);

#endif /* TB_SIGNAL_LEGACY_H */
