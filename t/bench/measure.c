/*
 * measure: what processes cost, in rounds that take turns.
 *
 *	measure ROUNDS <jobs
 *
 * A job is a line of four fields with tabs between: its name, the file that
 * is its standard input ("%d" in it is the round, from 1; "-" is none), a
 * command of sh that is run before it each time and not measured ("-" for
 * none), and the command itself: words with single blanks between, no shell.
 * All jobs run once a round, so that a busy machine is busy for all of them.
 *
 * A line a job goes out: name, median and least user and system time in
 * microseconds, peak memory in KiB, and how often it did not exit with 0.
 */

#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define JOBS_MAX 64
#define ROUNDS_MAX 1000
#define WORDS_MAX 32
#define JOB_MAX 4096

struct job {
	char line[JOB_MAX]; /* what the rest points into */
	const char *name, *input, *prepare;
	char *words[WORDS_MAX + 1];
	long us[ROUNDS_MAX];
	long kib;
	int failures;
};

static void
fail(const char *what, const char *which)
{
	fprintf(stderr, "measure: %s: %s\n", what, which);
	exit(1);
}

static bool
read_job(struct job *j, FILE *file)
{
	char *rest = j->line, *command, *word;
	size_t n = 0;

	if (fgets(j->line, sizeof(j->line), file) == NULL)
		return false;
	j->line[strcspn(j->line, "\n")] = '\0';
	j->name = strsep(&rest, "\t");
	j->input = strsep(&rest, "\t");
	j->prepare = strsep(&rest, "\t");
	command = rest;
	if (command == NULL)
		fail("expected four fields", j->name);
	while ((word = strsep(&command, " ")) != NULL) {
		if (n == WORDS_MAX)
			fail("too many words", j->name);
		j->words[n++] = word;
	}
	j->words[n] = NULL;
	return true;
}

/* The input of this round, its "%d" replaced. */
static void
input_of(const struct job *j, int round, char *out, size_t size)
{
	const char *mark = strstr(j->input, "%d");

	if (strcmp(j->input, "-") == 0)
		snprintf(out, size, "/dev/null");
	else if (mark == NULL)
		snprintf(out, size, "%s", j->input);
	else
		snprintf(out, size, "%.*s%d%s", (int)(mark - j->input),
		    j->input, round, mark + 2);
}

static long
microseconds(struct timeval t)
{
	return t.tv_sec * 1000000L + t.tv_usec;
}

static void
run(struct job *j, int round)
{
	posix_spawn_file_actions_t actions;
	char input[JOB_MAX];
	struct rusage used;
	int status;
	pid_t pid;

	if (strcmp(j->prepare, "-") != 0 && system(j->prepare) != 0)
		fail("cannot prepare", j->prepare);
	input_of(j, round, input, sizeof(input));
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	if (posix_spawnp(&pid, j->words[0], &actions, NULL, j->words,
		environ) != 0)
		fail("cannot start", j->words[0]);
	posix_spawn_file_actions_destroy(&actions);
	if (wait4(pid, &status, 0, &used) != pid)
		fail("lost", j->words[0]);
	j->failures += status != 0;
	j->us[round - 1] =
	    microseconds(used.ru_utime) + microseconds(used.ru_stime);
	if (used.ru_maxrss > j->kib)
		j->kib = used.ru_maxrss;
}

static int
compare(const void *a, const void *b)
{
	long x = *(const long *)a, y = *(const long *)b;

	return (x > y) - (x < y);
}

int
main(int argc, char *argv[])
{
	static struct job job[JOBS_MAX];
	long rounds = argc == 2 ? strtol(argv[1], NULL, 10) : 0;
	int count = 0;

	if (rounds < 1 || rounds > ROUNDS_MAX)
		fail("usage", "measure ROUNDS <jobs");
	while (count < JOBS_MAX && read_job(&job[count], stdin))
		count++;
	for (int round = 1; round <= (int)rounds; round++)
		for (int i = 0; i < count; i++)
			run(&job[i], round);
	for (int i = 0; i < count; i++) {
		qsort(job[i].us, (size_t)rounds, sizeof(long), compare);
		printf("%s\t%ld\t%ld\t%ld\t%d\n", job[i].name,
		    job[i].us[rounds / 2], job[i].us[0], job[i].kib,
		    job[i].failures);
	}
	return 0;
}
