#include <stdio.h>
#include <string.h>

#include "base/instant.h"
#include "exchange/page.h"
#include "exchange/route.h"
#include "exchange/show.h"

#define ACCOUNTS_PAGE 49
#define ACCOUNTS_PAGE_MAX 250

void
serve_accounts(struct exchange *x, struct request *r)
{
	struct page page;
	struct json_writer *w;

	if (!page_cut(x, r, x->accounts.count, ACCOUNTS_PAGE, ACCOUNTS_PAGE_MAX,
		&page))
		return;
	w = reply_begin(r);
	json_open(w, '{');
	put_open(w, "accounts", '[');
	for (size_t i = page.from; i < page.to; i++)
		show_account(x, &x->accounts.rows[i], w);
	json_close(w, ']');
	put_bool(w, "has_next", page.has_next);
	put_text(w, "cursor", page.cursor);
	put_int(w, "size", (int64_t)(page.to - page.from));
	json_close(w, '}');
}

void
serve_account(struct exchange *x, struct request *r)
{
	const struct account *account = account_of(&x->accounts, r->segment);
	struct json_writer *w;

	if (account == NULL) {
		reply_error(r, 404, "NOT_FOUND", "account was not found");
		return;
	}
	w = reply_begin(r);
	json_open(w, '{');
	json_key(w, "account");
	show_account(x, account, w);
	json_close(w, '}');
}

/* A JSON number, where the rest of the API has texts. */
static void
put_number(struct json_writer *w, const char *name, struct decimal d)
{
	enum json_numbers numbers = w->numbers;

	w->numbers = JSON_NUMBERS_NUMBER;
	put_amount(w, name, d);
	w->numbers = numbers;
}

/* What an account is worth in dollars at the last price; 0: nobody knows. */
static struct decimal
worth(struct exchange *x, const struct account *account)
{
	char id[CURRENCY_MAX + 5];
	struct listing *l;

	if (currency_is_dollar(account->currency))
		return account->total;
	(void)snprintf(id, sizeof(id), "%s-USD", account->currency);
	l = market_find(&x->market, id);
	return l == NULL ? DECIMAL_ZERO :
			   order_times(account->total,
			       market_price(market_source(&x->market, l),
				   instant_floor_s(exchange_now_us(x))));
}

static struct decimal
worth_of_all(struct exchange *x, bool cash, bool crypto)
{
	struct decimal sum = DECIMAL_ZERO;

	for (size_t i = 0; i < x->accounts.count; i++) {
		const struct account *account = &x->accounts.rows[i];

		if (currency_is_dollar(account->currency) ? cash : crypto)
			sum = order_plus(sum, worth(x, account));
	}
	return sum;
}

static void
put_tier(const struct exchange *x, struct json_writer *w)
{
	put_open(w, "fee_tier", '{');
	put_text(w, "pricing_tier", "Intro 1");
	put_text(w, "usd_from", "");
	put_text(w, "usd_to", "");
	put_amount(w, "taker_fee_rate", x->set.taker_rate);
	put_amount(w, "maker_fee_rate", x->set.maker_rate);
	put_text(w, "aop_from", "0");
	put_text(w, "aop_to", "1000");
	json_close(w, '}');
}

void
serve_transaction_summary(struct exchange *x, struct request *r)
{
	struct decimal volume = DECIMAL_ZERO, fees = DECIMAL_ZERO;
	struct json_writer *w = reply_begin(r);

	for (size_t i = 0; i < x->orders.count; i++) {
		volume = order_plus(volume, x->orders.rows[i]->filled_value);
		fees = order_plus(fees, x->orders.rows[i]->fees);
	}
	json_open(w, '{');
	put_number(w, "total_volume", volume);
	put_number(w, "total_fees", fees);
	put_tier(x, w);
	put_null(w, "margin_rate");
	put_null(w, "goods_and_services_tax");
	put_number(w, "advanced_trade_only_volume", volume);
	put_number(w, "advanced_trade_only_fees", fees);
	put_int(w, "coinbase_pro_volume", 0);
	put_int(w, "coinbase_pro_fees", 0);
	put_amount(w, "total_balance", worth_of_all(x, true, true));
	put_bool(w, "has_promo_fee", false);
	json_close(w, '}');
}

static void
put_portfolio(const struct exchange *x, struct json_writer *w)
{
	char uuid[DIGEST_UUID];

	exchange_portfolio(x, uuid);
	json_open(w, '{');
	put_text(w, "name", "Default");
	put_text(w, "uuid", uuid);
	put_text(w, "type", "DEFAULT");
	put_bool(w, "deleted", false);
	json_close(w, '}');
}

void
serve_portfolios(struct exchange *x, struct request *r)
{
	const char *type = query_get(r, "portfolio_type");
	struct json_writer *w = reply_begin(r);

	json_open(w, '{');
	put_open(w, "portfolios", '[');
	if (type == NULL || *type == '\0' || strcmp(type, "DEFAULT") == 0)
		put_portfolio(x, w);
	json_close(w, ']');
	json_close(w, '}');
}

static void
put_usd(struct json_writer *w, const char *name, struct decimal d)
{
	put_open(w, name, '{');
	put_amount(w, "value", d);
	put_text(w, "currency", "USD");
	json_close(w, '}');
}

static void
put_position(struct exchange *x, const struct account *a, struct json_writer *w)
{
	json_open(w, '{');
	put_text(w, "asset", a->currency);
	put_text(w, "account_uuid", a->uuid);
	put_number(w, "total_balance_fiat", worth(x, a));
	put_number(w, "total_balance_crypto", a->total);
	put_number(w, "available_to_trade_fiat", worth(x, a));
	put_number(w, "available_to_trade_crypto", account_available(a));
	put_int(w, "allocation", 0);
	put_usd(w, "cost_basis", DECIMAL_ZERO);
	put_bool(w, "is_cash", currency_is_dollar(a->currency));
	json_close(w, '}');
}

void
serve_portfolio(struct exchange *x, struct request *r)
{
	static const char *const empty[] = { "perp_positions",
		"futures_positions" };
	char uuid[DIGEST_UUID];
	struct json_writer *w;

	exchange_portfolio(x, uuid);
	if (strcmp(uuid, r->segment) != 0) {
		reply_error(r, 403, "PERMISSION_DENIED",
		    "User does not have access to portfolio");
		return;
	}
	w = reply_begin(r);
	json_open(w, '{');
	put_open(w, "breakdown", '{');
	json_key(w, "portfolio");
	put_portfolio(x, w);
	put_open(w, "portfolio_balances", '{');
	put_usd(w, "total_balance", worth_of_all(x, true, true));
	put_usd(w, "total_cash_equivalent_balance",
	    worth_of_all(x, true, false));
	put_usd(w, "total_crypto_balance", worth_of_all(x, false, true));
	json_close(w, '}');
	put_open(w, "spot_positions", '[');
	for (size_t i = 0; i < x->accounts.count; i++)
		put_position(x, &x->accounts.rows[i], w);
	json_close(w, ']');
	for (int i = 0; i < 2; i++) {
		put_open(w, empty[i], '[');
		json_close(w, ']');
	}
	json_close(w, '}');
	json_close(w, '}');
}

void
serve_key_permissions(struct exchange *x, struct request *r)
{
	char uuid[DIGEST_UUID];
	struct json_writer *w = reply_begin(r);

	exchange_portfolio(x, uuid);
	json_open(w, '{');
	put_bool(w, "can_view", x->set.can_view);
	put_bool(w, "can_trade", x->set.can_trade);
	put_bool(w, "can_transfer", x->set.can_transfer);
	put_text(w, "portfolio_uuid", uuid);
	put_text(w, "portfolio_type", "DEFAULT");
	json_close(w, '}');
}
