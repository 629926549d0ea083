#include "exchange/route.h"

#include <stdio.h>
#include <string.h>

#include "exchange/place.h"

/* What has a * stands behind its neighbours without one. */
static const struct route routes[] = {
	{ "GET", API "/time", ACCESS_OPEN, serve_time },
	{ "GET", API "/market/products", ACCESS_OPEN, serve_products },
	{ "GET", API "/market/products/*", ACCESS_OPEN, serve_product },
	{ "GET", API "/market/products/*/candles", ACCESS_OPEN, serve_candles },
	{ "GET", API "/market/products/*/ticker", ACCESS_OPEN, serve_ticker },
	{ "GET", API "/market/product_book", ACCESS_OPEN, serve_product_book },
	{ "GET", API "/products", ACCESS_VIEW, serve_products },
	{ "GET", API "/products/*", ACCESS_VIEW, serve_product },
	{ "GET", API "/products/*/candles", ACCESS_VIEW, serve_candles },
	{ "GET", API "/products/*/ticker", ACCESS_VIEW, serve_ticker },
	{ "GET", API "/product_book", ACCESS_VIEW, serve_product_book },
	{ "GET", API "/best_bid_ask", ACCESS_VIEW, serve_best_bid_ask },
	{ "GET", API "/accounts", ACCESS_VIEW, serve_accounts },
	{ "GET", API "/accounts/*", ACCESS_VIEW, serve_account },
	{ "GET", API "/transaction_summary", ACCESS_VIEW,
	    serve_transaction_summary },
	{ "GET", API "/portfolios", ACCESS_VIEW, serve_portfolios },
	{ "GET", API "/portfolios/*", ACCESS_VIEW, serve_portfolio },
	{ "GET", API "/key_permissions", ACCESS_VIEW, serve_key_permissions },
	{ "POST", API "/orders", ACCESS_TRADE, place_create },
	{ "POST", API "/orders/preview", ACCESS_VIEW, place_preview },
	{ "POST", API "/orders/edit", ACCESS_TRADE, place_edit },
	{ "POST", API "/orders/edit_preview", ACCESS_TRADE,
	    place_edit_preview },
	{ "POST", API "/orders/batch_cancel", ACCESS_TRADE, place_cancel },
	{ "GET", API "/orders/historical/batch", ACCESS_VIEW, serve_orders },
	{ "GET", API "/orders/historical/fills", ACCESS_VIEW, serve_fills },
	{ "GET", API "/orders/historical/*", ACCESS_VIEW, serve_order },
	{ "GET", "/v2/time", ACCESS_OPEN, serve_v2_time },
	{ "GET", "/v2/currencies", ACCESS_OPEN, serve_v2_currencies },
	{ "GET", "/v2/currencies/crypto", ACCESS_OPEN, serve_v2_crypto },
	{ "GET", "/v2/exchange-rates", ACCESS_OPEN, serve_v2_rates },
	{ "GET", "/v2/accounts", ACCESS_VIEW, serve_v2_accounts },
	{ "GET", "/v2/accounts/*", ACCESS_VIEW, serve_v2_account },
	{ "GET", "/v2/accounts/*/transactions", ACCESS_VIEW,
	    serve_v2_transactions },
	{ "GET", "/_control", ACCESS_CONTROL, serve_state },
	{ "POST", "/_control", ACCESS_CONTROL, serve_control },
};

static bool
matches(const char *pattern, const char *path, char segment[static SEGMENT_MAX])
{
	const char *star = strchr(pattern, '*');
	size_t before =
	    star == NULL ? strlen(pattern) : (size_t)(star - pattern);
	size_t len;

	segment[0] = '\0';
	if (star == NULL || strncmp(pattern, path, before) != 0)
		return strcmp(pattern, path) == 0;
	len = strcspn(path + before, "/");
	if (len == 0 || len >= SEGMENT_MAX ||
	    strcmp(path + before + len, star + 1) != 0)
		return false;
	(void)snprintf(segment, SEGMENT_MAX, "%.*s", (int)len, path + before);
	return true;
}

const struct route *
route_find(struct request *r)
{
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++)
		if (strcmp(routes[i].method, r->method) == 0 &&
		    matches(routes[i].pattern, r->path, r->segment))
			return &routes[i];
	return NULL;
}
