#ifndef TB_LEDGER_TOTALS_H
#define TB_LEDGER_TOTALS_H

/*
 * totals: the positions of a book, added up by currency.
 *
 * Pure.  Dollars (USD, USDC and USDT, 1:1) come first, even where there are
 * none; any other currency has a total of its own.
 */

#include <stddef.h>

#include "base/err.h"
#include "ledger/book.h"
#include "ledger/position.h"

struct totals {
	struct total *of; /* owned; of[0] is the dollars' */
	size_t count;	  /* >= 1 */
};

/*
 * totals_add_up: out: *totals  to be given to totals_release(), also after a
 * failure.
 *
 * errors: TB_ERANGE a sum does not fit; TB_ENOMEM
 */
enum tb_status totals_add_up(struct totals *totals, const struct book *book,
    struct tb_err *err);
void totals_release(struct totals *totals); /* also of { 0 } */

#endif /* TB_LEDGER_TOTALS_H */
