#ifndef TB_LEDGER_LOTFILE_H
#define TB_LEDGER_LOTFILE_H

/*
 * lotfile: open lots that memory has no room for.
 *
 * One file for the queues of many products.  A queue has a chain of blocks in
 * it, put behind and taken in front; each block knows the next.  A block that
 * was taken is not used again: the file grows with all lots that ever went
 * through it.
 */

#include <stdint.h>

#include "base/err.h"
#include "base/scratch.h"
#include "ledger/lot.h"

#define LOT_BLOCK 32 /* lots in a block */

struct lot_file {
	struct scratch scratch;
	int64_t blocks; /* private: given out so far */
	/* private: what lot_chain_find() told, and where it stands */
	struct lot found;
	int64_t found_at;
};

/* The blocks of a queue.  Zero it before use, and to forget them. */
struct lot_chain {
	int64_t first, next; /* private: to be taken, to be put */
	int64_t blocks;
};

/* lot_file_init: in: folder  for the file; borrowed; made when needed */
void lot_file_init(struct lot_file *f, const char *folder);
void lot_file_release(struct lot_file *f);

/* lot_chain_put: LOT_BLOCK lots, behind the others. errors: TB_EIO */
enum tb_status lot_chain_put(struct lot_chain *c, struct lot_file *f,
    const struct lot *lots, struct tb_err *err);

/* lot_chain_take: the first LOT_BLOCK lots; there must be some. */
enum tb_status lot_chain_take(struct lot_chain *c, struct lot_file *f,
    struct lot *lots, struct tb_err *err);

/*
 * lot_chain_find: the lot of a fill.
 *
 * out:	   *out	 good until the next call; NULL: it is not in these blocks
 */
enum tb_status lot_chain_find(const struct lot_chain *c, struct lot_file *f,
    int64_t fill_id, struct lot **out, struct tb_err *err);

/* lot_chain_store: the lot that was found has changed. */
enum tb_status lot_chain_store(struct lot_file *f, struct tb_err *err);

#endif /* TB_LEDGER_LOTFILE_H */
