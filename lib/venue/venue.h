#ifndef TB_VENUE_VENUE_H
#define TB_VENUE_VENUE_H

/*
 * venue: where orders go, as tb-trade and tb-sync know it.
 *
 * A venue is a table of functions and a state of its own.  Two stand behind
 * it: paper (in this process) and program (a child that speaks the protocol of
 * tb-venue(7)).  One verb is one request to the venue; list verbs take and
 * return a cursor: the caller pages and stores a transaction a page.
 *
 * Every verb but place: TB_OK, or TB_ENET (not reached), TB_EBUSY (rate limit:
 * see retry_after_ms), TB_EVENUE (it says no), TB_EPERM (key rejected),
 * TB_ENOENT, TB_EINVAL (its answer makes no sense).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/market.h"

#define VENUE_CURSOR_MAX 256
#define VENUE_STATUS_MAX 32
#define VENUE_WORDS_MAX 256
#define VENUE_BODY_MAX 4096	  /* bytes of a place request */
#define VENUE_PAGE_MAX 350	  /* rows of a page */
#define VENUE_CANDLES_MAX 300	  /* candles that one request may span */
#define VENUE_SEND_WITHIN_MS 5000 /* a request not begun by then is not sent */
#define VENUE_ANSWER_WITHIN_MS 20000

struct venue_hello {
	char name[32];
	char account[64]; /* "paper", or what the venue calls the account */
	int64_t lag_ms;	  /* an order may stay invisible this long */
	bool has_time;
	int64_t time_us;   /* the venue's clock */
	bool has_key;	   /* else it tells only what anybody may ask */
	bool can_trade;	   /* orders, cancels */
	bool can_transfer; /* money may leave with it: more than we need */
};

struct venue_balance {
	char currency[CURRENCY_MAX];
	struct decimal available, hold;
};

/* What place asks.  body is the same request as stored text. */
struct venue_request {
	char client_order_id[37];
	char product_id[PRODUCT_ID_MAX];
	enum side side;
	const char *type;	    /* market, limit, limit_ioc, post_only */
	bool has_quote_size;	    /* else base_size */
	struct decimal quote_size;  /* quote, fee included in a BUY */
	struct decimal base_size;   /* coins */
	struct decimal limit_price; /* where type has one */
	struct decimal reference_price; /* what paper fills at */
	int64_t instant_us;		/* the moment of the decision */
	int64_t send_before_ms;		/* CLOCK_BOOTTIME */
};

enum venue_outcome {
	VENUE_ACCEPTED, /* order_id is the venue's */
	VENUE_REFUSED,	/* it said no; reason and words say why */
	VENUE_NOT_SENT, /* certainly never left */
	VENUE_UNKNOWN,	/* no clear answer: an order may be live */
};

/* "accepted", "refused", "not_sent", "unknown". */
const char *venue_outcome_name(enum venue_outcome outcome);

struct venue_answer {
	enum venue_outcome outcome;
	char order_id[ORDER_ID_MAX];
	/* The order that was asked for, as the venue repeats it, or "". */
	char client_order_id[37];
	char product_id[PRODUCT_ID_MAX];
	char side[16];
	char reason[64]; /* the venue's word, or "" */
	char words[VENUE_WORDS_MAX];
	bool key_rejected; /* with NOT_SENT or REFUSED: stop the run */
	bool hung; /* no answer or nonsense: the send lock must stay with it */
	int64_t retry_after_ms;
};

/* An order as the venue tells it. */
struct venue_order {
	char order_id[ORDER_ID_MAX];
	char client_order_id[65]; /* a stranger's may have any form; "" none */
	char product_id[PRODUCT_ID_MAX];
	enum side side;
	char type[32];
	char status[VENUE_STATUS_MAX]; /* OPEN FILLED CANCELLED EXPIRED FAILED
					  PENDING QUEUED ... or a new word */
	struct decimal filled_size, filled_value, total_fees;
	bool settled;
	int64_t created_at_us;
	int64_t updated_at_us;
	char reason[64]; /* of a cancel or failure */
};

/* What an order would come to if it were placed now. */
struct venue_preview {
	bool refused;		      /* it would be; reason says why */
	char reason[64];	      /* the venue's word, or "" */
	char warning[64];	      /* the venue's word of doubt, or "" */
	struct decimal base_size;     /* coins */
	struct decimal value;	      /* quote, without the fee */
	struct decimal fee;	      /* quote */
	struct decimal total;	      /* quote: what leaves, or comes in */
	struct decimal average_price; /* quote per coin; 0: not told */
	struct decimal best_bid, best_ask; /* 0: not told */
};

/* venue_order_is_final: FILLED, CANCELLED, EXPIRED or FAILED. */
bool venue_order_is_final(const struct venue_order *o);

/* venue_order_is_odd: its status is a word that is new to us: it stays open. */
bool venue_order_is_odd(const struct venue_order *o);

struct venue;

struct venue_verbs {
	enum tb_status (*hello)(struct venue *v, struct venue_hello *out,
	    struct tb_err *err);
	enum tb_status (*products)(struct venue *v,
	    char cursor[static VENUE_CURSOR_MAX], struct product *out,
	    size_t max, size_t *count, struct tb_err *err);
	/*
	 * Closed candles that start in [from_s, to_s), oldest first; a candle
	 * in which nothing was traded does not exist.  At most
	 * VENUE_CANDLES_MAX granularities lie between the two.
	 */
	enum tb_status (*candles)(struct venue *v, const char *product_id,
	    int granularity_s, int64_t from_s, int64_t to_s, struct candle *out,
	    size_t max, size_t *count, struct tb_err *err);
	enum tb_status (*price)(struct venue *v, const char *product_id,
	    struct decimal *out, struct tb_err *err);
	enum tb_status (*balances)(struct venue *v,
	    char cursor[static VENUE_CURSOR_MAX], struct venue_balance *out,
	    size_t max, size_t *count, struct tb_err *err);
	/* Fills *out whatever happens; returns nothing else. */
	void (*place)(struct venue *v, const struct venue_request *request,
	    struct venue_answer *out);
	enum tb_status (*cancel)(struct venue *v, const char *order_id,
	    struct tb_err *err);
	enum tb_status (*order)(struct venue *v, const char *order_id,
	    struct venue_order *out, struct tb_err *err);
	/* cursor "" begins; "" afterwards: complete. */
	enum tb_status (*orders_since)(struct venue *v, int64_t since_us,
	    char cursor[static VENUE_CURSOR_MAX], struct venue_order *out,
	    size_t max, size_t *count, struct tb_err *err);
	enum tb_status (*fills_since)(struct venue *v, int64_t since_us,
	    const char *order_id, char cursor[static VENUE_CURSOR_MAX],
	    struct fill *out, size_t max, size_t *count, struct tb_err *err);
	/* NULL: it has none.  Costs nothing and moves nothing; client_order_id,
	 * instant_us and send_before_ms of the request do not count. */
	enum tb_status (*preview)(struct venue *v,
	    const struct venue_request *request, struct venue_preview *out,
	    struct tb_err *err);
	void (*close)(struct venue *v);
};

/* What every venue begins with. */
struct venue {
	const struct venue_verbs *verbs;
	int64_t retry_after_ms; /* of the last TB_EBUSY */
	bool tells_price;	/* price works: it is the reference price */
};

#endif /* TB_VENUE_VENUE_H */
