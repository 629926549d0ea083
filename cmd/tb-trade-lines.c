/*
 * tb-trade-lines: decisions in, answers out.
 *
 * One line at a time: read, judge, send, record, free the lock, answer.  A
 * signal is heard between lines and between looks at the venue; one that
 * comes while nothing is under way ends the run at once.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/instant.h"
#include "order/decision.h"
#include "order/execute.h"
#include "order/watch.h"
#include "tb-trade.h"
#include "wire/intent.h"
#include "wire/signalline.h"
#include "wire/stream.h"

#define WAIT_S_MAX 3600

/* Nothing is under way: a signal may end the process where it is. */
static volatile sig_atomic_t idle;

static void
heard(int sig)
{
	if (idle)
		_exit(128 + sig);
	trade_stop = sig;
}

static void
listen_to_signals(void)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGTERM };
	struct sigaction action = { .sa_handler = heard };

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		(void)sigaction(signals[i], &action, NULL);
}

/* All is recorded and answered: end as whoever signalled wants it. */
static void
obey_signal(void)
{
	if (trade_stop != 0)
		_exit(128 + trade_stop);
}

/* A run over lines. */
struct run {
	struct desk *desk;
	const struct cli *cli;
	struct cli_rows rows;
	struct cli_tally tally;
	int64_t wait_ms;
	enum tb_status stopped; /* later lines are not tried, for this */
};

/* Whoever loses an answer has to know that there is an order behind it. */
static enum tb_status
write_answer(struct run *run, const struct answer *answer, struct tb_err *err)
{
	enum tb_status status;

	answer_write(cli_row(&run->rows), answer);
	status = cli_row_end(&run->rows, err);
	if (status == TB_EIO && answer->intent_id[0] != '\0')
		return tb_fail(err, status,
		    "%.200s; the answer is lost, intent %s is recorded: see "
		    "tb-trade list and status",
		    err->msg, answer->intent_id);
	return status;
}

/* -------------------------------------------------------------- lines -- */

/* A line that asks for nothing that can be done: its answer, and no more. */
static void
answer_invalid(struct outcome *o, const struct tb_err *err)
{
	o->answer.reason = REASON_INVALID;
	snprintf(o->answer.message, sizeof(o->answer.message), "%s", err->msg);
	o->status = err->status == TB_ERANGE ? TB_EINVAL : err->status;
}

static void
answer_not_tried(struct outcome *o, enum tb_status why)
{
	o->answer.reason = REASON_NOT_TRIED;
	snprintf(o->answer.message, sizeof(o->answer.message),
	    "not tried: the run had ended before this line");
	o->status = why;
}

/* A key that nobody reads may be one that was misspelled. */
static void
note_stranger(const struct stream_item *item, struct outcome *o)
{
	const struct json_token *key =
	    intent_line_stranger(&item->json, item->object);

	if (key != NULL)
		snprintf(o->note, sizeof(o->note),
		    "%.*s: not a key of an intent, it is not read",
		    key->len > 64 ? 64 : (int)key->len, key->text);
}

/* What the object asks for; *idle when it is a signal that asks for nothing,
 * and answered. */
static enum tb_status
read_decision(const struct stream_item *item, struct decision *out,
    struct outcome *o, bool *asks, struct tb_err *err)
{
	static struct signalline signal;
	struct intent_line intent;
	enum tb_status status;

	*asks = true;
	if (line_kind(&item->json, item->object) == LINE_INTENT) {
		status =
		    intent_line_read(&item->json, item->object, &intent, err);
		if (status == TB_OK)
			status = decision_of_intent(&intent, out, err);
		note_stranger(item, o);
		return status;
	}
	status = signalline_read(&item->json, item->object, &signal, err);
	if (status != TB_OK)
		return status;
	*asks = !decision_idle(&signal, &o->answer);
	if (*asks)
		status = decision_of_signal(&signal, item->text, out, err);
	return status;
}

static void
dry_answer(struct outcome *o, const struct decision *d)
{
	char size[DECIMAL_STRLEN];

	if (o->status != TB_OK || o->answer.reason != REASON_NONE ||
	    o->answer.outcome != ANSWER_NOT_TRADED)
		return;
	decimal_format_min(d->by_quote ? d->size_usd : d->size_crypto,
	    d->by_quote ? 2 : 0, size);
	o->answer.reason = REASON_NOT_TRIED;
	snprintf(o->answer.message, sizeof(o->answer.message),
	    "dry run: %s %s%s of %s would be sent", side_name(d->side),
	    d->all ? "all" : size,
	    d->all	    ? "" :
		d->by_quote ? " USD" :
			      " coins",
	    d->product_id);
}

static void
act_on(struct run *run, const struct decision *d, struct outcome *o)
{
	struct risk_case dry;

	if (run->cli->dry_run) {
		execute_dry(run->desk, d, &dry, o);
		dry_answer(o, d);
		return;
	}
	execute(run->desk, d, o);
	if (run->wait_ms > 0 && !o->stop)
		watch_fills(run->desk, run->wait_ms, o);
}

static enum tb_status
handle_item(struct run *run, const struct stream_item *item, struct tb_err *err)
{
	struct decision decision;
	struct outcome o;
	struct tb_err failure = { 0 };
	char place[64];
	enum tb_status status;
	bool asks = false;

	outcome_init(&o);
	snprintf(place, sizeof(place), "line %lu: ", item->line);
	status = read_decision(item, &decision, &o, &asks, &failure);
	if (status != TB_OK)
		answer_invalid(&o, &failure);
	else if (run->stopped != TB_OK)
		answer_not_tried(&o, run->stopped);
	else if (asks)
		act_on(run, &decision, &o);
	o.answer.line = item->line;
	o.answer.element = item->element;
	trade_say(place, &o);
	cli_tally_add(&run->tally, o.status);
	if (o.stop && run->stopped == TB_OK)
		run->stopped = o.status;
	status = write_answer(run, &o.answer, err);
	outcome_release(&o);
	return status;
}

/* A line that is no object at all. */
static enum tb_status
handle_garbage(struct run *run, const struct stream_item *item,
    const struct tb_err *failure, struct tb_err *err)
{
	struct outcome o;

	outcome_init(&o);
	answer_invalid(&o, failure);
	o.answer.line = item->line;
	o.answer.element = item->element;
	trade_say("", &o);
	cli_tally_add(&run->tally, o.status);
	return write_answer(run, &o.answer, err);
}

static enum tb_status
handle_lines(struct run *run, struct stream *in, struct tb_err *err)
{
	struct stream_item item;
	struct tb_err failure;
	enum tb_status status = TB_OK;
	bool any = false;

	while (status == TB_OK) {
		idle = 1; /* before the look: no signal falls between */
		if (trade_stop != 0)
			break;
		status = stream_next(in, &item, &failure);
		idle = 0;
		any = any || status != TB_END;
		if (status == TB_OK)
			status = handle_item(run, &item, err);
		else if (status == TB_EINVAL)
			status = handle_garbage(run, &item, &failure, err);
		else if (status != TB_END)
			*err = failure;
	}
	idle = 0;
	if (!any)
		cli_detail("no line came in");
	return status == TB_END ? TB_OK : status;
}

static enum tb_status
run_begin(struct run *run, const struct cli *cli, struct tb_err *err)
{
	long long wait_s = 0;
	enum tb_status status = TB_OK;

	*run = (struct run){ .cli = cli };
	if (opt.wait != NULL)
		status = cli_integer("--wait", opt.wait, 0, WAIT_S_MAX, &wait_s,
		    err);
	run->wait_ms = wait_s * 1000;
	if (status == TB_OK)
		status = trade_open(cli, cli->dry_run ? DESK_DRY : DESK_TRADE,
		    &run->desk, err);
	if (status == TB_OK && !cli->dry_run)
		status = trade_check_orders(run->desk, err);
	if (status == TB_OK)
		listen_to_signals();
	else
		trade_close(run->desk);
	return status;
}

/* What the lines came to; that the run itself failed is one status more. */
static enum tb_status
run_end(struct run *run, enum tb_status status, struct tb_err *err)
{
	status = cli_rows_end(&run->rows, status, err);
	trade_close(run->desk);
	obey_signal();
	if (status != TB_OK)
		cli_tally_add(&run->tally, status);
	return cli_tally_status(&run->tally);
}

enum tb_status
run_lines(const struct cli *cli, struct tb_err *err)
{
	static struct run run;
	struct stream *in = NULL;
	enum tb_status status;

	status = run_begin(&run, cli, err);
	if (status != TB_OK)
		return status;
	cli_rows_begin(&run.rows, cli, trade_answer_columns, 0);
	status = stream_open(&in, STDIN_FILENO, err);
	if (status == TB_OK)
		status = handle_lines(&run, in, err);
	stream_close(in);
	return run_end(&run, status, err);
}

/* ------------------------------------------------------- buy and sell -- */

/* --limit, --ioc and --post-only. */
static enum tb_status
typed_limit(struct intent_line *line, struct tb_err *err)
{
	enum tb_status status;

	if (opt.limit == NULL) {
		if (opt.ioc || opt.post_only)
			return tb_fail(err, TB_EUSAGE,
			    "--ioc and --post-only go with --limit PRICE");
		return TB_OK;
	}
	if (opt.ioc && opt.post_only)
		return tb_fail(err, TB_EUSAGE,
		    "--ioc and --post-only: one of the two");
	line->type = opt.ioc ? ORDER_LIMIT_IOC :
	    opt.post_only    ? ORDER_POST_ONLY :
			       ORDER_LIMIT;
	status = cli_decimal("--limit", opt.limit, &line->limit_price, err);
	if (status == TB_OK && decimal_sign(line->limit_price) <= 0)
		status = tb_fail(err, TB_EUSAGE,
		    "--limit: expected a price above 0");
	return status;
}

enum tb_status
trade_typed(enum side side, const char *product, const char *size,
    struct decision *out, struct tb_err *err)
{
	struct intent_line line = { .side = side, .has_size_usd = true };
	bool all = side == SIDE_SELL && strcmp(size, "all") == 0;
	enum tb_status status = TB_OK;

	if (!product_id_is_valid(product, strlen(product)))
		return tb_fail(err, TB_EUSAGE,
		    "product: expected a name such as BTC-USD");
	snprintf(line.product_id, sizeof(line.product_id), "%s", product);
	snprintf(line.triggered_by, sizeof(line.triggered_by), "manual");
	if (opt.id != NULL && strlen(opt.id) >= sizeof(line.id))
		return tb_fail(err, TB_EUSAGE, "--id: more than %zu bytes",
		    sizeof(line.id) - 1);
	if (opt.id != NULL)
		snprintf(line.id, sizeof(line.id), "%s", opt.id);
	if (!all)
		status = cli_decimal(side == SIDE_SELL ? "USD|all" : "USD",
		    size, &line.size_usd, err);
	if (status == TB_OK && !all && decimal_sign(line.size_usd) <= 0)
		status =
		    tb_fail(err, TB_EUSAGE, "size: expected an amount above 0");
	if (status == TB_OK)
		status = typed_limit(&line, err);
	if (status == TB_OK)
		status = decision_of_typed(&line, all, out, err);
	return status;
}

static enum tb_status
run_typed(const struct cli *cli, enum side side, struct tb_err *err)
{
	static struct run run;
	struct decision decision;
	struct outcome o;
	enum tb_status status;

	status = trade_typed(side, cli->argv[0], cli->argv[1], &decision, err);
	if (status == TB_OK)
		status = run_begin(&run, cli, err);
	if (status != TB_OK)
		return status;
	cli_rows_begin(&run.rows, cli, trade_answer_columns, CLI_ONE);
	outcome_init(&o);
	act_on(&run, &decision, &o);
	trade_say("", &o);
	cli_tally_add(&run.tally, o.status);
	status = write_answer(&run, &o.answer, err);
	outcome_release(&o);
	return run_end(&run, status, err);
}

enum tb_status
run_buy(const struct cli *cli, struct tb_err *err)
{
	return run_typed(cli, SIDE_BUY, err);
}

enum tb_status
run_sell(const struct cli *cli, struct tb_err *err)
{
	return run_typed(cli, SIDE_SELL, err);
}
