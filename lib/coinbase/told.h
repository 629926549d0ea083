#ifndef TB_COINBASE_TOLD_H
#define TB_COINBASE_TOLD_H

/*
 * told: what the exchange tells, as JSON, becomes what a venue tells.
 *
 * Pure functions.  Tolerant where the exchange is known to be loose: members
 * and words not known are let pass, "" and null are "no value", an amount may
 * be a number, digits beyond the 18th decimal are rounded half-even.  Strict
 * where a wrong figure would be believed: an amount that is none, a side that
 * is neither, an id that does not fit.
 *
 * errors, of all: TB_EINVAL "filled_size: expected an amount, found \"x\"";
 *	   TB_END the row is none of a venue's business (futures, vaults)
 */

#include <stdint.h>

#include "base/err.h"
#include "base/market.h"
#include "io/json.h"
#include "venue/venue.h"

/* A product; offline, disabled or view-only is trading_disabled. */
enum tb_status told_product(const struct json *j, const struct json_token *t,
    struct product *out, struct tb_err *err);

/* told_price: a product's last price. errors: TB_ENOENT it tells none */
enum tb_status told_price(const struct json *j, const struct json_token *t,
    struct decimal *out, struct tb_err *err);

enum tb_status told_candle(const struct json *j, const struct json_token *t,
    struct candle *out, struct tb_err *err);

/* told_account: a wallet as a balance; TB_END: a vault or of derivatives. */
enum tb_status told_account(const struct json *j, const struct json_token *t,
    struct venue_balance *out, struct tb_err *err);

/*
 * told_order: an order, as the list and the single look-up tell it.
 *
 * in: now_us  a final order that is not FILLED counts as settled once nothing
 *	       has happened to it for TOLD_SETTLED_US: the exchange says so of
 *	       filled ones only
 */
#define TOLD_SETTLED_US INT64_C(10000000)
enum tb_status told_order(const struct json *j, const struct json_token *t,
    int64_t now_us, struct venue_order *out, struct tb_err *err);

/*
 * told_fill: an execution.  A size in quote currency is converted: size =
 * value / price, half-even at 18 decimals.
 */
enum tb_status told_fill(const struct json *j, const struct json_token *t,
    struct fill *out, struct tb_err *err);

enum tb_status told_preview(const struct json *j, const struct json_token *t,
    struct venue_preview *out, struct tb_err *err);

/*
 * told_words: why the exchange says no: message, else error_details, else
 * error, of any of its envelopes; "" where it says nothing.
 */
void told_words(const struct json *j, const struct json_token *t, char *out,
    size_t size);

/* told_text: a text member; "" where there is none or it does not fit. */
void told_text(const struct json *j, const struct json_token *t,
    const char *key, char *out, size_t size);

/* told_millis: milliseconds since 1970, as a text or a number. */
enum tb_status told_millis(const struct json *j, const struct json_token *t,
    const char *key, int64_t *out_us, struct tb_err *err);

/* told_flag: a member that is true. */
bool told_flag(const struct json *j, const struct json_token *t,
    const char *key);

#endif /* TB_COINBASE_TOLD_H */
