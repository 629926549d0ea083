#ifndef TB_SIGNAL_BOT_H
#define TB_SIGNAL_BOT_H

/*
 * bot: a decision engine's configuration as data.
 *
 * It holds no position and no state: what a bot decides is a function of
 * candles, this struct and an instant.  A value with fixed bounds: copy it by
 * assignment.  Reading it from YAML or JSON, its canonical text and its hash
 * are lib/bot's; the ranges of parameters are the tables' of indicator.h and
 * score.h.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/decimal.h"
#include "base/err.h"
#include "base/market.h"
#include "signal/indicator.h"
#include "signal/score.h"

#define BOT_NAME_MAX 64		   /* characters of a name */
#define BOT_SIGNALS_MAX 16	   /* signals of a bot */
#define BOT_KEY_MAX 32		   /* characters of a signal's key */
#define BOT_USES_MAX 8		   /* series that a jq signal uses */
#define BOT_EXPRESSION_MAX 4096	   /* bytes of one jq expression */
#define BOT_TEXT_MAX 12288	   /* bytes of all of a bot's expressions */
#define BOT_MINUTES_MAX 10080	   /* of confirmation: a week */
#define BOT_COOLDOWN_MAX 525600	   /* minutes: a year */
#define BOT_CONFIRMATION_MINUTES 5 /* where nothing is written */
#define BOT_COOLDOWN_MINUTES 15
#define BOT_TRADE_SIZE_USD 10
#define BOT_GRANULARITY_S 300

enum bot_status { BOT_STOPPED, BOT_RUNNING, BOT_ERROR };
enum bot_combine {
	COMBINE_SUM,  /* weights times scores */
	COMBINE_MEAN, /* the same over the weights that gave a score */
};

/* One signal of a bot. */
struct bot_signal {
	char key[BOT_KEY_MAX + 1]; /* in YAML and individual_signals: unique */
	enum score_kind kind;
	bool enabled;
	struct decimal weight; /* 0..1; enabled ones sum to at most 1 */
	struct parameters p;   /* of score_row(kind); unused by jq */
	uint16_t jq;	       /* of kind jq: its expression, for bot_text() */
	uint8_t uses_count;
	struct series uses[BOT_USES_MAX]; /* of kind jq: what it may read */
};

struct bot {
	int64_t id; /* 0: not stored */
	char name[BOT_NAME_MAX + 1];
	char product_id[PRODUCT_ID_MAX];
	int granularity_s;
	enum bot_status status;
	enum bot_combine combine;
	enum score_style style;
	struct decimal buy_threshold;  /* 0 < it <= 1 */
	struct decimal sell_threshold; /* -1 <= it < 0 */
	int confirmation_minutes;      /* 0..BOT_MINUTES_MAX */
	int cooldown_minutes;	       /* 0..BOT_COOLDOWN_MAX */
	struct decimal trade_size_usd; /* > 0 */
	uint16_t when; /* jq over the signal line, a veto; 0: none */
	size_t signal_count;
	size_t text_len; /* bytes of text that are used */
	struct bot_signal signals[BOT_SIGNALS_MAX];
	char text[BOT_TEXT_MAX]; /* expressions, each with its NUL */
};

/*
 * bot_init: no name, no product, no signals; all else at its default.  Signals
 * and text that are not used are not touched, then and later: most of a bot's
 * memory is never more than an address.
 */
void bot_init(struct bot *bot);

/*
 * bot_add_text: keep an expression.
 *
 * out:	   *out	 what bot_text() takes; never 0
 * errors: TB_ERANGE longer than BOT_EXPRESSION_MAX, no room among the others,
 *	   or a NUL inside
 */
enum tb_status bot_add_text(struct bot *bot, const char *s, size_t len,
    uint16_t *out, struct tb_err *err);

/* bot_text: an expression that was kept; NULL for 0.  Borrowed from the bot. */
const char *bot_text(const struct bot *bot, uint16_t kept);

/* bot_find_signal: by key, NULL where there is none. */
const struct bot_signal *bot_find_signal(const struct bot *bot,
    const char *key);

/*
 * bot_check: everything that one field alone cannot tell, and all ranges
 * again: a valid product and granularity, at least one signal, unique keys,
 * weights that sum to at most 1 (added as decimals), parameters that go
 * together, `uses` with a warm-up.
 *
 * errors: TB_EINVAL the message begins with the key's path
 *	   ("signals.rsi: period: expected ...")
 */
enum tb_status bot_check(const struct bot *bot, struct tb_err *err);

/* "STOPPED", "RUNNING", "ERROR"; read in any case. errors: TB_EINVAL */
const char *bot_status_name(enum bot_status status);
enum tb_status bot_status_parse(const char *s, size_t len,
    enum bot_status *out);

/* "sum", "mean". errors: TB_EINVAL */
const char *bot_combine_name(enum bot_combine combine);
enum tb_status bot_combine_parse(const char *s, size_t len,
    enum bot_combine *out);

#endif /* TB_SIGNAL_BOT_H */
