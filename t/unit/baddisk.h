#ifndef BADDISK_H
#define BADDISK_H

/*
 * baddisk: a disk beneath SQLite that fails once: as any statement begins, or
 * after a COMMIT that took place and says that it did not.  ROLLBACK is spared
 * unless a test wants it.
 *
 * sqlite3_step() and sqlite3_prepare_v3() of the test stand in front of the
 * library's.
 */

#include <dlfcn.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */

/* What is written here outlives no test: nobody waits for a real disk. */
int
fsync(int fd)
{
	(void)fd;
	return 0;
}

int
fdatasync(int fd)
{
	(void)fd;
	return 0;
}

static struct {
	int countdown; /* statements until it fails; 0: it is well */
	bool failed;
	bool after_commit;
	bool stays; /* it is not well again after that */
	bool rollback_too;
} baddisk;

static bool
baddisk_does(sqlite3_stmt *stmt, const char *what)
{
	const char *text = sqlite3_sql(stmt);

	return text != NULL && strcmp(text, what) == 0;
}

static bool
baddisk_is_next(bool is_commit)
{
	if (baddisk.countdown == 0 || (baddisk.after_commit && !is_commit) ||
	    --baddisk.countdown > 0)
		return false;
	baddisk.failed = true;
	baddisk.countdown = baddisk.stays;
	return true;
}

int
sqlite3_step(sqlite3_stmt *stmt)
{
	static int (*library)(sqlite3_stmt *);

	if (library == NULL)
		*(void **)&library = dlsym(RTLD_NEXT, "sqlite3_step");
	if (sqlite3_stmt_busy(stmt) ||
	    (!baddisk.rollback_too && baddisk_does(stmt, "ROLLBACK")) ||
	    !baddisk_is_next(baddisk_does(stmt, "COMMIT")))
		return library(stmt);
	if (baddisk.after_commit)
		(void)library(stmt);
	return SQLITE_IOERR;
}

int
sqlite3_prepare_v3(sqlite3 *handle, const char *text, int len,
    unsigned int flags, sqlite3_stmt **out, const char **tail)
{
	static int (*library)(sqlite3 *, const char *, int, unsigned int,
	    sqlite3_stmt **, const char **);

	if (library == NULL)
		*(void **)&library = dlsym(RTLD_NEXT, "sqlite3_prepare_v3");
	if (!baddisk_is_next(false))
		return library(handle, text, len, flags, out, tail);
	*out = NULL;
	return SQLITE_IOERR;
}

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */

/* The next failure is at the n-th statement from now. */
static void
baddisk_fails_at(int n)
{
	baddisk.failed = false;
	baddisk.countdown = n;
}

static void
baddisk_heal(void)
{
	baddisk.countdown = 0;
}

#endif /* BADDISK_H */
