/* route-v2: the older API, as far as clients of the newer one still ask it. */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/instant.h"
#include "exchange/route.h"

#define V2_PAGE 25
#define V2_PAGE_MAX 100

/* v2 has an envelope of its own. */
static void
v2_error(struct request *r, int status, const char *id, const char *message)
{
	struct json_writer *w = reply_begin(r);

	r->status = status;
	json_open(w, '{');
	put_open(w, "errors", '[');
	json_open(w, '{');
	put_text(w, "id", id);
	put_text(w, "message", message);
	json_close(w, '}');
	json_close(w, ']');
	json_close(w, '}');
}

static void
put_v2_pagination(const char *next_uri, int64_t limit, struct json_writer *w)
{
	put_open(w, "pagination", '{');
	put_null(w, "ending_before");
	put_null(w, "starting_after");
	put_int(w, "limit", limit);
	put_text(w, "order", "desc");
	put_null(w, "previous_uri");
	put_text(w, "next_uri", next_uri);
	json_close(w, '}');
}

static void
put_v2_amount(struct json_writer *w, const char *name, struct decimal d,
    const char *currency)
{
	put_open(w, name, '{');
	put_amount(w, "amount", d);
	put_text(w, "currency", currency);
	json_close(w, '}');
}

static void
put_v2_account(const struct account *a, struct json_writer *w)
{
	json_open(w, '{');
	put_text(w, "id", a->uuid);
	put_text(w, "name", a->currency);
	put_bool(w, "primary", false);
	put_text(w, "type",
	    strcmp(a->currency, "USD") == 0 ? "fiat" : "wallet");
	put_open(w, "currency", '{');
	put_text(w, "code", a->currency);
	put_text(w, "name", a->currency);
	put_text(w, "type",
	    strcmp(a->currency, "USD") == 0 ? "fiat" : "crypto");
	json_close(w, '}');
	put_v2_amount(w, "balance", a->total, a->currency);
	put_text(w, "resource", "account");
	json_close(w, '}');
}

void
serve_v2_accounts(struct exchange *x, struct request *r)
{
	struct json_writer *w = reply_begin(r);

	json_open(w, '{');
	put_v2_pagination(NULL, V2_PAGE, w);
	put_open(w, "data", '[');
	for (size_t i = 0; i < x->accounts.count; i++)
		put_v2_account(&x->accounts.rows[i], w);
	json_close(w, ']');
	json_close(w, '}');
}

void
serve_v2_account(struct exchange *x, struct request *r)
{
	const struct account *account = account_of(&x->accounts, r->segment);
	struct json_writer *w;

	if (account == NULL) {
		v2_error(r, 404, "not_found", "Not found");
		return;
	}
	w = reply_begin(r);
	json_open(w, '{');
	json_key(w, "data");
	put_v2_account(account, w);
	json_close(w, '}');
}

static void
put_movement(const struct account *a, const struct movement *m,
    struct json_writer *w)
{
	bool came = decimal_sign(m->amount) > 0;
	bool is_fiat = strcmp(a->currency, "USD") == 0;
	char path[160];

	json_open(w, '{');
	put_text(w, "id", m->id);
	put_text(w, "type",
	    is_fiat ? (came ? "fiat_deposit" : "fiat_withdrawal") :
		      (came ? "receive" : "send"));
	put_text(w, "status", "completed");
	put_v2_amount(w, "amount", m->amount, a->currency);
	put_v2_amount(w, "native_amount", m->amount, a->currency);
	put_null(w, "description");
	put_time(w, "created_at", m->at_us);
	put_time(w, "updated_at", m->at_us);
	put_text(w, "resource", "transaction");
	(void)snprintf(path, sizeof(path), "/v2/accounts/%s/transactions/%s",
	    a->uuid, m->id);
	put_text(w, "resource_path", path);
	json_close(w, '}');
}

void
serve_v2_transactions(struct exchange *x, struct request *r)
{
	const struct account *account = account_of(&x->accounts, r->segment);
	const char *after = query_get(r, "starting_after");
	int64_t limit = query_integer(r, "limit", V2_PAGE), n = 0;
	bool is_on = after == NULL || *after == '\0';
	char next[240] = "";
	struct buffer rows;
	struct json_writer *w, row;

	if (account == NULL) {
		v2_error(r, 404, "not_found", "Not found");
		return;
	}
	if (limit <= 0 || limit > V2_PAGE_MAX)
		limit = V2_PAGE_MAX;
	buffer_init(&rows, ANSWER_MAX);
	row = (struct json_writer){ .out = &rows,
		.numbers = r->json_out.numbers };
	json_open(&row, '[');
	for (size_t i = x->accounts.movement_count; i-- > 0;) {
		const struct movement *m = &x->accounts.movements[i];

		if (strcmp(m->currency, account->currency) != 0)
			continue;
		if (is_on && n == limit) {
			(void)snprintf(next, sizeof(next),
			    "/v2/accounts/%s/transactions?limit=%d&"
			    "starting_after=%s",
			    account->uuid, (int)limit, r->order_id);
			break;
		}
		if (is_on) {
			put_movement(account, m, &row);
			(void)snprintf(r->order_id, sizeof(r->order_id), "%s",
			    m->id);
			n++;
		}
		is_on = is_on || strcmp(m->id, after) == 0;
	}
	json_close(&row, ']');
	w = reply_begin(r);
	json_open(w, '{');
	put_v2_pagination(next[0] == '\0' ? NULL : next, limit, w);
	json_key(w, "data");
	json_raw(w, rows.data, rows.len);
	json_close(w, '}');
	buffer_release(&rows);
	r->order_id[0] = '\0';
}

void
serve_v2_time(struct exchange *x, struct request *r)
{
	int64_t now_s = instant_floor_s(exchange_server_us(x));
	char iso[INSTANT_STRLEN];
	struct json_writer *w = reply_begin(r);

	instant_format_s(now_s, iso);
	json_open(w, '{');
	put_open(w, "data", '{');
	put_text(w, "iso", iso);
	put_int(w, "epoch", now_s);
	json_close(w, '}');
	json_close(w, '}');
}

void
serve_v2_currencies(struct exchange *x, struct request *r)
{
	struct json_writer *w = reply_begin(r);

	(void)x;
	json_open(w, '{');
	put_open(w, "data", '[');
	json_open(w, '{');
	put_text(w, "id", "USD");
	put_text(w, "name", "US Dollar");
	put_text(w, "min_size", "0.01");
	json_close(w, '}');
	json_close(w, ']');
	json_close(w, '}');
}

/* Is it the first product of its base currency? */
static bool
is_first(const struct exchange *x, size_t i, char base[static CURRENCY_MAX])
{
	char other[CURRENCY_MAX];

	product_base(x->market.listings[i].rules.product_id, base);
	while (i-- > 0) {
		product_base(x->market.listings[i].rules.product_id, other);
		if (strcmp(base, other) == 0)
			return false;
	}
	return true;
}

void
serve_v2_crypto(struct exchange *x, struct request *r)
{
	struct json_writer *w = reply_begin(r);
	char base[CURRENCY_MAX], id[DIGEST_UUID];

	json_open(w, '{');
	put_open(w, "data", '[');
	for (size_t i = 0; i < x->market.count; i++) {
		if (!is_first(x, i, base))
			continue;
		digest_uuid("asset", base, id);
		json_open(w, '{');
		put_text(w, "asset_id", id);
		put_text(w, "code", base);
		put_text(w, "name", base);
		put_text(w, "color", "#F7931A");
		put_int(w, "sort_index", 100 + (int64_t)i);
		put_int(w, "exponent", 8);
		put_text(w, "type", "crypto");
		put_text(w, "address_regex", ".*");
		json_close(w, '}');
	}
	json_close(w, ']');
	json_close(w, '}');
}

/* How much of each currency a dollar is. */
void
serve_v2_rates(struct exchange *x, struct request *r)
{
	int64_t now_s = instant_floor_s(exchange_now_us(x));
	struct json_writer *w = reply_begin(r);
	char base[CURRENCY_MAX];

	json_open(w, '{');
	put_open(w, "data", '{');
	put_text(w, "currency", "USD");
	put_open(w, "rates", '{');
	put_text(w, "USD", "1.0");
	for (size_t i = 0; i < x->market.count; i++) {
		struct listing *l = &x->market.listings[i];
		struct decimal price =
		    market_price(market_source(&x->market, l), now_s);

		if (is_first(x, i, base) && decimal_sign(price) > 0)
			put_amount(w, base, order_over(DECIMAL_OF(1), price));
	}
	json_close(w, '}');
	json_close(w, '}');
	json_close(w, '}');
}
