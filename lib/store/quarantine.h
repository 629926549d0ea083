#ifndef TB_STORE_QUARANTINE_H
#define TB_STORE_QUARANTINE_H

/*
 * quarantine: rows from outside that found no place, whole, with why.  They
 * count in no figure.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "store/db.h"

struct quarantine_row {
	const char *source_file;
	const char *source_table;
	const char *source_id; /* what the row is known by there */
	const char *row;       /* JSON, an object */
	const char *reason;    /* a word: "bad_side" */
	int64_t at_us;	       /* when it was put here */
};

/* quarantine_put: keep one.  In a transaction of the caller's. */
enum tb_status quarantine_put(struct db *db, const struct quarantine_row *row,
    struct tb_err *err);

/* quarantine_free: forget a row that found its place after all.  In a
 * transaction of the caller's. */
enum tb_status quarantine_free(struct db *db, const char *source_file,
    const char *source_table, const char *source_id, struct tb_err *err);

/*
 * quarantine_text: the JSON of a row.
 *
 * out:	   *out	 the caller's to free
 * errors: TB_ENOENT
 */
enum tb_status quarantine_text(struct db *db, const char *source_file,
    const char *source_table, const char *source_id, char **out,
    struct tb_err *err);

#endif /* TB_STORE_QUARANTINE_H */
