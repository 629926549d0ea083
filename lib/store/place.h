#ifndef TB_STORE_PLACE_H
#define TB_STORE_PLACE_H

/*
 * place: where a database lies, and whether it may be trusted there.
 */

#include <limits.h>
#include <stdbool.h>

#include "base/err.h"

/* A path in two parts.  The folder is made canonical, so that SQLite's
 * NOFOLLOW is about the file alone and not about a linked home. */
struct place {
	char folder[PATH_MAX];
	char full[PATH_MAX + NAME_MAX + 2];
};

/*
 * place_of: find the folder of a path; the file may be missing.
 *
 * errors: TB_EUSAGE too long, or no file is named; TB_ECONFIG no such folder;
 *	   TB_EPERM
 */
enum tb_status place_of(struct place *p, const char *path, struct tb_err *err);

/*
 * place_check: nobody else may put a database, or its journal, in our hands.
 *
 * in:	   path	 as it was given, for messages
 * errors: TB_ECONFIG missing, empty, no regular file; TB_EPERM a symbolic link,
 *	   another owner, writable by others, a journal that is not ours
 */
enum tb_status place_check(const struct place *p, const char *path,
    bool may_be_empty, struct tb_err *err);

/* place_is_remote: locks between hosts, or between daemons, are not to be
 * trusted there. */
bool place_is_remote(const struct place *p);

#endif /* TB_STORE_PLACE_H */
