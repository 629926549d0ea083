#ifndef TB_STORE_BIRTH_H
#define TB_STORE_BIRTH_H

/*
 * birth: a new database, with all that it knows on its first day.
 */

#include <stdint.h>

#include "base/decimal.h"
#include "base/err.h"

struct birth {
	const char *venue;   /* "paper", "coinbase", a program: for life */
	struct decimal cash; /* USD of the opening cash flow; 0: none */
	int64_t at_us;
};

/*
 * birth_give: make the database; it appears under its name complete or not at
 * all.  A missing folder is made, 0700.
 *
 * errors: TB_ECONFIG something has the name; TB_EINVAL the cash is negative;
 *	   TB_EPERM; TB_EIO
 */
enum tb_status birth_give(const char *path, const struct birth *birth,
    struct tb_err *err);

#endif /* TB_STORE_BIRTH_H */
