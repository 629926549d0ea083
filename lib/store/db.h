#ifndef TB_STORE_DB_H
#define TB_STORE_DB_H

/*
 * db: the one SQLite file, opened, kept in order, and closed.
 *
 * The room store is the only one that speaks SQL; its other headers have a
 * table family each.  A row is checked when it is written (CHECKs, triggers)
 * and again when it is read: a struct that comes out of the room is valid.
 *
 * On every open: journal_mode=TRUNCATE and synchronous=EXTRA (set and read
 * back: the mode is not stored in the file), foreign_keys=ON,
 * trusted_schema=OFF, DEFENSIVE, double-quoted strings off, no extensions,
 * NOFOLLOW, a busy timeout of DB_BUSY_MS (tests set $TB_BUSY_MS).
 *
 * Rule: nothing is written to a pipe or a terminal while a statement is open.
 * A reader that hangs on its pager would keep a writer from its COMMIT.  Lists
 * are read in pages by key into memory.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define DB_APPLICATION_ID 0x54424F54 /* "TBOT" */
#define DB_BUSY_MS 10000
/* Bytes of a value: the longest row of an old system (FOREIGN_VALUE_MAX),
 * whole and as JSON, all of it escaped. */
#define DB_VALUE_MAX (1 << 27)
#define DB_PAGE_ROWS 1024 /* rows of a list that are read at once */

/* db_busy_ms: DB_BUSY_MS, or less where $TB_BUSY_MS says so. */
int db_busy_ms(void);

struct db;

enum db_mode {
	DB_READ,	/* nothing is written; the file must exist */
	DB_WRITE,	/* the file must exist */
	DB_ANY_VERSION, /* as DB_WRITE, whatever schema version: tb-migrate */
	DB_READ_ANY_VERSION,
};

/*
 * db_open: open an existing database of this schema version.
 *
 * out:	   *out	 to be given to db_close(); NULL on failure
 * errors: TB_ECONFIG missing, empty, no database of ours, newer than this
 *	   tool, or older (the message names the command to run); TB_EPERM
 *	   symlink, other owner, writable by others, unreadable; TB_EDISAGREE
 *	   damaged; TB_EBUSY locked for longer than DB_BUSY_MS; TB_EIO;
 *	   TB_ENOMEM
 */
enum tb_status db_open(struct db **out, const char *path, enum db_mode mode,
    struct tb_err *err);

/*
 * db_create: a new, empty database under a name that is free: schema version
 * 0, mode 0600.  Used on a temporary name, which is renamed when all is in.
 *
 * errors: TB_ECONFIG the name is taken; TB_EPERM; TB_EIO
 */
enum tb_status db_create(struct db **out, const char *path, struct tb_err *err);

/* db_is_remote: on NFS, SMB or FUSE, where locks are not to be trusted: tools
 * warn, and send no live order. */
bool db_is_remote(const struct db *db);

/* db_close: an open transaction is rolled back.  NULL is fine. */
void db_close(struct db *db);

/*
 * db_begin: BEGIN IMMEDIATE: the write lock first.  Transactions are short
 * and not nested.
 *
 * errors: TB_EBUSY; TB_EIO
 */
enum tb_status db_begin(struct db *db, struct tb_err *err);

/* db_begin_read: one consistent view for several reads; ended by db_commit. */
enum tb_status db_begin_read(struct db *db, struct tb_err *err);

/*
 * db_commit: a busy commit is tried again until DB_BUSY_MS are over.
 *
 * errors: TB_EBUSY, TB_EIO (disk full, fsync): rolled back, nothing is stored
 */
enum tb_status db_commit(struct db *db, struct tb_err *err);

/* db_rollback: fine without a transaction; needs no memory.  Where it fails
 * all the same, nothing begins until it was done. */
void db_rollback(struct db *db);

/* db_finish: commit where status is TB_OK, else roll back; status or the
 * commit's own. */
enum tb_status db_finish(struct db *db, enum tb_status status,
    struct tb_err *err);

/* The path that was opened; borrowed. */
const char *db_path(const struct db *db);

/*
 * db_meta_get: a value of the table meta into buf.
 *
 * returns: TB_OK; TB_ENOENT no such key
 */
enum tb_status db_meta_get(struct db *db, const char *key, char *buf,
    size_t size, struct tb_err *err);
enum tb_status db_meta_set(struct db *db, const char *key, const char *value,
    struct tb_err *err);

/* Keys of meta. */
#define META_VENUE "venue"	     /* "paper", "coinbase", ... for life */
#define META_ACCOUNT "account"	     /* what the venue's hello reported */
#define META_GENERATION "generation" /* random; new at every restore */
#define META_CREATED_AT "created_at"
#define META_MAX_SEEN "max_seen"	   /* highest instant of tb-trade */
#define META_RESTORED "restored"	   /* at; "": all was synced since */
#define META_ORDERS_SYNCED "orders_synced" /* orders known until */
#define META_FILLS_SYNCED "fills_synced"   /* fills known until */
#define META_PRODUCTS_SYNCED "products_synced" /* listed last at */
#define META_ALARM "alarm"	     /* why trading is halted, if it is */
#define META_FILLS_HEAD "fills_head" /* hash of the newest fill */
#define META_FILLS_COUNT "fills_count"
#define META_EVENTS_HEAD "events_head" /* hash of the newest event */
#define META_EVENTS_COUNT "events_count"

#endif /* TB_STORE_DB_H */
