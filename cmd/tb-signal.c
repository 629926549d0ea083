/*
 * tb-signal: what bots say at an instant.
 *
 *	candles --> evaluation --> one JSON line a bot --> tb-trade
 *
 * Evaluating never trades and never opens a socket.  The parts:
 *
 *	tb-signal-batch.c	read bots and candles, compute
 *	tb-signal-line.c	an evaluation becomes a line
 *	tb-signal-jq.c		expressions: scores and vetoes
 *	tb-signal-evaluate.c	the main job
 *	tb-signal-list.c	what was stored: list, history
 *	tb-signal-explain.c	explain
 *	tb-signal-bot.c		bot ...
 *	tb-signal-load.c	load, check: bots in YAML
 *	tb-signal-indicators.c	indicators: the catalogue
 *	tb-signal-series.c	series: values candle by candle
 *	tb-signal-candles.c	and where it reads the candles
 */

#include "tb-signal.h"

struct signal_options signal_options;

static const struct cli_option options[] = {
	{ .name = "force",
	    .letter = 'f',
	    .help = "waive confirmation and cooldown, and mark the lines",
	    .commands = "-",
	    .given = &signal_options.force },
	{ .name = "granularity",
	    .argument = "G",
	    .help = "which of a product's candles: 1m, 5m, 1h, 1d, ...",
	    .commands = "series",
	    .value = &signal_options.granularity },
	{ .name = "prune",
	    .help = "remove bots that the file does not name",
	    .commands = "load",
	    .given = &signal_options.prune },
	{ .name = "limit",
	    .argument = "N",
	    .help = "show the newest N, 100",
	    .commands = "history",
	    .value = &signal_options.limit },
	{ 0 },
};

static const struct cli_command commands[] = {
	{ "", "[BOT ...]", "evaluate the RUNNING bots, or those named",
	    signal_evaluate, CLI_DRY, "signal" },
	{ "list", "", "the last stored evaluation of each bot", signal_list,
	    CLI_DRY, "signal" },
	{ "history", "BOT", "a bot's stored evaluations, newest first",
	    signal_history, CLI_DRY, "evaluation" },
	{ "explain", "BOT", "every input, formula and threshold of a decision",
	    signal_explain, CLI_DRY, "explanation" },
	{ "indicators", "", "the indicators, their parameters and columns",
	    signal_indicators, CLI_DRY, "indicator" },
	{ "series", "INDICATOR[,...] PRODUCT|FILE|-",
	    "values of indicators, candle by candle", signal_series, CLI_DRY,
	    "series" },
	{ "load", "FILE", "make the stored bots what a YAML file says",
	    signal_load, CLI_DRY, "change" },
	{ "check", "FILE", "find what is wrong or odd in a YAML file",
	    signal_check, CLI_DRY | CLI_ASKS, "finding" },
	{ "bot list", "", "the bots", signal_bot_list, CLI_DRY, "bot" },
	{ "bot show", "BOT ...", "all of a bot", signal_bot_show, CLI_DRY,
	    "bot" },
	{ "bot add", "NAME PRODUCT [KEY=VALUE ...]", "a new bot",
	    signal_bot_add, CLI_DRY, "bot" },
	{ "bot set", "BOT KEY=VALUE ...", "change keys of a bot",
	    signal_bot_set, CLI_DRY, "bot" },
	{ "bot start", "BOT ...", "set bots RUNNING", signal_bot_start, CLI_DRY,
	    NULL },
	{ "bot stop", "BOT ...", "set bots STOPPED", signal_bot_stop, CLI_DRY,
	    NULL },
	{ "bot rm", "BOT ...", "forget bots; trades and figures stay",
	    signal_bot_remove, CLI_DRY, NULL },
	{ 0 },
};

int
main(int argc, char *argv[])
{
	static const struct cli_tool tool = { .name = "tb-signal",
		.purpose = "what bots say of the market",
		.options = options,
		.commands = commands,
		.flags = CLI_SHUT_IN };

	return cli_main(&tool, argc, argv);
}
