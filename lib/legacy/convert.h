#ifndef TB_LEGACY_CONVERT_H
#define TB_LEGACY_CONVERT_H

/*
 * convert: a row of the old system as the trade that it was meant to be, by
 * one rule a quirk.
 *
 * Pure.  Every row is looked at alone; which rows tell the same execution is
 * for unite and match.  The first rule that finds a reason decides: the row is
 * for quarantine then, and the quirks are those that were met until there.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/decimal.h"
#include "legacy/item.h"
#include "legacy/source.h"
#include "legacy/value.h"

#define LEGACY_ORDER_ID_MAX 200 /* bytes of an id that is kept in full */

/* What is beyond is no figure of an account, and sums would not fit. */
#define LEGACY_COINS_MAX 1000000000000000 /* of a size: 10^15 */
#define LEGACY_USD_MAX 100000000000	  /* of any amount of dollars: 10^11 */

/* What the rules may know besides the row. */
struct legacy_frame {
	const struct legacy_roster *roster;
	struct decimal cap_usd;
	int64_t now_us;
	bool has_size_usd; /* the table has the column, */
	bool has_score;	   /* and this one */
};

/*
 * legacy_convert: inout: item  ref is set, the rest is zero; its disposition
 * is LEGACY_QUARANTINE where it has a reason, else still open
 */
void legacy_convert(const struct legacy_frame *frame,
    const struct legacy_fields *fields, struct legacy_item *item);

/* A row under conversion: what the files of this room share. */
struct conversion {
	const struct legacy_frame *frame;
	const struct foreign_value *const *of; /* by enum legacy_field */
	struct legacy_item *item;
	enum legacy_reading reading[LEGACY_NUMBERS];
	struct decimal number[LEGACY_NUMBERS]; /* to 18 decimals */
	const struct legacy_known_bot *bot;    /* NULL: none, or not known */
};

/* conversion_cell: the cell of a number. */
const struct foreign_value *conversion_cell(const struct conversion *c,
    enum legacy_number n);

/* Rules of convert_size.c; each returns its reason, or LEGACY_NO_REASON. */
enum legacy_reason legacy_rule_numbers(struct conversion *c);
enum legacy_reason legacy_rule_size(struct conversion *c);
enum legacy_reason legacy_rule_digits(struct conversion *c);
enum legacy_reason legacy_rule_cap(struct conversion *c);
enum legacy_reason legacy_rule_fee(struct conversion *c);

/* legacy_is_too_large: beyond LEGACY_COINS_MAX or LEGACY_USD_MAX. */
bool legacy_is_too_large(enum legacy_number n, struct decimal d);

/* legacy_old_view: what the old formula made of the row. */
void legacy_old_view(struct conversion *c);

#endif /* TB_LEGACY_CONVERT_H */
