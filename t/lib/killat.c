/*
 * killat: run a command and kill it at its n-th system call.
 *
 *	killat [-cek] [-s SIGNAL] [-t COMMAND] N PROGRAM [ARG ...]
 *
 *	-c	   kill the processes that it has started, too
 *	-t COMMAND at that call the program stands still while sh(1) runs
 *		   COMMAND, and goes on then
 *	-k	   ... or is killed then
 *	-s SIGNAL  it gets this signal, a number, and goes on
 *	-e	   calls that wait, read what comes or take memory are not
 *		   counted: chance decides how many they are
 *
 * Every system call stops twice, before and after the kernel did its part;
 * N counts both: odd numbers are before.  N 0 does nothing.  What happened
 * goes to the file named by $KILLAT_REPORT: "killed N", "held N", or "ended N"
 * with the number of stops.
 *
 * exit: 137 when it was killed, else the program's
 */

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#define SYSCALL_STOP (SIGTRAP | 0x80) /* PTRACE_O_TRACESYSGOOD */

struct plan {
	long at;
	const char *then; /* NULL: nothing is run */
	int signal;	  /* 0: none */
	bool kills, with_children, steady;
};

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

/* Is it one of the calls whose number is chance? */
static bool
is_chance(unsigned long long call)
{
	static const unsigned calls[] = { SYS_brk, SYS_clock_gettime,
		SYS_clock_nanosleep, SYS_epoll_pwait, SYS_epoll_wait, SYS_flock,
		SYS_futex, SYS_getrandom, SYS_madvise, SYS_mmap, SYS_mprotect,
		SYS_mremap, SYS_munmap, SYS_nanosleep, SYS_poll, SYS_ppoll,
		SYS_pselect6, SYS_read, SYS_recvfrom, SYS_recvmsg,
		SYS_restart_syscall, SYS_select, SYS_wait4 };

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (call == calls[i])
			return true;
	return false;
}

/* Does the stop that the child makes count? */
static bool
counts(const struct plan *plan, pid_t child)
{
	static bool chance; /* of the call that it is in */
	struct __ptrace_syscall_info info = { 0 };

	if (!plan->steady)
		return true;
	if (ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof(info), &info) == -1)
		return true;
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
		chance = is_chance(info.entry.nr);
	return !chance;
}

/* Let the child go on to its next stop, passing a signal that it was sent. */
static int
resume(pid_t child, int status)
{
	int sig = WSTOPSIG(status);

	if (sig == SIGTRAP || sig == SYSCALL_STOP || sig == SIGSTOP)
		sig = 0;
	return ptrace(PTRACE_SYSCALL, child, NULL, (long)sig) == 0;
}

static void
kill_children(pid_t of)
{
	char path[64], *pid = NULL;
	size_t room = 0;
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%ld/task/%ld/children",
	    (long)of, (long)of);
	file = fopen(path, "r");
	if (file == NULL)
		return;
	while (getdelim(&pid, &room, ' ', file) > 1)
		(void)kill((pid_t)strtol(pid, NULL, 10), SIGKILL);
	free(pid);
	(void)fclose(file);
}

/* What is planned for this stop; whether the program goes on. */
static bool
strike(const struct plan *plan, pid_t child)
{
	if (plan->then != NULL && system(plan->then) == -1)
		perror("sh");
	if (plan->signal != 0)
		(void)kill(child, plan->signal);
	if (!plan->kills)
		return true;
	if (plan->with_children)
		kill_children(child);
	(void)kill(child, SIGKILL);
	return false;
}

static int
run(const struct plan *plan, char *argv[])
{
	long stops = 0;
	bool held = false;
	int status;
	pid_t child = fork();

	if (child == 0)
		become(argv);
	if (child == -1 || waitpid(child, &status, 0) != child)
		return 126;
	(void)ptrace(PTRACE_SETOPTIONS, child, NULL,
	    (long)(PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL));
	while (resume(child, status) && waitpid(child, &status, 0) == child &&
	    WIFSTOPPED(status)) {
		if (WSTOPSIG(status) != SYSCALL_STOP || !counts(plan, child) ||
		    ++stops != plan->at)
			continue;
		held = strike(plan, child);
		if (held)
			continue;
		(void)waitpid(child, &status, 0);
		return report("killed", stops) == 0 ? 137 : 126;
	}
	if (report(held ? "held" : "ended", stops) != 0)
		return 126;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int
main(int argc, char *argv[])
{
	struct plan plan = { .kills = true };
	bool kills = false;
	int ch;

	while ((ch = getopt(argc, argv, "+ceks:t:")) != -1) {
		if (ch == 'c')
			plan.with_children = true;
		else if (ch == 'k')
			kills = true;
		else if (ch == 's')
			plan.signal = (int)strtol(optarg, NULL, 10);
		else if (ch == 'e')
			plan.steady = true;
		else if (ch == 't')
			plan.then = optarg;
		else
			return 2;
	}
	if (argc - optind < 2)
		return 2;
	plan.kills = kills || (plan.then == NULL && plan.signal == 0);
	plan.at = strtol(argv[optind], NULL, 10);
	return run(&plan, argv + optind + 1);
}
