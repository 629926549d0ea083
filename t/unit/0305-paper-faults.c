/*
 * paper: how the embedded venue misbehaves when it is told to, and how it
 * fares when its shelf fails.
 */

#include "paperdesk.h"

/* -------------------------------------------------------------- faults -- */

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
	faults("fill-late=1");
	r = request("back", SIDE_BUY, "100.60");
	a = place(&r);
	books.instant_us = AT - 3600 * INSTANT_US_PER_S;
	is(told(a.order_id), "FILLED 0.0025 100 0.6", "the clock went back");
	is_int(order(a.order_id).updated_at_us, AT,
	    "no fill is older than its order");

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
