/* A venue behind a program: what it does when the program misbehaves. */

#include "venue/program.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/instant.h"
#include "tap.h"

#define PATIENCE_MS 700

static char program[] = "t/lib/badvenue.pl";
static char dir[] = "/tmp/tb-program-XXXXXX";
static char seen[PATH_MAX]; /* places that the program read */
static char lock_path[PATH_MAX];
static int lock_fd = -1;
static struct tb_err err;

static struct venue *
open_bad(const char *how, const char *verb, int64_t patience_ms)
{
	const char *args[] = { how, verb, seen, NULL };
	const struct program_config config = { .name = "bad",
		.path = program,
		.args = args,
		.key_file = "/no/such/key",
		.lock_fd = &lock_fd,
		.answer_within_ms = patience_ms };
	struct venue *v;

	tb_err_clear(&err);
	if (program_open(&v, &config, &err) != TB_OK) {
		ok(false, "opened: %s", err.msg);
		exit(1);
	}
	return v;
}

static struct venue_answer
place(struct venue *v)
{
	const struct venue_request request = { .client_order_id = "c1",
		.product_id = "BTC-USD",
		.side = SIDE_BUY,
		.type = "market",
		.has_quote_size = true,
		.quote_size = DECIMAL_OF(25),
		.reference_price = DECIMAL_OF(100),
		.instant_us = 1 };
	struct venue_answer answer;

	v->verbs->place(v, &request, &answer);
	return answer;
}

static int
places_read(void)
{
	FILE *f = fopen(seen, "r");
	int n = 0;

	if (f == NULL)
		return 0;
	for (int c = getc(f); c != EOF; c = getc(f))
		n += c == '\n';
	fclose(f);
	(void)unlink(seen);
	return n;
}

/* Is the lock held by somebody?  Asked through another description. */
static bool
is_locked(void)
{
	int fd = open(lock_path, O_RDWR | O_CLOEXEC);
	bool taken = flock(fd, LOCK_EX | LOCK_NB) != 0;

	(void)close(fd);
	return taken;
}

/* End the program that hangs with an order: nobody else does. */
static void
end_hung(void)
{
	char path[PATH_MAX + 8], text[32] = "";
	long pid;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s.pid", seen);
	f = fopen(path, "r");
	if (f == NULL)
		return;
	pid = fgets(text, sizeof(text), f) == NULL ? 0 : strtol(text, NULL, 10);
	fclose(f);
	if (pid > 1) {
		(void)kill((pid_t)pid, SIGKILL);
		(void)waitpid((pid_t)pid, NULL, 0);
	}
	(void)unlink(path);
}

/* ------------------------------------------------------------- all well -- */

static void
test_well(void)
{
	struct venue *v = open_bad("well", "", 5000);
	char cursor[VENUE_CURSOR_MAX] = "";
	struct venue_balance balances[2];
	struct venue_preview preview;
	struct venue_hello hello;
	struct venue_order order;
	struct venue_request request = { .product_id = "BTC-USD",
		.type = "market",
		.has_quote_size = true,
		.quote_size = DECIMAL_OF(25) };
	struct venue_answer answer;
	struct decimal price;
	struct candle candles[1];
	struct fill fills[1];
	struct product products[1];
	struct venue_order orders[1];
	size_t count;

	ok(v->tells_price, "a program tells the price");
	ok(v->verbs->hello(v, &hello, &err) == TB_OK, "hello %s", err.msg);
	is(hello.account, "acc", "... its account");
	ok(v->verbs->price(v, "BTC-USD", &price, &err) == TB_OK &&
		price.v == DECIMAL_ONE_UNITS * 201 / 2,
	    "price %s", err.msg);
	ok(v->verbs->balances(v, cursor, balances, 2, &count, &err) == TB_OK &&
		count == 1,
	    "balances %s", err.msg);
	ok(v->verbs->products(v, cursor, products, 1, &count, &err) == TB_OK,
	    "products %s", err.msg);
	ok(v->verbs->candles(v, "BTC-USD", 300, 0, 300, candles, 1, &count,
	       &err) == TB_OK,
	    "candles %s", err.msg);
	ok(v->verbs->orders_since(v, 0, cursor, orders, 1, &count, &err) ==
		TB_OK,
	    "orders_since %s", err.msg);
	ok(v->verbs->fills_since(v, 0, NULL, cursor, fills, 1, &count, &err) ==
		TB_OK,
	    "fills_since %s", err.msg);
	ok(v->verbs->order(v, "o1", &order, &err) == TB_OK, "order %s",
	    err.msg);
	ok(v->verbs->cancel(v, "o1", &err) == TB_OK, "cancel %s", err.msg);
	ok(v->verbs->preview(v, &request, &preview, &err) == TB_OK,
	    "preview %s", err.msg);
	answer = place(v);
	is_int(answer.outcome, VENUE_ACCEPTED, "place");
	is(answer.order_id, "o1", "... with the order's id");
	ok(!answer.hung, "... and nothing hangs");
	is_int(places_read(), 1, "... it was asked once");
	v->verbs->close(v);
	ok(waitpid(-1, NULL, WNOHANG) == -1, "no child is left behind");
}

static void
test_surroundings(void)
{
	struct venue *v = open_bad("report", "hello", 5000);
	struct venue_hello hello;
	int stray = open("/dev/null", O_RDONLY); /* not close-on-exec */

	ok(v->verbs->hello(v, &hello, &err) == TB_EVENUE, "it reports");
	ok(strstr(err.msg, "hello: 0,1,2,3 ") != NULL,
	    "descriptors: the three and the lock (%s)", err.msg);
	ok(strstr(err.msg, "SECRET") == NULL && strstr(err.msg, "HOME") != NULL,
	    "the environment is cleaned");
	ok(strstr(err.msg, " own") != NULL, "its process group is its own");
	v->verbs->close(v);
	(void)close(stray);
}

/* ---------------------------------------------------- every verb but place */

static void
price_fails(const char *how, enum tb_status status, const char *words)
{
	struct venue *v = open_bad(how, "price", PATIENCE_MS);
	struct venue_hello hello;
	struct decimal price;
	enum tb_status got;

	got = v->verbs->price(v, "BTC-USD", &price, &err);
	is_int(got, status, how);
	ok(strstr(err.msg, words) != NULL, "... %s", err.msg);
	if (strcmp(how, "die-at-start") != 0 && strcmp(how, "deaf") != 0) {
		tb_err_clear(&err);
		ok(v->verbs->hello(v, &hello, &err) == TB_OK,
		    "... the next verb starts another: %s", err.msg);
	}
	v->verbs->close(v);
	ok(waitpid(-1, NULL, WNOHANG) == -1, "... no child is left behind");
}

static void
test_failures(void)
{
	static const struct {
		const char *how;
		enum tb_status status;
		const char *words;
	} cases[] = {
		{ "die-at-start", TB_ENET, "venue bad: price:" },
		{ "deaf", TB_ENET, "no answer in time" },
		{ "die", TB_ENET, "it ended without an answer" },
		{ "hang", TB_ENET, "no answer in time" },
		{ "close", TB_ENET, "it ended without an answer" },
		{ "late", TB_ENET, "no answer in time" },
		{ "half", TB_ENET, "it ended without an answer" },
		{ "nonsense", TB_EINVAL, "its answer makes no sense: byte 1" },
		{ "nonsense-and-hang", TB_EINVAL, "its answer makes no sense" },
		{ "wrong-id", TB_EINVAL, "id: expected 1, found 2" },
		{ "huge", TB_EINVAL, "a line longer than 1048576 bytes" },
		{ "busy", TB_EBUSY, "venue bad: price: later" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		price_fails(cases[i].how, cases[i].status, cases[i].words);
}

static void
test_odd_but_well(void)
{
	struct venue *v = open_bad("slow-bytes", "price", 5000);
	struct venue_hello hello;
	struct decimal price;

	ok(v->verbs->price(v, "BTC-USD", &price, &err) == TB_OK,
	    "an answer in single bytes is read: %s", err.msg);
	v->verbs->close(v);

	v = open_bad("twice", "price", 5000);
	ok(v->verbs->price(v, "BTC-USD", &price, &err) == TB_OK,
	    "of two answers the first is taken");
	ok(v->verbs->hello(v, &hello, &err) == TB_OK,
	    "... and the second is not taken for the next: %s", err.msg);
	v->verbs->close(v);

	v = open_bad("busy", "price", 5000);
	ok(v->verbs->price(v, "BTC-USD", &price, &err) == TB_EBUSY, "busy");
	is_int(v->retry_after_ms, 1500, "... and for how long");
	v->verbs->close(v);
}

static void
test_wrong_answers(void)
{
	const int64_t day_s = 1767225600; /* 2026-01-01 */
	struct venue *v = open_bad("circle", "balances", 5000);
	char cursor[VENUE_CURSOR_MAX] = "c7";
	struct venue_balance balances[1];
	struct candle candles[4];
	struct venue_order order;
	size_t count;

	ok(v->verbs->balances(v, cursor, balances, 1, &count, &err) ==
		TB_EINVAL,
	    "a cursor that stays: %s", err.msg);
	v->verbs->close(v);
	v = open_bad("other-order", "order", 5000);
	ok(v->verbs->order(v, "o1", &order, &err) == TB_EINVAL,
	    "another order: %s", err.msg);
	v->verbs->close(v);
	for (const char *const *how = (const char *const[]){ "outside",
		 "disorder", "bad-candle", NULL };
	     *how != NULL; how++) {
		v = open_bad(*how, "candles", 5000);
		ok(v->verbs->candles(v, "BTC-USD", 300, day_s, day_s + 900,
		       candles, 4, &count, &err) == TB_EINVAL,
		    "candles, %s: %s", *how, err.msg);
		is_int((long long)count, 0, "... none is handed out");
		v->verbs->close(v);
	}
}

/* ---------------------------------------------------------------- place -- */

static void
place_ends(const char *how, enum venue_outcome outcome, bool hung, int read)
{
	struct venue *v = open_bad(how, "place", PATIENCE_MS);
	struct venue_answer answer;

	lock_fd = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	(void)flock(lock_fd, LOCK_EX);
	answer = place(v);
	is(venue_outcome_name(answer.outcome), venue_outcome_name(outcome),
	    how);
	is_int(answer.hung, hung, "... does the lock have to stay?");
	is_int(places_read(), read, "... orders that it read");
	if (outcome != VENUE_ACCEPTED)
		ok(strncmp(answer.words, "venue bad: ", 11) == 0, "... %s",
		    answer.words);
	if (hung) {
		answer = place(v);
		is_int(answer.outcome, VENUE_NOT_SENT,
		    "... it is asked for no second order");
		ok(answer.hung, "... and the lock still has to stay");
	}
	v->verbs->close(v);
	(void)close(lock_fd); /* without LOCK_UN */
	lock_fd = -1;
	is_int(is_locked(), hung, "... is it held without us?");
	if (hung)
		end_hung();
	ok(!is_locked(), "... and free once the program is gone");
}

/* Started before the lock was there: started anew for an order, with it. */
static void
test_lock_comes_later(void)
{
	struct venue *v = open_bad("hang", "place", PATIENCE_MS);
	struct venue_answer answer;
	struct venue_hello hello;

	ok(v->verbs->hello(v, &hello, &err) == TB_OK, "asked without a lock");
	lock_fd = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	(void)flock(lock_fd, LOCK_EX);
	answer = place(v);
	ok(answer.hung, "an order, with the lock, hangs");
	v->verbs->close(v);
	(void)close(lock_fd);
	lock_fd = -1;
	ok(is_locked(), "... and the lock went with it");
	end_hung();
	ok(!is_locked(), "... until its end");
	(void)places_read();
}

/* A program that can't be run, or is not there. */
static void
test_no_program(void)
{
	struct program_config config = { .name = "nowhere" };
	const char *many[PROGRAM_ARGS_MAX + 1];
	struct venue *v = NULL;
	struct venue_hello hello;
	struct venue_answer answer;

	ok(program_open(&v, &config, &err) == TB_ECONFIG && v == NULL,
	    "no program: %s", err.msg);
	config.path = "/etc/passwd";
	ok(program_open(&v, &config, &err) == TB_OK, "a path is believed");
	ok(v->verbs->hello(v, &hello, &err) == TB_ECONFIG,
	    "... until it is run: %s", err.msg);
	answer = place(v);
	is_int(answer.outcome, VENUE_NOT_SENT, "... an order is not sent");
	v->verbs->close(v);
	for (size_t i = 0; i < PROGRAM_ARGS_MAX; i++)
		many[i] = "x";
	many[PROGRAM_ARGS_MAX] = NULL;
	config.args = many;
	ok(program_open(&v, &config, &err) == TB_ECONFIG,
	    "too many arguments: %s", err.msg);
	many[PROGRAM_ARGS_MAX - 1] = NULL;
	ok(program_open(&v, &config, &err) == TB_OK, "one less is taken");
	v->verbs->close(v);
}

static void
test_places(void)
{
	place_ends("well", VENUE_ACCEPTED, false, 1);
	place_ends("die-at-start", VENUE_UNKNOWN, false, 0);
	place_ends("die", VENUE_UNKNOWN, false, 1);
	place_ends("half", VENUE_UNKNOWN, false, 1);
	place_ends("hang-to-the-end", VENUE_UNKNOWN, false, 1);
	place_ends("nonsense", VENUE_UNKNOWN, false, 1);
	place_ends("wrong-id", VENUE_UNKNOWN, false, 1);
	place_ends("late", VENUE_UNKNOWN, false, 1);
}

static void
test_hung_places(void)
{
	static const char *const ways[] = { "hang", "close",
		"nonsense-and-hang" };

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		place_ends(ways[i], VENUE_UNKNOWN, true, 1);
}

/* The venue of share/examples, from hello to the fills of an order. */
static void
test_example(void)
{
	const struct program_config config = { .name = "example",
		.path = "share/examples/venue-example",
		.answer_within_ms = 10000 };
	struct venue_request request = {
		.client_order_id = "6c2f7a0e-6a53-4d53-9a3f-a1f6f1f00001",
		.product_id = "BTC-USD",
		.side = SIDE_BUY,
		.type = "market",
		.has_quote_size = true,
		.quote_size = DECIMAL_OF(25),
		.instant_us = 1,
		.send_before_ms = instant_boot_ms() + 60000
	};
	char cursor[VENUE_CURSOR_MAX] = "";
	struct venue_balance balances[4];
	struct venue_answer answer;
	struct venue_order order;
	struct fill fills[4];
	struct product products[4];
	struct venue_hello hello;
	struct venue *v;
	size_t count;

	if (system("python3 -c pass") != 0) {
		skip("no python3");
		return;
	}
	if (program_open(&v, &config, &err) != TB_OK) {
		ok(false, "the example: %s", err.msg);
		return;
	}
	ok(v->verbs->hello(v, &hello, &err) == TB_OK, "the example says hello");
	is(hello.account, "example", "... its account");
	ok(v->verbs->products(v, cursor, products, 4, &count, &err) == TB_OK &&
		count == 1,
	    "... its products %s", err.msg);
	v->verbs->place(v, &request, &answer);
	is(venue_outcome_name(answer.outcome), "accepted",
	    "... takes an order");
	is(answer.client_order_id, request.client_order_id, "... that one");
	v->verbs->place(v, &request, &answer);
	is(answer.order_id, "o1", "... the same order is one");
	request.client_order_id[0] = 'a';
	request.quote_size = DECIMAL_OF(100000);
	v->verbs->place(v, &request, &answer);
	is(answer.reason, "INSUFFICIENT_FUND", "... refuses another");
	request.send_before_ms = 1;
	v->verbs->place(v, &request, &answer);
	is(venue_outcome_name(answer.outcome), "not_sent",
	    "... and a late one");
	ok(v->verbs->order(v, "o1", &order, &err) == TB_OK && order.settled &&
		order.filled_value.v == 25 * DECIMAL_ONE_UNITS,
	    "... tells of it %s", err.msg);
	ok(v->verbs->fills_since(v, 0, "o1", cursor, fills, 4, &count, &err) ==
		    TB_OK &&
		count == 1 && fills[0].size.v == DECIMAL_ONE_UNITS / 4,
	    "... and of its fill %s", err.msg);
	ok(v->verbs->balances(v, cursor, balances, 4, &count, &err) == TB_OK &&
		count == 2 &&
		balances[0].available.v == 9975 * DECIMAL_ONE_UNITS,
	    "... and of what is left %s", err.msg);
	ok(v->verbs->order(v, "o2", &order, &err) == TB_ENOENT,
	    "... but not of another order: %s", err.msg);
	v->verbs->close(v);
}

int
main(void)
{
	(void)signal(SIGPIPE, SIG_IGN);
	(void)setenv("A_SECRET", "x", 1);
	if (mkdtemp(dir) == NULL || access(program, X_OK) != 0) {
		skip("run from the top of the tree");
		return tap_done();
	}
	(void)snprintf(seen, sizeof(seen), "%s/seen", dir);
	(void)snprintf(lock_path, sizeof(lock_path), "%s/lock", dir);
	test_example();
	test_well();
	lock_fd = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	test_surroundings();
	(void)close(lock_fd);
	lock_fd = -1;
	test_failures();
	test_odd_but_well();
	test_wrong_answers();
	test_no_program();
	test_lock_comes_later();
	test_places();
	test_hung_places();
	(void)unlink(lock_path);
	(void)unlink(seen);
	(void)rmdir(dir);
	return tap_done();
}
