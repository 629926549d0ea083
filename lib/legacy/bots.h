#ifndef TB_LEGACY_BOTS_H
#define TB_LEGACY_BOTS_H

/*
 * bots: a bot of the old system as a bot of style legacy.
 *
 * Nothing of its configuration stays implicit: the hour candles, the mean over
 * weights, every parameter and the thresholds are written out.  The sign is
 * turned once: the combined score on the same closes is minus the old one.
 * Every bot comes over, STOPPED; what could not be taken as it was is an
 * oddity, for people to read.
 *
 *	key of the old configuration	here
 *	rsi (any case)			rsi, smoothing simple
 *	moving_average (any case)	ma
 *	macd (any case)			macd, ema normalised
 *	any other			not enabled: it never had a score
 *	trading_thresholds		turned; where none, +-0.1
 */

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "bot/botjson.h"

#define LEGACY_NO_PRODUCT "UNKNOWN-USD" /* of a bot without a usable pair */
#define LEGACY_MINIMUM_USD 10		/* smaller orders are refused now */

enum legacy_bot_oddity {
	LEGACY_BOT_UNNAMED,	    /* no name: legacy-bot-<id> */
	LEGACY_BOT_RENAMED,	    /* a name that cannot be used */
	LEGACY_BOT_NO_PRODUCT,	    /* no usable pair */
	LEGACY_BOT_CONFIG_UNUSABLE, /* no signals, or no JSON */
	LEGACY_BOT_SIGNAL_UNKNOWN,  /* a key that was never recognised */
	LEGACY_BOT_SIGNAL_UNUSABLE, /* parameters that never gave a score */
	LEGACY_BOT_WEIGHTS_SCALED,  /* they summed to more than 1 */
	LEGACY_BOT_THRESHOLDS,	    /* of its own, turned */
	LEGACY_BOT_THRESHOLDS_UNUSABLE,
	LEGACY_BOT_TIMERS,	  /* 0 or none: 5 and 15 minutes, as before */
	LEGACY_BOT_SIZE_UNUSABLE, /* no size: 10 USD */
	LEGACY_BOT_BELOW_MINIMUM, /* below 10 USD: its orders are refused */
	LEGACY_BOT_WAS_RUNNING,
};
#define LEGACY_BOT_ODDITIES (LEGACY_BOT_WAS_RUNNING + 1)

/* "unnamed", ...; and half a sentence for people. */
const char *legacy_bot_word(enum legacy_bot_oddity oddity);
const char *legacy_bot_text(enum legacy_bot_oddity oddity);

struct legacy_bot {
	int64_t old_id;
	struct bot bot;
	uint32_t oddities; /* a bit each: 1 << enum legacy_bot_oddity */
};

/*
 * legacy_bot_read: a row of the old table bots.
 *
 * in:	   row	   the row as a JSON object
 * out:	   *out	   its bot passes bot_check()
 * errors: TB_EINVAL the row is no JSON object; TB_ENOMEM
 */
enum tb_status legacy_bot_read(const char *row, size_t len,
    struct legacy_bot *out, struct tb_err *err);

#endif /* TB_LEGACY_BOTS_H */
