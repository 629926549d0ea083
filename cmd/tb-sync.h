#ifndef TB_SYNC_H
#define TB_SYNC_H

/*
 * tb-sync: what its parts share.  tb-sync-import.c brings files in,
 * tb-sync-candles.c tells what is stored and what is missing,
 * tb-sync-reconcile.c asks the venue what became of orders.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "cli.h"
#include "io/json.h"
#include "store/db.h"

/* Options as written; NULL or false where not given. */
struct sync_options {
	const char *product;	 /* --product PRODUCT */
	const char *granularity; /* --granularity G */
	const char *resample;	 /* --resample G */
	bool gaps;
	bool keep_going;
	bool replace;
};

extern struct sync_options opt;

/* out: seconds; 0 where text is NULL.  errors: TB_EUSAGE */
enum tb_status sync_granularity(const char *option, const char *text, int *out,
    struct tb_err *err);

/* Another instant than now makes sense on paper only.  errors: TB_EUSAGE */
enum tb_status sync_check_instant(const struct cli *cli, struct db *db,
    struct tb_err *err);

/* A key and its value. */
void sync_put_instant(struct json_writer *w, const char *key, int64_t us);
void sync_put_count(struct json_writer *w, const char *key, uint64_t n);

/* The subcommands. */
enum tb_status run_import_candles(const struct cli *cli, struct tb_err *err);
enum tb_status run_import_trades(const struct cli *cli, struct tb_err *err);
enum tb_status run_series(const struct cli *cli, struct tb_err *err);
enum tb_status run_candles(const struct cli *cli, struct tb_err *err);
enum tb_status run_reconcile(const struct cli *cli, struct tb_err *err);

#endif /* TB_SYNC_H */
