#ifndef TB_COINBASE_COINBASE_H
#define TB_COINBASE_COINBASE_H

/*
 * coinbase: Coinbase Advanced Trade as a venue: a request of the venue
 * protocol becomes a request to the exchange, and its answer an answer.
 *
 * One verb is one request (hello is two: the clock and the key's rights); a
 * 401 is asked once more with a new token.  Without a key only what the
 * exchange tells everybody is told: products, candles, price, and hello.
 * Nothing is kept between two verbs but connections and the key.
 */

#include "base/err.h"
#include "coinbase/http.h"
#include "coinbase/key.h"
#include "venue/protocol.h"

#define COINBASE_URL "https://api.coinbase.com"
#define COINBASE_URL_MAX 512
#define COINBASE_LAG_MS 5000	/* an order may be listed that much later */
#define COINBASE_WITHIN_MS 8000 /* a request; two fit into a verb's time */
#define COINBASE_HELLO_WITHIN_MS 6000 /* of its three */
#define COINBASE_ORDER_WITHIN_MS 18000
#define COINBASE_SKEW_MS 30000 /* clocks that differ more are reported */
#define COINBASE_NBF_S 5       /* a token holds from so long ago */

struct coinbase {
	struct http *http;     /* borrowed */
	const struct key *key; /* borrowed; NULL: none */
	const char *base_url;  /* borrowed: "https://api.coinbase.com" */
};

/*
 * coinbase_check: base_url is one, and short enough.
 *
 * errors: TB_ECONFIG
 */
enum tb_status coinbase_check(const struct http_config *config,
    const char *base_url, struct tb_err *err);

/*
 * coinbase_answer: ask, and fill in the answer.
 *
 * inout: *a  id, verb, rows and max are the caller's; all else is filled
 */
void coinbase_answer(struct coinbase *c, const struct protocol_request *r,
    struct protocol_answer *a);

#endif /* TB_COINBASE_COINBASE_H */
