#ifndef TB_ORDER_RECONCILE_H
#define TB_ORDER_RECONCILE_H

/*
 * reconcile: does the venue tell the same story as the books?
 *
 * Orders of ours that the venue lists although they were REJECTED or given up
 * are booked, with an alarm; those whose figures have changed are booked
 * anew.  The books follow the venue, always.  Balances are compared and a
 * difference is told, never mended: a deposit, a trade by hand, a fee in coins
 * is a human's to explain.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/market.h"
#include "order/desk.h"
#include "store/intents.h"

#define RECONCILE_SINCE_S (INT64_C(30) * 86400) /* orders are listed since */

struct reconciled {
	size_t listed;	/* orders that the venue told of */
	size_t late;	/* REJECTED or ABANDONED, and yet there: an alarm */
	size_t changed; /* with other figures than the books had */
	size_t foreign; /* of nobody here */
	size_t booked;	/* of these, with executions that are new here */
	size_t doubled; /* second orders of an intent: booked, an alarm; of a
			   stranger's client_order_id: booked */
	size_t differ;	/* whose fills do not add up */
	size_t odd;	/* whose status nobody here knows */
	char warning[TB_ERR_MAX]; /* the last thing odd; "" where nothing */
};

/*
 * reconcile_order: one order, as the venue tells it, against the books.  What
 * a stranger's order executed is booked too, triggered by "sync"; one that
 * executed nothing, by a name as ours are, is noted: see settle_note().
 *
 * inout:  *out	 counted up
 * errors: as settle_order()
 */
enum tb_status reconcile_order(struct desk *desk,
    const struct venue_order *told, struct reconciled *out, struct tb_err *err);

/*
 * reconcile_second: a second order of one decision: booked as a stranger's,
 * with an alarm.
 *
 * in: first_id  the order_id of the first, for the words
 */
enum tb_status reconcile_second(struct desk *desk, const struct intent *intent,
    const char *first_id, const struct venue_order *second, struct tb_err *err);

/*
 * reconcile_orders: go through the orders since a moment.  Holds the send
 * lock.
 *
 * errors: as orders_since; of the database
 */
enum tb_status reconcile_orders(struct desk *desk, int64_t since_us,
    struct reconciled *out, struct tb_err *err);

/* A currency as the books and as the venue have it. */
struct reconciled_balance {
	char currency[CURRENCY_MAX];
	struct decimal books; /* cash flows and what fills moved; coins held */
	struct decimal venue; /* available and on hold */
	struct decimal difference; /* venue - books */
};

/*
 * reconcile_balances: every currency that the venue tells of or the books
 * have; out has room for DESK_BALANCES_MAX.
 *
 * errors: as desk_ask_balances; of the database; TB_ERANGE more currencies
 *	   than that, or an amount that does not fit
 */
enum tb_status reconcile_balances(struct desk *desk,
    struct reconciled_balance *out, size_t *out_count, struct tb_err *err);

#endif /* TB_ORDER_RECONCILE_H */
