#ifndef TB_EXCHANGE_ACCOUNT_H
#define TB_EXCHANGE_ACCOUNT_H

/*
 * account: how much there is of each currency, and how much of that is held
 * for open orders.
 */

#include <stdint.h>

#include "base/digest.h"
#include "base/market.h"

#define ACCOUNTS_MAX 400
#define MOVEMENTS_MAX 4096

struct account {
	char currency[CURRENCY_MAX];
	char uuid[DIGEST_UUID];
	struct decimal total, hold; /* available = total - hold */
	int64_t updated_us;
};

/* What came or went without a trade. */
struct movement {
	char id[DIGEST_UUID], currency[CURRENCY_MAX];
	struct decimal amount; /* below 0: went */
	int64_t at_us;
};

struct accounts {
	struct account rows[ACCOUNTS_MAX];
	size_t count;
	struct movement movements[MOVEMENTS_MAX];
	size_t movement_count;
};

/* account_find: NULL for a currency that was never held. */
struct account *account_find(struct accounts *a, const char *currency);

/* account_of: by its uuid; NULL: there is none. */
struct account *account_of(struct accounts *a, const char *uuid);

/* account_get: find or open it; NULL when there are too many. */
struct account *account_get(struct accounts *a, const char *seed,
    const char *currency);

struct decimal account_available(const struct account *account);

/* account_add: change what there is.  Amounts here are bounded by checks. */
void account_add(struct account *account, struct decimal amount, int64_t at_us);
void account_hold(struct account *account, struct decimal amount);

#endif /* TB_EXCHANGE_ACCOUNT_H */
