/*
 * shelf: the paper venue's memory on disk, and the paper venue over it: in
 * one process after another, killed at any step between.
 */

#include "store/shelf.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/instant.h"
#include "venue/paper.h"

#include "tap.h"

#define AT INT64_C(1757586600000000) /* 2025-09-11T10:30:00Z */

static char path[256];

static enum tb_status
put(struct shelf *s, const char *key, const char *value)
{
	struct tb_err err = { 0 };

	return shelf_put(s, key, value, &err);
}

static const char *
get(struct shelf *s, const char *key)
{
	static char text[TB_ERR_MAX];
	struct buffer b;
	struct tb_err err = { 0 };
	enum tb_status status;

	buffer_init(&b, sizeof(text) - 1);
	status = shelf_get(s, key, &b, &err);
	snprintf(text, sizeof(text), "%s",
	    status == TB_OK	    ? buffer_string(&b) :
		status == TB_ENOENT ? "(none)" :
				      err.msg);
	buffer_release(&b);
	return text;
}

static void
test_dictionary(void)
{
	struct tb_err err = { 0 };
	char key[SHELF_KEY_MAX] = "", long_key[SHELF_KEY_MAX + 1];
	struct shelf *s, *other;
	struct buffer value;
	struct stat st;

	is_int(shelf_open_dry(&s, path, &err), TB_OK, "one that keeps nothing");
	ok(access(path, F_OK) == -1, "makes no file");
	shelf_close(s);
	is_int(shelf_open(&s, path, &err), TB_OK, "a new one");
	ok(stat(path, &st) == 0 && (st.st_mode & 07777) == 0600,
	    "its file is 0600");
	is(get(s, "a"), "(none)", "is empty");
	is_int(shelf_begin(s, &err), TB_OK, "begin");
	is_int(put(s, "a", "1"), TB_OK, "put");
	is_int(put(s, "a/b", "2"), TB_OK, "put");
	is_int(put(s, "b", ""), TB_OK, "put nothing");
	is_int(put(s, "a", "3"), TB_OK, "replace");
	is_int(shelf_commit(s, &err), TB_OK, "commit");
	is_int(shelf_begin(s, &err), TB_OK, "begin");
	is_int(put(s, "a", "4"), TB_OK, "replace");
	is(get(s, "a"), "4", "is seen within");
	shelf_rollback(s);
	is(get(s, "a"), "3", "and gone with the rollback");

	is_int(shelf_open(&other, path, &err), TB_OK, "opened again");
	is(get(other, "a/b"), "2", "it is there");
	buffer_init(&value, 64);
	is_int(shelf_next(other, key, key, &value, &err), TB_OK, "walk");
	is(key, "a", "the first key");
	is_int(shelf_next(other, key, key, &value, &err), TB_OK, "on");
	is(key, "a/b", "in the order of bytes");
	is_int(shelf_next(other, key, key, &value, &err), TB_OK, "on");
	is_int(shelf_next(other, key, key, &value, &err), TB_END, "the end");
	is(buffer_string(&value), "32", "values are appended");
	buffer_release(&value);

	memset(long_key, 'k', sizeof(long_key));
	long_key[SHELF_KEY_MAX - 1] = '\0';
	is_int(shelf_begin(s, &err), TB_OK, "begin");
	is_int(put(s, long_key, ""), TB_OK, "the longest key");
	long_key[SHELF_KEY_MAX - 1] = 'k';
	long_key[SHELF_KEY_MAX] = '\0';
	ok(put(s, long_key, "") != TB_OK, "one byte longer is refused");
	shelf_rollback(s);
	shelf_close(other);
	shelf_close(s);
	shelf_close(NULL);
}

static void
sql(const char *text)
{
	sqlite3 *db;

	if (sqlite3_open(path, &db) != SQLITE_OK ||
	    sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
		ok(false, "the test's own SQL: %s", text);
	sqlite3_close(db);
}

static void
test_strangers(void)
{
	struct tb_err err = { 0 };
	struct shelf *s;
	FILE *file;

	sql("PRAGMA user_version=2");
	is_int(shelf_open(&s, path, &err), TB_ECONFIG, "a newer version");
	ok(s == NULL, "opens nothing");
	sql("PRAGMA user_version=1; PRAGMA application_id=7");
	is_int(shelf_open(&s, path, &err), TB_ECONFIG, "another program's");
	unlink(path);
	file = fopen(path, "w");
	fputs("this is no database at all, but text that is long enough\n",
	    file);
	fclose(file);
	ok(shelf_open(&s, path, &err) != TB_OK, "no database");
	unlink(path);
	if (symlink("/etc/passwd", path) != 0)
		ok(false, "symlink");
	is_int(shelf_open(&s, path, &err), TB_EPERM, "a symbolic link");
	unlink(path);
	file = fopen(path, "w");
	fclose(file);
	chmod(path, 0600);
	is_int(shelf_open(&s, path, &err), TB_OK,
	    "what a killed process left empty");
	shelf_close(s);
	unlink(path);
	is_int(shelf_open(&s, "/nowhere/x.paper", &err), TB_EIO,
	    "no such folder");
}

/* ------------------------------------------------ the venue, killed ------ */

static int64_t
books_instant(void *arg)
{
	(void)arg;
	return AT;
}

static enum tb_status
books_product(void *arg, const char *product_id, struct product *out,
    struct tb_err *err)
{
	(void)arg;
	(void)err;
	*out = product_assumed(product_id);
	return TB_OK;
}

static enum tb_status
books_price(void *arg, const char *product_id, struct decimal *out,
    struct tb_err *err)
{
	(void)arg;
	(void)product_id;
	(void)out;
	(void)err;
	return TB_ENOENT;
}

static enum tb_status
books_flows(void *arg, int64_t after_id, struct paper_flow *out, size_t max,
    size_t *count, struct tb_err *err)
{
	(void)arg;
	(void)max;
	(void)err;
	*count = after_id < 1;
	out[0] = (struct paper_flow){ 1, "USD", DECIMAL_OF(1000) };
	return TB_OK;
}

static int steps_to_live; /* calls of the shelf; 0: for ever */

/* Death comes without a word, before or after the call. */
static void
live_on(void)
{
	if (steps_to_live > 0 && --steps_to_live == 0)
		raise(SIGKILL);
}

static enum tb_status
dying_begin(struct shelf *s, struct tb_err *err)
{
	enum tb_status status;

	live_on();
	status = shelf_begin(s, err);
	live_on();
	return status;
}

static enum tb_status
dying_commit(struct shelf *s, struct tb_err *err)
{
	enum tb_status status;

	live_on();
	status = shelf_commit(s, err);
	live_on();
	return status;
}

static enum tb_status
dying_put(struct shelf *s, const char *key, const char *value,
    struct tb_err *err)
{
	enum tb_status status = shelf_put(s, key, value, err);

	live_on();
	return status;
}

/* Place the same order, in this process. */
static struct venue_answer
place(void)
{
	struct venue_answer a = { .outcome = VENUE_UNKNOWN };
	struct tb_err err = { 0 };
	struct venue *v;
	struct paper_config config = {
		.shelf = { NULL, dying_begin, dying_commit, shelf_rollback,
		    shelf_get, dying_put, shelf_next },
		.books = { NULL, books_instant, books_product, books_price,
		    books_flows },
	};
	struct venue_request r = {
		.client_order_id = "killed",
		.product_id = "BTC-USD",
		.type = "market",
		.has_quote_size = true,
		.quote_size = DECIMAL_OF(100),
		.reference_price = DECIMAL_OF(40000),
		.instant_us = AT,
		.send_before_ms = instant_boot_ms() + VENUE_SEND_WITHIN_MS,
	};

	if (shelf_open(&config.shelf.shelf, path, &err) == TB_OK &&
	    paper_open(&v, &config, &err) == TB_OK) {
		v->verbs->place(v, &r, &a);
		v->verbs->close(v);
	}
	shelf_close(config.shelf.shelf);
	return a;
}

/* How a process fares that dies after so many steps. */
static bool
was_killed(int steps)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		steps_to_live = steps;
		(void)place();
		_exit(0);
	}
	waitpid(child, &status, 0);
	return WIFSIGNALED(status);
}

static void
test_kills(void)
{
	struct venue_answer a;
	struct shelf *s;
	struct tb_err err = { 0 };
	int bad = 0, kills = 0;

	for (int steps = 1;; steps++) {
		unlink(path);
		if (!was_killed(steps))
			break;
		kills++;
		a = place();
		bad += a.outcome != VENUE_ACCEPTED;
		bad += shelf_open(&s, path, &err) != TB_OK;
		bad += strcmp(get(s, "balance/USD"),
			   "{\"total\":\"900\",\"hold\":\"0\"}") != 0;
		bad += strcmp(get(s, "balance/BTC"),
			   "{\"total\":\"0.0025\",\"hold\":\"0\"}") != 0;
		bad += strcmp(get(s, "count/fills"), "1") != 0;
		shelf_close(s);
	}
	is_int(bad, 0, "killed anywhere, and asked again: one order");
	ok(kills > 8, "at %d places", kills);
}

int
main(void)
{
	char folder[] = "/tmp/shelf-XXXXXX";

	if (mkdtemp(folder) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/tb.db.paper", folder);
	test_dictionary();
	test_strangers();
	test_kills();
	unlink(path);
	rmdir(folder);
	return tap_done();
}
