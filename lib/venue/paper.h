#ifndef TB_VENUE_PAPER_H
#define TB_VENUE_PAPER_H

/*
 * paper: the embedded venue: orders filled on paper, at the price that place
 * carries.
 *
 * It behaves as a venue far away would.  It has a memory of its own (a shelf,
 * never part of a transaction of the books), commits there before it answers,
 * and knows an order by its client_order_id: the same one again is answered
 * with the same order.  It reads no clock but CLOCK_BOOTTIME for
 * send_before_ms: times are the request's instant, ids are functions of the
 * client_order_id, so the same replay gives the same bytes.
 *
 * price:  reference_price x (1 + slippage) for a BUY, x (1 - slippage) for a
 *	   SELL; never worse than a limit
 * BUY by quote size: the fee comes out of it, as at Coinbase: value =
 *	   quote_size / (1 + fee), fee = quote_size - value, size = value /
 *	   price down to the base increment
 * by base size: size down to the base increment, value = size x price,
 *	   fee = value x fee rate on top (BUY) or out of it (SELL)
 * All else half-even at 18 decimals.
 *
 * limit:     fills where marketable, else rests with a hold; it fills at its
 *	      limit when order() is asked and the price has come to it
 * limit_ioc: fills where marketable, else CANCELLED
 * post_only: refused where marketable, else rests
 *
 * Its words of refusal: INSUFFICIENT_FUND, INVALID_PRODUCT_ID,
 * INVALID_SIZE_PRECISION, INVALID_SIZE_TOO_SMALL, INVALID_SIZE_TOO_LARGE,
 * INVALID_LIMIT_PRICE, INVALID_LIMIT_PRICE_POST_ONLY, INVALID_PRICE,
 * UNSUPPORTED_ORDER_CONFIGURATION, PRODUCT_NOT_TRADABLE.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/decimal.h"
#include "base/err.h"
#include "base/market.h"
#include "venue/venue.h"

#define PAPER_KEY_MAX 160     /* bytes of a key of the shelf, with the NUL */
#define PAPER_VALUE_MAX 16384 /* bytes of a value */

struct shelf; /* the caller's: only the functions beside it look inside */

/*
 * Where paper keeps its things: a dictionary of texts, ordered by the bytes
 * of its keys, with transactions.  store/shelf.h is one on disk.
 */
struct paper_shelf {
	struct shelf *shelf; /* borrowed while the venue is open */

	/* Take the write lock.  errors: TB_EBUSY, TB_EIO */
	enum tb_status (*begin)(struct shelf *shelf, struct tb_err *err);

	/* When it returns TB_OK, a power cut takes nothing back. */
	enum tb_status (*commit)(struct shelf *shelf, struct tb_err *err);
	void (*rollback)(struct shelf *shelf);

	/* Append the value of key to *out.  TB_ENOENT no such key */
	enum tb_status (*get)(struct shelf *shelf, const char *key,
	    struct buffer *out, struct tb_err *err);

	/* Insert or replace; within begin and commit. */
	enum tb_status (*put)(struct shelf *shelf, const char *key,
	    const char *value, struct tb_err *err);

	/*
	 * The first key behind after: copied into key, which may be after
	 * itself, and its value appended to *value.  TB_END no more
	 */
	enum tb_status (*next)(struct shelf *shelf, const char *after,
	    char key[static PAPER_KEY_MAX], struct buffer *value,
	    struct tb_err *err);
};

/* A deposit (or, negative, a withdrawal) as the books have it. */
struct paper_flow {
	int64_t flow_id;
	char currency[CURRENCY_MAX];
	struct decimal amount;
};

/* What paper asks of the books of its caller. */
struct paper_books {
	void *arg; /* passed to each */

	/* The moment that the caller speaks of: of cancels, late fills. */
	int64_t (*instant_us)(void *arg);

	/* TB_ENOENT unknown */
	enum tb_status (*product)(void *arg, const char *product_id,
	    struct product *out, struct tb_err *err);

	/* The reference price at the instant.  TB_ENOENT none known */
	enum tb_status (*price)(void *arg, const char *product_id,
	    struct decimal *out, struct tb_err *err);

	/*
	 * Cash flows up to the instant with a flow_id above after_id, by
	 * flow_id; each is credited once, whenever it is first seen.
	 */
	enum tb_status (*flows)(void *arg, int64_t after_id,
	    struct paper_flow *out, size_t max, size_t *count,
	    struct tb_err *err);
};

/*
 * How it misbehaves, for tests; zero: not at all.  Counts go down within one
 * process; what an order was placed with (fill_late, hide) is on the shelf.
 */
struct paper_faults {
	int lose_answer;  /* the next n orders are placed, answered UNKNOWN */
	int lose_request; /* the next n are not placed, answered UNKNOWN */
	int not_sent;	  /* the next n are not placed, answered NOT_SENT */
	int hang;	  /* the next n are placed; hung, the lock must stay */
	int refuse;	  /* the next n are refused, for refuse_reason */
	char refuse_reason[64];
	int fill_late;		  /* OPEN until order() was asked n times */
	int hide;		  /* orders_since does not see it n times */
	bool fills_part;	  /* only fill_part of it: then a market */
	struct decimal fill_part; /* or IOC order ends CANCELLED */
};

/*
 * paper_faults_parse: "lose-answer=1,fill-late=3,fill-part=0.5": names as in
 * struct paper_faults, with dashes; refuse=REASON is one refusal for REASON.
 *
 * out:	   *out	 untouched on failure; NULL or "" means none
 * errors: TB_EINVAL the message names the word
 */
enum tb_status paper_faults_parse(const char *text, struct paper_faults *out,
    struct tb_err *err);

struct paper_config {
	struct paper_shelf shelf;
	struct paper_books books;
	struct decimal fee_rate;      /* of the value, 0..1: 0.006 is 0.6 % */
	struct decimal slippage_rate; /* against us, 0..1: 0.0005 is 5 bp */
	struct paper_faults faults;
	bool forgets; /* a dry run: nothing that is done stays done */
};

/*
 * paper_open: a venue over config, which is copied.
 *
 * out:	   *out	 to be given to its close verb, which leaves the shelf open
 * errors: TB_ECONFIG a rate is out of its range; TB_ENOMEM
 */
enum tb_status paper_open(struct venue **out, const struct paper_config *config,
    struct tb_err *err);

#endif /* TB_VENUE_PAPER_H */
