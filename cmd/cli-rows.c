/* cli-rows: rows given once as JSON, written in the format that was asked. */

#include <assert.h>
#include <string.h>

#include "cli.h"

#define KEY_MAX 64	  /* of one step of a column's key */
#define BULK_BYTES 65536U /* what a write of CLI_BULK gathers */

void
cli_rows_begin(struct cli_rows *rows, const struct cli *cli,
    const struct cli_column *columns, unsigned flags)
{
	*rows = (struct cli_rows){ .cli = cli,
		.columns = columns,
		.format = cli->format,
		.flags = flags };
	if (rows->format == CLI_TABLE && columns == NULL)
		rows->format = CLI_JSON;
	buffer_init(&rows->out, CLI_ROW_MAX + BULK_BYTES);
	rows->json = (struct json_writer){ .out = &rows->out,
		.pretty = rows->format == CLI_JSON };
	if (rows->format == CLI_JSON || rows->format == CLI_NDJSON)
		rows->json.numbers = cli->numbers;
	if (rows->format == CLI_JSON && (flags & CLI_ONE) == 0)
		json_open(&rows->json, '[');
}

struct json_writer *
cli_row(struct cli_rows *rows)
{
	rows->start = rows->out.len;
	/* of a list of lines each begins anew */
	if (rows->format != CLI_JSON)
		rows->json.comma = false;
	return &rows->json;
}

static enum tb_status
flush(struct cli_rows *rows, struct tb_err *err)
{
	enum tb_status status = buffer_status(&rows->out, err);

	if (status == TB_OK && rows->out.len > 0)
		status = cli_write(rows->out.data, rows->out.len, err);
	buffer_clear(&rows->out);
	return status;
}

/* The value at "trade.price", or NULL. */
static const struct json_token *
look_up(const struct json *j, const char *key)
{
	const struct json_token *t = &j->tokens[0];

	while (t != NULL && *key != '\0') {
		char step[KEY_MAX];
		size_t len = strcspn(key, ".");

		assert(len < sizeof(step));
		memcpy(step, key, len);
		step[len] = '\0';
		t = t->kind == JSON_OBJECT ? json_get(j, t, step) : NULL;
		key += len;
		key += *key == '.';
	}
	return t == NULL || t->kind == JSON_NULL ? NULL : t;
}

static bool
is_plain(const struct json_token *t)
{
	return t->kind == JSON_STRING || t->kind == JSON_NUMBER;
}

/* A list of words: ["hold","cooldown"]. */
static bool
is_words(const struct json *j, const struct json_token *t)
{
	const struct json_token *word;

	if (t->kind != JSON_ARRAY)
		return false;
	for (word = json_first(j, t); word != NULL;
	     word = json_after(j, t, word))
		if (!is_plain(word))
			return false;
	return true;
}

/*
 * A value as text: a string without its quotes, words with blanks between
 * them, anything else as JSON.
 */
static void
add_text(struct buffer *out, const struct json *j, const struct json_token *t)
{
	const struct json_token *word;

	if (is_plain(t)) {
		buffer_add(out, t->text, t->len);
	} else if (!is_words(j, t)) {
		json_canonical(j, t, out);
	} else {
		for (word = json_first(j, t); word != NULL;
		     word = json_after(j, t, word)) {
			buffer_add_string(out,
			    word == json_first(j, t) ? "" : " ");
			buffer_add(out, word->text, word->len);
		}
	}
}

static void
table_figure(struct table *table, const struct cli_column *column,
    const struct json_token *t)
{
	enum table_colour colour = TABLE_PLAIN;
	struct decimal d;
	bool inexact; /* as is all that a table shows */
	char text[64];

	if (decimal_parse_rounded(t->text, t->len, DECIMAL_HALF_EVEN, &d,
		&inexact) != TB_OK) {
		table_cell(table, "?");
		return;
	}
	table_amount(d, column->places, text);
	if (column->show == CLI_GAIN && decimal_sign(d) != 0)
		colour = decimal_sign(d) > 0 ? TABLE_GREEN : TABLE_RED;
	table_cell_colour(table, text, colour);
}

static enum tb_status
table_text(struct table *table, const struct cli_column *column,
    const struct json *j, const struct json_token *t)
{
	struct buffer text;
	enum tb_status status;

	buffer_init(&text, CLI_ROW_MAX);
	if (t->kind == JSON_TRUE || t->kind == JSON_FALSE)
		buffer_add_string(&text, t->kind == JSON_TRUE ? "yes" : "no");
	else
		add_text(&text, j, t);
	if (column->show == CLI_INSTANT && text.len > 19 &&
	    text.data[10] == 'T') {
		text.data[10] = ' ';
		text.data[19] = '\0';
	}
	status = buffer_status(&text, NULL);
	if (status == TB_OK)
		table_cell(table, buffer_string(&text));
	buffer_release(&text);
	return status;
}

static enum tb_status
table_open_columns(struct cli_rows *rows, struct tb_err *err)
{
	char right[TABLE_COLUMNS_MAX][KEY_MAX];
	const char *headings[TABLE_COLUMNS_MAX + 1] = { NULL };
	size_t n = 0;

	for (const struct cli_column *c = rows->columns; c->key != NULL; c++) {
		size_t len;

		if (c->heading == NULL)
			continue;
		len = strlen(c->heading);
		assert(n < TABLE_COLUMNS_MAX && len + 2 <= KEY_MAX);
		headings[n] = c->heading;
		if (c->show != CLI_TEXT && c->show != CLI_INSTANT) {
			right[n][0] = '>';
			memcpy(right[n] + 1, c->heading, len + 1);
			headings[n] = right[n];
		}
		n++;
	}
	return table_open(&rows->table, headings, rows->cli->colour, err);
}

static enum tb_status
table_row(struct cli_rows *rows, const struct json *j, struct tb_err *err)
{
	enum tb_status status = TB_OK;

	if (rows->table == NULL)
		status = table_open_columns(rows, err);
	for (const struct cli_column *c = rows->columns;
	     status == TB_OK && c->key != NULL; c++) {
		const struct json_token *t = look_up(j, c->key);

		if (c->heading == NULL)
			continue;
		if (t == NULL)
			table_cell(rows->table, NULL);
		else if (c->show == CLI_AMOUNT || c->show == CLI_GAIN)
			table_figure(rows->table, c, t);
		else
			status = table_text(rows->table, c, j, t);
	}
	return status;
}

/* RFC 4180: quotes where the text needs them. */
static void
add_field(struct buffer *out, const struct buffer *text)
{
	if (strpbrk(buffer_string(text), ",\"\r\n") == NULL) {
		buffer_add(out, buffer_string(text), text->len);
		return;
	}
	buffer_add_char(out, '"');
	for (size_t i = 0; i < text->len; i++) {
		if (text->data[i] == '"')
			buffer_add_char(out, '"');
		buffer_add_char(out, text->data[i]);
	}
	buffer_add_char(out, '"');
}

static void
csv_header(struct cli_rows *rows)
{
	for (const struct cli_column *c = rows->columns; c->key != NULL; c++)
		buffer_add_format(&rows->out, "%s%s",
		    c == rows->columns ? "" : ",", c->key);
	buffer_add_char(&rows->out, '\n');
}

static enum tb_status
csv_row(struct cli_rows *rows, const struct json *j, struct tb_err *err)
{
	struct buffer text;
	enum tb_status status = TB_OK;

	buffer_init(&text, CLI_ROW_MAX);
	for (const struct cli_column *c = rows->columns;
	     status == TB_OK && c->key != NULL; c++) {
		const struct json_token *t = look_up(j, c->key);

		buffer_clear(&text);
		if (t != NULL)
			add_text(&text, j, t);
		status = buffer_status(&text, err);
		if (c != rows->columns)
			buffer_add_char(&rows->out, ',');
		if (status == TB_OK)
			add_field(&rows->out, &text);
	}
	buffer_add_char(&rows->out, '\n');
	buffer_release(&text);
	return status;
}

/* Read the row back, for its cells. */
static enum tb_status
cells(struct cli_rows *rows, struct tb_err *err)
{
	static struct json_token tokens[JSON_TOKENS_MAX];
	struct buffer row;
	struct json j;
	enum tb_status status;

	/* the tokens point into the row: keep it while its place is taken */
	buffer_init(&row, CLI_ROW_MAX);
	buffer_add(&row, rows->out.data + rows->start,
	    rows->out.len - rows->start);
	rows->out.len = rows->start;
	status = buffer_status(&row, err);
	if (status == TB_OK)
		status = json_read(row.data, row.len, tokens, JSON_TOKENS_MAX,
		    &j, err);
	if (status == TB_OK && rows->format == CLI_TABLE)
		status = table_row(rows, &j, err);
	if (status == TB_OK && rows->format == CLI_CSV) {
		if (rows->count == 0)
			csv_header(rows);
		status = csv_row(rows, &j, err);
	}
	buffer_release(&row);
	return status;
}

enum tb_status
cli_row_end(struct cli_rows *rows, struct tb_err *err)
{
	enum tb_status status = buffer_status(&rows->out, err);

	if (status != TB_OK)
		return status;
	if (rows->out.len - rows->start > CLI_ROW_MAX)
		return tb_fail(err, TB_ERANGE, "a row is longer than %u bytes",
		    CLI_ROW_MAX);
	if (rows->format == CLI_CSV && rows->columns == NULL)
		return tb_fail(err, TB_EUSAGE, "--output csv: not here");
	if (rows->format == CLI_NDJSON)
		buffer_add_char(&rows->out, '\n');
	else if (rows->format != CLI_JSON)
		status = cells(rows, err);
	rows->count++;
	if (status != TB_OK ||
	    ((rows->flags & CLI_BULK) != 0 && rows->out.len < BULK_BYTES))
		return status;
	return flush(rows, err);
}

struct table *
cli_row_table(struct cli_rows *rows)
{
	return rows->table;
}

static enum tb_status
finish(struct cli_rows *rows, struct tb_err *err)
{
	enum tb_status status = TB_OK;

	switch (rows->format) {
	case CLI_NDJSON:
		break;
	case CLI_JSON:
		if ((rows->flags & CLI_ONE) == 0)
			json_close(&rows->json, ']');
		if ((rows->flags & CLI_ONE) == 0 || rows->count > 0)
			buffer_add_char(&rows->out, '\n');
		break;
	case CLI_CSV:
		if (rows->count == 0 && rows->columns != NULL)
			csv_header(rows);
		break;
	case CLI_TABLE:
		if (rows->table != NULL)
			status = table_write(rows->table, &rows->out, err);
		break;
	}
	return status == TB_OK ? flush(rows, err) : status;
}

enum tb_status
cli_rows_end(struct cli_rows *rows, enum tb_status status, struct tb_err *err)
{
	bool whole =
	    status == TB_OK || status == TB_END || status == TB_EPARTIAL;
	enum tb_status ended = TB_OK;

	if (whole)
		ended = finish(rows, err);
	else if (rows->format != CLI_TABLE)
		(void)flush(rows, NULL); /* status tells more */
	table_free(rows->table);
	buffer_release(&rows->out);
	*rows = (struct cli_rows){ 0 };
	return ended == TB_OK ? status : ended;
}
