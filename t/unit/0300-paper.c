/*
 * paper: the embedded venue, over a shelf in memory.  Every amount here was
 * worked out on paper: 1000 USD, BTC at 40000, a fee of 0.6 %.
 */

#include "venue/paper.h"

#include "base/instant.h"

#include "memshelf.h"
#include "tap.h"

#define AT INT64_C(1757586600000000) /* 2025-09-11T10:30:00Z */
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct shelf shelf;

/* What the books say. */
static struct {
	struct paper_flow flow[100];
	size_t flow_count;
	const char *price; /* NULL: none known */
	int64_t instant_us;
	struct product btc;
} books;

static struct decimal
dec(const char *s)
{
	struct decimal d = { 0 };

	if (decimal_parse(s, strlen(s), &d) != TB_OK)
		ok(false, "the test's own number %s is read", s);
	return d;
}

static int64_t
books_instant(void *arg)
{
	(void)arg;
	return books.instant_us;
}

static enum tb_status
books_product(void *arg, const char *product_id, struct product *out,
    struct tb_err *err)
{
	(void)arg;
	(void)err;
	if (strcmp(product_id, books.btc.product_id) != 0)
		return TB_ENOENT;
	*out = books.btc;
	return TB_OK;
}

static enum tb_status
books_price(void *arg, const char *product_id, struct decimal *out,
    struct tb_err *err)
{
	(void)arg;
	(void)product_id;
	(void)err;
	if (books.price == NULL)
		return TB_ENOENT;
	*out = dec(books.price);
	return TB_OK;
}

static enum tb_status
books_flows(void *arg, int64_t after_id, struct paper_flow *out, size_t max,
    size_t *count, struct tb_err *err)
{
	(void)arg;
	(void)err;
	*count = 0;
	max = max > 3 ? 3 : max; /* its pages may be smaller than asked */
	for (size_t i = 0; i < books.flow_count && *count < max; i++)
		if (books.flow[i].flow_id > after_id)
			out[(*count)++] = books.flow[i];
	return TB_OK;
}

static struct paper_config config;

/* An empty shelf, 1000 USD, a fee of 0.6 %, no slippage, no faults. */
static void
reset(void)
{
	memshelf_empty(&shelf);
	books.flow[0] = (struct paper_flow){ 1, "USD", DECIMAL_OF(1000) };
	books.flow_count = 1;
	books.price = NULL;
	books.instant_us = AT + 1;
	books.btc = product_assumed("BTC-USD");
	config = (struct paper_config){
		.shelf = memshelf(&shelf),
		.books = { NULL, books_instant, books_product, books_price,
		    books_flows },
		.fee_rate = dec("0.006"),
	};
}

/* Each call is a process of its own, as in cron jobs. */
static struct venue *
open_venue(void)
{
	struct venue *v;
	struct tb_err err = { 0 };

	if (paper_open(&v, &config, &err) != TB_OK)
		printf("Bail out! paper_open: %s\n", err.msg);
	return v;
}

static struct venue_request
request(const char *id, enum side side, const char *size)
{
	struct venue_request r = {
		.product_id = "BTC-USD",
		.side = side,
		.type = "market",
		.has_quote_size = side == SIDE_BUY,
		.reference_price = DECIMAL_OF(40000),
		.instant_us = AT,
		.send_before_ms = instant_boot_ms() + VENUE_SEND_WITHIN_MS,
	};

	snprintf(r.client_order_id, sizeof(r.client_order_id), "%s", id);
	if (side == SIDE_BUY)
		r.quote_size = dec(size);
	else
		r.base_size = dec(size);
	return r;
}

static struct venue_answer
place(const struct venue_request *r)
{
	struct venue *v = open_venue();
	struct venue_answer a;

	v->verbs->place(v, r, &a);
	v->verbs->close(v);
	return a;
}

static struct venue_order
order(const char *order_id)
{
	struct venue *v = open_venue();
	struct venue_order o = { .status = "" };
	struct tb_err err = { 0 };

	if (v->verbs->order(v, order_id, &o, &err) != TB_OK)
		snprintf(o.status, sizeof(o.status), "error");
	v->verbs->close(v);
	return o;
}

/* "USD 975+0 BTC 0.001+0": available and hold. */
static const char *
balances(void)
{
	static char text[512];
	struct venue *v = open_venue();
	struct venue_balance b[8];
	char cursor[VENUE_CURSOR_MAX] = "";
	char available[DECIMAL_STRLEN], hold[DECIMAL_STRLEN];
	struct tb_err err = { 0 };
	size_t count = 0, len = 0;
	enum tb_status status;

	status = v->verbs->balances(v, cursor, b, COUNT(b), &count, &err);
	v->verbs->close(v);
	text[0] = '\0';
	if (status != TB_OK)
		return "no balances";
	for (size_t i = 0; i < count; i++) {
		decimal_format(b[i].available, available);
		decimal_format(b[i].hold, hold);
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "%s%s %s+%s", i > 0 ? " " : "", b[i].currency, available,
		    hold);
	}
	return text;
}

/* "FILLED 0.1 40000 24" of an order: status, size, value, fees. */
static const char *
told(const char *order_id)
{
	static char text[256];
	char size[DECIMAL_STRLEN], value[DECIMAL_STRLEN], fee[DECIMAL_STRLEN];
	struct venue_order o = order(order_id);

	decimal_format(o.filled_size, size);
	decimal_format(o.filled_value, value);
	decimal_format(o.total_fees, fee);
	snprintf(text, sizeof(text), "%s %s %s %s", o.status, size, value, fee);
	return text;
}

/* Of one order, or of all: how many, and the first in *f. */
static size_t
fills(const char *order_id, struct fill *f)
{
	struct venue *v = open_venue();
	struct fill page[VENUE_PAGE_MAX];
	char cursor[VENUE_CURSOR_MAX] = "";
	struct tb_err err = { 0 };
	size_t count = 0;

	if (v->verbs->fills_since(v, 0, order_id, cursor, page, COUNT(page),
		&count, &err) != TB_OK)
		count = 0;
	v->verbs->close(v);
	if (count > 0)
		*f = page[0];
	return count;
}

/* --------------------------------------------------------------- money -- */

static void
test_market_orders(void)
{
	struct venue_request r;
	struct venue_answer a;
	struct fill f = { .at_us = 0 };

	reset();
	is(balances(), "USD 1000+0", "the opening cash flow");
	/* 100.60 / 1.006 = 100; 100 / 40000 = 0.0025 */
	r = request("buy-1", SIDE_BUY, "100.60");
	a = place(&r);
	is_int(a.outcome, VENUE_ACCEPTED, "a purchase for 100.60 USD");
	is(a.client_order_id, "buy-1", "our id comes back");
	is(told(a.order_id), "FILLED 0.0025 100 0.6", "its fee is inside");
	is(balances(), "BTC 0.0025+0 USD 899.4+0", "both balances move");
	is_int((long long)fills(a.order_id, &f), 1, "one fill");
	ok(f.at_us == AT && f.side == SIDE_BUY && f.kind == FILL_FILL &&
		f.nature == NATURE_TRADE && f.venue_seq == 1 &&
		decimal_cmp(f.price, DECIMAL_OF(40000)) == 0 &&
		decimal_cmp(f.value, DECIMAL_OF(100)) == 0,
	    "at the instant and price of the request");
	is(f.order_id, a.order_id, "of this order");

	/* 0.001 x 44000 = 44; 0.6 % of it 0.264 */
	r = request("sell-1", SIDE_SELL, "0.001");
	r.reference_price = DECIMAL_OF(44000);
	a = place(&r);
	is(told(a.order_id), "FILLED 0.001 44 0.264", "a sale by size");
	is(balances(), "BTC 0.0015+0 USD 943.136+0", "net of its fee");

	/* 0.001 x 40000 = 40; the fee on top 0.24 */
	r = request("buy-2", SIDE_BUY, "1");
	r.has_quote_size = false;
	r.base_size = dec("0.001");
	a = place(&r);
	is(told(a.order_id), "FILLED 0.001 40 0.24", "a purchase by size");
	is(balances(), "BTC 0.0025+0 USD 902.896+0", "its fee on top");
	is_int((long long)fills(NULL, &f), 3, "three fills in all");
}

/*
 * 25 / 1.006 = 24.850894632206759443 (of python3's decimal, 18 places);
 * / 40000 = 0.00062127..., down to eight.
 */
static void
test_rounding(void)
{
	struct venue_request r;
	struct venue_answer a;

	reset();
	r = request("r-1", SIDE_BUY, "25.009"); /* down to 25.00 */
	a = place(&r);
	is(told(a.order_id),
	    "FILLED 0.00062127 24.850894632206759443 0.149105367793240557",
	    "value and fee are 25.00 to the last digit");
	is(balances(), "BTC 0.00062127+0 USD 975+0", "25.00 are spent");
	/* 0.000621279 down to 0.00062127: all there is */
	r = request("r-2", SIDE_SELL, "0.000621279");
	r.reference_price = dec("0.333333333333333333");
	a = place(&r);
	/* 0.00062127 x 0.333333333333333333 = 0.00020708999999999979...,
	 * of which 0.6 % = 0.00000124253999999999876 */
	is(told(a.order_id), "FILLED 0.00062127 0.00020709 0.00000124254",
	    "half-even at 18 decimals");
	is(balances(), "BTC 0+0 USD 975.00020584746+0", "to the last coin");

	reset();
	config.fee_rate = DECIMAL_ZERO;
	config.slippage_rate = dec("0.0005");
	r = request("s-1", SIDE_BUY, "400.20");
	a = place(&r);
	/* 40000 x 1.0005 = 40020; 400.20 / 40020 = 0.01 */
	is(told(a.order_id), "FILLED 0.01 400.2 0", "slippage makes dearer");
	r = request("s-2", SIDE_SELL, "0.01");
	a = place(&r);
	is(told(a.order_id), "FILLED 0.01 399.8 0", "and sells cheaper");
}

static void
refused(struct venue_request r, const char *reason, const char *words)
{
	struct venue_answer a = place(&r);

	is_int(a.outcome, VENUE_REFUSED, reason);
	is(a.reason, reason, "its word");
	is(a.words, words, "in words");
	is(a.order_id, "", "no order");
}

static void
test_refusals(void)
{
	struct venue_request r = request("x", SIDE_BUY, "1000.01");

	reset();
	refused(r, "INSUFFICIENT_FUND", "needs 1000.01 USD, has 1000");
	refused(request("x", SIDE_SELL, "0.1"), "INSUFFICIENT_FUND",
	    "needs 0.1 BTC, has 0");
	refused(request("x", SIDE_BUY, "0.99"), "INVALID_SIZE_TOO_SMALL",
	    "size 0.99 is under the minimum of 1");
	refused(request("x", SIDE_BUY, "0.001"), "INVALID_SIZE_PRECISION",
	    "size 0.001 rounds to zero");
	refused(request("x", SIDE_SELL, "0.000000001"),
	    "INVALID_SIZE_PRECISION", "size 0.000000001 rounds to zero");
	refused(request("x", SIDE_BUY, "-5"), "INVALID_SIZE_PRECISION",
	    "size -5 rounds to zero");
	books.btc.quote_max_size = DECIMAL_OF(100);
	refused(request("x", SIDE_BUY, "100.01"), "INVALID_SIZE_TOO_LARGE",
	    "size 100.01 is over the maximum of 100");
	strcpy(r.product_id, "ETH-USD");
	refused(r, "INVALID_PRODUCT_ID", "no product ETH-USD");
	r = request("x", SIDE_BUY, "10");
	r.side = SIDE_SELL;
	refused(r, "UNSUPPORTED_ORDER_CONFIGURATION",
	    "a sale is asked by base size");
	r = request("x", SIDE_BUY, "10");
	r.type = "stop";
	refused(r, "UNSUPPORTED_ORDER_CONFIGURATION",
	    "no such type of order: stop");
	r = request("x", SIDE_BUY, "10");
	r.type = "limit";
	refused(r, "INVALID_LIMIT_PRICE",
	    "a limit order needs a limit price above 0");
	r = request("x", SIDE_BUY, "10");
	r.reference_price = DECIMAL_ZERO;
	refused(r, "INVALID_PRICE", "no reference price above 0 for BTC-USD");
	r = request("x", SIDE_BUY, "10");
	r.reference_price = dec("170141183460469231731");
	refused(r, "INVALID_SIZE_PRECISION",
	    "the size in BTC-USD rounds to zero");
	books.btc.limit_only = true;
	refused(request("x", SIDE_BUY, "10"), "PRODUCT_NOT_TRADABLE",
	    "BTC-USD takes no market order now");
	is_int(shelf.commits, 0, "nothing of all this was kept");
	is(balances(), "USD 1000+0", "or paid");
}

static void
test_overflow(void)
{
	struct venue_request r;

	reset();
	books.flow[0].amount = dec("170141183460469231731");
	r = request("o-1", SIDE_BUY, "170141183460469231731");
	r.reference_price = dec("0.000000000000000001");
	refused(r, "INVALID_SIZE_TOO_LARGE",
	    "the amounts of this order are too large to be held exactly");
	is(balances(), "USD 170141183460469231731+0", "nothing wrapped");
}

/* --------------------------------------------------------- idempotence -- */

static struct venue_request limit(const char *id, const char *type,
    enum side side, const char *size, const char *price);
static void faults(const char *text);

static void
test_same_again(void)
{
	struct venue_request r;
	struct venue_answer a, b;
	struct fill f, g;

	reset();
	r = request("same", SIDE_BUY, "100.60");
	a = place(&r);
	fills(a.order_id, &f);
	r.quote_size = DECIMAL_OF(7); /* whatever it asks now */
	b = place(&r);
	is_int(b.outcome, VENUE_ACCEPTED, "the same client_order_id again");
	is(b.order_id, a.order_id, "is the same order");
	is(balances(), "BTC 0.0025+0 USD 899.4+0", "and costs nothing more");
	is_int((long long)fills(NULL, &g), 1, "one fill still");

	reset(); /* another database, another host */
	r = request("same", SIDE_BUY, "100.60");
	b = place(&r);
	is(b.order_id, a.order_id, "ids depend on the client_order_id alone");
	fills(b.order_id, &g);
	is(g.entry_id, f.entry_id, "those of fills too");
	r = request("other", SIDE_BUY, "100.60");
	b = place(&r);
	ok(strcmp(b.order_id, a.order_id) != 0, "another one, another order");
}

/* A day's orders, with all that may happen to them. */
static void
a_day(void)
{
	struct venue_request r = request("d-1", SIDE_BUY, "100.60");
	struct venue_answer a;

	(void)place(&r);
	faults("fill-late=1");
	r = limit("d-2", "limit", SIDE_SELL, "0.001", "41000");
	a = place(&r);
	faults("lose-answer=1,fill-part=0.5");
	r = request("d-3", SIDE_BUY, "50");
	(void)place(&r);
	faults("");
	r = request("d-3", SIDE_BUY, "50");
	(void)place(&r);
	books.price = "42000";
	(void)order(a.order_id);
	r = request("d-4", SIDE_SELL, "5");
	(void)place(&r);
}

static void
test_replay(void)
{
	static struct memshelf_rows first;
	int differ = 0;

	reset();
	a_day();
	memshelf_copy(&first, &shelf.committed);
	reset();
	a_day();
	ok(first.count == shelf.committed.count && first.count > 10,
	    "the same day again: as many rows");
	for (size_t i = 0; i < first.count; i++)
		differ +=
		    strcmp(first.row[i].key, shelf.committed.row[i].key) != 0 ||
		    strcmp(first.row[i].value, shelf.committed.row[i].value) !=
			0;
	is_int(differ, 0, "and the same bytes");
	memshelf_copy(&first, &(struct memshelf_rows){ .count = 0 });
}

static void
test_flows(void)
{
	reset();
	is(balances(), "USD 1000+0", "credited");
	is(balances(), "USD 1000+0", "once");
	books.flow[1] = (struct paper_flow){ 5, "USD", dec("-0.5") };
	books.flow[2] = (struct paper_flow){ 9, "BTC", dec("2") };
	books.flow_count = 3;
	is(balances(), "BTC 2+0 USD 999.5+0", "later ones when they are seen");
	books.flow[3] = books.flow[2];
	books.flow[2] = (struct paper_flow){ 7, "USD", dec("1") };
	books.flow_count = 4;
	is(balances(), "BTC 2+0 USD 1000.5+0",
	    "one between, that was not yet due, too");

	reset();
	for (size_t i = 0; i < COUNT(books.flow); i++)
		books.flow[i] =
		    (struct paper_flow){ (int64_t)i + 1, "USD", DECIMAL_OF(1) };
	books.flow_count = COUNT(books.flow);
	is(balances(), "USD 100+0", "page by page");
	shelf.calls = 0;
	is(balances(), "USD 100+0", "once");
	ok(shelf.calls < 10, "nobody looks at the old ones again");
}

/* -------------------------------------------------------------- limits -- */

static struct venue_request
limit(const char *id, const char *type, enum side side, const char *size,
    const char *price)
{
	struct venue_request r = request(id, side, size);

	r.type = type;
	r.limit_price = dec(price);
	r.has_quote_size = false;
	r.base_size = dec(size);
	return r;
}

static void
test_limits_that_fill(void)
{
	struct venue_request r;
	struct venue_answer a;

	reset();
	config.slippage_rate = dec("0.01");
	r = limit("l-1", "limit", SIDE_BUY, "0.01", "40200");
	a = place(&r);
	/* 40400 would be worse than the limit */
	is(told(a.order_id), "FILLED 0.01 402 2.412", "never worse than it");
	r = limit("l-2", "limit_ioc", SIDE_SELL, "0.01", "39000");
	a = place(&r);
	is(told(a.order_id), "FILLED 0.01 396 2.376",
	    "the market's price where it is better");
	r = limit("l-3", "limit_ioc", SIDE_SELL, "0.01", "40000.01");
	a = place(&r);
	is_int(a.outcome, VENUE_REFUSED, "nothing left to sell");
	r = limit("l-4", "limit_ioc", SIDE_BUY, "0.01", "39999.99");
	a = place(&r);
	is(told(a.order_id), "CANCELLED 0 0 0", "IOC: now or not at all");
	is(order(a.order_id).reason, "the limit was not met", "and says why");
	is(balances(), "BTC 0+0 USD 989.212+0", "nothing is held for it");
	refused(limit("l-5", "post_only", SIDE_BUY, "0.01", "40000"),
	    "INVALID_LIMIT_PRICE_POST_ONLY", "the order would fill at once");
}

static void
test_limits_that_rest(void)
{
	struct venue_request r;
	struct venue_answer a;
	struct venue *v;
	struct tb_err err = { 0 };

	reset();
	r = limit("l-1", "limit", SIDE_BUY, "0.01", "39000");
	a = place(&r);
	is(told(a.order_id), "OPEN 0 0 0", "a limit that is not met rests");
	/* 390 x 1.006 */
	is(balances(), "USD 607.66+392.34", "with a hold");
	refused(request("l-2", SIDE_BUY, "607.67"), "INSUFFICIENT_FUND",
	    "needs 607.67 USD, has 607.66");
	books.price = "39000.01";
	is(told(a.order_id), "OPEN 0 0 0", "not yet");
	books.price = "38000";
	is(told(a.order_id), "FILLED 0.01 390 2.34", "it fills at its limit");
	is(balances(), "BTC 0.01+0 USD 607.66+0", "and the hold is gone");
	books.price = "1";
	is(told(a.order_id), "FILLED 0.01 390 2.34", "once");

	r = limit("l-3", "post_only", SIDE_SELL, "0.01", "50000");
	a = place(&r);
	is(balances(), "BTC 0+0.01 USD 607.66+0", "a sale holds coins");
	v = open_venue();
	is_int(v->verbs->cancel(v, a.order_id, &err), TB_OK, "cancelled");
	is_int(v->verbs->cancel(v, a.order_id, &err), TB_OK, "twice");
	is(told(a.order_id), "CANCELLED 0 0 0", "is cancelled");
	ok(order(a.order_id).settled &&
		order(a.order_id).updated_at_us == AT + 1,
	    "settled, at the moment of the cancel");
	is(balances(), "BTC 0.01+0 USD 607.66+0", "its coins are free");
	r = request("m", SIDE_SELL, "0.01");
	a = place(&r);
	is_int(v->verbs->cancel(v, a.order_id, &err), TB_EVENUE,
	    "what is filled cannot be cancelled");
	is_int(v->verbs->cancel(v, "nothing", &err), TB_ENOENT,
	    "nor what never was");
	v->verbs->close(v);
}

/* -------------------------------------------------------------- faults -- */

static void
faults(const char *text)
{
	struct tb_err err = { 0 };

	if (paper_faults_parse(text, &config.faults, &err) != TB_OK)
		ok(false, "%s", err.msg);
}

static size_t
listed(struct venue *v, struct venue_order *o)
{
	struct venue_order page[8];
	char cursor[VENUE_CURSOR_MAX] = "";
	struct tb_err err = { 0 };
	size_t count = 0;

	(void)!v->verbs->orders_since(v, AT, cursor, page, COUNT(page), &count,
	    &err);
	if (count > 0)
		*o = page[0];
	return count;
}

static void
test_lost(void)
{
	struct venue_request r;
	struct venue_answer a;
	struct venue_order o;
	struct venue *v;

	reset();
	r = request("lost", SIDE_BUY, "100.60");
	faults("lose-answer=1");
	v = open_venue();
	v->verbs->place(v, &r, &a);
	is_int(a.outcome, VENUE_UNKNOWN, "the answer is lost");
	is(a.order_id, "", "so is its id");
	ok(!a.hung, "but it came to its end");
	is_int((long long)listed(v, &o), 1, "the order is there");
	is(o.client_order_id, "lost", "with our id");
	v->verbs->place(v, &r, &a);
	is_int(a.outcome, VENUE_ACCEPTED, "asked again it answers");
	is(a.order_id, o.order_id, "with that order");
	v->verbs->close(v);

	faults("lose-request=1");
	r = request("never", SIDE_BUY, "100.60");
	v = open_venue();
	v->verbs->place(v, &r, &a);
	is_int(a.outcome, VENUE_UNKNOWN, "the request is lost");
	is_int((long long)listed(v, &o), 1, "no order is there");
	v->verbs->close(v);

	faults("hang=1");
	r = request("hung", SIDE_BUY, "100.60");
	a = place(&r);
	ok(a.outcome == VENUE_UNKNOWN && a.hung, "it hangs");
	faults("not-sent=1");
	r = request("away", SIDE_BUY, "100.60");
	a = place(&r);
	ok(a.outcome == VENUE_NOT_SENT && !a.hung, "it is away");
	faults("refuse=ORDERS_ARE_CLOSED");
	refused(request("no", SIDE_BUY, "100.60"), "ORDERS_ARE_CLOSED",
	    "refused, as the test has asked");
	faults("");
	r = request("late", SIDE_BUY, "100.60");
	r.send_before_ms = instant_boot_ms() - 1;
	a = place(&r);
	is_int(a.outcome, VENUE_NOT_SENT, "too late to send");
	is(a.reason, "late", "says so");
	is(balances(), "BTC 0.005+0 USD 798.8+0", "two were placed in all");
}

static void
test_late_and_hidden(void)
{
	struct venue_request r;
	struct venue_answer a;
	struct venue_order o;
	struct venue *v;

	reset();
	faults("fill-late=3");
	r = request("slow", SIDE_BUY, "100.60");
	a = place(&r);
	faults(NULL); /* the order remembers */
	is(balances(), "USD 899.4+100.6", "placed and held");
	is(told(a.order_id), "OPEN 0 0 0", "asked once");
	is(told(a.order_id), "OPEN 0 0 0", "twice");
	is(told(a.order_id), "FILLED 0.0025 100 0.6", "three times");
	is(balances(), "BTC 0.0025+0 USD 899.4+0", "as if at once");
	is_int(order(a.order_id).updated_at_us, AT + 1, "but later");

	reset();
	faults("hide=2");
	r = request("hidden", SIDE_BUY, "100.60");
	(void)place(&r);
	v = open_venue();
	is_int((long long)listed(v, &o), 0, "not in the list");
	is_int((long long)listed(v, &o), 0, "nor now");
	is_int((long long)listed(v, &o), 1, "there it is");
	v->verbs->close(v);
}

static void
test_parts(void)
{
	struct venue_request r;
	struct venue_answer a;
	struct fill f;

	reset();
	faults("fill-part=0.5");
	r = request("half", SIDE_BUY, "100.60");
	a = place(&r);
	is(told(a.order_id), "CANCELLED 0.00125 50 0.3",
	    "half a market order is all it gets");
	is(order(a.order_id).reason, "partly filled", "and says why");
	is(balances(), "BTC 0.00125+0 USD 949.7+0", "the rest is free");

	r = limit("part", "limit", SIDE_BUY, "0.01", "40000");
	a = place(&r);
	is(told(a.order_id), "OPEN 0.005 200 1.2", "half a limit order");
	/* 0.005 x 40000 x 1.006 */
	is(balances(), "BTC 0.00625+0 USD 547.3+201.2", "holds for the rest");
	books.price = "39000";
	is(told(a.order_id), "FILLED 0.01 400 2.4", "the rest comes later");
	is_int((long long)fills(a.order_id, &f), 2, "two fills");
	is(balances(), "BTC 0.01125+0 USD 547.3+0", "exactly paid");

	faults("fill-part=0.5,fill-late=1");
	r = request("both", SIDE_SELL, "0.01");
	a = place(&r);
	is(told(a.order_id), "CANCELLED 0.005 200 1.2", "late and in part");
	faults("fill-part=0.00000001");
	r = request("none", SIDE_SELL, "0.00000001");
	refused(r, "INVALID_SIZE_PRECISION",
	    "the size in BTC-USD rounds to zero");
}

static void
test_fault_words(void)
{
	static const char *const bad[] = { "x", "lose-answer",
		"lose-answer=", "lose-answer=x", "lose-answer=-1",
		"lose-answer=1000001", "fill-part=1", "fill-part=0",
		"fill-part=-0.5", "refuse=", "hang=1,,hide=1",
		"fill-part=half" };
	struct paper_faults f = { .hang = 7 };
	struct tb_err err = { 0 };

	for (size_t i = 0; i < COUNT(bad); i++)
		ok(paper_faults_parse(bad[i], &f, &err) == TB_EINVAL &&
			f.hang == 7,
		    "no fault: %s", bad[i]);
	is_int(paper_faults_parse("hang=1000000,hide=2", &f, &err), TB_OK,
	    "two faults");
	ok(f.hang == 1000000 && f.hide == 2 && !f.fills_part, "are read");
	is_int(paper_faults_parse(NULL, &f, &err), TB_OK, "none");
	ok(f.hang == 0, "are none");
	config.fee_rate = DECIMAL_OF(1);
	is_int(paper_open(&(struct venue *){ NULL }, &config, &err), TB_ECONFIG,
	    "a fee of 100 % is none");
}

/* --------------------------------------------------------------- lists -- */

static void
test_pages(void)
{
	struct venue_order page[3];
	struct fill f[3];
	char cursor[VENUE_CURSOR_MAX] = "", id[37];
	struct tb_err err = { 0 };
	struct venue_request r;
	struct venue *v;
	size_t count = 0, all = 0, pages = 0;
	int64_t last = 0;

	reset();
	for (int i = 0; i < 10; i++) {
		snprintf(id, sizeof(id), "page-%d", i);
		r = request(id, SIDE_BUY, "10");
		r.instant_us = AT + i % 5;
		(void)place(&r);
	}
	v = open_venue();
	do {
		is_int(v->verbs->orders_since(v, AT + 1, cursor, page,
			   COUNT(page), &count, &err),
		    TB_OK, "a page");
		for (size_t i = 0; i < count; i++) {
			if (page[i].created_at_us < last)
				ok(false, "in the order of time");
			last = page[i].created_at_us;
		}
		all += count;
	} while (cursor[0] != '\0' && ++pages < 10);
	is_int((long long)all, 8, "orders since then, in pages");

	all = pages = 0;
	do {
		is_int(v->verbs->fills_since(v, AT + 4, NULL, cursor, f,
			   COUNT(f), &count, &err),
		    TB_OK, "a page of fills");
		all += count;
	} while (cursor[0] != '\0' && ++pages < 10);
	is_int((long long)all, 2, "fills since then");
	ok(f[0].at_us == AT + 4 && f[0].venue_seq == 5 && f[1].venue_seq == 10,
	    "in the venue's order");
	is_int(v->verbs->order(v, "nothing", &page[0], &err), TB_ENOENT,
	    "no such order");
	v->verbs->close(v);
}

/* -------------------------------------------------------------- deaths -- */

/*
 * Whatever call fails, and whether or not a failed commit was written: the
 * answer tells the truth, and the same request again gives one order.
 */
static void
test_failures(bool tears)
{
	struct venue_request r;
	struct venue_answer a, b;
	int bad = 0, unknown = 0, n;
	struct fill f;

	for (n = 1; n < 100; n++) {
		reset();
		shelf.tears = tears;
		shelf.fail_in = n;
		r = request("die", SIDE_BUY, "100.60");
		a = place(&r);
		if (shelf.fail_in > 0)
			break; /* fewer calls than that */
		memshelf_die(&shelf);
		bad += a.outcome == VENUE_NOT_SENT ? shelf.commits != 0 : false;
		bad += a.outcome == VENUE_REFUSED;
		bad += a.outcome == VENUE_NOT_SENT && a.words[0] == '\0';
		unknown += a.outcome == VENUE_UNKNOWN;
		r.send_before_ms += 1000;
		b = place(&r);
		bad += b.outcome != VENUE_ACCEPTED;
		bad += fills(NULL, &f) != 1;
		bad += strcmp(balances(), "BTC 0.0025+0 USD 899.4+0") != 0;
	}
	is_int(bad, 0,
	    tears ? "a commit that fails and is written" :
		    "a commit that fails");
	ok(n > 10 && unknown >= 1, "of %d calls each has failed", n - 1);
}

/* Also while a late order fills. */
static void
test_failures_later(void)
{
	struct venue_request r;
	struct venue_answer a;
	struct venue_order o;
	struct tb_err err;
	struct venue *v;
	int bad = 0, n;

	for (n = 1; n < 100; n++) {
		reset();
		faults("fill-late=1");
		r = request("die", SIDE_BUY, "100.60");
		a = place(&r);
		shelf.fail_in = n;
		v = open_venue();
		err = (struct tb_err){ 0 };
		bad += v->verbs->order(v, a.order_id, &o, &err) == TB_OK &&
		    shelf.fail_in == 0;
		v->verbs->close(v);
		if (shelf.fail_in > 0)
			break;
		memshelf_die(&shelf);
		bad += strcmp(told(a.order_id), "FILLED 0.0025 100 0.6") != 0;
		bad += strcmp(balances(), "BTC 0.0025+0 USD 899.4+0") != 0;
	}
	is_int(bad, 0, "a late fill that fails is made once");
	ok(n > 10, "of %d calls each has failed", n - 1);
}

static void
test_damage(void)
{
	struct venue_request r;
	struct venue_answer a;
	struct venue_order o;
	struct tb_err err = { 0 };
	struct venue *v;
	int bad = 0;
	char *text;

	reset();
	r = request("hurt", SIDE_BUY, "100.60");
	a = place(&r);
	v = open_venue();
	for (size_t i = 0; i < shelf.now.count; i++) {
		if (strncmp(shelf.now.row[i].key, "order/", 6) != 0)
			continue;
		text = shelf.now.row[i].value;
		for (size_t cut = strlen(text); cut-- > 0;) {
			text[cut] = '\0';
			bad += v->verbs->order(v, a.order_id, &o, &err) !=
			    TB_EDISAGREE;
		}
	}
	is_int(bad, 0, "a record cut anywhere is damaged, not another order");
	v->verbs->close(v);
}

int
main(void)
{
	test_market_orders();
	test_rounding();
	test_refusals();
	test_overflow();
	test_same_again();
	test_replay();
	test_flows();
	test_limits_that_fill();
	test_limits_that_rest();
	test_lost();
	test_late_and_hidden();
	test_parts();
	test_fault_words();
	test_pages();
	test_failures(false);
	test_failures(true);
	test_failures_later();
	test_damage();
	memshelf_empty(&shelf);
	return tap_done();
}
