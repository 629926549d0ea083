#ifndef TB_IO_CSV_H
#define TB_IO_CSV_H

/*
 * csv: RFC 4180 rows from a file, plain or gzip'ed (zlib decides by the first
 * bytes), columns found by the names in the first row.
 *
 * A byte order mark, CRLF and blank lines are accepted; quoted fields may
 * hold commas, doubled quotes and newlines.  Every field is text.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define CSV_COLUMNS_MAX 64
#define CSV_ROW_MAX 65536 /* bytes of a row */

struct csv;

/*
 * csv_open: read from fd, which stays the caller's.  The first row is read as
 * the header.
 *
 * in:	   name	 borrowed, for messages
 * errors: TB_EINVAL no header, repeated or too many columns, damaged gzip;
 *	   TB_EIO; TB_ENOMEM
 */
enum tb_status csv_open(struct csv **out, int fd, const char *name,
    struct tb_err *err);
void csv_close(struct csv *csv); /* NULL is fine */

/* csv_column: the index of a column by name (case ignored), or -1. */
int csv_column(const struct csv *csv, const char *name);
size_t csv_columns(const struct csv *csv);
const char *csv_name(const struct csv *csv, size_t column);

/*
 * csv_next: the next row.
 *
 * returns: TB_OK; TB_END after the last
 * errors:  TB_EINVAL the row is too long, has another number of fields than
 *	    the header, or a quote that is not closed; the row counts, reading
 *	    can go on; TB_EIO damaged or truncated gzip, read error
 */
enum tb_status csv_next(struct csv *csv, struct tb_err *err);

/*
 * csv_field: a field of the row last read: NUL-terminated, borrowed until the
 * next csv_next(); "" for column -1.
 */
const char *csv_field(const struct csv *csv, int column, size_t *out_len);

/* csv_line: the line of the file where the row last read begins, from 1. */
unsigned long csv_line(const struct csv *csv);

/*
 * csv_progress: bytes of the file consumed so far (compressed ones where it
 * is compressed), for a progress line.
 */
unsigned long long csv_progress(const struct csv *csv);

#endif /* TB_IO_CSV_H */
