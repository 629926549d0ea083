#ifndef TB_LEGACY_CONTEXT_H
#define TB_LEGACY_CONTEXT_H

/*
 * context: old rows as JSON: whole, and as what a trade keeps of one.
 */

#include "base/buffer.h"
#include "base/err.h"
#include "legacy/item.h"
#include "legacy/source.h"
#include "store/foreign.h"

/* legacy_row_write: a row as one object; a blob, or a text that is no UTF-8,
 * as {"hex":"..."}, infinity as a text. */
void legacy_row_write(const struct foreign_rows *rows, struct buffer *out);

/*
 * legacy_context_write: the signal_context of a trade.
 *
 * in:	   signal  the row whose signal it was; NULL: there is none
 *	   file	   the name of the item's file
 */
void legacy_context_write(const struct legacy_item *item, const char *file,
    const struct legacy_fields *signal, struct buffer *out);

#endif /* TB_LEGACY_CONTEXT_H */
