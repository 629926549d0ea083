#ifndef TB_STORE_SEAL_H
#define TB_STORE_SEAL_H

/*
 * seal: rows that may change, and vouch for themselves.
 *
 * Fills and events are only ever appended, and chained (chain.h).  A row of
 * the tables below moves on; its column seal is SHA-256 over the name of the
 * table and the texts of all its other columns, made anew by whoever writes
 * the row, in the same transaction.  A row without a seal was not written by
 * tb.  Lots, disposals and portfolio have none: they are made anew from the
 * fills.
 *
 * In SQL, of our connections: row_seal(name, column, ...), in the order in
 * which the columns were born.
 */

#include <stdint.h>

#include <sqlite3.h>

#include "base/err.h"
#include "store/db.h"

#define SEAL_VERSION 5 /* of the schema: the first that has seals */

enum seal_table {
	SEAL_INTENTS,
	SEAL_ORDERS,
	SEAL_TRADES,
	SEAL_CASH_FLOWS,
	SEAL_EQUITY,
};
#define SEAL_TABLES 5

/* seal_register: row_seal() for this connection. */
enum tb_status seal_register(sqlite3 *handle, struct tb_err *err);

/* seal_row: after a row was written, inside its transaction; by its id, or by
 * the key of orders (order_id) and equity (day). */
enum tb_status seal_row(struct db *db, enum seal_table table, int64_t id,
    struct tb_err *err);
enum tb_status seal_row_of(struct db *db, enum seal_table table,
    const char *key, struct tb_err *err);

/* seal_all: every row of every table; for the step of the schema. */
enum tb_status seal_all(struct db *db, struct tb_err *err);

/* Called for each row whose seal does not fit: "orders 0a1b-...". */
typedef void seal_broken(const char *row, void *arg);

/*
 * seal_verify: look at every row of every table.
 *
 * out: *out_rows  how many there are
 */
enum tb_status seal_verify(struct db *db, seal_broken *broken, void *arg,
    int64_t *out_rows, struct tb_err *err);

#endif /* TB_STORE_SEAL_H */
