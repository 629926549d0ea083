/*
 * tb.yaml: every key, what holds without it, and what is wrong with a file,
 * by line and column.
 */

#include "order/config.h"

#include <string.h>

#include "tap.h"

static struct config config;
static struct tb_err err;

static enum tb_status
parse(const char *text)
{
	err = (struct tb_err){ 0 };
	return config_parse(&config, "tb.yaml", text, strlen(text), &err);
}

static const char *
text(struct decimal d)
{
	static char buf[DECIMAL_STRLEN];

	decimal_format(d, buf);
	return buf;
}

static void
wrong(const char *yaml, const char *message)
{
	bool refused = parse(yaml) == TB_ECONFIG;

	if (!ok(refused && strstr(err.msg, message) != NULL, "%s", message))
		printf("#   got      %s\n", err.msg);
}

static void
test_empty(void)
{
	ok(parse("") == TB_OK, "an empty file");
	ok(!config.live && config.venue[0] == '\0', "no venue, nothing live");
	ok(!config.max_order.set && !config.max_drawdown.set, "no limits");
	is_int(config.max_signal_age_s, 300, "300 s");
	is(text(config.paper_fee_percent), "0.6", "0.6 % fee");
	is(text(config.paper_slippage_percent), "0.05", "0.05 % slippage");
	ok(config_allows(&config, "BTC-USD"), "any product");
	ok(config_read(&config, "/nonexistent/tb.yaml", false, &err) == TB_OK,
	    "no file is an empty one");
	ok(config_read(&config, "/nonexistent/tb.yaml", true, &err) ==
		TB_ECONFIG,
	    "unless it was named");
	ok(parse("limits:\npaper:\n") == TB_OK, "nothing below a heading");
}

static void
test_full(void)
{
	ok(parse(
	       "venue: coinbase\nlive: true\nkey_file: /k\n"
	       "program: {path: /p, arguments: [--ca-file, /c a]}\n"
	       "max_signal_age_s: 60\n"
	       "limits:\n  max_order: 100.50\n  max_position: 500\n"
	       "  max_orders_day: 20\n  max_daily_loss: 0.000000000000000001\n"
	       "  max_drawdown: 12.5\n  products: [BTC-USD, ETH-USD]\n"
	       "paper: {fee_percent: 0, slippage_percent: 100}\n") == TB_OK,
	    "every key");
	is(config.venue, "coinbase", "venue");
	ok(config.live, "live");
	is(config.key_file, "/k", "key_file");
	is(config.program, "/p", "program.path");
	is_int((long long)config.argument_count, 2, "program.arguments");
	is(config.arguments[1], "/c a", "... of any characters");
	is_int(config.max_signal_age_s, 60, "max_signal_age_s");
	is(text(config.max_order.amount), "100.5", "max_order");
	is(text(config.max_position.amount), "500", "max_position");
	is(text(config.max_orders_day.amount), "20", "max_orders_day");
	is(text(config.max_daily_loss.amount), "0.000000000000000001",
	    "max_daily_loss, to the last digit");
	is(text(config.max_drawdown.amount), "12.5", "max_drawdown");
	ok(config_allows(&config, "ETH-USD") &&
		!config_allows(&config, "SOL-USD"),
	    "products");
	is(text(config.paper_fee_percent), "0", "no fee");
}

static void
test_wrong(void)
{
	wrong("limits:\n  max_ordr: 5\n", "tb.yaml:2:3: limits.max_ordr");
	wrong("limits:\n  max_ordr: 5\n", "max_order");
	wrong("vnue: paper\n", "venue");
	wrong("limits: 5\n", "tb.yaml:1:9: limits: expected keys below it");
	wrong("limits: {max_order: 0}\n",
	    "limits.max_order: expected an "
	    "amount above 0");
	wrong("limits: {max_order: -1}\n", "above 0");
	wrong("limits: {max_order: 1e}\n", "limits.max_order");
	wrong("limits: {max_orders_day: 1.5}\n", "limits.max_orders_day");
	wrong("limits: {max_orders_day: 0}\n", "limits.max_orders_day");
	wrong("limits: {max_drawdown: 100.1}\n", "percent up to 100");
	wrong("limits: {products: BTC-USD}\n", "a list of products");
	wrong("limits: {products: [btc]}\n", "a product such as BTC-USD");
	wrong("paper: {fee_percent: 100.1}\n", "percent from 0 to 100");
	wrong("paper: {fee_percent: -1}\n", "percent from 0 to 100");
	wrong("program: x\n", "program: expected keys");
	wrong("program: {file: x}\n", "program.file");
	wrong("program: {arguments: x}\n", "expected a list");
	wrong("program: {arguments: [1,2,3,4,5,6,7,8,9,10,11,12,13]}\n",
	    "expected at most 12");
	wrong("venue: ../x\n", "a name such as paper");
	wrong("live: maybe\n", "live");
	wrong("max_signal_age_s: 0\n", "max_signal_age_s");
	wrong("max_signal_age_s: 86401\n", "max_signal_age_s");
	wrong("- a\n", "expected keys");
}

static void
test_live(void)
{
	static const char *const lines[] = { "live: true\n",
		"limits:\n  max_order: 1\n", "  max_position: 1\n",
		"  max_orders_day: 1\n", "  max_daily_loss: 1\n" };
	static const char *const missing[] = { "live: true", "max_order",
		"max_position", "max_orders_day", "max_daily_loss" };
	char yaml[256] = "";

	for (size_t i = 0; i < 5; i++) {
		ok(parse(yaml) == TB_OK &&
			config_check_live(&config, false, &err) == TB_ECONFIG &&
			strstr(err.msg, missing[i]) != NULL,
		    "real orders need %s", missing[i]);
		snprintf(yaml + strlen(yaml), sizeof(yaml) - strlen(yaml), "%s",
		    lines[i]);
	}
	ok(parse(yaml) == TB_OK &&
		config_check_live(&config, false, &err) == TB_OK,
	    "and no more");
}

static void
test_products(void)
{
	static char yaml[4096];
	size_t at =
	    (size_t)snprintf(yaml, sizeof(yaml), "limits: {products: [");

	for (int i = 0; i <= CONFIG_PRODUCTS_MAX; i++)
		at += (size_t)snprintf(yaml + at, sizeof(yaml) - at,
		    "%sA%d-USD", i == 0 ? "" : ", ", i);
	snprintf(yaml + at, sizeof(yaml) - at, "]}\n");
	wrong(yaml, "more than 128 products");
}

int
main(void)
{
	test_empty();
	test_full();
	test_wrong();
	test_live();
	test_products();
	return tap_done();
}
