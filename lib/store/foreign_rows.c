/* foreign_rows: the rows of a stranger's table, as texts. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <sqlite3.h>

#include "base/buffer.h"
#include "signal/real.h"
#include "store/foreign.h"
#include "store/foreign_handle.h"

#define SQL_MAX (1U << 20)

struct inside {
	struct foreign *f;
	sqlite3_stmt *all, *one; /* prepared when first asked for */
	struct foreign_value *values;
	char (*reals)[REAL_STRLEN];
};

/* ----------------------------------------------------------- statements -- */

static void
add_name(struct buffer *b, const char *name)
{
	buffer_add_char(b, '"');
	for (; *name != '\0'; name++) {
		if (*name == '"')
			buffer_add_char(b, '"');
		buffer_add_char(b, *name);
	}
	buffer_add_char(b, '"');
}

/* What a rowid is called here: a column may have taken the name. */
static const char *
rowid_name(const struct foreign_table *t)
{
	static const char *const names[] = { "rowid", "_rowid_", "oid" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		bool taken = false;

		for (size_t c = 0; c < t->column_count; c++)
			taken |= strcasecmp(t->columns[c].name, names[i]) == 0;
		if (!taken)
			return names[i];
	}
	return NULL;
}

static void
write_select(struct buffer *b, const struct foreign_table *t, bool one)
{
	const char *rowid = t->has_rowid ? rowid_name(t) : NULL;

	buffer_add_string(b, "SELECT ");
	buffer_add_string(b, rowid == NULL ? "NULL" : rowid);
	for (size_t i = 0; i < t->column_count; i++) {
		buffer_add_string(b, ", ");
		if (t->columns[i].generated)
			buffer_add_string(b, "NULL");
		else
			add_name(b, t->columns[i].name);
	}
	buffer_add_string(b, " FROM main.");
	add_name(b, t->name);
	if (one && rowid != NULL)
		buffer_add_format(b, " WHERE %s = ?1", rowid);
	else if (one)
		buffer_add_string(b, " LIMIT 1 OFFSET ?1 - 1");
	else if (rowid != NULL)
		buffer_add_format(b, " ORDER BY %s", rowid);
}

static enum tb_status
prepare(struct foreign_rows *rows, bool one, sqlite3_stmt **out,
    struct tb_err *err)
{
	struct inside *in = rows->inside;
	struct buffer text;
	enum tb_status status;

	buffer_init(&text, SQL_MAX);
	write_select(&text, rows->table, one);
	status = buffer_status(&text, err);
	if (status == TB_OK &&
	    sqlite3_prepare_v2(in->f->handle, text.data, -1, out, NULL) !=
		SQLITE_OK)
		status = foreign_fail(in->f, rows->table->name, err);
	buffer_release(&text);
	return status;
}

/* --------------------------------------------------------------- values -- */

static size_t
write_real(double x, char buf[static REAL_STRLEN])
{
	if (isinf(x))
		return (size_t)snprintf(buf, REAL_STRLEN, "%sInfinity",
		    x < 0 ? "-" : "");
	return real_format(x, buf);
}

static enum tb_status
read_value(struct inside *in, sqlite3_stmt *q, size_t i, struct tb_err *err)
{
	struct foreign_value *v = &in->values[i];
	int column = (int)i + 1;

	*v = (struct foreign_value){ .text = "" };
	switch (sqlite3_column_type(q, column)) {
	case SQLITE_NULL:
		return TB_OK;
	case SQLITE_FLOAT:
		v->kind = FOREIGN_REAL;
		v->len =
		    write_real(sqlite3_column_double(q, column), in->reals[i]);
		v->text = in->reals[i];
		return TB_OK;
	case SQLITE_BLOB:
		v->kind = FOREIGN_BLOB;
		v->text = sqlite3_column_blob(q, column);
		break;
	default:
		v->kind = sqlite3_column_type(q, column) == SQLITE_TEXT ?
		    FOREIGN_TEXT :
		    FOREIGN_INTEGER;
		v->text = (const char *)sqlite3_column_text(q, column);
		if (v->text == NULL)
			return tb_nomem(err);
	}
	v->len = (size_t)sqlite3_column_bytes(q, column);
	if (v->text == NULL)
		v->text = "";
	return TB_OK;
}

static enum tb_status
read_row(struct foreign_rows *rows, sqlite3_stmt *q, struct tb_err *err)
{
	struct inside *in = rows->inside;
	enum tb_status status = TB_OK;

	switch (sqlite3_step(q)) {
	case SQLITE_ROW:
		break;
	case SQLITE_DONE:
		return TB_END;
	case SQLITE_TOOBIG:
		return tb_fail(err, TB_EINVAL,
		    "%s: table %s: a row behind row %lld holds more than %d "
		    "bytes: shorten it in a copy of the file, and take that",
		    in->f->path, rows->table->name, (long long)rows->rowid,
		    FOREIGN_VALUE_MAX);
	default:
		return foreign_fail(in->f, rows->table->name, err);
	}
	for (size_t i = 0; i < rows->table->column_count && status == TB_OK;
	     i++)
		status = read_value(in, q, i, err);
	return status;
}

/* --------------------------------------------------------------- public -- */

enum tb_status
foreign_rows_open(struct foreign_rows *rows, struct foreign *f,
    const struct foreign_table *t, struct tb_err *err)
{
	struct inside *in = calloc(1, sizeof(*in));

	*rows = (struct foreign_rows){ .table = t, .inside = in };
	if (in == NULL)
		return tb_nomem(err);
	in->f = f;
	in->values = calloc(t->column_count + 1, sizeof(*in->values));
	in->reals = calloc(t->column_count + 1, sizeof(*in->reals));
	if (in->values == NULL || in->reals == NULL)
		return tb_nomem(err);
	rows->values = in->values;
	return TB_OK;
}

enum tb_status
foreign_rows_next(struct foreign_rows *rows, struct tb_err *err)
{
	struct inside *in = rows->inside;
	enum tb_status status = TB_OK;

	if (in->all == NULL)
		status = prepare(rows, false, &in->all, err);
	if (status == TB_OK)
		status = read_row(rows, in->all, err);
	if (status == TB_OK)
		rows->rowid = rows->table->has_rowid ?
		    sqlite3_column_int64(in->all, 0) :
		    rows->rowid + 1;
	return status;
}

enum tb_status
foreign_rows_find(struct foreign_rows *rows, int64_t rowid, struct tb_err *err)
{
	struct inside *in = rows->inside;
	enum tb_status status = TB_OK;

	if (in->one == NULL)
		status = prepare(rows, true, &in->one, err);
	if (status != TB_OK)
		return status;
	(void)sqlite3_reset(in->one);
	(void)sqlite3_bind_int64(in->one, 1, rowid);
	status = read_row(rows, in->one, err);
	if (status == TB_OK)
		rows->rowid = rowid;
	return status;
}

void
foreign_rows_close(struct foreign_rows *rows)
{
	struct inside *in = rows->inside;

	if (in == NULL)
		return;
	(void)sqlite3_finalize(in->all);
	(void)sqlite3_finalize(in->one);
	free(in->values);
	free(in->reals);
	free(in);
	*rows = (struct foreign_rows){ 0 };
}

enum tb_status
foreign_count(struct foreign *f, const struct foreign_table *t, int64_t *out,
    struct tb_err *err)
{
	enum tb_status status = TB_OK;
	sqlite3_stmt *q = NULL;
	struct buffer text;

	buffer_init(&text, SQL_MAX);
	buffer_add_string(&text, "SELECT count(*) FROM main.");
	add_name(&text, t->name);
	status = buffer_status(&text, err);
	if (status == TB_OK &&
	    (sqlite3_prepare_v2(f->handle, text.data, -1, &q, NULL) !=
		    SQLITE_OK ||
		sqlite3_step(q) != SQLITE_ROW))
		status = foreign_fail(f, t->name, err);
	if (status == TB_OK)
		*out = sqlite3_column_int64(q, 0);
	(void)sqlite3_finalize(q);
	buffer_release(&text);
	return status;
}
