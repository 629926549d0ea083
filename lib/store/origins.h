#ifndef TB_STORE_ORIGINS_H
#define TB_STORE_ORIGINS_H

/*
 * origins: where every row of an old database ended, exactly once.
 *
 * A row is known by its file, its table and its rowid there.  What it was, as
 * JSON, is kept until cleanup takes it away (a quarantined row's stands in
 * quarantine); its hash stays, so that a later run sees what is new and what
 * was changed.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/err.h"
#include "base/market.h"
#include "store/db.h"

#define ORIGIN_FILE_MAX 4096
#define ORIGIN_WORD_MAX 64    /* of a variant, a disposition, a reason */
#define ORIGIN_LABEL_MAX 128  /* "trades 17" */
#define ORIGIN_BECAME_MAX 512 /* an order_id, an evaluation_id */

/* An old database. */
struct origin_source {
	int64_t id; /* 0: not stored */
	char file[ORIGIN_FILE_MAX];
	char sha256[DIGEST_HEX]; /* of the copy that was read last */
	char variant[ORIGIN_WORD_MAX];
	int64_t read_at_us;
	char backup[ORIGIN_FILE_MAX];
};

/*
 * origins_source_put: remember a database, or that it was read again (its
 * first backup stays).  In a transaction of the caller's.
 *
 * out: source->id
 */
enum tb_status origins_source_put(struct db *db, struct origin_source *source,
    struct tb_err *err);

/* The first source with id > after_id. returns: TB_END no more */
enum tb_status origins_source_next(struct db *db, int64_t after_id,
    struct origin_source *out, struct tb_err *err);

/* A row, and where it ended. */
struct origin_row {
	int64_t source_id;
	const char *table;
	int64_t row_id;
	const char *disposition; /* keep convert merge quarantine archive */
	const char *reason;	 /* NULL: none */
	const char *became;	 /* NULL: nothing of ours */
	const char *row;	 /* JSON; NULL: not kept here */
	const char *hash;	 /* 64 hex digits, of the JSON */
};

/* What was known of a row. */
struct origin_known {
	bool known;
	char disposition[ORIGIN_WORD_MAX];
	char reason[ORIGIN_WORD_MAX];	/* "" none */
	char became[ORIGIN_BECAME_MAX]; /* "" nothing */
	char hash[DIGEST_HEX];
};

/* origins_find: out: *out  known or not; both are TB_OK */
enum tb_status origins_find(struct db *db, int64_t source_id, const char *table,
    int64_t row_id, struct origin_known *out, struct tb_err *err);

/*
 * origins_put: record, or replace what was recorded; origins_add: nothing was.
 * In a transaction of the caller's.
 */
enum tb_status origins_add(struct db *db, const struct origin_row *row,
    struct tb_err *err);
enum tb_status origins_put(struct db *db, const struct origin_row *row,
    struct tb_err *err);

/*
 * origins_each: rows of a source in the order of table and rowid; table NULL:
 * all.  The statement is open meanwhile: each() writes to no pipe.
 */
typedef enum tb_status origins_reader(const struct origin_row *, void *arg,
    struct tb_err *);
enum tb_status origins_each(struct db *db, int64_t source_id, const char *table,
    origins_reader *each, void *arg, struct tb_err *err);

/*
 * origins_merge: this row tells again what another tells; once all rows are
 * recorded origins_merges_end() says of each what the other became.  Inside
 * one transaction of the caller's.
 */
enum tb_status origins_merge(struct db *db, const struct origin_row *row,
    const struct origin_row *into, struct tb_err *err);
enum tb_status origins_merges_end(struct db *db, struct tb_err *err);

/* Sums of the filled trades that a source's rows became. */
struct origin_sums {
	char product_id[PRODUCT_ID_MAX];
	int64_t buys, sells;
	struct decimal buy_qty, sell_qty, buy_usd, sell_usd, commission;
};

/*
 * origins_sums: of every product, by its name.  The statement is open
 * meanwhile.
 */
typedef enum tb_status origins_summer(const struct origin_sums *, void *arg,
    struct tb_err *);
enum tb_status origins_sums(struct db *db, int64_t source_id,
    origins_summer *each, void *arg, struct tb_err *err);

/*
 * origins_trade_sums: where the rows of all sources became all trades that
 * there are: the same, told trade by trade, in a fraction of the time.
 */
enum tb_status origins_trade_sums(struct db *db, origins_summer *each,
    void *arg, struct tb_err *err);

/* How many rows a table has, and how many of them became trades. */
struct origin_table {
	const char *table;
	int64_t rows, trades;
};

/* origins_tables: those of a source.  The statement is open meanwhile. */
typedef enum tb_status origins_teller(const struct origin_table *, void *arg,
    struct tb_err *);
enum tb_status origins_tables(struct db *db, int64_t source_id,
    origins_teller *each, void *arg, struct tb_err *err);

/* How many rows of a table ended how. */
struct origin_count {
	const char *table, *disposition;
	const char *reason; /* NULL: none */
	int64_t rows;
};

/*
 * origins_counts: those of a source, by table, disposition and reason.  The
 * statement is open meanwhile.
 */
typedef enum tb_status origins_counter(const struct origin_count *, void *arg,
    struct tb_err *);
enum tb_status origins_counts(struct db *db, int64_t source_id,
    origins_counter *each, void *arg, struct tb_err *err);

/*
 * origins_dangling: rows whose trade, evaluation or place in quarantine is not
 * there, or there twice.
 *
 * out: *out   how many; 0 where all is well
 *	first  then: one of them, "trades 17"
 */
enum tb_status origins_dangling(struct db *db, int64_t *out,
    char first[static ORIGIN_LABEL_MAX], struct tb_err *err);

/* origins_is_fresh: nothing was ever imported, and there is no trade. */
enum tb_status origins_is_fresh(struct db *db, bool *out, struct tb_err *err);

/* origins_total: all rows that are recorded. */
enum tb_status origins_total(struct db *db, int64_t *out, struct tb_err *err);

/*
 * origins_forget: drop the kept JSON of all rows; what is recorded of them
 * stays.  In a transaction of the caller's.
 *
 * out: *out_rows  that had any
 */
enum tb_status origins_forget(struct db *db, int64_t *out_rows,
    struct tb_err *err);

#endif /* TB_STORE_ORIGINS_H */
