#ifndef TB_STORE_CHAIN_H
#define TB_STORE_CHAIN_H

/*
 * chain: rows that vouch for the rows before them.  The hash of a row is
 * SHA-256 over the hash before it ("" for the first) and the texts of its
 * named columns; meta holds the newest hash and the number of rows, so that a
 * flipped bit, a row that is missing and a lost tail all show.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/err.h"
#include "store/db.h"

/* Where a chain ends. */
struct chain {
	char head[DIGEST_HEX]; /* of the newest row; "" for none */
	int64_t count;	       /* rows */
};

/*
 * chain_next: put a row's hash behind the chain's end.
 *
 * in:	  fields  as texts; NULL for NULL
 * inout: c	  head becomes the row's hash, count grows by one
 */
void chain_next(struct chain *c, const char *const *fields, size_t count);

/*
 * chain_load: what meta says of a chain; empty where it says nothing.
 *
 * errors: TB_EDISAGREE the count is no number
 */
enum tb_status chain_load(struct db *db, const char *head_key,
    const char *count_key, struct chain *out, struct tb_err *err);

/* chain_store: inside a transaction of the caller's. */
enum tb_status chain_store(struct db *db, const char *head_key,
    const char *count_key, const struct chain *c, struct tb_err *err);

#endif /* TB_STORE_CHAIN_H */
