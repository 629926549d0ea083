/*
 * The send lock: a file that cannot be had, and one that another run holds.
 */

#include "order/lock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

static char folder[64] = "/tmp/tb-lock-XXXXXX";
static struct tb_err err;

static void
lock_fails(const char *path, enum tb_status status, const char *what)
{
	struct send_lock lock = { .fd = -1 };

	tb_err_clear(&err);
	(void)lock_init(&lock, path, &err);
	is_int((int)lock_take(&lock, &err), (int)status, what);
	ok(err.msg[0] != '\0', "%s", err.msg);
	lock_free(&lock); /* not held: fine */
	lock_close(&lock);
}

static void
test_lock_files(void)
{
	char path[160], file[200], longest[LOCK_PATH_MAX + 1];
	struct send_lock lock = { .fd = -1 };

	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	is_int((int)lock_init(&lock, longest, &err), TB_ECONFIG,
	    "a path that is too long");
	snprintf(path, sizeof(path), "%s/no/where", folder);
	lock_fails(path, TB_EIO, "a folder that is not there");
	snprintf(path, sizeof(path), "%s/link", folder);
	snprintf(file, sizeof(file), "%s.lock", path);
	if (symlink("/dev/null", file) != 0)
		ok(false, "symlink");
	lock_fails(path, TB_EPERM, "a symbolic link");
	if (geteuid() != 0) {
		skip("only root is somebody else at will");
		return;
	}
	snprintf(path, sizeof(path), "%s/closed", folder);
	if (mkdir(path, 0700) != 0 || seteuid(65534) != 0)
		ok(false, "mkdir");
	snprintf(path, sizeof(path), "%s/closed/db", folder);
	lock_fails(path, TB_EPERM, "a folder that is another's");
	if (seteuid(0) != 0)
		ok(false, "seteuid");
}

static void
test_lock_is_busy(void)
{
	char path[160], file[200];
	struct send_lock a = { .fd = -1 }, b = { .fd = -1, .timeout_ms = 25 };
	volatile sig_atomic_t stop = 0;

	snprintf(path, sizeof(path), "%s/busy", folder);
	snprintf(file, sizeof(file), "%s.lock", path);
	ok(lock_init(&a, path, &err) == TB_OK && lock_take(&a, &err) == TB_OK,
	    "one takes the lock");
	(void)lock_init(&b, path, &err);
	is_int((int)lock_take(&b, &err), TB_EBUSY, "the other waits in vain");
	ok(strstr(err.msg, "(pid ") != NULL, "%s", err.msg);
	if (truncate(file, 0) != 0)
		ok(false, "truncate");
	is_int((int)lock_take(&b, &err), TB_EBUSY, "and once more");
	ok(strstr(err.msg, "it has not signed") != NULL, "%s", err.msg);
	b.stop = &stop;
	b.timeout_ms = 0;
	is_int((int)lock_take(&b, &err), TB_EBUSY, "not stopped: in vain");
	stop = 1;
	b.timeout_ms = 3600000;
	is_int((int)lock_take(&b, &err), TB_EBUSY, "a signal ends an hour");
	ok(strstr(err.msg, "stopped while waiting") != NULL, "%s", err.msg);
	lock_close(&a);
	is_int((int)lock_take(&b, &err), TB_OK, "when it is free, it is had");
	is_int((int)lock_take(&b, &err), TB_OK, "by who has it, too");
	lock_close(&b);
	b.fd = 1 << 20;
	is_int((int)lock_take(&b, &err), TB_EIO, "a descriptor that is none");
}

int
main(void)
{
	char command[80];

	if (mkdtemp(folder) == NULL)
		abort();
	test_lock_files();
	test_lock_is_busy();
	snprintf(command, sizeof(command), "rm -r %s", folder);
	if (system(command) != 0)
		printf("# %s stays behind\n", folder);
	return tap_done();
}
