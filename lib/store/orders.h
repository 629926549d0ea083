#ifndef TB_STORE_ORDERS_H
#define TB_STORE_ORDERS_H

/*
 * orders: the venue's view of each order, as it was last told.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/market.h"
#include "store/db.h"

#define ORDER_CLIENT_ID_MAX 65 /* a stranger's may have any form */
#define ORDER_WORD_MAX 32

struct order {
	char order_id[ORDER_ID_MAX];
	char client_order_id[ORDER_CLIENT_ID_MAX]; /* "" none */
	char product_id[PRODUCT_ID_MAX];
	enum side side;
	char type[ORDER_WORD_MAX];
	char status[ORDER_WORD_MAX]; /* the venue's word */
	struct decimal filled_size;  /* coins */
	struct decimal filled_value; /* quote, gross */
	struct decimal total_fees;   /* quote */
	bool settled;
	int64_t created_at_us;
	int64_t updated_at_us;
};

/*
 * orders_put: insert, or bring up to date by order_id.  Inside a transaction
 * of the caller's.
 *
 * errors: TB_EDISAGREE another order has this client_order_id: the venue has
 *	   two orders of one decision
 */
enum tb_status orders_put(struct db *db, const struct order *order,
    struct tb_err *err);

/*
 * orders_put_strange: a stranger's, who may use a client_order_id twice: the
 * first order keeps it, this one is put without.
 */
enum tb_status orders_put_strange(struct db *db, const struct order *order,
    struct tb_err *err);

/* errors: TB_ENOENT */
enum tb_status orders_get(struct db *db, const char *order_id,
    struct order *out, struct tb_err *err);

/* errors: TB_ENOENT */
enum tb_status orders_by_client(struct db *db, const char *client_order_id,
    struct order *out, struct tb_err *err);

#endif /* TB_STORE_ORDERS_H */
