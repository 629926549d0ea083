/*
 * nomem: memory that runs out, for what runs with LD_PRELOAD=build/t/nomem.so.
 * $TB_NOMEM says which allocation of the process fails, counted from 1; with a
 * + all behind it fail too.  $TB_NOMEM_COUNT names a file that is told at the
 * end how many there were.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c) */
/* NOLINTBEGIN(readability-identifier-naming) */
/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */

/* The C library's own. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);

static long count, fails_at;
static bool stays;

__attribute__((constructor)) static void
read_order(void)
{
	const char *text = getenv("TB_NOMEM");
	char *end;

	if (text == NULL)
		return;
	fails_at = strtol(text, &end, 10);
	stays = *end == '+';
	count = 0;
}

__attribute__((destructor)) static void
tell_count(void)
{
	const char *path = getenv("TB_NOMEM_COUNT");
	char text[32];
	int fd, len;

	if (path == NULL)
		return;
	len = snprintf(text, sizeof(text), "%ld\n", count);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd == -1 || write(fd, text, (size_t)len) != len)
		return;
	(void)close(fd);
}

static bool
is_out(void)
{
	count++;
	if (fails_at == 0 || count < fails_at || (count > fails_at && !stays))
		return false;
	errno = ENOMEM;
	return true;
}

void *
malloc(size_t size)
{
	return is_out() ? NULL : __libc_malloc(size);
}

void *
calloc(size_t n, size_t size)
{
	return is_out() ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *p, size_t size)
{
	return is_out() ? NULL : __libc_realloc(p, size);
}

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
/* NOLINTEND(readability-identifier-naming) */
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c) */
