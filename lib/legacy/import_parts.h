#ifndef TB_LEGACY_IMPORT_PARTS_H
#define TB_LEGACY_IMPORT_PARTS_H

/*
 * import_parts: what the files of import share: import.c has the flow and the
 * proof, import_trades.c trades and fills, import_rest.c bots, decisions and
 * what is archived.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "legacy/history.h"
#include "legacy/import.h"
#include "store/books.h"
#include "store/origins.h"

/* A bot of a file, and what it is here. */
struct import_bot {
	size_t file;
	int64_t old_id, id;
	char product_id[PRODUCT_ID_MAX];
	char name[BOT_NAME_MAX + 1];
	struct decimal trade_size_usd;
	bool has_last; /* private to import_rest.c */
	enum legacy_action last;
};

#define IMPORT_PRODUCTS 64 /* remembered; a power of two */

/* An import on its way. */
struct importing {
	struct db *db;
	const struct legacy_import *in;
	struct legacy_imported *out;
	struct origin_source sources[LEGACY_FILES_MAX];
	size_t source_count;
	bool any_native;	/* the venue told fills before */
	bool fresh;		/* no trade was there: nothing to look up */
	struct books_bulk bulk; /* of a fresh one */
	char products[IMPORT_PRODUCTS][PRODUCT_ID_MAX]; /* that are there */
	struct buffer row; /* of the item at hand, JSON */
	struct buffer context;
	char hash[DIGEST_HEX];	   /* of row */
	struct origin_known known; /* of the item at hand */
	struct import_bot *bots;   /* owned */
	size_t bot_count, bot_room;
};

/*
 * import_look: fetch the row of an item, and what was recorded of it.
 *
 * errors: those of legacy_plan_row(); of the database
 */
enum tb_status import_look(struct importing *im, const struct legacy_item *item,
    struct tb_err *err);

/* import_count: one more row that was new, changed or the same. */
void import_count(struct importing *im, const char *disposition, bool same);

/* import_record: where the item at hand ended; a quarantined row is put there.
 */
enum tb_status import_record(struct importing *im,
    const struct legacy_item *item, const char *disposition, const char *reason,
    const char *became, struct tb_err *err);

/* A row of trades or raw_trades. */
enum tb_status import_trade(struct importing *im,
    const struct legacy_item *item, struct tb_err *err);

/* All bots of all files; any row of another table. */
enum tb_status import_bots(struct importing *im, struct tb_err *err);
enum tb_status import_other(struct importing *im,
    const struct legacy_item *item, struct tb_err *err);

#endif /* TB_LEGACY_IMPORT_PARTS_H */
