#ifndef TB_STORE_OWN_H
#define TB_STORE_OWN_H

/*
 * own: the indexes, views and triggers that a person added to the database.
 * For schema.c alone.
 *
 * A step of the schema takes away the tables that they are about for a moment,
 * and SQLite would lose some of them and stumble over others.  So they are
 * dropped before the step and made again after it, in its transaction.  What
 * the migrations up to a version make in an empty database is ours; all else
 * is a person's.
 */

#include <sqlite3.h>

#include "base/err.h"
#include "store/db.h"

/* The schema as the migrations make it. */
struct own {
	sqlite3 *reference; /* in memory; NULL: no version yet */
	int version;
};

void own_init(struct own *own);
void own_release(struct own *own);

/*
 * own_set_aside: drop what is a person's.
 *
 * in:	   version  where the database stands
 * errors: TB_EIO, TB_ENOMEM, ...
 */
enum tb_status own_set_aside(struct own *own, struct db *db, int version,
    struct tb_err *err);

/*
 * own_put_back: make it again; but for indexes and triggers of a table that is
 * there no more.
 *
 * errors: TB_EREFUSED what it refers to has gone, or its name was taken: named
 */
enum tb_status own_put_back(struct db *db, struct tb_err *err);

#endif /* TB_STORE_OWN_H */
