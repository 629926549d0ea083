#ifndef TB_ORDER_HALT_H
#define TB_ORDER_HALT_H

/*
 * halt: what stops all trading.
 *
 * The kill switch is a file named "halt" beside the database: anybody may
 * touch it, from anywhere, without a tool of ours.  An alarm is a record in
 * meta: something happened that may not happen (two orders of one decision,
 * an answer for another order), and a human has to look.  Either one stops
 * every order; looking for orders and booking them goes on.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "store/db.h"

#define HALT_PATH_MAX 4096
#define HALT_WHY_MAX 256 /* bytes of a reason, the NUL included */

/*
 * halt_path: DIRECTORY OF THE DATABASE/halt.
 *
 * errors: TB_ECONFIG the path is too long
 */
enum tb_status halt_path(const char *db_path, char out[static HALT_PATH_MAX],
    struct tb_err *err);

/*
 * halt_look: is trading stopped?  A file that can't be looked at counts as
 * one that is there.
 *
 * out: why  "stopped by FILE: ITS TEXT", or "alarm: ..."; "" when not halted
 */
enum tb_status halt_look(struct db *db, bool *halted,
    char why[static TB_ERR_MAX], struct tb_err *err);

/* halt_on: write the file; why may be "". errors: TB_EIO, TB_EPERM */
enum tb_status halt_on(struct db *db, const char *why, struct tb_err *err);

/*
 * halt_off: remove the file and the alarm.
 *
 * errors: TB_EIO, TB_EPERM
 */
enum tb_status halt_off(struct db *db, struct tb_err *err);

/*
 * halt_alarm: record why; the first alarm stays until halt_off().  Inside a
 * transaction of the caller's.
 */
enum tb_status halt_alarm(struct db *db, const char *why, struct tb_err *err);

#endif /* TB_ORDER_HALT_H */
