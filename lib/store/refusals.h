#ifndef TB_STORE_REFUSALS_H
#define TB_STORE_REFUSALS_H

/*
 * refusals: what a rule of ours stopped before anything was sent.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/market.h"
#include "store/db.h"
#include "store/intents.h"

struct refusal {
	int64_t id;
	int64_t at_us;
	char product_id[PRODUCT_ID_MAX]; /* "" where none was told */
	bool has_side;
	enum side side;
	bool has_size_usd, has_size_crypto;
	struct decimal size_usd;    /* quote, as asked */
	struct decimal size_crypto; /* coins, as asked */
	char reason[INTENT_REASON_MAX];
	char message[INTENT_MESSAGE_MAX];
	char dedupe_key[INTENT_KEY_MAX]; /* "" where none */
	char triggered_by[TRIGGER_MAX];
};

/* refusals_add: keep one; out: refusal->id.  In a transaction of the caller. */
enum tb_status refusals_add(struct db *db, struct refusal *refusal,
    struct tb_err *err);

/* A page, newest first: those with id < before_id (0: from the newest). */
enum tb_status refusals_page(struct db *db, int64_t before_id,
    struct refusal *out, size_t max, size_t *out_count, struct tb_err *err);

#endif /* TB_STORE_REFUSALS_H */
