#ifndef TB_LEGACY_PLAN_H
#define TB_LEGACY_PLAN_H

/*
 * plan: what becomes of every row of the old databases.
 *
 * Several files are united.  Every row of trades and raw_trades is told once,
 * in the order of the books: by created_at, BUY before SELL, then as the files
 * and their rows stand; rows without a moment come last.  Memory does not go
 * with the number of rows.
 *
 *	legacy_plan_open(&plan, paths, count, &options, err);
 *	legacy_plan_each(plan, each, arg, err);
 *	...legacy_plan_report(plan)...
 *	legacy_plan_close(plan);
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/err.h"
#include "base/market.h"
#include "legacy/detect.h"
#include "legacy/item.h"
#include "legacy/report.h"
#include "store/foreign.h"

#define LEGACY_FILES_MAX 16
#define LEGACY_CAP_USD 1000 /* the default of options.cap_usd */

struct legacy_options {
	const char *folder;	/* for copies and sorting; borrowed */
	struct decimal cap_usd; /* more in one trade is not believed */
	int64_t now_us;		/* later moments are told as such */
	bool gains;		/* the report has them; else sums alone */
};

/* One of the files. */
struct legacy_source {
	const char *path; /* as it was given; borrowed */
	struct foreign *file;
	struct legacy_variant variant;
};

struct legacy_plan;

/*
 * legacy_plan_open: copy and look at the files.
 *
 * errors: those of foreign_open(); TB_EINVAL no database of the old system;
 *	   TB_EUSAGE too many files, or the same one twice
 */
enum tb_status legacy_plan_open(struct legacy_plan **out,
    const char *const *paths, size_t count,
    const struct legacy_options *options, struct tb_err *err);
void legacy_plan_close(struct legacy_plan *plan); /* NULL is fine */

const struct legacy_source *legacy_plan_sources(const struct legacy_plan *plan,
    size_t *out_count);

/* legacy_plan_folder: that of the options. */
const char *legacy_plan_folder(const struct legacy_plan *plan);

/* What is called for each row; another status than TB_OK ends the telling. */
typedef enum tb_status legacy_teller(const struct legacy_item *, void *arg,
    struct tb_err *);

/*
 * legacy_plan_each: all rows of trades and raw_trades; once a plan.
 *
 * errors: those of foreign_rows_next(), of sorter.h, of each()
 */
enum tb_status legacy_plan_each(struct legacy_plan *plan, legacy_teller *each,
    void *arg, struct tb_err *err);

/*
 * legacy_plan_rest: all rows of the other tables, as they stand: an item has
 * a file, a table and a row; bots are converted, the others archived.
 */
enum tb_status legacy_plan_rest(struct legacy_plan *plan, legacy_teller *each,
    void *arg, struct tb_err *err);

/*
 * legacy_plan_context: what a trade keeps of its row, as the JSON text of a
 * signal_context: score in the new sign, the old one, the signals, and under
 * "legacy" the words and digits of the old row.  Of a trade that others were
 * merged into: the context of the bot's row.
 *
 * inout: out  appended to
 */
enum tb_status legacy_plan_context(struct legacy_plan *plan,
    const struct legacy_item *item, struct buffer *out, struct tb_err *err);

/*
 * legacy_plan_row: the whole source row of an item as a JSON object; a blob,
 * or a text that is no UTF-8, as {"hex":"..."}, infinity as a text.
 *
 * inout: out  appended to
 */
enum tb_status legacy_plan_row(struct legacy_plan *plan,
    const struct legacy_item *item, struct buffer *out, struct tb_err *err);

/* legacy_plan_report: counts and sums; complete after legacy_plan_each(). */
const struct legacy_report *legacy_plan_report(const struct legacy_plan *plan);

#endif /* TB_LEGACY_PLAN_H */
