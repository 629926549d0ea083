#ifndef TB_STORE_EVALUATIONS_H
#define TB_STORE_EVALUATIONS_H

/*
 * evaluations: what bots decided, and when an order came of it.
 *
 * A row is stored where the action is not HOLD or differs from the bot's
 * previous one; the rest is recomputed from the candles.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/market.h"
#include "store/db.h"
#include "wire/evaluationid.h"

struct evaluation_row {
	char evaluation_id[EVALUATION_ID_MAX];
	int64_t bot_id;
	char product_id[PRODUCT_ID_MAX];
	int64_t candle_at_us;	 /* close of the last closed candle */
	int64_t evaluated_at_us; /* the instant */
	char action[5];		 /* BUY SELL HOLD */
	char temperature[7];	 /* HOT WARM COOL FROZEN */
	char combined_score[32]; /* shortest text of the double */
	int64_t acted_at_us;	 /* 0: no order came of it */
	char *line; /* the signal line as JSON, owned; evaluation_row_release */
};

void evaluation_row_release(struct evaluation_row *row);

/*
 * evaluations_put: keep one; an id that is there already stays as it is (but
 * goes over to the bot that has the name now).  Inside a transaction of the
 * caller's.
 */
enum tb_status evaluations_put(struct db *db, const struct evaluation_row *row,
    struct tb_err *err);

/*
 * evaluations_act: record that an intent came of an evaluation at the instant
 * (the row is inserted where it is missing); evaluations_unact: that none did
 * after all.  Inside the transaction of the intent.
 */
enum tb_status evaluations_act(struct db *db, const struct evaluation_row *row,
    int64_t at_us, struct tb_err *err);
enum tb_status evaluations_unact(struct db *db, const char *evaluation_id,
    struct tb_err *err);

/* evaluations_react: an intent of one that is stored is sent after all. */
enum tb_status evaluations_react(struct db *db, const char *evaluation_id,
    int64_t at_us, struct tb_err *err);

/*
 * evaluations_last_act: the bot's last action strictly before the instant,
 * that of the evaluation `except` (NULL: none) left out.
 *
 * out: *out_us	 0 where there was none
 */
enum tb_status evaluations_last_act(struct db *db, int64_t bot_id,
    int64_t before_us, const char *except, int64_t *out_us, struct tb_err *err);

/*
 * evaluations_last: the bot's newest row with candle_at <= until_us.
 *
 * errors: TB_ENOENT, without words
 */
enum tb_status evaluations_last(struct db *db, int64_t bot_id, int64_t until_us,
    struct evaluation_row *out, struct tb_err *err);

/*
 * evaluations_hold: does that row say HOLD?  No row does not.  Its line, most
 * of a row, is not read.
 */
enum tb_status evaluations_hold(struct db *db, int64_t bot_id, int64_t until_us,
    bool *out, struct tb_err *err);

/* Where reading a bot's rows has come to.  Zero at_us and id to begin. */
struct evaluation_cursor {
	int64_t bot_id;
	int64_t until_us; /* rows with candle_at <= until_us */
	int64_t at_us;	  /* private: the row given last */
	char id[EVALUATION_ID_MAX];
};

/* evaluations_page: the next page, newest first; moves the cursor on. */
enum tb_status evaluations_page(struct db *db, struct evaluation_cursor *cursor,
    struct evaluation_row *out, size_t max, size_t *out_count,
    struct tb_err *err);

#endif /* TB_STORE_EVALUATIONS_H */
