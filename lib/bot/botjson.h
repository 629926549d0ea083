#ifndef TB_BOT_BOTJSON_H
#define TB_BOT_BOTJSON_H

/*
 * botjson: a bot as JSON, and what its configuration is known by.
 *
 * The configuration is what decides: product, granularity, signals,
 * thresholds, combine, style, when, confirmation and trade_size_usd.  Not in
 * it: name, status, cooldown.  Its canonical text (keys sorted, every default
 * written out) is what the store keeps and what the hash is of: the same
 * configuration has the same hash on every host.
 */

#include "base/buffer.h"
#include "base/digest.h"
#include "base/err.h"
#include "io/json.h"
#include "signal/bot.h"

#define BOT_JSON_MAX 65536 /* bytes of a bot as JSON */

/* bot_write: the whole bot, keys in the order of bot_keys(), into an object
 * that is open. */
void bot_write(struct json_writer *w, const struct bot *bot);

/* bot_write_signals: its signals alone, an object. */
void bot_write_signals(struct json_writer *w, const struct bot *bot);

/*
 * bot_config_text: append the canonical configuration.
 *
 * out:	   hash	 of it
 * errors: TB_ENOMEM
 */
enum tb_status bot_config_text(const struct bot *bot, struct buffer *out,
    char hash[static DIGEST_HEX], struct tb_err *err);

/*
 * bot_read_config: a configuration that bot_config_text() wrote; name, status
 * and cooldown stay as they are.
 *
 * inout:  *bot	 after bot_init(), with its name
 * errors: TB_EINVAL the message names the key
 */
enum tb_status bot_read_config(struct bot *bot, const char *text,
    struct tb_err *err);

#endif /* TB_BOT_BOTJSON_H */
