#ifndef TB_STORE_SHELF_H
#define TB_STORE_SHELF_H

/*
 * shelf: the memory of the paper venue, in a file of its own: a dictionary of
 * texts, ordered by the bytes of its keys, with transactions.
 *
 * It is no part of the books: another file (PATH.paper beside the database),
 * another application_id, never one transaction with them, as a venue far
 * away would have it.  The room venue says what lies on it; its functions are
 * what struct paper_shelf asks for.
 */

#include <stdbool.h>

#include "base/buffer.h"
#include "base/err.h"

#define SHELF_APPLICATION_ID 0x54425050 /* "TBPP" */
#define SHELF_VERSION 1
#define SHELF_SUFFIX ".paper" /* behind the path of the database */
#define SHELF_KEY_MAX 160     /* bytes of a key, with the NUL */

struct shelf;

/*
 * shelf_open: open the file at path; made, mode 0600, where it is missing.
 *
 * out:	   *out	 to be given to shelf_close(); NULL on failure
 * errors: TB_ECONFIG no shelf, or of another version; TB_EPERM; TB_EDISAGREE
 *	   damaged; TB_EBUSY; TB_EIO; TB_ENOMEM
 */
enum tb_status shelf_open(struct shelf **out, const char *path,
    struct tb_err *err);

/*
 * shelf_open_dry: the same for who commits nothing: a file that is missing or
 * empty stays so, and the shelf is empty.
 */
enum tb_status shelf_open_dry(struct shelf **out, const char *path,
    struct tb_err *err);

/* shelf_close: an open transaction is rolled back.  NULL is fine. */
void shelf_close(struct shelf *shelf);

/* shelf_begin: the write lock first.  errors: TB_EBUSY, TB_EIO */
enum tb_status shelf_begin(struct shelf *shelf, struct tb_err *err);

/* shelf_commit: when it returns TB_OK, a power cut takes nothing back. */
enum tb_status shelf_commit(struct shelf *shelf, struct tb_err *err);

void shelf_rollback(struct shelf *shelf);

/* shelf_get: append the value of key.  TB_ENOENT no such key */
enum tb_status shelf_get(struct shelf *shelf, const char *key,
    struct buffer *out, struct tb_err *err);

/* shelf_put: insert or replace; within shelf_begin() and shelf_commit(). */
enum tb_status shelf_put(struct shelf *shelf, const char *key,
    const char *value, struct tb_err *err);

/*
 * shelf_next: the first key behind after, into key (which may be after
 * itself), and its value appended to *value.  TB_END no more
 */
enum tb_status shelf_next(struct shelf *shelf, const char *after,
    char key[static SHELF_KEY_MAX], struct buffer *value, struct tb_err *err);

#endif /* TB_STORE_SHELF_H */
