#ifndef TB_LEGACY_REPEATS_H
#define TB_LEGACY_REPEATS_H

/*
 * repeats: the rows of a table without a key whose id another row has too.
 *
 * The first of them keeps the id as its name; the others are told by their
 * place in the file.  Eight bytes a repeated row.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "store/foreign.h"

struct repeats {
	int64_t *rowids; /* ascending; owned */
	size_t count, room;
};

/*
 * repeats_find: none in a table whose id is unique.
 *
 * out: *r  to be given to repeats_release(), also after a failure
 */
enum tb_status repeats_find(struct repeats *r, struct foreign *file,
    const struct foreign_table *t, const char *folder, struct tb_err *err);
void repeats_release(struct repeats *r);

bool repeats_has(const struct repeats *r, int64_t rowid);

#endif /* TB_LEGACY_REPEATS_H */
