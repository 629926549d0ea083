#ifndef TB_STORE_SEAL_H
#define TB_STORE_SEAL_H

/*
 * seal: rows that may change, and vouch for themselves.
 *
 * Fills and events are only ever appended, and chained (chain.h).  A row of
 * the tables below moves on; its column seal is SHA-256 over the name of the
 * table and the texts of all its other columns, made anew by whoever writes
 * the row, in the same transaction.  A row without a seal was not written by
 * tb; one whose seal is broken loses it with the next change, so that what was
 * damaged is not sealed as if it were whole.  Lots, disposals and portfolio
 * have none: they are made anew from the fills.
 *
 * In SQL, of our connections: row_seal(name, column, ...), in the order in
 * which the columns were born.
 *
 * A row that is deleted breaks no seal.  Intents, orders and trades are missed
 * by their events, intents and fills; cash flows and equity by nobody, so meta
 * has their number.
 */

#include <stdint.h>

#include <sqlite3.h>

#include "base/err.h"
#include "store/db.h"

/* The columns of each, as row_seal() takes them. */
#define SEAL_COLUMNS_INTENTS                                                   \
 "id, client_order_id, dedupe_key, request_hash, product_id, side, type,"      \
 " size_usd, size_crypto, limit_price, reference_price, quote_size,"           \
 " base_size, body, state, order_id, attempts, reserve_currency, reserve,"     \
 " readings, look_from, reason, message, triggered_by, signal_context,"        \
 " decided_at, created_at, updated_at"
#define SEAL_COLUMNS_ORDERS                                                    \
 "order_id, client_order_id, product_id, side, type, status, filled_size,"     \
 " filled_value, total_fees, settled, created_at, updated_at, raw"
#define SEAL_COLUMNS_TRADES                                                    \
 "id, product_id, side, size_usd, size_crypto, price, order_id, status,"       \
 " commission, created_at, filled_at, triggered_by, signal_context"
#define SEAL_COLUMNS_CASH_FLOWS "id, at, currency, amount, note"
#define SEAL_COLUMNS_EQUITY "day, value, peak, flows"

/* What a statement that writes a row gives to its seal: in the VALUES of an
 * INSERT, and in the SET of an UPDATE, where a broken one goes. */
#define SEAL_NEW "printf('%064d', 0)"
#define SEAL_KEEP(table, columns)                                              \
 "seal = iif(seal IS row_seal('" table "', " columns "), seal, NULL)"

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

/* seal_row: after a row was written, with SEAL_NEW or SEAL_KEEP, inside its
 * transaction: anew, unless it was broken.  By its id, or by the key of orders
 * (order_id) and equity (day). */
enum tb_status seal_row(struct db *db, enum seal_table table, int64_t id,
    struct tb_err *err);
enum tb_status seal_row_of(struct db *db, enum seal_table table,
    const char *key, struct tb_err *err);

/* seal_count: after a row of cash flows or equity was added. */
enum tb_status seal_count(struct db *db, enum seal_table table,
    struct tb_err *err);

/*
 * seal_counts: how many rows of cash flows or equity there are to be.
 *
 * out: *out_told   -1: none was added since they are counted
 */
enum tb_status seal_counts(struct db *db, enum seal_table table,
    int64_t *out_told, int64_t *out_found, struct tb_err *err);

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
