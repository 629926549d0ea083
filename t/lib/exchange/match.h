#ifndef TB_EXCHANGE_MATCH_H
#define TB_EXCHANGE_MATCH_H

/*
 * match: time passes, and orders meet the market.
 *
 * match_advance() is called before anything is answered: what should have
 * happened by then has happened.  Nothing runs in the background.
 */

#include "exchange/exchange.h"

void match_advance(struct exchange *x);

/* match_hold: set aside what the order may need; false: there is not enough */
bool match_hold(struct exchange *x, struct order *o);

/* match_cancel: as asked for by the user. */
void match_cancel(struct exchange *x, struct order *o);

/* match_replace: an open order asks for something else; false: no money. */
bool match_replace(struct exchange *x, struct order *o, const struct draft *d);

/* match_needs: what is set aside for a draft that is not filled yet. */
struct decimal match_needs(struct exchange *x, const struct draft *d);

/* Would a draft trade at once at this price or better? */
bool match_crosses(struct exchange *x, const struct draft *d);

#endif /* TB_EXCHANGE_MATCH_H */
