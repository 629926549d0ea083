#ifndef TB_STORE_HANDLE_H
#define TB_STORE_HANDLE_H

/*
 * handle: the inside of struct db, for db.c and sql.c, and how shelf.c opens a
 * file that is no database of the books.
 */

#include <stdbool.h>
#include <stddef.h>

#include <sqlite3.h>

#include "store/db.h"

#define DB_STATEMENTS_MAX 512 /* a power of two; half of them are used */

/* A prepared statement, found by the address of its literal. */
struct db_statement {
	const char *text; /* NULL: a free place */
	sqlite3_stmt *stmt;
	bool is_open;
};

struct db {
	sqlite3 *handle;
	char *path; /* as it was given; owned */
	bool is_remote;
	bool is_stuck; /* in a transaction that could not be rolled back */
	size_t statement_count;
	struct db_statement statements[DB_STATEMENTS_MAX];
};

/*
 * db_library: one thread, nobody who asks how much memory is used: no locks, no
 * sums.  Heard before the first connection of a process only, so whoever opens
 * one says it; later SQLite says no, which is fine.
 */
void db_library(void);

/*
 * db_connect: db_open() without its questions about application and version.
 *
 * in:	   may_be_empty  a file of no bytes is fine: its schema is yet to come
 * errors: those of db_open()
 */
enum tb_status db_connect(struct db **out, const char *path, bool may_be_empty,
    struct tb_err *err);

/* db_memory: an empty one in memory, for who keeps nothing. */
enum tb_status db_memory(struct db **out, struct tb_err *err);

#endif /* TB_STORE_HANDLE_H */
