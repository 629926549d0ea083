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
	 * amounts have eight decimals at most */
	char product_id[PRODUCT_ID_MAX]; /* "" where it could not be read */
	enum side side;
	enum legacy_state state; /* pending: to be asked of the venue */
	struct decimal size_usd, size_crypto, price, commission;
	bool fee_unknown;
	int64_t created_us; /* 0: none could be read */
	int64_t filled_us;  /* 0 while nothing was executed */
	char order_id[ORDER_ID_MAX];
	char triggered_by[TRIGGER_MAX];
	char venue_order_id[ORDER_ID_MAX]; /* the order that a fill belongs to,
					      by raw_trades; "" not known */

	/* what the old row said, for the context */
	int64_t bot_id;
	bool has_bot;
	char status_word[24];
	char digits[5][LEGACY_DIGITS_MAX]; /* by enum legacy_number; "" NULL */

	/* what the old formula made of it: signed cash, USD */
	bool old_counts;
	enum side old_side;
	struct decimal old_value, old_fee;

	/* where it went: rows of trades, or of raw_trades */
	const struct legacy_ref *into;
	size_t into_count;
	bool has_signal;	  /* signal is a bot's row */
	struct legacy_ref signal; /* whose signal made the order */
};

#endif /* TB_LEGACY_ITEM_H */
