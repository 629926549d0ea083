/*
 * argv: any words as a command line: it is read, or refused with words; what
 * was read fits the command; the completion of it is whole lines.
 *
 * An input: the words, each ended by a byte 0.
 */

#include <assert.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/instant.h"
#include "cli-tables.h"

#include "fuzz.h"

#define INPUT_MAX 4096
#define WORDS_MAX 64

static struct {
	const char *method, *count, *name, *all;
	bool force, yes;
} opt;

static const struct cli_option options[] = {
	{ .name = "method",
	    .letter = 'm',
	    .argument = "METHOD",
	    .help = "how",
	    .commands = "rows, group one",
	    .choices = "fifo lifo hifo",
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
	{ .name = "name",
	    .argument = "NAME",
	    .help = "what it is called",
	    .commands = "group two, group one more",
	    .value = &opt.name,
	    .given = &opt.yes },
	{ .name = "all", .argument = "N", .help = "of all", .value = &opt.all },
	{ 0 },
};

static enum tb_status
run(const struct cli *cli, struct tb_err *err)
{
	(void)cli;
	return tb_fail(err, TB_EBUG, "nothing is run here");
}

static const struct cli_command commands[] = {
	{ "", "[FILE ...]", "the main job", run, CLI_DRY, "signal" },
	{ "rows", "PRODUCT USD|all", "two operands", run, CLI_ASKS, "trade" },
	{ "group one", "", "none", run, 0, NULL },
	{ "group one more", "[A [B]]", "up to two", run, CLI_DRY, "bot" },
	{ "group two", "A [B ...]", "one or more", run, 0, NULL },
	{ 0 },
};

static const struct cli_tool tools[] = {
	{ "tb-fuzz", "take any words", options, commands, 0 },
	{ "tb-fuzz-bare", "take fewer", options, commands + 1, CLI_BARE },
};

/* What was read is what the command takes, and lies among the words. */
static void
check(const struct cli *cli, const struct cli_request *request, char **words,
    int count)
{
	struct cli_arity arity = cli_arity_of(request->command->operands);
	const char *choices = "fifo lifo hifo";
	char at[INSTANT_STRLEN];
	int64_t again_us;

	assert(cli->argc >= arity.min && cli->argc <= arity.max);
	assert(cli->argc <= count);
	for (int i = 0; i < cli->argc; i++) {
		bool found = false;

		for (int k = 1; k < count; k++)
			found = found || words[k] == cli->argv[i];
		assert(found);
	}
	assert(cli->argv[cli->argc] == NULL);
	assert(opt.method == NULL || cli_choice(opt.method, choices) >= 0);
	assert(opt.count == NULL || *opt.count != '\0');
	instant_format(cli->now_us, at);
	assert(instant_parse(at, strlen(at), &again_us) == TB_OK);
	assert(again_us == cli->now_us);
	assert(!cli->dry_run || (request->command->flags & CLI_DRY) != 0);
}

/* As a shell asks. */
static void
complete(const struct cli_tool *tool, int count, char **words)
{
	struct buffer out;

	buffer_init(&out, 1UL << 16);
	cli_complete(tool, count, words, &out);
	assert(out.len == 0 || out.data[out.len - 1] == '\n');
	buffer_release(&out);
}

/* The words, and behind them NULL. */
static int
split(char *text, size_t size, char **words)
{
	int count = 0;

	words[count++] = text + size; /* "": the tool itself */
	for (size_t at = 0; at < size && count < WORDS_MAX;
	     at += strlen(text + at) + 1)
		words[count++] = text + at;
	words[count] = NULL;
	return count;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[INPUT_MAX + 1], *words[WORDS_MAX + 1], *moved[WORDS_MAX + 1];
	struct cli_request request = { 0 };
	const struct cli_tool *tool;
	struct tb_err err = { 0 };
	struct cli cli = { .now_us = 1757586600000000 };
	int count;

	if (size < 1 || size > INPUT_MAX)
		return 0;
	tool = &tools[data[0] == 'b'];
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	count = split(text, size - 1, words);
	memcpy(moved, words, sizeof(moved)); /* getopt() sorts them */
	memset(&opt, 0, sizeof(opt));
	optind = 0;
	if (cli_parse(tool, count, moved, &cli, &request, &err) != TB_OK)
		assert(err.status == TB_EUSAGE && err.msg[0] != '\0');
	else if (request.ask == CLI_ASK_NOTHING)
		check(&cli, &request, words, count);
	if (count > 1)
		complete(tool, count - 1, words + 1);
	return 0;
}
