#ifndef TB_STORE_LOTFILE_H
#define TB_STORE_LOTFILE_H

/*
 * lotfile: a file for the open lots of queues (ledger/aside.h).
 *
 * Each block in it knows the next of its chain.  One that was taken is not
 * used again: the file grows with all lots that ever went through it.
 */

#include <stdint.h>

#include "base/scratch.h"
#include "ledger/aside.h"

struct lot_file {
	struct lot_aside aside; /* to lend */
	struct scratch scratch; /* private */
	int64_t blocks;		/* private: given out so far */
};

/* lot_file_init: in: folder  for the file; borrowed; made when needed */
void lot_file_init(struct lot_file *f, const char *folder);
void lot_file_release(struct lot_file *f);

#endif /* TB_STORE_LOTFILE_H */
