#ifndef TB_WIRE_EVALUATIONID_H
#define TB_WIRE_EVALUATIONID_H

/*
 * evaluationid: the name of one decision:
 *
 *	BTC Oversold/BTC-USD/5m/2025-09-11T10:35:00Z/9f2c41d0
 *
 * The bot's name, product and granularity, the close of the candle, and the
 * first eight digits of the configuration's hash: the same in every run and
 * on every host.  One decision has one text.
 */

#include <stdint.h>

#include "base/err.h"
#include "base/market.h"

#define EVALUATION_ID_MAX 192  /* bytes, the NUL included */
#define EVALUATION_NAME_MAX 65 /* of a bot's name, the NUL included */
#define EVALUATION_HASH 9      /* 8 hex digits and the NUL */

struct evaluation_id {
	char name[EVALUATION_NAME_MAX]; /* of the bot; holds no slash */
	char product_id[PRODUCT_ID_MAX];
	int granularity_s;
	int64_t candle_at_us; /* the candle's close, a whole second */
	char hash[EVALUATION_HASH];
};

/* evaluation_id_format: cannot fail; all of a valid id fits. */
void evaluation_id_format(const struct evaluation_id *id,
    char out[static EVALUATION_ID_MAX]);

/*
 * evaluation_id_parse: take an id apart; only the one text of it is read.
 *
 * errors: TB_EINVAL with what was expected
 */
enum tb_status evaluation_id_parse(const char *s, struct evaluation_id *out,
    struct tb_err *err);

#endif /* TB_WIRE_EVALUATIONID_H */
