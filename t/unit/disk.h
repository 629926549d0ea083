#ifndef DISK_H
#define DISK_H

/*
 * disk: the disk below SQLite, as tests see it: SQLite's own unix VFS behind
 * one that writes down what is done to the files of a folder (disklog.h), and
 * fails where it is told to.  Nothing is synced in truth.
 *
 *	disk_register();
 *	disk_watch(folder);	from now on, all is written down
 *	...open, work, disk_mark(), close...
 *	for (each cut in 0..disk.count, each lost in 0..disk_images(cut))
 *		disk_image(cut, lost, into);
 */

#include <sqlite3.h>

#include "disklog.h"

/* ------------------------------------------------------------- failures -- */

enum disk_call {
	DISK_OPEN,
	DISK_READ,
	DISK_WRITE,
	DISK_TRUNCATE,
	DISK_SYNC,
	DISK_SIZE,
	DISK_LOCK,
	DISK_UNLOCK,
	DISK_DELETE,
	DISK_ACCESS,
	DISK_CALLS,
};

static struct {
	enum disk_call call;
	int countdown; /* calls until it fails; 0: all is well */
	int code;      /* what SQLite is told */
	bool stays;    /* it fails from then on */
	bool failed;
} disk_trouble;

/* disk_fail: the n-th call of a kind fails, and all behind it where it stays.
 * n = 0: the disk is well. */
__attribute__((unused)) static void
disk_fail(enum disk_call call, int n, int code, bool stays)
{
	disk_trouble.call = call;
	disk_trouble.countdown = n;
	disk_trouble.code = code;
	disk_trouble.stays = stays;
	disk_trouble.failed = false;
}

static int
disk_judge(enum disk_call call)
{
	if (call != disk_trouble.call || disk_trouble.countdown == 0)
		return SQLITE_OK;
	if (disk_trouble.countdown > 1) {
		disk_trouble.countdown--;
		return SQLITE_OK;
	}
	disk_trouble.failed = true;
	disk_trouble.countdown = disk_trouble.stays;
	return disk_trouble.code;
}

/* ------------------------------------------------------------- the VFS ---- */

struct disk_file {
	sqlite3_file base; /* first: files are cast */
	int inode;	   /* -1: of no interest */
	bool sync_folder;  /* with the first sync, as the unix VFS does */
	sqlite3_file *real;
};

static sqlite3_vfs *disk_unix;

static struct disk_file *
disk_file_of(sqlite3_file *f)
{
	return (struct disk_file *)(void *)f;
}

static int
disk_close(sqlite3_file *f)
{
	sqlite3_file *real = disk_file_of(f)->real;

	return real->pMethods->xClose(real);
}

static int
disk_read(sqlite3_file *f, void *buf, int len, sqlite3_int64 offset)
{
	sqlite3_file *real = disk_file_of(f)->real;
	int code = disk_judge(DISK_READ);

	return code != SQLITE_OK ?
	    code :
	    real->pMethods->xRead(real, buf, len, offset);
}

/* One that fails may have got half of the way. */
static int
disk_write(sqlite3_file *f, const void *buf, int len, sqlite3_int64 offset)
{
	struct disk_file *file = disk_file_of(f);
	int code = disk_judge(DISK_WRITE), got;

	if (code != SQLITE_OK)
		len /= 2;
	if (file->inode >= 0 && disk.folder[0] != '\0') {
		struct disk_op *op = disk_put(DISK_DID_WRITE, file->inode);

		op->offset = offset;
		op->len = (size_t)len;
		op->data = malloc((size_t)len + 1);
		if (op->data == NULL)
			abort();
		memcpy(op->data, buf, (size_t)len);
	}
	got = file->real->pMethods->xWrite(file->real, buf, len, offset);
	return code != SQLITE_OK ? code : got;
}

static int
disk_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	struct disk_file *file = disk_file_of(f);
	int code = disk_judge(DISK_TRUNCATE);

	if (code != SQLITE_OK)
		return code;
	if (file->inode >= 0 && disk.folder[0] != '\0')
		disk_put(DISK_DID_TRUNCATE, file->inode)->offset = size;
	return file->real->pMethods->xTruncate(file->real, size);
}

static int
disk_sync(sqlite3_file *f, int flags)
{
	struct disk_file *file = disk_file_of(f);
	int code = disk_judge(DISK_SYNC);

	(void)flags;
	if (code != SQLITE_OK)
		return code;
	if (file->inode >= 0 && disk.folder[0] != '\0') {
		(void)disk_put(DISK_DID_SYNC, file->inode);
		if (file->sync_folder)
			(void)disk_put(DISK_DID_SYNC_FOLDER, 0);
	}
	file->sync_folder = false;
	return SQLITE_OK;
}

static int
disk_size(sqlite3_file *f, sqlite3_int64 *out)
{
	sqlite3_file *real = disk_file_of(f)->real;
	int code = disk_judge(DISK_SIZE);

	return code != SQLITE_OK ? code : real->pMethods->xFileSize(real, out);
}

static int
disk_lock(sqlite3_file *f, int level)
{
	sqlite3_file *real = disk_file_of(f)->real;
	int code = disk_judge(DISK_LOCK);

	return code != SQLITE_OK ? code : real->pMethods->xLock(real, level);
}

static int
disk_unlock(sqlite3_file *f, int level)
{
	sqlite3_file *real = disk_file_of(f)->real;
	int code = disk_judge(DISK_UNLOCK);

	return code != SQLITE_OK ? code : real->pMethods->xUnlock(real, level);
}

static int
disk_reserved(sqlite3_file *f, int *out)
{
	sqlite3_file *real = disk_file_of(f)->real;

	return real->pMethods->xCheckReservedLock(real, out);
}

static int
disk_control(sqlite3_file *f, int op, void *arg)
{
	sqlite3_file *real = disk_file_of(f)->real;

	return real->pMethods->xFileControl(real, op, arg);
}

static int
disk_sector_size(sqlite3_file *f)
{
	sqlite3_file *real = disk_file_of(f)->real;

	return real->pMethods->xSectorSize(real);
}

static int
disk_traits(sqlite3_file *f)
{
	sqlite3_file *real = disk_file_of(f)->real;

	return real->pMethods->xDeviceCharacteristics(real);
}

static int
disk_shm_map(sqlite3_file *f, int page, int size, int extend,
    void volatile **out)
{
	sqlite3_file *real = disk_file_of(f)->real;

	return real->pMethods->xShmMap(real, page, size, extend, out);
}

static int
disk_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
	sqlite3_file *real = disk_file_of(f)->real;

	return real->pMethods->xShmLock(real, offset, n, flags);
}

static void
disk_shm_barrier(sqlite3_file *f)
{
	sqlite3_file *real = disk_file_of(f)->real;

	real->pMethods->xShmBarrier(real);
}

static int
disk_shm_unmap(sqlite3_file *f, int flag)
{
	sqlite3_file *real = disk_file_of(f)->real;

	return real->pMethods->xShmUnmap(real, flag);
}

static const sqlite3_io_methods disk_methods = {
	.iVersion = 2, /* nothing is mapped but the index of a WAL */
	.xClose = disk_close,
	.xRead = disk_read,
	.xWrite = disk_write,
	.xTruncate = disk_truncate,
	.xSync = disk_sync,
	.xFileSize = disk_size,
	.xLock = disk_lock,
	.xUnlock = disk_unlock,
	.xCheckReservedLock = disk_reserved,
	.xFileControl = disk_control,
	.xSectorSize = disk_sector_size,
	.xDeviceCharacteristics = disk_traits,
	.xShmMap = disk_shm_map,
	.xShmLock = disk_shm_lock,
	.xShmBarrier = disk_shm_barrier,
	.xShmUnmap = disk_shm_unmap,
};

/* The inode of a file that is opened: a name that is new is not safe yet. */
static int
disk_inode_of(const char *path)
{
	const char *name = disk_name_of(path);
	int inode;

	if (name == NULL)
		return -1;
	inode = disk_find(name);
	if (inode < 0) {
		inode = disk_new_inode(name);
		(void)disk_put(DISK_DID_NAME, inode);
	}
	return inode;
}

static int
disk_open(sqlite3_vfs *vfs, sqlite3_filename path, sqlite3_file *f, int flags,
    int *out_flags)
{
	const int journals = SQLITE_OPEN_MAIN_JOURNAL |
	    SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL;
	struct disk_file *file = disk_file_of(f);
	int code = disk_judge(DISK_OPEN);

	(void)vfs;
	memset(file, 0, sizeof(*file));
	if (code != SQLITE_OK)
		return code;
	file->real = (sqlite3_file *)(void *)(file + 1);
	code = disk_unix->xOpen(disk_unix, path, file->real, flags, out_flags);
	if (file->real->pMethods != NULL)
		f->pMethods = &disk_methods;
	file->inode = code == SQLITE_OK ? disk_inode_of(path) : -1;
	file->sync_folder =
	    (flags & SQLITE_OPEN_CREATE) != 0 && (flags & journals) != 0;
	return code;
}

static int
disk_delete(sqlite3_vfs *vfs, const char *path, int sync_folder)
{
	const char *name = disk_name_of(path);
	int code = disk_judge(DISK_DELETE), inode;

	(void)vfs;
	if (code != SQLITE_OK)
		return code;
	code = disk_unix->xDelete(disk_unix, path, 0);
	inode = name == NULL ? -1 : disk_find(name);
	if (code != SQLITE_OK || inode < 0)
		return code;
	disk.now[inode].name[0] = '\0';
	(void)disk_put(DISK_DID_UNNAME, inode);
	if (sync_folder)
		(void)disk_put(DISK_DID_SYNC_FOLDER, 0);
	return SQLITE_OK;
}

static int
disk_access(sqlite3_vfs *vfs, const char *path, int flags, int *out)
{
	int code = disk_judge(DISK_ACCESS);

	(void)vfs;
	return code != SQLITE_OK ?
	    code :
	    disk_unix->xAccess(disk_unix, path, flags, out);
}

/* disk_register: every database is opened on it, from now on. */
static void
disk_register(void)
{
	static sqlite3_vfs vfs;

	disk_unix = sqlite3_vfs_find(NULL);
	if (disk_unix == NULL)
		abort();
	vfs = *disk_unix;
	vfs.zName = "disk";
	vfs.szOsFile += (int)sizeof(struct disk_file);
	vfs.xOpen = disk_open;
	vfs.xDelete = disk_delete;
	vfs.xAccess = disk_access;
	if (sqlite3_vfs_register(&vfs, 1) != SQLITE_OK)
		abort();
}

#endif /* DISK_H */
