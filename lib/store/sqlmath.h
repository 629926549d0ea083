#ifndef TB_STORE_SQLMATH_H
#define TB_STORE_SQLMATH_H

/*
 * sqlmath: decimals in SQL, exact, under the names that the sqlite3 shell has
 * too, so that one query gives the same in both:
 *
 *	decimal_sum(x)	      aggregate; NULLs are left out; NULL of no rows
 *	decimal_cmp(a, b)     -1, 0, 1; NULL where one of them is NULL
 *	COLLATE decimal	      ORDER BY size COLLATE decimal
 *
 * A text that is no amount, or a sum out of range, is an error.  (As sorting
 * cannot fail, texts that are no amounts come last, by bytes.)
 */

#include <sqlite3.h>

#include "base/err.h"

enum tb_status sqlmath_register(sqlite3 *handle, struct tb_err *err);

#endif /* TB_STORE_SQLMATH_H */
