/*
 * tb-portfolio history, perf: what everything was worth, day by day, and how
 * good that was.
 */

#include <stdlib.h>
#include <string.h>

#include "base/instant.h"
#include "ledger/performance.h"
#include "store/curve.h"
#include "tb-portfolio.h"

#define SPARKLINE_WIDTH 60
#define DAYS_A_YEAR 365 /* these markets never close */

static enum tb_status
load_curve(const struct cli *cli, int step_s, struct curve *curve,
    struct tb_err *err)
{
	struct db *db = NULL;
	enum tb_status status;

	status = db_open(&db, cli->db, DB_READ, err);
	if (status == TB_OK)
		status = db_begin_read(db, err);
	if (status == TB_OK)
		status = curve_load(db, cli->now_us, step_s, curve, err);
	db_close(db);
	return status;
}

static void
put_money(struct json_writer *w, const char *key, bool known, struct decimal d)
{
	json_key(w, key);
	if (known)
		json_amount_min(w, d, 2);
	else
		json_null(w);
}

/* --------------------------------------------------------------- history -- */

static const struct cli_column day_columns[] = {
	{ "day", "Day", CLI_TEXT, 0 },
	{ "value", "Value", CLI_AMOUNT, 2 },
	{ "cash_usd", "Cash", CLI_AMOUNT, 2 },
	{ "holdings", "Holdings", CLI_AMOUNT, 2 },
	{ "flow", "In or out", CLI_AMOUNT, 2 },
	{ "peak", "Peak", CLI_AMOUNT, 2 },
	{ "drawdown_pct", "Drawdown %", CLI_GAIN, 2 },
	{ NULL, NULL, CLI_TEXT, 0 },
};

/* 100 x (value - peak) / peak; 0 at a peak of nothing. */
static enum tb_status
drawdown_percent(const struct curve_point *day, struct decimal *out,
    struct tb_err *err)
{
	struct decimal fall;
	enum tb_status status;

	*out = DECIMAL_ZERO;
	if (decimal_sign(day->peak) <= 0)
		return TB_OK;
	status = decimal_sub(day->value, day->peak, &fall);
	if (status == TB_OK)
		status = decimal_mul_div(fall, DECIMAL_OF(100), day->peak,
		    DECIMAL_HALF_EVEN, out);
	if (status == TB_OK)
		status = decimal_round(*out, 6, DECIMAL_HALF_EVEN, out);
	if (status != TB_OK)
		return tb_fail(err, status, "drawdown_pct does not fit");
	return TB_OK;
}

static enum tb_status
write_day(struct json_writer *w, const struct curve_point *day,
    struct tb_err *err)
{
	char text[INSTANT_STRLEN];
	struct decimal percent;
	enum tb_status status;

	status = drawdown_percent(day, &percent, err);
	if (status != TB_OK)
		return status;
	instant_format_day(day->from_us, text);
	json_open(w, '{');
	json_key(w, "day");
	json_string(w, text);
	put_money(w, "value", day->priced, day->value);
	put_money(w, "cash_usd", true, day->cash);
	put_money(w, "holdings", day->priced, day->holdings);
	put_money(w, "flow", true, day->flow);
	put_money(w, "peak", true, day->peak);
	json_key(w, "drawdown_pct");
	if (day->priced)
		json_amount(w, percent);
	else
		json_null(w);
	json_close(w, '}');
	return TB_OK;
}

static enum tb_status
write_sparkline(const struct curve *curve, struct tb_err *err)
{
	struct decimal *values;
	struct buffer out;
	size_t count = 0;
	enum tb_status status;

	values = calloc(curve->count + 1, sizeof(*values));
	if (values == NULL)
		return tb_nomem(err);
	for (size_t i = 0; i < curve->count; i++)
		if (curve->point[i].priced)
			values[count++] = curve->point[i].value;
	buffer_init(&out, 4 * SPARKLINE_WIDTH + 2);
	table_sparkline(&out, values, count, SPARKLINE_WIDTH);
	buffer_add_string(&out, "\n\n");
	status = buffer_status(&out, err);
	if (status == TB_OK && count > 0)
		status = cli_write(out.data, out.len, err);
	buffer_release(&out);
	free(values);
	return status;
}

/* Above the table: the shape of it; of a few days, hour by hour. */
static enum tb_status
write_shape(const struct cli *cli, const struct curve *days, struct tb_err *err)
{
	struct curve hours;
	enum tb_status status;

	if (days->count >= SPARKLINE_WIDTH)
		return write_sparkline(days, err);
	status = load_curve(cli, CURVE_HOUR_S, &hours, err);
	if (status == TB_OK)
		status = write_sparkline(&hours, err);
	curve_release(&hours);
	return status;
}

static enum tb_status
write_days(const struct cli *cli, const struct curve *curve, struct tb_err *err)
{
	struct cli_rows rows;
	enum tb_status status = TB_OK;

	cli_rows_begin(&rows, cli, day_columns, CLI_BULK);
	for (size_t i = 0; i < curve->count && status == TB_OK; i++) {
		status = write_day(cli_row(&rows), &curve->point[i], err);
		if (status == TB_OK)
			status = cli_row_end(&rows, err);
	}
	return cli_rows_end(&rows, status, err);
}

enum tb_status
portfolio_history(const struct cli *cli, struct tb_err *err)
{
	struct curve curve = { 0 };
	bool none;
	enum tb_status status;

	status = load_curve(cli, CURVE_DAY_S, &curve, err);
	none = curve.count == 0;
	if (status == TB_OK && cli->format == CLI_TABLE && !none)
		status = write_shape(cli, &curve, err);
	if (status == TB_OK)
		status = write_days(cli, &curve, err);
	curve_release(&curve);
	return status == TB_OK && none ? TB_END : status;
}

/* ------------------------------------------------------------------ perf -- */

static const struct cli_column perf_columns[] = {
	{ "from", "From", CLI_TEXT, 0 },
	{ "to", "To", CLI_TEXT, 0 },
	{ "days", "Days", CLI_FIGURE, 0 },
	{ "net_flows", "Flows", CLI_AMOUNT, 2 },
	{ "end_value", "Value", CLI_AMOUNT, 2 },
	{ "profit", "Profit", CLI_GAIN, 2 },
	{ "time_weighted_return", "TWR", CLI_GAIN, 4 },
	{ "money_weighted_return", "MWR", CLI_GAIN, 4 },
	{ "max_drawdown", "Drawdown", CLI_GAIN, 4 },
	{ "sharpe", "Sharpe", CLI_GAIN, 2 },
	{ "sortino", "Sortino", CLI_GAIN, 2 },
	{ "calmar", "Calmar", CLI_GAIN, 2 },
	{ "volatility", "Volatility", CLI_AMOUNT, 4 },
	{ "annual_return", NULL, CLI_TEXT, 0 },
	{ "best_day", NULL, CLI_TEXT, 0 },
	{ "worst_day", NULL, CLI_TEXT, 0 },
	{ "unpriced_days", NULL, CLI_TEXT, 0 },
	{ NULL, NULL, CLI_TEXT, 0 },
};

static enum tb_status
measure(const struct curve *curve, struct performance *out, struct tb_err *err)
{
	struct perf_period *periods;
	enum tb_status status;

	periods = calloc(curve->count + 1, sizeof(*periods));
	if (periods == NULL)
		return tb_nomem(err);
	for (size_t i = 0; i < curve->count; i++)
		periods[i] = (struct perf_period){
			.at_us = curve->point[i].at_us,
			.known = curve->point[i].priced,
			.value = curve->point[i].value,
			.flow = curve->point[i].flow,
		};
	status =
	    performance_measure(periods, curve->count, DAYS_A_YEAR, out, err);
	free(periods);
	return status;
}

static void
put_ratio(struct json_writer *w, const char *key, const char *text)
{
	json_key(w, key);
	if (text[0] == '\0')
		json_null(w);
	else
		json_raw(w, text, strlen(text));
}

static void
put_day(struct json_writer *w, const char *key, const struct curve_point *day)
{
	char text[INSTANT_STRLEN];

	instant_format_day(day->from_us, text);
	json_key(w, key);
	json_string(w, text);
}

static enum tb_status
write_money(struct json_writer *w, const struct curve *curve,
    struct tb_err *err)
{
	const struct curve_point *last = &curve->point[curve->count - 1];
	struct decimal flows = DECIMAL_ZERO, profit;
	enum tb_status status = TB_OK;

	for (size_t i = 0; i < curve->count && status == TB_OK; i++)
		status = decimal_add(flows, curve->point[i].flow, &flows);
	if (status == TB_OK)
		status = decimal_sub(last->value, flows, &profit);
	if (status != TB_OK)
		return tb_fail(err, status, "profit does not fit");
	put_money(w, "net_flows", true, flows);
	put_money(w, "end_value", last->priced, last->value);
	put_money(w, "profit", last->priced, profit);
	return TB_OK;
}

static size_t
unpriced(const struct curve *curve)
{
	size_t count = 0;

	for (size_t i = 0; i < curve->count; i++)
		count += !curve->point[i].priced;
	return count;
}

/* They are not left out without a word. */
static void
tell_unpriced(const struct curve *curve)
{
	size_t count = unpriced(curve);

	if (count > 0)
		cli_warn("%zu of %zu days have no price of what was held: the"
			 " first day behind them is measured from the last one"
			 " before them; import candles of the product",
		    count, curve->count);
}

static enum tb_status
write_perf(struct json_writer *w, const struct curve *curve,
    const struct performance *p, struct tb_err *err)
{
	enum tb_status status;

	json_open(w, '{');
	put_day(w, "from", &curve->point[0]);
	put_day(w, "to", &curve->point[curve->count - 1]);
	json_key(w, "days");
	json_int(w, (long long)curve->count);
	status = write_money(w, curve, err);
	if (status != TB_OK)
		return status;
	put_ratio(w, "time_weighted_return", p->time_weighted_return);
	put_ratio(w, "money_weighted_return", p->money_weighted_return);
	put_ratio(w, "annual_return", p->annual_return);
	put_ratio(w, "volatility", p->volatility);
	put_ratio(w, "sharpe", p->sharpe);
	put_ratio(w, "sortino", p->sortino);
	put_ratio(w, "calmar", p->calmar);
	put_ratio(w, "max_drawdown", p->max_drawdown);
	put_ratio(w, "best_day", p->best_period);
	put_ratio(w, "worst_day", p->worst_period);
	json_key(w, "unpriced_days");
	json_int(w, (long long)unpriced(curve));
	json_close(w, '}');
	return TB_OK;
}

enum tb_status
portfolio_perf(const struct cli *cli, struct tb_err *err)
{
	struct curve curve = { 0 };
	struct performance p = { 0 };
	struct cli_rows rows;
	enum tb_status status;

	status = load_curve(cli, CURVE_DAY_S, &curve, err);
	if (status == TB_OK && curve.count == 0)
		status = tb_fail(err, TB_ENOENT,
		    "nothing to measure: no fill and no cash flow by then");
	if (status == TB_OK)
		status = measure(&curve, &p, err);
	if (status == TB_OK) {
		tell_unpriced(&curve);
		cli_rows_begin(&rows, cli, perf_columns, CLI_ONE);
		status = write_perf(cli_row(&rows), &curve, &p, err);
		if (status == TB_OK)
			status = cli_row_end(&rows, err);
		status = cli_rows_end(&rows, status, err);
	}
	curve_release(&curve);
	return status;
}
