#ifndef TB_PORTFOLIO_H
#define TB_PORTFOLIO_H

/*
 * tb-portfolio: what its parts share.  No subcommand writes to the database
 * but rebuild and flow add.
 */

#include <stdbool.h>

#include "base/err.h"
#include "cli.h"
#include "ledger/book.h"
#include "store/db.h"

/* Options of this tool, as they were written; NULL where they were not. */
struct portfolio_options {
	const char *method;   /* how lots are chosen */
	const char *fees;     /* "included" or "separate" */
	const char *year;     /* of sales, UTC */
	const char *currency; /* of a cash flow */
	const char *amount;
	const char *note;
};
extern struct portfolio_options portfolio_options;

/* Of --method and --fees. */
enum lot_method portfolio_method(void);
bool portfolio_fees_apart(void);

/* portfolio_until: the newest fill that counts. */
int64_t portfolio_until(const struct cli *cli);

/*
 * portfolio_load: the book of all products at cli->now_us, priced.
 *
 * inout: book	initialised; the caller releases it
 */
enum tb_status portfolio_load(const struct cli *cli, struct db *db,
    struct book *book, struct tb_err *err);

/* Subcommands; each is one function of its part. */
enum tb_status portfolio_overview(const struct cli *cli, struct tb_err *err);
enum tb_status portfolio_position(const struct cli *cli, struct tb_err *err);
enum tb_status portfolio_pnl(const struct cli *cli, struct tb_err *err);
enum tb_status portfolio_lots(const struct cli *cli, struct tb_err *err);
enum tb_status portfolio_gains(const struct cli *cli, struct tb_err *err);
enum tb_status portfolio_history(const struct cli *cli, struct tb_err *err);
enum tb_status portfolio_perf(const struct cli *cli, struct tb_err *err);
enum tb_status portfolio_verify(const struct cli *cli, struct tb_err *err);
enum tb_status portfolio_rebuild(const struct cli *cli, struct tb_err *err);
enum tb_status portfolio_flow_add(const struct cli *cli, struct tb_err *err);
enum tb_status portfolio_flow_list(const struct cli *cli, struct tb_err *err);
enum tb_status portfolio_export(const struct cli *cli, struct tb_err *err);

#endif /* TB_PORTFOLIO_H */
