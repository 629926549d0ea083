#ifndef TB_BASE_KEYFILE_H
#define TB_BASE_KEYFILE_H

/*
 * keyfile: may this file hold a secret?  One judge for who reads it and for
 * who only looks.
 *
 * It has to be a regular file with one link, no symbolic link, of ours or
 * root's, closed to everybody else (root's may be readable by its group:
 * systemd's credentials are), in a folder that only its owner writes to.
 */

#include "base/err.h"

#define KEYFILE_MAX 16384 /* bytes; there is one at least */

/*
 * keyfile_open: for reading.
 *
 * out:	   *out	 a descriptor, the caller's to close; -1 on failure
 * errors: TB_EPERM the file is not kept well enough: the message names path
 *	   and mode; TB_ECONFIG there is none, or its size is no key's; TB_EIO
 */
enum tb_status keyfile_open(const char *path, int *out, struct tb_err *err);

#endif /* TB_BASE_KEYFILE_H */
