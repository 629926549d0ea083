#ifndef TB_STORE_BOTS_H
#define TB_STORE_BOTS_H

/*
 * bots: the decision engines by name and number, and every configuration
 * that each of them ever had.
 *
 * The store keeps a configuration as text (canonical JSON, made and read by
 * lib/bot); it looks into none.  What counts is the history: an instant gets
 * the configuration of its time, an instant before the first gets the first.
 * Name, status and cooldown are no part of it: they are always the present
 * ones.  The other columns of the table bots repeat what was written last,
 * for people who type SQL.
 *
 * No trade, lot or figure refers to a bot: deleting one changes none, and its
 * id is never used again.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/decimal.h"
#include "base/digest.h"
#include "base/err.h"
#include "base/market.h"
#include "signal/bot.h"
#include "store/db.h"

#define BOTS_ERROR_MAX TB_ERR_MAX /* why a bot's status is ERROR */

/* A bot as it is now. */
struct bot_row {
	int64_t id;
	char name[BOT_NAME_MAX + 1];
	char product_id[PRODUCT_ID_MAX];
	int granularity_s;
	enum bot_status status;
	int cooldown_minutes;
	char config_hash[DIGEST_HEX];  /* of the newest configuration */
	char error[BOTS_ERROR_MAX];    /* "" where there is none */
	int64_t last_evaluation_at_us; /* 0: never evaluated */
	int64_t created_at_us, updated_at_us;
};

/*
 * bots_get, bots_find: one bot, by id or by name.
 *
 * errors: TB_ENOENT
 */
enum tb_status bots_get(struct db *db, int64_t id, struct bot_row *out,
    struct tb_err *err);
enum tb_status bots_find(struct db *db, const char *name, struct bot_row *out,
    struct tb_err *err);

/* A page of bots in the order of their ids, those with id > after_id. */
enum tb_status bots_page(struct db *db, int64_t after_id, struct bot_row *out,
    size_t max, size_t *out_count, struct tb_err *err);

/*
 * bots_each: all bots in the order of their ids.  No statement is open while
 * one is taken: it may be changed, and deleted.
 *
 * returns: the first status of take() that is not TB_OK
 */
typedef enum tb_status bots_take(const struct bot_row *row, void *arg,
    struct tb_err *err);

enum tb_status bots_each(struct db *db, bots_take *take, void *arg,
    struct tb_err *err);

/* One configuration of a bot, and when it began. */
struct bot_config {
	int64_t since_us;
	char config_hash[DIGEST_HEX];
	char *config; /* canonical JSON, owned; bot_config_release */
};

void bot_config_release(struct bot_config *c);

/*
 * bots_config: the configuration of a bot at an instant: the newest with
 * since <= at_us, before the first one the first.
 *
 * errors: TB_ENOENT no such bot
 */
enum tb_status bots_config(struct db *db, int64_t id, int64_t at_us,
    struct bot_config *out, struct tb_err *err);

/* What is written of a bot: its row and the texts of its configuration. */
struct bot_put {
	const char *name;
	const char *product_id;
	int granularity_s;
	enum bot_status status;
	int confirmation_minutes, cooldown_minutes;
	struct decimal buy_threshold, sell_threshold;
	struct decimal trade_size_usd;
	const char *combine;	   /* "sum", "mean" */
	const char *style;	   /* "default", "legacy" */
	const char *when;	   /* NULL: no veto */
	const char *signal_config; /* JSON of the signals */
	const char *config;	   /* canonical JSON of all that is hashed */
	const char *config_hash;   /* SHA-256 of config, in hex */
};

/*
 * bots_add: a new bot, with its first configuration from at_us on.  Inside a
 * transaction of the caller's.
 *
 * errors: TB_EREFUSED the name is taken
 */
enum tb_status bots_add(struct db *db, const struct bot_put *put, int64_t at_us,
    int64_t *out_id, struct tb_err *err);

/*
 * bots_change: the bot with this id becomes what put says, name included.
 * Where its configuration differs from the one in force at at_us, a new one
 * begins then (one that began at that very instant is replaced).  An ERROR is
 * forgotten.  Inside a transaction of the caller's.
 *
 * errors: TB_ENOENT; TB_EREFUSED the name is taken
 */
enum tb_status bots_change(struct db *db, int64_t id, const struct bot_put *put,
    int64_t at_us, struct tb_err *err);

/*
 * bots_set_status: start (BOT_RUNNING) or stop (BOT_STOPPED); an error is
 * forgotten.  Inside a transaction of the caller's.
 */
enum tb_status bots_set_status(struct db *db, int64_t id,
    enum bot_status status, int64_t at_us, struct tb_err *err);

/*
 * bots_judge: how an evaluation went: RUNNING becomes ERROR with its reason,
 * or, where error is NULL, ERROR becomes RUNNING again.  A bot that was
 * stopped meanwhile stays STOPPED.  Inside a transaction of the caller's.
 */
enum tb_status bots_judge(struct db *db, int64_t id, const char *error,
    int64_t at_us, struct tb_err *err);

/* bots_evaluated: remember the latest instant a bot was evaluated at; never
 * goes back.  Inside a transaction of the caller's. */
enum tb_status bots_evaluated(struct db *db, int64_t id, int64_t at_us,
    struct tb_err *err);

/*
 * bots_delete: forget a bot, its configurations and its evaluations.  Trades
 * and figures stay.  Inside a transaction of the caller's.
 *
 * errors: TB_ENOENT
 */
enum tb_status bots_delete(struct db *db, int64_t id, struct tb_err *err);

#endif /* TB_STORE_BOTS_H */
