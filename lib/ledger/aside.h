#ifndef TB_LEDGER_ASIDE_H
#define TB_LEDGER_ASIDE_H

/*
 * aside: where the middle of a queue lies that memory has no room for.
 *
 * The ledger does no I/O: whoever owns the books lends its queues one, a file
 * (store/lotfile.h).  It holds the blocks of many queues.  A queue has a chain
 * of them there, put behind and taken in front.
 */

#include <stdint.h>

#include "base/err.h"
#include "ledger/lot.h"

#define LOT_BLOCK 32 /* lots in a block */

/* The blocks of a queue.  Zero it before use, and to forget them. */
struct lot_chain {
	int64_t blocks;
	int64_t first, next; /* of the place: to be taken, to be put */
};

struct lot_aside;

struct lot_aside_verbs {
	/* LOT_BLOCK lots, behind the others. errors: TB_EIO */
	enum tb_status (*put)(struct lot_aside *a, struct lot_chain *c,
	    const struct lot *lots, struct tb_err *err);

	/* The first LOT_BLOCK lots; there must be some. errors: TB_EIO */
	enum tb_status (*take)(struct lot_aside *a, struct lot_chain *c,
	    struct lot *lots, struct tb_err *err);

	/* The lot of a fill, and where it lies. errors: TB_END there is none;
	 * TB_EIO */
	enum tb_status (*find)(struct lot_aside *a, const struct lot_chain *c,
	    int64_t fill_id, struct lot *out, int64_t *at, struct tb_err *err);

	/* It has changed. errors: TB_EIO */
	enum tb_status (*change)(struct lot_aside *a, int64_t at,
	    const struct lot *lot, struct tb_err *err);
};

struct lot_aside {
	const struct lot_aside_verbs *verbs;
};

#endif /* TB_LEDGER_ASIDE_H */
