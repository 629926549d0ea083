#include "io/jqexpr.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/instant.h"
#include "io/jqexpr_child.h"
#include "io/jqexpr_join.h"

/* An expression that cost a child, and how it failed. */
struct death {
	char *expression;
	struct tb_err err;
};

struct jqexpr {
	pid_t child; /* 0: none */
	int fd;	     /* to it */
	int starts;
	struct death deaths[JQEXPR_RESTARTS_MAX + 1]; /* one a start at most */
	int death_count;
	struct buffer expected; /* texts, as jqexpr_join.h keeps them */
};

enum tb_status
jqexpr_open(struct jqexpr **out, struct tb_err *err)
{
	*out = calloc(1, sizeof(**out));
	if (*out == NULL)
		return tb_nomem(err);
	buffer_init(&(*out)->expected, JQEXPR_EXPECTED_MAX);
	return TB_OK;
}

void
jqexpr_expect(struct jqexpr *jq, const char *expression)
{
	struct buffer *b = &jq->expected;
	size_t len = strlen(expression);

	if (len <= JQEXPR_TEXT_MAX && len < b->max - b->len &&
	    jqexpr_can_join(expression) &&
	    jqexpr_find(b->data, b->len, expression) < 0)
		buffer_add(b, expression, len + 1);
}

/* End the child. returns: the signal it died of by itself, 0: none */
static int
reap(struct jqexpr *jq)
{
	int status = 0;

	if (jq->child == 0)
		return 0;
	(void)close(jq->fd); /* a socket: nothing is left to be written */
	(void)kill(jq->child, SIGKILL);
	while (waitpid(jq->child, &status, 0) < 0 && errno == EINTR)
		;
	jq->child = 0;
	return WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL ?
	    WTERMSIG(status) :
	    0;
}

void
jqexpr_close(struct jqexpr *jq)
{
	if (jq == NULL)
		return;
	(void)reap(jq);
	for (int i = 0; i < jq->death_count; i++)
		free(jq->deaths[i].expression);
	buffer_release(&jq->expected);
	free(jq);
}

static const struct death *
find_death(const struct jqexpr *jq, const char *expression)
{
	for (int i = 0; i < jq->death_count; i++)
		if (strcmp(jq->deaths[i].expression, expression) == 0)
			return &jq->deaths[i];
	return NULL;
}

/* Without memory for it the expression may cost one more child. */
static void
remember_death(struct jqexpr *jq, const char *expression,
    const struct tb_err *err)
{
	struct death *death = &jq->deaths[jq->death_count];

	death->expression = strdup(expression);
	if (death->expression == NULL)
		return;
	death->err = *err;
	jq->death_count++;
}

static enum tb_status
start_child(struct jqexpr *jq, struct tb_err *err)
{
	int fds[2];

	if (jq->starts > JQEXPR_RESTARTS_MAX)
		return tb_fail(err, TB_EIO,
		    "expressions ended their process %d times: no more are run",
		    jq->starts);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
		return tb_fail(err, TB_EIO, "cannot make a socket: %s",
		    strerror(errno));
	jq->child = fork();
	if (jq->child == 0)
		jqexpr_serve(fds[1], &jq->expected);
	(void)close(fds[1]);
	if (jq->child < 0) {
		jq->child = 0;
		(void)close(fds[0]);
		return tb_fail(err, TB_EIO, "cannot start a process: %s",
		    strerror(errno));
	}
	jq->fd = fds[0];
	jq->starts++;
	return TB_OK;
}

static bool
send_all(int fd, const void *bytes, size_t len)
{
	const char *p = bytes;

	while (len > 0) {
		ssize_t n = send(fd, p, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		p += n;
		len -= (size_t)n;
	}
	return true;
}

/* The child's end: what it died of. */
static enum tb_status
fail_death(struct jqexpr *jq, struct tb_err *err)
{
	int signo = reap(jq);

	if (signo == SIGXCPU)
		return tb_fail(err, TB_EINVAL, "took longer than %d ms",
		    JQEXPR_LIMIT_MS);
	return tb_fail(err, TB_EIO,
	    "ended its process (signal %d): too deep or too large", signo);
}

/* The whole reply within the limit. */
static enum tb_status
receive(struct jqexpr *jq, struct jqexpr_reply *reply, struct tb_err *err)
{
	int64_t until_ms = instant_boot_ms() + JQEXPR_LIMIT_MS;
	char *p = (char *)reply;
	size_t len = sizeof(*reply);

	while (len > 0) {
		struct pollfd ready = { .fd = jq->fd, .events = POLLIN };
		int64_t left_ms = until_ms - instant_boot_ms();
		ssize_t n;

		if (left_ms <= 0 || poll(&ready, 1, (int)left_ms) == 0) {
			(void)reap(jq);
			return tb_fail(err, TB_EINVAL, "took longer than %d ms",
			    JQEXPR_LIMIT_MS);
		}
		n = recv(jq->fd, p, len, MSG_DONTWAIT);
		if (n == 0 || (n < 0 && errno == ECONNRESET))
			return fail_death(jq, err);
		if (n > 0) {
			p += n;
			len -= (size_t)n;
		}
	}
	return TB_OK;
}

/* Send the request to a child that runs, and take its answer. */
static enum tb_status
exchange(struct jqexpr *jq, const struct jqexpr_request *request,
    const char *expression, const char *input, struct jqexpr_reply *reply,
    struct tb_err *err)
{
	enum tb_status status;

	if (!send_all(jq->fd, request, sizeof(*request)) ||
	    !send_all(jq->fd, expression, request->expression_len) ||
	    !send_all(jq->fd, input, request->input_len))
		return fail_death(jq, err);
	status = receive(jq, reply, err);
	if (status != TB_OK)
		return status;
	switch (reply->outcome) {
	case JQEXPR_DONE:
		return TB_OK;
	case JQEXPR_NOT_COMPILED:
		return tb_fail(err, TB_ECONFIG, "%s", reply->words);
	case JQEXPR_RAISED:
		return tb_fail(err, TB_EINVAL, "%s", reply->words);
	case JQEXPR_NO_MEMORY:
		(void)reap(jq);
		return tb_fail(err, TB_EINVAL, "needs more memory than %d MiB",
		    JQEXPR_MEMORY_MAX >> 20);
	}
	return tb_fail(err, TB_EBUG, "an answer of no kind");
}

/* A child that has what is expected ready: together, or one by one after all,
 * where together they don't compile or take the child with them. */
static enum tb_status
start(struct jqexpr *jq, struct tb_err *err)
{
	const struct jqexpr_request join = { .wish = JQEXPR_JOIN };
	struct jqexpr_reply reply;
	enum tb_status status = start_child(jq, err);

	if (status != TB_OK || jq->expected.len == 0 ||
	    exchange(jq, &join, "", "", &reply, NULL) == TB_OK)
		return status;
	buffer_clear(&jq->expected);
	return jq->child == 0 ? start_child(jq, err) : TB_OK;
}

static enum tb_status
ask(struct jqexpr *jq, const struct jqexpr_request *request,
    const char *expression, const char *input, struct jqexpr_reply *reply,
    struct tb_err *err)
{
	const struct death *death = find_death(jq, expression);
	struct tb_err words = { 0 };
	enum tb_status status = TB_OK;

	if (death != NULL)
		return tb_fail(err, death->err.status, "%s", death->err.msg);
	if (jq->child == 0)
		status = start(jq, err);
	if (status != TB_OK)
		return status;
	status = exchange(jq, request, expression, input, reply, &words);
	if (jq->child == 0)
		remember_death(jq, expression, &words);
	if (status != TB_OK && err != NULL)
		*err = words;
	return status;
}

static enum tb_status
check_length(const char *expression, struct tb_err *err)
{
	if (strlen(expression) > JQEXPR_TEXT_MAX)
		return tb_fail(err, TB_ECONFIG,
		    "an expression of %zu bytes, expected at most %d",
		    strlen(expression), JQEXPR_TEXT_MAX);
	return TB_OK;
}

enum tb_status
jqexpr_check(struct jqexpr *jq, const char *expression, struct tb_err *err)
{
	struct jqexpr_request request = {
		.wish = JQEXPR_CHECK,
		.expression_len = (uint32_t)strlen(expression),
	};
	struct jqexpr_reply reply;
	enum tb_status status = check_length(expression, err);

	if (status == TB_OK)
		status = ask(jq, &request, expression, "", &reply, err);
	return status;
}

enum tb_status
jqexpr_eval(struct jqexpr *jq, const char *expression, const char *input,
    size_t input_len, struct jqexpr_value *out, struct tb_err *err)
{
	struct jqexpr_request request = {
		.expression_len = (uint32_t)strlen(expression),
		.input_len = (uint32_t)input_len,
	};
	struct jqexpr_reply reply;
	enum tb_status status = check_length(expression, err);

	if (status == TB_OK && input_len > JQEXPR_INPUT_MAX)
		return tb_fail(err, TB_EINVAL,
		    "an input of %zu bytes, expected at most %d", input_len,
		    JQEXPR_INPUT_MAX);
	if (status == TB_OK)
		status = ask(jq, &request, expression, input, &reply, err);
	if (status == TB_OK)
		*out = reply.value;
	return status;
}
