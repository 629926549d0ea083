#ifndef TB_EXCHANGE_SETTING_H
#define TB_EXCHANGE_SETTING_H

/*
 * setting: how the stand-in behaves, and misbehaves, in ways that concern its
 * books and the shape of its answers.  One table feeds the command line
 * (--set NAME=VALUE), the control path ({"set":{"NAME":VALUE}}) and --help.
 * Faults of the connection are fault.h.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/decimal.h"
#include "io/json.h"

#define SETTING_TEXT_MAX 256

struct settings {
	/* the life of an order */
	bool deduplicate;
	int64_t visibility_ms, fill_delay_ms, fills_lag_ms, fee_lag_ms;
	int64_t settle_lag_ms, cancel_delay_ms, fill_parts;
	struct decimal fill_part;
	bool fail_accepted, double_orders;
	char refuse[SETTING_TEXT_MAX];
	/* money */
	struct decimal taker_rate, maker_rate, sum_off;
	/* what is said of an order */
	bool wrong_client_order_id, wrong_product, wrong_side, no_order_id;
	bool extra_members, nulls, numbers, empty_amounts;
	char status_word[SETTING_TEXT_MAX], cancel_message[SETTING_TEXT_MAX];
	char fee[SETTING_TEXT_MAX];
	/* lists */
	bool repeat_fills, reverse_fills, same_trade_id, reversals;
	bool cursor_repeats, has_next_for_ever, page_overlap;
	int64_t page_max, page_fails;
	/* the door */
	int64_t skew_s, rate_limit;
	bool can_view, can_trade, can_transfer;
};

/* settings_init: a well-behaved exchange. */
void settings_init(struct settings *s);

/*
 * settings_set: NAME=VALUE as on the command line; a boolean without a value
 * is true.
 *
 * errors: TB_EINVAL no such setting, or a value of another kind
 */
enum tb_status settings_set(struct settings *s, const char *assignment,
    struct tb_err *err);

/* settings_read: the members of an object, as on the control path. */
enum tb_status settings_read(struct settings *s, const struct json *j,
    const struct json_token *object, struct tb_err *err);

/* settings_write: all of them, as an object. */
void settings_write(const struct settings *s, struct json_writer *w);

/* settings_help: a line a setting, to standard output. */
void settings_help(void);

#endif /* TB_EXCHANGE_SETTING_H */
