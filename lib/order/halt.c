#include "order/halt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum tb_status
halt_path(const char *db_path, char out[static HALT_PATH_MAX],
    struct tb_err *err)
{
	const char *slash = strrchr(db_path, '/');
	size_t folder = slash == NULL ? 0 : (size_t)(slash - db_path) + 1;

	if (folder + sizeof("halt") > HALT_PATH_MAX)
		return tb_fail(err, TB_ECONFIG,
		    "the path of the database is too long");
	memcpy(out, db_path, folder);
	memcpy(out + folder, "halt", sizeof("halt"));
	return TB_OK;
}

/* The first line of the file, or "" where there is none to be had. */
static void
first_line(const char *path, char text[static HALT_WHY_MAX])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	ssize_t n = -1;

	if (fd != -1) {
		n = read(fd, text, HALT_WHY_MAX - 1);
		(void)close(fd);
	}
	text[n < 0 ? 0 : n] = '\0';
	text[strcspn(text, "\r\n")] = '\0';
}

enum tb_status
halt_look(struct db *db, bool *halted, char why[static TB_ERR_MAX],
    struct tb_err *err)
{
	char path[HALT_PATH_MAX], text[HALT_WHY_MAX];
	struct stat st;
	enum tb_status status;

	*halted = false;
	why[0] = '\0';
	status = halt_path(db_path(db), path, err);
	if (status != TB_OK)
		return status;
	if (lstat(path, &st) == 0 || errno != ENOENT) {
		first_line(path, text);
		*halted = true;
		snprintf(why, TB_ERR_MAX, "trading is stopped by %.200s%s%s",
		    path, text[0] == '\0' ? "" : ": ", text);
		return TB_OK;
	}
	status = db_meta_get(db, META_ALARM, text, sizeof(text), err);
	if (status == TB_ENOENT)
		return TB_OK;
	*halted = status == TB_OK && text[0] != '\0';
	if (*halted)
		snprintf(why, TB_ERR_MAX,
		    "trading is stopped by an alarm: %s: see tb-trade status",
		    text);
	return status;
}

enum tb_status
halt_on(struct db *db, const char *why, struct tb_err *err)
{
	char path[HALT_PATH_MAX], text[HALT_WHY_MAX + 1];
	enum tb_status status;
	ssize_t len;
	int fd;

	status = halt_path(db_path(db), path, err);
	if (status != TB_OK)
		return status;
	fd = open(path,
	    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY,
	    0600);
	if (fd == -1)
		return tb_fail(err, errno == EACCES ? TB_EPERM : TB_EIO,
		    "%s: %s", path, strerror(errno));
	/* The file's being there stops all; its text is for people. */
	len = snprintf(text, sizeof(text), "%.*s\n", HALT_WHY_MAX - 1, why);
	if (write(fd, text, (size_t)len) != len || fsync(fd) != 0)
		status = tb_fail(err, TB_EIO, "%s: %s", path, strerror(errno));
	(void)close(fd);
	return status;
}

enum tb_status
halt_off(struct db *db, struct tb_err *err)
{
	char path[HALT_PATH_MAX];
	enum tb_status status;

	status = halt_path(db_path(db), path, err);
	if (status != TB_OK)
		return status;
	if (unlink(path) != 0 && errno != ENOENT)
		return tb_fail(err, errno == EACCES ? TB_EPERM : TB_EIO,
		    "%s: %s", path, strerror(errno));
	status = db_begin(db, err);
	if (status == TB_OK)
		status =
		    db_finish(db, db_meta_set(db, META_ALARM, "", err), err);
	return status;
}

enum tb_status
halt_alarm(struct db *db, const char *why, struct tb_err *err)
{
	char text[HALT_WHY_MAX];
	enum tb_status status;

	status = db_meta_get(db, META_ALARM, text, sizeof(text), err);
	if (status == TB_OK && text[0] != '\0')
		return TB_OK;
	if (status != TB_OK && status != TB_ENOENT)
		return status;
	snprintf(text, sizeof(text), "%s", why);
	return db_meta_set(db, META_ALARM, text, err);
}
