#include "order/config.h"

#include <stdio.h>
#include <string.h>

#include "io/yaml.h"

void
config_init(struct config *config)
{
	/* 0.6 % is what Coinbase takes of a taker's small orders. */
	*config = (struct config){
		.max_signal_age_s = CONFIG_AGE_S,
		.rate = { LIMITER_PER_SECOND, LIMITER_PER_HOUR },
		.paper_fee_percent = { 6 * DECIMAL_ONE_UNITS / 10 },
		.paper_slippage_percent = { 5 * DECIMAL_ONE_UNITS / 100 },
	};
}

static enum tb_status
read_limit(const struct yaml *y, const struct yaml_node *n, struct limit *out,
    struct tb_err *err)
{
	enum tb_status status;

	if (n == NULL)
		return TB_OK;
	status = yaml_decimal(y, n, &out->amount, err);
	if (status != TB_OK)
		return status;
	if (decimal_sign(out->amount) <= 0)
		return yaml_fail(y, n, err,
		    "expected an amount above 0 (leave the key out for no"
		    " limit)");
	out->set = true;
	return TB_OK;
}

static enum tb_status
read_count(const struct yaml *y, const struct yaml_node *n, struct limit *out,
    struct tb_err *err)
{
	enum tb_status status;
	long long count;

	if (n == NULL)
		return TB_OK;
	status = yaml_integer(y, n, 1, 1000000, &count, err);
	if (status != TB_OK)
		return status;
	*out = (struct limit){ true, DECIMAL_OF(count) };
	return TB_OK;
}

static enum tb_status
read_percent(const struct yaml *y, const struct yaml_node *n,
    struct decimal *out, struct tb_err *err)
{
	enum tb_status status;

	if (n == NULL)
		return TB_OK;
	status = yaml_decimal(y, n, out, err);
	if (status != TB_OK)
		return status;
	if (decimal_sign(*out) < 0 || decimal_cmp(*out, DECIMAL_OF(100)) > 0)
		return yaml_fail(y, n, err, "expected percent from 0 to 100");
	return TB_OK;
}

static enum tb_status
read_products(const struct yaml *y, const struct yaml_node *list,
    struct config *out, struct tb_err *err)
{
	const struct yaml_node *n;

	if (list == NULL)
		return TB_OK;
	if (list->kind != YAML_SEQUENCE)
		return yaml_fail(y, list, err,
		    "expected a list of products: [BTC-USD, ETH-USD]");
	out->some_products = true;
	for (n = list->child; n != NULL; n = n->next) {
		if (n->kind != YAML_SCALAR ||
		    !product_id_is_valid(n->text, strlen(n->text)))
			return yaml_fail(y, n, err,
			    "expected a product such as BTC-USD");
		if (out->product_count == CONFIG_PRODUCTS_MAX)
			return yaml_fail(y, n, err, "more than %d products",
			    CONFIG_PRODUCTS_MAX);
		snprintf(out->products[out->product_count++], PRODUCT_ID_MAX,
		    "%s", n->text);
	}
	return TB_OK;
}

/* The mapping under key, its keys known; NULL where there is none. */
static enum tb_status
section(const struct yaml *y, const char *key, const char *const *known,
    const struct yaml_node **out, struct tb_err *err)
{
	*out = yaml_get(yaml_root(y), key);
	if (*out != NULL && yaml_is_null(*out))
		*out = NULL; /* "limits:" with nothing below it */
	if (*out == NULL)
		return TB_OK;
	if ((*out)->kind != YAML_MAPPING)
		return yaml_fail(y, *out, err, "expected keys below it");
	return yaml_check_keys(y, *out, known, err);
}

static const struct yaml_node *
within(const struct yaml_node *mapping, const char *key)
{
	return mapping == NULL ? NULL : yaml_get(mapping, key);
}

static enum tb_status
read_limits(const struct yaml *y, struct config *out, struct tb_err *err)
{
	static const char *const known[] = { "max_order", "max_position",
		"max_orders_day", "max_daily_loss", "max_drawdown", "products",
		NULL };
	const struct yaml_node *limits, *n;
	enum tb_status status;

	status = section(y, "limits", known, &limits, err);
	if (status == TB_OK)
		status = read_limit(y, within(limits, "max_order"),
		    &out->max_order, err);
	if (status == TB_OK)
		status = read_limit(y, within(limits, "max_position"),
		    &out->max_position, err);
	if (status == TB_OK)
		status = read_count(y, within(limits, "max_orders_day"),
		    &out->max_orders_day, err);
	if (status == TB_OK)
		status = read_limit(y, within(limits, "max_daily_loss"),
		    &out->max_daily_loss, err);
	n = within(limits, "max_drawdown");
	if (status == TB_OK)
		status = read_limit(y, n, &out->max_drawdown, err);
	if (status == TB_OK && n != NULL &&
	    decimal_cmp(out->max_drawdown.amount, DECIMAL_OF(100)) > 0)
		status = yaml_fail(y, n, err, "expected percent up to 100");
	if (status == TB_OK)
		status = read_products(y, within(limits, "products"), out, err);
	return status;
}

static enum tb_status
read_paper(const struct yaml *y, struct config *out, struct tb_err *err)
{
	static const char *const known[] = { "fee_percent", "slippage_percent",
		"faults", NULL };
	const struct yaml_node *paper, *n;
	enum tb_status status;

	status = section(y, "paper", known, &paper, err);
	if (status == TB_OK)
		status = read_percent(y, within(paper, "fee_percent"),
		    &out->paper_fee_percent, err);
	if (status == TB_OK)
		status = read_percent(y, within(paper, "slippage_percent"),
		    &out->paper_slippage_percent, err);
	n = within(paper, "faults");
	if (status == TB_OK && n != NULL)
		status = yaml_text(y, n, out->paper_faults,
		    sizeof(out->paper_faults), err);
	return status;
}

static enum tb_status
read_venue(const struct yaml *y, struct config *out, struct tb_err *err)
{
	const struct yaml_node *n = yaml_get(yaml_root(y), "venue");
	enum tb_status status;

	if (n == NULL)
		return TB_OK;
	status = yaml_text(y, n, out->venue, sizeof(out->venue), err);
	if (status != TB_OK)
		return status;
	/* It becomes the name of a program: tb-venue-NAME. */
	if (out->venue[0] == '\0' ||
	    strspn(out->venue, "abcdefghijklmnopqrstuvwxyz0123456789-") !=
		strlen(out->venue))
		return yaml_fail(y, n, err,
		    "expected a name such as paper or coinbase");
	return TB_OK;
}

/* The program behind a venue: where it is, what it is told. */
static enum tb_status
read_program(const struct yaml *y, struct config *out, struct tb_err *err)
{
	static const char *const known[] = { "path", "arguments", NULL };
	const struct yaml_node *root = yaml_get(yaml_root(y), "program"), *n;
	enum tb_status status;
	size_t count = 0;

	if (root == NULL || yaml_is_null(root))
		return TB_OK;
	if (root->kind != YAML_MAPPING)
		return yaml_fail(y, root, err, "expected keys below it");
	status = yaml_check_keys(y, root, known, err);
	n = yaml_get(root, "path");
	if (status == TB_OK && n != NULL)
		status =
		    yaml_text(y, n, out->program, sizeof(out->program), err);
	n = yaml_get(root, "arguments");
	if (status != TB_OK || n == NULL)
		return status;
	if (n->kind != YAML_SEQUENCE)
		return yaml_fail(y, n, err, "expected a list");
	for (n = n->child; n != NULL && status == TB_OK; n = n->next) {
		if (count == CONFIG_ARGUMENTS_MAX)
			return yaml_fail(y, n, err, "expected at most %d",
			    CONFIG_ARGUMENTS_MAX);
		status = yaml_text(y, n, out->arguments[count++],
		    CONFIG_ARGUMENT_MAX, err);
	}
	out->argument_count = count;
	return status;
}

static enum tb_status
read_requests(const struct yaml *y, const struct yaml_node *n, int *out,
    struct tb_err *err)
{
	long long count;
	enum tb_status status;

	if (n == NULL)
		return TB_OK;
	status = yaml_integer(y, n, 1, CONFIG_RATE_MAX, &count, err);
	if (status == TB_OK)
		*out = (int)count;
	return status;
}

static enum tb_status
read_rate(const struct yaml *y, struct limiter_rate *out, struct tb_err *err)
{
	static const char *const known[] = { "per_second", "per_hour", NULL };
	const struct yaml_node *rate;
	enum tb_status status;

	status = section(y, "rate", known, &rate, err);
	if (status == TB_OK)
		status = read_requests(y, within(rate, "per_second"),
		    &out->per_second, err);
	if (status == TB_OK)
		status = read_requests(y, within(rate, "per_hour"),
		    &out->per_hour, err);
	return status;
}

static enum tb_status
read_all(const struct yaml *y, struct config *out, struct tb_err *err)
{
	static const char *const known[] = { "venue", "live", "key_file",
		"program", "max_signal_age_s", "rate", "limits", "paper",
		NULL };
	const struct yaml_node *root = yaml_root(y), *n;
	enum tb_status status;
	long long age_s;

	if (root->kind != YAML_MAPPING)
		return yaml_fail(y, root, err, "expected keys");
	status = yaml_check_keys(y, root, known, err);
	if (status == TB_OK)
		status = read_venue(y, out, err);
	n = yaml_get(root, "live");
	if (status == TB_OK && n != NULL)
		status = yaml_bool(y, n, &out->live, err);
	n = yaml_get(root, "key_file");
	if (status == TB_OK && n != NULL)
		status =
		    yaml_text(y, n, out->key_file, sizeof(out->key_file), err);
	if (status == TB_OK)
		status = read_program(y, out, err);
	n = yaml_get(root, "max_signal_age_s");
	if (status == TB_OK && n != NULL) {
		status = yaml_integer(y, n, 1, CONFIG_AGE_S_MAX, &age_s, err);
		if (status == TB_OK)
			out->max_signal_age_s = age_s;
	}
	if (status == TB_OK)
		status = read_rate(y, &out->rate, err);
	if (status == TB_OK)
		status = read_limits(y, out, err);
	if (status == TB_OK)
		status = read_paper(y, out, err);
	return status;
}

enum tb_status
config_read(struct config *out, const char *path, bool must_exist,
    struct tb_err *err)
{
	struct yaml *y = NULL;
	struct tb_err absent;
	enum tb_status status;

	config_init(out);
	status = yaml_read(&y, path, must_exist ? err : &absent);
	if (status == TB_ENOENT && !must_exist)
		return TB_OK;
	if (status == TB_ENOENT)
		return tb_fail(err, TB_ECONFIG, "%s: no such file", path);
	if (status == TB_OK)
		status = read_all(y, out, err);
	else if (!must_exist && err != NULL)
		*err = absent;
	yaml_close(y);
	return status;
}

enum tb_status
config_parse(struct config *out, const char *name, const char *text, size_t len,
    struct tb_err *err)
{
	struct yaml *y = NULL;
	enum tb_status status;

	config_init(out);
	status = yaml_parse(&y, name, text, len, err);
	if (status == TB_OK)
		status = read_all(y, out, err);
	yaml_close(y);
	return status;
}

enum tb_status
config_check_live(const struct config *config, bool is_meant,
    struct tb_err *err)
{
	const struct {
		bool there;
		const char *key;
	} needed[] = {
		{ config->live || is_meant, "--live, or live: true" },
		{ config->max_order.set, "limits.max_order" },
		{ config->max_position.set, "limits.max_position" },
		{ config->max_orders_day.set, "limits.max_orders_day" },
		{ config->max_daily_loss.set, "limits.max_daily_loss" },
	};

	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (!needed[i].there)
			return tb_fail(err, TB_ECONFIG,
			    "real orders need %s in the configuration:"
			    " see tb-config(5)",
			    needed[i].key);
	return TB_OK;
}

bool
config_allows(const struct config *config, const char *product_id)
{
	if (!config->some_products)
		return true;
	for (size_t i = 0; i < config->product_count; i++)
		if (strcmp(config->products[i], product_id) == 0)
			return true;
	return false;
}
