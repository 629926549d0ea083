/*
 * tb-sync orders, fills, balances: what the venue tells us alone.  All of it
 * is booked under the send lock.
 */

#include <string.h>

#include "sync/account.h"
#include "tb-sync.h"

/* What is odd about the orders behind a listing. */
static void
tell_odd(const struct reconciled *n)
{
	if (n->warning[0] != '\0')
		cli_warn("%s", n->warning);
	if (n->late > 0)
		cli_warn("%zu orders were given up or refused, and yet are"
			 " there: trading is halted",
		    n->late);
}

static enum tb_status
verdict_on(const struct reconciled *n)
{
	if (n->late + n->doubled + n->differ > 0)
		return TB_EDISAGREE;
	return n->odd > 0 ? TB_EPARTIAL : TB_OK;
}

enum tb_status
sync_orders(struct desk *desk, int64_t since_us, struct cli_rows *rows,
    struct tb_err *err)
{
	struct reconciled n;
	enum tb_status status = account_orders(desk, since_us, &n, err);

	tell_odd(&n);
	if (status == TB_OK)
		status = sync_say(rows,
		    &(struct sync_step){ .what = "orders",
			.listed = n.listed,
			.changed = n.changed + n.late + n.booked },
		    err);
	return status == TB_OK ? verdict_on(&n) : status;
}

enum tb_status
sync_fills(struct desk *desk, int64_t since_us, struct cli_rows *rows,
    struct tb_err *err)
{
	struct fills_synced n;
	enum tb_status status = account_fills(desk, since_us, &n, err);

	tell_odd(&n.orders);
	if (status == TB_OK)
		status = sync_say(rows,
		    &(struct sync_step){ .what = "fills",
			.listed = n.listed,
			.changed = n.booked },
		    err);
	if (status == TB_OK)
		status = verdict_on(&n.orders);
	return status == TB_OK && n.unbooked > 0 ? TB_EPARTIAL : status;
}

enum tb_status
sync_balances(struct desk *desk, struct cli_rows *rows, struct tb_err *err)
{
	size_t count;
	enum tb_status status = account_balances(desk, &count, err);

	if (status != TB_OK)
		return status;
	return sync_say(rows,
	    &(struct sync_step){ .what = "balances", .listed = count }, err);
}

/* ---------------------------------------------------------- subcommands -- */

typedef enum tb_status sync_part(struct desk *desk, int64_t since_us,
    struct cli_rows *rows, struct tb_err *err);

static enum tb_status
balances_now(struct desk *desk, int64_t since_us, struct cli_rows *rows,
    struct tb_err *err)
{
	(void)since_us;
	return sync_balances(desk, rows, err);
}

static enum tb_status
under_lock(struct desk *desk, sync_part *part, int64_t since_us,
    struct cli_rows *rows, struct tb_err *err)
{
	enum tb_status status = desk_hello(desk, err);

	if (status == TB_OK)
		status = lock_take(&desk->lock, err);
	if (status != TB_OK)
		return status;
	desk_tick(desk);
	status = part(desk, since_us, rows, err);
	lock_free(&desk->lock);
	return status;
}

static enum tb_status
run_part(const struct cli *cli, sync_part *part, struct tb_err *err)
{
	int64_t since_us = ACCOUNT_SINCE_LAST;
	struct desk *desk = NULL;
	struct cli_rows rows;
	enum tb_status status = TB_OK;

	if (opt.since != NULL)
		status = cli_instant(cli, "--since", opt.since, &since_us, err);
	if (status == TB_OK)
		status = sync_open(cli, DESK_TRADE, &desk, err);
	if (status != TB_OK)
		return status;
	cli_rows_begin(&rows, cli, sync_columns, 0);
	status = cli_rows_end(&rows,
	    under_lock(desk, part, since_us, &rows, err), err);
	sync_close(desk);
	return status;
}

enum tb_status
run_orders(const struct cli *cli, struct tb_err *err)
{
	return run_part(cli, sync_orders, err);
}

enum tb_status
run_fills(const struct cli *cli, struct tb_err *err)
{
	return run_part(cli, sync_fills, err);
}

enum tb_status
run_balances(const struct cli *cli, struct tb_err *err)
{
	return run_part(cli, balances_now, err);
}
