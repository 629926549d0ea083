#ifndef TB_CLI_TABLES_H
#define TB_CLI_TABLES_H

/*
 * cli-tables: what the files of cli share among themselves: how the option
 * and command tables of a tool are read.  Commands include cli.h only.
 */

#include "cli.h"

/* A request to tell about the tool instead of running it. */
enum cli_ask {
	CLI_ASK_NOTHING,
	CLI_ASK_HELP,
	CLI_ASK_VERSION,
	CLI_ASK_SCHEMA,
	CLI_ASK_COMPLETION, /* hidden: --complete WORD ..., for the shells */
	CLI_ASK_MDOC,	    /* hidden: --mdoc, for who writes a manual */
};

/* What the command line said. */
struct cli_request {
	enum cli_ask ask;
	const struct cli_command *command; /* NULL: of the whole tool */
	char **words;			   /* of CLI_ASK_COMPLETION */
	int word_count;
};

/* The options that every tool has; ends in { 0 }. */
extern const struct cli_option cli_common_options[];

/* Hidden ones among them have no help. */
bool cli_is_hidden(const struct cli_option *option);

/*
 * cli_parse: read the command line into the tool's variables, *cli and *out.
 *
 * errors: TB_EUSAGE
 */
enum tb_status cli_parse(const struct cli_tool *tool, int argc, char *argv[],
    struct cli *cli, struct cli_request *out, struct tb_err *err);

/*
 * cli_takes: does command take this option, of its tool's or a common one?
 * command NULL: does any of the tool's?
 */
bool cli_takes(const struct cli_tool *tool, const struct cli_command *command,
    const struct cli_option *option);

/* cli_names: does command stand in option's list, not merely in "all"? */
bool cli_names(const struct cli_command *command,
    const struct cli_option *option);

/* How many operands a command takes; max is INT_MAX for "...". */
struct cli_arity {
	int min, max;
};
struct cli_arity cli_arity_of(const char *operands);

/*
 * cli_paths: fill in cli->db and cli->config from the environment where the
 * command line did not name them.
 *
 * errors: TB_EUSAGE no home directory, or a path longer than CLI_PATH_MAX
 */
enum tb_status cli_paths(struct cli *cli, struct tb_err *err);

/* cli_shut_in: what CLI_SHUT_IN says, where the kernel can keep it. */
void cli_shut_in(const struct cli *cli);

/* cli_tell: answer any request but CLI_ASK_NOTHING, on standard output. */
enum tb_status cli_tell(const struct cli_tool *tool,
    const struct cli_request *request, struct tb_err *err);

/*
 * cli_complete: append what may stand in the place of the last of words: a
 * candidate a line, a tab, its explanation.  Nothing: a file name.
 */
void cli_complete(const struct cli_tool *tool, int count, char *words[],
    struct buffer *out);

/* share/schema/NAME.json, embedded at build time; ends in { NULL, NULL, 0 }. */
struct cli_schema {
	const char *name;
	const unsigned char *text;
	size_t len;
};
extern const struct cli_schema cli_schemas[];

#endif /* TB_CLI_TABLES_H */
