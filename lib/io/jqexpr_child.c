#include "io/jqexpr_child.h"

#include <errno.h>
#include <fcntl.h>
#include <jq.h>
#include <jv.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/sandbox.h"
#include "io/jqexpr_join.h"

#define FD 3	     /* where the socket is moved to */
#define PROGRAMS 128 /* compiled expressions that are kept: some KiB each */
#define JOINT_MAX (1 << 20) /* bytes of the program of those expected */

/*
 * A rule is a function of its input alone.  The line is not the user's: jq
 * allows include and import only in front of everything, so they are refused
 * by it too.
 */
#define PREFIX "def now: error(\"a rule knows no time but its candle's\"); "

/* An expression that was compiled. */
struct program {
	char text[JQEXPR_TEXT_MAX + 1];
	jq_state *jq; /* NULL: free */
};

/* Those that were expected, in one. */
static struct {
	const struct buffer *texts;
	jq_state *jq; /* NULL: not made */
} joint;

static struct program programs[PROGRAMS];
static unsigned int oldest; /* the next to make room */
static char expression[JQEXPR_TEXT_MAX + 1];
static char input[JQEXPR_INPUT_MAX + 1];
static struct jqexpr_reply reply;

/* All bytes, or the end of this process. */
static void
receive(void *to, size_t len)
{
	char *p = to;

	while (len > 0) {
		ssize_t n = recv(FD, p, len, 0);

		if (n > 0) {
			p += n;
			len -= (size_t)n;
		} else if (n == 0 || errno != EINTR) {
			_exit(0);
		}
	}
}

static void
send_reply(void)
{
	if (send(FD, &reply, sizeof(reply), MSG_NOSIGNAL) != sizeof(reply))
		_exit(0);
}

static void
on_no_memory(void *unused)
{
	(void)unused;
	reply = (struct jqexpr_reply){ .outcome = JQEXPR_NO_MEMORY };
	send_reply();
	_exit(0);
}

/* jq's words, on one line, without what only its own tool means. */
static void
tell(jv words)
{
	static const char *const noise[] = { " (Unix shell quoting issues?)",
		" at <top-level>, line ", "\n" };
	jv text = jv_get_kind(words) == JV_KIND_STRING ?
	    jv_copy(words) :
	    jv_dump_string(jv_copy(words), 0);
	const char *from = jv_string_value(text);

	if (strncmp(from, "jq: error: ", 11) == 0)
		from += 11;
	snprintf(reply.words, sizeof(reply.words), "%s", from);
	for (size_t i = 0; i < sizeof(noise) / sizeof(noise[0]); i++) {
		char *cut = strstr(reply.words, noise[i]);

		if (cut != NULL)
			*cut = '\0';
	}
	jv_free(text);
	jv_free(words);
}

/* jq complains more than once: the first says what is wrong. */
static void
on_error(void *unused, jv words)
{
	(void)unused;
	if (reply.words[0] == '\0')
		tell(words);
	else
		jv_free(words);
}

static void
ignore(void *unused, jv words)
{
	(void)unused;
	jv_free(words);
}

/* Without one of these jq 1.6 falls over at "input". */
static jv
no_input(jq_state *jq, void *unused)
{
	(void)jq;
	(void)unused;
	return jv_invalid();
}

/* A program compiled, NULL where it does not. */
static jq_state *
compile(const char *text)
{
	jq_state *jq = jq_init();

	if (jq == NULL)
		on_no_memory(NULL);
	jq_set_nomem_handler(jq, on_no_memory, NULL);
	jq_set_error_cb(jq, on_error, NULL);
	jq_set_debug_cb(jq, ignore, NULL);
	jq_set_input_cb(jq, no_input, NULL);
	jq_set_attr(jq, jv_string("JQ_LIBRARY_PATH"), jv_array());
	if (!jq_compile(jq, text))
		jq_teardown(&jq);
	return jq;
}

static void
join(void)
{
	struct buffer text;

	buffer_init(&text, JOINT_MAX);
	buffer_add_string(&text, PREFIX);
	jqexpr_join(joint.texts->data, joint.texts->len, &text);
	if (buffer_status(&text, NULL) == TB_OK)
		joint.jq = compile(text.data);
	buffer_release(&text);
	if (joint.jq == NULL)
		reply.outcome = JQEXPR_NOT_COMPILED;
}

/* The program of the expression alone, NULL where it does not compile. */
static jq_state *
find_program(void)
{
	char text[sizeof(PREFIX) + JQEXPR_TEXT_MAX];
	struct program *p = programs;
	jq_state *jq;

	for (; p < &programs[PROGRAMS] && p->jq != NULL; p++)
		if (strcmp(p->text, expression) == 0)
			return p->jq;
	snprintf(text, sizeof(text), "%s%s", PREFIX, expression);
	jq = compile(text);
	if (jq == NULL)
		return NULL;
	if (p == &programs[PROGRAMS]) {
		p = &programs[oldest++ % PROGRAMS];
		jq_teardown(&p->jq);
	}
	p->jq = jq;
	snprintf(p->text, sizeof(p->text), "%s", expression);
	return jq;
}

static void
take_number(jv value)
{
	jv text;

	if (!isfinite(jv_number_value(value))) {
		reply.outcome = JQEXPR_RAISED;
		snprintf(reply.words, sizeof(reply.words),
		    "gave a number that is not finite");
		return;
	}
	text = jv_dump_string(jv_copy(value), 0);
	snprintf(reply.value.number, sizeof(reply.value.number), "%s",
	    jv_string_value(text));
	jv_free(text);
}

static void
take_value(jv value)
{
	switch (jv_get_kind(value)) {
	case JV_KIND_NULL:
		reply.value.kind = JQEXPR_NULL;
		break;
	case JV_KIND_FALSE:
		reply.value.kind = JQEXPR_FALSE;
		break;
	case JV_KIND_TRUE:
		reply.value.kind = JQEXPR_TRUE;
		break;
	case JV_KIND_NUMBER:
		reply.value.kind = JQEXPR_NUMBER;
		take_number(value);
		break;
	case JV_KIND_INVALID:
	case JV_KIND_STRING:
	case JV_KIND_ARRAY:
	case JV_KIND_OBJECT:
		reply.value.kind = JQEXPR_OTHER;
		break;
	}
	jv_free(value);
}

/* The first output of the program over a value. */
static void
run(jq_state *jq, jv value)
{
	jq_start(jq, value, 0);
	value = jq_next(jq);
	if (jv_is_valid(value)) {
		take_value(value);
		return;
	}
	if (jv_invalid_has_msg(jv_copy(value))) {
		reply.outcome = JQEXPR_RAISED;
		tell(jv_invalid_get_msg(value));
		return;
	}
	jv_free(value);
	if (jq_halted(jq)) {
		reply.outcome = JQEXPR_RAISED;
		snprintf(reply.words, sizeof(reply.words), "halted");
	}
}

/* What the expression, joined or alone, gives over the input. */
static void
eval(size_t input_len)
{
	jq_state *jq;
	int n = -1;
	jv value;

	if (joint.jq != NULL)
		n = jqexpr_find(joint.texts->data, joint.texts->len,
		    expression);
	jq = n < 0 ? find_program() : joint.jq;
	if (jq == NULL) {
		reply.outcome = JQEXPR_NOT_COMPILED;
		return;
	}
	value = jv_parse_sized(input, (int)input_len);
	if (!jv_is_valid(value)) {
		reply.outcome = JQEXPR_RAISED;
		tell(jv_invalid_get_msg(value));
		return;
	}
	if (n >= 0)
		value = JV_ARRAY(jv_number(n), value);
	run(jq, value);
}

static void
limit(__rlimit_resource_t resource, rlim_t most)
{
	struct rlimit r = { .rlim_cur = most, .rlim_max = most };

	if (setrlimit(resource, &r) != 0)
		_exit(1);
}

/* Nothing to read, to write, to see or to wait for but the socket. */
static void
shut_in(int fd)
{
	struct sandbox s;

	for (int signo = 1; signo < NSIG; signo++)
		(void)signal(signo, SIG_DFL); /* KILL and STOP say no */
	if (fd != FD && dup2(fd, FD) != FD)
		_exit(1);
	if (close_range(0, FD - 1, 0) != 0 || close_range(FD + 1, ~0U, 0) != 0)
		_exit(1);
	if (clearenv() != 0 || setenv("HOME", "/nonexistent", 1) != 0)
		_exit(1);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_DUMPABLE, 0) != 0)
		_exit(1);
	sandbox_begin(&s);
	(void)sandbox_enter(&s); /* nor a name to remove, a process to stop */
	limit(RLIMIT_NOFILE, 0); /* not one file more */
	limit(RLIMIT_FSIZE, 0);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_STACK, 8 << 20);
#ifndef __SANITIZE_ADDRESS__ /* which maps terabytes */
	limit(RLIMIT_AS, JQEXPR_MEMORY_MAX);
#endif
}

/* Seconds of CPU time beyond those used: for when nobody watches any more. */
static void
allow_cpu_time(void)
{
	struct rlimit r = { .rlim_max = RLIM_INFINITY };
	struct rusage used;

	if (getrusage(RUSAGE_SELF, &used) != 0)
		_exit(1);
	r.rlim_cur = (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
	    JQEXPR_LIMIT_MS / 1000 + 2;
	if (setrlimit(RLIMIT_CPU, &r) != 0)
		_exit(1);
}

static void
grant(const struct jqexpr_request *request)
{
	reply = (struct jqexpr_reply){ .outcome = JQEXPR_DONE };
	switch (request->wish) {
	case JQEXPR_EVAL:
		eval(request->input_len);
		break;
	case JQEXPR_CHECK:
		if (find_program() == NULL)
			reply.outcome = JQEXPR_NOT_COMPILED;
		break;
	case JQEXPR_JOIN:
		join();
		break;
	}
}

_Noreturn void
jqexpr_serve(int fd, const struct buffer *expected)
{
	joint.texts = expected;
	shut_in(fd);
	for (;;) {
		struct jqexpr_request request;

		receive(&request, sizeof(request));
		if (request.expression_len > JQEXPR_TEXT_MAX ||
		    request.input_len > JQEXPR_INPUT_MAX)
			_exit(1);
		receive(expression, request.expression_len);
		expression[request.expression_len] = '\0';
		receive(input, request.input_len);
		allow_cpu_time();
		grant(&request);
		send_reply();
	}
}
