#ifndef TB_LEGACY_DETECT_H
#define TB_LEGACY_DETECT_H

/*
 * detect: which variant of the old schema a file has, by its columns.
 *
 * The variant is a word for people: nothing is decided by it.  Rows are read
 * by the names of their columns, and a column that is not there is NULL.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "store/foreign.h"

#define LEGACY_TRAITS_MAX 24

struct legacy_variant {
	const char *name;		       /* "V6", "Vx", "Vy", ... */
	const char *traits[LEGACY_TRAITS_MAX]; /* of every era in it */
	size_t trait_count;
	const struct foreign_table *trades, *raw, *bots, *history; /* or NULL */
};

/*
 * legacy_detect: errors: TB_EINVAL no database of the old system: it has
 * neither trades nor raw_trades, or they have none of its columns
 */
enum tb_status legacy_detect(struct foreign *file, struct legacy_variant *out,
    struct tb_err *err);

/* legacy_table_is_known: one that the old system made. */
bool legacy_table_is_known(const char *name);

/* legacy_column_is_known: of a table that it made. */
bool legacy_column_is_known(const char *table, const char *column);

#endif /* TB_LEGACY_DETECT_H */
