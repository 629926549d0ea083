#include "order/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/instant.h"

#define LOCK_POLL_MS 10
#define LOCK_HOLDER_MAX 64 /* bytes of the text in the file */

enum tb_status
lock_init(struct send_lock *lock, const char *db_path, struct tb_err *err)
{
	int len;

	lock->fd = -1;
	lock->held = false;
	len = snprintf(lock->path, sizeof(lock->path), "%s.lock", db_path);
	if ((size_t)len >= sizeof(lock->path))
		return tb_fail(err, TB_ECONFIG,
		    "the path of the database is too long");
	return TB_OK;
}

static enum tb_status
open_file(struct send_lock *lock, struct tb_err *err)
{
	lock->fd = open(lock->path,
	    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0600);
	if (lock->fd != -1)
		return TB_OK;
	if (errno == ELOOP)
		return tb_fail(err, TB_EPERM,
		    "%s is a symbolic link: remove it", lock->path);
	return tb_fail(err, errno == EACCES ? TB_EPERM : TB_EIO, "%s: %s",
	    lock->path, strerror(errno));
}

/* Who holds it, as the file tells; "" where it tells nothing. */
static void
holder(const struct send_lock *lock, char text[static LOCK_HOLDER_MAX])
{
	ssize_t n;

	memset(text, 0, LOCK_HOLDER_MAX);
	n = pread(lock->fd, text, LOCK_HOLDER_MAX - 1, 0);
	(void)n;
	text[strcspn(text, "\n")] = '\0';
}

static void
sign(const struct send_lock *lock)
{
	char at[INSTANT_STRLEN], text[LOCK_HOLDER_MAX];
	ssize_t n;
	int len;

	instant_format_s(instant_floor_s(instant_now_us()), at);
	/* One write, and what a longer pid left behind is blanked. */
	len = snprintf(text, sizeof(text), "pid %ld since %s\n%8s",
	    (long)getpid(), at, "");
	/* For messages only: a full disk may not stop the one who sells. */
	n = pwrite(lock->fd, text, (size_t)len, 0);
	(void)n;
}

static void
nap(void)
{
	const struct timespec poll = { .tv_nsec = LOCK_POLL_MS * 1000000L };

	(void)nanosleep(&poll, NULL);
}

enum tb_status
lock_take(struct send_lock *lock, struct tb_err *err)
{
	int64_t until_ms = instant_boot_ms() + lock->timeout_ms;
	char text[LOCK_HOLDER_MAX];

	if (lock->fd == -1 && open_file(lock, err) != TB_OK)
		return err->status;
	while (flock(lock->fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK)
			return tb_fail(err, TB_EIO, "%s: %s", lock->path,
			    strerror(errno));
		if (lock->stop != NULL && *lock->stop != 0)
			return tb_fail(err, TB_EBUSY,
			    "stopped while waiting for the send lock");
		if (instant_boot_ms() >= until_ms) {
			holder(lock, text);
			return tb_fail(err, TB_EBUSY,
			    "another run is sending (%s): try again",
			    text[0] == '\0' ? "it has not signed" : text);
		}
		nap();
	}
	lock->held = true;
	sign(lock);
	return TB_OK;
}

void
lock_free(struct send_lock *lock)
{
	if (!lock->held)
		return;
	(void)flock(lock->fd, LOCK_UN);
	lock->held = false;
}

void
lock_close(struct send_lock *lock)
{
	if (lock->fd != -1)
		(void)close(lock->fd);
	lock->fd = -1;
	lock->held = false;
}
