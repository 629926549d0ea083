#include "legacy/convert.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/digest.h"
#include "base/instant.h"
#include "io/utf8.h"

#define ORDER_ID_PLAIN_MAX 100 /* the old column's declared length */
#define POLL_US (3600 * INSTANT_US_PER_S)
#define MINIMUM_USD 10

static void
mark(struct conversion *c, enum legacy_quirk quirk)
{
	legacy_quirk_add(&c->item->quirks, quirk);
}

static bool
is_null(const struct foreign_value *v)
{
	return v->kind == FOREIGN_NULL;
}

/* --------------------------------------------------------------- origin -- */

/* Fills were imported with signal_scores exactly {} and no score. */
static enum legacy_origin
origin_of(const struct conversion *c)
{
	struct decimal score;
	enum legacy_reading read = legacy_number(c->of[LF_SCORE], &score);
	size_t len;
	const char *s = legacy_trim(c->of[LF_SCORES], &len);

	if (c->item->ref.raw)
		return LEGACY_RAW;
	if (s == NULL || len != 2 || memcmp(s, "{}", 2) != 0)
		return LEGACY_BOT;
	return read == LEGACY_NULL ||
		(read == LEGACY_READ && decimal_sign(score) == 0) ?
	    LEGACY_SYNC :
	    LEGACY_BOT;
}

/* ------------------------------------------------------------- order id -- */

static bool
begins(const char *s, const char *prefix)
{
	return strncasecmp(s, prefix, strlen(prefix)) == 0;
}

/* The ids that tests of the old system left in live files. */
static bool
is_test_id(const char *s)
{
	static const char *const prefixes[] = { "test-", "test_", "test ",
		"single-tranche", "old-trade" };

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
		if (begins(s, prefixes[i]))
			return true;
	return begins(s, "trade_") && isdigit((unsigned char)s[6]);
}

/* What cannot be an id here: control characters, what is no text, or no end
 * to it. */
static bool
is_usable_id(const char *s, size_t len)
{
	uint32_t character;
	size_t bytes;

	if (len > LEGACY_ORDER_ID_MAX)
		return false;
	for (size_t i = 0; i < len; i += bytes) {
		bytes = utf8_decode(s + i, len - i, &character);
		if (bytes == 0 || character < ' ' || character == 0x7f)
			return false;
	}
	return true;
}

static void
make_order_id(struct legacy_item *item)
{
	item->id_made = true;
	(void)snprintf(item->order_id, ORDER_ID_MAX, "legacy:%s:%s%lld",
	    item->table, item->ref.by_rowid ? "rowid:" : "",
	    (long long)item->ref.id);
}

static void
read_order_id(struct conversion *c, const struct foreign_value *v)
{
	struct legacy_item *item = c->item;
	char hex[DIGEST_HEX];
	size_t len;
	const char *s = legacy_trim(v, &len);

	if (s == NULL || len == 0) {
		mark(c, s == NULL ? LQ_ORDER_ID_NULL : LQ_ORDER_ID_EMPTY);
		make_order_id(item);
		return;
	}
	item->id_padded = len != v->len;
	if (len > ORDER_ID_PLAIN_MAX)
		mark(c, LQ_ORDER_ID_LONG);
	if (is_usable_id(s, len)) {
		memcpy(item->order_id, s, len);
		item->order_id[len] = '\0';
		return;
	}
	mark(c, LQ_ORDER_ID_DIGEST);
	digest_of(s, len, hex);
	(void)snprintf(item->order_id, ORDER_ID_MAX, "legacy:sha256:%s", hex);
}

static enum legacy_reason
rule_order_id(struct conversion *c)
{
	struct legacy_item *item = c->item;
	size_t len;
	const char *s;

	read_order_id(c, c->of[item->ref.raw ? LF_FILL : LF_ORDER]);
	s = legacy_trim(c->of[LF_ORDER], &len);
	if (item->ref.raw && s != NULL && is_usable_id(s, len)) {
		memcpy(item->venue_order_id, s, len);
		item->venue_order_id[len] = '\0';
	}
	if (begins(item->order_id, "mock-")) {
		mark(c, LQ_MOCK_ORDER_ID);
		if (is_null(c->of[LF_FILLED]))
			mark(c, LQ_FILLED_AT_NULL);
		return LEGACY_MOCK_ORDER;
	}
	if (!is_test_id(item->order_id))
		return LEGACY_NO_REASON;
	mark(c, LQ_TEST_ORDER_ID);
	return LEGACY_TEST_DATA;
}

/* ------------------------------------------------------------------ bot -- */

/* Only a bot's own rows name it truly: an import guessed by the product. */
static enum legacy_reason
rule_bot(struct conversion *c)
{
	struct legacy_item *item = c->item;

	item->has_bot = legacy_integer(c->of[LF_BOT], &item->bot_id);
	if (item->has_bot)
		c->bot = legacy_roster_find(c->frame->roster, item->bot_id);
	if (item->origin != LEGACY_BOT) {
		(void)snprintf(item->triggered_by, TRIGGER_MAX, "sync");
		if (item->origin == LEGACY_SYNC && !item->has_bot)
			mark(c, LQ_BOT_NULL_SYNC);
	} else if (!item->has_bot) {
		(void)snprintf(item->triggered_by, TRIGGER_MAX,
		    "legacy:unknown-bot");
		mark(c, LQ_BOT_NULL);
	} else {
		(void)snprintf(item->triggered_by, TRIGGER_MAX, "bot:%lld",
		    (long long)item->bot_id);
	}
	if (item->has_bot && c->bot == NULL)
		mark(c, LQ_BOT_DANGLING);
	if (item->origin != LEGACY_BOT || c->bot == NULL || !c->bot->is_test)
		return LEGACY_NO_REASON;
	mark(c, LQ_TEST_BOT);
	return LEGACY_TEST_DATA;
}

/* The price that tests and a fallback used: no coin stood at it. */
static enum legacy_reason
rule_test_price(struct conversion *c)
{
	if (c->item->origin != LEGACY_BOT ||
	    c->reading[LN_PRICE] != LEGACY_READ ||
	    decimal_cmp(c->number[LN_PRICE], DECIMAL_OF(50000)) != 0)
		return LEGACY_NO_REASON;
	mark(c, LQ_PRICE_50000);
	return c->item->id_made ? LEGACY_NO_REASON : LEGACY_TEST_DATA;
}

/* ----------------------------------------------------- side and product -- */

static enum legacy_reason
rule_side(struct conversion *c)
{
	const struct foreign_value *v = c->of[LF_SIDE];
	const char *name;
	size_t len;
	const char *s = legacy_trim(v, &len);

	if (s == NULL || len == 0) {
		mark(c, LQ_SIDE_NULL);
		return LEGACY_BAD_SIDE;
	}
	if (side_parse(s, len, &c->item->side) != TB_OK) {
		mark(c, LQ_SIDE_OTHER);
		return LEGACY_BAD_SIDE;
	}
	name = side_name(c->item->side);
	if (len != v->len)
		mark(c, LQ_SIDE_MIXED);
	else if (strncmp(s, name, len) != 0)
		mark(c,
		    islower((unsigned char)s[0]) ? LQ_SIDE_LOWER :
						   LQ_SIDE_MIXED);
	return LEGACY_NO_REASON;
}

static enum legacy_reason
rule_quote(struct conversion *c)
{
	char quote[CURRENCY_MAX];

	product_quote(c->item->product_id, quote);
	if (strcmp(quote, "USDC") == 0)
		mark(c, LQ_QUOTE_USDC);
	if (strcmp(quote, "USDT") == 0)
		mark(c, LQ_QUOTE_USDT);
	if (currency_is_dollar(quote))
		return LEGACY_NO_REASON;
	mark(c, LQ_QUOTE_NOT_USD);
	return LEGACY_QUOTE_NOT_USD;
}

static enum legacy_reason
rule_product(struct conversion *c)
{
	const struct foreign_value *v = c->of[LF_PRODUCT];
	struct legacy_item *item = c->item;
	size_t len;
	const char *s = legacy_trim(v, &len);

	if (legacy_product(v, item->product_id)) {
		if (len != v->len || strncmp(s, item->product_id, len) != 0)
			mark(c, LQ_PRODUCT_LOWER_BLANK);
		if (c->bot != NULL && c->bot->pair[0] != '\0' &&
		    strcmp(c->bot->pair, item->product_id) != 0)
			mark(c, LQ_BOT_PAIR_MISMATCH);
		return rule_quote(c);
	}
	if (s != NULL && len > 0) {
		mark(c, LQ_PRODUCT_BAD);
		return LEGACY_BAD_PRODUCT;
	}
	if (c->bot == NULL || c->bot->pair[0] == '\0') {
		mark(c, LQ_PRODUCT_NULL);
		return LEGACY_BAD_PRODUCT;
	}
	(void)snprintf(item->product_id, PRODUCT_ID_MAX, "%s", c->bot->pair);
	mark(c, LQ_PRODUCT_FROM_BOT);
	return rule_quote(c);
}

/* --------------------------------------------------------------- status -- */

static enum legacy_reason
rule_status(struct conversion *c)
{
	static const char *const usual[] = { "filled", "completed", "pending",
		"failed" };
	struct legacy_item *item = c->item;
	size_t len;
	const char *s = legacy_trim(c->of[LF_STATUS], &len);

	if (item->ref.raw) {
		item->state = LEGACY_FILLED;
		return LEGACY_NO_REASON;
	}
	(void)snprintf(item->status_word, sizeof(item->status_word), "%.*s",
	    (int)(len < sizeof(item->status_word) ? len : 23),
	    s == NULL ? "" : s);
	if (s == NULL || !legacy_state_of(s, len, &item->state)) {
		mark(c, s == NULL ? LQ_STATUS_NULL : LQ_STATUS_OTHER);
		return LEGACY_BAD_STATUS;
	}
	if (strcmp(item->status_word, "pending") == 0)
		mark(c, LQ_PENDING_FOREVER);
	for (size_t i = 0; i < sizeof(usual) / sizeof(*usual); i++)
		if (strcmp(item->status_word, usual[i]) == 0)
			return LEGACY_NO_REASON;
	(void)snprintf(item->quirks.status, sizeof(item->quirks.status), "%s",
	    item->status_word);
	mark(c, LQ_STATUS_WORD);
	return LEGACY_NO_REASON;
}

/* ---------------------------------------------------------------- times -- */

/* What the fill's moment is, once the row's own is known. */
static void
settle_filled_at(struct conversion *c, enum legacy_reading read)
{
	struct legacy_item *item = c->item;

	if (item->state == LEGACY_CANCELLED && read != LEGACY_NULL)
		mark(c, LQ_FAILED_WITH_FILLED_AT);
	if (item->state == LEGACY_PENDING && read != LEGACY_NULL)
		mark(c, LQ_PENDING_WITH_FILLED_AT);
	if (item->state != LEGACY_FILLED) {
		item->filled_us = 0;
		return;
	}
	if (read != LEGACY_READ) {
		item->filled_us = item->created_us;
		if (!item->ref.raw)
			mark(c, LQ_FILLED_WITHOUT_FILLED_AT);
		return;
	}
	if (item->filled_us < item->created_us)
		mark(c, LQ_FILLED_BEFORE_CREATED);
	if (item->origin == LEGACY_BOT &&
	    item->filled_us - item->created_us > POLL_US)
		mark(c, LQ_FILLED_AT_IS_POLL_TIME);
}

static enum legacy_reason
rule_times(struct conversion *c)
{
	struct legacy_item *item = c->item;
	struct legacy_quirks unmarked = item->quirks;
	struct legacy_quirks *quirks =
	    item->ref.raw ? &unmarked : &item->quirks;
	enum legacy_reading created, filled;

	created = legacy_moment(c->of[LF_CREATED], quirks, &item->created_us);
	filled = legacy_moment(c->of[LF_FILLED], quirks, &item->filled_us);
	if (created != LEGACY_READ && filled == LEGACY_READ) {
		item->created_us = item->filled_us;
		mark(c, LQ_CREATED_AT_NULL);
		created = LEGACY_READ;
	}
	if (created != LEGACY_READ) {
		if (created == LEGACY_NULL && filled == LEGACY_NULL) {
			mark(c, LQ_BOTH_TIMES_NULL);
			return LEGACY_NO_TIMESTAMP;
		}
		mark(c, LQ_TS_GARBAGE);
		return LEGACY_BAD_TIMESTAMP;
	}
	if (item->created_us > c->frame->now_us)
		mark(c, LQ_TS_FUTURE);
	settle_filled_at(c, filled);
	return LEGACY_NO_REASON;
}

/* --------------------------------------------------------------- signal -- */

static enum legacy_reason
rule_signal(struct conversion *c)
{
	size_t len;
	const char *s = legacy_trim(c->of[LF_POSITION_STATUS], &len);
	int64_t tranche = 1;
	bool nan;

	if (c->item->origin == LEGACY_BOT && c->frame->has_score)
		mark(c, LQ_SCORE_SIGN_FLIP);
	if (!legacy_scores(c->of[LF_SCORES], &nan))
		mark(c, nan ? LQ_SIGNAL_SCORES_NAN : LQ_SIGNAL_SCORES_BROKEN);
	(void)legacy_integer(c->of[LF_TRANCHE], &tranche);
	if (tranche > 1 || !is_null(c->of[LF_AVERAGE]) ||
	    (s != NULL && strncasecmp(s, "CLOSED", len) != 0))
		mark(c, LQ_POSITION_COLUMNS_USED);
	return LEGACY_NO_REASON;
}

/* The new minimum is for new orders: what was traded below it, was traded. */
static enum legacy_reason
rule_minimum(struct conversion *c)
{
	if (c->item->origin == LEGACY_BOT &&
	    decimal_cmp(c->item->size_usd, DECIMAL_OF(MINIMUM_USD)) < 0)
		mark(c, LQ_BELOW_NEW_MINIMUM);
	return LEGACY_NO_REASON;
}

/* --------------------------------------------------------------- public -- */

const struct foreign_value *
conversion_cell(const struct conversion *c, enum legacy_number n)
{
	static const enum legacy_field fields[LEGACY_NUMBERS] = { LF_SIZE,
		LF_PRICE, LF_SIZE_USD, LF_FEE, LF_COMMISSION };

	return c->of[fields[n]];
}

/* Who wrote it and whether it is real comes before what it says. */
static enum legacy_reason (*const rules[])(struct conversion *) = {
	rule_order_id,
	rule_bot,
	rule_test_price,
	rule_side,
	rule_product,
	rule_status,
	rule_times,
	legacy_rule_numbers,
	legacy_rule_size,
	legacy_rule_digits,
	legacy_rule_cap,
	legacy_rule_fee,
	rule_minimum,
	rule_signal,
};

void
legacy_convert(const struct legacy_frame *frame,
    const struct legacy_fields *fields, struct legacy_item *item)
{
	struct conversion c = {
		.frame = frame, .of = fields->of, .item = item
	};
	struct legacy_quirks met;

	item->table = item->ref.raw ? "raw_trades" : "trades";
	item->origin = origin_of(&c);
	for (int i = 0; i < LEGACY_NUMBERS; i++) {
		const struct foreign_value *v =
		    conversion_cell(&c, (enum legacy_number)i);

		c.reading[i] = legacy_number(v, &c.number[i]);
		if (c.reading[i] == LEGACY_READ &&
		    legacy_is_too_large((enum legacy_number)i, c.number[i]))
			c.reading[i] = LEGACY_TOO_LARGE;
		(void)snprintf(item->digits[i], LEGACY_DIGITS_MAX, "%.*s",
		    (int)(v->len < LEGACY_DIGITS_MAX ? v->len :
						       LEGACY_DIGITS_MAX - 1),
		    v->text);
	}
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		enum legacy_reason reason = rules[i](&c);

		if (reason == LEGACY_NO_REASON ||
		    item->reason != LEGACY_NO_REASON)
			continue;
		item->reason = reason;
		item->disposition = LEGACY_QUARANTINE;
		met = item->quirks;
	}
	if (item->reason != LEGACY_NO_REASON)
		item->quirks = met;
	legacy_old_view(&c);
}
