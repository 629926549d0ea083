/*
 * Balances of the books against the venue's, to the edges of what an amount
 * and a list can hold: told exactly, or said why not.
 */

#include "fakevenue.h"

#include "order/reconcile.h"
#include "store/books.h"
#include "store/flows.h"

#include "tap.h"

#define HUGE "100000000000000000000"

static struct db *db;
static struct desk desk;
static struct fake fake;
static struct config config;
static struct tb_err err;
static struct reconciled_balance rows[DESK_BALANCES_MAX];
static size_t count;

static enum tb_status
compare(const struct venue_balance *told, size_t told_count, bool live)
{
	fake_desk(&desk, &fake, db, &config, live);
	desk.instant_us = FAKE_T0 + SECONDS(86400);
	fake.told = told;
	fake.told_count = told_count;
	tb_err_clear(&err);
	return reconcile_balances(&desk, rows, &count, &err);
}

static void
flow(const char *currency, const char *amount)
{
	struct cash_flow f = { .at_us = FAKE_T0, .amount = dec(amount) };

	snprintf(f.currency, sizeof(f.currency), "%s", currency);
	if (db_begin(db, &err) != TB_OK ||
	    db_finish(db, flows_add(db, &f, &err), &err) != TB_OK)
		ok(false, "%s", err.msg);
}

/* "books venue difference" of a currency, or "none". */
static const char *
row(const char *currency)
{
	static char text[3 * DECIMAL_STRLEN];
	char t[3][DECIMAL_STRLEN];

	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].currency, currency) == 0) {
			decimal_format(rows[i].books, t[0]);
			decimal_format(rows[i].venue, t[1]);
			decimal_format(rows[i].difference, t[2]);
			snprintf(text, sizeof(text), "%s %s %s", t[0], t[1],
			    t[2]);
			return text;
		}
	return "none";
}

/* A stranger bought one coin of this product for 100 and a fee of 1. */
static void
buy(const char *product_id, const char *quote)
{
	struct venue_request r = { .type = "market",
		.has_quote_size = true,
		.quote_size = dec(quote),
		.instant_us = FAKE_T0 };

	snprintf(r.product_id, sizeof(r.product_id), "%s", product_id);
	snprintf(r.client_order_id, sizeof(r.client_order_id), "%.36s",
	    product_id);
	(void)fake_put(&fake, &r);
}

static void
test_plain(void)
{
	const struct venue_balance told[] = { { "USD", dec("900"), dec("50") },
		{ "EUR", dec("3"), DECIMAL_ZERO } };

	is_int((int)compare(told, 2, true), TB_OK, "compared");
	is(row("USD"), "1000 950 -50", "available and on hold, less the books");
	is(row("EUR"), "0 3 3", "what only the venue has");
	is(row("GBP"), "none", "what nobody has");
	flow("GBP", "7");
	is_int((int)compare(told, 2, false), TB_OK, "compared on paper");
	is(row("GBP"), "7 0 -7", "what only the books have");
}

/* More rows than a page has, of flows and of products. */
static void
test_pages(void)
{
	struct reconciled seen;
	char product_id[PRODUCT_ID_MAX];

	for (int i = 0; i < 40; i++)
		flow("CHF", "1.5");
	fake_desk(&desk, &fake, db, &config, true);
	desk.instant_us = FAKE_T0 + SECONDS(86400);
	for (int i = 0; i < 40; i++) {
		snprintf(product_id, sizeof(product_id), "P%d-JPY", i);
		buy(product_id, "101");
	}
	fake.page = 7;
	is_int((int)reconcile_orders(&desk, 0, &seen, &err), TB_OK,
	    "orders of 40 products");
	is_int((long long)seen.booked, 40, "are booked");
	is_int((int)compare(NULL, 0, true), TB_OK, "compared");
	is(row("CHF"), "60 0 -60", "40 flows");
	is(row("P39"), "1 0 -1", "40 products");
	is(row("JPY"), "-4040 0 4040", "and what they cost");
}

static void
test_edges(void)
{
	static struct venue_balance many[DESK_BALANCES_MAX];
	const struct venue_balance twice[] = { { "USD", dec(HUGE),
	    dec(HUGE) } };
	const struct venue_balance far[] = { { "SEK", dec(HUGE),
	    DECIMAL_ZERO } };

	is_int((int)compare(twice, 1, true), TB_ERANGE,
	    "available and on hold that no amount holds");
	ok(strstr(err.msg, "does not fit") != NULL, "%s", err.msg);
	for (size_t i = 0; i < DESK_BALANCES_MAX; i++)
		snprintf(many[i].currency, sizeof(many[i].currency), "C%zu", i);
	is_int((int)compare(many, DESK_BALANCES_MAX, true), TB_ERANGE,
	    "512 currencies, and others in the books");
	ok(strstr(err.msg, "more than 512 currencies") != NULL, "%s", err.msg);
	flow("SEK", "-" HUGE);
	is_int((int)compare(far, 1, true), TB_ERANGE,
	    "a difference that no amount holds");
	ok(strstr(err.msg, "does not fit") != NULL, "%s", err.msg);
	is_int((int)compare(NULL, 0, true), TB_OK, "without it");
	flow("SEK", "-" HUGE);
	is_int((int)compare(NULL, 0, true), TB_ERANGE,
	    "flows whose sum no amount holds");
	ok(strstr(err.msg, "SEK in the books") != NULL, "%s", err.msg);
}

int
main(void)
{
	db = fake_books();
	test_plain();
	test_pages();
	test_edges();
	lock_close(&desk.lock);
	fake_books_close(db);
	return tap_done();
}
