#ifndef TB_LEGACY_ITEM_H
#define TB_LEGACY_ITEM_H

/*
 * item: a row of the old database, and what becomes of it.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/decimal.h"
#include "base/market.h"
#include "legacy/word.h"

#define LEGACY_TABLE_MAX 64  /* of a table's name; longer ones are cut */
#define LEGACY_DIGITS_MAX 27 /* of a number as it was written */
#define LEGACY_INTO_MAX 4096 /* rows that one was merged into, and told */
#define LEGACY_LABEL_MAX 32  /* "158", "rowid:9", "raw:7" */

/* Which row of which file. */
struct legacy_ref {
	uint16_t file; /* index of the source */
	bool raw;      /* of raw_trades, else of trades */
	bool by_rowid; /* its id is told by the row: it has none of its own */
	int64_t rowid; /* where it is found */
	int64_t id;    /* its column id; the rowid where by_rowid */
};

/* legacy_ref_label: "158", "rowid:9", of raw_trades "raw:7". */
void legacy_ref_label(const struct legacy_ref *ref,
    char out[static LEGACY_LABEL_MAX]);

/* Who wrote the row. */
enum legacy_origin {
	LEGACY_BOT,  /* the trading service: an order */
	LEGACY_SYNC, /* the import of fills */
	LEGACY_RAW,  /* raw_trades */
};

enum legacy_state { LEGACY_PENDING, LEGACY_FILLED, LEGACY_CANCELLED };

struct legacy_item {
	struct legacy_ref ref;
	const char *table; /* borrowed: "trades", "raw_trades", or another */
	enum legacy_disposition disposition;
	enum legacy_reason reason;
	struct legacy_quirks quirks;
	enum legacy_origin origin;

	/* the new trade, where disposition is LEGACY_KEEP or LEGACY_CONVERT;
	 * amounts have eight decimals, but a price that has none of them */
	enum side side;
	enum legacy_state state; /* pending: to be asked of the venue */
	struct decimal size_usd, size_crypto, price, commission;
	bool fee_unknown;
	int64_t created_us; /* 0: none could be read */
	int64_t filled_us;  /* 0 while nothing was executed */

	int64_t bot_id; /* in the old database, where has_bot */
	bool has_bot;
	bool id_made;	/* order_id is ours: the row has none, or a bad one */
	bool id_padded; /* private: it had blanks around it */

	/* what the old formula made of it, in dollars; it listed every row
	 * with an order id, and counted those with a side that it knew */
	bool old_listed, old_counts, old_sells;
	struct decimal old_value, old_fee;

	/* where it went: rows of trades, or of raw_trades */
	bool has_signal;	  /* signal is a bot's row */
	struct legacy_ref signal; /* whose signal made the order */
	const struct legacy_ref *into;
	size_t into_count;

	char product_id[PRODUCT_ID_MAX]; /* "" where it could not be read */
	char triggered_by[TRIGGER_MAX];	 /* "bot:1", "sync", ... */
	char status_word[24];		 /* as it was written */
	char digits[LEGACY_NUMBERS][LEGACY_DIGITS_MAX]; /* as they were
					written; "" NULL */
	char order_id[ORDER_ID_MAX];
	char venue_order_id[ORDER_ID_MAX]; /* the order that a fill belongs to,
					      by raw_trades; "" not known */
};

/* legacy_item_is_open: it is to stand as a trade, by all that is known. */
bool legacy_item_is_open(const struct legacy_item *item);

/*
 * legacy_item_merge: it tells again what the rows of into tell.
 *
 * in: into  borrowed
 */
void legacy_item_merge(struct legacy_item *item, enum legacy_reason reason,
    const struct legacy_ref *into, size_t count);

/* legacy_item_credit: the fill is of that order: the signal is its bot's. */
void legacy_item_credit(struct legacy_item *fill,
    const struct legacy_item *order);

/*
 * legacy_item_filled: an order is merged into its fills.
 *
 * inout: into	borrowed; put in the order of the files
 */
void legacy_item_filled(struct legacy_item *order, struct legacy_ref *into,
    size_t count);

/*
 * legacy_item_pack: the bytes of an item, and back.
 *
 * in:	bytes	NULL: only how many
 * out: *item	its into is good until the next one is unpacked
 */
size_t legacy_item_pack(const struct legacy_item *item, char *bytes);
void legacy_item_unpack(const char *bytes, struct legacy_item *item);

#endif /* TB_LEGACY_ITEM_H */
