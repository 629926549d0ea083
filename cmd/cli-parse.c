/* cli-parse: a command line, read by a tool's tables. */

#include <assert.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli-tables.h"

/* Where the common options go before they are understood. */
static struct {
	const char *db, *config, *at, *numbers, *output;
	bool dry_run, exit_code, quiet, verbose;
	bool help, version, schema, mdoc;
} common;

const struct cli_option cli_common_options[] = {
	{ .name = "db",
	    .letter = 'd',
	    .argument = "FILE",
	    .help = "the database ($TB_DB)",
	    .value = &common.db },
	{ .name = "config",
	    .letter = 'c',
	    .argument = "FILE",
	    .help = "the configuration ($TB_CONFIG)",
	    .value = &common.config },
	{ .name = "dry-run",
	    .letter = 'n',
	    .help = "show what would be done, change nothing",
	    .given = &common.dry_run },
	{ .name = "at",
	    .argument = "TIME",
	    .help = "the instant to speak of, such as 2025-09-11 or -15m",
	    .value = &common.at },
	{ .name = "numbers",
	    .argument = "HOW",
	    .help = "how JSON writes amounts: number, string",
	    .choices = "number string",
	    .value = &common.numbers },
	{ .name = "output",
	    .letter = 'o',
	    .argument = "FORMAT",
	    .help = "ndjson, table, json, csv",
	    .choices = "ndjson table json csv",
	    .value = &common.output },
	{ .name = "exit-code",
	    .letter = 'e',
	    .help = "answer a question by exit status: 1 is no",
	    .given = &common.exit_code },
	{ .name = "quiet",
	    .letter = 'q',
	    .help = "no notes and no progress on standard error",
	    .given = &common.quiet },
	{ .name = "verbose",
	    .letter = 'v',
	    .help = "say more on standard error",
	    .given = &common.verbose },
	{ .name = "schema",
	    .help = "print the JSON Schema of what the command writes",
	    .given = &common.schema },
	{ .name = "help",
	    .letter = 'h',
	    .help = "print this",
	    .given = &common.help },
	{ .name = "version",
	    .letter = 'V',
	    .help = "print the version",
	    .given = &common.version },
	{ .name = "mdoc", .given = &common.mdoc },
	{ 0 },
};

bool
cli_is_hidden(const struct cli_option *option)
{
	return option->help == NULL;
}

/* Every option of a tool, its own and the common ones, and what was given. */
struct parse {
	const struct cli_tool *tool;
	const struct cli_option *option[CLI_OPTIONS_MAX];
	const char *value[CLI_OPTIONS_MAX]; /* "" for a flag; NULL: absent */
	int count;
	struct option longs[CLI_OPTIONS_MAX + 1];
	char shorts[2 * CLI_OPTIONS_MAX + 2];
};

#define SAID_MAX 64   /* bytes of an option that a complaint repeats */
#define LONG_BASE 256 /* getopt_long() answers LONG_BASE + index */

static int
index_of_letter(const struct parse *p, int letter)
{
	for (int i = 0; i < p->count; i++)
		if (p->option[i]->letter == letter)
			return i;
	return -1;
}

static void
add_options(struct parse *p, const struct cli_option *option)
{
	size_t len = strlen(p->shorts);

	for (; option != NULL && option->name != NULL; option++) {
		assert(p->count < CLI_OPTIONS_MAX);
		p->longs[p->count] = (struct option){ option->name,
			option->argument == NULL ? no_argument :
						   required_argument,
			NULL, LONG_BASE + p->count };
		if (option->letter != 0) {
			assert(index_of_letter(p, option->letter) == -1);
			p->shorts[len++] = option->letter;
			if (option->argument != NULL)
				p->shorts[len++] = ':';
		}
		p->option[p->count++] = option;
	}
}

static enum tb_status
take(struct parse *p, int i, const char *value, struct tb_err *err)
{
	const struct cli_option *option = p->option[i];

	if (option->argument == NULL) {
		p->value[i] = "";
		return TB_OK;
	}
	if (p->value[i] != NULL)
		return tb_fail(err, TB_EUSAGE, "--%s: given twice",
		    option->name);
	if (*value == '\0')
		return tb_fail(err, TB_EUSAGE,
		    "--%s: expected %s, found nothing", option->name,
		    option->argument);
	if (option->choices != NULL && cli_choice(value, option->choices) == -1)
		return tb_fail(err, TB_EUSAGE,
		    "--%s: expected one of %s; found '%s'", option->name,
		    option->choices, value);
	p->value[i] = value;
	return TB_OK;
}

/* What getopt_long() did not like. */
static enum tb_status
complain(int ch, char *argv[], struct tb_err *err)
{
	const char *said = argv[optind - 1];

	if (optopt >= LONG_BASE && ch == '?')
		return tb_fail(err, TB_EUSAGE, "%.*s: takes no value", SAID_MAX,
		    said);
	if (ch == ':' && optopt < LONG_BASE)
		return tb_fail(err, TB_EUSAGE, "-%c: needs a value", optopt);
	if (ch == ':')
		return tb_fail(err, TB_EUSAGE, "%.*s: needs a value", SAID_MAX,
		    said);
	if (optopt != 0)
		return tb_fail(err, TB_EUSAGE, "-%c: unknown option", optopt);
	return tb_fail(err, TB_EUSAGE, "%.*s: unknown option", SAID_MAX, said);
}

static enum tb_status
read_options(struct parse *p, int argc, char *argv[], struct tb_err *err)
{
	enum tb_status status = TB_OK;
	int ch;

	p->shorts[0] = ':'; /* the complaints are ours to word */
	add_options(p, cli_common_options);
	add_options(p, p->tool->options);
	while (status == TB_OK &&
	    (ch = getopt_long(argc, argv, p->shorts, p->longs, NULL)) != -1) {
		if (ch == '?' || ch == ':')
			status = complain(ch, argv, err);
		else
			status = take(p,
			    ch >= LONG_BASE ? ch - LONG_BASE :
					      index_of_letter(p, ch),
			    optarg, err);
	}
	return status;
}

/* Is name a phrase, word by word, that the operands begin with?  Its words. */
static int
phrase_length(const char *name, char *words[], int count)
{
	int n = 0;

	while (*name != '\0') {
		size_t len = strcspn(name, " ");

		if (n == count || strlen(words[n]) != len ||
		    memcmp(words[n], name, len) != 0)
			return -1;
		n++;
		name += len;
		name += strspn(name, " ");
	}
	return n;
}

/* "expected one of list, show" for a group such as "bot". */
static enum tb_status
expected_one(const struct cli_tool *tool, const char *group, const char *found,
    struct tb_err *err)
{
	char names[TB_ERR_MAX / 2] = "";
	size_t len = strlen(group), used = 0;

	for (const struct cli_command *c = tool->commands; c->name != NULL;
	     c++) {
		int n;

		if (strncmp(c->name, group, len) != 0 || c->name[len] == '\0' ||
		    (len > 0 && c->name[len] != ' '))
			continue;
		n = snprintf(names + used, sizeof(names) - used, "%s%s",
		    used == 0 ? "" : ", ", c->name + len + (len > 0));
		used += (size_t)n;
		if (used >= sizeof(names))
			break;
	}
	return tb_fail(err, TB_EUSAGE, "%s%sexpected one of %s; found %s%s%s",
	    group, len > 0 ? ": " : "", names, found == NULL ? "" : "'",
	    found == NULL ? "nothing" : found, found == NULL ? "" : "'");
}

static bool
is_group(const struct cli_tool *tool, const char *word)
{
	size_t len = strlen(word);

	for (const struct cli_command *c = tool->commands; c->name != NULL; c++)
		if (strncmp(c->name, word, len) == 0 && c->name[len] == ' ')
			return true;
	return false;
}

/* The longest command that the operands begin with; *used words of them. */
static enum tb_status
find_command(const struct cli_tool *tool, char *words[], int count,
    const struct cli_command **out, int *used, struct tb_err *err)
{
	const struct cli_command *best = NULL;
	int longest = -1;

	for (const struct cli_command *c = tool->commands; c->name != NULL;
	     c++) {
		int n = phrase_length(c->name, words, count);

		if (n > longest) {
			best = c;
			longest = n;
		}
	}
	if (longest <= 0 && count > 0 && is_group(tool, words[0]))
		return expected_one(tool, words[0], count > 1 ? words[1] : NULL,
		    err);
	if (best == NULL ||
	    (longest == 0 && count > 0 && *best->operands == '\0'))
		return expected_one(tool, "", count > 0 ? words[0] : NULL, err);
	*out = best;
	*used = longest;
	return TB_OK;
}

struct cli_arity
cli_arity_of(const char *operands)
{
	struct cli_arity arity = { 0, 0 };
	bool optional = false;

	for (const char *s = operands + strspn(operands, " "); *s != '\0';) {
		size_t len = strcspn(s, " ");

		optional = optional || *s == '[';
		if (strncmp(s + (*s == '['), "...", 3) == 0) {
			arity.max = INT_MAX;
		} else {
			arity.max += arity.max < INT_MAX;
			arity.min += !optional;
		}
		if (optional && s[len - 1] == ']')
			optional = false;
		s += len;
		s += strspn(s, " ");
	}
	return arity;
}

/* Does the list "pnl, bot rm" hold name? */
static bool
list_holds(const char *list, const char *name)
{
	size_t len = strlen(name);

	while (*list != '\0') {
		size_t item = strcspn(list, ",");

		if (item == len && memcmp(list, name, len) == 0)
			return true;
		list += item;
		list += strspn(list, ", ");
	}
	return false;
}

bool
cli_names(const struct cli_command *command, const struct cli_option *option)
{
	return option->commands != NULL &&
	    list_holds(option->commands,
		*command->name == '\0' ? "-" : command->name);
}

/* Of the common options, those without a meaning for a command. */
static bool
takes_common(const struct cli_tool *tool, const struct cli_command *command,
    const struct cli_option *option)
{
	if (option->given == &common.dry_run)
		return (command->flags & CLI_DRY) != 0;
	if (option->given == &common.schema)
		return command->schema != NULL;
	return (tool->flags & CLI_BARE) == 0 ||
	    (option->value == NULL && option->given != &common.exit_code);
}

static bool
command_takes(const struct cli_tool *tool, const struct cli_command *command,
    const struct cli_option *option)
{
	for (const struct cli_option *o = cli_common_options; o->name != NULL;
	     o++)
		if (o == option)
			return takes_common(tool, command, option);
	return option->commands == NULL || cli_names(command, option);
}

bool
cli_takes(const struct cli_tool *tool, const struct cli_command *command,
    const struct cli_option *option)
{
	if (command != NULL)
		return command_takes(tool, command, option);
	for (command = tool->commands; command->name != NULL; command++)
		if (command_takes(tool, command, option))
			return true;
	return false;
}

static enum tb_status
check_fit(const struct parse *p, const struct cli *cli,
    const struct cli_command *command, struct tb_err *err)
{
	struct cli_arity arity = cli_arity_of(command->operands);
	const char *space = *command->name == '\0' ? "" : " ";

	for (int i = 0; i < p->count; i++)
		if (p->value[i] != NULL &&
		    !cli_takes(p->tool, command, p->option[i]))
			return tb_fail(err, TB_EUSAGE,
			    "--%s: %s%s%s takes no such option",
			    p->option[i]->name, p->tool->name, space,
			    command->name);
	if (cli->argc < arity.min)
		return tb_fail(err, TB_EUSAGE, "%s%s%s: expected %s",
		    p->tool->name, space, command->name, command->operands);
	if (cli->argc > arity.max)
		return tb_fail(err, TB_EUSAGE, "%s%s%s: unexpected '%s'",
		    p->tool->name, space, command->name, cli->argv[arity.max]);
	return TB_OK;
}

/* Hand the values to the tool's variables. */
static void
deliver(const struct parse *p)
{
	for (int i = 0; i < p->count; i++) {
		const struct cli_option *option = p->option[i];

		if (p->value[i] != NULL && option->value != NULL)
			*option->value = p->value[i];
		if (p->value[i] != NULL && option->given != NULL)
			*option->given = true;
	}
}

static enum tb_status
understand_common(struct cli *cli, struct tb_err *err)
{
	bool terminal = isatty(STDOUT_FILENO) == 1;
	const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");

	cli->db = common.db;
	cli->config = common.config;
	cli->dry_run = common.dry_run;
	cli->exit_code = common.exit_code;
	cli->quiet = common.quiet;
	cli->verbose = common.verbose;
	cli->format = terminal ? CLI_TABLE : CLI_NDJSON;
	if (common.output != NULL)
		cli->format = (enum cli_format)cli_choice(common.output,
		    "ndjson table json csv");
	cli->colour = terminal && (no_colour == NULL || *no_colour == '\0') &&
	    term != NULL && strcmp(term, "dumb") != 0;
	if (common.numbers != NULL && strcmp(common.numbers, "string") == 0)
		cli->numbers = JSON_NUMBERS_STRING;
	cli->at_given = common.at != NULL;
	if (common.at == NULL)
		return TB_OK;
	return cli_instant(cli, "--at", common.at, &cli->now_us, err);
}

static enum cli_ask
asked(void)
{
	if (common.help)
		return CLI_ASK_HELP;
	if (common.version)
		return CLI_ASK_VERSION;
	if (common.mdoc)
		return CLI_ASK_MDOC;
	return common.schema ? CLI_ASK_SCHEMA : CLI_ASK_NOTHING;
}

/* A question that no single command has to answer. */
static bool
of_whole_tool(const struct cli_tool *tool, enum cli_ask ask, char *words[],
    int count)
{
	if (ask == CLI_ASK_HELP)
		return count == 0 || (count == 1 && is_group(tool, words[0]));
	return ask == CLI_ASK_VERSION || ask == CLI_ASK_MDOC;
}

enum tb_status
cli_parse(const struct cli_tool *tool, int argc, char *argv[], struct cli *cli,
    struct cli_request *out, struct tb_err *err)
{
	struct parse p = { .tool = tool };
	enum tb_status status;
	int used = 0;

	memset(&common, 0, sizeof(common));
	if (argc > 1 && strcmp(argv[1], "--complete") == 0) {
		out->ask = CLI_ASK_COMPLETION;
		out->words = argv + 2;
		out->word_count = argc - 2;
		return TB_OK;
	}
	status = read_options(&p, argc, argv, err);
	if (status != TB_OK)
		return status;
	deliver(&p);
	out->ask = asked();
	if (of_whole_tool(tool, out->ask, argv + optind, argc - optind))
		return TB_OK;
	status = find_command(tool, argv + optind, argc - optind, &out->command,
	    &used, err);
	if (status != TB_OK || out->ask != CLI_ASK_NOTHING)
		return status;
	cli->argc = argc - optind - used;
	cli->argv = argv + optind + used;
	status = check_fit(&p, cli, out->command, err);
	if (status == TB_OK)
		status = understand_common(cli, err);
	return status;
}
