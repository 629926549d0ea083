#include "store/foreign_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/instant.h"
#include "store/db.h"

#define CHUNK 65536
#define HEADER_BYTES 100 /* of the database file */
#define WAIT_US 20000

/* Where SQLite's locks lie: os.h and wal.c of its sources. */
#define PENDING_BYTE 0x40000000
#define SHARED_FIRST (PENDING_BYTE + 2)
#define SHARED_SIZE 510
#define WAL_CHECKPOINT_BYTE 121
#define WAL_READ_FIRST 123
#define WAL_READ_SIZE 5

static enum tb_status
fail(const char *path, struct tb_err *err)
{
	int code = errno;
	enum tb_status status = TB_EIO;

	if (code == ENOENT || code == ENOTDIR)
		status = TB_ENOENT;
	else if (code == EACCES || code == EPERM || code == EROFS)
		status = TB_EPERM;
	return tb_fail(err, status, "%s: %s", path, strerror(code));
}

/* A shared lock; false where somebody's write lock is in the way. */
static bool
lock_shared(int fd, off_t start, off_t len)
{
	struct flock lock = { .l_type = F_RDLCK,
		.l_whence = SEEK_SET,
		.l_start = start,
		.l_len = len };

	/* A file system without locks has no writer that heeds them. */
	return fcntl(fd, F_OFD_SETLK, &lock) == 0 ||
	    (errno != EAGAIN && errno != EACCES);
}

static void
unlock(int fd, off_t start, off_t len)
{
	struct flock lock = { .l_type = F_UNLCK,
		.l_whence = SEEK_SET,
		.l_start = start,
		.l_len = len };

	(void)fcntl(fd, F_OFD_SETLK, &lock);
}

/* As a reader of SQLite comes in: past the one who waits to write. */
static bool
try_read_lock(int fd)
{
	bool got;

	if (!lock_shared(fd, PENDING_BYTE, 1))
		return false;
	got = lock_shared(fd, SHARED_FIRST, SHARED_SIZE);
	unlock(fd, PENDING_BYTE, 1);
	return got;
}

static bool
try_wal_lock(int fd)
{
	return lock_shared(fd, WAL_CHECKPOINT_BYTE, 1) &&
	    lock_shared(fd, WAL_READ_FIRST, WAL_READ_SIZE);
}

static enum tb_status
wait_for(bool (*try)(int), int fd, const char *path, struct tb_err *err)
{
	int64_t until_ms = instant_boot_ms() + db_busy_ms();

	while (!try(fd)) {
		if (instant_boot_ms() >= until_ms)
			return tb_fail(err, TB_EBUSY,
			    "%s: locked by a program that writes to it: try "
			    "again later",
			    path);
		(void)usleep(WAIT_US);
	}
	return TB_OK;
}

/* Refuse at once what is no database; the rest is SQLite's to judge. */
static enum tb_status
check_header(int fd, const char *path, bool *out_wal, struct tb_err *err)
{
	static const char magic[16] = "SQLite format 3";
	unsigned char head[HEADER_BYTES];
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) == -1)
		return fail(path, err);
	if (!S_ISREG(st.st_mode))
		return tb_fail(err, TB_EINVAL,
		    "%s: expected a database, found no regular file", path);
	if (st.st_size == 0)
		return tb_fail(err, TB_EINVAL,
		    "%s: empty: a file of no bytes is no database", path);
	n = pread(fd, head, sizeof(head), 0);
	if (n == -1)
		return fail(path, err);
	if ((size_t)n < sizeof(head) || memcmp(head, magic, sizeof(magic)) != 0)
		return tb_fail(err, TB_EINVAL, "%s: no SQLite database", path);
	*out_wal = head[18] == 2 || head[19] == 2;
	return TB_OK;
}

static enum tb_status
write_all(int fd, const char *bytes, size_t len, const char *path,
    struct tb_err *err)
{
	while (len > 0) {
		ssize_t n = write(fd, bytes, len);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return fail(path, err);
		bytes += n;
		len -= (size_t)n;
	}
	return TB_OK;
}

/* in: sum  NULL: not asked for */
static enum tb_status
copy_bytes(int from, const char *from_path, const char *to_path,
    struct digest *sum, int64_t *bytes, struct tb_err *err)
{
	char chunk[CHUNK];
	enum tb_status status = TB_OK;
	ssize_t n;
	int to = open(to_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (to == -1)
		return fail(to_path, err);
	*bytes = 0;
	while (status == TB_OK) {
		n = pread(from, chunk, sizeof(chunk), *bytes);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			status = fail(from_path, err);
		if (n <= 0)
			break;
		if (sum != NULL)
			digest_add(sum, chunk, (size_t)n);
		*bytes += n;
		status = write_all(to, chunk, (size_t)n, to_path, err);
	}
	if (close(to) == -1 && status == TB_OK)
		status = fail(to_path, err);
	return status;
}

static enum tb_status
path_with(char buf[static DRAFT_PATH_MAX], const char *path, const char *suffix,
    struct tb_err *err)
{
	int len = snprintf(buf, DRAFT_PATH_MAX, "%s%s", path, suffix);

	if (len < 0 || len >= DRAFT_PATH_MAX)
		return tb_fail(err, TB_EUSAGE,
		    "%.200s...: the path is too long", path);
	return TB_OK;
}

/* What stands beside the file under a suffix, if anything does. */
static enum tb_status
copy_beside(struct foreign_copy *copy, const char *real, const char *suffix,
    const char *word, struct tb_err *err)
{
	char from_path[DRAFT_PATH_MAX], to_path[DRAFT_PATH_MAX];
	enum tb_status status;
	int64_t bytes = 0;
	int from;

	status = path_with(from_path, real, suffix, err);
	if (status == TB_OK)
		status = path_with(to_path, copy->path, suffix, err);
	if (status != TB_OK)
		return status;
	from = open(from_path, O_RDONLY | O_CLOEXEC);
	if (from == -1)
		return errno == ENOENT ? TB_OK : fail(from_path, err);
	status = copy_bytes(from, from_path, to_path, NULL, &bytes, err);
	(void)close(from);
	if (bytes > 0)
		copy->recovered = word;
	return status;
}

/* Keep checkpoints out, where a process has the log open. */
static enum tb_status
lock_wal(const char *real, int *out_fd, struct tb_err *err)
{
	char path[DRAFT_PATH_MAX];
	enum tb_status status = path_with(path, real, "-shm", err);

	if (status != TB_OK)
		return status;
	*out_fd = open(path, O_RDONLY | O_CLOEXEC);
	if (*out_fd == -1)
		return TB_OK;
	return wait_for(try_wal_lock, *out_fd, real, err);
}

static enum tb_status
make_folder(struct foreign_copy *copy, const char *folder, struct tb_err *err)
{
	enum tb_status status;

	status = path_with(copy->folder, folder, "/tb-old-XXXXXX", err);
	if (status == TB_OK && mkdtemp(copy->folder) == NULL) {
		copy->folder[0] = '\0';
		return fail(folder, err);
	}
	if (status == TB_OK)
		status = path_with(copy->path, copy->folder, "/db", err);
	return status;
}

/* Everything under the locks that the caller's descriptors keep. */
static enum tb_status
copy_locked(struct foreign_copy *copy, int fd, const char *real, int *shm,
    struct tb_err *err)
{
	struct digest sum;
	enum tb_status status;
	bool wal = false;

	status = wait_for(try_read_lock, fd, real, err);
	if (status == TB_OK)
		status = check_header(fd, real, &wal, err);
	if (status == TB_OK && wal)
		status = lock_wal(real, shm, err);
	if (status != TB_OK)
		return status;
	digest_init(&sum);
	status = copy_bytes(fd, real, copy->path, &sum, &copy->bytes, err);
	digest_hex(&sum, copy->sha256);
	if (status == TB_OK)
		status = copy_beside(copy, real, "-journal", "journal", err);
	if (status == TB_OK && wal)
		status = copy_beside(copy, real, "-wal", "wal", err);
	return status;
}

enum tb_status
foreign_copy_make(struct foreign_copy *copy, const char *path,
    const char *folder, struct tb_err *err)
{
	char real[PATH_MAX];
	enum tb_status status;
	bool wal;
	int fd, shm = -1;

	*copy = (struct foreign_copy){ .recovered = "" };
	if (realpath(path, real) == NULL)
		return fail(path, err);
	fd = open(real, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd == -1)
		return fail(path, err);
	status = check_header(fd, path, &wal, err);
	if (status == TB_OK)
		status = make_folder(copy, folder, err);
	if (status == TB_OK)
		status = copy_locked(copy, fd, real, &shm, err);
	if (shm != -1)
		(void)close(shm);
	(void)close(fd);
	if (status != TB_OK)
		foreign_copy_discard(copy);
	return status;
}

void
foreign_copy_discard(struct foreign_copy *copy)
{
	static const char *const suffixes[] = { "", "-journal", "-wal",
		"-shm" };
	char path[DRAFT_PATH_MAX];
	struct tb_err ignored;

	if (copy->folder[0] == '\0')
		return;
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++)
		if (path_with(path, copy->path, suffixes[i], &ignored) == TB_OK)
			(void)unlink(path);
	(void)rmdir(copy->folder);
	copy->folder[0] = '\0';
}
