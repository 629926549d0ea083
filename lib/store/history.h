#ifndef TB_STORE_HISTORY_H
#define TB_STORE_HISTORY_H

/*
 * history: the migrations that are built in, for schema.c, schema_check.c and
 * own.c alone.
 */

#include <sqlite3.h>

#include "base/err.h"
#include "store/db.h"

struct migration {
	int version;
	const char *name;
	const char *up, *down; /* SQL */
	const char *sha256;    /* of up */
};

/* history_migration: a version from 1 to schema_newest() (asserted). */
const struct migration *history_migration(int version);

/*
 * history_reference: what the migrations make of an empty database.
 *
 * in:	   from	 where *handle stands
 * inout:  *handle  in memory; opened where it is NULL, to be given to
 *		 sqlite3_close(), also after a failure
 */
enum tb_status history_reference(sqlite3 **handle, int from, int to,
    struct tb_err *err);

/*
 * history_check_sums: the migrations that were applied are these.
 *
 * in:	   version  where the database stands; known
 * errors: TB_EDISAGREE names the first that differs
 */
enum tb_status history_check_sums(struct db *db, int version,
    struct tb_err *err);

/* history_check_references: no row refers to nothing.
 * errors: TB_EDISAGREE names the first that does */
enum tb_status history_check_references(struct db *db, struct tb_err *err);

#endif /* TB_STORE_HISTORY_H */
