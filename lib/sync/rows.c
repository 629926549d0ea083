#include "sync/rows.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PEEK_MAX 64 /* bytes that are looked at to find out the format */

/* ------------------------------------------------------------ the format -- */

/* The first bytes of a pipe without taking them. */
static ssize_t
peek_pipe(int fd, char *buf, size_t size)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	ssize_t n = -1;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	do {
		(void)poll(&p, 1, -1);
		n = tee(fd, ends[1], size, 0);
	} while (n == -1 && (errno == EINTR || errno == EAGAIN));
	if (n > 0)
		n = read(ends[0], buf, (size_t)n);
	(void)close(ends[0]);
	(void)close(ends[1]);
	return n;
}

/* The first bytes of fd without taking them: of a file or of a pipe.  Others
 * tell nothing: 0. */
static size_t
peek(int fd, char *buf, size_t size)
{
	off_t at = lseek(fd, 0, SEEK_CUR);
	ssize_t n =
	    at == -1 ? peek_pipe(fd, buf, size) : pread(fd, buf, size, at);

	return n < 0 ? 0 : (size_t)n;
}

static bool
begins_as_json(int fd)
{
	char buf[PEEK_MAX];
	size_t len = peek(fd, buf, sizeof(buf));
	size_t at = 0;

	if (len >= 3 && memcmp(buf, "\xef\xbb\xbf", 3) == 0)
		at = 3;
	while (at < len && isspace((unsigned char)buf[at]))
		at++;
	return at < len && (buf[at] == '{' || buf[at] == '[');
}

/* The first of the names in "timestamp|start" that the file has, or -1. */
static int
csv_column_of(const struct csv *csv, const char *names)
{
	char name[64];

	while (*names != '\0') {
		size_t len = strcspn(names, "|");
		int column;

		assert(len < sizeof(name));
		memcpy(name, names, len);
		name[len] = '\0';
		column = csv_column(csv, name);
		if (column != -1)
			return column;
		names += len + (names[len] == '|');
	}
	return -1;
}

static enum tb_status
bind_columns(struct rows *r, struct tb_err *err)
{
	for (size_t i = 0; i < r->column_count; i++) {
		const struct rows_column *c = &r->columns[i];

		r->csv_at[i] = csv_column_of(r->csv, c->names);
		if (r->csv_at[i] == -1 && c->is_required)
			return tb_fail(err, TB_EINVAL, "%s:1: no column %.*s",
			    r->name, (int)strcspn(c->names, "|"), c->names);
	}
	return TB_OK;
}

enum tb_status
rows_open(struct rows *r, int fd, const char *name,
    const struct rows_column *columns, size_t column_count, struct tb_err *err)
{
	enum tb_status status;

	assert(column_count <= ROWS_COLUMNS_MAX);
	*r = (struct rows){
		.name = name, .columns = columns, .column_count = column_count
	};
	r->is_json = begins_as_json(fd);
	lines_init(&r->lines, fd, ROWS_DOCUMENT_MAX);
	if (!r->is_json) {
		status = csv_open(&r->csv, fd, name, err);
		return status == TB_OK ? bind_columns(r, err) : status;
	}
	r->tokens = calloc(ROWS_TOKENS_MAX, sizeof(*r->tokens));
	return r->tokens == NULL ? tb_nomem(err) : TB_OK;
}

void
rows_close(struct rows *r)
{
	csv_close(r->csv);
	lines_release(&r->lines);
	free(r->tokens);
}

/* ------------------------------------------------------------------- CSV -- */

static enum tb_status
next_of_csv(struct rows *r, struct tb_err *err)
{
	enum tb_status status = csv_next(r->csv, err);

	if (status != TB_OK)
		return status;
	r->line = csv_line(r->csv);
	for (size_t i = 0; i < r->column_count; i++)
		r->value[i] = csv_field(r->csv, r->csv_at[i], &r->len[i]);
	return TB_OK;
}

/* ------------------------------------------------------------------ JSON -- */

static const struct json_token *
member_of(const struct json *json, const struct json_token *object,
    const char *names)
{
	const struct json_token *t = json_first(json, object);

	for (; t != NULL; t = json_after(json, object, t))
		for (const char *n = names; *n != '\0';) {
			size_t len = strcspn(n, "|");

			if (t->len == len && memcmp(t->text, n, len) == 0)
				return t + 1;
			n += len + (n[len] == '|');
		}
	return NULL;
}

/* A member as text; null is none; a list or an object is no value. */
static enum tb_status
take(struct rows *r, size_t i, const struct json_token *t, struct tb_err *err)
{
	r->value[i] = "";
	r->len[i] = 0;
	if (t == NULL || t->kind == JSON_NULL)
		return TB_OK;
	if (t->kind != JSON_STRING && t->kind != JSON_NUMBER)
		return tb_fail(err, TB_EINVAL,
		    "%.*s: expected a number or a string",
		    (int)strcspn(r->columns[i].names, "|"),
		    r->columns[i].names);
	r->value[i] = t->text;
	r->len[i] = t->len;
	return TB_OK;
}

static const struct json_token *
nth(const struct json *json, const struct json_token *list, int at)
{
	const struct json_token *t = NULL;

	if (at >= 0)
		t = json_first(json, list);
	while (t != NULL && at-- > 0)
		t = json_after(json, list, t);
	return t;
}

static enum tb_status
take_row(struct rows *r, const struct json_token *t, struct tb_err *err)
{
	enum tb_status status = TB_OK;

	if (t->kind != JSON_OBJECT && t->kind != JSON_ARRAY)
		status = tb_fail(err, TB_EINVAL, "expected an object");
	for (size_t i = 0; i < r->column_count && status == TB_OK; i++)
		status = take(r, i,
		    t->kind == JSON_OBJECT ?
			member_of(&r->json, t, r->columns[i].names) :
			nth(&r->json, t, r->columns[i].array_at),
		    err);
	if (status != TB_OK)
		rows_at(r, err);
	return status;
}

/* The list of rows in a value: it, or a member of it; NULL: it is a row. */
static const struct json_token *
list_in(const struct json *json)
{
	const struct json_token *t = &json->tokens[0];

	if (t->kind == JSON_OBJECT) {
		t = member_of(json, t, "candles|trades|fills");
		return t != NULL && t->kind == JSON_ARRAY ? t : NULL;
	}
	if (t->kind == JSON_ARRAY &&
	    (t->size == 0 || t[1].kind == JSON_OBJECT ||
		t[1].kind == JSON_ARRAY))
		return t;
	return NULL;
}

/* A first line that does not end as it began is a document's. */
static bool
goes_on(const char *text, size_t len)
{
	while (len > 0 && isspace((unsigned char)text[len - 1]))
		len--;
	return len > 0 && text[len - 1] != '}' && text[len - 1] != ']';
}

static enum tb_status
read_value(struct rows *r, struct tb_err *err)
{
	enum tb_status status;
	size_t len, blank;
	char *text;

	do {
		status = lines_next(&r->lines, &text, &len, err);
		if (status != TB_OK)
			return status;
		r->line = r->lines.number;
		r->bytes += len + 1;
		if (r->line == 1 && goes_on(text, len)) {
			status = lines_rest(&r->lines, ROWS_DOCUMENT_MAX, &text,
			    &len, err);
			if (status != TB_OK)
				return status;
			r->bytes = len;
		}
		if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
			text += 3;
			len -= 3;
		}
		blank = strspn(text, " \t\r\n");
	} while (blank >= len);
	return json_read(text, len, r->tokens, ROWS_TOKENS_MAX, &r->json, err);
}

static enum tb_status
next_of_json(struct rows *r, struct tb_err *err)
{
	enum tb_status status;

	if (r->element != NULL)
		r->element = json_after(&r->json, r->list, r->element);
	while (r->element == NULL) {
		r->item = 0;
		status = read_value(r, err);
		if (status == TB_EINVAL)
			rows_at(r, err);
		if (status != TB_OK)
			return status;
		r->list = list_in(&r->json);
		if (r->list == NULL)
			return take_row(r, &r->json.tokens[0], err);
		r->element = json_first(&r->json, r->list);
	}
	r->item++;
	return take_row(r, r->element, err);
}

/* ------------------------------------------------------------------ both -- */

enum tb_status
rows_next(struct rows *r, struct tb_err *err)
{
	return r->is_json ? next_of_json(r, err) : next_of_csv(r, err);
}

void
rows_at(const struct rows *r, struct tb_err *err)
{
	if (r->item == 0)
		tb_err_at(err, "%s:%lu", r->name, r->line);
	else
		tb_err_at(err, "%s:%lu: element %lu", r->name, r->line,
		    r->item);
}

uint64_t
rows_progress(const struct rows *r)
{
	return r->is_json ? r->bytes : csv_progress(r->csv);
}
