#ifndef TB_STORE_BACKUP_PARTS_H
#define TB_STORE_BACKUP_PARTS_H

/* backup_parts: what the files of backup share; for them only. */

#include <stdbool.h>

#include <sqlite3.h>

#include "store/backup.h"
#include "store/draft.h"

#define BACKUP_ANSWER_MAX 160 /* of a pragma */

/* backup_path: a path and what stands behind it.
 * errors: TB_EUSAGE too long */
enum tb_status backup_path(const char *path, const char *suffix,
    char buf[static BACKUP_PATH_MAX], struct tb_err *err);

/* backup_is_there: one that cannot be looked for counts: who opens it hears
 * why. */
bool backup_is_there(const char *path);

/* backup_has_content: SQLite makes a file before there is anything in it. */
bool backup_has_content(const char *path);

/* backup_open: any SQLite file, as carefully as db_open(). */
enum tb_status backup_open(sqlite3 **out, const char *path, struct tb_err *err);

/*
 * backup_ask: run a text with at most one parameter.
 *
 * in:	   path	   for messages
 * out:	   answer  the first column of its last row, or ""
 */
enum tb_status backup_ask(sqlite3 *handle, const char *text,
    const char *parameter, const char *path,
    char answer[static BACKUP_ANSWER_MAX], struct tb_err *err);

/* backup_copy: any SQLite file as of one moment, into draft->temp; checked. */
enum tb_status backup_copy(const char *from, struct draft *draft,
    struct tb_err *err);

/* backup_check_whole: integrity_check.
 * in: name  what messages call it
 * errors: TB_EDISAGREE */
enum tb_status backup_check_whole(const char *path, const char *name,
    struct tb_err *err);

/*
 * backup_check_ours: that it is a database of ours, of any version; and what a
 * restore left to do there is done.
 */
enum tb_status backup_check_ours(const char *path, struct tb_err *err);

#endif /* TB_STORE_BACKUP_PARTS_H */
