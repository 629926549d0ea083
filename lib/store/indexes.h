#ifndef TB_STORE_INDEXES_H
#define TB_STORE_INDEXES_H

/*
 * indexes: taken away while very many rows come in, and made when all are
 * there: sorting once costs a fraction of finding the place of each row.  For
 * the files of this room only; both calls in one transaction of the caller's,
 * so that nobody ever sees a table without.
 */

#include "base/buffer.h"
#include "base/err.h"
#include "store/db.h"

/* What makes them again, in SQL. */
struct indexes {
	struct buffer script;
};

/*
 * indexes_drop: all indexes of some tables, but for those that are part of
 * the table itself.
 *
 * in:	tables	names, NULL behind the last
 * out: out	to be given to indexes_make(), or released
 */
enum tb_status indexes_drop(struct db *db, const char *const *tables,
    struct indexes *out, struct tb_err *err);

/* indexes_make: and released.
 * errors: TB_EDISAGREE what is to be unique is not */
enum tb_status indexes_make(struct db *db, struct indexes *in,
    struct tb_err *err);
void indexes_release(struct indexes *in);

#endif /* TB_STORE_INDEXES_H */
