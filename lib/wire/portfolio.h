#ifndef TB_WIRE_PORTFOLIO_H
#define TB_WIRE_PORTFOLIO_H

/*
 * portfolio: the shapes of what tb-portfolio tells, as JSON.
 *
 *	{"total_usd_balance":1250.00,"positions":[{"product_id":"BTC-USD",
 *	 "crypto_balance":0.025,"usd_invested":1000.00,"current_value":1100.00,
 *	 "unrealized_pnl":100.00,"pnl_pct":10.0,"average_cost_basis":40000.00,
 *	 "current_price":44000.00,"price_at":"...","realized_pnl":0.00,
 *	 "fees_usd":6.00}],"total_pnl":100.00,"cash_usd":150.00,
 *	 "method":"fifo","as_of":"...","other_totals":[]}
 *
 * Amounts of money have two decimals or more; what cannot be told (the worth
 * of something held without a price, the mean of nothing) is null, never 0.
 *
 * schema: share/schema/overview.json, pnl, gain, lot
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "io/json.h"
#include "ledger/lots.h"
#include "ledger/position.h"

#define PCT_PLACES 6 /* decimals of pnl_pct, half-even */

/* Everything at an instant. */
struct overview {
	const struct position *positions; /* borrowed; those to be listed */
	size_t position_count;
	const struct total *dollars; /* of all positions quoted in dollars */
	const struct total *others;  /* borrowed: of other quotes */
	size_t other_count;
	bool cash_known;
	struct decimal cash_usd;
	enum lot_method method;
	int64_t as_of_us;
};

/* errors of all: TB_ERANGE a figure does not fit; the object is then not
 * complete */

enum tb_status overview_write(struct json_writer *w, const struct overview *o,
    struct tb_err *err);

/* position_write: an element of positions. */
enum tb_status position_write(struct json_writer *w, const struct position *p,
    struct tb_err *err);

/*
 * pnl_write: a product's line of tb-portfolio pnl; pnl_write_total: the line of
 * a total, product_id null:
 *
 *	{"product_id":null,"realized":0.00,"unrealized":100.00,"fees":6.00,
 *	 "proceeds":0.00,"costs":1000.00,"uncovered_proceeds":0.00,
 *	 "current_value":1100.00,"residue":0.00,"currency":"USD"}
 */
enum tb_status pnl_write(struct json_writer *w, const struct position *p,
    struct tb_err *err);
void pnl_write_total(struct json_writer *w, const struct total *t);

/*
 * gain_write: a disposal and the lots that it consumed:
 *
 *	{"trade_id":7,"sold_at":"...","product_id":"BTC-USD","size":0.5,
 *	 "proceeds":100.00,"cost":80.00,"gain":20.00,"uncovered_size":0,
 *	 "lots":[{"trade_id":1,"acquired_at":"...","size":0.5,
 *	 "proceeds":100.00,"cost":80.00,"gain":20.00}],
 *	 "uncovered_proceeds":0.00,"kind":"trade"}
 */
void gain_write(struct json_writer *w, const char *product_id,
    const struct ledger_entry *e, const struct disposal *d);

/*
 * gain_write_part: a share of a disposal as a row of its own, with the keys of
 * a disposal; lot_trade_id and acquired_at are those of its lot.
 */
void gain_write_part(struct json_writer *w, const char *product_id,
    const struct ledger_entry *e, const struct disposal_part *part);

/*
 * lot_write: an open lot; its id is the id of the fill that opened it, the
 * same for every method:
 *
 *	{"lot_id":3,"trade_id":1,"acquired_at":"...","size":0.5,"cost":80.00,
 *	 "product_id":"BTC-USD","unit_cost":160.00}
 */
enum tb_status lot_write(struct json_writer *w, const char *product_id,
    const struct lot *lot, struct tb_err *err);

#endif /* TB_WIRE_PORTFOLIO_H */
