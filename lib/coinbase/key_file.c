/* key_file: the bytes of a file that may hold a secret. */

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/keyfile.h"
#include "coinbase/key.h"

/* One byte more than it may have shows a file that has grown. */
static enum tb_status
read_bytes(int fd, const char *path, char *bytes, size_t max, size_t *len,
    struct tb_err *err)
{
	ssize_t n;

	*len = 0;
	while (*len <= max) {
		n = read(fd, bytes + *len, max + 1 - *len);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return tb_fail(err, TB_EIO, "key file %s: %s", path,
			    strerror(errno));
		if (n == 0)
			return TB_OK;
		*len += (size_t)n;
	}
	return tb_fail(err, TB_ECONFIG, "key file %s: it grows while read",
	    path);
}

enum tb_status
key_read(const char *path, struct key *out, struct tb_err *err)
{
	char bytes[KEY_FILE_MAX + 1];
	enum tb_status status;
	size_t len = 0;
	int fd;

	*out = (struct key){ 0 };
	status = keyfile_open(path, &fd, err);
	if (status != TB_OK)
		return status;
	(void)mlock(bytes, sizeof(bytes)); /* where the system lets us */
	status = read_bytes(fd, path, bytes, KEY_FILE_MAX, &len, err);
	(void)close(fd);
	if (status == TB_OK) {
		status = key_parse(bytes, len, out, err);
		if (status != TB_OK)
			tb_err_at(err, "key file %s", path);
	}
	key_wipe(bytes, sizeof(bytes));
	(void)munlock(bytes, sizeof(bytes));
	return status;
}
