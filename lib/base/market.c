#include "base/market.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define PART_MAX (CURRENCY_MAX - 1) /* letters of a base or quote */

static const char *const side_names[] = { "BUY", "SELL" };
static const char *const fill_kind_names[] = { "fill", "adjustment", "reversal",
	"correction" };
static const char *const fill_nature_names[] = { "trade", "income", "disposal",
	"fee-in-base", "transfer-fee" };

static const struct {
	const char *name;
	int seconds;
} granularities[] = {
	{ "1m", 60 },
	{ "5m", 300 },
	{ "15m", 900 },
	{ "30m", 1800 },
	{ "1h", 3600 },
	{ "2h", 7200 },
	{ "4h", 14400 },
	{ "6h", 21600 },
	{ "12h", 43200 },
	{ "1d", 86400 },
};

static bool
text_is(const char *s, size_t len, const char *word)
{
	return strlen(word) == len && memcmp(s, word, len) == 0;
}

/* The index of a word among count; count when it is none of them. */
static size_t
find_name(const char *s, size_t len, const char *const names[], size_t count)
{
	size_t i = 0;

	while (i < count && !text_is(s, len, names[i]))
		i++;
	return i;
}

const char *
side_name(enum side side)
{
	return side_names[side];
}

enum tb_status
side_parse(const char *s, size_t len, enum side *out)
{
	for (size_t i = 0; i < COUNT(side_names); i++)
		if (strlen(side_names[i]) == len &&
		    strncasecmp(s, side_names[i], len) == 0) {
			*out = (enum side)i;
			return TB_OK;
		}
	return TB_EINVAL;
}

static bool
is_upper_or_digit(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool
product_id_is_valid(const char *s, size_t len)
{
	const char *dash = memchr(s, '-', len);
	size_t base, quote;

	if (dash == NULL)
		return false;
	base = (size_t)(dash - s);
	quote = len - base - 1;
	if (base < 1 || base > PART_MAX || quote < 1 || quote > PART_MAX)
		return false;
	for (size_t i = 0; i < base; i++)
		if (!is_upper_or_digit(s[i]) && s[i] != '.')
			return false;
	for (size_t i = 0; i < quote; i++)
		if (!is_upper_or_digit(dash[1 + i]))
			return false;
	return true;
}

void
product_base(const char *product_id, char out[static CURRENCY_MAX])
{
	const char *dash = strchr(product_id, '-');
	size_t len;

	assert(dash != NULL);
	len = (size_t)(dash - product_id);
	assert(len < CURRENCY_MAX);
	memcpy(out, product_id, len);
	out[len] = '\0';
}

void
product_quote(const char *product_id, char out[static CURRENCY_MAX])
{
	const char *dash = strchr(product_id, '-');
	size_t len;

	assert(dash != NULL);
	len = strlen(dash + 1);
	assert(len < CURRENCY_MAX);
	memcpy(out, dash + 1, len + 1);
}

bool
currency_is_dollar(const char *currency)
{
	return strcmp(currency, "USD") == 0 || strcmp(currency, "USDC") == 0 ||
	    strcmp(currency, "USDT") == 0;
}

bool
product_is_same(const char *a, const char *b)
{
	char base[2][CURRENCY_MAX], quote[2][CURRENCY_MAX];

	if (strcmp(a, b) == 0)
		return true;
	if (!product_id_is_valid(a, strlen(a)) ||
	    !product_id_is_valid(b, strlen(b)))
		return false;
	product_base(a, base[0]);
	product_base(b, base[1]);
	product_quote(a, quote[0]);
	product_quote(b, quote[1]);
	return strcmp(base[0], base[1]) == 0 && currency_is_dollar(quote[0]) &&
	    currency_is_dollar(quote[1]);
}

struct product
product_assumed(const char *product_id)
{
	const struct decimal coin = { DECIMAL_ONE_UNITS / 100000000 };
	const struct decimal cent = { DECIMAL_ONE_UNITS / 100 };
	struct product p = {
		.base_increment = coin,
		.quote_increment = cent,
		.price_increment = cent,
		.base_min_size = coin,
		.quote_min_size = DECIMAL_OF(1),
		.assumed = true,
	};
	size_t len = strlen(product_id);

	assert(product_id_is_valid(product_id, len));
	memcpy(p.product_id, product_id, len + 1);
	return p;
}

/* The price against the high and the low, and above zero. */
static enum tb_status
check_price(const char *name, struct decimal price, const struct candle *c,
    struct tb_err *err)
{
	char is[DECIMAL_STRLEN], low[DECIMAL_STRLEN], high[DECIMAL_STRLEN];

	if (decimal_sign(price) > 0 && decimal_cmp(price, c->low) >= 0 &&
	    decimal_cmp(price, c->high) <= 0)
		return TB_OK;
	decimal_format(price, is);
	decimal_format(c->low, low);
	decimal_format(c->high, high);
	if (decimal_sign(price) <= 0)
		return tb_fail(err, TB_EINVAL,
		    "%s %s: expected a price above 0", name, is);
	if (decimal_cmp(price, c->low) < 0)
		return tb_fail(err, TB_EINVAL, "%s %s is below low %s", name,
		    is, low);
	return tb_fail(err, TB_EINVAL, "%s %s is above high %s", name, is,
	    high);
}

enum tb_status
candle_check(const struct candle *c, int granularity_s, struct tb_err *err)
{
	char is[DECIMAL_STRLEN];
	enum tb_status status;

	assert(granularity_s > 0);
	if (c->start_s % granularity_s != 0)
		return tb_fail(err, TB_EINVAL,
		    "start %lld: expected a multiple of %d s",
		    (long long)c->start_s, granularity_s);
	if ((status = check_price("low", c->low, c, err)) != TB_OK ||
	    (status = check_price("high", c->high, c, err)) != TB_OK ||
	    (status = check_price("open", c->open, c, err)) != TB_OK ||
	    (status = check_price("close", c->close, c, err)) != TB_OK)
		return status;
	if (decimal_sign(c->volume) < 0) {
		decimal_format(c->volume, is);
		return tb_fail(err, TB_EINVAL, "volume %s: expected 0 or more",
		    is);
	}
	return TB_OK;
}

/* The seconds that the digits of s say; 0 when it has other characters. */
static int
seconds_of(const char *s, size_t len)
{
	int seconds = 0;

	if (len > 5)
		return 0;
	for (size_t i = 0; i < len; i++) {
		if (s[i] < '0' || s[i] > '9')
			return 0;
		seconds = seconds * 10 + (s[i] - '0');
	}
	return seconds;
}

enum tb_status
granularity_parse(const char *s, size_t len, int *out_s)
{
	int seconds = seconds_of(s, len);

	for (size_t i = 0; i < COUNT(granularities); i++)
		if (granularities[i].seconds == seconds ||
		    text_is(s, len, granularities[i].name)) {
			*out_s = granularities[i].seconds;
			return TB_OK;
		}
	return TB_EINVAL;
}

const char *
granularity_name(int granularity_s)
{
	for (size_t i = 0; i < COUNT(granularities); i++)
		if (granularities[i].seconds == granularity_s)
			return granularities[i].name;
	return NULL;
}

const char *
fill_kind_name(enum fill_kind kind)
{
	return fill_kind_names[kind];
}

enum tb_status
fill_kind_parse(const char *s, size_t len, enum fill_kind *out)
{
	size_t i = find_name(s, len, fill_kind_names, COUNT(fill_kind_names));

	if (i == COUNT(fill_kind_names))
		return TB_EINVAL;
	*out = (enum fill_kind)i;
	return TB_OK;
}

const char *
fill_nature_name(enum fill_nature nature)
{
	return fill_nature_names[nature];
}

enum tb_status
fill_nature_parse(const char *s, size_t len, enum fill_nature *out)
{
	size_t i =
	    find_name(s, len, fill_nature_names, COUNT(fill_nature_names));

	if (i == COUNT(fill_nature_names))
		return TB_EINVAL;
	*out = (enum fill_nature)i;
	return TB_OK;
}

int
fill_cmp(const struct fill *a, const struct fill *b)
{
	if (a->at_us != b->at_us)
		return a->at_us < b->at_us ? -1 : 1;
	if (a->side != b->side)
		return a->side == SIDE_BUY ? -1 : 1;
	return (a->venue_seq > b->venue_seq) - (a->venue_seq < b->venue_seq);
}
