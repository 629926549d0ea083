#ifndef TB_BOT_DIFFERENCE_H
#define TB_BOT_DIFFERENCE_H

/*
 * difference: what would change if a bot became another.
 */

#include "base/err.h"
#include "signal/bot.h"

/*
 * bot_difference: each key whose value differs, in the order of bot_keys(),
 * then signal by signal.  A key that only one of the two has is NULL at the
 * other; so is a signal of another kind, key by key.
 *
 * errors: the first status of each() other than TB_OK; TB_ENOMEM
 */
enum tb_status bot_difference(const struct bot *from, const struct bot *to,
    enum tb_status (*each)(const char *path, const char *from, const char *to,
	void *arg, struct tb_err *err),
    void *arg, struct tb_err *err);

#endif /* TB_BOT_DIFFERENCE_H */
