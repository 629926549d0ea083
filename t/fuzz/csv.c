/*
 * csv: any bytes are rows, or are told of; every field ends where it says.
 */

#include <assert.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "io/csv.h"

#include "fuzz.h"

static void
check_row(const struct csv *csv)
{
	for (size_t i = 0; i < csv_columns(csv); i++) {
		size_t len;
		const char *field = csv_field(csv, (int)i, &len);

		assert(strlen(field) == len && len <= CSV_ROW_MAX);
	}
}

static void
check_rows(int fd, size_t size)
{
	struct tb_err err;
	struct csv *csv;
	enum tb_status status = csv_open(&csv, fd, "f", &err);
	unsigned long line = 0;

	if (status != TB_OK) {
		assert(status == TB_EINVAL);
		return;
	}
	while ((status = csv_next(csv, &err)) == TB_OK || status == TB_EINVAL) {
		if (status == TB_OK)
			check_row(csv);
		assert(csv_line(csv) > line);
		line = csv_line(csv);
	}
	assert(status == TB_END || status == TB_EIO);
	assert(csv_progress(csv) <= size);
	csv_close(csv);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;

	if (fd < 0)
		fd = memfd_create("csv", MFD_CLOEXEC);
	assert(fd >= 0 && ftruncate(fd, 0) == 0);
	assert(pwrite(fd, data, size, 0) == (ssize_t)size);
	assert(lseek(fd, 0, SEEK_SET) == 0);
	check_rows(fd, size);
	return 0;
}
