/*
 * counted: a process that ends by _exit(), or is about to be killed after its
 * pipe was closed, writes the counters of "make coverage" as others do; a
 * sandbox lets it.  A process without descriptors can do so as root only.
 *
 * Linked into a coverage run's programs, in front of three functions
 * (ld --wrap); into nothing else.
 */

#include <signal.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>

#include "base/sandbox.h"

#pragma weak sandbox_allow /* of programs that have it */

#define PATIENCE_MS 100 /* for who hears that its pipe was closed */

/* The library's names, and the linker's. */
/* NOLINTBEGIN(bugprone-reserved-identifier, cert-dcl37-c,
   readability-identifier-naming) */
void __gcov_dump(void);
_Noreturn void __real__exit(int status);
_Noreturn void __wrap__exit(int status);
int __real_kill(pid_t pid, int sig);
int __wrap_kill(pid_t pid, int sig);
bool __real_sandbox_enter(struct sandbox *s) __attribute__((weak));
bool __wrap_sandbox_enter(struct sandbox *s);
/* NOLINTEND(bugprone-reserved-identifier, cert-dcl37-c,
   readability-identifier-naming) */

_Noreturn void
__wrap__exit(int status)
{
	const struct rlimit files = { 64, 64 };
	const struct rlimit bytes = { RLIM_INFINITY, RLIM_INFINITY };

	(void)setrlimit(RLIMIT_NOFILE, &files);
	(void)setrlimit(RLIMIT_FSIZE, &bytes);
	__gcov_dump();
	__real__exit(status);
}

int
__wrap_kill(pid_t pid, int sig)
{
	const struct timespec ms = { .tv_nsec = 1000000 };
	siginfo_t info = { .si_pid = 0 };

	for (int i = 0; sig == SIGKILL && i < PATIENCE_MS; i++) {
		if (waitid(P_PID, (id_t)pid, &info,
			WEXITED | WNOHANG | WNOWAIT) != 0 ||
		    info.si_pid != 0)
			break;
		(void)nanosleep(&ms, NULL);
	}
	return __real_kill(pid, sig);
}

bool
__wrap_sandbox_enter(struct sandbox *s)
{
	sandbox_allow(s, COUNTED_DIR, SANDBOX_CHANGE);
	return __real_sandbox_enter(s);
}
