#ifndef TB_SYNC_H
#define TB_SYNC_H

/*
 * tb-sync: what its parts share.  tb-sync-run.c is the main job,
 * tb-sync-market.c asks for products and candles, tb-sync-account.c for
 * orders, fills and balances, tb-sync-reconcile.c what became of orders,
 * tb-sync-resolve.c lets a human say so, tb-sync-doctor.c looks at it all;
 * tb-sync-import.c brings files in, tb-sync-candles.c tells what is stored.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "cli.h"
#include "io/json.h"
#include "order/desk.h"
#include "order/recover.h"
#include "store/db.h"

/* Options as written; NULL or false where not given. */
struct sync_options {
	const char *product;	 /* --product PRODUCT */
	const char *granularity; /* --granularity G */
	const char *resample;	 /* --resample G */
	const char *since;	 /* --since TIME */
	const char *as;		 /* --as ORDER_ID */
	bool as_not_placed;
	bool fix;
	bool keep_going;
	bool refill;
	bool replace;
};

extern struct sync_options opt;

/* out: seconds; 0 where text is NULL.  errors: TB_EUSAGE */
enum tb_status sync_granularity(const char *option, const char *text, int *out,
    struct tb_err *err);

/* Another instant than now makes sense on paper only.  errors: TB_EUSAGE */
enum tb_status sync_check_instant(const struct cli *cli, struct db *db,
    struct tb_err *err);

/*
 * sync_open: configuration, database and venue; *out is given to
 * sync_close().  Nothing is sent from it.  DESK_MARKET is for what the venue
 * tells everybody.
 */
enum tb_status sync_open(const struct cli *cli, enum desk_use use,
    struct desk **out, struct tb_err *err);
void sync_close(struct desk *desk); /* NULL is fine */

/* What one step of syncing came to: a row of the output. */
struct sync_step {
	const char *what;	/* "products", "candles", "orders", ... */
	const char *product_id; /* NULL: of all */
	int granularity_s;	/* 0: of no candles */
	uint64_t listed;	/* that the venue told of */
	uint64_t changed;	/* of these, new to the database or other */
	uint64_t missing;	/* candles that there are none of */
	int64_t from_s, to_s;	/* of candles */
};

/* sync_say: rows NULL: nobody wants to know. */
enum tb_status sync_say(struct cli_rows *rows, const struct sync_step *step,
    struct tb_err *err);
extern const struct cli_column sync_columns[];

/* One step each; they say what it came to. */
enum tb_status sync_products(struct desk *desk, struct cli_rows *rows,
    struct tb_err *err);
enum tb_status sync_candles(struct desk *desk, const char *product_id,
    int granularity_s, int64_t from_s, struct cli_rows *rows,
    struct tb_err *err);
enum tb_status sync_orders(struct desk *desk, int64_t since_us,
    struct cli_rows *rows, struct tb_err *err);
enum tb_status sync_fills(struct desk *desk, int64_t since_us,
    struct cli_rows *rows, struct tb_err *err);
enum tb_status sync_balances(struct desk *desk, struct cli_rows *rows,
    struct tb_err *err);

/* Orders whose fate is not known, or was not when last looked at. */
struct sync_fates {
	struct recovery recovery;
	uint64_t looked_at; /* orders that were open, or not settled */
	uint64_t differ;    /* whose fills do not add up */
	uint64_t odd;	    /* whose status nobody here knows */
	uint64_t failed;    /* that the venue did not tell of */
};

/* sync_fates: holds the send lock; differences are told on the way. */
enum tb_status sync_fates(struct desk *desk, struct sync_fates *out,
    struct tb_err *err);

/* A key and its value. */
void sync_put_instant(struct json_writer *w, const char *key, int64_t us);
void sync_put_count(struct json_writer *w, const char *key, uint64_t n);

/* The subcommands. */
enum tb_status run_all(const struct cli *cli, struct tb_err *err);
enum tb_status run_products(const struct cli *cli, struct tb_err *err);
enum tb_status run_candles(const struct cli *cli, struct tb_err *err);
enum tb_status run_orders(const struct cli *cli, struct tb_err *err);
enum tb_status run_fills(const struct cli *cli, struct tb_err *err);
enum tb_status run_balances(const struct cli *cli, struct tb_err *err);
enum tb_status run_reconcile(const struct cli *cli, struct tb_err *err);
enum tb_status run_resolve(const struct cli *cli, struct tb_err *err);
enum tb_status run_doctor(const struct cli *cli, struct tb_err *err);
enum tb_status run_import_candles(const struct cli *cli, struct tb_err *err);
enum tb_status run_import_trades(const struct cli *cli, struct tb_err *err);
enum tb_status run_coverage(const struct cli *cli, struct tb_err *err);
enum tb_status run_gaps(const struct cli *cli, struct tb_err *err);

#endif /* TB_SYNC_H */
