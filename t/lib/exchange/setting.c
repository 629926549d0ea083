#include "exchange/setting.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum setting_kind { SETTING_BOOL, SETTING_COUNT, SETTING_AMOUNT, SETTING_TEXT };

static const struct setting {
	const char *name;
	enum setting_kind kind;
	size_t at; /* in struct settings */
	const char *help;
} table[] = {
#define S(name, kind, help)                                                    \
 {                                                                             \
#  name, SETTING_##kind, offsetof(struct settings, name), help                 \
 }
	S(deduplicate, BOOL, "a repeated client_order_id is the old order"),
	S(visibility_ms, COUNT, "orders and fills are in no answer so long"),
	S(fill_delay_ms, COUNT, "orders stay PENDING so long"),
	S(fills_lag_ms, COUNT, "fills are listed so long after they happened"),
	S(fee_lag_ms, COUNT, "fees read 0 so long after the fill"),
	S(settle_lag_ms, COUNT, "settled is false so long after FILLED"),
	S(cancel_delay_ms, COUNT, "orders stay CANCEL_QUEUED so long"),
	S(fill_parts, COUNT, "fills of an order, a price step apart"),
	S(fill_part, AMOUNT, "share of an order that finds its match"),
	S(fail_accepted, BOOL, "accepted orders end FAILED"),
	S(double_orders, BOOL, "each POST makes two orders"),
	S(refuse, TEXT, "refuse new orders with this reason and message"),
	S(taker_rate, AMOUNT, "fee of orders that trade at once"),
	S(maker_rate, AMOUNT, "fee of resting orders; below 0: a rebate"),
	S(sum_off, AMOUNT, "added to total_value_after_fees"),
	S(wrong_client_order_id, BOOL, "answer another client_order_id"),
	S(wrong_product, BOOL, "answer another product"),
	S(wrong_side, BOOL, "answer the other side"),
	S(no_order_id, BOOL, "success without order_id"),
	S(extra_members, BOOL, "members that nobody knows"),
	S(nulls, BOOL, "null where a text is unset"),
	S(numbers, BOOL, "amounts as JSON numbers"),
	S(empty_amounts, BOOL, "\"\" where an amount is 0"),
	S(status_word, TEXT, "status of every order"),
	S(cancel_message, TEXT, "cancel_message of every order"),
	S(fee, TEXT, "the deprecated member fee"),
	S(repeat_fills, BOOL, "every fill is listed twice"),
	S(reverse_fills, BOOL, "oldest fill first"),
	S(same_trade_id, BOOL, "the fills of an order share a trade_id"),
	S(reversals, BOOL, "every fill is reversed and corrected"),
	S(cursor_repeats, BOOL, "the next cursor is the one that came"),
	S(has_next_for_ever, BOOL, "there is always a next page"),
	S(page_overlap, BOOL, "a page begins with the last row before it"),
	S(page_max, COUNT, "rows of a page at most; 0: as the real one"),
	S(page_fails, COUNT, "the n-th page of a list is answered 500"),
	S(skew_s, COUNT, "the server's clock is ahead of the market's"),
	S(rate_limit, COUNT, "requests a second; 0: no limit"),
	S(can_view, BOOL, "permission of every key"),
	S(can_trade, BOOL, "permission of every key"),
	S(can_transfer, BOOL, "permission of every key"),
#undef S
};

#define SETTINGS (sizeof(table) / sizeof(table[0]))

void
settings_init(struct settings *s)
{
	*s = (struct settings){
		.deduplicate = true,
		.fill_parts = 1,
		.fill_part = DECIMAL_OF(1),
		.can_view = true,
		.can_trade = true,
	};
	s->taker_rate.v = DECIMAL_ONE_UNITS / 1000 * 12;
	s->maker_rate.v = DECIMAL_ONE_UNITS / 1000 * 6;
}

static enum tb_status
set_bool(bool *to, const char *value)
{
	bool is_true = strcmp(value, "true") == 0;

	if (!is_true && strcmp(value, "false") != 0)
		return TB_EINVAL;
	*to = is_true;
	return TB_OK;
}

static enum tb_status
set_count(int64_t *to, const char *value)
{
	char *end;

	errno = 0;
	*to = strtoll(value, &end, 10);
	return errno == 0 && end != value && *end == '\0' ? TB_OK : TB_EINVAL;
}

static enum tb_status
set_text(char *to, const char *value)
{
	if (strlen(value) >= SETTING_TEXT_MAX)
		return TB_EINVAL;
	(void)snprintf(to, SETTING_TEXT_MAX, "%s", value);
	return TB_OK;
}

static enum tb_status
set(struct settings *s, const struct setting *which, const char *value)
{
	void *to = (char *)s + which->at;

	switch (which->kind) {
	case SETTING_BOOL:
		return set_bool(to, value);
	case SETTING_COUNT:
		return set_count(to, value);
	case SETTING_AMOUNT:
		return decimal_parse(value, strlen(value), to);
	case SETTING_TEXT:
		break;
	}
	return set_text(to, value);
}

static enum tb_status
set_named(struct settings *s, const char *name, size_t len, const char *value,
    struct tb_err *err)
{
	for (size_t i = 0; i < SETTINGS; i++) {
		if (strlen(table[i].name) != len ||
		    memcmp(table[i].name, name, len) != 0)
			continue;
		if (set(s, &table[i], value) == TB_OK)
			return TB_OK;
		return tb_fail(err, TB_EINVAL, "%s: no such value: \"%s\"",
		    table[i].name, value);
	}
	return tb_fail(err, TB_EINVAL, "no such setting: %.*s", (int)len, name);
}

enum tb_status
settings_set(struct settings *s, const char *assignment, struct tb_err *err)
{
	const char *equals = strchr(assignment, '=');

	if (equals == NULL)
		return set_named(s, assignment, strlen(assignment), "true",
		    err);
	return set_named(s, assignment, (size_t)(equals - assignment),
	    equals + 1, err);
}

enum tb_status
settings_read(struct settings *s, const struct json *j,
    const struct json_token *object, struct tb_err *err)
{
	const struct json_token *key;
	enum tb_status status = TB_OK;

	for (key = json_first(j, object); key != NULL && status == TB_OK;
	     key = json_after(j, object, key)) {
		const struct json_token *value = key + 1;
		char text[SETTING_TEXT_MAX + 1];

		/* true, false, numbers and texts all have their text */
		(void)snprintf(text, sizeof(text), "%.*s", (int)value->len,
		    value->text);
		if (value->kind == JSON_TRUE || value->kind == JSON_FALSE)
			(void)snprintf(text, sizeof(text), "%s",
			    value->kind == JSON_TRUE ? "true" : "false");
		status = set_named(s, key->text, key->len, text, err);
	}
	return status;
}

void
settings_write(const struct settings *s, struct json_writer *w)
{
	json_open(w, '{');
	for (size_t i = 0; i < SETTINGS; i++) {
		const void *from = (const char *)s + table[i].at;

		json_key(w, table[i].name);
		switch (table[i].kind) {
		case SETTING_BOOL:
			json_bool(w, *(const bool *)from);
			break;
		case SETTING_COUNT:
			json_int(w, *(const int64_t *)from);
			break;
		case SETTING_AMOUNT:
			json_amount(w, *(const struct decimal *)from);
			break;
		case SETTING_TEXT:
			json_string(w, from);
		}
	}
	json_close(w, '}');
}

void
settings_help(void)
{
	static const char *const kinds[] = { "", "=N", "=AMOUNT", "=TEXT" };

	for (size_t i = 0; i < SETTINGS; i++) {
		char name[40];

		(void)snprintf(name, sizeof(name), "%s%s", table[i].name,
		    kinds[table[i].kind]);
		printf("    %-25s %s\n", name, table[i].help);
	}
}
