#ifndef TB_LEGACY_MATCH_H
#define TB_LEGACY_MATCH_H

/*
 * match: orders of bots and the fills of the same execution, where no id tells
 * that they belong together.
 *
 * A fill, or several of the same moment and price, is an order's where it is
 * of the same product and side, happened from LEGACY_BEFORE_US before the
 * order's row to LEGACY_AFTER_US after it, and its coins are round(dollars /
 * price, 8) to a millionth.  Orders choose in the order of time, the nearest
 * fills first; each fill is used once.  Wider rules merge what is not the same
 * in dense data.
 *
 * Rows of one product and side are swept once in the order of time.  At most
 * LEGACY_WINDOW rows are held: where more fall into one window, the oldest
 * choose among those.
 */

#include <stdbool.h>

#include "base/err.h"
#include "base/instant.h"
#include "io/sorter.h"
#include "legacy/item.h"
#include "legacy/unite.h"

#define LEGACY_BEFORE_US (2 * INSTANT_US_PER_S)
#define LEGACY_AFTER_US (120 * INSTANT_US_PER_S)
#define LEGACY_RACE_US INSTANT_US_PER_S /* orders closer than that: a race */
#define LEGACY_WINDOW 8192

/*
 * legacy_sort_to_match: for legacy_match().
 *
 * returns: TB_OK; TB_END it is neither an order that looks for its fills nor a
 *	    fill that may be one's: nothing is done
 */
enum tb_status legacy_sort_to_match(struct sorter *s,
    const struct legacy_item *item, struct tb_err *err);

/* legacy_match: to the end; each item goes to the sink, once. */
enum tb_status legacy_match(struct sorter *s, legacy_sink *sink, void *arg,
    struct tb_err *err);

#endif /* TB_LEGACY_MATCH_H */
