#ifndef TB_STORE_SCHEMA_H
#define TB_STORE_SCHEMA_H

/*
 * schema: the history of the tables, and moving a database along it.
 *
 * A version is a pair of files, migrate/NNNN-name.up.sql and .down.sql,
 * embedded when the tools are built.  A database says in user_version where
 * it stands and in schema_migrations how it came there.  A file that was
 * released never changes: its checksum stands in every database.
 *
 * Each step is one transaction: after a crash the database has the old
 * version or the new one.  A step that loses a row is refused and names the
 * table, up as well as down.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/err.h"
#include "store/db.h"

#define SCHEMA_NAME_MAX 64

/* One version, as it stands in a database. */
struct schema_step {
	int version;
	char name[SCHEMA_NAME_MAX];
	char sha256[DIGEST_HEX]; /* of the .up.sql file */
	int64_t applied_at_us;	 /* 0: not yet */
};

/* schema_newest: the version that this tool is made for. */
int schema_newest(void);

/* errors: TB_EIO, TB_EBUSY */
enum tb_status schema_version(struct db *db, int *out, struct tb_err *err);

/* errors: TB_ECONFIG newer than this tool */
enum tb_status schema_is_known(struct db *db, int version, struct tb_err *err);

/* schema_steps: the history: what was applied, then what is still to be.
 * errors: TB_ECONFIG the database is newer than this tool */
enum tb_status schema_steps(struct db *db, struct schema_step *out, size_t max,
    size_t *out_count, struct tb_err *err);

/*
 * schema_move: up or down to a version, step by step.
 *
 * in:	   at_us  when, for schema_migrations
 * inout:  db	  opened with DB_ANY_VERSION; no transaction open
 * errors: TB_EREFUSED a step would lose rows, or what a person added (own.h);
 *	   TB_ECONFIG newer than this tool, or no such version; TB_EDISAGREE
 *	   damaged, or a released migration differs from what the database was
 *	   made with; TB_EBUSY; TB_EIO.  The steps before the failing one stand.
 */
enum tb_status schema_move(struct db *db, int target, int64_t at_us,
    struct tb_err *err);

/*
 * schema_check: the checksums of what was applied, and that every table,
 * index, trigger and view is the one that the migrations make.  Tables,
 * indexes and views that somebody added are left alone; a trigger is not.
 *
 * errors: TB_EDISAGREE names the first that differs
 */
enum tb_status schema_check(struct db *db, struct tb_err *err);

/* schema_integrity: integrity_check and foreign_key_check of the whole file.
 * errors: TB_EDISAGREE the first finding */
enum tb_status schema_integrity(struct db *db, struct tb_err *err);

#endif /* TB_STORE_SCHEMA_H */
