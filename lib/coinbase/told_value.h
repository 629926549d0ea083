#ifndef TB_COINBASE_TOLD_VALUE_H
#define TB_COINBASE_TOLD_VALUE_H

/*
 * told_value: the members of what the exchange tells.  Private to told.
 *
 * What is absent, null or "" says nothing.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/market.h"
#include "io/json.h"

/* value_of: a member that says something, else NULL. */
const struct json_token *value_of(const struct json *j,
    const struct json_token *t, const char *key);

/* value_is_tame: its text is of one line and drives no terminal. */
bool value_is_tame(const struct json_token *m);

/* value_id: it has to be there, and whole. */
enum tb_status value_id(const struct json *j, const struct json_token *t,
    const char *key, char *out, size_t size, struct tb_err *err);

/* value_amount: 0 where it says nothing. */
enum tb_status value_amount(const struct json *j, const struct json_token *t,
    const char *key, struct decimal *out, struct tb_err *err);

/* Several amounts of one row. */
struct value_amount_of {
	const char *key;
	struct decimal *to;
};

enum tb_status value_amounts(const struct json *j, const struct json_token *t,
    const struct value_amount_of *amounts, size_t count, struct tb_err *err);

/* value_time: 0 where it says nothing. */
enum tb_status value_time(const struct json *j, const struct json_token *t,
    const char *key, int64_t *out, struct tb_err *err);

enum tb_status value_side(const struct json *j, const struct json_token *t,
    enum side *out, struct tb_err *err);

/* value_product: the product of a row; TB_END: none that a venue has. */
enum tb_status value_product(const struct json *j, const struct json_token *t,
    char out[static PRODUCT_ID_MAX], struct tb_err *err);

#endif /* TB_COINBASE_TOLD_VALUE_H */
