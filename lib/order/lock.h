#ifndef TB_ORDER_LOCK_H
#define TB_ORDER_LOCK_H

/*
 * lock: the send lock: who holds it may ask the venue for orders.
 *
 * flock(2) on DATABASE.lock, which is never unlinked: the kernel frees it
 * when its last descriptor is closed, however a process ends.  The file is
 * opened once a run, so that a venue program may inherit the description and
 * keep the lock beyond our death; it is taken and freed line by line.  Its
 * text says who holds it, for messages only.
 */

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define LOCK_PATH_MAX 4096

struct send_lock {
	int fd; /* -1: not open */
	bool held;
	int64_t timeout_ms;		   /* how long to wait for it */
	const volatile sig_atomic_t *stop; /* a signal came: wait no more */
	char path[LOCK_PATH_MAX];
};

/*
 * lock_init: name the file of a database; touches nothing yet.
 *
 * errors: TB_ECONFIG the path is too long
 */
enum tb_status lock_init(struct send_lock *lock, const char *db_path,
    struct tb_err *err);

/*
 * lock_take: wait for it, at most timeout_ms.  The first time the file is
 * opened, and made where it is missing: 0600, no link is followed.
 *
 * errors: TB_EBUSY "another run is sending (pid N, since T)", or a signal
 *	   came meanwhile; TB_EPERM a symlink, or not ours; TB_EIO
 */
enum tb_status lock_take(struct send_lock *lock, struct tb_err *err);

/* lock_free: LOCK_UN; fine when it is not held. */
void lock_free(struct send_lock *lock);

/* lock_close: close the descriptor, which frees the lock unless a child holds
 * it too. */
void lock_close(struct send_lock *lock);

#endif /* TB_ORDER_LOCK_H */
