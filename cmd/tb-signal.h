#ifndef TB_CMD_TB_SIGNAL_H
#define TB_CMD_TB_SIGNAL_H

/*
 * tb-signal: what its parts share.  Each part runs some of the subcommands;
 * tb-signal.c has the tables.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bot/botfile.h"
#include "cli.h"
#include "io/jqexpr.h"
#include "signal/evaluation.h"
#include "store/bots.h"
#include "store/db.h"
#include "wire/signalline.h"

/* The options of the tool that are not common to all tools. */
struct signal_options {
	bool force;		 /* of the main job */
	bool prune;		 /* of load */
	const char *limit;	 /* of history */
	const char *granularity; /* of series */
};
extern struct signal_options signal_options;

/* Rows of the database on their way out, for bots_each(). */
struct listing {
	const struct cli *cli;
	struct db *db;
	struct cli_rows rows;
};

/* tb-signal-batch.c: read, then compute ---------------------------------- */

/* A bot that is to be evaluated at an instant, and what comes of it. */
struct subject {
	struct bot_row row;
	char config_hash[DIGEST_HEX]; /* of that configuration */
	int64_t acted_us;      /* its last action before the instant; 0: none */
	size_t group;	       /* of batch.groups */
	enum tb_status status; /* TB_OK, or why there is no evaluation */
	struct tb_err err;
	const struct evaluation *evaluation; /* NULL: none; batch_close() */
	bool vetoed;			     /* its `when` said no */
	struct bot bot; /* its configuration at the instant; the last, as
			   most of its memory is not touched */
};

/* Bots of one product and granularity share one pass over its candles. */
struct group {
	const char *product_id; /* borrowed from a subject */
	int granularity_s;
	const struct bot **bots;   /* owned: those that can be evaluated */
	struct subject **subjects; /* owned: theirs */
	size_t count;

	bool has_candle;
	int64_t first_s,
	    last_s; /* starts: of the history, of the last closed */
	int64_t synced_until_us; /* 0: never */
	bool has_price;
	struct decimal price; /* the reference price at the instant */
	struct evaluator *ev; /* owned */
	struct bar *bars;     /* owned: those that ev has to see */
	size_t bar_count, bar_capacity;
};

/* The bots of a run. */
struct batch {
	struct db *db;
	int64_t instant_us;
	bool force;    /* confirmation and cooldown are waived */
	bool ask_veto; /* also of bots that are not ready: for explain */
	bool halted;
	char halted_why[TB_ERR_MAX];
	struct jqexpr *jq;
	struct subject *subjects; /* owned; they stay where they are once all
				      are read */
	size_t count, capacity;
	struct group *groups; /* owned */
	size_t group_count;
};

/*
 * batch_read: everything that the database has to say, in one read
 * transaction: the bots (those of the operands, or all that are RUNNING or
 * ERROR), their configurations at the instant, candles, last actions, halt.
 *
 * out:	   *b	to be given to batch_close(), on failure too
 * errors: TB_ENOENT no such bot
 */
enum tb_status batch_read(struct batch *b, struct db *db, const struct cli *cli,
    struct tb_err *err);

/*
 * batch_compute: the evaluation of every subject, and its veto.  A bot that
 * fails has the reason in its own err.  Expressions are run here, while no
 * transaction is open.
 */
void batch_compute(struct batch *b);
void batch_close(struct batch *b);

/* tb-signal-line.c ------------------------------------------------------- */

/*
 * line_fill: what is to be said of a subject after batch_compute().  Lines are
 * large: they are made where they are needed, not kept.
 */
void line_fill(const struct batch *b, const struct subject *s,
    struct signalline *line);

/* tb-signal-jq.c --------------------------------------------------------- */

/* batch_expect: say which expressions the bots have, before any is run. */
void batch_expect(struct batch *b);

/* The evaluator_jq of a batch (arg). */
enum tb_status batch_jq(const struct jq_input *in, void *arg, double *out,
    struct tb_err *err);

/*
 * batch_veto: ask a bot's `when` about its line.
 *
 * errors: it could not be asked
 */
enum tb_status batch_veto(struct batch *b, const struct subject *s,
    const struct signalline *line, bool *out_vetoed, struct tb_err *err);

/* tb-signal-bot.c -------------------------------------------------------- */

/* signal_find_bot: by name or, where no bot is called so, by id. */
enum tb_status signal_find_bot(struct db *db, const char *name,
    struct bot_row *out, struct tb_err *err);

/*
 * signal_load_bot: a stored bot with its configuration at an instant.
 *
 * out: hash  of that configuration; NULL: nobody wants it
 */
enum tb_status signal_load_bot(struct db *db, const struct bot_row *row,
    int64_t at_us, struct bot *out, char *hash, struct tb_err *err);

/* signal_store_bot: add (id 0) or change a bot, as it is, from at_us on. */
enum tb_status signal_store_bot(struct db *db, struct bot *bot, int64_t at_us,
    struct tb_err *err);

/* tb-signal-candles.c ---------------------------------------------------- */

#define CANDLES_BLOCK 1024 /* candles that are handed on at a time */

typedef enum tb_status signal_take_block(const struct bar *bars, size_t count,
    void *arg, struct tb_err *err);

/*
 * signal_candles: the candles of a product, of a CSV file or ("-") of standard
 * input, ascending, in blocks.  No statement is open while a block is taken.
 *
 * errors: TB_ENOENT no such file, or no candle of the product; TB_EUSAGE of
 *	   several granularities; TB_EINVAL a row is no candle, or not after
 *	   the one before; what take() returned
 */
enum tb_status signal_candles(const struct cli *cli, const char *source,
    signal_take_block *take, void *arg, struct tb_err *err);

/* tb-signal-evaluate.c: the columns of signal lines in a table or CSV. */
extern const struct cli_column signal_columns[];

/* Subcommands ------------------------------------------------------------ */

enum tb_status signal_evaluate(const struct cli *cli, struct tb_err *err);
enum tb_status signal_list(const struct cli *cli, struct tb_err *err);
enum tb_status signal_history(const struct cli *cli, struct tb_err *err);
enum tb_status signal_explain(const struct cli *cli, struct tb_err *err);
enum tb_status signal_indicators(const struct cli *cli, struct tb_err *err);
enum tb_status signal_series(const struct cli *cli, struct tb_err *err);
enum tb_status signal_load(const struct cli *cli, struct tb_err *err);
enum tb_status signal_check(const struct cli *cli, struct tb_err *err);
enum tb_status signal_bot_list(const struct cli *cli, struct tb_err *err);
enum tb_status signal_bot_show(const struct cli *cli, struct tb_err *err);
enum tb_status signal_bot_add(const struct cli *cli, struct tb_err *err);
enum tb_status signal_bot_set(const struct cli *cli, struct tb_err *err);
enum tb_status signal_bot_start(const struct cli *cli, struct tb_err *err);
enum tb_status signal_bot_stop(const struct cli *cli, struct tb_err *err);
enum tb_status signal_bot_remove(const struct cli *cli, struct tb_err *err);

#endif /* TB_CMD_TB_SIGNAL_H */
