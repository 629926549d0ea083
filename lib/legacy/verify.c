#include "legacy/verify.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "ledger/book.h"
#include "store/legacy_fills.h"
#include "store/lotfile.h"
#include "store/origins.h"

#define ROW_MAX DB_VALUE_MAX

enum { SOURCES, PLACES, ROWS, SUMS, FIFO, AVERAGE };

struct verifying {
	struct db *db;
	struct legacy_plan *plan;
	struct legacy_verified *out;
	struct origin_source sources[LEGACY_FILES_MAX];
	size_t source_count;
	struct buffer row;
	struct book fifo, average; /* of the trades in the books */
	struct lot_file lots;	   /* of fifo */
	struct decimal sums[2][2]; /* by side: coins, quote: in the books */
	int64_t seq;
};

TB_PRINTF(2, 3)
static void
found(struct audit_result *r, const char *fmt, ...)
{
	va_list ap;

	if (r->findings++ > 0)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(r->message, sizeof(r->message), fmt, ap);
	va_end(ap);
}

/* What was found so far may have another reason. */
static void
skip(struct audit_result *r, const char *why)
{
	r->findings = 0;
	r->skipped = true;
	(void)snprintf(r->message, sizeof(r->message), "not compared: %.480s",
	    why);
}

enum tb_status
legacy_sources_load(struct db *db, struct origin_source *sources,
    size_t *out_count, struct tb_err *err)
{
	enum tb_status status = TB_OK;
	int64_t after = 0;
	size_t n = 0;

	while (status == TB_OK && n < LEGACY_FILES_MAX) {
		status = origins_source_next(db, after, &sources[n], err);
		if (status == TB_OK)
			after = sources[n++].id;
	}
	*out_count = n;
	if (status == TB_END && n == 0)
		return tb_fail(err, TB_ENOENT,
		    "nothing was imported here: run tb-migrate legacy OLD.db");
	return status == TB_END ? TB_OK : status;
}

/* ----------------------------------------------------------------- rows -- */

static bool
is_trade(const char *disposition)
{
	return strcmp(disposition, "keep") == 0 ||
	    strcmp(disposition, "convert") == 0;
}

static const char *
state_word(enum legacy_state state)
{
	static const char *const words[] = { [LEGACY_PENDING] = "pending",
		[LEGACY_FILLED] = "filled",
		[LEGACY_CANCELLED] = "cancelled" };

	return words[state];
}

static bool
same_figures(const struct legacy_trade *t, const struct legacy_item *item)
{
	return strcmp(t->product_id, item->product_id) == 0 &&
	    t->side == item->side &&
	    decimal_cmp(t->size_usd, item->size_usd) == 0 &&
	    decimal_cmp(t->size_crypto, item->size_crypto) == 0 &&
	    decimal_cmp(t->price, item->price) == 0 &&
	    decimal_cmp(t->commission, item->commission) == 0 &&
	    t->created_at_us == item->created_us &&
	    strcmp(t->status, state_word(item->state)) == 0;
}

/* What an execution that others told of too has to be, by the plan. */
static struct legacy_trade
trade_of(const struct legacy_item *item)
{
	struct legacy_trade t = { .side = item->side,
		.size_usd = item->size_usd,
		.size_crypto = item->size_crypto,
		.price = item->price,
		.commission = item->commission,
		.created_at_us = item->created_us };

	(void)snprintf(t.product_id, sizeof(t.product_id), "%s",
	    item->product_id);
	(void)snprintf(t.status, sizeof(t.status), "%s",
	    state_word(item->state));
	return t;
}

/* A trade of the books goes into the books that are made anew. */
static enum tb_status
book_trade(struct verifying *v, const struct legacy_trade *t,
    struct tb_err *err)
{
	struct ledger_entry e = { .fill_id = ++v->seq,
		.at_us = t->created_at_us,
		.venue_seq = v->seq,
		.side = t->side,
		.nature = NATURE_TRADE,
		.size = t->size_crypto,
		.price = t->price,
		.value = t->size_usd,
		.fee = t->commission };
	enum tb_status status;

	if (strcmp(t->status, "filled") != 0)
		return TB_OK;
	if (decimal_add(v->sums[t->side][0], t->size_crypto,
		&v->sums[t->side][0]) != TB_OK ||
	    decimal_add(v->sums[t->side][1], t->size_usd,
		&v->sums[t->side][1]) != TB_OK)
		return tb_fail(err, TB_ERANGE, "the sums do not fit");
	status = book_fill(&v->fifo, t->product_id, &e, NULL, err);
	if (status == TB_OK)
		status = book_fill(&v->average, t->product_id, &e, NULL, err);
	if (status == TB_END)
		return tb_fail(err, TB_EBUG, "the plan is not in order");
	return status;
}

/* Of several files, each came over as the books were then. */
static void
misplaced(struct verifying *v, const char *label, const char *recorded,
    const struct legacy_item *item)
{
	if (v->source_count == 1)
		found(&v->out->checks[ROWS], "%s: recorded as %s, is %s", label,
		    recorded, legacy_disposition_word(item->disposition));
}

/* An item that is to be a trade. */
static enum tb_status
check_trade(struct verifying *v, const struct legacy_item *item,
    const struct origin_known *known, const char *label, struct tb_err *err)
{
	const struct legacy_trade planned = trade_of(item);
	struct legacy_trade t;
	enum tb_status status;

	if (!is_trade(known->disposition)) { /* merged into what was there */
		if (strcmp(known->disposition, "merge") != 0)
			misplaced(v, label, known->disposition, item);
		return book_trade(v, &planned, err);
	}
	status = legacy_trade_find(v->db, item->order_id, &t, err);
	if (status != TB_OK)
		return status;
	if (t.is_native)
		return book_trade(v, &planned, err);
	if (!t.exists || strcmp(known->became, item->order_id) != 0)
		found(&v->out->checks[ROWS],
		    "%s: its trade, order %s, is not "
		    "in the books",
		    label, item->order_id);
	else if (!same_figures(&t, item))
		found(&v->out->checks[ROWS],
		    "%s: its trade, order %s, has other figures", label,
		    item->order_id);
	return t.exists ? book_trade(v, &t, err) : TB_OK;
}

static enum tb_status
look_at(struct verifying *v, const struct legacy_item *item,
    struct origin_known *known, char hash[static DIGEST_HEX],
    struct tb_err *err)
{
	enum tb_status status;

	buffer_clear(&v->row);
	status = legacy_plan_row(v->plan, item, &v->row, err);
	if (status == TB_OK)
		status = buffer_status(&v->row, err);
	if (status != TB_OK)
		return status;
	digest_of(v->row.data, v->row.len, hash);
	v->out->checks[ROWS].rows++;
	status = origins_find(v->db, v->sources[item->ref.file].id, item->table,
	    item->ref.rowid, known, err);
	if (status != TB_OK)
		return status;
	v->out->newer += !known->known;
	v->out->changed += known->known && strcmp(hash, known->hash) != 0;
	return TB_OK;
}

static enum tb_status
check_row(const struct legacy_item *item, void *arg, struct tb_err *err)
{
	struct verifying *v = arg;
	struct origin_known known;
	char hash[DIGEST_HEX], label[128];
	enum tb_status status;
	const char *word = legacy_disposition_word(item->disposition);

	status = look_at(v, item, &known, hash, err);
	if (status != TB_OK)
		return status;
	if (!known.known || strcmp(hash, known.hash) != 0)
		return TB_OK; /* a next run will take it */
	(void)snprintf(label, sizeof(label), "%.64s %" PRId64, item->table,
	    item->ref.rowid);
	if (is_trade(word))
		return check_trade(v, item, &known, label, err);
	if (strcmp(word, known.disposition) != 0)
		misplaced(v, label, known.disposition, item);
	return TB_OK;
}

static enum tb_status
check_other(const struct legacy_item *item, void *arg, struct tb_err *err)
{
	struct origin_known known;
	char hash[DIGEST_HEX];

	return look_at(arg, item, &known, hash, err);
}

/* ----------------------------------------------------------------- sums -- */

static void
check_sum(struct audit_result *r, const char *what, struct decimal books,
    struct decimal old)
{
	char text[2][DECIMAL_STRLEN];

	r->rows++;
	if (decimal_cmp(books, old) == 0)
		return;
	decimal_format(books, text[0]);
	decimal_format(old, text[1]);
	found(r, "%s: %s in the books, %s by the old files", what, text[0],
	    text[1]);
}

static enum tb_status
check_sums(struct verifying *v, struct tb_err *err)
{
	const struct legacy_report *report = legacy_plan_report(v->plan);
	struct decimal old[2][2] = { 0 };
	struct audit_result *r = &v->out->checks[SUMS];
	bool fits = true;

	for (size_t i = 0; i < report->product_count; i++) {
		const struct legacy_product *p = &report->products[i];

		fits = fits &&
		    decimal_add(old[0][0], p->buy_qty, &old[0][0]) == TB_OK &&
		    decimal_add(old[0][1], p->buy_usd, &old[0][1]) == TB_OK &&
		    decimal_add(old[1][0], p->sell_qty, &old[1][0]) == TB_OK &&
		    decimal_add(old[1][1], p->sell_usd, &old[1][1]) == TB_OK;
	}
	if (!fits)
		return tb_fail(err, TB_ERANGE, "the sums do not fit");
	check_sum(r, "coins bought", v->sums[SIDE_BUY][0], old[0][0]);
	check_sum(r, "money spent", v->sums[SIDE_BUY][1], old[0][1]);
	check_sum(r, "coins sold", v->sums[SIDE_SELL][0], old[1][0]);
	check_sum(r, "money received", v->sums[SIDE_SELL][1], old[1][1]);
	return TB_OK;
}

static void
check_book(struct audit_result *r, const struct book *books,
    const struct book *old)
{
	const struct book_page *page;
	const struct position *a, *b;
	char what[128];

	for (size_t i = 0; i < old->count; i++) {
		b = &old->pages[i].position;
		page = book_find(books, b->product_id);
		if (page == NULL) {
			found(r, "%s is not in the books", b->product_id);
			continue;
		}
		a = &page->position;
		(void)snprintf(what, sizeof(what), "%s: held", b->product_id);
		check_sum(r, what, a->crypto_balance, b->crypto_balance);
		(void)snprintf(what, sizeof(what), "%s: cost", b->product_id);
		check_sum(r, what, a->usd_invested, b->usd_invested);
		(void)snprintf(what, sizeof(what), "%s: gain", b->product_id);
		check_sum(r, what, a->realized, b->realized);
		(void)snprintf(what, sizeof(what), "%s: uncovered",
		    b->product_id);
		check_sum(r, what, a->uncovered_proceeds,
		    b->uncovered_proceeds);
	}
}

/* ----------------------------------------------------------------- flow -- */

static enum tb_status
check_plan(struct verifying *v, struct tb_err *err)
{
	const struct legacy_report *report;
	struct audit_result *checks = v->out->checks;
	enum tb_status status;

	status = legacy_plan_each(v->plan, check_row, v, err);
	if (status == TB_OK)
		status = legacy_plan_rest(v->plan, check_other, v, err);
	if (status != TB_OK)
		return status;
	report = legacy_plan_report(v->plan);
	if (v->out->newer + v->out->changed > 0) {
		for (int i = ROWS; i <= AVERAGE; i++)
			skip(&checks[i],
			    "the old files have rows that are newer than the "
			    "last run of tb-migrate legacy: run it first");
		return TB_OK;
	}
	status = check_sums(v, err);
	check_book(&checks[FIFO], &v->fifo, &report->fifo_net);
	check_book(&checks[AVERAGE], &v->average, &report->average_net);
	return status;
}

static enum tb_status
check_records(struct verifying *v, struct tb_err *err)
{
	struct audit_result *r = &v->out->checks[PLACES];
	char first[ORIGIN_LABEL_MAX];
	int64_t dangling = 0;
	enum tb_status status = origins_dangling(v->db, &dangling, first, err);

	if (status == TB_OK)
		status = origins_total(v->db, &r->rows, err);
	if (dangling > 0)
		found(r,
		    "%" PRId64 " rows are in no place, or in two, %s for one",
		    dangling, first);
	r->findings = dangling;
	return status;
}

enum tb_status
legacy_verify(struct db *db, struct legacy_plan *plan, const char *why,
    struct legacy_verified *out, struct tb_err *err)
{
	static const char *const words[LEGACY_CHECKS] = { "sources", "places",
		"rows", "sums", "fifo", "average" };
	static struct verifying v; /* too large for the stack */
	enum tb_status status;

	*out = (struct legacy_verified){ 0 };
	for (size_t i = 0; i < LEGACY_CHECKS; i++)
		out->checks[i].check = words[i];
	v = (struct verifying){ .db = db, .plan = plan, .out = out };
	buffer_init(&v.row, ROW_MAX);
	lot_file_init(&v.lots, plan == NULL ? "" : legacy_plan_folder(plan));
	book_init(&v.fifo, LOT_FIFO, false);
	v.fifo.aside = &v.lots.aside;
	book_init(&v.average, LOT_AVERAGE, false);
	v.fifo.fine = v.average.fine = true; /* as those of the report */
	status = legacy_sources_load(db, v.sources, &v.source_count, err);
	out->checks[SOURCES].rows = (int64_t)v.source_count;
	if (status == TB_OK)
		status = check_records(&v, err);
	if (status == TB_OK && plan != NULL)
		status = check_plan(&v, err);
	for (int i = SOURCES; i <= AVERAGE && plan == NULL; i++)
		if (i != PLACES)
			skip(&out->checks[i], why);
	buffer_release(&v.row);
	book_release(&v.fifo);
	book_release(&v.average);
	lot_file_release(&v.lots);
	return status;
}
