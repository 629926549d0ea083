#ifndef TB_EXCHANGE_H
#define TB_EXCHANGE_H

/*
 * exchange: a Coinbase Advanced Trade of our own, on loopback, for tests.
 *
 * It speaks the wire contract so that clients written by others can be
 * pointed at it unchanged, and misbehaves on request.  Its rooms:
 *
 *	main	  the command line, the ready line
 *	server	  https, one request at a time, the log
 *	request	  what was asked, and writing the answer
 *	key token cert	  who may ask
 *	setting fault misbehave	  what goes wrong
 *	market load wave	  products, prices, candles
 *	account order match	  money, orders, executions
 *	place draft	  a new order: what is asked, is it allowed, book it
 *	show	  orders, fills, accounts and products as JSON
 *	route-*	  the endpoints; control is one
 *
 * Time is the wall clock plus an offset, or stands still; ids and generated
 * prices come from the seed: the same requests at the same moments give the
 * same answers.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "exchange/fault.h"
#include "exchange/key.h"
#include "exchange/market.h"
#include "exchange/order.h"
#include "exchange/setting.h"
#include "exchange/token.h"

#define SEED_MAX 64

struct exchange {
	struct settings set;
	struct faults faults;
	struct keyring keys;
	struct token_memory tokens;
	struct market market;
	struct accounts accounts;
	struct orders orders;
	bool stands_still;
	int64_t clock_us; /* the moment, or the offset of the wall clock */
	char seed[SEED_MAX];
	unsigned long serial;	 /* of the ids that were given out */
	int64_t second;		 /* rate limit: this second, and how many */
	int64_t second_requests; /* requests it has seen */
	int64_t pages;		 /* list pages served: the page_fails count */
};

/* The market's clock. */
int64_t exchange_now_us(const struct exchange *x);

/* The clock that /time tells and tokens are judged by. */
int64_t exchange_server_us(const struct exchange *x);

/* exchange_id: the next id; exchange_hex: the next of 64 hex digits. */
void exchange_id(struct exchange *x, char out[static DIGEST_UUID]);
void exchange_hex(struct exchange *x, char out[static DIGEST_HEX]);

/* exchange_portfolio, exchange_user: ids that never change with one seed. */
void exchange_portfolio(const struct exchange *x, char out[static DIGEST_UUID]);
void exchange_user(const struct exchange *x, char out[static DIGEST_UUID]);

#endif /* TB_EXCHANGE_H */
