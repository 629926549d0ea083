#ifndef TB_STORE_FOREIGN_COPY_H
#define TB_STORE_FOREIGN_COPY_H

/*
 * foreign_copy: the bytes of a database and of what its writers left beside
 * it, as of one moment.  Private to foreign.
 *
 * A reader's lock is held meanwhile, as SQLite asks of one: no writer changes
 * the file under it, whoever made a journal.  (A journal that is not hot holds
 * what the file holds: to roll it back changes nothing.)  Of a write-ahead log
 * the checkpoint is locked out too, so that the two fit.
 */

#include <stdint.h>

#include "base/digest.h"
#include "base/err.h"
#include "store/draft.h"

struct foreign_copy {
	char folder[DRAFT_PATH_MAX]; /* made for it, 0700; "" none */
	char path[DRAFT_PATH_MAX];
	char sha256[DIGEST_HEX]; /* of the database file alone */
	int64_t bytes;
	const char *recovered; /* "", "journal" or "wal": what came along */
};

/*
 * foreign_copy_make: errors: TB_ENOENT; TB_EPERM; TB_EINVAL no SQLite
 * database; TB_EBUSY; TB_EIO
 */
enum tb_status foreign_copy_make(struct foreign_copy *copy, const char *path,
    const char *folder, struct tb_err *err);

/* foreign_copy_discard: remove the names; what is open stays readable. */
void foreign_copy_discard(struct foreign_copy *copy);

#endif /* TB_STORE_FOREIGN_COPY_H */
