#include "io/table.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "io/utf8.h"

#define TABLE_BYTES_MAX (64 << 20) /* of all cells' text */
#define GAP "  "		   /* between columns */

struct cell {
	size_t at, len; /* of its text */
	size_t width;
	enum table_colour colour;
};

struct table {
	size_t columns;
	enum table_align align[TABLE_COLUMNS_MAX];
	struct cell headings[TABLE_COLUMNS_MAX];
	bool colour;
	struct buffer text;
	struct cell *cells; /* row by row, owned */
	size_t count, capacity;
	size_t *rules; /* cells in front of which a rule stands, owned */
	size_t rule_count, rule_capacity;
	bool failed; /* out of memory: sticks */
};

/* The text as a cell: escaped, its width measured. */
static struct cell
cell_of(struct table *t, const char *text, enum table_colour colour)
{
	struct cell cell = { .at = t->text.len, .colour = colour };

	table_escape(&t->text, text, strlen(text));
	cell.len = t->text.len - cell.at;
	cell.width = table_width(buffer_string(&t->text) + cell.at);
	return cell;
}

enum tb_status
table_open(struct table **out, const char *const *headings, bool colour,
    struct tb_err *err)
{
	struct table *t = calloc(1, sizeof(*t));

	*out = t;
	if (t == NULL)
		return tb_nomem(err);
	buffer_init(&t->text, TABLE_BYTES_MAX);
	t->colour = colour;
	for (; *headings != NULL; headings++) {
		bool right = **headings == '>';

		assert(t->columns < TABLE_COLUMNS_MAX);
		t->align[t->columns] = right ? TABLE_RIGHT : TABLE_LEFT;
		t->headings[t->columns++] =
		    cell_of(t, *headings + right, TABLE_BOLD);
	}
	assert(t->columns > 0);
	return TB_OK;
}

void
table_free(struct table *t)
{
	if (t == NULL)
		return;
	buffer_release(&t->text);
	free(t->cells);
	free(t->rules);
	free(t);
}

/* Room for one more item of size bytes; the array as it stands then. */
static void *
grow(struct table *t, void *items, size_t count, size_t *capacity, size_t size)
{
	size_t more = *capacity == 0 ? 64 : *capacity * 2;
	void *grown;

	if (count < *capacity)
		return items;
	grown = reallocarray(items, more, size);
	if (grown == NULL) {
		t->failed = true;
		return items;
	}
	*capacity = more;
	return grown;
}

void
table_cell_colour(struct table *t, const char *text, enum table_colour colour)
{
	t->cells = grow(t, t->cells, t->count, &t->capacity, sizeof(*t->cells));
	if (!t->failed)
		t->cells[t->count++] =
		    cell_of(t, text == NULL ? "-" : text, colour);
}

void
table_cell(struct table *t, const char *text)
{
	table_cell_colour(t, text, TABLE_PLAIN);
}

void
table_rule(struct table *t)
{
	t->rules = grow(t, t->rules, t->rule_count, &t->rule_capacity,
	    sizeof(*t->rules));
	if (!t->failed)
		t->rules[t->rule_count++] = t->count;
}

static void
add_blanks(struct buffer *out, size_t count)
{
	while (count-- > 0)
		buffer_add_char(out, ' ');
}

static void
write_text(const struct table *t, const struct cell *cell, struct buffer *out)
{
	static const char *const codes[] = {
		[TABLE_PLAIN] = "",
		[TABLE_GREEN] = "\033[32m",
		[TABLE_RED] = "\033[31m",
		[TABLE_YELLOW] = "\033[33m",
		[TABLE_DIM] = "\033[2m",
		[TABLE_BOLD] = "\033[1m",
	};
	bool coloured = t->colour && cell->colour != TABLE_PLAIN;

	if (coloured)
		buffer_add_string(out, codes[cell->colour]);
	buffer_add(out, buffer_string(&t->text) + cell->at, cell->len);
	if (coloured)
		buffer_add_string(out, "\033[0m");
}

/* A row of count cells; no blanks at its end. */
static void
write_row(const struct table *t, const struct cell *cells, size_t count,
    const size_t *widths, struct buffer *out)
{
	for (size_t i = 0; i < count; i++) {
		size_t pad = widths[i] - cells[i].width;
		bool right = t->align[i] == TABLE_RIGHT;

		if (i > 0)
			buffer_add_string(out, GAP);
		if (right)
			add_blanks(out, pad);
		write_text(t, &cells[i], out);
		if (!right && i + 1 < count)
			add_blanks(out, pad);
	}
	buffer_add_char(out, '\n');
}

static void
write_rule(const struct table *t, const size_t *widths, struct buffer *out)
{
	for (size_t i = 0; i < t->columns; i++) {
		if (i > 0)
			buffer_add_string(out, GAP);
		for (size_t k = 0; k < widths[i]; k++)
			buffer_add_char(out, '-');
	}
	buffer_add_char(out, '\n');
}

enum tb_status
table_write(struct table *t, struct buffer *out, struct tb_err *err)
{
	size_t widths[TABLE_COLUMNS_MAX];
	size_t rule = 0;

	assert(t->columns > 0);
	if (t->failed || buffer_status(&t->text, NULL) != TB_OK)
		return tb_nomem(err);
	for (size_t i = 0; i < t->columns; i++)
		widths[i] = t->headings[i].width;
	for (size_t i = 0; i < t->count; i++)
		if (t->cells[i].width > widths[i % t->columns])
			widths[i % t->columns] = t->cells[i].width;

	write_row(t, t->headings, t->columns, widths, out);
	for (size_t i = 0; i < t->count; i += t->columns) {
		size_t left = t->count - i;

		for (; rule < t->rule_count && t->rules[rule] <= i; rule++)
			write_rule(t, widths, out);
		write_row(t, &t->cells[i],
		    left < t->columns ? left : t->columns, widths, out);
	}
	return buffer_status(out, err);
}

void
table_amount(struct decimal d, int places, char buf[static TABLE_AMOUNT_STRLEN])
{
	char text[DECIMAL_STRLEN];
	const char *digits = text;
	struct decimal rounded = d;
	size_t whole, len = 0;

	/* At the very edge of the range it is shown as it is. */
	if (decimal_round(d, places, DECIMAL_HALF_EVEN, &rounded) != TB_OK)
		rounded = d;
	(void)decimal_format_min(rounded, places, text);
	if (*digits == '-')
		buf[len++] = *digits++;
	whole = strcspn(digits, ".");
	for (size_t i = 0; i < whole; i++) {
		if (i > 0 && (whole - i) % 3 == 0)
			buf[len++] = ',';
		buf[len++] = digits[i];
	}
	memcpy(&buf[len], &digits[whole], strlen(&digits[whole]) + 1);
}

void
table_escape(struct buffer *out, const char *s, size_t len)
{
	size_t n;

	for (size_t i = 0; i < len; i += n) {
		uint32_t c = 0;

		n = utf8_decode(&s[i], len - i, &c);
		if (n == 0) {
			buffer_add_format(out, "\\x{%02x}",
			    (unsigned int)(unsigned char)s[i]);
			n = 1;
		} else if (utf8_is_hazard(c)) {
			buffer_add_format(out, "\\u{%x}", (unsigned int)c);
		} else {
			buffer_add(out, &s[i], n);
		}
	}
}

size_t
table_width(const char *s)
{
	size_t len = strlen(s), width = 0, n;

	for (size_t i = 0; i < len; i += n) {
		uint32_t c = '?';

		n = utf8_decode(&s[i], len - i, &c);
		if (n == 0)
			n = 1;
		width += (size_t)utf8_columns(c);
	}
	return width;
}
