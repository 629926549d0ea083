#include "io/csv.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "io/csv_source.h"
#include "io/utf8.h"

#define ROOM ((size_t)2 * CSV_ROW_MAX) /* a row and what was read behind it */

struct field {
	char *text; /* NUL-terminated */
	size_t len;
};

struct csv {
	struct csv_source source;
	char *header;			    /* the first row, owned */
	const char *names[CSV_COLUMNS_MAX]; /* in header */
	size_t columns;
	struct field fields[CSV_COLUMNS_MAX];
	char text[ROOM + 1];
	size_t start, len;	 /* of what was not handed out yet */
	bool at_end;		 /* the source has ended */
	unsigned long line;	 /* where the row last read begins */
	unsigned long next_line; /* where the next one begins */
};

/* The end of a row that was found: a newline, or the end of the file. */
struct row {
	size_t end;	     /* of its bytes, without the newline */
	size_t next;	     /* where the next row begins */
	unsigned long lines; /* that it covers */
};

static enum tb_status
fill(struct csv *csv, struct tb_err *err)
{
	size_t n;
	enum tb_status status;

	memmove(csv->text, &csv->text[csv->start], csv->len - csv->start);
	csv->len -= csv->start;
	csv->start = 0;
	status = csv_source_read(&csv->source, &csv->text[csv->len],
	    ROOM - csv->len, &n, err);
	csv->len += n;
	csv->at_end = n == 0;
	return status;
}

/*
 * The end of the row at the start, if it is in the text: quotes hide
 * newlines.
 *
 * returns: TB_OK; TB_END not all of it is here; TB_EINVAL a quote that never
 *	    closes
 */
static enum tb_status
find_end(const struct csv *csv, struct row *row)
{
	const char *s = csv->text;
	size_t i = csv->start;
	bool quoted = false, at_field = true;

	row->lines = 1;
	for (; i < csv->len && (quoted || s[i] != '\n'); i++) {
		if (s[i] == '"' && (quoted || at_field))
			quoted = !quoted; /* twice for a doubled one */
		else if (quoted && s[i] == '\n')
			row->lines++;
		at_field = !quoted && (s[i] == ',' || s[i] == '"');
	}
	row->end = i;
	row->next = i < csv->len ? i + 1 : i;
	if (i < csv->len)
		return TB_OK;
	if (csv->at_end || i - csv->start > CSV_ROW_MAX)
		return quoted ? TB_EINVAL : csv->at_end ? TB_OK : TB_END;
	return TB_END;
}

/* As find_end(), for the rows of nearly all files: those without quotes. */
static enum tb_status
find_row(const struct csv *csv, struct row *row)
{
	const char *from = &csv->text[csv->start];
	const char *newline = memchr(from, '\n', csv->len - csv->start);
	size_t len =
	    newline == NULL ? csv->len - csv->start : (size_t)(newline - from);

	if (memchr(from, '"', len) != NULL)
		return find_end(csv, row);
	row->lines = 1;
	row->end = csv->start + len;
	row->next = newline == NULL ? row->end : row->end + 1;
	return newline != NULL || csv->at_end ? TB_OK : TB_END;
}

/* Go on behind the first line of what is no row. */
static enum tb_status
skip_line(struct csv *csv, struct tb_err *err)
{
	enum tb_status status = TB_OK;

	for (;;) {
		const char *newline =
		    memchr(&csv->text[csv->start], '\n', csv->len - csv->start);

		if (newline != NULL) {
			csv->start = (size_t)(newline - csv->text) + 1;
			break;
		}
		csv->start = csv->len;
		if (csv->at_end)
			break;
		status = fill(csv, err);
		if (status != TB_OK)
			return status;
	}
	csv->next_line = csv->line + 1;
	return TB_OK;
}

TB_PRINTF(3, 4)
static enum tb_status
fail_row(const struct csv *csv, struct tb_err *err, const char *fmt, ...)
{
	char message[TB_ERR_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	return tb_fail(err, TB_EINVAL, "%s:%lu: %s", csv->source.name,
	    csv->line, message);
}

/* A field in quotes, from behind the first: unquoted in place. */
static char *
unquote(char *from, const char *end, struct field *out)
{
	char *to = from;

	out->text = from;
	while (from < end) {
		if (*from == '"' && (++from == end || *from != '"'))
			break;
		*to++ = *from++;
	}
	out->len = (size_t)(to - out->text);
	return from;
}

/* Cut the row into fields. */
static enum tb_status
split(struct csv *csv, char *row, char *end, size_t *out_count,
    struct tb_err *err)
{
	size_t count = 0;
	char *p = row;

	*end = '\0';
	for (;;) {
		struct field *f = &csv->fields[count];

		if (count++ == CSV_COLUMNS_MAX)
			return fail_row(csv, err, "more than %d fields",
			    CSV_COLUMNS_MAX);
		if (p < end && *p == '"') {
			p = unquote(p + 1, end, f);
			if (p < end && *p != ',')
				return fail_row(csv, err,
				    "field %zu: expected a comma behind the "
				    "quote",
				    count);
		} else {
			f->text = p;
			p = memchr(p, ',', (size_t)(end - p));
			p = p == NULL ? end : p;
			f->len = (size_t)(p - f->text);
			if (memchr(f->text, '"', f->len) != NULL)
				return fail_row(csv, err,
				    "field %zu: a quote inside", count);
		}
		f->text[f->len] = '\0';
		if (p >= end)
			break;
		p++;
	}
	*out_count = count;
	return TB_OK;
}

static enum tb_status
check_text(const struct csv *csv, const char *s, size_t len, struct tb_err *err)
{
	size_t n;

	if (memchr(s, '\0', len) != NULL)
		return fail_row(csv, err, "a NUL");
	for (size_t i = 0; i < len; i += n) {
		uint32_t c;

		n = (unsigned char)s[i] < 0x80 ?
		    1 :
		    utf8_decode(&s[i], len - i, &c);
		if (n == 0)
			return fail_row(csv, err, "invalid UTF-8");
	}
	return TB_OK;
}

/*
 * Find the next row, reading as far as needed.
 *
 * returns: TB_OK; TB_END there is none
 */
static enum tb_status
locate(struct csv *csv, struct row *row, struct tb_err *err)
{
	enum tb_status found, status;

	csv->line = csv->next_line;
	while ((found = find_row(csv, row)) == TB_END &&
	    csv->len - csv->start <= CSV_ROW_MAX + 1) { /* with a CR */
		status = fill(csv, err);
		if (status != TB_OK)
			return status;
	}
	if (found == TB_OK)
		return csv->start == csv->len ? TB_END : TB_OK;
	status = skip_line(csv, err);
	if (status != TB_OK)
		return status;
	if (found == TB_EINVAL)
		return fail_row(csv, err, "a quote that is not closed");
	return fail_row(csv, err, "a row of more than %d bytes", CSV_ROW_MAX);
}

/* The next row that is not blank, cut. returns: TB_END there is none */
static enum tb_status
read_row(struct csv *csv, size_t *out_count, struct tb_err *err)
{
	size_t len = 0;
	char *text = csv->text;
	enum tb_status status;

	while (len == 0) {
		struct row row;

		status = locate(csv, &row, err);
		if (status != TB_OK)
			return status;
		text = &csv->text[csv->start];
		len = row.end - csv->start;
		csv->start = row.next;
		csv->next_line += row.lines;
		if (len > 0 && text[len - 1] == '\r')
			len--;
	}
	if (len > CSV_ROW_MAX)
		return fail_row(csv, err, "a row of more than %d bytes",
		    CSV_ROW_MAX);
	status = check_text(csv, text, len, err);
	return status == TB_OK ? split(csv, text, text + len, out_count, err) :
				 status;
}

/* --------------------------------------------------------------- columns -- */

int
csv_column(const struct csv *csv, const char *name)
{
	for (size_t i = 0; i < csv->columns; i++)
		if (strcasecmp(csv->names[i], name) == 0)
			return (int)i;
	return -1;
}

size_t
csv_columns(const struct csv *csv)
{
	return csv->columns;
}

const char *
csv_name(const struct csv *csv, size_t column)
{
	assert(column < csv->columns);
	return csv->names[column];
}

/* Keep the names of the row last read. */
static enum tb_status
take_header(struct csv *csv, size_t count, struct tb_err *err)
{
	const struct field *last = &csv->fields[count - 1];
	const char *from = csv->fields[0].text;
	size_t size = (size_t)(last->text + last->len + 1 - from);

	csv->header = malloc(size);
	if (csv->header == NULL)
		return tb_nomem(err);
	memcpy(csv->header, from, size);
	for (size_t i = 0; i < count; i++) {
		const char *name = &csv->header[csv->fields[i].text - from];

		if (name[0] != '\0' && csv_column(csv, name) >= 0)
			return fail_row(csv, err, "repeated column \"%.64s\"",
			    name);
		csv->names[csv->columns++] = name;
	}
	return TB_OK;
}

static enum tb_status
read_header(struct csv *csv, struct tb_err *err)
{
	static const char mark[] = "\xef\xbb\xbf";
	size_t count = 0;
	enum tb_status status = TB_OK;

	while (status == TB_OK && csv->len < 3 && !csv->at_end)
		status = fill(csv, err);
	if (status == TB_OK) {
		if (csv->len >= 3 && memcmp(csv->text, mark, 3) == 0)
			csv->start = 3;
		status = read_row(csv, &count, err);
	}
	if (status == TB_END)
		return tb_fail(err, TB_EINVAL,
		    "%s: empty, expected the names of columns",
		    csv->source.name);
	if (status == TB_EIO && csv->source.is_damaged)
		return TB_EINVAL;
	return status == TB_OK ? take_header(csv, count, err) : status;
}

/* ------------------------------------------------------------------ file -- */

enum tb_status
csv_open(struct csv **out, int fd, const char *name, struct tb_err *err)
{
	struct csv *csv = calloc(1, sizeof(*csv));
	enum tb_status status;

	*out = NULL;
	if (csv == NULL)
		return tb_nomem(err);
	csv->next_line = 1;
	status = csv_source_open(&csv->source, fd, name, err);
	if (status == TB_OK)
		status = read_header(csv, err);
	if (status != TB_OK) {
		csv_close(csv);
		return status;
	}
	*out = csv;
	return TB_OK;
}

void
csv_close(struct csv *csv)
{
	if (csv == NULL)
		return;
	csv_source_close(&csv->source);
	free(csv->header);
	free(csv);
}

enum tb_status
csv_next(struct csv *csv, struct tb_err *err)
{
	size_t count = 0;
	enum tb_status status = read_row(csv, &count, err);

	if (status == TB_OK && count != csv->columns)
		return fail_row(csv, err, "%zu fields, expected %zu", count,
		    csv->columns);
	return status;
}

const char *
csv_field(const struct csv *csv, int column, size_t *out_len)
{
	assert(column < (int)csv->columns);
	*out_len = column < 0 ? 0 : csv->fields[column].len;
	return column < 0 ? "" : csv->fields[column].text;
}

unsigned long
csv_line(const struct csv *csv)
{
	return csv->line;
}

unsigned long long
csv_progress(const struct csv *csv)
{
	return csv->source.used;
}
