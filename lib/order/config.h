#ifndef TB_ORDER_CONFIG_H
#define TB_ORDER_CONFIG_H

/*
 * config: tb.yaml: where orders go and what they may risk.
 *
 * tb-config(5) is the manual of the file.  Amounts are read from their text;
 * an unknown key is an error with a did-you-mean.  No secret stands in it: of
 * a key, only the path.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/decimal.h"
#include "base/err.h"
#include "base/market.h"
#include "order/limiter.h"

#define CONFIG_VENUE_MAX 32
#define CONFIG_PATH_MAX 4096
#define CONFIG_PRODUCTS_MAX 128
#define CONFIG_FAULTS_MAX 256
#define CONFIG_ARGUMENTS_MAX 12 /* for the program of a venue */
#define CONFIG_ARGUMENT_MAX 512
#define CONFIG_AGE_S 300 /* max_signal_age_s where the file is silent */
#define CONFIG_AGE_S_MAX 86400
#define CONFIG_RATE_MAX 100000 /* requests a second, or an hour */

/* A limit that may be left out. */
struct limit {
	bool set;
	struct decimal amount;
};

struct config {
	char venue[CONFIG_VENUE_MAX];	/* "": the database's own */
	bool live;			/* real orders are wanted */
	char key_file[CONFIG_PATH_MAX]; /* "": none */
	char program[CONFIG_PATH_MAX]; /* of the venue; "": found by its name */
	char arguments[CONFIG_ARGUMENTS_MAX][CONFIG_ARGUMENT_MAX]; /* for it */
	size_t argument_count;
	int64_t max_signal_age_s;
	struct limiter_rate rate; /* requests to the venue */

	struct limit max_order;	     /* quote amount of one order */
	struct limit max_position;   /* quote value of a product held */
	struct limit max_orders_day; /* intents a UTC day; whole */
	struct limit max_daily_loss; /* dollars, FIFO realized */
	struct limit max_drawdown;   /* percent below the peak of equity */
	bool some_products;	     /* only these are traded: */
	char products[CONFIG_PRODUCTS_MAX][PRODUCT_ID_MAX];
	size_t product_count;

	struct decimal paper_fee_percent;      /* of the value, 0 to 100 */
	struct decimal paper_slippage_percent; /* against us, 0 to 100 */
	char paper_faults[CONFIG_FAULTS_MAX];  /* how it misbehaves; "" */
};

/* config_init: what holds without a file: no limits, 0.6 % fee, 0.05 %. */
void config_init(struct config *config);

/*
 * config_read: the file at path; one that is not there is as an empty one
 * unless must_exist.
 *
 * out:	   *out	  complete also where the file says little
 * errors: TB_ECONFIG "FILE:LINE:COLUMN: limits.max_order: ..."; TB_EIO
 */
enum tb_status config_read(struct config *out, const char *path,
    bool must_exist, struct tb_err *err);

/* config_parse: the same from memory; name is for messages. */
enum tb_status config_parse(struct config *out, const char *name,
    const char *text, size_t len, struct tb_err *err);

/*
 * config_check_live: real orders need max_order, max_position, max_orders_day
 * and max_daily_loss and, the first time, somebody who says that they are
 * meant.
 *
 * in:	   is_meant  said already; else live: true has to
 * errors: TB_ECONFIG the message names what is missing
 */
enum tb_status config_check_live(const struct config *config, bool is_meant,
    struct tb_err *err);

/* config_allows: may this product be traded? */
bool config_allows(const struct config *config, const char *product_id);

#endif /* TB_ORDER_CONFIG_H */
