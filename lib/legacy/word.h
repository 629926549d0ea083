#ifndef TB_LEGACY_WORD_H
#define TB_LEGACY_WORD_H

/*
 * word: the words in which a migration tells what it does with a row.
 *
 * Every source row has one disposition; one that is merged or put in
 * quarantine has a reason too; every oddity that was met has a quirk.  The
 * words are part of the interface: people and tests read them.
 */

#include <stdbool.h>
#include <stdint.h>

enum legacy_disposition {
	LEGACY_KEEP,	   /* copied as it was */
	LEGACY_CONVERT,	   /* something was derived or put right, and is told */
	LEGACY_MERGE,	   /* tells again what another row tells */
	LEGACY_QUARANTINE, /* kept whole, outside the books */
	LEGACY_ARCHIVE,	   /* kept whole: no trade */
};
#define LEGACY_DISPOSITIONS (LEGACY_ARCHIVE + 1)

/* "keep", ... */
const char *legacy_disposition_word(enum legacy_disposition d);

enum legacy_reason {
	LEGACY_NO_REASON,
	LEGACY_BAD_SIDE,
	LEGACY_BAD_STATUS,
	LEGACY_BAD_PRODUCT,
	LEGACY_QUOTE_NOT_USD,
	LEGACY_NO_TIMESTAMP,
	LEGACY_BAD_TIMESTAMP,
	LEGACY_BAD_NUMBER,
	LEGACY_BAD_SIZE,
	LEGACY_BAD_PRICE,
	LEGACY_SIZE_INCONSISTENT,
	LEGACY_IMPLAUSIBLE_NOTIONAL,
	LEGACY_MOCK_ORDER,
	LEGACY_TEST_DATA,
	LEGACY_NO_ORDER_ID,
	LEGACY_CONFLICTING_ORDER_ID,
	LEGACY_DUPLICATE_ORDER_ID,
	LEGACY_SAME_EXECUTION_AS_FILL,
};
#define LEGACY_REASONS (LEGACY_SAME_EXECUTION_AS_FILL + 1)

/* "bad_side", ...; NULL for LEGACY_NO_REASON. */
const char *legacy_reason_word(enum legacy_reason r);

/* legacy_reason_text: half a sentence for people. */
const char *legacy_reason_text(enum legacy_reason r);

enum legacy_quirk {
	/* who wrote it, and for which bot */
	LQ_SIDE_LOWER,
	LQ_SIDE_MIXED,
	LQ_SIDE_NULL,
	LQ_SIDE_OTHER,
	LQ_PRODUCT_FROM_BOT,
	LQ_PRODUCT_NULL,
	LQ_PRODUCT_LOWER_BLANK,
	LQ_PRODUCT_BAD,
	LQ_QUOTE_USDC,
	LQ_QUOTE_USDT,
	LQ_QUOTE_NOT_USD,
	LQ_BOT_NULL_SYNC,
	LQ_BOT_NULL,
	LQ_BOT_DANGLING,
	LQ_BOT_PAIR_MISMATCH,
	LQ_TEST_BOT,
	/* order ids */
	LQ_MOCK_ORDER_ID,
	LQ_TEST_ORDER_ID,
	LQ_ORDER_ID_NULL,
	LQ_ORDER_ID_EMPTY,
	LQ_ORDER_ID_LONG,
	LQ_ORDER_ID_DIGEST,
	/* status and times */
	LQ_STATUS_NULL,
	LQ_STATUS_OTHER,
	LQ_STATUS_WORD, /* status_<the word> */
	LQ_PENDING_FOREVER,
	LQ_FAILED_WITH_FILLED_AT,
	LQ_PENDING_WITH_FILLED_AT,
	LQ_FILLED_AT_NULL,
	LQ_FILLED_WITHOUT_FILLED_AT,
	LQ_FILLED_BEFORE_CREATED,
	LQ_FILLED_AT_IS_POLL_TIME,
	LQ_CREATED_AT_NULL,
	LQ_BOTH_TIMES_NULL,
	LQ_TS_19_CHARS,
	LQ_TS_ISO_Z,
	LQ_TS_ISO_FRAC_Z,
	LQ_TS_ISO_NAIVE,
	LQ_TS_OTHER,
	LQ_TS_OFFSET_ZERO,
	LQ_TS_OFFSET, /* ts_offset_minus4 */
	LQ_TS_EPOCH_INTEGER,
	LQ_TS_EPOCH_REAL,
	LQ_TS_GARBAGE,
	LQ_TS_FUTURE,
	/* sizes, prices and fees */
	LQ_SIZE_IN_USD,
	LQ_QUOTE_SIZE,
	LQ_QUOTE_SIZE_DOUBLE,
	LQ_SIZE_USD_NULL_BASE,
	LQ_SIZE_USD_NULL_USD,
	LQ_SIZE_USD_ABSENT,
	LQ_SIZE_USD_MATCHES_NEITHER,
	LQ_BASE_SIZE_ROUNDED,
	LQ_PRICE_ONE,
	LQ_MORE_THAN_8_DECIMALS,
	LQ_FLOAT_NOISE,
	LQ_DUST,
	LQ_SIZE_NULL,
	LQ_SIZE_ZERO,
	LQ_SIZE_NEGATIVE,
	LQ_SIZE_NULL_DERIVABLE,
	LQ_PRICE_NULL,
	LQ_PRICE_ZERO,
	LQ_PRICE_NEGATIVE,
	LQ_PRICE_NULL_DERIVABLE,
	LQ_PRICE_ZERO_DERIVABLE,
	LQ_IMPLAUSIBLE_NOTIONAL,
	LQ_BELOW_NEW_MINIMUM,
	LQ_PRICE_50000,
	LQ_NUMBER_IS_TEXT,   /* <column>_is_text */
	LQ_NUMBER_INFINITE,  /* <column>_infinite */
	LQ_NUMBER_TOO_LARGE, /* <column>_too_large */
	LQ_SIZE_AS_TEXT,
	LQ_FEE_NULL,
	LQ_FEE_POSITIVE,
	LQ_FEE_UNKNOWN,
	LQ_COMMISSION_FROM_RAW,
	LQ_SIZE_FROM_RAW,
	/* the signal and what was derived from it */
	LQ_SCORE_SIGN_FLIP,
	LQ_SIGNAL_SCORES_BROKEN,
	LQ_SIGNAL_SCORES_NAN,
	LQ_POSITION_COLUMNS_USED,
	/* one execution, several rows */
	LQ_DUP_KEPT,
	LQ_DUP_CASE_BLANK,
	LQ_DUPLICATE_ROW,
	LQ_DUPLICATE_CONFLICT,
	LQ_BOT_ROW_PLUS_FILL,
	LQ_PARTIAL_FILLS,
	LQ_PENDING_BUT_FILLED,
	LQ_DUPLICATE_WINNER,
	LQ_RACE_DOUBLE,
	LQ_RAW_FILL,
	LQ_OVERSELL,
};
#define LEGACY_QUIRKS (LQ_OVERSELL + 1)
#define LEGACY_WORD_MAX 64 /* of a quirk, with its NUL */

/* The quirks of a row.  Zero it before use. */
struct legacy_quirks {
	uint64_t bits[2];	/* private */
	int16_t offset_minutes; /* of LQ_TS_OFFSET */
	uint8_t column;		/* of LQ_NUMBER_*: an enum legacy_number */
	char status[32];	/* of LQ_STATUS_WORD */
};

/* Columns that hold numbers. */
enum legacy_number {
	LN_SIZE,
	LN_PRICE,
	LN_SIZE_USD,
	LN_FEE,
	LN_COMMISSION,
};
#define LEGACY_NUMBERS (LN_COMMISSION + 1)

const char *legacy_number_word(enum legacy_number n);

void legacy_quirk_add(struct legacy_quirks *q, enum legacy_quirk quirk);
void legacy_quirk_drop(struct legacy_quirks *q, enum legacy_quirk quirk);
bool legacy_quirk_has(const struct legacy_quirks *q, enum legacy_quirk quirk);

/* legacy_quirk_word: in: q  the row's, for those words that tell a detail */
void legacy_quirk_word(const struct legacy_quirks *q, enum legacy_quirk quirk,
    char out[static LEGACY_WORD_MAX]);

/* legacy_quirk_text: half a sentence for people. */
const char *legacy_quirk_text(enum legacy_quirk quirk);

/* legacy_quirks_convert: one of them makes more of a row than a copy. */
bool legacy_quirks_convert(const struct legacy_quirks *q);

#endif /* TB_LEGACY_WORD_H */
