#ifndef TB_IO_TABLE_H
#define TB_IO_TABLE_H

/*
 * table: rows for people, into a buffer.
 *
 * Columns are as wide as their widest cell (terminal columns of UTF-8, not
 * bytes); text is set left, figures right.  Text from outside goes through
 * table_escape(): it cannot drive a terminal.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/decimal.h"
#include "base/err.h"

#define TABLE_COLUMNS_MAX 24
#define TABLE_AMOUNT_STRLEN 64 /* with the NUL */

enum table_align { TABLE_LEFT, TABLE_RIGHT };
enum table_colour {
	TABLE_PLAIN,
	TABLE_GREEN,
	TABLE_RED,
	TABLE_YELLOW,
	TABLE_DIM,
	TABLE_BOLD
};

struct table;

/*
 * table_open: a table with the given headings; a heading that begins with '>'
 * makes a right-aligned column and the '>' is not shown.
 *
 * in:	   headings  NULL-terminated, borrowed for the call
 * errors: TB_ENOMEM
 */
enum tb_status table_open(struct table **out, const char *const *headings,
    bool colour, struct tb_err *err);
void table_free(struct table *t); /* NULL is fine */

/* table_cell: the next cell; a row begins by itself after the last column.
 * text is copied and escaped; NULL is shown as "-". */
void table_cell(struct table *t, const char *text);
void table_cell_colour(struct table *t, const char *text,
    enum table_colour colour);

/* table_rule: a line across before the next row (totals). */
void table_rule(struct table *t);

/*
 * table_write: the whole table.
 *
 * errors: TB_ENOMEM, also for a cell that could not be kept
 */
enum tb_status table_write(struct table *t, struct buffer *out,
    struct tb_err *err);

/*
 * table_amount: d rounded half-even to places, thousands grouped by commas:
 * "1,250.00".  What does not fit rounded (the very edge of the range) is shown
 * as it is.
 */
void table_amount(struct decimal d, int places,
    char buf[static TABLE_AMOUNT_STRLEN]);

/*
 * table_escape: append s with everything that is not printable UTF-8 (control
 * characters, DEL, bidi controls U+061C, U+200E/F, U+202A-E, U+2066-9, line
 * separators, bad bytes) as \u{..} or \x{..}.
 */
void table_escape(struct buffer *out, const char *s, size_t len);

/*
 * table_sparkline: width bars of eight heights for count values (means of
 * equal stretches where there are more), by decimal order; "" for none.
 */
void table_sparkline(struct buffer *out, const struct decimal *values,
    size_t count, size_t width);

/* table_width: columns that s takes on a terminal. */
size_t table_width(const char *s);

#endif /* TB_IO_TABLE_H */
