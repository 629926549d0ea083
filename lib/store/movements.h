#ifndef TB_STORE_MOVEMENTS_H
#define TB_STORE_MOVEMENTS_H

/*
 * movements: dollars that fills moved, and dollars that the venue told of; for
 * the files of this room only.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/market.h"
#include "store/db.h"

/* Which ones. */
struct movements {
	int64_t after_us; /* (after_us, until_us]; 0: from the first */
	int64_t until_us;
	bool orders_only; /* of orders that the venue told of: no imports */
};

typedef enum tb_status movements_reader(int64_t at_us, struct decimal amount,
    void *arg, struct tb_err *);

/*
 * movements_each: what each trade brought (positive) or took, its fee
 * included, in no particular order.  Gifts, income and fees in coins move no
 * money.
 */
enum tb_status movements_each(struct db *db, const struct movements *which,
    movements_reader *each, void *arg, struct tb_err *err);

/*
 * movements_told: what the venue last said: available and hold.
 *
 * out:	   *out_at_us  when it did
 * errors: TB_ENOENT it never did
 */
enum tb_status movements_told(struct db *db, struct decimal *out,
    int64_t *out_at_us, struct tb_err *err);

#endif /* TB_STORE_MOVEMENTS_H */
