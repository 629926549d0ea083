#ifndef TB_BASE_MARKET_H
#define TB_BASE_MARKET_H

/*
 * market: the nouns of the field: product, candle, fill, side.
 *
 * Values with fixed bounds; no I/O, no clock.  An amount's unit is in its
 * field's name or comment; _usd means the product's quote currency.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/decimal.h"

#define PRODUCT_ID_MAX 42 /* 20, '-', 20, and the NUL */
#define CURRENCY_MAX 21	  /* 20 and the NUL */
#define ORDER_ID_MAX 257  /* a venue's id of an order or of a fill */
#define TRIGGER_MAX 81	  /* "bot:12", "manual", "sync", a user's word */

enum side { SIDE_BUY, SIDE_SELL };

/* "BUY" or "SELL". */
const char *side_name(enum side side);

/* side_parse: in any case. errors: TB_EINVAL */
enum tb_status side_parse(const char *s, size_t len, enum side *out);

/* What a venue lets us trade and in which steps. */
struct product {
	char product_id[PRODUCT_ID_MAX];
	struct decimal base_increment;	/* coins; sizes are multiples of it */
	struct decimal quote_increment; /* quote; amounts are multiples of it */
	struct decimal price_increment; /* quote per coin */
	struct decimal base_min_size;	/* coins */
	struct decimal quote_min_size;	/* quote */
	struct decimal base_max_size;	/* coins; 0: no limit told */
	struct decimal quote_max_size;	/* quote; 0: no limit told */
	bool trading_disabled;
	bool cancel_only;
	bool limit_only;
	bool post_only;
	bool auction_mode;
	bool assumed; /* made by an import: increments are guesses */
};

/* [A-Z0-9.]{1,20}-[A-Z0-9]{1,20} */
bool product_id_is_valid(const char *s, size_t len);

/* The parts of a valid id: "BTC" and "USD" of BTC-USD. */
void product_base(const char *product_id, char out[static CURRENCY_MAX]);
void product_quote(const char *product_id, char out[static CURRENCY_MAX]);

/* USD, USDC, USDT: what totals add up 1:1 and orders are placed for. */
bool currency_is_dollar(const char *currency);

/*
 * product_is_same: one market by two names: the same base, and the same quote
 * or dollars both.  An id that is not valid is the same as itself only.
 */
bool product_is_same(const char *a, const char *b);

/* product_assumed: increments 0.00000001 and 0.01, minimum 1. */
struct product product_assumed(const char *product_id);

/* Exact, as received. */
struct candle {
	int64_t start_s; /* unix seconds, a multiple of the granularity */
	struct decimal open, high, low, close; /* quote per coin, > 0 */
	struct decimal volume;		       /* coins, >= 0 */
};

/*
 * candle_check: low <= open, close <= high, all prices above zero, volume not
 * negative, start a multiple of granularity_s.
 *
 * errors: TB_EINVAL the message names the field and both figures
 */
enum tb_status candle_check(const struct candle *c, int granularity_s,
    struct tb_err *err);

/*
 * granularity_parse: "1m" "5m" "15m" "30m" "1h" "2h" "4h" "6h" "12h" "1d" or
 * the same in seconds, "300".  errors: TB_EINVAL
 */
enum tb_status granularity_parse(const char *s, size_t len, int *out_s);

/* "5m"; NULL for a number of seconds that is none of the ten. */
const char *granularity_name(int granularity_s);

/* Why a fill stands in the books. */
enum fill_kind {
	FILL_FILL,	 /* an execution at the venue */
	FILL_ADJUSTMENT, /* late fee or rounding: completes an order's sums */
	FILL_REVERSAL,	 /* takes a synthetic fill back */
	FILL_CORRECTION, /* a human's, with a note */
};

/* What happened to the coins: how the ledger treats the fill. */
enum fill_nature {
	NATURE_TRADE,	     /* bought or sold */
	NATURE_INCOME,	     /* received at market value: a lot */
	NATURE_DISPOSAL,     /* gift, donation: leaves at market value */
	NATURE_FEE_IN_BASE,  /* fee paid in coins: leaves for nothing */
	NATURE_TRANSFER_FEE, /* network fee: leaves at market value */
};

/* "fill", "adjustment", ...; "trade", "income", "disposal", "fee-in-base",
 * "transfer-fee". */
const char *fill_kind_name(enum fill_kind kind);
enum tb_status fill_kind_parse(const char *s, size_t len, enum fill_kind *out);
const char *fill_nature_name(enum fill_nature nature);
enum tb_status fill_nature_parse(const char *s, size_t len,
    enum fill_nature *out);

/* One execution of an order. */
struct fill {
	char
	    entry_id[ORDER_ID_MAX]; /* unique for ever: books refuse a second */
	char venue_trade_id[ORDER_ID_MAX]; /* the venue's; may repeat */
	char order_id[ORDER_ID_MAX];
	char reverses[ORDER_ID_MAX]; /* of a FILL_REVERSAL: an entry_id */
	char product_id[PRODUCT_ID_MAX];
	enum side side;
	enum fill_kind kind;
	enum fill_nature nature;
	struct decimal size;  /* coins; an adjustment's may be negative */
	struct decimal price; /* quote per coin, as told */
	struct decimal value; /* quote, gross; what counts, not size x price */
	struct decimal fee;   /* quote; a rebate is negative */
	int64_t at_us;
	int64_t venue_seq; /* the venue's own order among equal times */
};

/*
 * fill_cmp: the order of the books: by time, BUY before SELL, then the
 * venue's order.
 */
int fill_cmp(const struct fill *a, const struct fill *b);

#endif /* TB_BASE_MARKET_H */
