/* tb-sync products, tb-sync candles: what the venue tells everybody. */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/instant.h"
#include "base/market.h"
#include "io/progress.h"
#include "store/candles.h"
#include "sync/market.h"
#include "tb-sync.h"

#define DEFAULT_GRANULARITY_S 300
#define DEFAULT_CANDLES 600 /* back, where nobody said since when */

/* ------------------------------------------------------------ products -- */

enum tb_status
sync_products(struct desk *desk, struct cli_rows *rows, struct tb_err *err)
{
	struct products_synced n;
	struct venue *market;
	enum tb_status status;

	status = desk_market(desk, &market, err);
	if (status == TB_OK)
		status = market_products(desk->db, market, desk->instant_us, &n,
		    err);
	if (status != TB_OK)
		return status;
	return sync_say(rows,
	    &(struct sync_step){
		.what = "products", .listed = n.listed, .changed = n.changed },
	    err);
}

enum tb_status
run_products(const struct cli *cli, struct tb_err *err)
{
	struct desk *desk;
	struct cli_rows rows;
	enum tb_status status = sync_open(cli, DESK_MARKET, &desk, err);

	if (status != TB_OK)
		return status;
	cli_rows_begin(&rows, cli, sync_columns, 0);
	status = cli_rows_end(&rows, sync_products(desk, &rows, err), err);
	sync_close(desk);
	return status;
}

/* ------------------------------------------------------------- candles -- */

static void
show_progress(uint64_t done, uint64_t total, void *arg)
{
	progress_show(arg, done, total, "candles");
}

/* A product that the books know: the venue's list is asked where they don't. */
static enum tb_status
know_product(struct desk *desk, const char *product_id, struct tb_err *err)
{
	struct product product;
	enum tb_status status;

	status = products_get(desk->db, product_id, &product, err);
	if (status != TB_ENOENT)
		return status;
	status = sync_products(desk, NULL, err);
	if (status == TB_OK)
		status = products_get(desk->db, product_id, &product, err);
	if (status == TB_ENOENT)
		status = tb_fail(err, TB_ENOENT, "the venue has no product %s",
		    product_id);
	return status;
}

static void
tell_odd(const char *product_id, const struct candles_synced *n)
{
	char from[INSTANT_STRLEN], to[INSTANT_STRLEN];

	if (n->different > 0)
		cli_warn("%s: %zu candles are stored with other figures, which"
			 " stay",
		    product_id, n->different);
	if (n->missing == 0)
		return;
	instant_format_s(n->gap_from_s, from);
	instant_format_s(n->gap_to_s, to);
	cli_detail("%s: %zu candles do not exist, most of them between %s and"
		   " %s: tb-sync gaps lists them",
	    product_id, n->missing, from, to);
}

enum tb_status
sync_candles(struct desk *desk, const char *product_id, int granularity_s,
    int64_t from_s, struct cli_rows *rows, struct tb_err *err)
{
	struct progress progress;
	struct candles_synced n;
	struct venue *market;
	const struct candles_wanted wanted = {
		.product_id = product_id,
		.granularity_s = granularity_s,
		.from_s = from_s,
		.now_us = desk->instant_us,
		.refill = opt.refill,
		.on_progress = show_progress,
		.arg = &progress,
	};
	enum tb_status status;

	status = desk_market(desk, &market, err);
	if (status == TB_OK)
		status = know_product(desk, product_id, err);
	if (status != TB_OK)
		return status;
	progress_begin(&progress, STDERR_FILENO, product_id,
	    rows == NULL || rows->cli->quiet);
	status = market_candles(desk->db, market, &wanted, &n, err);
	progress_end(&progress);
	if (status != TB_OK)
		return status;
	tell_odd(product_id, &n);
	return sync_say(rows,
	    &(struct sync_step){ .what = "candles",
		.product_id = product_id,
		.granularity_s = granularity_s,
		.listed = n.inserted + n.same + n.different,
		.changed = n.inserted,
		.missing = n.missing,
		.from_s = n.from_s,
		.to_s = n.to_s },
	    err);
}

/* Since when: as asked, else where the last run ended, else two pages. */
static enum tb_status
since_when(const struct cli *cli, struct desk *desk, int granularity_s,
    int64_t *from_s, struct tb_err *err)
{
	int64_t since_us, covered_us;
	enum tb_status status;

	*from_s = instant_floor_s(cli->now_us) -
	    (int64_t)DEFAULT_CANDLES * granularity_s;
	if (opt.since != NULL) {
		status = cli_instant(cli, "--since", opt.since, &since_us, err);
		*from_s = instant_floor_s(since_us);
		if (status == TB_OK && since_us >= cli->now_us)
			status = tb_fail(err, TB_EUSAGE,
			    "--since: expected a moment that is over");
		return status;
	}
	status = candles_covered_until(desk->db, cli->argv[0], granularity_s,
	    &covered_us, err);
	if (status == TB_OK && covered_us > 0 &&
	    covered_us < *from_s * INSTANT_US_PER_S)
		*from_s = instant_floor_s(covered_us);
	return status;
}

static enum tb_status
candles_of(const struct cli *cli, struct desk *desk, int granularity_s,
    struct cli_rows *rows, struct tb_err *err)
{
	int64_t from_s;
	enum tb_status status;

	status = since_when(cli, desk, granularity_s, &from_s, err);
	if (status == TB_OK)
		status = sync_candles(desk, cli->argv[0], granularity_s, from_s,
		    rows, err);
	return status;
}

enum tb_status
run_candles(const struct cli *cli, struct tb_err *err)
{
	int granularity_s = DEFAULT_GRANULARITY_S;
	struct desk *desk;
	struct cli_rows rows;
	enum tb_status status = TB_OK;

	if (!product_id_is_valid(cli->argv[0], strlen(cli->argv[0])))
		return tb_fail(err, TB_EUSAGE,
		    "expected a product such as BTC-USD, found \"%s\"",
		    cli->argv[0]);
	if (opt.granularity != NULL)
		status = sync_granularity("--granularity", opt.granularity,
		    &granularity_s, err);
	if (status == TB_OK)
		status = sync_open(cli, DESK_MARKET, &desk, err);
	if (status != TB_OK)
		return status;
	cli_rows_begin(&rows, cli, sync_columns, 0);
	status = cli_rows_end(&rows,
	    candles_of(cli, desk, granularity_s, &rows, err), err);
	sync_close(desk);
	return status;
}
