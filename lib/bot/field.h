#ifndef TB_BOT_FIELD_H
#define TB_BOT_FIELD_H

/*
 * field: every key of a bot by its name, with its value as text.
 *
 * YAML, stored JSON, "tb-signal bot set" and the difference of two bots all
 * go through here, so a key is spelled, read, checked and shown in one place.
 *
 * A path is a key of the bot ("cooldown_minutes") or one of a signal
 * ("signals.rsi.period").  Keys of a signal: kind, enabled, weight, the
 * parameters of its kind (score.h), and of kind jq: jq, uses.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/err.h"
#include "signal/bot.h"

#define BOT_PATH_MAX 96			  /* of a path, the NUL included */
#define BOT_TRADE_SIZE_USD_MAX 1000000000 /* nobody means more */
#define BOT_KEYS_MAX 16			  /* of a bot or of a signal */

/*
 * bot_keys: the keys of a bot itself, in the order they are shown.
 * bot_signal_keys: those that a signal of this kind knows.
 *
 * out: keys  static strings; NULL behind the last
 */
void bot_keys(const char *keys[static BOT_KEYS_MAX]);
void bot_signal_keys(enum score_kind kind,
    const char *keys[static BOT_KEYS_MAX]);

/*
 * bot_name_check: 1 to BOT_NAME_MAX bytes of printable UTF-8, no slash, no
 * blank at either end.
 *
 * errors: TB_EINVAL
 */
enum tb_status bot_name_check(const char *name, struct tb_err *err);

/*
 * bot_set: a key of the bot itself.
 *
 * in:	   value  text; for "when", NULL or "" is none
 * errors: TB_EINVAL no such key, or what was expected; the message does not
 *	   repeat the key
 */
enum tb_status bot_set(struct bot *bot, const char *key, const char *value,
    struct tb_err *err);

/*
 * bot_add_signal: one more signal, everything at the default of the bot's
 * style, weight 1.
 *
 * in:	   kind	 NULL: the key says it ("rsi")
 * out:	   *out	 borrowed from the bot
 * errors: TB_EINVAL unknown kind, bad or repeated key; TB_ERANGE more than
 *	   BOT_SIGNALS_MAX
 */
enum tb_status bot_add_signal(struct bot *bot, const char *key,
    const char *kind, struct bot_signal **out, struct tb_err *err);

/* bot_set_signal: a key of a signal but "kind". errors: as bot_set() */
enum tb_status bot_set_signal(struct bot *bot, struct bot_signal *signal,
    const char *key, const char *value, struct tb_err *err);

/*
 * bot_set_path: as bot_set() by path.  A signal that is not there begins with
 * its kind ("signals.slow.kind=rsi") or with any key where its name is one.
 *
 * errors: as bot_set(), the message begins with the path
 */
enum tb_status bot_set_path(struct bot *bot, const char *path,
    const char *value, struct tb_err *err);

/* A value as it is shown and stored. */
enum bot_value_kind {
	BOT_VALUE_TEXT,
	BOT_VALUE_NUMBER,
	BOT_VALUE_AMOUNT, /* of quote currency */
	BOT_VALUE_BOOL
};

/*
 * bot_get, bot_get_signal: the value of a key as text, into out (cleared
 * before); "" is none.
 *
 * in:	    key	 one of bot_keys(), of bot_signal_keys(); asserted
 * returns: what kind of value it is
 */
enum bot_value_kind bot_get(const struct bot *bot, const char *key,
    struct buffer *out);
enum bot_value_kind bot_get_signal(const struct bot *bot,
    const struct bot_signal *signal, const char *key, struct buffer *out);

#endif /* TB_BOT_FIELD_H */
