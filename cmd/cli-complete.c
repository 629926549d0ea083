/*
 * cli-complete: what may come next on a command line, asked by the shells'
 * scripts in share/completions as
 *
 *	TOOL --complete WORD ... CURRENT
 *
 * Answers a candidate a line, a tab and its explanation behind it; none means
 * that a file name may stand here.
 */

#include <string.h>

#include "cli-tables.h"

/* What the finished words have told so far. */
struct typed {
	const struct cli_tool *tool;
	const struct cli_option *pending; /* waits for its value, or NULL */
	char words[CLI_PATH_MAX];	  /* subcommand, a blank between */
	bool ended;			  /* "--" was typed */
};

static void
add_candidate(struct buffer *out, const char *current, const char *prefix,
    const char *word, size_t len, const char *help)
{
	size_t plen = strlen(prefix), clen = strlen(current);

	if (strncmp(current, prefix, clen < plen ? clen : plen) != 0)
		return;
	if (clen > plen && strncmp(current + plen, word, clen - plen) != 0)
		return;
	buffer_add_format(out, "%s%.*s\t%s\n", prefix, (int)len, word, help);
}

static const struct cli_option *
find_option(const struct cli_option *options, const char *word)
{
	for (const struct cli_option *o = options; o != NULL && o->name != NULL;
	     o++)
		if ((word[1] == '-' && strcmp(word + 2, o->name) == 0) ||
		    (word[1] == o->letter && word[1] != '\0' &&
			word[2] == '\0'))
			return o;
	return NULL;
}

static void
read_word(struct typed *typed, const char *word)
{
	const struct cli_option *option;
	size_t len = strlen(typed->words);

	if (typed->pending != NULL) {
		typed->pending = NULL;
	} else if (!typed->ended && strcmp(word, "--") == 0) {
		typed->ended = true;
	} else if (!typed->ended && *word == '-' && word[1] != '\0') {
		option = find_option(cli_common_options, word);
		if (option == NULL)
			option = find_option(typed->tool->options, word);
		if (option != NULL && option->argument != NULL)
			typed->pending = option;
	} else if (len + strlen(word) + 2 <= sizeof(typed->words)) {
		if (len > 0)
			typed->words[len++] = ' ';
		memcpy(typed->words + len, word, strlen(word) + 1);
	}
}

static void
add_choices(struct buffer *out, const char *current, const char *choices)
{
	while (choices != NULL && *choices != '\0') {
		size_t len = strcspn(choices, " ");

		add_candidate(out, current, "", choices, len, "");
		choices += len;
		choices += strspn(choices, " ");
	}
}

/* The longest command at the beginning of the words; NULL: none yet. */
static const struct cli_command *
command_of(const struct typed *typed)
{
	const struct cli_command *best = NULL;

	for (const struct cli_command *c = typed->tool->commands;
	     c->name != NULL; c++) {
		size_t len = strlen(c->name);

		if (strncmp(c->name, typed->words, len) == 0 &&
		    (len == 0 || typed->words[len] == '\0' ||
			typed->words[len] == ' ') &&
		    (best == NULL || len > strlen(best->name)))
			best = c;
	}
	return best;
}

static void
add_options(struct buffer *out, const struct typed *typed, const char *current,
    const struct cli_option *options)
{
	/* before the first word, an option may be meant for any command */
	const struct cli_command *command =
	    *typed->words == '\0' ? NULL : command_of(typed);

	for (const struct cli_option *o = options; o != NULL && o->name != NULL;
	     o++)
		if (!cli_is_hidden(o) && cli_takes(typed->tool, command, o))
			add_candidate(out, current, "--", o->name,
			    strlen(o->name), o->help);
}

/* The next word of every command that begins with the words typed. */
static void
add_commands(struct buffer *out, const struct typed *typed, const char *current)
{
	size_t len = strlen(typed->words), last_len = 0;
	const char *last = "";

	for (const struct cli_command *c = typed->tool->commands;
	     c->name != NULL; c++) {
		const char *next = c->name + len;
		size_t next_len;

		if (strncmp(c->name, typed->words, len) != 0 || *next == '\0' ||
		    (len > 0 && *next != ' '))
			continue;
		next += len > 0;
		next_len = strcspn(next, " ");
		if (next_len == last_len && memcmp(next, last, last_len) == 0)
			continue; /* a group's first word was told already */
		add_candidate(out, current, "", next, next_len,
		    next[next_len] == '\0' ? c->help : "");
		last = next;
		last_len = next_len;
	}
}

void
cli_complete(const struct cli_tool *tool, int count, char *words[],
    struct buffer *out)
{
	struct typed typed = { .tool = tool };
	const char *current = count > 0 ? words[count - 1] : "";

	for (int i = 0; i < count - 1; i++)
		read_word(&typed, words[i]);
	if (typed.pending != NULL) {
		add_choices(out, current, typed.pending->choices);
	} else if (*current == '-' && !typed.ended) {
		add_options(out, &typed, current, tool->options);
		add_options(out, &typed, current, cli_common_options);
	} else {
		add_commands(out, &typed, current);
	}
}
