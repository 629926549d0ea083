#ifndef TB_ORDER_DESK_H
#define TB_ORDER_DESK_H

/*
 * desk: what a run that trades works with: the books, the venue, the rules,
 * the send lock, the instant, and what the venue said is free to spend.
 *
 * desk_open() makes one for a database; a test fills its own over a venue of
 * its own.
 */

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/market.h"
#include "order/config.h"
#include "order/lock.h"
#include "store/db.h"
#include "venue/venue.h"

struct shelf; /* of store/shelf.h */

#define DESK_BALANCES_MAX 512		      /* currencies of an account */
#define DESK_FUTURE_US (5 * INT64_C(1000000)) /* how far clocks may differ */
#define DESK_CLOCK_US (30 * INT64_C(1000000)) /* ours from the venue's */

/* Balances as the venue tells them, all of them. */
struct desk_balances {
	struct venue_balance told[DESK_BALANCES_MAX];
	size_t count;
};

/* What a desk is wanted for. */
enum desk_use {
	DESK_TRADE,  /* all of it */
	DESK_DRY,    /* what would be: nothing is kept, neither by the books nor
			by paper, whose file is not made */
	DESK_MARKET, /* desk_market() alone: the file of paper is let alone, and
			venue is NULL there */
};

struct desk {
	struct db *db;
	struct venue *venue;	     /* NULL: DESK_MARKET on paper */
	struct venue *market;	     /* desk_market() opened it; or NULL */
	struct shelf *shelf;	     /* of the paper venue, or NULL */
	const struct config *config; /* borrowed */
	struct send_lock lock;
	bool is_paper;
	char account[64];     /* "": hello was not said yet */
	int64_t lag_ms;	      /* an order may stay invisible this long */
	bool has_key;	      /* it tells what is ours alone */
	bool can_trade;	      /* it takes orders of ours */
	int64_t clock_off_us; /* ours, ahead of the venue's; 0: not told */

	bool fixed;	    /* --at: the instant stands still */
	int64_t instant_us; /* the moment that this line speaks of */
	int64_t send_by_ms; /* what was judged is sent by then (CLOCK_BOOTTIME),
			       or not at all */
	bool may_send;	    /* false: look for orders, send none */
	bool dry;	    /* nothing is kept */

	bool funds_known;
	bool funds_saved;	    /* ... in the table balances too */
	int64_t funds_intent;	    /* newest intent that funds know of */
	struct desk_balances funds; /* as told when they were asked for */
	struct decimal spent[DESK_BALANCES_MAX]; /* of available, since */
	bool has_spent; /* an order of this run was accepted since */

	char heard_product[PRODUCT_ID_MAX]; /* whose price was told last */
	struct decimal heard_price;
	int64_t heard_at_us;

	bool hung;    /* the venue hangs: the lock must stay with it */
	bool in_bulk; /* many orders are being booked: cash and the day's
			 equity wait for the end */
};

/*
 * desk_open: a desk over an open database and its venue: paper, with its file
 * DATABASE.paper beside it, or else the program tb-venue-NAME.  Nothing is
 * asked of the venue yet, no lock is taken; instant and lock.timeout_ms are
 * the caller's to set, and whether real orders may be placed is its to check
 * (config_check_live).
 *
 * in:	   config  borrowed
 *	   use	   DESK_TRADE, ...
 * out:	   *out	   to be given to desk_close(); NULL on failure
 * errors: TB_ECONFIG the configuration names another venue than the database
 *	   has, or one that can't be opened, or the file of paper is gone while
 *	   there are orders; as shelf_open() and backup_finish(); TB_ENOMEM
 */
enum tb_status desk_open(struct desk **out, struct db *db,
    const struct config *config, enum desk_use use, struct tb_err *err);

/* desk_close: venue and lock; the database stays open.  NULL is fine. */
void desk_close(struct desk *desk);

/*
 * desk_market: the venue that tells products, candles and prices: the desk's
 * own or, where that is paper, the program tb-venue-coinbase without a key.
 *
 * out:	   *out	 borrowed, until desk_close()
 * errors: TB_ECONFIG there is no such program
 */
enum tb_status desk_market(struct desk *desk, struct venue **out,
    struct tb_err *err);

/*
 * desk_tick: the instant of the next line: the clock, unless it stands still.
 */
void desk_tick(struct desk *desk);

/*
 * desk_hello: learn the account, once a run; the first account that a
 * database hears of is its account for life.
 *
 * errors: TB_ECONFIG another account; as hello
 */
enum tb_status desk_hello(struct desk *desk, struct tb_err *err);

/*
 * desk_price: the reference price of a product: what the venue tells, else
 * the last closed candle's close at the instant.  Not inside a transaction.
 *
 * errors: TB_ENOENT there is none; as price
 */
enum tb_status desk_price(struct desk *desk, const char *product_id,
    struct decimal *out, struct tb_err *err);

/*
 * desk_last_price: the same without asking the venue: what desk_price() heard
 * last of this product, else the last closed candle's close.
 *
 * out:	   *at_us  since when it is the price
 * errors: TB_ENOENT there is none
 */
enum tb_status desk_last_price(struct desk *desk, const char *product_id,
    struct decimal *out, int64_t *at_us, struct tb_err *err);

/*
 * desk_ask_funds: ask the venue for all balances, unless what is known is
 * still good: nobody but this run has written an intent since.  Not inside a
 * transaction.
 *
 * errors: as balances; TB_ERANGE more than DESK_BALANCES_MAX
 */
enum tb_status desk_ask_funds(struct desk *desk, struct tb_err *err);

/*
 * desk_free: what may be spent of a currency: available, less the reserves of
 * SENDING and UNKNOWN intents (but for `except`), less what this run took.
 * Never below 0.
 */
enum tb_status desk_free(struct desk *desk, const char *currency,
    int64_t except, struct decimal *out, struct tb_err *err);

/*
 * desk_spend: this run's order took an amount of a currency.  What it brought
 * in is not counted: who lacks it asks again.
 */
void desk_spend(struct desk *desk, const char *currency, struct decimal amount);

/*
 * desk_save_funds: what was asked goes into the books, once.  Inside a
 * transaction of the caller's.
 */
enum tb_status desk_save_funds(struct desk *desk, struct tb_err *err);

/*
 * desk_ask_balances: what the venue holds now.  Changes nothing of what is
 * known to be free: an order just placed may not be counted in it yet.
 *
 * errors: as balances; TB_ERANGE more than DESK_BALANCES_MAX
 */
enum tb_status desk_ask_balances(struct desk *desk, struct desk_balances *out,
    struct tb_err *err);

/* desk_save_balances: into the books, in a transaction of the caller's. */
enum tb_status desk_save_balances(struct desk *desk,
    const struct desk_balances *balances, struct tb_err *err);

#endif /* TB_ORDER_DESK_H */
