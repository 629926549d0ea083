#ifndef TB_IO_CSV_SOURCE_H
#define TB_IO_CSV_SOURCE_H

/*
 * csv_source: the bytes of a file, unpacked where they are gzip'ed.  Private
 * to csv.c; the only file that includes zlib.h.
 */

#include <stdbool.h>
#include <stddef.h>
#include <zlib.h>

#include "base/err.h"

#define CSV_SOURCE_CHUNK 65536 /* bytes read from the file at once */

struct csv_source {
	int fd;		  /* borrowed */
	const char *name; /* borrowed */
	unsigned char raw[CSV_SOURCE_CHUNK];
	size_t raw_at, raw_len; /* what was read and not yet used */
	bool raw_end;		/* the file has ended */
	bool is_gzip;
	bool in_member; /* of gzip: its trailer has not come yet */
	bool is_damaged;
	z_stream z;
	unsigned long long used; /* bytes of the file */
};

/*
 * csv_source_open: the first bytes say what it is.
 *
 * inout: *s  all zero
 */
enum tb_status csv_source_open(struct csv_source *s, int fd, const char *name,
    struct tb_err *err);
void csv_source_close(struct csv_source *s);

/*
 * csv_source_read: some bytes.
 *
 * out:	   *out_len  0 at the end
 * errors: TB_EIO, with is_damaged where the gzip is
 */
enum tb_status csv_source_read(struct csv_source *s, char *out, size_t size,
    size_t *out_len, struct tb_err *err);

#endif /* TB_IO_CSV_SOURCE_H */
