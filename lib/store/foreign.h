#ifndef TB_STORE_FOREIGN_H
#define TB_STORE_FOREIGN_H

/*
 * foreign: a stranger's SQLite file, read from a private copy.
 *
 * The file is read byte by byte, under the locks that SQLite itself asks of a
 * reader, together with its journal or write-ahead log where it has one; the
 * copy is then opened and recovered.  So it makes no difference whether
 * another program is writing to it, whether one was killed while it did, or
 * whether the file or its folder can be written to: nothing is, not even a
 * lock file.  The copy has no name as soon as it is open.
 *
 * Nothing in the file is trusted: no trigger fires, no view is read, no
 * generated column is computed, no function of the schema is called.  Tables
 * and columns go by name; of a row every value comes as text, with the storage
 * class that it was found in.  A REAL is the shortest decimal text that reads
 * back as the same double.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/err.h"

#define FOREIGN_VALUE_MAX (1 << 24) /* bytes of a row, and of a value */
#define FOREIGN_COLUMNS_MAX 512	    /* of a table */
#define FOREIGN_TABLES_MAX 1024

enum foreign_kind {
	FOREIGN_NULL,
	FOREIGN_INTEGER,
	FOREIGN_REAL, /* text "Infinity" and "-Infinity" too; no NaN exists */
	FOREIGN_TEXT,
	FOREIGN_BLOB,
};

struct foreign_value {
	enum foreign_kind kind;
	const char *text; /* "" for NULL; NUL-terminated but of a blob */
	size_t len;
};

struct foreign_column {
	char *name;
	char *type;	/* as declared, "" where it was not */
	int pk;		/* its place in the primary key, from 1; else 0 */
	bool generated; /* never read: it has no value here */
};

struct foreign_table {
	char *name;
	bool has_rowid;	   /* else rows are counted from 1 as they come */
	bool id_is_unique; /* its column "id" is the rowid, or the whole key */
	struct foreign_column *columns; /* generated ones included */
	size_t column_count;
};

struct foreign;

/*
 * foreign_open: copy, check and look at the file.
 *
 * in:	   folder  where the copy is made: it needs as much room as the file
 * errors: TB_ENOENT no such file; TB_EPERM it, or folder, may not be used;
 *	   TB_EINVAL empty, no SQLite database, truncated or damaged, one of
 *	   ours; TB_EBUSY a writer holds it longer than db_busy_ms(); TB_EIO;
 *	   TB_ENOMEM
 */
enum tb_status foreign_open(struct foreign **out, const char *path,
    const char *folder, struct tb_err *err);
void foreign_close(struct foreign *f); /* NULL is fine */

/* What was found; borrowed. */
const char *foreign_path(const struct foreign *f);
const char *foreign_sha256(const struct foreign *f); /* of the file alone */
int64_t foreign_bytes(const struct foreign *f);
/* "", or what was recovered: "journal" or "wal" */
const char *foreign_recovered(const struct foreign *f);

/*
 * foreign_tables: ordinary tables, by name.  Views, virtual tables and
 * SQLite's own are left out.
 */
const struct foreign_table *foreign_tables(const struct foreign *f,
    size_t *out_count);

/* foreign_table: by name, in any case; NULL: there is none. */
const struct foreign_table *foreign_table(const struct foreign *f,
    const char *name);

/* foreign_column: its index, in any case; -1: none, or it is generated. */
int foreign_column(const struct foreign_table *t, const char *name);

/* foreign_has_index: an index whose name begins so. */
enum tb_status foreign_has_index(struct foreign *f, const char *prefix,
    bool *out, struct tb_err *err);

/* foreign_count: rows of a table. */
enum tb_status foreign_count(struct foreign *f, const struct foreign_table *t,
    int64_t *out, struct tb_err *err);

/* Rows of a table, read in the order of their rowids. */
struct foreign_rows {
	const struct foreign_table *table;
	int64_t rowid;
	const struct foreign_value *values; /* one a column; good until the
					       next row */
	void *inside;			    /* private, owned */
};

/*
 * foreign_rows_open: the first row is still to come.
 *
 * out: rows  to be given to foreign_rows_close(), also after a failure
 */
enum tb_status foreign_rows_open(struct foreign_rows *rows, struct foreign *f,
    const struct foreign_table *t, struct tb_err *err);

/*
 * foreign_rows_next: the next row.
 *
 * returns: TB_OK; TB_END no more
 * errors:  TB_EINVAL damaged, or longer than FOREIGN_VALUE_MAX; TB_ENOMEM
 */
enum tb_status foreign_rows_next(struct foreign_rows *rows, struct tb_err *err);

/*
 * foreign_rows_find: the row of this rowid, whatever came before.
 *
 * returns: TB_OK; TB_END there is none
 */
enum tb_status foreign_rows_find(struct foreign_rows *rows, int64_t rowid,
    struct tb_err *err);
void foreign_rows_close(struct foreign_rows *rows);

#endif /* TB_STORE_FOREIGN_H */
