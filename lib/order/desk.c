#include "order/desk.h"

#include <stdio.h>
#include <string.h>

#include "base/instant.h"
#include "store/balances.h"
#include "store/candles.h"
#include "store/intents.h"
#include "venue/listing.h"

void
desk_tick(struct desk *desk)
{
	if (!desk->fixed)
		desk->instant_us = instant_now_us();
}

/* The database's account, remembered at the first meeting. */
static enum tb_status
check_account(struct desk *desk, const char *account, struct tb_err *err)
{
	char known[sizeof(desk->account)];
	enum tb_status status;

	status = db_meta_get(desk->db, META_ACCOUNT, known, sizeof(known), err);
	if (status == TB_OK && strcmp(known, account) != 0)
		return tb_fail(err, TB_ECONFIG,
		    "the venue's account is %s, but this database is of %s",
		    account, known);
	if (status != TB_ENOENT)
		return status;
	if (desk->dry) {
		tb_err_clear(err);
		return TB_OK;
	}
	status = db_begin(desk->db, err);
	if (status != TB_OK)
		return status;
	return db_finish(desk->db,
	    db_meta_set(desk->db, META_ACCOUNT, account, err), err);
}

/*
 * How far our clock is ahead of the venue's, which looked at its own somewhere
 * between the question and its answer: what is within that is no difference.
 */
static int64_t
clock_off(const struct desk *desk, int64_t asked_us, int64_t venue_us)
{
	int64_t heard_us = desk->fixed ? asked_us : instant_now_us();

	if (venue_us < asked_us)
		return asked_us - venue_us;
	return venue_us > heard_us ? heard_us - venue_us : 0;
}

enum tb_status
desk_hello(struct desk *desk, struct tb_err *err)
{
	struct venue_hello hello;
	enum tb_status status;
	int64_t asked_us;

	if (desk->account[0] != '\0')
		return TB_OK;
	asked_us = desk->fixed ? desk->instant_us : instant_now_us();
	status = desk->venue->verbs->hello(desk->venue, &hello, err);
	if (status != TB_OK)
		return status;
	if (!desk->is_paper && (hello.has_key || hello.account[0] != '\0'))
		status = check_account(desk, hello.account, err);
	if (status != TB_OK)
		return status;
	memcpy(desk->account, hello.account, sizeof(desk->account));
	desk->lag_ms = hello.lag_ms;
	desk->has_key = desk->is_paper || hello.has_key;
	desk->can_trade = desk->is_paper || hello.can_trade;
	desk->clock_off_us = 0;
	if (hello.has_time && !desk->is_paper)
		desk->clock_off_us = clock_off(desk, asked_us, hello.time_us);
	return TB_OK;
}

enum tb_status
desk_price(struct desk *desk, const char *product_id, struct decimal *out,
    struct tb_err *err)
{
	enum tb_status status;
	int64_t at_us;

	if (!desk->venue->tells_price)
		return candles_price(desk->db, product_id, desk->instant_us,
		    out, &at_us, err);
	status = desk->venue->verbs->price(desk->venue, product_id, out, err);
	if (status != TB_OK)
		return status;
	snprintf(desk->heard_product, sizeof(desk->heard_product), "%s",
	    product_id);
	desk->heard_price = *out;
	desk->heard_at_us = desk->instant_us;
	return TB_OK;
}

enum tb_status
desk_last_price(struct desk *desk, const char *product_id, struct decimal *out,
    int64_t *at_us, struct tb_err *err)
{
	if (strcmp(desk->heard_product, product_id) == 0) {
		*out = desk->heard_price;
		*at_us = desk->heard_at_us;
		return TB_OK;
	}
	return candles_price(desk->db, product_id, desk->instant_us, out, at_us,
	    err);
}

enum tb_status
desk_ask_balances(struct desk *desk, struct desk_balances *out,
    struct tb_err *err)
{
	struct listing listing;
	enum tb_status status;
	size_t got;

	out->count = 0;
	listing_begin(&listing);
	do {
		if (out->count == DESK_BALANCES_MAX)
			return tb_fail(err, TB_ERANGE,
			    "the venue tells of more than %d currencies",
			    DESK_BALANCES_MAX);
		got = 0;
		status = desk->venue->verbs->balances(desk->venue,
		    listing.cursor, out->told + out->count,
		    DESK_BALANCES_MAX - out->count, &got, err);
		status = listing_turn(&listing, status, err);
		if (status != TB_OK)
			return status;
		out->count += got;
	} while (!listing.complete);
	return TB_OK;
}

enum tb_status
desk_save_balances(struct desk *desk, const struct desk_balances *balances,
    struct tb_err *err)
{
	enum tb_status status = balances_clear(desk->db, err);

	for (size_t i = 0; status == TB_OK && i < balances->count; i++) {
		const struct venue_balance *told = &balances->told[i];
		struct balance row = {
			.available = told->available,
			.hold = told->hold,
			.at_us = desk->instant_us,
		};

		memcpy(row.currency, told->currency, sizeof(row.currency));
		status = balances_put(desk->db, &row, err);
	}
	return status;
}

enum tb_status
desk_ask_funds(struct desk *desk, struct tb_err *err)
{
	enum tb_status status;
	int64_t newest;

	status = intents_newest(desk->db, &newest, err);
	if (status != TB_OK)
		return status;
	if (desk->funds_known && newest == desk->funds_intent)
		return TB_OK;
	desk->funds_known = desk->funds_saved = false;
	status = desk_ask_balances(desk, &desk->funds, err);
	if (status != TB_OK)
		return status;
	memset(desk->spent, 0, sizeof(desk->spent));
	desk->has_spent = false;
	desk->funds_intent = newest;
	desk->funds_known = true;
	return TB_OK;
}

enum tb_status
desk_save_funds(struct desk *desk, struct tb_err *err)
{
	enum tb_status status = TB_OK;

	if (desk->funds_known && !desk->funds_saved)
		status = desk_save_balances(desk, &desk->funds, err);
	desk->funds_saved = desk->funds_known && status == TB_OK;
	return status;
}

/* Where a currency stands among the funds; their count where it does not. */
static size_t
find_fund(const struct desk *desk, const char *currency)
{
	size_t i;

	for (i = 0; i < desk->funds.count; i++)
		if (strcmp(desk->funds.told[i].currency, currency) == 0)
			break;
	return i;
}

enum tb_status
desk_free(struct desk *desk, const char *currency, int64_t except,
    struct decimal *out, struct tb_err *err)
{
	size_t i = find_fund(desk, currency);
	struct decimal left, reserved;
	enum tb_status status;

	*out = DECIMAL_ZERO;
	if (i == desk->funds.count)
		return TB_OK;
	status = intents_reserved(desk->db, currency, except, &reserved, err);
	if (status != TB_OK)
		return status;
	left = desk->funds.told[i].available;
	if (decimal_sub(left, reserved, &left) != TB_OK ||
	    decimal_sub(left, desk->spent[i], &left) != TB_OK)
		return tb_fail(err, TB_ERANGE, "the balance of %s does not fit",
		    currency);
	*out = decimal_max(left, DECIMAL_ZERO);
	return TB_OK;
}

void
desk_spend(struct desk *desk, const char *currency, struct decimal amount)
{
	size_t i = find_fund(desk, currency);

	desk->has_spent = true;
	if (i < desk->funds.count && /* else nothing was there to spend */
	    decimal_add(desk->spent[i], amount, &desk->spent[i]) != TB_OK)
		desk->funds_known = false;
}
