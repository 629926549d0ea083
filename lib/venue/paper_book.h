#ifndef TB_VENUE_PAPER_BOOK_H
#define TB_VENUE_PAPER_BOOK_H

/*
 * paper_book: what the paper venue keeps on its shelf: orders, balances, the
 * cash flows that it has credited.  For the files of paper only.
 *
 *	order/<order id>		      the order with its fills
 *	when/<created at>/<order id>	      "": orders by time
 *	fill/<at>/<venue seq>		      "<order id> <n>": fills by time
 *	balance/<currency>		      {"total":"..","hold":".."}
 *	flow/<flow id>			      the amount that was credited
 *	count/fills			      how many there are
 *	count/flows			      all up to this id are credited
 */

#include <stddef.h>
#include <stdint.h>

#include "base/decimal.h"
#include "base/err.h"
#include "venue/paper.h"
#include "venue/paper_order.h"

/* total = available + hold */
struct paper_balance {
	char currency[CURRENCY_MAX];
	struct decimal total, hold;
};

/* errors: TB_ENOENT no such order; the shelf's; TB_EDISAGREE damaged */
enum tb_status paper_book_order(const struct paper_shelf *s,
    const char *order_id, struct paper_order *out, struct tb_err *err);

/* paper_book_place: a new order and its place in time. */
enum tb_status paper_book_place(const struct paper_shelf *s,
    const struct paper_order *o, struct tb_err *err);

/* paper_book_save: an order that was placed, changed. */
enum tb_status paper_book_save(const struct paper_shelf *s,
    const struct paper_order *o, struct tb_err *err);

/* paper_book_next_fill: the number of the next fill, from 1. */
enum tb_status paper_book_next_fill(const struct paper_shelf *s, int64_t *out,
    struct tb_err *err);

/* paper_book_fill: the newest fill of o takes its place in time. */
enum tb_status paper_book_fill(const struct paper_shelf *s,
    const struct paper_order *o, struct tb_err *err);

/* paper_book_balance: zeros for a currency never seen. */
enum tb_status paper_book_balance(const struct paper_shelf *s,
    const char *currency, struct paper_balance *out, struct tb_err *err);

/*
 * paper_book_move: add to total and hold of a currency.
 *
 * errors: TB_ERANGE; the shelf's
 */
enum tb_status paper_book_move(const struct paper_shelf *s,
    const char *currency, struct decimal total, struct decimal hold,
    struct tb_err *err);

/* paper_book_credit: a cash flow, unless it was credited before. */
enum tb_status paper_book_credit(const struct paper_shelf *s,
    const struct paper_flow *flow, struct tb_err *err);

/*
 * paper_book_flows_until: the id up to which every flow is credited, so that
 * nobody asks for those again.  A flow that is not yet due holds it back.
 */
enum tb_status paper_book_flows_until(const struct paper_shelf *s, int64_t *out,
    struct tb_err *err);
enum tb_status paper_book_set_flows_until(const struct paper_shelf *s,
    int64_t flow_id, struct tb_err *err);

/*
 * Walks, in the order of time (balances: of names).  key: "" begins; it is
 * moved to what was found.  TB_END no more.
 */
enum tb_status paper_book_next_order(const struct paper_shelf *s,
    int64_t since_us, char key[static PAPER_KEY_MAX], struct paper_order *out,
    struct tb_err *err);
enum tb_status paper_book_next_fill_since(const struct paper_shelf *s,
    int64_t since_us, char key[static PAPER_KEY_MAX], struct fill *out,
    struct tb_err *err);
enum tb_status paper_book_next_balance(const struct paper_shelf *s,
    char key[static PAPER_KEY_MAX], struct paper_balance *out,
    struct tb_err *err);

#endif /* TB_VENUE_PAPER_BOOK_H */
