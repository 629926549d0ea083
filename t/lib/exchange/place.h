#ifndef TB_EXCHANGE_PLACE_H
#define TB_EXCHANGE_PLACE_H

/* place: POST /orders, /orders/preview, /orders/edit, /orders/batch_cancel. */

#include "exchange/request.h"

void place_create(struct exchange *x, struct request *r);
void place_preview(struct exchange *x, struct request *r);
void place_edit(struct exchange *x, struct request *r);
void place_edit_preview(struct exchange *x, struct request *r);
void place_cancel(struct exchange *x, struct request *r);

#endif /* TB_EXCHANGE_PLACE_H */
