#ifndef TB_STORE_FLOWS_H
#define TB_STORE_FLOWS_H

/*
 * flows: money brought in and taken out, as its owner recorded it.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/market.h"
#include "store/db.h"

#define FLOW_NOTE_MAX 201 /* 200 bytes and the NUL */

struct cash_flow {
	int64_t id; /* given by flows_add() */
	int64_t at_us;
	char currency[CURRENCY_MAX];
	struct decimal amount; /* in: positive; out: negative; not 0 */
	char note[FLOW_NOTE_MAX];
};

/*
 * flows_add: record one; inside a transaction of the caller's.
 *
 * errors: TB_EINVAL amount 0, or a currency that is none
 */
enum tb_status flows_add(struct db *db, struct cash_flow *flow,
    struct tb_err *err);

/*
 * flows_page: a page in the order of (at, id), behind `after`.
 *
 * in: after  at_us and id are looked at; NULL: from the first
 */
enum tb_status flows_page(struct db *db, const struct cash_flow *after,
    struct cash_flow *out, size_t max, size_t *out_count, struct tb_err *err);

/*
 * flows_since: a page in the order of ids, those above after_id with at up to
 * and with until_us: what came into the books since somebody looked last.
 */
enum tb_status flows_since(struct db *db, int64_t after_id, int64_t until_us,
    struct cash_flow *out, size_t max, size_t *out_count, struct tb_err *err);

/* flows_dollars: all of USD, USDC and USDT up to and with until_us. */
enum tb_status flows_dollars(struct db *db, int64_t until_us,
    struct decimal *out, struct tb_err *err);

#endif /* TB_STORE_FLOWS_H */
