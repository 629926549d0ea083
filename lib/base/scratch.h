#ifndef TB_BASE_SCRATCH_H
#define TB_BASE_SCRATCH_H

/*
 * scratch: a file without a name, for what memory has no room for.  It is
 * made when something is written, and gone when it is closed or the process
 * ends.
 */

#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

struct scratch {
	const char *folder; /* borrowed */
	int fd;		    /* private: -1: nothing was written */
};

/* scratch_init: in: folder  for the file; borrowed */
void scratch_init(struct scratch *s, const char *folder);
void scratch_close(struct scratch *s);

/* scratch_write: errors: TB_EIO; TB_EUSAGE the folder's path is too long */
enum tb_status scratch_write(struct scratch *s, const void *bytes, size_t len,
    off_t at, struct tb_err *err);

/* scratch_read: as many bytes as were written there. errors: TB_EIO */
enum tb_status scratch_read(struct scratch *s, void *bytes, size_t len,
    off_t at, struct tb_err *err);

#endif /* TB_BASE_SCRATCH_H */
