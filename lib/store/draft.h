#ifndef TB_STORE_DRAFT_H
#define TB_STORE_DRAFT_H

/*
 * draft: a file that appears under its name only when it is complete.
 *
 * It is written under a name of its own in the same folder, brought to the
 * disk, and renamed.  Whatever happens in between, the name is free, or has
 * what it had.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define DRAFT_PATH_MAX 4096
#define DRAFT_WORD 9 /* eight characters and the NUL */

struct draft {
	char path[DRAFT_PATH_MAX]; /* the name to be */
	char temp[DRAFT_PATH_MAX]; /* the name until then; "" none is there */
};

/*
 * draft_begin: choose the name; no file is made.
 *
 * errors: TB_EUSAGE too long; TB_EIO no randomness
 */
enum tb_status draft_begin(struct draft *d, const char *path,
    struct tb_err *err);

/*
 * draft_begin_as: the same under PATH.new-WORD, for whoever has to find it
 * again after a kill.
 *
 * in:	   word	 the first eight characters count
 */
enum tb_status draft_begin_as(struct draft *d, const char *path,
    const char *word, struct tb_err *err);

/*
 * draft_create: make the file, empty, 0600, and open it for writing.
 *
 * out:	   *out_fd  the caller's to close
 * errors: TB_EPERM; TB_EIO
 */
enum tb_status draft_create(struct draft *d, int *out_fd, struct tb_err *err);

/*
 * draft_publish: fsync, rename, fsync of the folder.
 *
 * in:	   replace  what has the name goes; else it stays and the draft fails
 * errors: TB_ECONFIG the name is taken; TB_EIO.  Without replace the draft is
 *	   not there then, under no name
 */
enum tb_status draft_publish(struct draft *d, bool replace, struct tb_err *err);

/* draft_sync: bring to the disk what was written; it keeps its own name.
 * errors: TB_EIO */
enum tb_status draft_sync(const struct draft *d, struct tb_err *err);

/* draft_discard: remove what was written; fine at any time. */
void draft_discard(struct draft *d);

/* draft_make_folders: every missing folder of a path, 0700.
 * errors: TB_EPERM; TB_EIO */
enum tb_status draft_make_folders(const char *path, struct tb_err *err);

/* The folder of a path: "." where it names none. errors: TB_EUSAGE too long */
enum tb_status draft_folder(const char *path, char *buf, size_t size,
    struct tb_err *err);

#endif /* TB_STORE_DRAFT_H */
