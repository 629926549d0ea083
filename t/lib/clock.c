/*
 * clock: a wall clock that is somewhere else, for what runs with
 * LD_PRELOAD=build/t/clock.so.  The file that $TB_CLOCK names says how many
 * nanoseconds it is ahead; it is read once a process.  Clocks for durations
 * stay as they are.
 *
 * With TB_CLOCK_HASTY in the environment nobody sleeps: whoever would is told
 * by every clock that it has.
 */

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S INT64_C(1000000000)

static int64_t ahead_ns, slept_ns;
static int hasty;

__attribute__((constructor)) static void
read_clock(void)
{
	const char *path = getenv("TB_CLOCK");
	char text[32] = "";
	int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);

	hasty = getenv("TB_CLOCK_HASTY") != NULL;
	if (fd == -1)
		return;
	if (read(fd, text, sizeof(text) - 1) > 0)
		ahead_ns = strtoll(text, NULL, 10);
	(void)close(fd);
}

static int64_t
now_ns(void)
{
	struct timespec now = { 0 };

	(void)syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec + ahead_ns +
	    slept_ns;
}

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */

int
clock_gettime(clockid_t clock, struct timespec *out)
{
	int64_t ns;

	if (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE) {
		if (syscall(SYS_clock_gettime, clock, out) != 0)
			return -1;
		ns = (int64_t)out->tv_sec * NS_PER_S + out->tv_nsec + slept_ns;
	} else {
		ns = now_ns();
	}
	out->tv_sec = ns / NS_PER_S;
	out->tv_nsec = ns % NS_PER_S;
	return 0;
}

int
gettimeofday(struct timeval *restrict out, void *restrict zone)
{
	int64_t ns = now_ns();

	(void)zone;
	out->tv_sec = ns / NS_PER_S;
	out->tv_usec = ns % NS_PER_S / 1000;
	return 0;
}

time_t
time(time_t *out)
{
	time_t s = now_ns() / NS_PER_S;

	if (out != NULL)
		*out = s;
	return s;
}

int
nanosleep(const struct timespec *asked, struct timespec *left)
{
	if (!hasty)
		return (int)syscall(SYS_nanosleep, asked, left);
	slept_ns += (int64_t)asked->tv_sec * NS_PER_S + asked->tv_nsec;
	return 0;
}

int
usleep(useconds_t us)
{
	const struct timespec asked = { .tv_sec = us / 1000000,
		.tv_nsec = us % 1000000 * 1000L };

	return nanosleep(&asked, NULL);
}

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
