#ifndef TB_LEGACY_SOURCE_H
#define TB_LEGACY_SOURCE_H

/*
 * source: the columns of trades and raw_trades by name, and the old bots as
 * far as trades ask for them.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/market.h"
#include "store/foreign.h"

/* What is read of a row; "fill_id" of raw_trades is LF_FILL. */
enum legacy_field {
	LF_ID,
	LF_BOT,
	LF_PRODUCT,
	LF_SIDE,
	LF_SIZE,
	LF_PRICE,
	LF_SIZE_USD,
	LF_FEE,
	LF_COMMISSION,
	LF_SIZE_IN_QUOTE,
	LF_ORDER,
	LF_FILL,
	LF_STATUS,
	LF_SCORE,
	LF_SCORES,
	LF_TRANCHE,
	LF_POSITION_STATUS,
	LF_AVERAGE,
	LF_CREATED,
	LF_FILLED,
};
#define LEGACY_FIELDS (LF_FILLED + 1)

/* Where each field stands in a table. */
struct legacy_columns {
	int at[LEGACY_FIELDS]; /* -1: the table has no such column */
};

void legacy_columns_find(const struct foreign_table *t,
    struct legacy_columns *out);

/* The cells of a row by field; a missing column's is NULL. */
struct legacy_fields {
	const struct foreign_value *of[LEGACY_FIELDS];
};

void legacy_fields_read(const struct legacy_columns *columns,
    const struct foreign_rows *rows, struct legacy_fields *out);

/* A bot of the old system, as far as a trade asks. */
struct legacy_known_bot {
	int64_t id;
	char pair[PRODUCT_ID_MAX]; /* "" none that is usable */
	bool is_test;
};

/* The bots of one file, by id. */
struct legacy_roster {
	struct legacy_known_bot *bots; /* owned */
	size_t count, room;
};

/*
 * legacy_roster_read: in: bots  the table, or NULL
 *
 * errors: those of foreign_rows_next()
 */
enum tb_status legacy_roster_read(struct legacy_roster *roster,
    struct foreign *file, const struct foreign_table *bots, struct tb_err *err);
void legacy_roster_release(struct legacy_roster *roster);

/* NULL: no such bot. */
const struct legacy_known_bot *legacy_roster_find(const struct legacy_roster
						      *roster,
    int64_t id);

/* legacy_product: a product id out of a cell, trimmed and in capitals; false
 * where it is none. */
bool legacy_product(const struct foreign_value *v,
    char out[static PRODUCT_ID_MAX]);

/* legacy_integer: of an INTEGER, or of what reads as one. */
bool legacy_integer(const struct foreign_value *v, int64_t *out);

#endif /* TB_LEGACY_SOURCE_H */
