/*
 * legacy: a database of the old system, as dirty as it may be, through all of
 * a plan: every row is told once and has one place, the sums are those of what
 * was told, and rows and contexts are JSON.
 *
 * An input is the image of a database, or lines that make one.  "=t" and
 * letters make the table trades of those columns, in that order; "t" and cells
 * between bars is a row of it.  b, h, r, x: bots, history, raw_trades, another.
 * A cell is nothing, or i and an integer, r and a real, x and bytes, else a
 * text without its first letter.  Behind a line of % begins a second file.
 */

#include <assert.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/json.h"
#include "legacy/bots.h"
#include "legacy/plan.h"

#include "fuzz.h"

#define INPUT_MAX (1UL << 17)
#define COLUMNS_MAX 32
#define FILES_MAX 2
#define TOKENS_MAX 8192
#define NOW_US INT64_C(1761955200000000) /* 2025-11-01 */

static const struct shape {
	char letter;
	const char *table;
	const char *columns[COLUMNS_MAX]; /* a, b, c, ... */
} shapes[] = {
	{ 't', "trades",
	    { "id INTEGER PRIMARY KEY", "bot_id INTEGER", "product_id VARCHAR",
		"side VARCHAR", "size FLOAT", "price FLOAT", "fee FLOAT",
		"order_id VARCHAR UNIQUE", "status VARCHAR",
		"combined_signal_score FLOAT", "signal_scores TEXT",
		"size_usd FLOAT", "created_at DATETIME", "filled_at DATETIME",
		"commission FLOAT", "size_in_quote BOOLEAN",
		"position_tranches TEXT", "average_entry_price NUMERIC(20, 8)",
		"tranche_number INTEGER", "position_status VARCHAR",
		"trading_mode VARCHAR", "mood TEXT", "id INTEGER",
		"order_id VARCHAR" } },
	{ 'r', "raw_trades",
	    { "id INTEGER PRIMARY KEY", "fill_id VARCHAR NOT NULL",
		"order_id VARCHAR", "product_id VARCHAR", "side VARCHAR",
		"size FLOAT", "size_in_quote BOOLEAN", "price FLOAT",
		"commission FLOAT", "created_at VARCHAR", "synced_at DATETIME",
		"size_usd REAL", "id INTEGER" } },
	{ 'b', "bots",
	    { "id INTEGER PRIMARY KEY", "name VARCHAR", "pair VARCHAR",
		"status VARCHAR", "position_size_usd FLOAT",
		"confirmation_minutes INTEGER", "cooldown_minutes INTEGER",
		"signal_config TEXT", "id INTEGER" } },
	{ 'h', "bot_signal_history",
	    { "id INTEGER PRIMARY KEY", "bot_id INTEGER", "timestamp DATETIME",
		"combined_score FLOAT", "action VARCHAR", "price FLOAT" } },
	{ 'x', "notes", { "a", "b TEXT", "c NUMERIC" } },
};

#define SHAPES (sizeof(shapes) / sizeof(shapes[0]))

static char folder[64], path[FILES_MAX][80];
static struct json_token tokens[TOKENS_MAX];

/* -------------------------------------------------------- a database made -- */

static void
make_table(sqlite3 *handle, const struct shape *s, const char *letters)
{
	char sql[4096];
	size_t used, count = 0;

	used =
	    (size_t)snprintf(sql, sizeof(sql), "CREATE TABLE %s (", s->table);
	for (; *letters != '\0' && count < COLUMNS_MAX; letters++) {
		size_t i = (unsigned char)*letters - (size_t)'a';

		if (i >= COLUMNS_MAX || s->columns[i] == NULL)
			continue;
		used += (size_t)snprintf(sql + used, sizeof(sql) - used, "%s%s",
		    count++ == 0 ? "" : ", ", s->columns[i]);
	}
	(void)snprintf(sql + used, sizeof(sql) - used, ")");
	(void)sqlite3_exec(handle, sql, NULL, NULL, NULL); /* or it is none */
}

static void
bind(sqlite3_stmt *q, int at, const char *cell, size_t len)
{
	char number[64];

	if (len == 0)
		return;
	(void)snprintf(number, sizeof(number), "%.*s", (int)(len - 1),
	    cell + 1);
	if (*cell == 'i')
		sqlite3_bind_int64(q, at, strtoll(number, NULL, 10));
	else if (*cell == 'r')
		sqlite3_bind_double(q, at, strtod(number, NULL));
	else if (*cell == 'x')
		sqlite3_bind_blob(q, at, cell + 1, (int)len - 1,
		    SQLITE_TRANSIENT);
	else
		sqlite3_bind_text(q, at, cell + 1, (int)len - 1,
		    SQLITE_TRANSIENT);
}

/* As many cells as the table has columns; a row that it refuses is none. */
static void
make_row(sqlite3 *handle, const struct shape *s, const char *cells)
{
	char sql[256];
	sqlite3_stmt *q = NULL;
	int columns;

	(void)snprintf(sql, sizeof(sql), "SELECT * FROM %s", s->table);
	if (sqlite3_prepare_v2(handle, sql, -1, &q, NULL) != SQLITE_OK)
		return;
	columns = sqlite3_column_count(q);
	(void)sqlite3_finalize(q);
	(void)snprintf(sql, sizeof(sql), "INSERT INTO %s VALUES (?1%.*s)",
	    s->table, 2 * (columns - 1),
	    ",?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?"
	    ",?,?,?,?,?,?,?,?,?,?,?,?,?,?");
	if (sqlite3_prepare_v2(handle, sql, -1, &q, NULL) != SQLITE_OK)
		return;
	for (int i = 1; i <= columns; i++) {
		size_t len = strcspn(cells, "|");

		bind(q, i, cells, len);
		cells += len;
		cells += *cells == '|';
	}
	(void)sqlite3_step(q);
	(void)sqlite3_finalize(q);
}

static void
make_line(sqlite3 *handle, const char *line)
{
	bool table = *line == '=';

	line += table;
	for (size_t i = 0; i < SHAPES; i++)
		if (*line == shapes[i].letter && table)
			make_table(handle, &shapes[i], line + 1);
		else if (*line == shapes[i].letter)
			make_row(handle, &shapes[i], line + 1);
}

/* The image of the database that the lines make; to be freed. */
static unsigned char *
make(const uint8_t *data, size_t size, size_t *out_size)
{
	sqlite3_int64 bytes = 0;
	unsigned char *image;
	sqlite3 *handle;
	char *text = malloc(size + 1), *line = text;

	assert(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	assert(sqlite3_open(":memory:", &handle) == SQLITE_OK);
	assert(sqlite3_exec(handle, "PRAGMA page_size = 512; BEGIN", NULL, NULL,
		   NULL) == SQLITE_OK);
	while (line < text + size) {
		size_t len = strcspn(line, "\n");

		line[len] = '\0';
		make_line(handle, line);
		line += len + 1;
	}
	assert(sqlite3_exec(handle, "COMMIT", NULL, NULL, NULL) == SQLITE_OK);
	image = sqlite3_serialize(handle, "main", &bytes, 0);
	*out_size = (size_t)bytes;
	(void)sqlite3_close(handle);
	free(text);
	return image;
}

/* ---------------------------------------------------------------- oracle -- */

struct told {
	struct legacy_plan *plan;
	int64_t rows, open[3];
	struct decimal usd[2]; /* filled, by side */
	struct buffer text;
};

static void
is_json(struct told *t)
{
	struct json j;
	struct tb_err err;

	assert(buffer_status(&t->text, &err) == TB_OK);
	if (json_read(t->text.data, t->text.len, tokens, TOKENS_MAX, &j,
		&err) != TB_OK)
		assert(strstr(err.msg, "more than") != NULL);
}

static void
check_trade(const struct legacy_item *item)
{
	assert(item->order_id[0] != '\0' && item->product_id[0] != '\0');
	assert(item->triggered_by[0] != '\0');
	assert(decimal_sign(item->commission) >= 0 || !item->fee_unknown);
	if (item->state != LEGACY_FILLED)
		return;
	assert(decimal_sign(item->size_crypto) >= 0);
	assert(decimal_sign(item->price) > 0);
	assert(decimal_sign(item->size_usd) >= 0);
	assert(item->filled_us != 0 && item->created_us != 0);
}

static enum tb_status
tell(const struct legacy_item *item, void *arg, struct tb_err *err)
{
	struct told *t = arg;
	bool merged = item->disposition == LEGACY_MERGE;

	t->rows++;
	assert((item->reason != LEGACY_NO_REASON) ==
	    (merged || item->disposition == LEGACY_QUARANTINE));
	assert(merged == (item->into_count > 0));
	buffer_clear(&t->text);
	assert(legacy_plan_row(t->plan, item, &t->text, err) == TB_OK);
	is_json(t);
	if (item->disposition != LEGACY_KEEP &&
	    item->disposition != LEGACY_CONVERT)
		return TB_OK;
	t->open[item->state]++;
	check_trade(item);
	if (item->state == LEGACY_FILLED)
		(void)decimal_add(t->usd[item->side], item->size_usd,
		    &t->usd[item->side]);
	buffer_clear(&t->text);
	assert(legacy_plan_context(t->plan, item, &t->text, err) == TB_OK);
	is_json(t);
	return TB_OK;
}

static enum tb_status
tell_other(const struct legacy_item *item, void *arg, struct tb_err *err)
{
	static struct legacy_bot bot;
	struct told *t = arg;

	buffer_clear(&t->text);
	assert(legacy_plan_row(t->plan, item, &t->text, err) == TB_OK);
	if (strcmp(item->table, "bots") == 0)
		assert(legacy_bot_read(t->text.data, t->text.len, &bot, err) ==
		    TB_OK);
	is_json(t);
	return TB_OK;
}

static int64_t
rows_of(const struct legacy_source *s, const struct foreign_table *table)
{
	struct tb_err err;
	int64_t rows = 0;

	if (table != NULL)
		assert(foreign_count(s->file, table, &rows, &err) == TB_OK);
	return rows;
}

static int64_t
rows_of_all(const struct legacy_plan *plan)
{
	const struct legacy_source *s;
	int64_t rows = 0;
	size_t count;

	s = legacy_plan_sources(plan, &count);
	for (size_t i = 0; i < count; i++)
		rows += rows_of(&s[i], s[i].variant.trades) +
		    rows_of(&s[i], s[i].variant.raw);
	return rows;
}

static void
check_report(const struct told *t)
{
	const struct legacy_report *r = legacy_plan_report(t->plan);
	struct decimal usd[2] = { 0 };
	int64_t places = 0, filled = 0;

	assert(t->rows == rows_of_all(t->plan));
	assert(r->rows == t->rows);
	for (int i = 0; i < LEGACY_DISPOSITIONS; i++)
		places += r->dispositions[i];
	assert(places == t->rows);
	for (int i = 0; i < 3; i++)
		assert(r->states[i] == t->open[i]);
	for (size_t i = 0; i < r->product_count; i++) {
		const struct legacy_product *p = &r->products[i];

		filled += p->buys + p->sells;
		(void)decimal_add(usd[SIDE_BUY], p->buy_usd, &usd[SIDE_BUY]);
		(void)decimal_add(usd[SIDE_SELL], p->sell_usd, &usd[SIDE_SELL]);
	}
	assert(filled == t->open[LEGACY_FILLED]);
	assert(decimal_cmp(usd[SIDE_BUY], t->usd[SIDE_BUY]) == 0);
	assert(decimal_cmp(usd[SIDE_SELL], t->usd[SIDE_SELL]) == 0);
}

static void
plan(size_t count)
{
	const char *const paths[] = { path[0], path[1] };
	const struct legacy_options options = { .folder = folder,
		.cap_usd = DECIMAL_OF(LEGACY_CAP_USD),
		.now_us = NOW_US };
	struct told t = { 0 };
	struct tb_err err = { 0 };
	enum tb_status status;

	buffer_init(&t.text, 1UL << 24);
	status = legacy_plan_open(&t.plan, paths, count, &options, &err);
	if (status == TB_OK)
		status = legacy_plan_each(t.plan, tell, &t, &err);
	if (status == TB_OK)
		status = legacy_plan_rest(t.plan, tell_other, &t, &err);
	if (status == TB_OK)
		check_report(&t);
	else
		assert(err.msg[0] != '\0' && status != TB_EBUG);
	legacy_plan_close(t.plan);
	buffer_release(&t.text);
}

/* ------------------------------------------------------------------ run -- */

static void
clean_up(void)
{
	for (int i = 0; i < FILES_MAX; i++)
		(void)unlink(path[i]);
	(void)rmdir(folder);
}

static void
start(void)
{
	const char *shm = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

	(void)snprintf(folder, sizeof(folder), "%s/tb-fuzz-XXXXXX", shm);
	assert(mkdtemp(folder) != NULL);
	for (int i = 0; i < FILES_MAX; i++)
		(void)snprintf(path[i], sizeof(path[i]), "%s/old%d.db", folder,
		    i);
	assert(atexit(clean_up) == 0);
}

static void
put(const char *name, const void *bytes, size_t size)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert(fd != -1 && write(fd, bytes, size) == (ssize_t)size);
	(void)close(fd);
}

static void
put_made(const char *name, const uint8_t *lines, size_t size)
{
	unsigned char *image = make(lines, size, &size);

	put(name, image, size);
	sqlite3_free(image);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *second;
	size_t len;

	if (size > INPUT_MAX)
		return 0;
	if (folder[0] == '\0')
		start();
	if (size >= 7 && memcmp(data, "SQLite ", 7) == 0) {
		put(path[0], data, size);
		plan(1);
		return 0;
	}
	second = memmem(data, size, "\n%\n", 3);
	len = second == NULL ? size : (size_t)(second - data);
	put_made(path[0], data, len);
	if (second != NULL)
		put_made(path[1], second + 3, size - len - 3);
	plan(second == NULL ? 1 : 2);
	return 0;
}
