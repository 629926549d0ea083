#ifndef MEMSHELF_H
#define MEMSHELF_H

/*
 * memshelf: a shelf in memory for tests of the paper venue.  It can fail at
 * any of its calls, and die as a process does: what was not committed is gone.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "venue/paper.h"

#define MEMSHELF_ROWS 2048

struct memshelf_row {
	char key[PAPER_KEY_MAX];
	char *value;
};

struct memshelf_rows {
	struct memshelf_row row[MEMSHELF_ROWS]; /* sorted by key */
	size_t count;
};

struct shelf {
	struct memshelf_rows now, committed;
	bool in_transaction;
	int fail_in; /* calls until one fails; 0: none */
	int calls;   /* that were made */
	bool tears;  /* a commit that fails has written all the same */
	int commits;
};

static void
memshelf_copy(struct memshelf_rows *to, const struct memshelf_rows *from)
{
	for (size_t i = 0; i < to->count; i++)
		free(to->row[i].value);
	to->count = from->count;
	for (size_t i = 0; i < from->count; i++) {
		to->row[i] = from->row[i];
		to->row[i].value = strdup(from->row[i].value);
	}
}

static bool
memshelf_fails(struct shelf *s)
{
	s->calls++;
	return s->fail_in > 0 && --s->fail_in == 0;
}

static enum tb_status
memshelf_begin(struct shelf *s, struct tb_err *err)
{
	if (memshelf_fails(s))
		return tb_fail(err, TB_EBUSY, "begin: locked");
	if (s->in_transaction)
		abort();
	s->in_transaction = true;
	return TB_OK;
}

static void
memshelf_rollback(struct shelf *s)
{
	s->in_transaction = false;
	memshelf_copy(&s->now, &s->committed);
}

static enum tb_status
memshelf_commit(struct shelf *s, struct tb_err *err)
{
	bool fails = memshelf_fails(s);

	if (!s->in_transaction)
		abort();
	if (fails && !s->tears) {
		memshelf_rollback(s);
		return tb_fail(err, TB_EIO, "commit: no space");
	}
	s->in_transaction = false;
	s->commits++;
	memshelf_copy(&s->committed, &s->now);
	return fails ? tb_fail(err, TB_EIO, "commit: who knows") : TB_OK;
}

/* The first row whose key is not below. */
static size_t
memshelf_find(const struct memshelf_rows *rows, const char *key)
{
	size_t i = 0;

	while (i < rows->count && strcmp(rows->row[i].key, key) < 0)
		i++;
	return i;
}

static enum tb_status
memshelf_get(struct shelf *s, const char *key, struct buffer *out,
    struct tb_err *err)
{
	size_t i = memshelf_find(&s->now, key);

	if (memshelf_fails(s))
		return tb_fail(err, TB_EIO, "get: read error");
	if (i == s->now.count || strcmp(s->now.row[i].key, key) != 0)
		return TB_ENOENT;
	buffer_add_string(out, s->now.row[i].value);
	return TB_OK;
}

static enum tb_status
memshelf_put(struct shelf *s, const char *key, const char *value,
    struct tb_err *err)
{
	struct memshelf_rows *rows = &s->now;
	size_t i = memshelf_find(rows, key);

	if (memshelf_fails(s))
		return tb_fail(err, TB_EIO, "put: write error");
	if (!s->in_transaction || rows->count == MEMSHELF_ROWS)
		abort();
	if (i < rows->count && strcmp(rows->row[i].key, key) == 0) {
		free(rows->row[i].value);
	} else {
		memmove(&rows->row[i + 1], &rows->row[i],
		    (rows->count - i) * sizeof(rows->row[0]));
		rows->count++;
	}
	snprintf(rows->row[i].key, sizeof(rows->row[i].key), "%s", key);
	rows->row[i].value = strdup(value);
	return TB_OK;
}

static enum tb_status
memshelf_next(struct shelf *s, const char *after,
    char key[static PAPER_KEY_MAX], struct buffer *value, struct tb_err *err)
{
	size_t i = memshelf_find(&s->now, after);

	if (memshelf_fails(s))
		return tb_fail(err, TB_EIO, "next: read error");
	if (i < s->now.count && strcmp(s->now.row[i].key, after) == 0)
		i++;
	if (i == s->now.count)
		return TB_END;
	snprintf(key, PAPER_KEY_MAX, "%s", s->now.row[i].key);
	buffer_add_string(value, s->now.row[i].value);
	return TB_OK;
}

/* The process dies: what was under way is gone. */
__attribute__((unused)) static void
memshelf_die(struct shelf *s)
{
	memshelf_rollback(s);
	s->fail_in = 0;
}

static void
memshelf_empty(struct shelf *s)
{
	static const struct memshelf_rows none;

	memshelf_copy(&s->now, &none);
	memshelf_copy(&s->committed, &none);
	*s = (struct shelf){ .in_transaction = false };
}

static struct paper_shelf
memshelf(struct shelf *s)
{
	return (struct paper_shelf){ s, memshelf_begin, memshelf_commit,
		memshelf_rollback, memshelf_get, memshelf_put, memshelf_next };
}

#endif /* MEMSHELF_H */
