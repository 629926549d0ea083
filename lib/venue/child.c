#include "venue/child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/instant.h"

#define CHUNK 16384
#define ENVIRONMENT_MAX 16

void
child_init(struct child *c, size_t line_max)
{
	*c = (struct child){ .in = -1, .out = -1, .line_max = line_max };
	buffer_init(&c->data, line_max + CHUNK);
}

static void
close_fd(int *fd)
{
	if (*fd != -1)
		(void)close(*fd);
	*fd = -1;
}

/* ----------------------------------------------------------------- start -- */

/* What a venue may need to know of where it runs; nothing else goes in. */
static void
clean_environment(char *key_file, char *out[static ENVIRONMENT_MAX])
{
	static const char *const names[] = { "PATH=", "HOME=", "LANG=",
		"LC_ALL=", "TMPDIR=", "CREDENTIALS_DIRECTORY=",
		"TB_KEY_FILE=" };
	const size_t count =
	    sizeof(names) / sizeof(names[0]) - (key_file == NULL ? 0 : 1);
	size_t n = 0;

	_Static_assert(sizeof(names) / sizeof(names[0]) < ENVIRONMENT_MAX,
	    "a NULL behind them");
	for (size_t i = 0; i < count; i++)
		for (char **e = environ; e != NULL && *e != NULL; e++)
			if (strncmp(*e, names[i], strlen(names[i])) == 0) {
				out[n++] = *e;
				break;
			}
	if (key_file != NULL)
		out[n++] = key_file;
	out[n] = NULL;
}

/* The two ends of a pipe that are the program's: 0 reads, 1 writes. */
struct ends {
	int in, out;
};

static int
add_descriptors(posix_spawn_file_actions_t *actions, const struct ends *its,
    const struct child_setup *setup)
{
	bool has_lock = setup->lock_fd != -1;
	int error = posix_spawn_file_actions_adddup2(actions, its->in, 0);

	if (error == 0)
		error = posix_spawn_file_actions_adddup2(actions, its->out, 1);
	if (error == 0 && has_lock)
		error = posix_spawn_file_actions_adddup2(actions,
		    setup->lock_fd, setup->lock_as);
	if (error == 0)
		error = posix_spawn_file_actions_addclosefrom_np(actions,
		    has_lock ? setup->lock_as + 1 : 3);
	return error;
}

static int
spawn(struct child *c, const struct child_setup *setup, const struct ends *its)
{
	char *environment[ENVIRONMENT_MAX];
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t all, none;
	int error;

	clean_environment(setup->key_file, environment);
	error = posix_spawn_file_actions_init(&actions);
	if (error != 0)
		return error;
	error = posix_spawnattr_init(&attributes);
	if (error != 0) {
		posix_spawn_file_actions_destroy(&actions);
		return error;
	}
	(void)sigfillset(&all);
	(void)sigemptyset(&none);
	(void)posix_spawnattr_setsigdefault(&attributes, &all);
	(void)posix_spawnattr_setsigmask(&attributes, &none);
	(void)posix_spawnattr_setpgroup(&attributes, 0);
	(void)posix_spawnattr_setflags(&attributes,
	    POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
		POSIX_SPAWN_SETPGROUP);
	error = add_descriptors(&actions, its, setup);
	if (error == 0)
		error = posix_spawn(&c->pid, setup->argv[0], &actions,
		    &attributes, setup->argv, environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

enum tb_status
child_start(struct child *c, const struct child_setup *setup,
    struct tb_err *err)
{
	int in[2], out[2], error;

	buffer_clear(&c->data);
	c->handed = 0;
	if (pipe2(in, O_CLOEXEC) != 0)
		return tb_fail(err, TB_EIO, "a pipe: %s", strerror(errno));
	if (pipe2(out, O_CLOEXEC) != 0) {
		error = errno;
		(void)close(in[0]);
		(void)close(in[1]);
		return tb_fail(err, TB_EIO, "a pipe: %s", strerror(error));
	}
	c->in = in[1];
	c->out = out[0];
	(void)fcntl(c->in, F_SETFL, O_NONBLOCK);
	error = spawn(c, setup, &(struct ends){ in[0], out[1] });
	(void)close(in[0]);
	(void)close(out[1]);
	if (error == 0) {
		c->has_lock = setup->lock_fd != -1;
		return TB_OK;
	}
	c->pid = 0;
	close_fd(&c->in);
	close_fd(&c->out);
	return tb_fail(err, TB_ECONFIG, "%s: %s", setup->argv[0],
	    strerror(error));
}

/* ------------------------------------------------------------------ talk -- */

/* Wait for events on fd: 1, 0 when the time is over, -1 an error. */
static int
wait_for(int fd, short events, int64_t until_ms)
{
	struct pollfd p = { .fd = fd, .events = events };
	int64_t left_ms;
	int n;

	do {
		left_ms = until_ms - instant_boot_ms();
		if (left_ms < 0)
			left_ms = 0;
		if (left_ms > INT_MAX)
			left_ms = INT_MAX;
		n = poll(&p, 1, (int)left_ms);
	} while (n == -1 && errno == EINTR);
	return n;
}

bool
child_is_ready(const struct child *c)
{
	return c->pid != 0 && c->in != -1 && c->data.len == c->handed &&
	    wait_for(c->out, POLLIN, 0) == 0;
}

enum tb_status
child_say(struct child *c, const char *line, size_t len, int64_t until_ms,
    struct tb_err *err)
{
	ssize_t n;

	for (;;) {
		n = write(c->in, line, len);
		if (n == (ssize_t)len)
			return TB_OK;
		if (n == -1 && errno == EINTR)
			continue;
		if (n != -1 || errno != EAGAIN)
			return tb_fail(err, TB_ENET, "it does not listen: %s",
			    n == -1 ? strerror(errno) : "a part was taken");
		if (wait_for(c->in, POLLOUT, until_ms) != 1)
			return tb_fail(err, TB_ENET, "it does not listen");
	}
}

/* More of what it says, to the end of data. */
static enum tb_status
read_on(struct child *c, int64_t until_ms, struct tb_err *err)
{
	char chunk[CHUNK];
	ssize_t n;

	if (wait_for(c->out, POLLIN, until_ms) != 1)
		return tb_fail(err, TB_ENET, "no answer in time");
	n = read(c->out, chunk, sizeof(chunk));
	if (n == -1 && errno == EINTR)
		return TB_OK;
	if (n == -1)
		return tb_fail(err, TB_ENET, "%s", strerror(errno));
	if (n == 0)
		return tb_fail(err, TB_ENET, "it ended without an answer");
	buffer_add(&c->data, chunk, (size_t)n);
	return buffer_status(&c->data, err);
}

enum tb_status
child_hear(struct child *c, int64_t until_ms, char **out, size_t *out_len,
    struct tb_err *err)
{
	enum tb_status status;
	size_t seen = 0;
	char *end;

	buffer_clear(&c->data);
	c->handed = 0;
	do {
		status = read_on(c, until_ms, err);
		if (status != TB_OK)
			return status;
		end = c->data.len == seen ?
		    NULL :
		    memchr(c->data.data + seen, '\n', c->data.len - seen);
		seen = c->data.len;
		if ((end == NULL ? seen : (size_t)(end - c->data.data)) >
		    c->line_max)
			return tb_fail(err, TB_EINVAL,
			    "a line longer than %zu bytes", c->line_max);
	} while (end == NULL);
	*end = '\0';
	*out = c->data.data;
	*out_len = (size_t)(end - c->data.data);
	c->handed = *out_len + 1;
	return TB_OK;
}

/* ------------------------------------------------------------------- end -- */

static bool
is_gone(struct child *c)
{
	pid_t got;

	do
		got = waitpid(c->pid, NULL, WNOHANG);
	while (got == -1 && errno == EINTR);
	if (got == 0)
		return false;
	c->pid = 0; /* reaped, or not ours to reap */
	return true;
}

bool
child_leave(struct child *c, int64_t until_ms)
{
	const struct timespec poll = { .tv_nsec = 1000000L };

	close_fd(&c->in);
	while (c->pid != 0 && !is_gone(c)) {
		if (instant_boot_ms() >= until_ms)
			return false;
		(void)nanosleep(&poll, NULL);
	}
	close_fd(&c->out);
	return true;
}

void
child_kill(struct child *c)
{
	close_fd(&c->in);
	close_fd(&c->out);
	if (c->pid == 0)
		return;
	(void)kill(c->pid, SIGKILL);
	while (waitpid(c->pid, NULL, 0) == -1 && errno == EINTR)
		;
	c->pid = 0;
}

void
child_release(struct child *c)
{
	close_fd(&c->in);
	close_fd(&c->out);
	buffer_release(&c->data);
}
