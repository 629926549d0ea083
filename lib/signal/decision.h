#ifndef TB_SIGNAL_DECISION_H
#define TB_SIGNAL_DECISION_H

/*
 * decision: the words that a score comes to.
 */

#include <stddef.h>

#include "base/err.h"

enum action { ACTION_HOLD, ACTION_BUY, ACTION_SELL };

/* |combined score| relative to the bot's own threshold on that side. */
enum temperature {
	TEMPERATURE_FROZEN, /* below 1/6 */
	TEMPERATURE_COOL,   /* >= 1/6 */
	TEMPERATURE_WARM,   /* >= 1/2 */
	TEMPERATURE_HOT,    /* >= 1: it acts */
};

/* "HOLD", "BUY", "SELL". */
const char *action_name(enum action action);

/* errors: TB_EINVAL */
enum tb_status action_parse(const char *s, size_t len, enum action *out);

/* "FROZEN", "COOL", "WARM", "HOT". */
const char *temperature_name(enum temperature temperature);

/* errors: TB_EINVAL */
enum tb_status temperature_parse(const char *s, size_t len,
    enum temperature *out);

#endif /* TB_SIGNAL_DECISION_H */
