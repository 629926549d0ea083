#ifndef TB_COINBASE_PAGE_H
#define TB_COINBASE_PAGE_H

/*
 * page: a page of a list, or the candles of a range, out of the exchange's
 * answer.
 *
 * errors, of both: TB_EINVAL "orders 3: side: missing"
 */

#include "base/err.h"
#include "io/json.h"
#include "venue/protocol.h"

/*
 * page_rows: products, balances, orders or fills, and the cursor of the next
 * page.  Rows that are none of a venue's business are left out; wallets of
 * one currency count together.
 */
enum tb_status page_rows(const struct json *j, struct protocol_answer *a,
    struct tb_err *err);

/*
 * page_candles: those that r asks for: newest first becomes oldest first, the
 * one that still moves is left out.
 */
enum tb_status page_candles(const struct json *j,
    const struct protocol_request *r, struct protocol_answer *a,
    struct tb_err *err);

#endif /* TB_COINBASE_PAGE_H */
