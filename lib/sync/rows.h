#ifndef TB_SYNC_ROWS_H
#define TB_SYNC_ROWS_H

/*
 * rows: named texts from a file, whatever its format.
 *
 * CSV	   plain or gzip'ed; columns by the names in its first row
 * NDJSON  an object a line; numbers are taken as they are written
 * JSON	   one document, as venues answer: an array of objects, an object with
 *	   such an array in it ({"candles":[...]}), or an array of arrays, whose
 *	   order of values the caller tells; at most ROWS_DOCUMENT_MAX bytes
 *
 * The format is found out from the first byte that is not blank.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "io/csv.h"
#include "io/json.h"
#include "io/lines.h"

#define ROWS_COLUMNS_MAX 16
#define ROWS_DOCUMENT_MAX (1U << 20)
#define ROWS_TOKENS_MAX 65536 /* of a document: some 5000 candles */

struct rows_column {
	const char *names; /* "timestamp|start": the first one that is there */
	bool is_required;  /* a CSV without it is refused */
	int array_at;	   /* place in an array of arrays; -1: none */
};

struct rows {
	const char *name; /* of the file, for messages; borrowed */
	const struct rows_column *columns; /* borrowed */
	size_t column_count;
	/* the row last read: borrowed until the next; absent ones are "" */
	const char *value[ROWS_COLUMNS_MAX];
	size_t len[ROWS_COLUMNS_MAX];
	unsigned long line; /* where it begins, from 1 */
	unsigned long item; /* of a document: its element, from 1; else 0 */

	struct csv *csv;	      /* private from here on */
	int csv_at[ROWS_COLUMNS_MAX]; /* -1: the file has no such column */
	struct lines lines;
	bool is_json;
	uint64_t bytes;		   /* of JSON consumed */
	struct json_token *tokens; /* room for ROWS_TOKENS_MAX */
	struct json json;
	const struct json_token *list; /* being walked; NULL: none */
	const struct json_token *element;
};

/*
 * rows_open: fd stays the caller's.
 *
 * out:	   *r  to be given to rows_close(), also after a failure
 * errors: TB_EINVAL no header, or a required column is not in it; TB_EIO;
 *	   TB_ENOMEM
 */
enum tb_status rows_open(struct rows *r, int fd, const char *name,
    const struct rows_column *columns, size_t column_count, struct tb_err *err);
void rows_close(struct rows *r);

/*
 * rows_next: the next row.
 *
 * returns: TB_OK; TB_END after the last
 * errors:  TB_EINVAL the row cannot be read: the message has its place, and
 *	    reading can go on; any other: it cannot
 */
enum tb_status rows_next(struct rows *r, struct tb_err *err);

/* rows_at: put the place of the row last read in front of a message. */
void rows_at(const struct rows *r, struct tb_err *err);

/*
 * Values of the row last read; the messages have the place and the column.
 *
 * rows_amount	a decimal, exponents too; digits beyond the 18th are rounded
 *		half-even, and *rounded set (it is never cleared)
 * rows_instant unix seconds, with a fraction or without, or RFC 3339
 * rows_copy	a text that is not empty
 *
 * errors: TB_EINVAL; TB_ERANGE too large
 */
enum tb_status rows_amount(const struct rows *r, size_t column,
    struct decimal *out, bool *rounded, struct tb_err *err);
enum tb_status rows_instant(const struct rows *r, size_t column,
    int64_t *out_us, struct tb_err *err);
enum tb_status rows_copy(const struct rows *r, size_t column, char *buf,
    size_t size, struct tb_err *err);

/* rows_fail: tb_fail() with place and column in front; always fails. */
enum tb_status rows_fail(const struct rows *r, size_t column,
    const char *expected, struct tb_err *err);

/* rows_progress: bytes of the file consumed so far. */
uint64_t rows_progress(const struct rows *r);

#endif /* TB_SYNC_ROWS_H */
