#ifndef TB_EXCHANGE_ORDER_H
#define TB_EXCHANGE_ORDER_H

/*
 * order: what was asked, and how far it has come.
 *
 * Amounts follow coinbase-api.md 2.12: 16 decimals, half-even; a buy by quote
 * size pays its fee out of that size.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/market.h"
#include "exchange/account.h"
#include "exchange/market.h"

#define AMOUNT_PLACES 16
#define CLIENT_ID_MAX 129 /* 128 and the NUL */
#define TIME_TEXT_MAX 40

/* Members of order_configuration. */
enum order_kind {
	KIND_MARKET,
	KIND_MARKET_FOK,
	KIND_IOC,
	KIND_GTC,
	KIND_GTD,
	KIND_FOK,
	KIND_STOP_GTC,
	KIND_STOP_GTD,
	KIND_BRACKET_GTC,
	KIND_BRACKET_GTD,
};

#define ORDER_KINDS 10

enum order_status {
	ORDER_PENDING,
	ORDER_OPEN,
	ORDER_FILLED,
	ORDER_CANCELLED,
	ORDER_EXPIRED,
	ORDER_FAILED,
	ORDER_CANCEL_QUEUED,
};

/* What the request says: coinbase-api.md 2.8. */
struct draft {
	char client_order_id[CLIENT_ID_MAX];
	struct listing *listing; /* borrowed from the market */
	enum side side;
	enum order_kind kind;
	bool in_quote, post_only, stop_up;
	bool has_size, has_limit; /* was one told? */
	struct decimal size;	  /* quote when in_quote, else coins */
	struct decimal limit, stop;
	int64_t end_us;
	char end_text[TIME_TEXT_MAX];
};

struct execution {
	char entry_id[DIGEST_HEX], trade_id[DIGEST_UUID];
	struct decimal price, base, quote, commission;
	bool is_maker;
	int64_t at_us;
};

#define EXECUTIONS_MAX 64 /* of one order */

struct edit {
	struct decimal price, size;
	int64_t at_us;
};

#define EDITS_MAX 5

struct order {
	struct draft asked;
	char order_id[DIGEST_UUID];
	enum order_status status;
	bool was_triggered; /* of a stop order */
	int64_t created_us;
	int64_t execute_us; /* PENDING until then */
	int64_t cancel_us;  /* CANCEL_QUEUED until then */
	int64_t watched_us; /* OPEN: prices were looked at up to then */
	int64_t updated_us, done_us;
	struct decimal hold; /* of the quote (BUY) or the base (SELL) */
	struct decimal filled_base, filled_value, fees;
	struct execution executions[EXECUTIONS_MAX];
	size_t execution_count;
	struct edit edits[EDITS_MAX];
	size_t edit_count;
};

struct orders {
	struct order **rows; /* owned, oldest first */
	size_t count, capacity;
};

void orders_release(struct orders *orders);

/* orders_append: a new one, zeroed; NULL out of memory. */
struct order *orders_append(struct orders *orders);

struct order *order_find(struct orders *orders, const char *order_id);

/* order_find_client: the oldest with this client_order_id. */
struct order *order_find_client(struct orders *orders, const char *id);

/* "PENDING", ... */
const char *order_status_name(enum order_status status);
bool order_is_final(const struct order *o);

/* "market_market_ioc", ... */
const char *order_kind_name(enum order_kind kind);
const char *order_kind_type(enum order_kind kind);  /* "MARKET" */
const char *order_kind_force(enum order_kind kind); /* time_in_force */
bool order_kind_rests(enum order_kind kind);
bool order_kind_is_stop(enum order_kind kind);
bool order_kind_is_market(enum order_kind kind);

/* Rounded to AMOUNT_PLACES; products and quotients of bounded amounts. */
struct decimal order_round(struct decimal d);
struct decimal order_times(struct decimal a, struct decimal b);
struct decimal order_over(struct decimal a, struct decimal b);
struct decimal order_plus(struct decimal a, struct decimal b);
struct decimal order_minus(struct decimal a, struct decimal b);

/* What is left to be filled, in the unit of the request's size. */
struct decimal order_left(const struct order *o, struct decimal taker_rate);

#endif /* TB_EXCHANGE_ORDER_H */
