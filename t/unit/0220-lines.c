/*
 * lines: what comes through a pipe, in pieces of any size.
 */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "io/lines.h"
#include "tap.h"

#define MAX 8 /* bytes of a line in most tests here */

/* A descriptor that yields len bytes of s. */
static int
file_of(const char *s, size_t len)
{
	int fd = memfd_create("lines", MFD_CLOEXEC);

	if (fd < 0 || write(fd, s, len) != (ssize_t)len ||
	    lseek(fd, 0, SEEK_SET) != 0)
		abort();
	return fd;
}

/* Everything that lines_next() says of s, "a|b|!error|." */
static void
all_lines(const char *s, size_t len, char *out, size_t size)
{
	struct lines l;
	struct tb_err err = { 0 };
	int fd = file_of(s, len);
	enum tb_status status;
	size_t used = 0;

	lines_init(&l, fd, MAX);
	do {
		char *line = NULL;
		size_t line_len = 0;

		status = lines_next(&l, &line, &line_len, &err);
		if (status == TB_OK) {
			memcpy(&out[used], line, line_len);
			used += line_len;
			used += (size_t)snprintf(&out[used], size - used, "%s|",
			    l.terminated ? "" : "~");
		} else if (status != TB_END) {
			used += (size_t)snprintf(&out[used], size - used,
			    "!%s|", err.msg);
		}
	} while (status == TB_OK || status == TB_EINVAL);
	snprintf(&out[used], size - used, "%s", status == TB_END ? "." : "?");
	lines_release(&l);
	close(fd);
}

static void
test_split(void)
{
	static const struct {
		const char *text, *want, *what;
	} cases[] = {
		{ "", ".", "nothing" },
		{ "\n", "|.", "an empty line" },
		{ "a\nbc\n", "a|bc|.", "two lines" },
		{ "a\nbc", "a|bc~|.", "no newline at the end" },
		{ "a\r\nb\rc\r\n\r\n", "a|b\rc||.", "CR before a newline" },
		{ "a\r", "a\r~|.", "CR without one is kept" },
		{ "12345678\n", "12345678|.", "as long as allowed" },
		{ "12345678\r\n", "12345678|.", "CR does not count" },
		{ "12345678", "12345678~|.", "the last one too" },
		{ "123456789\nx\n", "!line 1: longer than 8 bytes|x|.",
		    "one longer" },
		{ "123456789", "!line 1: longer than 8 bytes|.",
		    "one longer at the end" },
		{ "a\n1234567890123456789012\nb\n",
		    "a|!line 2: longer than 8 bytes|b|.",
		    "far longer, in the middle" },
	};
	char got[256];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		all_lines(cases[i].text, strlen(cases[i].text), got,
		    sizeof(got));
		is(got, cases[i].want, cases[i].what);
	}
	all_lines("a\0b\n", 4, got, sizeof(got));
	ok(memcmp(got, "a\0b|.", 6) == 0, "NUL is a byte like others");
}

/* A child that writes what feed() does, and the end we read from. */
static int
pipe_from(void (*feed)(int fd), pid_t *child)
{
	int fds[2];

	if (pipe(fds) != 0)
		abort();
	*child = fork();
	if (*child == 0) {
		close(fds[0]);
		feed(fds[1]);
		_exit(0);
	}
	close(fds[1]);
	return fds[0];
}

static void
feed_bytes(int fd)
{
	static const char text[] = "one\r\ntwo\nthree";

	for (size_t i = 0; i < sizeof(text) - 1; i++)
		if (write(fd, &text[i], 1) != 1)
			_exit(1);
}

static void
test_pieces(void)
{
	static const char *const want[] = { "one", "two", "three" };
	struct tb_err err = { 0 };
	struct lines l;
	size_t len;
	char *line;
	pid_t child;
	int fd = pipe_from(feed_bytes, &child);

	lines_init(&l, fd, MAX);
	for (size_t i = 0; i < 3; i++) {
		ok(lines_next(&l, &line, &len, &err) == TB_OK, "a line");
		is(line, want[i], "that came byte by byte");
		is_int((long long)l.number, (long long)i + 1, "numbered");
	}
	ok(lines_next(&l, &line, &len, &err) == TB_END, "the end");
	ok(lines_next(&l, &line, &len, &err) == TB_END, "stays the end");
	lines_release(&l);
	close(fd);
	waitpid(child, NULL, 0);
}

#define FLOOD (200UL << 20)

static void
feed_flood(int fd)
{
	static char block[1 << 16];

	memset(block, 'x', sizeof(block));
	for (size_t i = 0; i < FLOOD / sizeof(block); i++)
		if (write(fd, block, sizeof(block)) != sizeof(block))
			_exit(1);
	if (write(fd, "\nafter\n", 7) != 7)
		_exit(1);
}

static void
test_flood(void)
{
	struct tb_err err = { 0 };
	struct rusage before, after;
	struct lines l;
	size_t len;
	char *line;
	pid_t child;
	int fd = pipe_from(feed_flood, &child);

	getrusage(RUSAGE_SELF, &before);
	lines_init(&l, fd, LINE_MAX_BYTES);
	ok(lines_next(&l, &line, &len, &err) == TB_EINVAL,
	    "200 MiB without a newline");
	is(err.msg, "line 1: longer than 65536 bytes", "are one long line");
	ok(lines_next(&l, &line, &len, &err) == TB_OK, "the next one");
	is(line, "after", "is read");
	lines_release(&l);
	close(fd);
	waitpid(child, NULL, 0);
	getrusage(RUSAGE_SELF, &after);
	ok(after.ru_maxrss - before.ru_maxrss < 1024, "in bounded memory");
}

static void
on_alarm(int signo)
{
	(void)signo;
}

static void
feed_slowly(int fd)
{
	struct timespec pause = { .tv_nsec = 3000000 };

	for (int i = 0; i < 10; i++) {
		if (write(fd, "ab\n", 3) != 3)
			_exit(1);
		nanosleep(&pause, NULL);
	}
}

/* A signal every millisecond, without SA_RESTART: fault 93. */
static void
storm(bool on)
{
	struct itimerval timer = { 0 };
	struct sigaction action = { .sa_handler = on_alarm };

	sigaction(SIGALRM, &action, NULL);
	timer.it_interval.tv_usec = timer.it_value.tv_usec = on ? 1000 : 0;
	setitimer(ITIMER_REAL, &timer, NULL);
}

static void
test_signals(void)
{
	struct tb_err err = { 0 };
	struct lines l;
	size_t len;
	char *line;
	int count = 0;
	pid_t child;
	int fd = pipe_from(feed_slowly, &child);

	storm(true);
	lines_init(&l, fd, MAX);
	while (lines_next(&l, &line, &len, &err) == TB_OK)
		count += strcmp(line, "ab") == 0;
	is_int(count, 10, "a storm of signals loses nothing");
	storm(false);
	lines_release(&l);
	close(fd);
	waitpid(child, NULL, 0);
}

static volatile sig_atomic_t stop;

static void
on_stop(int signo)
{
	(void)signo;
	stop = 1;
}

static void
feed_half(int fd)
{
	if (write(fd, "a\nhalf", 6) != 6)
		_exit(1);
	pause(); /* until it is killed */
}

static void
test_stop(void)
{
	struct sigaction action = { .sa_handler = on_stop };
	struct itimerval timer = { .it_interval.tv_usec = 20000,
		.it_value.tv_usec = 20000 };
	struct tb_err err = { 0 };
	struct lines l;
	size_t len;
	char *line;
	pid_t child;
	int fd = pipe_from(feed_half, &child);

	lines_init(&l, fd, MAX);
	l.stop = &stop;
	ok(lines_next(&l, &line, &len, &err) == TB_OK, "a line");
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
	ok(lines_next(&l, &line, &len, &err) == TB_END,
	    "stopped while it waits: the end, and no half line");
	storm(false);
	lines_release(&l);
	close(fd);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static void
test_rest(void)
{
	static const char text[] = "\n{\r\n  \"a\": 1\n}\n";
	struct tb_err err = { 0 };
	struct lines l;
	size_t len;
	char *line;
	int fd = file_of(text, sizeof(text) - 1);

	lines_init(&l, fd, MAX);
	(void)lines_next(&l, &line, &len, &err);
	(void)lines_next(&l, &line, &len, &err);
	is(line, "{", "the line that begins a document");
	ok(lines_rest(&l, 100, &line, &len, &err) == TB_OK, "the document");
	is(line, "{ \n  \"a\": 1\n}\n", "is whole");
	ok(lines_next(&l, &line, &len, &err) == TB_END, "then the end");
	lines_release(&l);

	lseek(fd, 0, SEEK_SET);
	lines_init(&l, fd, MAX);
	(void)lines_next(&l, &line, &len, &err);
	(void)lines_next(&l, &line, &len, &err);
	ok(lines_rest(&l, 14, &line, &len, &err) == TB_OK, "14 bytes");
	lines_release(&l);
	lseek(fd, 0, SEEK_SET);
	lines_init(&l, fd, MAX);
	(void)lines_next(&l, &line, &len, &err);
	(void)lines_next(&l, &line, &len, &err);
	ok(lines_rest(&l, 13, &line, &len, &err) == TB_EINVAL, "one less: %s",
	    err.msg);
	lines_release(&l);
	close(fd);
}

static void
test_errors(void)
{
	struct tb_err err = { 0 };
	struct lines l;
	size_t len;
	char *line;
	int fd = open("/", O_RDONLY | O_CLOEXEC);

	lines_init(&l, fd, MAX);
	ok(lines_next(&l, &line, &len, &err) == TB_EIO, "a directory");
	is(err.msg, "cannot read: Is a directory", "is named");
	lines_release(&l);
	close(fd);

	fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	ok(lines_write(fd, "x\n", 2, &err) == TB_EIO, "a full disk");
	is(err.msg, "cannot write: No space left on device", "is named");
	close(fd);
	ok(lines_write(-1, "x\n", 2, &err) == TB_EIO, "a closed descriptor");
	is(err.msg, "cannot write: Bad file descriptor", "is named");
}

static void
test_broken_pipe(void)
{
	struct tb_err err = { 0 };
	int fds[2];

	signal(SIGPIPE, SIG_IGN);
	ok(pipe(fds) == 0, "a pipe");
	close(fds[0]);
	ok(lines_write(fds[1], "x\n", 2, &err) == TB_EIO, "that nobody reads");
	is(err.msg, "cannot write: Broken pipe", "is named");
	close(fds[1]);
}

/* The kernel takes a pipe's worth at a time, interrupted by signals. */
static void
test_long_write(void)
{
	static char block[1 << 20], got[1 << 16];
	size_t total = 0;
	ssize_t n;
	pid_t child;
	int fds[2];

	memset(block, 'y', sizeof(block));
	if (pipe2(fds, O_NONBLOCK) != 0)
		abort();
	child = fork();
	if (child == 0) {
		close(fds[0]);
		storm(true);
		_exit(lines_write(fds[1], block, sizeof(block), NULL) != TB_OK);
	}
	close(fds[1]);
	fcntl(fds[0], F_SETFL, 0);
	while ((n = read(fds[0], got, sizeof(got))) > 0)
		total += (size_t)n;
	is_int((long long)total, sizeof(block), "short writes go on");
	close(fds[0]);
	waitpid(child, NULL, 0);
}

int
main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	test_split();
	test_pieces();
	test_flood();
	test_signals();
	test_stop();
	test_rest();
	test_errors();
	test_broken_pipe();
	test_long_write();
	return tap_done();
}
