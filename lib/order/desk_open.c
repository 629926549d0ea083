/*
 * desk_open: the venue behind a desk.  Paper is given what it needs of the
 * books: the instant, products, prices, cash flows; a program the send lock.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "order/desk.h"
#include "order/lock.h"
#include "order/paced.h"
#include "store/backup.h"
#include "store/candles.h"
#include "store/flows.h"
#include "store/intents.h"
#include "store/shelf.h"
#include "venue/paper.h"
#include "venue/program.h"

#define FLOWS_PAGE 32

static int64_t
paper_instant_us(void *arg)
{
	const struct desk *desk = arg;

	return desk->instant_us;
}

static enum tb_status
paper_product(void *arg, const char *product_id, struct product *out,
    struct tb_err *err)
{
	const struct desk *desk = arg;

	return products_get(desk->db, product_id, out, err);
}

static enum tb_status
paper_price(void *arg, const char *product_id, struct decimal *out,
    struct tb_err *err)
{
	const struct desk *desk = arg;
	int64_t at_us;

	return candles_price(desk->db, product_id, desk->instant_us, out,
	    &at_us, err);
}

/* Flows come by (at, id); paper asks for those behind an id, by id. */
static enum tb_status
paper_flows(void *arg, int64_t after_id, struct paper_flow *out, size_t max,
    size_t *count, struct tb_err *err)
{
	struct desk *desk = arg;
	struct cash_flow page[FLOWS_PAGE];
	enum tb_status status;
	size_t got;

	status = flows_since(desk->db, after_id, desk->instant_us, page,
	    max < FLOWS_PAGE ? max : FLOWS_PAGE, &got, err);
	*count = status == TB_OK ? got : 0;
	for (size_t i = 0; i < *count; i++) {
		out[i].flow_id = page[i].id;
		out[i].amount = page[i].amount;
		memcpy(out[i].currency, page[i].currency,
		    sizeof(out[i].currency));
	}
	return status;
}

static enum tb_status
percent_to_rate(struct decimal percent, struct decimal *out)
{
	return decimal_div(percent, DECIMAL_OF(100), DECIMAL_HALF_EVEN, out);
}

/*
 * The first run makes the memory of the paper venue.  Where it is gone later,
 * an empty one would deny every order that the books have of it.
 */
static enum tb_status
check_shelf(struct desk *desk, const char *path, struct tb_err *err)
{
	int64_t newest;
	enum tb_status status;

	if (access(path, F_OK) == 0 || errno != ENOENT)
		return TB_OK; /* shelf_open() judges it */
	status = intents_newest(desk->db, &newest, err);
	if (status != TB_OK || newest == 0)
		return status;
	/* The books have none before it is there: two first runs at once. */
	if (access(path, F_OK) == 0)
		return TB_OK;
	return tb_fail(err, TB_ECONFIG,
	    "%s: not found, and with it what the paper venue knows of the"
	    " orders in the books: restore both files from a backup"
	    " (tb-migrate restore)",
	    path);
}

static enum tb_status
open_paper(struct desk *desk, struct tb_err *err)
{
	const struct config *config = desk->config;
	struct paper_config paper = {
		.shelf = { NULL, shelf_begin, shelf_commit, shelf_rollback,
		    shelf_get, shelf_put, shelf_next },
		.books = { desk, paper_instant_us, paper_product, paper_price,
		    paper_flows },
	};
	char path[LOCK_PATH_MAX];
	enum tb_status status;
	int len;

	len = snprintf(path, sizeof(path), "%s%s", db_path(desk->db),
	    SHELF_SUFFIX);
	if (len < 0 || (size_t)len >= sizeof(path))
		return tb_fail(err, TB_ECONFIG,
		    "the path of the database is too long");
	if (percent_to_rate(config->paper_fee_percent, &paper.fee_rate) !=
		TB_OK ||
	    percent_to_rate(config->paper_slippage_percent,
		&paper.slippage_rate) != TB_OK)
		return tb_fail(err, TB_ERANGE, "paper: percents do not fit");
	paper.forgets = desk->dry;
	status = paper_faults_parse(config->paper_faults, &paper.faults, err);
	if (status == TB_EINVAL) {
		tb_err_at(err, "paper.faults");
		return tb_fail(err, TB_ECONFIG, "%s", err->msg);
	}
	if (status == TB_OK)
		status = backup_finish(desk->db, err);
	if (status == TB_OK)
		status = check_shelf(desk, path, err);
	if (status == TB_OK && desk->dry)
		status = shelf_open_dry(&desk->shelf, path, err);
	else if (status == TB_OK)
		status = shelf_open(&desk->shelf, path, err);
	paper.shelf.shelf = desk->shelf;
	if (status == TB_OK)
		status = paper_open(&desk->venue, &paper, err);
	return status;
}

/*
 * The program finds its key by its own name for the path.  It is asked no
 * faster than all processes together may.
 */
static enum tb_status
open_program(struct desk *desk, const char *venue, struct venue **out,
    struct tb_err *err)
{
	const struct config *config = desk->config;
	const char *arguments[CONFIG_ARGUMENTS_MAX + 1] = { NULL };
	const struct program_config program = {
		.name = venue,
		.path = config->program[0] == '\0' ? NULL : config->program,
		.args = arguments,
		.key_file =
		    config->key_file[0] == '\0' ? NULL : config->key_file,
		.lock_fd = &desk->lock.fd,
	};
	struct paced_config paced = {
		.db = desk->db,
		.name = venue,
		.rate = config->rate,
	};
	enum tb_status status;

	for (size_t i = 0; i < config->argument_count; i++)
		arguments[i] = config->arguments[i];
	status = program_open(&paced.venue, &program, err);
	if (status == TB_OK)
		status = paced_open(out, &paced, err);
	if (status != TB_OK && paced.venue != NULL)
		paced.venue->verbs->close(paced.venue);
	return status;
}

/* The venue of a database is its venue for life. */
static enum tb_status
read_venue(struct desk *desk, char venue[static CONFIG_VENUE_MAX],
    struct tb_err *err)
{
	enum tb_status status;

	status =
	    db_meta_get(desk->db, META_VENUE, venue, CONFIG_VENUE_MAX, err);
	if (status == TB_ENOENT)
		status = tb_fail(err, TB_ECONFIG,
		    "%s: the database has no venue", db_path(desk->db));
	if (status != TB_OK)
		return status;
	if (desk->config->venue[0] != '\0' &&
	    strcmp(desk->config->venue, venue) != 0)
		return tb_fail(err, TB_ECONFIG,
		    "the configuration says venue %s, but this database is of"
		    " %s for life",
		    desk->config->venue, venue);
	desk->is_paper = strcmp(venue, "paper") == 0;
	return TB_OK;
}

enum tb_status
desk_market(struct desk *desk, struct venue **out, struct tb_err *err)
{
	enum tb_status status = TB_OK;

	if (desk->is_paper && desk->market == NULL)
		status = open_program(desk, "coinbase", &desk->market, err);
	*out = desk->is_paper ? desk->market : desk->venue;
	return status;
}

/* Paper has its own way, or none where only the market is asked. */
static enum tb_status
open_venue(struct desk *desk, enum desk_use use, struct tb_err *err)
{
	char venue[CONFIG_VENUE_MAX];
	enum tb_status status = read_venue(desk, venue, err);

	if (status != TB_OK)
		return status;
	if (!desk->is_paper)
		return open_program(desk, venue, &desk->venue, err);
	return use == DESK_MARKET ? TB_OK : open_paper(desk, err);
}

enum tb_status
desk_open(struct desk **out, struct db *db, const struct config *config,
    enum desk_use use, struct tb_err *err)
{
	struct desk *desk;
	enum tb_status status;

	*out = NULL;
	desk = calloc(1, sizeof(*desk));
	if (desk == NULL)
		return tb_nomem(err);
	desk->db = db;
	desk->config = config;
	desk->dry = use == DESK_DRY;
	desk->lock.fd = -1;
	status = lock_init(&desk->lock, db_path(db), err);
	if (status == TB_OK)
		status = open_venue(desk, use, err);
	if (status == TB_OK)
		*out = desk;
	else
		desk_close(desk);
	return status;
}

void
desk_close(struct desk *desk)
{
	if (desk == NULL)
		return;
	if (desk->venue != NULL)
		desk->venue->verbs->close(desk->venue);
	if (desk->market != NULL)
		desk->market->verbs->close(desk->market);
	shelf_close(desk->shelf);
	lock_close(&desk->lock);
	free(desk);
}
