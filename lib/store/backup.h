#ifndef TB_STORE_BACKUP_H
#define TB_STORE_BACKUP_H

/*
 * backup: copies of a database that is in use, and the way back.
 *
 * What is copied are two files: the database, and PATH.paper beside it where
 * a paper venue has its memory; the copy of that is FILE.paper.  A copy is one
 * moment of its database, whoever writes meanwhile; that both are of the same
 * moment is the caller's to see to, by the send lock.
 *
 * One of the two gets its name before the other.  Whoever is killed in between
 * leaves nothing to do for a person: the next backup to the same FILE takes the
 * half away, and a restore is brought to its end by whoever opens the files.
 */

#include <stddef.h>

#include "base/err.h"
#include "store/db.h"

#define BACKUP_PATH_MAX 4096

/*
 * backup_make: copy to a name that is free, 0600; checked before it gets it.
 *
 * errors: TB_ECONFIG FILE or FILE.paper is taken; TB_EDISAGREE the database,
 *	   or what was written, is damaged; TB_EIO (disk full); TB_EBUSY
 */
enum tb_status backup_make(const char *path, const char *file,
    struct tb_err *err);

/*
 * backup_check: a copy is there, whole, and one of a database of ours.
 *
 * errors: TB_ENOENT; TB_ECONFIG; TB_EDISAGREE it is damaged
 */
enum tb_status backup_check(const char *file, struct tb_err *err);

/*
 * backup_restore: put a copy in the place of the database, under a new
 * generation.  What was there is kept beside it.
 *
 * in:	   path	 may be missing, or damaged
 * out:	   kept	 where the replaced database is now; "" where there was none
 * errors: TB_ENOENT no FILE; TB_ECONFIG it is no database of ours, or newer
 *	   than this tool; TB_EDISAGREE it is damaged; TB_EBUSY somebody writes
 *	   to the database; TB_EIO: nothing was replaced, or the database was
 *	   and backup_finish() is due
 */
enum tb_status backup_restore(const char *path, const char *file,
    char kept[static BACKUP_PATH_MAX], struct tb_err *err);

/*
 * backup_finish: the memory of the paper venue that a restore brought along,
 * and did not come to put in its place.  Whoever opens that memory calls it
 * first; where there is nothing to do it costs a look at a name.
 *
 * in:	   db	 no transaction open
 * errors: TB_EBUSY somebody writes to the memory that goes; TB_EIO
 */
enum tb_status backup_finish(struct db *db, struct tb_err *err);

#endif /* TB_STORE_BACKUP_H */
