/*
 * killat: run a command and kill it at its n-th system call.
 *
 *	killat N COMMAND [ARG ...]
 *
 * Every system call stops twice, before and after the kernel did its part;
 * N counts both.  N 0 kills nothing.  What happened goes to the file named by
 * $KILLAT_REPORT: "killed", or "ended N" with the number of stops.
 *
 * exit: 137 when it was killed, else the command's
 */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static int
report(const char *what, long stops)
{
	const char *path = getenv("KILLAT_REPORT");
	FILE *file = path == NULL ? NULL : fopen(path, "w");

	if (file == NULL)
		return 1;
	fprintf(file, "%s %ld\n", what, stops);
	return fclose(file) == 0 ? 0 : 1;
}

static void
become(char *argv[])
{
	(void)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	(void)raise(SIGSTOP);
	(void)execvp(argv[0], argv);
	perror(argv[0]);
	_exit(127);
}

/* Let the child go on to its next stop, passing a signal that it was sent. */
static int
resume(pid_t child, int status)
{
	int sig = WSTOPSIG(status);

	if (sig == SIGTRAP || sig == (SIGTRAP | 0x80) || sig == SIGSTOP)
		sig = 0;
	return ptrace(PTRACE_SYSCALL, child, NULL, (long)sig) == 0;
}

int
main(int argc, char *argv[])
{
	long at, stops = 0;
	int status;
	pid_t child;

	if (argc < 3)
		return 2;
	at = strtol(argv[1], NULL, 10);
	child = fork();
	if (child == 0)
		become(argv + 2);
	if (child == -1 || waitpid(child, &status, 0) != child)
		return 126;
	(void)ptrace(PTRACE_SETOPTIONS, child, NULL,
	    (long)(PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL));
	while (resume(child, status) && waitpid(child, &status, 0) == child &&
	    WIFSTOPPED(status)) {
		if (WSTOPSIG(status) != (SIGTRAP | 0x80) || ++stops != at)
			continue;
		(void)kill(child, SIGKILL);
		(void)waitpid(child, &status, 0);
		return report("killed", stops) == 0 ? 137 : 126;
	}
	if (report("ended", stops) != 0)
		return 126;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
