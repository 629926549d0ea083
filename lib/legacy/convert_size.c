/* convert_size: rules on amounts: which unit, how many digits, what fee. */

#include <string.h>
#include <strings.h>

#include "legacy/convert.h"

#define NOISE_DIGITS 15 /* of a number that a double holds exactly */
#define EXACT_PLACES 9	/* sizes agree to 10^-9 */
#define ROUGH_PLACES 2	/* sizes agree but for an increment */

static enum legacy_reason
found(struct conversion *c, enum legacy_quirk quirk, enum legacy_reason reason)
{
	legacy_quirk_add(&c->item->quirks, quirk);
	return reason;
}

static bool
has(const struct conversion *c, enum legacy_number n)
{
	return c->reading[n] == LEGACY_READ;
}

static bool
is_above_zero(const struct conversion *c, enum legacy_number n)
{
	return has(c, n) && decimal_sign(c->number[n]) > 0;
}

bool
legacy_is_too_large(enum legacy_number n, struct decimal d)
{
	return decimal_cmp(decimal_abs(d),
		   n == LN_SIZE ? DECIMAL_OF(LEGACY_COINS_MAX) :
				  DECIMAL_OF(LEGACY_USD_MAX)) > 0;
}

static enum legacy_reason
too_large(struct conversion *c, enum legacy_number n)
{
	c->item->quirks.column = (uint8_t)n;
	return found(c, LQ_NUMBER_TOO_LARGE, LEGACY_BAD_NUMBER);
}

enum legacy_reason
legacy_rule_numbers(struct conversion *c)
{
	for (int i = 0; i < LEGACY_NUMBERS; i++) {
		enum legacy_quirk quirk;

		switch (c->reading[i]) {
		case LEGACY_GARBAGE:
			quirk = LQ_NUMBER_IS_TEXT;
			break;
		case LEGACY_INFINITE:
			quirk = LQ_NUMBER_INFINITE;
			break;
		case LEGACY_TOO_LARGE:
			quirk = LQ_NUMBER_TOO_LARGE;
			break;
		default:
			continue;
		}
		c->item->quirks.column = (uint8_t)i;
		return found(c, quirk, LEGACY_BAD_NUMBER);
	}
	if (conversion_cell(c, LN_SIZE)->kind == FOREIGN_TEXT)
		legacy_quirk_add(&c->item->quirks, LQ_SIZE_AS_TEXT);
	return LEGACY_NO_REASON;
}

/* ---------------------------------------------------------------- units -- */

static struct decimal
q8(const struct conversion *c, enum legacy_number n)
{
	return legacy_q8(conversion_cell(c, n));
}

/* Half-even to eight decimals; false where it does not fit. */
static bool
round_to_8(struct decimal d, struct decimal *out)
{
	return decimal_round(d, LEGACY_PLACES, DECIMAL_HALF_EVEN, out) == TB_OK;
}

static bool
quotient(struct decimal a, struct decimal b, struct decimal *out)
{
	return decimal_div(a, b, DECIMAL_HALF_EVEN, out) == TB_OK &&
	    round_to_8(*out, out);
}

static bool
product(struct decimal a, struct decimal b, struct decimal *out)
{
	return decimal_mul(a, b, DECIMAL_HALF_EVEN, out) == TB_OK;
}

/* size holds dollars. */
static enum legacy_reason
size_is_usd(struct conversion *c)
{
	struct legacy_item *item = c->item;

	item->size_usd = q8(c, LN_SIZE);
	if (!quotient(c->number[LN_SIZE], c->number[LN_PRICE],
		&item->size_crypto))
		return LEGACY_BAD_SIZE;
	legacy_quirk_add(&item->quirks,
	    item->origin == LEGACY_BOT ? LQ_SIZE_IN_USD : LQ_QUOTE_SIZE);
	return LEGACY_NO_REASON;
}

/* size holds coins, and size_usd what they cost. */
static enum legacy_reason
size_is_base(struct conversion *c)
{
	c->item->size_crypto = q8(c, LN_SIZE);
	c->item->size_usd = q8(c, LN_SIZE_USD);
	return LEGACY_NO_REASON;
}

/* size holds coins, and nothing tells what they cost. */
static enum legacy_reason
size_is_base_alone(struct conversion *c)
{
	struct legacy_item *item = c->item;
	struct decimal usd;

	item->size_crypto = q8(c, LN_SIZE);
	if (!product(c->number[LN_SIZE], c->number[LN_PRICE], &usd) ||
	    !round_to_8(usd, &item->size_usd))
		return LEGACY_BAD_SIZE;
	return LEGACY_NO_REASON;
}

static bool
says_quote(const struct conversion *c)
{
	int64_t flag = 0;

	return legacy_integer(c->of[LF_SIZE_IN_QUOTE], &flag) && flag != 0;
}

/* The strictest question first: of coins at about a dollar both fit. */
static enum legacy_reason
decide_unit(struct conversion *c)
{
	struct decimal size = c->number[LN_SIZE], usd = c->number[LN_SIZE_USD];
	struct decimal notional;

	if (says_quote(c))
		return size_is_usd(c);
	if (!product(size, c->number[LN_PRICE], &notional))
		return LEGACY_BAD_SIZE;
	if (legacy_near(notional, usd, EXACT_PLACES)) {
		if (legacy_near(size, usd, EXACT_PLACES))
			legacy_quirk_add(&c->item->quirks, LQ_PRICE_ONE);
		return size_is_base(c);
	}
	if (legacy_near(size, usd, EXACT_PLACES))
		return size_is_usd(c);
	if (legacy_near(notional, usd, ROUGH_PLACES))
		return found(c, LQ_BASE_SIZE_ROUNDED, size_is_base(c));
	return found(c, LQ_SIZE_USD_MATCHES_NEITHER, LEGACY_SIZE_INCONSISTENT);
}

/* No size_usd: who wrote the row tells the unit. */
static enum legacy_reason
unit_by_origin(struct conversion *c)
{
	bool absent = !c->frame->has_size_usd;

	if (c->item->origin == LEGACY_RAW)
		return says_quote(c) ? size_is_usd(c) : size_is_base_alone(c);
	if (absent)
		legacy_quirk_add(&c->item->quirks, LQ_SIZE_USD_ABSENT);
	if (c->item->origin == LEGACY_BOT || says_quote(c)) {
		if (!absent)
			legacy_quirk_add(&c->item->quirks,
			    LQ_SIZE_USD_NULL_USD);
		return size_is_usd(c);
	}
	return found(c, absent ? LQ_SIZE_USD_ABSENT : LQ_SIZE_USD_NULL_BASE,
	    size_is_base_alone(c));
}

/* A price that is not there follows from size and size_usd. */
static enum legacy_reason
derive_price(struct conversion *c)
{
	bool null = c->reading[LN_PRICE] == LEGACY_NULL;
	struct legacy_item *item = c->item;

	if (has(c, LN_PRICE) && decimal_sign(c->number[LN_PRICE]) < 0)
		return found(c, LQ_PRICE_NEGATIVE, LEGACY_BAD_PRICE);
	if (!is_above_zero(c, LN_SIZE_USD) ||
	    legacy_near(c->number[LN_SIZE], c->number[LN_SIZE_USD],
		EXACT_PLACES) ||
	    !quotient(c->number[LN_SIZE_USD], c->number[LN_SIZE],
		&item->price) ||
	    decimal_sign(item->price) == 0)
		return found(c, null ? LQ_PRICE_NULL : LQ_PRICE_ZERO,
		    LEGACY_BAD_PRICE);
	return found(c,
	    null ? LQ_PRICE_NULL_DERIVABLE : LQ_PRICE_ZERO_DERIVABLE,
	    size_is_base(c));
}

static enum legacy_reason
derive_size(struct conversion *c)
{
	struct legacy_item *item = c->item;

	if (!is_above_zero(c, LN_SIZE_USD) || !is_above_zero(c, LN_PRICE) ||
	    !quotient(c->number[LN_SIZE_USD], c->number[LN_PRICE],
		&item->size_crypto))
		return found(c, LQ_SIZE_NULL, LEGACY_BAD_SIZE);
	item->size_usd = q8(c, LN_SIZE_USD);
	return found(c, LQ_SIZE_NULL_DERIVABLE, LEGACY_NO_REASON);
}

static enum legacy_reason
settle_amounts(struct conversion *c)
{
	if (c->reading[LN_SIZE] == LEGACY_NULL)
		return derive_size(c);
	if (decimal_sign(c->number[LN_SIZE]) < 0)
		return found(c, LQ_SIZE_NEGATIVE, LEGACY_BAD_SIZE);
	if (decimal_sign(c->number[LN_SIZE]) == 0)
		return found(c, LQ_SIZE_ZERO, LEGACY_BAD_SIZE);
	if (!is_above_zero(c, LN_PRICE))
		return derive_price(c);
	if (c->reading[LN_SIZE_USD] == LEGACY_NULL ||
	    c->item->origin == LEGACY_RAW)
		return unit_by_origin(c);
	return decide_unit(c);
}

enum legacy_reason
legacy_rule_size(struct conversion *c)
{
	struct legacy_item *item = c->item;
	enum legacy_reason reason;

	for (int i = LN_SIZE; i <= LN_SIZE_USD; i++)
		if (!has(c, (enum legacy_number)i) &&
		    c->reading[i] != LEGACY_NULL)
			return LEGACY_BAD_NUMBER;
	item->price = q8(c, LN_PRICE);
	if (decimal_sign(item->price) == 0)
		item->price = c->number[LN_PRICE];
	reason = settle_amounts(c);
	if (reason == LEGACY_NO_REASON && decimal_sign(item->size_crypto) == 0)
		return found(c, LQ_SIZE_ZERO, LEGACY_BAD_SIZE);
	return reason;
}

/* --------------------------------------------------------------- digits -- */

/* Digits of a number's text from the first that is not zero. */
static size_t
significant(const char *s, size_t len)
{
	size_t count = 0;

	for (size_t i = 0; i < len && s[i] != 'e'; i++)
		if (s[i] >= '0' && s[i] <= '9' && (count > 0 || s[i] != '0'))
			count++;
	return count;
}

/* size and price as they were meant have eight decimals at most. */
enum legacy_reason
legacy_rule_digits(struct conversion *c)
{
	for (int i = LN_SIZE; i <= LN_PRICE; i++) {
		const struct foreign_value *v =
		    conversion_cell(c, (enum legacy_number)i);

		if (!has(c, (enum legacy_number)i) || c->item->ref.raw ||
		    legacy_decimals(v->text, v->len) <= LEGACY_PLACES)
			continue;
		legacy_quirk_add(&c->item->quirks,
		    significant(v->text, v->len) > NOISE_DIGITS ?
			LQ_FLOAT_NOISE :
			LQ_MORE_THAN_8_DECIMALS);
	}
	if (is_above_zero(c, LN_SIZE_USD) &&
	    decimal_sign(c->item->size_usd) == 0)
		legacy_quirk_add(&c->item->quirks, LQ_DUST);
	return LEGACY_NO_REASON;
}

/* Where an order id is missing, no fill can prove the row: that is said. */
enum legacy_reason
legacy_rule_cap(struct conversion *c)
{
	struct legacy_item *item = c->item;

	if (legacy_is_too_large(LN_SIZE_USD, item->size_usd))
		return too_large(c, LN_SIZE_USD);
	if (item->ref.raw ||
	    decimal_cmp(item->size_usd, c->frame->cap_usd) <= 0)
		return LEGACY_NO_REASON;
	legacy_quirk_add(&item->quirks,
	    item->origin == LEGACY_SYNC ? LQ_QUOTE_SIZE_DOUBLE :
					  LQ_IMPLAUSIBLE_NOTIONAL);
	return item->id_made && item->state == LEGACY_FILLED ?
	    LEGACY_NO_REASON :
	    LEGACY_IMPLAUSIBLE_NOTIONAL;
}

/* ----------------------------------------------------------------- fees -- */

/* An import read the wrong key: its 0 is no fee that anybody told. */
enum legacy_reason
legacy_rule_fee(struct conversion *c)
{
	struct legacy_item *item = c->item;
	enum legacy_number n =
	    c->reading[LN_COMMISSION] == LEGACY_NULL ? LN_FEE : LN_COMMISSION;

	item->commission = q8(c, n);
	item->fee_unknown = c->reading[n] == LEGACY_NULL ||
	    (item->origin == LEGACY_SYNC &&
		decimal_sign(item->commission) == 0);
	if (item->fee_unknown)
		legacy_quirk_add(&item->quirks, LQ_FEE_UNKNOWN);
	if (item->origin == LEGACY_SYNC && c->reading[n] == LEGACY_NULL)
		legacy_quirk_add(&item->quirks, LQ_FEE_NULL);
	if (n == LN_FEE && decimal_sign(item->commission) > 0)
		legacy_quirk_add(&item->quirks, LQ_FEE_POSITIVE);
	return LEGACY_NO_REASON;
}

/* ------------------------------------------------------ the old formula -- */

/*
 * Rows with an order id, any status, size_usd or else size x price; a side with
 * a blank counted on neither.
 */
void
legacy_old_view(struct conversion *c)
{
	const struct foreign_value *side = c->of[LF_SIDE];
	struct legacy_item *item = c->item;

	if (item->ref.raw || c->of[LF_ORDER]->len == 0)
		return;
	item->old_listed = true;
	item->old_sells = strcasecmp(side->text, "SELL") == 0;
	item->old_counts =
	    item->old_sells || strcasecmp(side->text, "BUY") == 0;
	if (has(c, LN_SIZE_USD) && decimal_sign(c->number[LN_SIZE_USD]) != 0)
		item->old_value = c->number[LN_SIZE_USD];
	else if (!has(c, LN_SIZE) || !has(c, LN_PRICE) ||
	    !product(c->number[LN_SIZE], c->number[LN_PRICE], &item->old_value))
		item->old_value = DECIMAL_ZERO;
	if (legacy_is_too_large(LN_SIZE_USD, item->old_value))
		item->old_value = DECIMAL_ZERO;
	if (has(c, LN_FEE))
		item->old_fee = c->number[LN_FEE];
}
