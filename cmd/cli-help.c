/* cli-help: what the tables tell about a tool: --help, --schema, mdoc. */

#include <ctype.h>
#include <string.h>

#include "cli-tables.h"

#define HELP_MAX (1U << 20)
#define HELP_COLUMN 30 /* where the explanations begin */

#ifndef TB_VERSION
# define TB_VERSION "unknown"
#endif

/* "tb-portfolio lots [--method METHOD] [PRODUCT]" */
static void
add_synopsis(struct buffer *out, const struct cli_tool *tool,
    const struct cli_command *command)
{
	buffer_add_string(out, tool->name);
	if (*command->name != '\0')
		buffer_add_format(out, " %s", command->name);
	for (const struct cli_option *o = tool->options;
	     o != NULL && o->name != NULL; o++) {
		if (!cli_names(command, o) || cli_is_hidden(o))
			continue;
		buffer_add_format(out, " [--%s%s%s]", o->name,
		    o->argument == NULL ? "" : " ",
		    o->argument == NULL ? "" : o->argument);
	}
	if (*command->operands != '\0')
		buffer_add_format(out, " %s", command->operands);
	buffer_add_char(out, '\n');
}

/* Left text, then the explanation in its column. */
static void
add_line(struct buffer *out, size_t begin, const char *help)
{
	size_t width = out->len - begin;

	if (width + 2 > HELP_COLUMN) {
		buffer_add_char(out, '\n');
		width = 0;
	}
	buffer_add_format(out, "%*s%s\n", (int)(HELP_COLUMN - width), "", help);
}

static void
add_option(struct buffer *out, const struct cli_option *o)
{
	size_t begin = out->len;

	if (o->letter != 0)
		buffer_add_format(out, "  -%c, --%s", o->letter, o->name);
	else
		buffer_add_format(out, "      --%s", o->name);
	if (o->argument != NULL)
		buffer_add_format(out, " %s", o->argument);
	add_line(out, begin, o->help);
}

/* command NULL: the options of the whole tool */
static void
add_options(struct buffer *out, const char *title, const struct cli_tool *tool,
    const struct cli_option *options, const struct cli_command *command)
{
	bool titled = false;

	for (const struct cli_option *o = options; o != NULL && o->name != NULL;
	     o++) {
		if (cli_is_hidden(o) || !cli_takes(tool, command, o))
			continue;
		if (!titled)
			buffer_add_format(out, "\n%s:\n", title);
		titled = true;
		add_option(out, o);
	}
}

static void
add_commands(struct buffer *out, const struct cli_tool *tool)
{
	buffer_add_string(out, "\ncommands:\n");
	for (const struct cli_command *c = tool->commands; c->name != NULL;
	     c++) {
		size_t begin = out->len;

		buffer_add_format(out, "  %s",
		    *c->name == '\0' ? "(none)" : c->name);
		add_line(out, begin, c->help);
	}
}

static void
add_help(struct buffer *out, const struct cli_tool *tool,
    const struct cli_command *command)
{
	bool whole = command == NULL || *command->name == '\0';
	const char *lead = "usage: ";

	for (const struct cli_command *c = tool->commands; c->name != NULL;
	     c++) {
		if (!whole && c != command)
			continue;
		buffer_add_string(out, lead);
		add_synopsis(out, tool, c);
		lead = "       ";
	}
	buffer_add_format(out, "\n%s\n", whole ? tool->purpose : command->help);
	if (whole)
		add_commands(out, tool);
	if (whole)
		command = NULL;
	add_options(out, "options", tool, tool->options, command);
	add_options(out, "common options", tool, cli_common_options, command);
}

/* Operands as mdoc: "[BOT ...]" becomes "Op Ar BOT ...". */
static void
add_mdoc_operands(struct buffer *out, const char *operands)
{
	for (const char *s = operands; *s != '\0';) {
		size_t len = strcspn(s, " ");

		if (*s == '[')
			len = strcspn(s, "]") + 1;
		else if (strncmp(s + len, " ...", 4) == 0)
			len += 4;

		if (*s == '[')
			buffer_add_format(out, ".Op Ar %.*s\n", (int)len - 2,
			    s + 1);
		else
			buffer_add_format(out, ".Ar %.*s\n", (int)len, s);
		s += len;
		s += strspn(s, " ");
	}
}

/* The SYNOPSIS and the list of options of a manual page, to start from. */
static void
add_mdoc(struct buffer *out, const struct cli_tool *tool)
{
	buffer_add_string(out, ".Sh SYNOPSIS\n");
	for (const struct cli_command *c = tool->commands; c->name != NULL;
	     c++) {
		buffer_add_string(out, ".Nm\n");
		if (*c->name != '\0')
			buffer_add_format(out, ".Cm %s\n", c->name);
		for (const struct cli_option *o = tool->options;
		     o != NULL && o->name != NULL; o++)
			if (cli_names(c, o) && !cli_is_hidden(o))
				buffer_add_format(out, ".Op Fl -%s%s%s\n",
				    o->name, o->argument == NULL ? "" : " Ar ",
				    o->argument == NULL ? "" : o->argument);
		add_mdoc_operands(out, c->operands);
	}
	buffer_add_string(out, ".Bl -tag -width Ds\n");
	for (const struct cli_option *o = tool->options;
	     o != NULL && o->name != NULL; o++) {
		if (cli_is_hidden(o))
			continue;
		buffer_add_string(out, ".It ");
		if (o->letter != 0)
			buffer_add_format(out, "Fl %c , ", o->letter);
		buffer_add_format(out, "Fl -%s%s%s\n%c%s.\n", o->name,
		    o->argument == NULL ? "" : " Ar ",
		    o->argument == NULL ? "" : o->argument,
		    toupper((unsigned char)*o->help), o->help + 1);
	}
	buffer_add_string(out, ".El\n");
}

static enum tb_status
add_schema(struct buffer *out, const struct cli_tool *tool,
    const struct cli_command *command, struct tb_err *err)
{
	if (command->schema == NULL)
		return tb_fail(err, TB_EUSAGE,
		    "--schema: %s%s%s writes no JSON of a fixed shape",
		    tool->name, *command->name == '\0' ? "" : " ",
		    command->name);
	for (const struct cli_schema *s = cli_schemas; s->name != NULL; s++)
		if (strcmp(s->name, command->schema) == 0) {
			buffer_add(out, s->text, s->len);
			return TB_OK;
		}
	return tb_fail(err, TB_EBUG, "no schema named %s was built in",
	    command->schema);
}

enum tb_status
cli_tell(const struct cli_tool *tool, const struct cli_request *request,
    struct tb_err *err)
{
	struct buffer out;
	enum tb_status status = TB_OK;

	buffer_init(&out, HELP_MAX);
	switch (request->ask) {
	case CLI_ASK_HELP:
		add_help(&out, tool, request->command);
		break;
	case CLI_ASK_VERSION:
		buffer_add_format(&out, "%s %s\n", tool->name, TB_VERSION);
		break;
	case CLI_ASK_SCHEMA:
		status = add_schema(&out, tool, request->command, err);
		break;
	case CLI_ASK_COMPLETION:
		cli_complete(tool, request->word_count, request->words, &out);
		break;
	case CLI_ASK_MDOC:
		add_mdoc(&out, tool);
		break;
	case CLI_ASK_NOTHING:
		break;
	}
	if (status == TB_OK)
		status = buffer_status(&out, err);
	if (status == TB_OK)
		status = cli_write(buffer_string(&out), out.len, err);
	buffer_release(&out);
	return status;
}
