#ifndef TB_STORE_BALANCES_H
#define TB_STORE_BALANCES_H

/*
 * balances: what the venue last said it holds for us.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/market.h"
#include "store/db.h"

struct balance {
	char currency[CURRENCY_MAX];
	struct decimal available; /* units of the currency */
	struct decimal hold;
	int64_t at_us;
};

/* Insert or replace; inside a transaction of the caller's. */
enum tb_status balances_put(struct db *db, const struct balance *balance,
    struct tb_err *err);

/* balances_clear: forget all: before a complete listing is put. */
enum tb_status balances_clear(struct db *db, struct tb_err *err);

/* errors: TB_ENOENT */
enum tb_status balances_get(struct db *db, const char *currency,
    struct balance *out, struct tb_err *err);

/* A page in the order of the currencies, behind `after` ("": first). */
enum tb_status balances_page(struct db *db, const char *after,
    struct balance *out, size_t max, size_t *out_count, struct tb_err *err);

#endif /* TB_STORE_BALANCES_H */
