#ifndef TB_IO_SORTER_H
#define TB_IO_SORTER_H

/*
 * sorter: any number of records put in order in bounded memory.
 *
 * Records are a key and a value, both bytes.  They are gathered in
 * SORTER_MEMORY bytes, written sorted to a file without a name, and merged.
 * Equal keys keep the order in which they came.
 */

#include <stddef.h>

#include "base/err.h"

#define SORTER_MEMORY ((size_t)1 << 20) /* bytes; of reading, at most twice */
#define SORTER_RECORD_MAX ((size_t)1 << 19) /* key and value */

struct sorter;

/* A record; borrowed until the next call. */
struct sorter_record {
	const void *key;
	size_t key_len;
	const void *value;
	size_t value_len;
};

/*
 * sorter_open: nothing in it yet; a file is made when memory is full.
 *
 * in:	   folder  for that file; borrowed
 * errors: TB_ENOMEM
 */
enum tb_status sorter_open(struct sorter **out, const char *folder,
    struct tb_err *err);
void sorter_close(struct sorter *s); /* NULL is fine */

/*
 * sorter_add: one more record; both parts are copied.
 *
 * errors: TB_ERANGE longer than SORTER_RECORD_MAX; TB_EIO; TB_ENOMEM
 */
enum tb_status sorter_add(struct sorter *s, const void *key, size_t key_len,
    const void *value, size_t value_len, struct tb_err *err);

/*
 * sorter_next: the record with the lowest key (as memcmp(3) has it, a shorter
 * one first); the first call ends the adding.
 *
 * returns: TB_OK; TB_END no more
 * errors:  TB_EIO, TB_ENOMEM
 */
enum tb_status sorter_next(struct sorter *s, struct sorter_record *out,
    struct tb_err *err);

#endif /* TB_IO_SORTER_H */
