/* cli-value: the values of options and operands, and where files are. */

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/instant.h"
#include "cli-tables.h"

enum tb_status
cli_integer(const char *what, const char *text, long long min, long long max,
    long long *out, struct tb_err *err)
{
	char *end = NULL;
	long long n;

	errno = 0;
	n = strtoll(text, &end, 10);
	/* strtoll() would skip blanks and take a plus */
	if ((*text != '-' && (*text < '0' || *text > '9')) || *end != '\0' ||
	    errno != 0 || n < min || n > max)
		return tb_fail(err, TB_EUSAGE,
		    "%s: expected a whole number from %lld to %lld, found '%s'",
		    what, min, max, text);
	*out = n;
	return TB_OK;
}

enum tb_status
cli_decimal(const char *what, const char *text, struct decimal *out,
    struct tb_err *err)
{
	enum tb_status status = decimal_parse(text, strlen(text), out);

	if (status == TB_ERANGE)
		return tb_fail(err, TB_EUSAGE,
		    "%s: '%s' is too large, or has more than %d decimals", what,
		    text, DECIMAL_SCALE);
	if (status != TB_OK)
		return tb_fail(err, TB_EUSAGE,
		    "%s: expected an amount such as 25.00, found '%s'", what,
		    text);
	return TB_OK;
}

enum tb_status
cli_instant(const struct cli *cli, const char *what, const char *text,
    int64_t *out_us, struct tb_err *err)
{
	enum tb_status status;

	status = instant_parse_option(text, cli->now_us, out_us, err);
	if (status == TB_OK)
		return TB_OK;
	tb_err_at(err, "%s", what);
	if (err != NULL)
		err->status = TB_EUSAGE;
	return TB_EUSAGE;
}

int
cli_choice(const char *text, const char *choices)
{
	size_t len = text == NULL ? 0 : strlen(text);

	for (int i = 0; len > 0 && *choices != '\0'; i++) {
		size_t word = strcspn(choices, " ");

		if (word == len && memcmp(choices, text, len) == 0)
			return i;
		choices += word;
		choices += strspn(choices, " ");
	}
	return -1;
}

static enum tb_status
input_fail(const char *path, int error, struct tb_err *err)
{
	enum tb_status status = TB_EIO;

	if (error == ENOENT || error == ENOTDIR)
		status = TB_ENOENT;
	else if (error == EACCES || error == EPERM)
		status = TB_EPERM;
	return tb_fail(err, status, "%s: %s", path, strerror(error));
}

enum tb_status
cli_open_input(const char *path, int *out_fd, struct tb_err *err)
{
	struct stat st;
	bool is_stdin = strcmp(path, "-") == 0;
	int fd = STDIN_FILENO;

	if (is_stdin)
		path = "standard input";
	else
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd == -1 || fstat(fd, &st) == -1)
		return input_fail(path, errno, err);
	/* what stands in for a closed one cannot be read either */
	if (is_stdin && (fcntl(fd, F_GETFL) & O_ACCMODE) == O_WRONLY)
		return input_fail(path, EBADF, err);
	if (S_ISDIR(st.st_mode)) {
		if (!is_stdin)
			(void)close(fd);
		return input_fail(path, EISDIR, err);
	}
	*out_fd = fd;
	return TB_OK;
}

static const char *
home(void)
{
	const char *path = getenv("HOME");
	const struct passwd *user;

	if (path != NULL && *path == '/')
		return path;
	user = getpwuid(getuid());
	return user == NULL ? NULL : user->pw_dir;
}

/* Where a file is when nobody names it. */
struct place {
	const char *variable; /* names the file */
	const char *xdg;      /* names the folder that tb/leaf is in */
	const char *below;    /* else that folder is here, below home */
	const char *leaf;
};

static enum tb_status
find(const struct place *place, char buf[static CLI_PATH_MAX],
    const char **path, struct tb_err *err)
{
	const char *folder = getenv(place->xdg);
	const char *file = *path;
	int n;

	if (file == NULL)
		file = getenv(place->variable);
	if (file != NULL && *file != '\0') {
		n = snprintf(buf, CLI_PATH_MAX, "%s", file);
	} else if (folder != NULL && *folder == '/') {
		n = snprintf(buf, CLI_PATH_MAX, "%s/tb/%s", folder,
		    place->leaf);
	} else {
		folder = home();
		if (folder == NULL)
			return tb_fail(err, TB_EUSAGE,
			    "no home folder: set HOME or %s", place->variable);
		n = snprintf(buf, CLI_PATH_MAX, "%s/%s/tb/%s", folder,
		    place->below, place->leaf);
	}
	if (n >= CLI_PATH_MAX)
		return tb_fail(err, TB_EUSAGE, "path longer than %d bytes",
		    CLI_PATH_MAX - 1);
	*path = buf;
	return TB_OK;
}

enum tb_status
cli_paths(struct cli *cli, struct tb_err *err)
{
	static const struct place db_place = { "TB_DB", "XDG_DATA_HOME",
		".local/share", "tb.db" };
	static const struct place config_place = { "TB_CONFIG",
		"XDG_CONFIG_HOME", ".config", "tb.yaml" };
	static char db[CLI_PATH_MAX], config[CLI_PATH_MAX];
	const char *named = getenv(config_place.variable);
	enum tb_status status;

	cli->config_given =
	    cli->config != NULL || (named != NULL && *named != '\0');
	status = find(&db_place, db, &cli->db, err);
	if (status == TB_OK)
		status = find(&config_place, config, &cli->config, err);
	return status;
}
