#ifndef TB_TRADE_H
#define TB_TRADE_H

/*
 * tb-trade: what its parts share.  A part is a group of subcommands:
 * tb-trade-lines.c acts, tb-trade-list.c looks back, tb-trade-orders.c asks
 * the venue about orders that are there, tb-trade-halt.c stops and starts.
 */

#include <signal.h>
#include <stdbool.h>

#include "base/err.h"
#include "cli.h"
#include "order/config.h"
#include "order/decision.h"
#include "order/desk.h"
#include "order/outcome.h"
#include "store/intents.h"

/* Options as written; NULL or false where not given. */
struct trade_options {
	const char *wait;	  /* --wait S */
	const char *lock_timeout; /* --lock-timeout S */
	const char *id;		  /* --id ID */
	const char *limit;	  /* --limit PRICE */
	bool ioc;		  /* --ioc */
	bool post_only;		  /* --post-only */
	bool live;		  /* --live */
	bool refused;		  /* --refused */
};

extern struct trade_options opt;

/* trade_stop: the signal that asked us to end; 0 none. */
extern volatile sig_atomic_t trade_stop;

/*
 * trade_open: configuration, database and venue; *out is given to
 * trade_close().
 */
enum tb_status trade_open(const struct cli *cli, enum desk_use use,
    struct desk **out, struct tb_err *err);
void trade_close(struct desk *desk); /* NULL is fine */

/*
 * trade_check_orders: before real orders: limits are set, and the first time
 * somebody has said that they are meant.
 *
 * errors: TB_ECONFIG
 */
enum tb_status trade_check_orders(const struct desk *desk, struct tb_err *err);

/*
 * trade_typed: what a person asks for on the command line.
 *
 * in:	   size	 an amount in quote currency; for a sale also "all"
 * errors: TB_EUSAGE
 */
enum tb_status trade_typed(enum side side, const char *product,
    const char *size, struct decision *out, struct tb_err *err);

/* trade_say: what went wrong with a line, on standard error. */
void trade_say(const char *place, const struct outcome *o);

/* Columns of an answer, and of a trade, as a table. */
extern const struct cli_column trade_answer_columns[];
extern const struct cli_column trade_columns[];

/*
 * trade_find: an intent by the number of its trade, the venue's order_id, our
 * client_order_id, an intent's own id, or an evaluation_id.
 *
 * errors: TB_ENOENT
 */
enum tb_status trade_find(struct db *db, const char *name, struct intent *out,
    struct tb_err *err);

enum tb_status run_lines(const struct cli *cli, struct tb_err *err);
enum tb_status run_buy(const struct cli *cli, struct tb_err *err);
enum tb_status run_sell(const struct cli *cli, struct tb_err *err);
enum tb_status run_preview(const struct cli *cli, struct tb_err *err);
enum tb_status run_list(const struct cli *cli, struct tb_err *err);
enum tb_status run_show(const struct cli *cli, struct tb_err *err);
enum tb_status run_refresh(const struct cli *cli, struct tb_err *err);
enum tb_status run_cancel(const struct cli *cli, struct tb_err *err);
enum tb_status run_limits(const struct cli *cli, struct tb_err *err);
enum tb_status run_halt(const struct cli *cli, struct tb_err *err);
enum tb_status run_resume(const struct cli *cli, struct tb_err *err);
enum tb_status run_status(const struct cli *cli, struct tb_err *err);

#endif /* TB_TRADE_H */
