/*
 * tb-sync: the main job: what the running bots and open orders need, so that
 * cron can say "tb-sync -q && tb-signal | tb-trade".
 *
 *	products  where a bot's is not known, or a day after they were listed
 *	candles	  of each bot's product and granularity, from its warm-up on
 *	orders	  of an account: those whose fate is not known, open ones, all
 *		  since the last time; then fills and balances
 *
 * A series that can't be had is told, and the rest goes on.
 */

#include <stdio.h>
#include <string.h>

#include "base/instant.h"
#include "bot/botjson.h"
#include "signal/evaluation.h"
#include "store/bots.h"
#include "store/candles.h"
#include "sync/account.h"
#include "tb-sync.h"

#define BOTS_PAGE 32
#define NEEDS_MAX 512 /* products by granularities of running bots */
#define PRODUCTS_AGE_US (86400 * INSTANT_US_PER_S)

/* Candles that somebody needs. */
struct need {
	char product_id[PRODUCT_ID_MAX];
	int granularity_s;
	int64_t from_s;
};

struct job {
	const struct cli *cli;
	struct desk *desk;
	struct cli_rows *rows; /* NULL: nobody wants to know */
	struct cli_tally tally;
	struct need needs[NEEDS_MAX];
	size_t need_count;
};

/* ---------------------------------------------------------------- needs -- */

/* From where on a bot's signals look at candles, now. */
static enum tb_status
warm_up_of(const struct bot *bot, int64_t now_us, int64_t *from_s,
    struct tb_err *err)
{
	struct evaluator *ev = NULL;
	int64_t last_s = instant_floor_s(now_us);
	enum tb_status status;

	status = evaluator_open(&ev, &bot, 1, NULL, NULL, err);
	if (status == TB_OK)
		*from_s = evaluator_aim(ev,
		    last_s - last_s % bot->granularity_s - bot->granularity_s,
		    0);
	evaluator_close(ev);
	return status;
}

static enum tb_status
add_need(struct job *job, const struct bot *bot, int64_t from_s,
    struct tb_err *err)
{
	struct need *n;

	for (size_t i = 0; i < job->need_count; i++) {
		n = &job->needs[i];
		if (n->granularity_s != bot->granularity_s ||
		    strcmp(n->product_id, bot->product_id) != 0)
			continue;
		if (from_s < n->from_s)
			n->from_s = from_s;
		return TB_OK;
	}
	if (job->need_count == NEEDS_MAX)
		return tb_fail(err, TB_ERANGE,
		    "the bots look at more than %d series of candles",
		    NEEDS_MAX);
	n = &job->needs[job->need_count++];
	*n = (struct need){ .granularity_s = bot->granularity_s,
		.from_s = from_s };
	memcpy(n->product_id, bot->product_id, sizeof(n->product_id));
	return TB_OK;
}

static enum tb_status
add_bot(struct job *job, const struct bot_row *row, struct tb_err *err)
{
	struct bot_config config = { 0 };
	struct bot bot;
	int64_t from_s = 0;
	enum tb_status status;

	if (row->status == BOT_STOPPED)
		return TB_OK;
	bot_init(&bot);
	(void)snprintf(bot.name, sizeof(bot.name), "%s", row->name);
	status = bots_config(job->desk->db, row->id, job->desk->instant_us,
	    &config, err);
	if (status == TB_OK)
		status = bot_read_config(&bot, config.config, err);
	bot_config_release(&config);
	if (status == TB_OK)
		status = warm_up_of(&bot, job->desk->instant_us, &from_s, err);
	if (status == TB_OK)
		status = add_need(job, &bot, from_s, err);
	return status;
}

static enum tb_status
add_bots(struct job *job, struct tb_err *err)
{
	static struct bot_row page[BOTS_PAGE];
	enum tb_status status;
	int64_t after = 0;
	size_t count;

	do {
		status = bots_page(job->desk->db, after, page, BOTS_PAGE,
		    &count, err);
		for (size_t i = 0; status == TB_OK && i < count; i++) {
			after = page[i].id;
			status = add_bot(job, &page[i], err);
		}
	} while (status == TB_OK && count == BOTS_PAGE);
	return status;
}

/* --------------------------------------------------------------- market -- */

/* What is not there is no failure. */
static enum tb_status
forgive(enum tb_status status, struct tb_err *err)
{
	if (status != TB_ENOENT)
		return status;
	tb_err_clear(err);
	return TB_OK;
}

/* Were they never listed, a day ago, or is one of ours a guess? */
static enum tb_status
products_are_due(struct job *job, bool *due, struct tb_err *err)
{
	char text[INSTANT_STRLEN];
	struct product product;
	int64_t at_us;
	enum tb_status status;

	*due = true;
	status = db_meta_get(job->desk->db, META_PRODUCTS_SYNCED, text,
	    sizeof(text), err);
	if (status != TB_OK)
		return forgive(status, err);
	if (instant_parse(text, strlen(text), &at_us) != TB_OK ||
	    job->desk->instant_us - at_us > PRODUCTS_AGE_US)
		return TB_OK;
	for (size_t i = 0; i < job->need_count; i++) {
		status = products_get(job->desk->db, job->needs[i].product_id,
		    &product, err);
		if (status != TB_OK)
			return forgive(status, err);
	}
	*due = false;
	return TB_OK;
}

/* What ends the run, and does not only spoil one series. */
static bool
is_final(enum tb_status status)
{
	return status == TB_EIO || status == TB_ENOMEM || status == TB_EPERM ||
	    status == TB_ENET || status == TB_EBUSY || status == TB_ECONFIG;
}

static enum tb_status
bring_market(struct job *job, struct tb_err *err)
{
	enum tb_status status;
	bool due;

	if (job->need_count == 0)
		return TB_OK;
	status = products_are_due(job, &due, err);
	if (status == TB_OK && due)
		status = sync_products(job->desk, job->rows, err);
	for (size_t i = 0; status == TB_OK && i < job->need_count; i++) {
		const struct need *n = &job->needs[i];

		status = sync_candles(job->desk, n->product_id,
		    n->granularity_s, n->from_s, job->rows, err);
		if (status == TB_OK || is_final(status))
			continue;
		cli_error(err);
		cli_tally_add(&job->tally, TB_EPARTIAL);
		*err = (struct tb_err){ 0 };
		status = TB_OK;
	}
	return status;
}

/* -------------------------------------------------------------- account -- */

/* After a restore: all that happened since the copy is in the books now. */
static enum tb_status
forget_restore(struct desk *desk, struct tb_err *err)
{
	char at[INSTANT_STRLEN] = "";
	enum tb_status status;

	status = db_meta_get(desk->db, META_RESTORED, at, sizeof(at), err);
	if (status != TB_OK)
		return forgive(status, err);
	if (at[0] == '\0')
		return TB_OK;
	status = db_begin(desk->db, err);
	if (status != TB_OK)
		return status;
	return db_finish(desk->db,
	    db_meta_set(desk->db, META_RESTORED, "", err), err);
}

/* A step that found something to tell goes on; another failure ends it. */
static enum tb_status
step(struct job *job, enum tb_status status, struct tb_err *err)
{
	if (status == TB_EDISAGREE || status == TB_EPARTIAL) {
		if (err->msg[0] != '\0')
			cli_error(err);
		*err = (struct tb_err){ 0 };
		cli_tally_add(&job->tally, status);
		return TB_OK;
	}
	return status;
}

static enum tb_status
bring_fates(struct job *job, struct tb_err *err)
{
	struct sync_fates fates = { 0 };
	enum tb_status status = sync_fates(job->desk, &fates, err);

	if (status != TB_OK)
		return status;
	if (fates.recovery.left > 0)
		cli_tally_add(&job->tally, TB_EUNKNOWN);
	if (fates.differ > 0)
		cli_tally_add(&job->tally, TB_EDISAGREE);
	if (fates.failed + fates.odd > 0)
		cli_tally_add(&job->tally, TB_EPARTIAL);
	return TB_OK;
}

static enum tb_status
bring_account(struct job *job, struct tb_err *err)
{
	struct desk *desk = job->desk;
	enum tb_status status;

	status = step(job, bring_fates(job, err), err);
	if (desk->is_paper || status != TB_OK)
		return status; /* paper knows no orders but ours */
	status = step(job,
	    sync_orders(desk, ACCOUNT_SINCE_LAST, job->rows, err), err);
	if (status == TB_OK)
		status = step(job,
		    sync_fills(desk, ACCOUNT_SINCE_LAST, job->rows, err), err);
	if (status == TB_OK)
		status = sync_balances(desk, job->rows, err);
	if (status == TB_OK)
		status = forget_restore(desk, err);
	return status;
}

static enum tb_status
under_lock(struct job *job, struct tb_err *err)
{
	struct desk *desk = job->desk;
	enum tb_status status = desk_hello(desk, err);

	if (status == TB_OK && !desk->has_key) {
		cli_warn("the venue was given no key: orders, fills and"
			 " balances are not asked for");
		cli_tally_add(&job->tally, TB_EPARTIAL);
		return TB_OK;
	}
	if (status == TB_OK)
		status = lock_take(&desk->lock, err);
	if (status != TB_OK)
		return status;
	desk_tick(desk);
	status = bring_account(job, err);
	lock_free(&desk->lock);
	return status;
}

enum tb_status
run_all(const struct cli *cli, struct tb_err *err)
{
	static struct cli_rows rows;
	static struct job job; /* it holds all needs */
	enum tb_status status = sync_open(cli, DESK_TRADE, &job.desk, err);

	if (status != TB_OK)
		return status;
	job.cli = cli;
	job.rows = cli->quiet ? NULL : &rows;
	cli_rows_begin(&rows, cli, sync_columns, 0);
	status = add_bots(&job, err);
	if (status == TB_OK && job.need_count == 0)
		cli_note("no bot is running: no candles are needed");
	if (status == TB_OK)
		status = bring_market(&job, err);
	if (status == TB_OK)
		status = under_lock(&job, err);
	status = cli_rows_end(&rows, status, err);
	sync_close(job.desk);
	if (status != TB_OK) /* what was found before it may say more */
		cli_tally_add(&job.tally, status);
	return cli_tally_status(&job.tally);
}
