#ifndef TB_BOT_BOTFILE_H
#define TB_BOT_BOTFILE_H

/*
 * botfile: bots in YAML, as tb-bots(5) describes them.
 *
 *	bots:
 *	  - name: BTC Oversold
 *	    product_id: BTC-USD
 *	    signals:
 *	      rsi: {weight: 1.0, period: 14}
 *
 * A bot that is wrong does not stop the others: it stands in the file with
 * the words of its first error.  An error names file, line, column and the
 * path of the key; an unknown key gets a did-you-mean.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "io/jqexpr.h"
#include "signal/bot.h"

#define BOTFILE_BOTS_MAX 256

/* A bot as it stands in the file. */
struct botfile_bot {
	enum tb_status status; /* TB_OK; TB_ECONFIG: bot is not whole */
	struct tb_err err;     /* with the place, where status says so */
	struct bot bot;	       /* its name may be there even then */
	bool has_status;       /* the file says RUNNING or STOPPED */
	int line;	       /* where it begins, from 1 */
};

struct botfile {
	struct botfile_bot *bots; /* owned */
	size_t count;
	size_t wrong; /* of them */
};

/*
 * botfile_read: read the file at path ("-": standard input).
 *
 * in:	   jq	 compiles the expressions; NULL: they are not looked into
 * out:	   *out	 to be given to botfile_release(), on failure too
 * errors: TB_ECONFIG the file as a whole cannot be read: no YAML, no list of
 *	   bots, more than BOTFILE_BOTS_MAX; TB_ENOENT; TB_EIO; TB_ENOMEM
 */
enum tb_status botfile_read(struct botfile *out, const char *path,
    struct jqexpr *jq, struct tb_err *err);

/* botfile_parse: the same from memory; name is for messages. */
enum tb_status botfile_parse(struct botfile *out, const char *name,
    const char *text, size_t len, struct jqexpr *jq, struct tb_err *err);

void botfile_release(struct botfile *file);

/*
 * bot_check_expressions: do all of a bot's expressions compile?
 *
 * errors: TB_ECONFIG the message begins with the path of the key
 */
enum tb_status bot_check_expressions(const struct bot *bot, struct jqexpr *jq,
    struct tb_err *err);

/* botfile_find: by the name of a bot, NULL where there is none. */
const struct botfile_bot *botfile_find(const struct botfile *file,
    const char *name);

#endif /* TB_BOT_BOTFILE_H */
