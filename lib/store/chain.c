#include "store/chain.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define COUNT_TEXT 24

void
chain_next(struct chain *c, const char *const *fields, size_t count)
{
	struct digest digest;

	digest_init(&digest);
	digest_add_field(&digest, c->head);
	for (size_t i = 0; i < count; i++)
		digest_add_field(&digest, fields[i]);
	digest_hex(&digest, c->head);
	c->count++;
}

enum tb_status
chain_load(struct db *db, const char *head_key, const char *count_key,
    struct chain *out, struct tb_err *err)
{
	char text[COUNT_TEXT], *end;
	enum tb_status status;

	*out = (struct chain){ 0 };
	status = db_meta_get(db, head_key, out->head, sizeof(out->head), err);
	if (status == TB_OK)
		status = db_meta_get(db, count_key, text, sizeof(text), err);
	if (status == TB_ENOENT) {
		tb_err_clear(err);
		*out = (struct chain){ 0 };
		return TB_OK;
	}
	if (status != TB_OK)
		return status;
	out->count = strtoll(text, &end, 10);
	if (end == text || *end != '\0' || out->count < 0)
		return tb_fail(err, TB_EDISAGREE,
		    "meta.%s: expected a number of rows, found \"%s\"",
		    count_key, text);
	return TB_OK;
}

enum tb_status
chain_store(struct db *db, const char *head_key, const char *count_key,
    const struct chain *c, struct tb_err *err)
{
	char text[COUNT_TEXT];
	enum tb_status status;

	snprintf(text, sizeof(text), "%" PRId64, c->count);
	status = db_meta_set(db, head_key, c->head, err);
	if (status == TB_OK)
		status = db_meta_set(db, count_key, text, err);
	return status;
}
