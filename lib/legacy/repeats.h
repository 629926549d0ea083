#ifndef TB_LEGACY_REPEATS_H
#define TB_LEGACY_REPEATS_H

/*
 * repeats: the rows of a table without a key whose id another row has too.
 *
 * The first of them keeps the id as its name; the others are told by their
 * place in the file.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "store/foreign.h"

struct sorter;

/* Zero it before use. */
struct repeats {
	struct sorter *rowids; /* private; owned; NULL: there are none */
	int64_t next;	       /* private: the lowest that was not asked for */
	bool any;	       /* private: there is one */
};

/*
 * repeats_find: none in a table whose id is unique.
 *
 * in:	folder	for sorting; borrowed
 * out: *r	to be given to repeats_release(), also after a failure
 */
enum tb_status repeats_find(struct repeats *r, struct foreign *file,
    const struct foreign_table *t, const char *folder, struct tb_err *err);
void repeats_release(struct repeats *r);

/*
 * repeats_has: asked for all rows of the table, in the order of their rowids.
 */
enum tb_status repeats_has(struct repeats *r, int64_t rowid, bool *out,
    struct tb_err *err);

#endif /* TB_LEGACY_REPEATS_H */
