/* cli-sandbox: a tool that reads what strangers wrote, kept to its files. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sandbox.h"
#include "cli-tables.h"

/* The folder that a file is, or would be, in. */
static void
folder_of(const char *path, char out[static CLI_PATH_MAX])
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		(void)snprintf(out, CLI_PATH_MAX, ".");
	else
		(void)snprintf(out, CLI_PATH_MAX, "%.*s",
		    slash == path ? 1 : (int)(slash - path), path);
}

void
cli_shut_in(const struct cli *cli)
{
	char folder[CLI_PATH_MAX];
	struct sandbox s;

	folder_of(cli->db, folder);
	sandbox_begin(&s);
	sandbox_allow(&s, folder, SANDBOX_CHANGE); /* its journal too */
	sandbox_allow(&s, cli->config, SANDBOX_READ);
	sandbox_allow(&s, "/dev/urandom", SANDBOX_READ); /* SQLite asks it */
	for (int i = 0; i < cli->argc; i++) /* what a person named */
		sandbox_allow(&s, cli->argv[i], SANDBOX_READ);
	if (sandbox_enter(&s))
		(void)setenv("SQLITE_TMPDIR", folder, 1);
}
