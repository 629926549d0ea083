#include "coinbase/asked.h"

#include <string.h>

#include "base/instant.h"
#include "coinbase/http.h"
#include "io/json.h"

/* ---------------------------------------------------------------- bodies -- */

/* The exchange's name for a type of order. */
static const char *
configuration_of(const char *type)
{
	if (strcmp(type, "market") == 0)
		return "market_market_ioc";
	if (strcmp(type, "limit_ioc") == 0)
		return "sor_limit_ioc";
	return "limit_limit_gtc"; /* limit, post_only */
}

static void
write_configuration(struct json_writer *w, const struct venue_request *r)
{
	const char *name = configuration_of(r->type);

	json_key(w, "order_configuration");
	json_open(w, '{');
	json_key(w, name);
	json_open(w, '{');
	json_key(w, r->has_quote_size ? "quote_size" : "base_size");
	json_amount(w, r->has_quote_size ? r->quote_size : r->base_size);
	if (strcmp(r->type, "market") != 0) {
		json_key(w, "limit_price");
		json_amount(w, r->limit_price);
	}
	if (strcmp(name, "limit_limit_gtc") == 0) {
		json_key(w, "post_only");
		json_bool(w, strcmp(r->type, "post_only") == 0);
	}
	json_close(w, '}');
	json_close(w, '}');
}

void
asked_order(struct buffer *out, const struct venue_request *r, bool preview)
{
	struct json_writer w = { .out = out, .numbers = JSON_NUMBERS_STRING };

	json_open(&w, '{');
	if (!preview) {
		json_key(&w, "client_order_id");
		json_string(&w, r->client_order_id);
	}
	json_key(&w, "product_id");
	json_string(&w, r->product_id);
	json_key(&w, "side");
	json_string(&w, side_name(r->side));
	write_configuration(&w, r);
	json_close(&w, '}');
}

void
asked_cancel(struct buffer *out, const char *order_id)
{
	struct json_writer w = { .out = out };

	json_open(&w, '{');
	json_key(&w, "order_ids");
	json_open(&w, '[');
	json_string(&w, order_id);
	json_close(&w, ']');
	json_close(&w, '}');
}

/* ----------------------------------------------------------------- paths -- */

const char *
asked_granularity(int64_t granularity_s)
{
	static const struct {
		int64_t s;
		const char *name;
	} known[] = {
		{ 60, "ONE_MINUTE" },
		{ 300, "FIVE_MINUTE" },
		{ 900, "FIFTEEN_MINUTE" },
		{ 1800, "THIRTY_MINUTE" },
		{ 3600, "ONE_HOUR" },
		{ 7200, "TWO_HOUR" },
		{ 14400, "FOUR_HOUR" },
		{ 21600, "SIX_HOUR" },
		{ 86400, "ONE_DAY" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].s == granularity_s)
			return known[i].name;
	return NULL;
}

/* A member of the query, unless it says nothing. */
static void
add_query(struct buffer *out, const char *key, const char *value)
{
	if (value[0] == '\0')
		return;
	buffer_add_format(out, "&%s=", key);
	http_escape(out, value);
}

static void
add_time(struct buffer *out, const char *key, int64_t us)
{
	char text[INSTANT_STRLEN];

	instant_format(us < 0 ? 0 : us, text);
	add_query(out, key, text);
}

static void
add_candles(struct buffer *out, const struct protocol_request *r)
{
	const char *granularity = asked_granularity(r->granularity_s);

	/* Both ends are counted in. */
	buffer_add_format(out,
	    "%s/candles?start=%lld&end=%lld&granularity=%s&limit=%d",
	    r->product_id, (long long)r->from_s, (long long)r->to_s - 1,
	    granularity == NULL ? "" : granularity, VENUE_CANDLES_MAX);
}

void
asked_path(struct buffer *out, const struct protocol_request *r, bool is_public)
{
	const char *market = is_public ? "/market" : "";

	buffer_add_string(out, ASKED_PATH);
	switch (r->verb) {
	case VERB_PRODUCTS:
		buffer_add_format(out,
		    "%s/products?product_type=SPOT"
		    "&get_tradability_status=true&limit=%d",
		    market, ASKED_ROWS);
		add_query(out, "cursor", r->cursor);
		break;
	case VERB_CANDLES:
		buffer_add_format(out, "%s/products/", market);
		add_candles(out, r);
		break;
	case VERB_PRICE:
		buffer_add_format(out, "%s/products/%s", market, r->product_id);
		break;
	case VERB_BALANCES:
		buffer_add_format(out, "/accounts?limit=%d", ASKED_ROWS);
		add_query(out, "cursor", r->cursor);
		break;
	case VERB_ORDER:
		buffer_add_string(out, "/orders/historical/");
		http_escape(out, r->order_id);
		break;
	case VERB_ORDERS_SINCE:
		buffer_add_format(out, "/orders/historical/batch?limit=%d",
		    ASKED_ROWS);
		add_time(out, "start_date", r->since_us);
		add_query(out, "cursor", r->cursor);
		break;
	case VERB_FILLS_SINCE:
		buffer_add_format(out, "/orders/historical/fills?limit=%d",
		    ASKED_ROWS);
		add_query(out, "order_ids", r->order_id);
		add_time(out, "start_sequence_timestamp", r->since_us);
		add_query(out, "cursor", r->cursor);
		break;
	case VERB_CANCEL:
		buffer_add_string(out, "/orders/batch_cancel");
		break;
	case VERB_PREVIEW:
		buffer_add_string(out, "/orders/preview");
		break;
	case VERB_PLACE:
		buffer_add_string(out, "/orders");
		break;
	case VERB_HELLO:
		buffer_add_string(out, "/key_permissions");
		break;
	}
}
