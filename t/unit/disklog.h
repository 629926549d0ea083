#ifndef DISKLOG_H
#define DISKLOG_H

/*
 * disklog: what was done to the files of a folder, call by call, and the
 * images of it that a power cut may leave.
 *
 * The model: a file is an inode, its name an entry of the folder.  Writes and
 * truncations are safe once that file was synced, names once the folder was.
 * What is not safe is lost or kept, each for itself, or kept in part: a write
 * of several sectors may end at any of them.
 */

#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DISK_INODES 64
#define DISK_NAME_MAX 256 /* with the NUL */
#define DISK_PATH_MAX 512
#define DISK_SECTOR 512

/* ------------------------------------------------------- what was done ---- */

enum disk_kind {
	DISK_DID_WRITE,
	DISK_DID_TRUNCATE,
	DISK_DID_SYNC,
	DISK_DID_NAME,	 /* the folder has a name more */
	DISK_DID_UNNAME, /* or one less */
	DISK_DID_SYNC_FOLDER,
	DISK_DID_MARK,
};

struct disk_op {
	enum disk_kind kind;
	int inode;	/* of a mark: its number */
	int64_t offset; /* or the new size */
	size_t len;
	uint8_t *data; /* owned */
};

struct disk_name {
	char name[DISK_NAME_MAX]; /* "": there is none */
};

static struct {
	char folder[128]; /* "": nothing is watched */
	struct {
		uint8_t *data; /* as it was in the beginning; owned */
		size_t len;
		struct disk_name name; /* its only one */
	} inode[DISK_INODES];
	struct disk_name before[DISK_INODES]; /* of inodes, then and now */
	struct disk_name now[DISK_INODES];
	int inode_count;
	struct disk_op *op; /* owned */
	size_t count, max;
} disk;

static struct disk_op *
disk_put(enum disk_kind kind, int inode)
{
	struct disk_op *op;

	if (disk.count == disk.max) {
		disk.max = disk.max == 0 ? 1024 : disk.max * 2;
		disk.op = realloc(disk.op, disk.max * sizeof(*disk.op));
		if (disk.op == NULL)
			abort();
	}
	op = &disk.op[disk.count++];
	*op = (struct disk_op){ .kind = kind, .inode = inode };
	return op;
}

/* disk_mark: something happened elsewhere, between two calls. */
__attribute__((unused)) static void
disk_mark(int number)
{
	(void)disk_put(DISK_DID_MARK, number);
}

static int
disk_find(const char *name)
{
	for (int i = 0; i < disk.inode_count; i++)
		if (strcmp(disk.now[i].name, name) == 0)
			return i;
	return -1;
}

static int
disk_new_inode(const char *name)
{
	int inode = disk.inode_count++;

	if (inode == DISK_INODES)
		abort();
	snprintf(disk.inode[inode].name.name, DISK_NAME_MAX, "%s", name);
	disk.now[inode] = disk.inode[inode].name;
	return inode;
}

/* The name of a path in the folder that is watched; NULL: another folder. */
static const char *
disk_name_of(const char *path)
{
	size_t len = strlen(disk.folder);

	if (len == 0 || path == NULL || strncmp(path, disk.folder, len) != 0 ||
	    path[len] != '/' || strchr(path + len + 1, '/') != NULL)
		return NULL;
	return path + len + 1;
}

static uint8_t *
disk_slurp(const char *path, size_t *len)
{
	FILE *file = fopen(path, "r");
	uint8_t *data;
	long size;

	if (file == NULL || fseek(file, 0, SEEK_END) != 0 ||
	    (size = ftell(file)) < 0)
		abort();
	rewind(file);
	*len = (size_t)size;
	data = malloc(*len + 1);
	if (data == NULL || fread(data, 1, *len, file) != *len)
		abort();
	fclose(file);
	return data;
}

/* disk_forget: nothing is watched any more. */
static void
disk_forget(void)
{
	for (size_t i = 0; i < disk.count; i++)
		free(disk.op[i].data);
	for (int i = 0; i < disk.inode_count; i++)
		free(disk.inode[i].data);
	free(disk.op);
	memset(&disk, 0, sizeof(disk));
}

/* disk_watch: what is done to the files of a folder, from now on; none of them
 * is open. */
__attribute__((unused)) static void
disk_watch(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	char path[DISK_PATH_MAX];

	disk_forget();
	snprintf(disk.folder, sizeof(disk.folder), "%s", folder);
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		int inode;

		if (entry->d_type != DT_REG)
			continue;
		inode = disk_new_inode(entry->d_name);
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		disk.inode[inode].data =
		    disk_slurp(path, &disk.inode[inode].len);
	}
	if (dir == NULL || closedir(dir) != 0)
		abort();
	memcpy(disk.before, disk.now, sizeof(disk.before));
}

/* ---------------------------------------------------- what is left of it -- */

/* disk_passed: whether a mark lies before a cut. */
__attribute__((unused)) static bool
disk_passed(size_t cut, int number)
{
	for (size_t i = 0; i < cut; i++)
		if (disk.op[i].kind == DISK_DID_MARK &&
		    disk.op[i].inode == number)
			return true;
	return false;
}

static bool
disk_is_safe(const struct disk_op *op, size_t cut)
{
	bool is_name = op->kind == DISK_DID_NAME || op->kind == DISK_DID_UNNAME;

	for (const struct disk_op *p = op; p < disk.op + cut; p++)
		if (is_name ? p->kind == DISK_DID_SYNC_FOLDER :
			      p->kind == DISK_DID_SYNC && p->inode == op->inode)
			return true;
	return false;
}

static bool
disk_changes(const struct disk_op *op)
{
	return op->kind != DISK_DID_SYNC && op->kind != DISK_DID_SYNC_FOLDER &&
	    op->kind != DISK_DID_MARK;
}

/* disk_images: how many images a cut has that differ by what is lost, at most
 * max. */
__attribute__((unused)) static unsigned
disk_images(size_t cut, unsigned max)
{
	unsigned images = 1;

	for (size_t i = cut; i-- > 0 && images < max;)
		if (disk_changes(&disk.op[i]) &&
		    !disk_is_safe(&disk.op[i], cut))
			images *= 2;
	return images < max ? images : max;
}

/* A number below n; the same for the same seed, everywhere. */
static unsigned
disk_chance(uint64_t *seed, unsigned n)
{
	*seed = *seed * 6364136223846793005U + 1442695040888963407U;
	return (unsigned)(*seed >> 33) % n;
}

/* One inode's bytes, as they grow and shrink. */
struct disk_bytes {
	uint8_t *data;
	size_t len;
};

static void
disk_resize(struct disk_bytes *b, size_t len)
{
	b->data = realloc(b->data, len + 1); /* never NULL, of no bytes too */
	if (b->data == NULL)
		abort();
	if (len > b->len)
		memset(b->data + b->len, 0, len - b->len);
	b->len = len;
}

static void
disk_redo(const struct disk_op *op, size_t len, struct disk_bytes *bytes,
    struct disk_name *names)
{
	size_t offset = (size_t)op->offset;

	switch (op->kind) {
	case DISK_DID_WRITE:
		if (offset + len > bytes[op->inode].len)
			disk_resize(&bytes[op->inode], offset + len);
		if (bytes[op->inode].data == NULL)
			abort();
		memcpy(bytes[op->inode].data + offset, op->data, len);
		break;
	case DISK_DID_TRUNCATE:
		disk_resize(&bytes[op->inode], offset);
		break;
	case DISK_DID_NAME:
		names[op->inode] = disk.inode[op->inode].name;
		break;
	case DISK_DID_UNNAME:
		names[op->inode].name[0] = '\0';
		break;
	default:
		break;
	}
}

/* How much of a change that is not safe is there: lost 0: all of it. */
static size_t
disk_kept(const struct disk_op *op, unsigned lost, uint64_t *seed, bool *kept)
{
	size_t sectors = op->len / DISK_SECTOR;

	*kept = lost == 0 || (lost > 1 && disk_chance(seed, 2) == 0);
	if (!*kept || lost == 0 || sectors < 2 || disk_chance(seed, 4) > 0)
		return op->len;
	return (size_t)(1 + disk_chance(seed, (unsigned)sectors - 1)) *
	    DISK_SECTOR;
}

static void
disk_lay(const char *into, const struct disk_bytes *bytes,
    const struct disk_name *names)
{
	char path[DISK_PATH_MAX];
	DIR *dir = opendir(into);
	struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", into, entry->d_name);
		if (entry->d_type == DT_REG && unlink(path) != 0)
			abort();
	}
	if (dir == NULL || closedir(dir) != 0)
		abort();
	for (int i = 0; i < disk.inode_count; i++) {
		FILE *file;

		if (names[i].name[0] == '\0')
			continue;
		snprintf(path, sizeof(path), "%s/%.255s", into, names[i].name);
		file = fopen(path, "w");
		if (file == NULL ||
		    fwrite(bytes[i].data, 1, bytes[i].len, file) !=
			bytes[i].len ||
		    fclose(file) != 0)
			abort();
	}
}

/* disk_image: what is left after `cut` calls, as files of the folder into.
 * lost: 0 nothing, 1 all that may be, above: some of it, by that seed. */
__attribute__((unused)) static void
disk_image(size_t cut, unsigned lost, const char *into)
{
	struct disk_bytes bytes[DISK_INODES] = { 0 };
	struct disk_name names[DISK_INODES];
	uint64_t seed = cut * 1000 + lost;

	memcpy(names, disk.before, sizeof(names));
	for (int i = 0; i < disk.inode_count; i++) {
		disk_resize(&bytes[i], disk.inode[i].len);
		if (disk.inode[i].data != NULL)
			memcpy(bytes[i].data, disk.inode[i].data, bytes[i].len);
	}
	for (size_t i = 0; i < cut; i++) {
		const struct disk_op *op = &disk.op[i];
		size_t len = op->len;
		bool kept = true;

		if (!disk_changes(op))
			continue;
		if (!disk_is_safe(op, cut))
			len = disk_kept(op, lost, &seed, &kept);
		if (kept)
			disk_redo(op, len, bytes, names);
	}
	disk_lay(into, bytes, names);
	for (int i = 0; i < disk.inode_count; i++)
		free(bytes[i].data);
}

#endif /* DISKLOG_H */
