#include "legacy/word.h"

#include <assert.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#define MINUTES_PER_HOUR 60

const char *
legacy_disposition_word(enum legacy_disposition d)
{
	static const char *const words[LEGACY_DISPOSITIONS] = { "keep",
		"convert", "merge", "quarantine", "archive" };

	return words[d];
}

static const struct {
	const char *word, *text;
} reasons[LEGACY_REASONS] = {
	[LEGACY_NO_REASON] = { NULL, "" },
	[LEGACY_BAD_SIDE] = { "bad_side", "neither BUY nor SELL" },
	[LEGACY_BAD_STATUS] = { "bad_status",
	    "no status, or a word that nobody knows" },
	[LEGACY_BAD_PRODUCT] = { "bad_product",
	    "no product, and no bot that tells it" },
	[LEGACY_QUOTE_NOT_USD] = { "quote_not_usd",
	    "priced in something else than dollars" },
	[LEGACY_NO_TIMESTAMP] = { "no_timestamp", "no moment at all" },
	[LEGACY_BAD_TIMESTAMP] = { "bad_timestamp",
	    "a moment that cannot be read" },
	[LEGACY_BAD_NUMBER] = { "bad_number",
	    "a text or infinity where a number belongs" },
	[LEGACY_BAD_SIZE] = { "bad_size",
	    "no size, or none above zero, and none that follows" },
	[LEGACY_BAD_PRICE] = { "bad_price",
	    "no price, or none above zero, and none that follows" },
	[LEGACY_SIZE_INCONSISTENT] = { "size_inconsistent",
	    "size, price and dollars contradict each other" },
	[LEGACY_IMPLAUSIBLE_NOTIONAL] = { "implausible_notional",
	    "more dollars than --cap believes" },
	[LEGACY_MOCK_ORDER] = { "mock_order",
	    "made up by the old system: never sent" },
	[LEGACY_TEST_DATA] = { "test_data", "written by a test" },
	[LEGACY_NO_ORDER_ID] = { "no_order_id",
	    "no order id, no fill that matches: execution unproved" },
	[LEGACY_CONFLICTING_ORDER_ID] = { "conflicting_order_id",
	    "the id of another row, with other figures" },
	[LEGACY_DUPLICATE_ORDER_ID] = { "duplicate_order_id",
	    "the same row again" },
	[LEGACY_SAME_EXECUTION_AS_FILL] = { "same_execution_as_fill",
	    "the order of fills that stand there too" },
};

const char *
legacy_reason_word(enum legacy_reason r)
{
	return reasons[r].word;
}

const char *
legacy_reason_text(enum legacy_reason r)
{
	return reasons[r].text;
}

const char *
legacy_number_word(enum legacy_number n)
{
	static const char *const words[] = { "size", "price", "size_usd", "fee",
		"commission" };

	return words[n];
}

#define KEEPS false
#define CONVERTS true

/* Words that tell a detail have their fixed part here. */
static const struct {
	const char *word;
	bool converts;
} quirks[LEGACY_QUIRKS] = {
	[LQ_SIDE_LOWER] = { "side_lower", CONVERTS },
	[LQ_SIDE_MIXED] = { "side_mixed_case_spaces", CONVERTS },
	[LQ_SIDE_NULL] = { "side_null", CONVERTS },
	[LQ_SIDE_OTHER] = { "side_other", CONVERTS },
	[LQ_PRODUCT_FROM_BOT] = { "product_null_from_bot", CONVERTS },
	[LQ_PRODUCT_NULL] = { "product_null", CONVERTS },
	[LQ_PRODUCT_LOWER_BLANK] = { "product_lower_blank", CONVERTS },
	[LQ_PRODUCT_BAD] = { "product_bad", CONVERTS },
	[LQ_QUOTE_USDC] = { "quote_usdc", CONVERTS },
	[LQ_QUOTE_USDT] = { "quote_usdt", CONVERTS },
	[LQ_QUOTE_NOT_USD] = { "quote_not_usd", CONVERTS },
	[LQ_BOT_NULL_SYNC] = { "bot_id_null_sync", KEEPS },
	[LQ_BOT_NULL] = { "bot_deleted_by_orm_null", CONVERTS },
	[LQ_BOT_DANGLING] = { "bot_id_dangling", KEEPS },
	[LQ_BOT_PAIR_MISMATCH] = { "bot_pair_mismatch", KEEPS },
	[LQ_TEST_BOT] = { "test_bot", CONVERTS },
	[LQ_MOCK_ORDER_ID] = { "mock_order_id", CONVERTS },
	[LQ_TEST_ORDER_ID] = { "test_order_id", CONVERTS },
	[LQ_ORDER_ID_NULL] = { "order_id_null", CONVERTS },
	[LQ_ORDER_ID_EMPTY] = { "order_id_empty", CONVERTS },
	[LQ_ORDER_ID_LONG] = { "order_id_over_100_chars", CONVERTS },
	[LQ_ORDER_ID_DIGEST] = { "order_id_digest", CONVERTS },
	[LQ_STATUS_NULL] = { "status_null", CONVERTS },
	[LQ_STATUS_OTHER] = { "status_other", CONVERTS },
	[LQ_STATUS_WORD] = { "status_", CONVERTS },
	[LQ_PENDING_FOREVER] = { "pending_forever", CONVERTS },
	[LQ_FAILED_WITH_FILLED_AT] = { "failed_with_filled_at", CONVERTS },
	[LQ_PENDING_WITH_FILLED_AT] = { "pending_with_filled_at", CONVERTS },
	[LQ_FILLED_AT_NULL] = { "filled_at_null", KEEPS },
	[LQ_FILLED_WITHOUT_FILLED_AT] = { "filled_without_filled_at",
	    CONVERTS },
	[LQ_FILLED_BEFORE_CREATED] = { "filled_before_created", CONVERTS },
	[LQ_FILLED_AT_IS_POLL_TIME] = { "filled_at_is_poll_time", CONVERTS },
	[LQ_CREATED_AT_NULL] = { "created_at_null", CONVERTS },
	[LQ_BOTH_TIMES_NULL] = { "both_timestamps_null", CONVERTS },
	[LQ_TS_19_CHARS] = { "ts_19_chars", CONVERTS },
	[LQ_TS_ISO_Z] = { "ts_iso_z", CONVERTS },
	[LQ_TS_ISO_FRAC_Z] = { "ts_iso_frac_z", CONVERTS },
	[LQ_TS_ISO_NAIVE] = { "ts_iso_naive", CONVERTS },
	[LQ_TS_OTHER] = { "ts_other", CONVERTS },
	[LQ_TS_OFFSET_ZERO] = { "ts_offset_zero", CONVERTS },
	[LQ_TS_OFFSET] = { "ts_offset_", CONVERTS },
	[LQ_TS_EPOCH_INTEGER] = { "ts_epoch_integer", CONVERTS },
	[LQ_TS_EPOCH_REAL] = { "ts_epoch_real", CONVERTS },
	[LQ_TS_GARBAGE] = { "ts_garbage", CONVERTS },
	[LQ_TS_FUTURE] = { "ts_future", CONVERTS },
	[LQ_SIZE_IN_USD] = { "size_in_usd", CONVERTS },
	[LQ_QUOTE_SIZE] = { "quote_size", CONVERTS },
	[LQ_QUOTE_SIZE_DOUBLE] = { "quote_size_double_multiplied", CONVERTS },
	[LQ_SIZE_USD_NULL_BASE] = { "size_usd_null_base", CONVERTS },
	[LQ_SIZE_USD_NULL_USD] = { "size_usd_null_usd", CONVERTS },
	[LQ_SIZE_USD_ABSENT] = { "size_usd_column_absent", CONVERTS },
	[LQ_SIZE_USD_MATCHES_NEITHER] = { "size_usd_matches_neither",
	    CONVERTS },
	[LQ_BASE_SIZE_ROUNDED] = { "base_size_rounded_to_increment", CONVERTS },
	[LQ_PRICE_ONE] = { "price_one_units_equal", KEEPS },
	[LQ_MORE_THAN_8_DECIMALS] = { "more_than_8_decimals", CONVERTS },
	[LQ_FLOAT_NOISE] = { "float_noise", KEEPS },
	[LQ_DUST] = { "dust_usd_rounds_to_zero", CONVERTS },
	[LQ_SIZE_NULL] = { "size_null", CONVERTS },
	[LQ_SIZE_ZERO] = { "size_zero", CONVERTS },
	[LQ_SIZE_NEGATIVE] = { "size_negative", CONVERTS },
	[LQ_SIZE_NULL_DERIVABLE] = { "size_null_derivable", CONVERTS },
	[LQ_PRICE_NULL] = { "price_null", CONVERTS },
	[LQ_PRICE_ZERO] = { "price_zero", CONVERTS },
	[LQ_PRICE_NEGATIVE] = { "price_negative", CONVERTS },
	[LQ_PRICE_NULL_DERIVABLE] = { "price_null_derivable", CONVERTS },
	[LQ_PRICE_ZERO_DERIVABLE] = { "price_zero_derivable", CONVERTS },
	[LQ_IMPLAUSIBLE_NOTIONAL] = { "implausible_notional", CONVERTS },
	[LQ_BELOW_NEW_MINIMUM] = { "below_new_minimum", KEEPS },
	[LQ_PRICE_50000] = { "hardcoded_price_50000", CONVERTS },
	[LQ_NUMBER_IS_TEXT] = { "_is_text", CONVERTS },
	[LQ_NUMBER_INFINITE] = { "_infinite", CONVERTS },
	[LQ_NUMBER_TOO_LARGE] = { "_too_large", CONVERTS },
	[LQ_SIZE_AS_TEXT] = { "size_as_text_number", KEEPS },
	[LQ_FEE_NULL] = { "fee_null", KEEPS },
	[LQ_FEE_POSITIVE] = { "fee_positive", CONVERTS },
	[LQ_FEE_UNKNOWN] = { "fee_unknown", KEEPS },
	[LQ_COMMISSION_FROM_RAW] = { "commission_from_raw", KEEPS },
	[LQ_SIZE_FROM_RAW] = { "size_from_raw", CONVERTS },
	[LQ_SCORE_SIGN_FLIP] = { "score_sign_flip", CONVERTS },
	[LQ_SIGNAL_SCORES_BROKEN] = { "signal_scores_broken", CONVERTS },
	[LQ_SIGNAL_SCORES_NAN] = { "signal_scores_nan", CONVERTS },
	[LQ_POSITION_COLUMNS_USED] = { "position_columns_used", CONVERTS },
	[LQ_DUP_KEPT] = { "dup_kept", KEEPS },
	[LQ_DUP_CASE_BLANK] = { "dup_order_id_case_blank", CONVERTS },
	[LQ_DUPLICATE_ROW] = { "duplicate_row", CONVERTS },
	[LQ_DUPLICATE_CONFLICT] = { "duplicate_order_id_conflict", CONVERTS },
	[LQ_BOT_ROW_PLUS_FILL] = { "bot_row_plus_fill", CONVERTS },
	[LQ_PARTIAL_FILLS] = { "partial_fills", CONVERTS },
	[LQ_PENDING_BUT_FILLED] = { "pending_forever_but_filled", CONVERTS },
	[LQ_DUPLICATE_WINNER] = { "duplicate_winner", CONVERTS },
	[LQ_RACE_DOUBLE] = { "race_double", KEEPS },
	[LQ_RAW_FILL] = { "raw_fill", KEEPS },
	[LQ_OVERSELL] = { "oversell", KEEPS },
};

void
legacy_quirk_add(struct legacy_quirks *q, enum legacy_quirk quirk)
{
	static_assert(LEGACY_QUIRKS <= 128, "bits are enough");
	q->bits[quirk / 64] |= UINT64_C(1) << quirk % 64;
}

void
legacy_quirk_drop(struct legacy_quirks *q, enum legacy_quirk quirk)
{
	q->bits[quirk / 64] &= ~(UINT64_C(1) << quirk % 64);
}

bool
legacy_quirk_has(const struct legacy_quirks *q, enum legacy_quirk quirk)
{
	return (q->bits[quirk / 64] >> quirk % 64 & 1) != 0;
}

void
legacy_quirk_word(const struct legacy_quirks *q, enum legacy_quirk quirk,
    char out[static LEGACY_WORD_MAX])
{
	const char *word = quirks[quirk].word;
	int minutes = abs(q->offset_minutes) % MINUTES_PER_HOUR;
	char rest[8] = "";

	switch (quirk) {
	case LQ_STATUS_WORD:
		(void)snprintf(out, LEGACY_WORD_MAX, "%s%s", word, q->status);
		break;
	case LQ_TS_OFFSET:
		if (minutes != 0)
			(void)snprintf(rest, sizeof(rest), "_%02d", minutes);
		(void)snprintf(out, LEGACY_WORD_MAX, "%s%s%d%s", word,
		    q->offset_minutes < 0 ? "minus" : "plus",
		    abs(q->offset_minutes) / MINUTES_PER_HOUR, rest);
		break;
	case LQ_NUMBER_IS_TEXT:
	case LQ_NUMBER_INFINITE:
	case LQ_NUMBER_TOO_LARGE:
		(void)snprintf(out, LEGACY_WORD_MAX, "%s%s",
		    legacy_number_word((enum legacy_number)q->column), word);
		break;
	default:
		(void)snprintf(out, LEGACY_WORD_MAX, "%s", word);
	}
}

bool
legacy_quirks_convert(const struct legacy_quirks *q)
{
	for (int i = 0; i < LEGACY_QUIRKS; i++)
		if (quirks[i].converts &&
		    legacy_quirk_has(q, (enum legacy_quirk)i))
			return true;
	return false;
}
