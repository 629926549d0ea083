#ifndef TB_LEGACY_REPORT_H
#define TB_LEGACY_REPORT_H

/*
 * report: counts and sums of a plan: old figures beside new ones, and where
 * they differ, why, to the last digit.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/market.h"
#include "ledger/book.h"
#include "legacy/item.h"
#include "store/lotfile.h"

/* Why an old figure is not the new one. */
enum legacy_cause {
	LEGACY_CAUSE_MERGED,	  /* one execution was counted twice */
	LEGACY_CAUSE_QUARANTINED, /* not a trade, or not provable */
	LEGACY_CAUSE_NOT_FILLED,  /* counted although nothing was executed */
	LEGACY_CAUSE_NOT_COUNTED, /* left out by the old formula */
	LEGACY_CAUSE_AMOUNT,	  /* another amount: units, rounding */
	LEGACY_CAUSE_FEE,	  /* another fee */
	LEGACY_CAUSE_RAW,	  /* stood in raw_trades alone */
};
#define LEGACY_CAUSES (LEGACY_CAUSE_RAW + 1)

/* "merged", ...; and half a sentence. */
const char *legacy_cause_word(enum legacy_cause c);
const char *legacy_cause_text(enum legacy_cause c);

struct legacy_cause_sum {
	int64_t rows;
	struct decimal net; /* what it adds to the old net to get the new */
};

/* What a product came to. */
struct legacy_product {
	char product_id[PRODUCT_ID_MAX]; /* "": of rows without one */
	int64_t buys, sells;		 /* filled */
	struct decimal buy_qty, sell_qty, buy_usd, sell_usd, commission;
	/* the old formula of 2025-09-07: any status, size_usd else size x
	 * price, rows with an order id */
	int64_t old_rows;
	struct decimal old_spent, old_received;
	struct legacy_cause_sum causes[LEGACY_CAUSES];
	struct decimal held; /* private: coins that were bought and not sold */
};

struct legacy_report {
	int64_t rows; /* of trades and raw_trades */
	int64_t dispositions[LEGACY_DISPOSITIONS];
	int64_t reasons[LEGACY_REASONS];
	int64_t quirks[LEGACY_QUIRKS];
	int64_t states[3]; /* of trades to be, by enum legacy_state */
	int64_t fee_unknown;
	int64_t first_us, last_us; /* of all that has a moment; 0: none has */
	struct legacy_product *products; /* by product_id; owned */
	size_t product_count;
	size_t product_room; /* private */
	/* where gains are asked for; fine: an average of a few coins shows a
	 * share's 12th decimal */
	struct book fifo_gross, fifo_net, average_gross, average_net;
	bool has_gains;
	struct lot_file lots; /* private: of the two FIFOs */
};

/*
 * legacy_report_init: in: gains   are asked for, by all four books
 *			   folder  for what memory has no room for; borrowed
 */
void legacy_report_init(struct legacy_report *r, bool gains,
    const char *folder);
void legacy_report_release(struct legacy_report *r);

/*
 * legacy_report_add: one more item, in the order of the plan.
 *
 * inout:  item	 LQ_OVERSELL is added where more is sold than was held
 * errors: TB_ERANGE, TB_ENOMEM, TB_EIO
 */
enum tb_status legacy_report_add(struct legacy_report *r,
    struct legacy_item *item, struct tb_err *err);

/*
 * legacy_product_net: old and new cash flow, the difference of which is the
 * sum over the causes.
 */
enum tb_status legacy_product_net(const struct legacy_product *p,
    struct decimal *old_net, struct decimal *new_net, struct tb_err *err);

/* legacy_product_add: inout: *sum  the counts and sums of p are added. */
enum tb_status legacy_product_add(struct legacy_product *sum,
    const struct legacy_product *p, struct tb_err *err);

#endif /* TB_LEGACY_REPORT_H */
