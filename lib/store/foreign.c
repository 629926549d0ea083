#include "store/foreign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <sqlite3.h>

#include "store/db.h"
#include "store/foreign_copy.h"
#include "store/foreign_handle.h"
#include "store/handle.h"

/* ----------------------------------------------------------- the handle -- */

enum tb_status
foreign_fail(struct foreign *f, const char *where, struct tb_err *err)
{
	int code = sqlite3_errcode(f->handle) & 0xff;
	enum tb_status status = TB_EINVAL;
	const char *advice = "";

	if (code == SQLITE_NOMEM)
		return tb_nomem(err);
	if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
		advice = ": truncated or damaged: look for a backup, or try "
			 "sqlite3's .recover";
	else if (code == SQLITE_IOERR || code == SQLITE_FULL ||
	    code == SQLITE_CANTOPEN)
		status = TB_EIO;
	else if (code == SQLITE_BUSY)
		status = TB_EBUSY;
	return tb_fail(err, status, "%s: %s%s%s%s", f->path, where,
	    *where == '\0' ? "" : ": ", sqlite3_errmsg(f->handle), advice);
}

static enum tb_status
prepare(struct foreign *f, const char *text, sqlite3_stmt **out,
    struct tb_err *err)
{
	if (sqlite3_prepare_v2(f->handle, text, -1, out, NULL) != SQLITE_OK)
		return foreign_fail(f, "", err);
	return TB_OK;
}

/* The first column of a statement's first row. */
static enum tb_status
ask(struct foreign *f, const char *text, const char *parameter,
    char answer[static 128], struct tb_err *err)
{
	sqlite3_stmt *q = NULL;
	enum tb_status status = prepare(f, text, &q, err);
	const char *word;
	int code;

	answer[0] = '\0';
	if (status != TB_OK)
		return status;
	if (parameter != NULL)
		(void)sqlite3_bind_text(q, 1, parameter, -1, SQLITE_STATIC);
	code = sqlite3_step(q);
	if (code == SQLITE_ROW) {
		word = (const char *)sqlite3_column_text(q, 0);
		if (word == NULL)
			status = tb_nomem(err);
		else
			(void)snprintf(answer, 128, "%s", word);
	} else if (code != SQLITE_DONE) {
		status = foreign_fail(f, "", err);
	}
	(void)sqlite3_finalize(q);
	return status;
}

static void
distrust(sqlite3 *handle)
{
	static const struct {
		int what, want;
	} switches[] = {
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
		{ SQLITE_DBCONFIG_ENABLE_TRIGGER, 0 },
		{ SQLITE_DBCONFIG_ENABLE_VIEW, 0 },
		{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
	};

	for (size_t i = 0; i < sizeof(switches) / sizeof(*switches); i++)
		(void)sqlite3_db_config(handle, switches[i].what,
		    switches[i].want, NULL);
	(void)sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, FOREIGN_VALUE_MAX);
	(void)sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
	(void)sqlite3_limit(handle, SQLITE_LIMIT_EXPR_DEPTH, 100);
	(void)sqlite3_limit(handle, SQLITE_LIMIT_VDBE_OP, 1000000);
}

/* The copy is opened, recovered, and then closed to all changes. */
static enum tb_status
open_copy(struct foreign *f, const char *path, struct tb_err *err)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
	    SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_NOFOLLOW;
	char word[128];
	enum tb_status status;

	db_library();
	if (sqlite3_open_v2(path, &f->handle, flags, NULL) != SQLITE_OK)
		return f->handle == NULL ? tb_nomem(err) :
					   foreign_fail(f, "", err);
	distrust(f->handle);
	status = ask(f, "PRAGMA cache_size=-1024", NULL, word, err);
	if (status == TB_OK)
		status = ask(f, "PRAGMA synchronous=OFF", NULL, word, err);
	if (status == TB_OK)
		status =
		    ask(f, "PRAGMA locking_mode=EXCLUSIVE", NULL, word, err);
	if (status == TB_OK)
		status = ask(f, "PRAGMA journal_mode=DELETE", NULL, word, err);
	if (status == TB_OK)
		status = ask(f, "PRAGMA integrity_check(1)", NULL, word, err);
	if (status == TB_OK && strcmp(word, "ok") != 0)
		status = tb_fail(err, TB_EINVAL,
		    "%s: damaged: %s: look for a backup, or try sqlite3's "
		    ".recover",
		    f->path, word);
	if (status == TB_OK)
		status = ask(f, "PRAGMA query_only=ON", NULL, word, err);
	return status;
}

static enum tb_status
check_application(struct foreign *f, struct tb_err *err)
{
	char word[128];
	enum tb_status status;
	long id;

	status = ask(f, "PRAGMA application_id", NULL, word, err);
	if (status != TB_OK)
		return status;
	id = strtol(word, NULL, 10);
	if (id == DB_APPLICATION_ID)
		return tb_fail(err, TB_EINVAL,
		    "%s: a database of tb already: nothing of the old system "
		    "is in it",
		    f->path);
	if (id != 0)
		return tb_fail(err, TB_EINVAL,
		    "%s: belongs to another program (application_id %ld)",
		    f->path, id);
	return TB_OK;
}

/* ----------------------------------------------------------- the schema -- */

static char *
column_text(sqlite3_stmt *q, int column)
{
	const char *text = (const char *)sqlite3_column_text(q, column);

	return strdup(text == NULL ? "" : text);
}

static enum tb_status
add_column(struct foreign_table *t, sqlite3_stmt *q, struct tb_err *err)
{
	struct foreign_column *grown, *c;

	if (t->column_count == FOREIGN_COLUMNS_MAX)
		return tb_fail(err, TB_EINVAL,
		    "table %.100s: more than %d columns", t->name,
		    FOREIGN_COLUMNS_MAX);
	grown = reallocarray(t->columns, t->column_count + 1, sizeof(*grown));
	if (grown == NULL)
		return tb_nomem(err);
	t->columns = grown;
	c = &grown[t->column_count++];
	*c = (struct foreign_column){ .name = column_text(q, 0),
		.type = column_text(q, 1),
		.pk = sqlite3_column_int(q, 2),
		.generated = sqlite3_column_int(q, 3) != 0 };
	return c->name == NULL || c->type == NULL ? tb_nomem(err) : TB_OK;
}

/* Is "id" the whole primary key? */
static bool
id_is_unique(const struct foreign_table *t)
{
	size_t keys = 0;
	bool id = false;

	for (size_t i = 0; i < t->column_count; i++) {
		if (t->columns[i].pk == 0)
			continue;
		keys++;
		id = strcasecmp(t->columns[i].name, "id") == 0;
	}
	return keys == 1 && id;
}

static enum tb_status
read_columns(struct foreign *f, struct foreign_table *t, struct tb_err *err)
{
	sqlite3_stmt *q = NULL;
	enum tb_status status;
	int code = SQLITE_ROW;

	status = prepare(f,
	    "SELECT name, type, pk, hidden FROM pragma_table_xinfo(?1)"
	    " ORDER BY cid",
	    &q, err);
	if (status != TB_OK)
		return status;
	(void)sqlite3_bind_text(q, 1, t->name, -1, SQLITE_STATIC);
	while (status == TB_OK && (code = sqlite3_step(q)) == SQLITE_ROW)
		status = add_column(t, q, err);
	if (status == TB_OK && code != SQLITE_DONE)
		status = foreign_fail(f, t->name, err);
	(void)sqlite3_finalize(q);
	t->id_is_unique = id_is_unique(t);
	return status;
}

static enum tb_status
add_table(struct foreign *f, sqlite3_stmt *q, struct tb_err *err)
{
	struct foreign_table *grown, *t;

	if (f->table_count == FOREIGN_TABLES_MAX)
		return tb_fail(err, TB_EINVAL, "%s: more than %d tables",
		    f->path, FOREIGN_TABLES_MAX);
	grown = reallocarray(f->tables, f->table_count + 1, sizeof(*grown));
	if (grown == NULL)
		return tb_nomem(err);
	f->tables = grown;
	t = &grown[f->table_count++];
	*t = (struct foreign_table){ .name = column_text(q, 0),
		.has_rowid = sqlite3_column_int(q, 1) == 0 };
	if (t->name == NULL)
		return tb_nomem(err);
	return read_columns(f, t, err);
}

static enum tb_status
read_tables(struct foreign *f, struct tb_err *err)
{
	sqlite3_stmt *q = NULL;
	enum tb_status status;
	int code = SQLITE_ROW;

	status = prepare(f,
	    "SELECT name, wr FROM pragma_table_list WHERE schema = 'main'"
	    " AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
	    " ORDER BY name",
	    &q, err);
	if (status != TB_OK)
		return status;
	while (status == TB_OK && (code = sqlite3_step(q)) == SQLITE_ROW)
		status = add_table(f, q, err);
	if (status == TB_OK && code != SQLITE_DONE)
		status = foreign_fail(f, "", err);
	(void)sqlite3_finalize(q);
	return status;
}

/* --------------------------------------------------------------- public -- */

enum tb_status
foreign_open(struct foreign **out, const char *path, const char *folder,
    struct tb_err *err)
{
	struct foreign *f = calloc(1, sizeof(*f));
	enum tb_status status;

	*out = NULL;
	if (f == NULL)
		return tb_nomem(err);
	f->path = strdup(path);
	if (f->path == NULL) {
		free(f);
		return tb_nomem(err);
	}
	status = foreign_copy_make(&f->copy, path, folder, err);
	if (status == TB_OK)
		status = open_copy(f, f->copy.path, err);
	foreign_copy_discard(&f->copy);
	if (status == TB_OK)
		status = check_application(f, err);
	if (status == TB_OK)
		status = read_tables(f, err);
	if (status != TB_OK) {
		foreign_close(f);
		return status;
	}
	*out = f;
	return TB_OK;
}

static void
table_release(struct foreign_table *t)
{
	for (size_t i = 0; i < t->column_count; i++) {
		free(t->columns[i].name);
		free(t->columns[i].type);
	}
	free(t->columns);
	free(t->name);
}

void
foreign_close(struct foreign *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->table_count; i++)
		table_release(&f->tables[i]);
	free(f->tables);
	(void)sqlite3_close(f->handle);
	free(f->path);
	free(f);
}

const char *
foreign_path(const struct foreign *f)
{
	return f->path;
}

const char *
foreign_sha256(const struct foreign *f)
{
	return f->copy.sha256;
}

int64_t
foreign_bytes(const struct foreign *f)
{
	return f->copy.bytes;
}

const char *
foreign_recovered(const struct foreign *f)
{
	return f->copy.recovered;
}

const struct foreign_table *
foreign_tables(const struct foreign *f, size_t *out_count)
{
	*out_count = f->table_count;
	return f->tables;
}

const struct foreign_table *
foreign_table(const struct foreign *f, const char *name)
{
	for (size_t i = 0; i < f->table_count; i++)
		if (strcasecmp(f->tables[i].name, name) == 0)
			return &f->tables[i];
	return NULL;
}

int
foreign_column(const struct foreign_table *t, const char *name)
{
	for (size_t i = 0; i < t->column_count; i++)
		if (strcasecmp(t->columns[i].name, name) == 0)
			return t->columns[i].generated ? -1 : (int)i;
	return -1;
}

enum tb_status
foreign_has_index(struct foreign *f, const char *prefix, bool *out,
    struct tb_err *err)
{
	char word[128];
	enum tb_status status;

	status = ask(f,
	    "SELECT 1 FROM sqlite_master WHERE type = 'index'"
	    " AND substr(name, 1, length(?1)) = ?1 LIMIT 1",
	    prefix, word, err);
	*out = word[0] == '1';
	return status;
}
