#include "cli.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/instant.h"
#include "cli-tables.h"

/* LeakSanitizer has to be able to trace us. */
#if defined(__SANITIZE_ADDRESS__)
# define CLI_SANITIZED 1
#elif defined(__has_feature)
# if __has_feature(address_sanitizer)
#  define CLI_SANITIZED 1
# endif
#endif
#ifndef CLI_SANITIZED
# define CLI_SANITIZED 0
#endif

/* The process has one name and one pair of ears. */
static struct {
	const char *tool;
	bool quiet, verbose;
	bool told; /* something was said on standard error */
} edge = { .tool = "tb" };

int
cli_exit_status(enum tb_status status)
{
	switch (status) {
	case TB_OK:
	case TB_END:
	case TB_EUSAGE:
	case TB_EREFUSED:
	case TB_EVENUE:
	case TB_EUNKNOWN:
	case TB_EPARTIAL:
	case TB_ENOENT:
	case TB_EDISAGREE:
	case TB_EHALTED:
		return (int)status;
	case TB_EINVAL:
	case TB_ERANGE:
		return EX_DATAERR;
	case TB_ENET:
		return EX_UNAVAILABLE;
	case TB_EBUG:
		return EX_SOFTWARE;
	case TB_EIO:
	case TB_ENOMEM:
		return EX_IOERR;
	case TB_EBUSY:
		return EX_TEMPFAIL;
	case TB_EPERM:
		return EX_NOPERM;
	case TB_ECONFIG:
		return EX_CONFIG;
	}
	return EX_SOFTWARE;
}

void
cli_tally_add(struct cli_tally *tally, enum tb_status status)
{
	if (status == TB_ERANGE)
		status = TB_EINVAL;
	else if (status == TB_ENOMEM)
		status = TB_EIO;
	tally->seen |= UINT32_C(1) << (unsigned)status;
}

enum tb_status
cli_tally_status(const struct cli_tally *tally)
{
	static const enum tb_status first[] = { TB_EDISAGREE, TB_EUNKNOWN,
		TB_EHALTED, TB_EBUG, TB_EIO, TB_EPERM, TB_ECONFIG, TB_ENET,
		TB_EBUSY };

	for (size_t i = 0; i < sizeof(first) / sizeof(*first); i++)
		if ((tally->seen >> (unsigned)first[i] & 1) != 0)
			return first[i];
	for (unsigned i = TB_OK; i <= TB_ECONFIG; i++)
		if (tally->seen == UINT32_C(1) << i)
			return (enum tb_status)i;
	return tally->seen == 0 ? TB_OK : TB_EPARTIAL;
}

static enum tb_status
write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, bytes, len);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return TB_EIO;
		bytes += n;
		len -= (size_t)n;
	}
	return TB_OK;
}

enum tb_status
cli_write(const void *bytes, size_t len, struct tb_err *err)
{
	if (write_all(STDOUT_FILENO, bytes, len) != TB_OK)
		return tb_fail(err, TB_EIO, "standard output: %s",
		    strerror(errno));
	return TB_OK;
}

/* One line; msg is ours, but may quote a stranger. */
static void
say(const char *msg)
{
	struct buffer line;

	buffer_init(&line, (size_t)8 * TB_ERR_MAX);
	buffer_add_format(&line, "%s: ", edge.tool);
	table_escape(&line, msg, strlen(msg));
	buffer_add_char(&line, '\n');
	if (buffer_status(&line, NULL) == TB_OK)
		(void)write_all(STDERR_FILENO, line.data, line.len);
	else
		(void)write_all(STDERR_FILENO, "tb: out of memory\n", 18);
	buffer_release(&line);
	edge.told = true;
}

static void TB_PRINTF(1, 0) say_format(const char *fmt, va_list ap)
{
	char msg[TB_ERR_MAX];

	(void)vsnprintf(msg, sizeof(msg), fmt, ap);
	say(msg);
}

void
cli_error(const struct tb_err *err)
{
	say(err->msg);
}

void
cli_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say_format(fmt, ap);
	va_end(ap);
}

void
cli_note(const char *fmt, ...)
{
	va_list ap;

	if (edge.quiet)
		return;
	va_start(ap, fmt);
	say_format(fmt, ap);
	va_end(ap);
}

void
cli_detail(const char *fmt, ...)
{
	va_list ap;

	if (!edge.verbose)
		return;
	va_start(ap, fmt);
	say_format(fmt, ap);
	va_end(ap);
}

/*
 * A closed descriptor would be given to the next file that is opened, the
 * database perhaps.  The modes are wrong on purpose: who reads a closed input
 * or writes to a closed output has to fail.
 */
static void
fill_descriptors(void)
{
	static const int modes[] = { O_WRONLY, O_RDONLY, O_WRONLY };

	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) == -1 && errno == EBADF &&
		    open("/dev/null", modes[fd]) != fd)
			_exit(EX_IOERR);
}

static void
guard(void)
{
	static const struct rlimit none = { 0, 0 };

	(void)setrlimit(RLIMIT_CORE, &none);
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (!CLI_SANITIZED)
		(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/* Setuid, setgid or with capabilities: whoever runs it would say by options
 * and environment which files it reads in another's name. */
static void
refuse_to_be_another(void)
{
	if (getauxval(AT_SECURE) == 0)
		return;
	say("it is not made to run setuid, setgid or with file capabilities");
	_exit(EX_NOPERM);
}

static void
begin(const struct cli_tool *tool)
{
	edge.tool = tool->name;
	fill_descriptors();
	refuse_to_be_another();
	if ((tool->flags & CLI_GUARDED) != 0)
		guard();
	(void)umask(077);
	(void)signal(SIGPIPE,
	    (tool->flags & CLI_EPIPE) != 0 ? SIG_IGN : SIG_DFL);
	(void)signal(SIGXFSZ, SIG_IGN); /* a limit is an error of write() */
	(void)unsetenv("SSLKEYLOGFILE");
	(void)unsetenv("POSIXLY_CORRECT"); /* options may stand anywhere */
}

static enum tb_status
run(const struct cli_tool *tool, int argc, char *argv[], struct tb_err *err)
{
	struct cli cli = { .tool = tool->name, .now_us = instant_now_us() };
	struct cli_request request = { 0 };
	enum tb_status status;

	status = cli_parse(tool, argc, argv, &cli, &request, err);
	if (status != TB_OK) {
		size_t len = strlen(err->msg);

		(void)snprintf(err->msg + len, sizeof(err->msg) - len,
		    "; try %s --help", tool->name);
		return status;
	}
	if (request.ask != CLI_ASK_NOTHING)
		return cli_tell(tool, &request, err);

	edge.quiet = cli.quiet;
	edge.verbose = cli.verbose;
	status = cli_paths(&cli, err);
	if (status != TB_OK)
		return status;
	if ((tool->flags & CLI_SHUT_IN) != 0)
		cli_shut_in(&cli);
	status = request.command->run(&cli, err);
	if (status == TB_END && !cli.exit_code &&
	    (request.command->flags & CLI_ASKS) == 0)
		status = TB_OK;
	return status;
}

/* close() may be the first to learn that the disk is full. */
static enum tb_status
end(enum tb_status status)
{
	struct cli_tally tally = { 0 };

	cli_tally_add(&tally, status);
	if (fflush(stdout) != 0 || close(STDOUT_FILENO) != 0) {
		cli_warn("standard output: %s", strerror(errno));
		cli_tally_add(&tally, TB_EIO);
	}
	return cli_tally_status(&tally);
}

int
cli_main(const struct cli_tool *tool, int argc, char *argv[])
{
	struct tb_err err = { 0 };
	enum tb_status status;

	begin(tool);
	status = run(tool, argc, argv, &err);
	if (status != TB_OK && status != TB_END) {
		if (err.msg[0] != '\0')
			cli_error(&err);
		else if (!edge.told)
			cli_warn("ended with exit status %d",
			    cli_exit_status(status));
	}
	return cli_exit_status(end(status));
}
