#ifndef TB_REPORT_EXPORT_H
#define TB_REPORT_EXPORT_H

/*
 * export: the books in the language of other programs.
 *
 *	csv	   fills, as tb-sync import trades reads them
 *	ledger	   a journal of ledger(1): coins at their total cost (@@), so
 *		   that "ledger bal -B" shows what is held at cost
 *	hledger	   the same for hledger(1), with its directives
 *	beancount  lots with labels; accounts open themselves
 *
 * Pure: appends to a buffer.  A sale takes coins out at the cost that the
 * ledger room gave them, so holdings and their cost come out the same.
 *
 *	Assets:Crypto:BTC, Assets:Cash:USD, Income:Gains:BTC,
 *	Income:Received:BTC, Expenses:Given:BTC, Expenses:Fees:BTC,
 *	Equity:Flows:USD, Equity:Uncovered:BTC
 */

#include <stdint.h>

#include "base/buffer.h"
#include "base/err.h"
#include "base/market.h"
#include "ledger/lots.h"

enum export_format {
	EXPORT_CSV,
	EXPORT_LEDGER,
	EXPORT_HLEDGER,
	EXPORT_BEANCOUNT
};

struct exporter {
	enum export_format format;
	struct buffer *out; /* borrowed; its failure is the caller's to ask */
};

/* "csv ledger hledger beancount": errors: TB_EINVAL */
enum tb_status export_format_parse(const char *s, enum export_format *out);

/* export_begin: what stands first. */
void export_begin(struct exporter *e);

/* export_flow: money brought in or taken out; nothing in csv. */
void export_flow(struct exporter *e, int64_t at_us, const char *currency,
    struct decimal amount, const char *note);

/*
 * export_fill: a fill, and what it did to the lots (of method FIFO, LIFO, HIFO
 * or LOFO; of the average method, beancount has no word).
 */
void export_fill(struct exporter *e, const char *product_id,
    const struct ledger_entry *entry, const struct lot_outcome *outcome);

/* export_price: what a coin is worth at an instant; nothing in csv. */
void export_price(struct exporter *e, const char *product_id,
    struct decimal price, int64_t at_us);

#endif /* TB_REPORT_EXPORT_H */
