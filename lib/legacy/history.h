#ifndef TB_LEGACY_HISTORY_H
#define TB_LEGACY_HISTORY_H

/*
 * history: a row of the old system's bot_signal_history, with the sign
 * turned.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/decimal.h"
#include "base/err.h"

enum legacy_action { LEGACY_HOLD, LEGACY_BUY, LEGACY_SELL };

struct legacy_decision {
	bool has_bot;
	int64_t bot_id;	      /* of the old system */
	int64_t at_us;	      /* when it was evaluated */
	struct decimal score; /* positive means BUY; nine decimals */
	enum legacy_action action;
	bool has_price;
	struct decimal price;
};

/* "HOLD", "BUY", "SELL". */
const char *legacy_action_word(enum legacy_action action);

/* "HOT", "WARM", "COOL", "FROZEN", relative to the thresholds +-0.1. */
const char *legacy_temperature(struct decimal score);

/*
 * legacy_decision_read: in: row  as a JSON object
 *
 * out:	    reason  why it is none, a word: "bad_timestamp", "bad_number"
 * returns: TB_OK; TB_END it is no decision
 * errors:  TB_EINVAL no JSON object; TB_ENOMEM
 */
enum tb_status legacy_decision_read(const char *row, size_t len,
    struct legacy_decision *out, const char **reason, struct tb_err *err);

#endif /* TB_LEGACY_HISTORY_H */
