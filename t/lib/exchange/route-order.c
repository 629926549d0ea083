#include <stdlib.h>
#include <string.h>

#include "base/instant.h"
#include "exchange/page.h"
#include "exchange/route.h"
#include "exchange/show.h"

#define ORDERS_PAGE 1000
#define FILLS_PAGE 100
#define FILLS_PAGE_MAX 3000
#define ROWS_PER_EXECUTION 6 /* with reversals and repeats */

void
serve_order(struct exchange *x, struct request *r)
{
	const struct order *o = order_find(&x->orders, r->segment);
	struct json_writer *w;

	if (o == NULL || !show_has_order(x, o)) {
		reply_error(r, 404, "NOT_FOUND",
		    "order with this orderID was not found");
		return;
	}
	w = reply_begin(r);
	json_open(w, '{');
	json_key(w, "order");
	show_order(x, o, false, w);
	json_close(w, '}');
}

/* A filter that is not given lets all pass. */
static bool
passes(const struct request *r, const char *name, const char *value)
{
	return !query_is_given(r, name) || query_has(r, name, value);
}

/* A time of the query, or what to take instead; false: 400 was answered. */
static bool
read_time(struct request *r, const char *name, int64_t *us)
{
	const char *text = query_get(r, name);

	if (text == NULL || *text == '\0' ||
	    instant_parse(text, strlen(text), us) == TB_OK)
		return true;
	reply_error(r, 400, "INVALID_ARGUMENT", "a time is not RFC 3339");
	return false;
}

/* What a list is asked for. */
struct span {
	int64_t from_us, to_us; /* [from_us, to_us) */
	bool is_open_only;
};

static bool
order_passes(const struct exchange *x, const struct request *r,
    const struct order *o, const struct span *span)
{
	const struct draft *d = &o->asked;

	return show_has_order(x, o) && passes(r, "order_id", o->order_id) &&
	    passes(r, "product_id", d->listing->rules.product_id) &&
	    passes(r, "product_type", "SPOT") &&
	    passes(r, "order_type", order_kind_type(d->kind)) &&
	    passes(r, "order_side", side_name(d->side)) &&
	    passes(r, "time_in_force", order_kind_force(d->kind)) &&
	    passes(r, "order_status", order_status_name(o->status)) &&
	    (span->is_open_only ||
		(o->created_us >= span->from_us &&
		    o->created_us < span->to_us));
}

/* OPEN stands alone: coinbase-api.md 2.12. */
static bool
read_span(struct request *r, struct span *span)
{
	static const char *const others[] = { "PENDING", "FILLED", "CANCELLED",
		"EXPIRED", "FAILED", "QUEUED", "CANCEL_QUEUED", "EDIT_QUEUED" };

	*span = (struct span){ 0, INSTANT_MAX_US,
		query_has(r, "order_status", "OPEN") };
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (span->is_open_only &&
		    query_has(r, "order_status", others[i])) {
			reply_error(r, 400, "INVALID_ARGUMENT",
			    "OPEN cannot be combined with other statuses");
			return false;
		}
	return read_time(r, "start_date", &span->from_us) &&
	    read_time(r, "end_date", &span->to_us);
}

static void
put_orders(struct exchange *x, struct request *r, struct order **found,
    size_t n)
{
	struct page page;
	struct json_writer *w;

	if (!page_cut(x, r, n, ORDERS_PAGE, ORDERS_PAGE, &page))
		return;
	w = reply_begin(r);
	json_open(w, '{');
	put_open(w, "orders", '[');
	for (size_t i = page.from; i < page.to; i++)
		show_order(x, found[i], false, w);
	json_close(w, ']');
	put_text(w, "sequence", "0");
	put_bool(w, "has_next", page.has_next);
	put_text(w, "cursor", page.cursor);
	json_close(w, '}');
}

void
serve_orders(struct exchange *x, struct request *r)
{
	struct order **found;
	struct span span;
	size_t n = 0;

	if (!read_span(r, &span))
		return;
	found = calloc(x->orders.count + 1, sizeof(struct order *));
	if (found == NULL) {
		reply_error(r, 500, "INTERNAL", "out of memory");
		return;
	}
	for (size_t i = x->orders.count; i-- > 0;)
		if (order_passes(x, r, x->orders.rows[i], &span))
			found[n++] = x->orders.rows[i];
	put_orders(x, r, found, n);
	free(found);
}

/* Newest first; of one moment the one that came later. */
static int
compare_rows(const void *a, const void *b)
{
	const struct execution *x = ((const struct fill_row *)a)->execution,
			       *y = ((const struct fill_row *)b)->execution;

	if (x->at_us != y->at_us)
		return x->at_us > y->at_us ? -1 : 1;
	if (((const struct fill_row *)a)->order ==
	    ((const struct fill_row *)b)->order)
		return x > y ? -1 : x < y;
	return strcmp(x->entry_id, y->entry_id);
}

static void
add_rows(const struct exchange *x, const struct order *o,
    const struct execution *e, struct fill_row *rows, size_t *n)
{
	static const char *const types[] = { "FILL", "REVERSAL", "CORRECTION" };
	int kinds = x->set.reversals ? 3 : 1;

	for (int times = x->set.repeat_fills ? 2 : 1; times > 0; times--)
		for (int i = 0; i < kinds; i++)
			rows[(*n)++] = (struct fill_row){ o, e, types[i] };
}

static bool
fill_passes(const struct exchange *x, const struct request *r,
    const struct order *o, const struct execution *e, const struct span *span)
{
	return show_has_fill(x, o, e) && passes(r, "order_id", o->order_id) &&
	    passes(r, "trade_id", e->trade_id) &&
	    passes(r, "product_id", o->asked.listing->rules.product_id) &&
	    passes(r, "order_side", side_name(o->asked.side)) &&
	    e->at_us >= span->from_us && e->at_us <= span->to_us;
}

static void
reverse(struct fill_row *rows, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct fill_row row = rows[i];

		rows[i] = rows[n - 1 - i];
		rows[n - 1 - i] = row;
	}
}

static void
put_fills(struct exchange *x, struct request *r, const struct fill_row *rows,
    size_t n)
{
	struct page page;
	struct json_writer *w;

	if (!page_cut(x, r, n, FILLS_PAGE, FILLS_PAGE_MAX, &page))
		return;
	w = reply_begin(r);
	json_open(w, '{');
	put_open(w, "fills", '[');
	for (size_t i = page.from; i < page.to; i++)
		show_fill(x, &rows[i], w);
	json_close(w, ']');
	put_text(w, "cursor", page.cursor);
	json_close(w, '}');
}

/* All that pass, in no order; NULL out of memory. */
static struct fill_row *
collect_fills(const struct exchange *x, const struct request *r,
    const struct span *span, size_t *n)
{
	struct fill_row *rows;
	size_t count = 1;

	for (size_t i = 0; i < x->orders.count; i++)
		count += x->orders.rows[i]->execution_count;
	rows = calloc(count, ROWS_PER_EXECUTION * sizeof(*rows));
	*n = 0;
	for (size_t i = 0; rows != NULL && i < x->orders.count; i++) {
		const struct order *o = x->orders.rows[i];

		for (size_t k = 0; k < o->execution_count; k++)
			if (fill_passes(x, r, o, &o->executions[k], span))
				add_rows(x, o, &o->executions[k], rows, n);
	}
	return rows;
}

void
serve_fills(struct exchange *x, struct request *r)
{
	struct span span = { 0, INSTANT_MAX_US, false };
	struct fill_row *rows;
	size_t n;

	if (!read_time(r, "start_sequence_timestamp", &span.from_us) ||
	    !read_time(r, "end_sequence_timestamp", &span.to_us))
		return;
	rows = collect_fills(x, r, &span, &n);
	if (rows == NULL) {
		reply_error(r, 500, "INTERNAL", "out of memory");
		return;
	}
	qsort(rows, n, sizeof(*rows), compare_rows);
	if (x->set.reverse_fills)
		reverse(rows, n);
	put_fills(x, r, rows, n);
	free(rows);
}
