#include "io/csv.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <zlib.h>

#define CHUNK 32768 /* bytes asked of the kernel at once */
#define WINDOW (2 * CSV_ROW_MAX + CHUNK)
#define GZIP_WINDOW_BITS (15 + 16) /* the largest window, gzip header */

struct csv {
	int fd;		  /* borrowed */
	const char *name; /* borrowed */
	size_t column_count;
	char *header; /* names, each with its NUL */
	const char *names[CSV_COLUMNS_MAX];
	char *field[CSV_COLUMNS_MAX]; /* of the row last read */
	size_t field_len[CSV_COLUMNS_MAX];
	unsigned long line;	 /* where the row last read begins */
	unsigned long next_line; /* where the next one does */

	char *data; /* WINDOW bytes: plain text that was not handed out yet */
	size_t start, end;
	bool at_end; /* there is no more text */

	bool is_gzip;
	bool in_member; /* of a gzip file, which may have several */
	z_stream stream;
	unsigned char *packed; /* CHUNK bytes as they were read */
	unsigned long long consumed;
};

/* ----------------------------------------------------------------- bytes -- */

static enum tb_status
read_some(struct csv *csv, void *buf, size_t size, size_t *out_len,
    struct tb_err *err)
{
	struct pollfd p = { .fd = csv->fd, .events = POLLIN };
	ssize_t n;

	while ((n = read(csv->fd, buf, size)) == -1) {
		if (errno == EAGAIN)
			(void)poll(&p, 1, -1);
		else if (errno != EINTR)
			return tb_fail(err, TB_EIO, "%s: %s", csv->name,
			    strerror(errno));
	}
	*out_len = (size_t)n;
	csv->consumed += (size_t)n;
	return TB_OK;
}

static enum tb_status
damaged(const struct csv *csv, const char *what, struct tb_err *err)
{
	return tb_fail(err, TB_EIO, "%s: line %lu: the gzip data is %s",
	    csv->name, csv->next_line, what);
}

/* Have packed bytes to inflate; at the end of the file: none. */
static enum tb_status
refill_packed(struct csv *csv, struct tb_err *err)
{
	enum tb_status status;
	size_t len;

	if (csv->stream.avail_in > 0)
		return TB_OK;
	status = read_some(csv, csv->packed, CHUNK, &len, err);
	if (status != TB_OK)
		return status;
	csv->stream.next_in = csv->packed;
	csv->stream.avail_in = (unsigned)len;
	return TB_OK;
}

/* Some text out of packed bytes, at most size; none: the end. */
static enum tb_status
inflate_some(struct csv *csv, void *buf, size_t size, size_t *out_len,
    struct tb_err *err)
{
	enum tb_status status;

	csv->stream.next_out = buf;
	csv->stream.avail_out = (unsigned)size;
	while (csv->stream.avail_out == size) {
		int code;

		status = refill_packed(csv, err);
		if (status != TB_OK)
			return status;
		if (csv->stream.avail_in == 0) {
			if (csv->in_member)
				return damaged(csv, "cut short", err);
			break;
		}
		if (!csv->in_member)
			(void)inflateReset(&csv->stream);
		code = inflate(&csv->stream, Z_NO_FLUSH);
		if (code != Z_OK && code != Z_STREAM_END)
			return damaged(csv, "damaged", err);
		csv->in_member = code != Z_STREAM_END;
	}
	*out_len = size - csv->stream.avail_out;
	return TB_OK;
}

/* Room and text behind what is there already. */
static enum tb_status
fill(struct csv *csv, struct tb_err *err)
{
	enum tb_status status;
	size_t len = 0;

	if (csv->start > 0) {
		memmove(csv->data, csv->data + csv->start,
		    csv->end - csv->start);
		csv->end -= csv->start;
		csv->start = 0;
	}
	assert(csv->end + CHUNK < WINDOW);
	if (csv->is_gzip)
		status =
		    inflate_some(csv, csv->data + csv->end, CHUNK, &len, err);
	else
		status = read_some(csv, csv->data + csv->end, CHUNK, &len, err);
	csv->end += len;
	csv->at_end = status == TB_OK && len == 0;
	return status;
}

/* The first bytes say whether the rest has to be inflated. */
static enum tb_status
begin(struct csv *csv, struct tb_err *err)
{
	enum tb_status status = TB_OK;

	while (status == TB_OK && csv->end < 3 && !csv->at_end)
		status = fill(csv, err);
	if (status != TB_OK || csv->end < 2 ||
	    memcmp(csv->data, "\x1f\x8b", 2) != 0)
		return status;
	csv->packed = malloc(CHUNK);
	if (csv->packed == NULL ||
	    inflateInit2(&csv->stream, GZIP_WINDOW_BITS) != Z_OK)
		return tb_nomem(err);
	assert(csv->end <= CHUNK);
	memcpy(csv->packed, csv->data, csv->end);
	csv->stream.next_in = csv->packed;
	csv->stream.avail_in = (unsigned)csv->end;
	csv->is_gzip = csv->in_member = true;
	csv->end = 0;
	csv->at_end = false;
	while (status == TB_OK && csv->end < 3 && !csv->at_end)
		status = fill(csv, err);
	return status;
}

/* ------------------------------------------------------------------ rows -- */

enum row_end { ROW_MORE, ROW_WHOLE, ROW_OPEN_QUOTE };

/* Does the row that begins at start end in what is there, and where?  A quote
 * opens a field only at its beginning. */
static enum row_end
find_end(const struct csv *csv, size_t *out_len)
{
	const char *row = csv->data + csv->start;
	size_t have = csv->end - csv->start;
	const char *newline = memchr(row, '\n', have);
	size_t len = newline == NULL ? have : (size_t)(newline - row);
	bool quoted = false;
	size_t at = len;

	if (memchr(row, '"', len) != NULL)
		at = 0;
	for (; at < have; at++) {
		if (quoted)
			quoted = row[at] != '"'; /* "" opens it again */
		else if (row[at] == '"')
			quoted =
			    at == 0 || row[at - 1] == ',' || row[at - 1] == '"';
		else if (row[at] == '\n')
			break;
	}
	*out_len = at;
	if (at < have)
		return ROW_WHOLE;
	if (!csv->at_end)
		return ROW_MORE;
	return quoted ? ROW_OPEN_QUOTE : ROW_WHOLE;
}

static enum tb_status
fail_row(const struct csv *csv, const char *what, struct tb_err *err)
{
	return tb_fail(err, TB_EINVAL, "%s: line %lu: %s", csv->name, csv->line,
	    what);
}

/* Drop what is left of the line that a bad row begins with. */
static enum tb_status
skip_line(struct csv *csv, struct tb_err *err)
{
	enum tb_status status = TB_OK;

	while (status == TB_OK) {
		char *row = csv->data + csv->start;
		char *newline = memchr(row, '\n', csv->end - csv->start);

		if (newline != NULL) {
			csv->start += (size_t)(newline - row) + 1;
			csv->next_line++;
			return TB_OK;
		}
		csv->start = csv->end;
		if (csv->at_end)
			return TB_OK;
		status = fill(csv, err);
	}
	return status;
}

/* The bytes of the next row, without its newline. */
static enum tb_status
next_row(struct csv *csv, char **out, size_t *out_len, struct tb_err *err)
{
	enum tb_status status;
	enum row_end found;

	csv->line = csv->next_line;
	while ((found = find_end(csv, out_len)) == ROW_MORE &&
	    *out_len <= CSV_ROW_MAX) {
		status = fill(csv, err);
		if (status != TB_OK)
			return status;
	}
	if (*out_len > CSV_ROW_MAX || found == ROW_OPEN_QUOTE) {
		bool is_long = *out_len > CSV_ROW_MAX;

		status = skip_line(csv, err);
		if (status != TB_OK)
			return status;
		return fail_row(csv,
		    is_long ? "a row of more than 65536 bytes" :
			      "a quote is not closed",
		    err);
	}
	*out = csv->data + csv->start;
	csv->start += *out_len + (csv->start + *out_len < csv->end);
	csv->next_line++;
	for (size_t i = 0; i < *out_len; i++)
		csv->next_line += (*out)[i] == '\n';
	return TB_OK;
}

/*
 * Take a quoted field's text out of its quotes, in place.
 *
 * in:	    s	 the opening quote
 * out:	    len	 of the text, which begins at s
 * returns: what stands behind the closing quote
 */
static char *
unquote(char *s, char *end, size_t *len)
{
	char *from = s + 1, *to = s;

	while (from < end) {
		if (*from == '"' && (++from == end || *from != '"'))
			break;
		*to++ = *from++;
	}
	*len = (size_t)(to - s);
	return from;
}

/*
 * Split a row into fields, each NUL-terminated: in place, as a comma or the
 * newline stands behind each (the window has a byte to spare at its end).
 */
static enum tb_status
split(struct csv *csv, char *row, size_t len, size_t *out_count,
    struct tb_err *err)
{
	char *end = row + len, *s = row, *next;
	size_t count = 0;

	if (len > 0 && end[-1] == '\r')
		end--;
	for (;; s = next + 1) {
		if (count == CSV_COLUMNS_MAX)
			return fail_row(csv, "more than 64 fields", err);
		csv->field[count] = s;
		if (s < end && *s == '"') {
			next = unquote(s, end, &csv->field_len[count]);
			if (next < end && *next != ',')
				return fail_row(csv,
				    "text behind a closing quote", err);
		} else {
			next = memchr(s, ',', (size_t)(end - s));
			if (next == NULL)
				next = end;
			csv->field_len[count] = (size_t)(next - s);
		}
		csv->field[count][csv->field_len[count]] = '\0';
		count++;
		if (next >= end)
			break;
	}
	*out_count = count;
	return TB_OK;
}

static enum tb_status
read_row(struct csv *csv, size_t *out_count, struct tb_err *err)
{
	enum tb_status status;
	size_t len;
	char *row;

	do {
		if (csv->at_end && csv->start == csv->end)
			return TB_END;
		status = next_row(csv, &row, &len, err);
		if (status != TB_OK)
			return status;
	} while (len == 0 || (len == 1 && row[0] == '\r'));
	return split(csv, row, len, out_count, err);
}

/* ---------------------------------------------------------------- header -- */

/* The names outlive the row that they were read in. */
static enum tb_status
keep_header(struct csv *csv, size_t count, struct tb_err *err)
{
	size_t size = 0;
	char *s;

	for (size_t i = 0; i < count; i++)
		size += csv->field_len[i] + 1;
	s = csv->header = malloc(size);
	if (s == NULL)
		return tb_nomem(err);
	for (size_t i = 0; i < count; i++) {
		const char *name = csv->field[i];
		size_t blank = strspn(name, " ");
		size_t len = csv->field_len[i] - blank;

		while (len > 0 && name[blank + len - 1] == ' ')
			len--;
		memcpy(s, name + blank, len);
		s[len] = '\0';
		if (len > 0 && csv_column(csv, s) != -1)
			return tb_fail(err, TB_EINVAL,
			    "%s: line %lu: column %.40s is there twice",
			    csv->name, csv->line, s);
		csv->names[csv->column_count++] = s;
		s += len + 1;
	}
	return TB_OK;
}

enum tb_status
csv_open(struct csv **out, int fd, const char *name, struct tb_err *err)
{
	struct csv *csv = calloc(1, sizeof(*csv));
	enum tb_status status;
	size_t count = 0;

	*out = NULL;
	if (csv == NULL)
		return tb_nomem(err);
	csv->fd = fd;
	csv->name = name;
	csv->next_line = 1;
	csv->data = malloc(WINDOW);
	status = csv->data == NULL ? tb_nomem(err) : begin(csv, err);
	if (status == TB_OK && csv->end >= 3 &&
	    memcmp(csv->data, "\xef\xbb\xbf", 3) == 0)
		csv->start = 3;
	if (status == TB_OK)
		status = read_row(csv, &count, err);
	if (status == TB_END)
		status = tb_fail(err, TB_EINVAL,
		    "%s: empty: expected a row of column names", name);
	if (status == TB_OK)
		status = keep_header(csv, count, err);
	if (status == TB_OK)
		*out = csv;
	else
		csv_close(csv);
	return status;
}

void
csv_close(struct csv *csv)
{
	if (csv == NULL)
		return;
	if (csv->is_gzip)
		(void)inflateEnd(&csv->stream);
	free(csv->packed);
	free(csv->data);
	free(csv->header);
	free(csv);
}

int
csv_column(const struct csv *csv, const char *name)
{
	for (size_t i = 0; i < csv->column_count; i++)
		if (strcasecmp(csv->names[i], name) == 0)
			return (int)i;
	return -1;
}

size_t
csv_columns(const struct csv *csv)
{
	return csv->column_count;
}

const char *
csv_name(const struct csv *csv, size_t column)
{
	return column < csv->column_count ? csv->names[column] : "";
}

enum tb_status
csv_next(struct csv *csv, struct tb_err *err)
{
	enum tb_status status;
	size_t count = 0;

	status = read_row(csv, &count, err);
	if (status != TB_OK || count == csv->column_count)
		return status;
	return tb_fail(err, TB_EINVAL,
	    "%s: line %lu: %zu fields, expected %zu as in the first row",
	    csv->name, csv->line, count, csv->column_count);
}

const char *
csv_field(const struct csv *csv, int column, size_t *out_len)
{
	if (column < 0) {
		*out_len = 0;
		return "";
	}
	*out_len = csv->field_len[column];
	return csv->field[column];
}

unsigned long
csv_line(const struct csv *csv)
{
	return csv->line;
}

unsigned long long
csv_progress(const struct csv *csv)
{
	return csv->consumed;
}
