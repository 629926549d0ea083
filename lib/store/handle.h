#ifndef TB_STORE_HANDLE_H
#define TB_STORE_HANDLE_H

/*
 * handle: the inside of struct db, for db.c and sql.c alone.
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
	size_t statement_count;
	struct db_statement statements[DB_STATEMENTS_MAX];
};

#endif /* TB_STORE_HANDLE_H */
