/*
 * tb-sample: a tool of no use but to try cmd/cli from outside (t/9050-cli.t).
 */

#include "cli.h"

#include <string.h>

static struct {
	const char *method, *count, *status;
	bool force;
} opt;

static const struct cli_option options[] = {
	{ .name = "method",
	    .argument = "METHOD",
	    .help = "how",
	    .commands = "rows, group one",
	    .choices = "fifo lifo",
	    .value = &opt.method },
	{ .name = "force",
	    .letter = 'f',
	    .help = "do it anyway",
	    .commands = "-, group one",
	    .given = &opt.force },
	{ .name = "count",
	    .argument = "N",
	    .help = "how many",
	    .commands = "rows",
	    .value = &opt.count },
	{ .name = "status",
	    .argument = "N",
	    .help = "fail so",
	    .value = &opt.status },
	{ 0 },
};

/* What the tool understood. */
static enum tb_status
sample(const struct cli *cli, struct tb_err *err)
{
	struct cli_rows rows;
	struct json_writer *json;
	enum tb_status status;

	cli_rows_begin(&rows, cli, NULL, CLI_ONE);
	json = cli_row(&rows);
	json_open(json, '{');
	json_key(json, "db");
	json_string(json, cli->db);
	json_key(json, "config");
	json_string(json, cli->config);
	json_key(json, "config_given");
	json_bool(json, cli->config_given);
	json_key(json, "now_us");
	json_int(json, cli->at_given ? cli->now_us : -1);
	json_key(json, "dry_run");
	json_bool(json, cli->dry_run);
	json_key(json, "force");
	json_bool(json, opt.force);
	json_key(json, "method");
	json_string(json, opt.method);
	json_key(json, "operands");
	json_open(json, '[');
	for (int i = 0; i < cli->argc; i++)
		json_string(json, cli->argv[i]);
	json_close(json, ']');
	json_close(json, '}');
	status = cli_row_end(&rows, err);
	return cli_rows_end(&rows, status, err);
}

static enum tb_status
rows(const struct cli *cli, struct tb_err *err)
{
	static const struct cli_column columns[] = {
		{ "name", "Name" },
		{ "gain.usd", "Gain", CLI_GAIN, 2 },
		{ "at", "At", CLI_INSTANT },
		{ "note" },
		{ 0 },
	};
	struct cli_rows out;
	long long count = 2;
	enum tb_status status = TB_OK;

	if (opt.count != NULL)
		status =
		    cli_integer("--count", opt.count, 0, 100000, &count, err);
	cli_rows_begin(&out, cli, columns, 0);
	for (long long i = 0; status == TB_OK && i < count; i++) {
		struct json_writer *json = cli_row(&out);

		json_open(json, '{');
		json_key(json, "name");
		json_string(json, i == 0 ? "a,\"b\"" : "c\033[1m");
		json_key(json, "gain");
		json_open(json, '{');
		json_key(json, "usd");
		json_amount(json, DECIMAL_OF(i == 0 ? 1234 : -5));
		json_close(json, '}');
		json_key(json, "at");
		json_string(json, "2025-09-11T10:30:00.000000Z");
		json_key(json, "note");
		json_null(json);
		json_close(json, '}');
		status = cli_row_end(&out, err);
	}
	return cli_rows_end(&out, status, err);
}

/* Several statuses: the exit status of a run over lines. */
static enum tb_status
tally(const struct cli *cli, struct tb_err *err)
{
	struct cli_tally seen = { 0 };

	for (int i = 0; i < cli->argc; i++) {
		long long n = 0;
		enum tb_status status;

		status =
		    cli_integer("STATUS", cli->argv[i], 0, TB_ECONFIG, &n, err);
		if (status != TB_OK)
			return status;
		cli_tally_add(&seen, (enum tb_status)n);
	}
	return cli_tally_status(&seen);
}

static enum tb_status
no(const struct cli *cli, struct tb_err *err)
{
	(void)cli;
	(void)err;
	return TB_END;
}

static enum tb_status
fail(const struct cli *cli, struct tb_err *err)
{
	return tb_fail(err, TB_EREFUSED, "line 3: %s", cli->argv[0]);
}

static enum tb_status
input(const struct cli *cli, struct tb_err *err)
{
	int fd = -1;

	return cli_open_input(cli->argv[0], &fd, err);
}

static const struct cli_command commands[] = {
	{ "", "[WORD ...]", "what was understood", sample, CLI_DRY },
	{ "rows", "", "some rows", rows, 0 },
	{ "tally", "STATUS ...", "what several statuses come to", tally, 0 },
	{ "question", "", "no", no, 0 },
	{ "ask", "", "no, always told", no, CLI_ASKS },
	{ "fail", "WHY", "fail", fail, 0 },
	{ "input", "FILE", "open a file", input, 0 },
	{ "group one", "[WORD]", "first of a group", sample, 0 },
	{ "group two", "", "second of a group", no, 0 },
	{ 0 },
};

int
main(int argc, char *argv[])
{
	static const struct cli_tool tool = { .name = "tb-sample",
		.purpose = "try the edge of a process",
		.options = options,
		.commands = commands };

	return cli_main(&tool, argc, argv);
}
