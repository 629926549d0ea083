#ifndef OLDDB_H
#define OLDDB_H

/*
 * olddb: databases of the old system, as dirty as they may be, out of bytes.
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
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OLDDB_MAX (1UL << 17) /* bytes of an input */
#define OLDDB_FILES_MAX 2
#define OLDDB_NOW_US INT64_C(1761955200000000) /* 2025-11-01 */
#define COLUMNS_MAX 32

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

/* Where they are: in memory, where there is such a place. */
static char olddb_folder[64], olddb_path[OLDDB_FILES_MAX][80];

/* ----------------------------------------------------------------- lines -- */

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

/* ----------------------------------------------------------------- files -- */

static void
clean_up(void)
{
	char command[96];

	(void)snprintf(command, sizeof(command), "rm -r %s", olddb_folder);
	if (system(command) != 0)
		perror(olddb_folder);
}

static void
start(void)
{
	const char *shm = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

	(void)snprintf(olddb_folder, sizeof(olddb_folder), "%s/tb-fuzz-XXXXXX",
	    shm);
	assert(mkdtemp(olddb_folder) != NULL);
	for (int i = 0; i < OLDDB_FILES_MAX; i++)
		(void)snprintf(olddb_path[i], sizeof(olddb_path[i]),
		    "%s/old%d.db", olddb_folder, i);
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

/* olddb_put: the files of an input. returns: how many; 0: it is too long */
static size_t
olddb_put(const uint8_t *data, size_t size)
{
	const uint8_t *second;
	size_t len;

	if (size > OLDDB_MAX)
		return 0;
	if (olddb_folder[0] == '\0')
		start();
	if (size >= 7 && memcmp(data, "SQLite ", 7) == 0) {
		put(olddb_path[0], data, size);
		return 1;
	}
	second = memmem(data, size, "\n%\n", 3);
	len = second == NULL ? size : (size_t)(second - data);
	put_made(olddb_path[0], data, len);
	if (second == NULL)
		return 1;
	put_made(olddb_path[1], second + 3, size - len - 3);
	return 2;
}

#endif /* OLDDB_H */
