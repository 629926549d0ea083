#include "wire/evaluationid.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/instant.h"

void
evaluation_id_format(const struct evaluation_id *id,
    char out[static EVALUATION_ID_MAX])
{
	char at[INSTANT_STRLEN];
	const char *granularity = granularity_name(id->granularity_s);

	instant_format_s(instant_floor_s(id->candle_at_us), at);
	if (granularity != NULL)
		snprintf(out, EVALUATION_ID_MAX, "%s/%s/%s/%s/%.8s", id->name,
		    id->product_id, granularity, at, id->hash);
	else
		snprintf(out, EVALUATION_ID_MAX, "%s/%s/%d/%s/%.8s", id->name,
		    id->product_id, id->granularity_s, at, id->hash);
}

/* The text up to the next slash or the end, and on to behind it. */
static enum tb_status
id_part(const char **s, char *buf, size_t size)
{
	size_t len = strcspn(*s, "/");

	if (len == 0 || len >= size)
		return TB_EINVAL;
	memcpy(buf, *s, len);
	buf[len] = '\0';
	*s += len;
	*s += **s == '/';
	return TB_OK;
}

static bool
id_read(const char *s, struct evaluation_id *out)
{
	char granularity[16], at[INSTANT_STRLEN], again[EVALUATION_ID_MAX];
	const char *all = s;

	if (id_part(&s, out->name, sizeof(out->name)) != TB_OK ||
	    id_part(&s, out->product_id, sizeof(out->product_id)) != TB_OK ||
	    id_part(&s, granularity, sizeof(granularity)) != TB_OK ||
	    id_part(&s, at, sizeof(at)) != TB_OK ||
	    id_part(&s, out->hash, sizeof(out->hash)) != TB_OK)
		return false;
	if (granularity_parse(granularity, strlen(granularity),
		&out->granularity_s) != TB_OK ||
	    instant_parse(at, strlen(at), &out->candle_at_us) != TB_OK)
		return false;
	if (strspn(out->hash, "0123456789abcdef") != EVALUATION_HASH - 1 ||
	    !product_id_is_valid(out->product_id, strlen(out->product_id)))
		return false;
	evaluation_id_format(out, again); /* one text for one evaluation */
	return strcmp(again, all) == 0;
}

enum tb_status
evaluation_id_parse(const char *s, struct evaluation_id *out,
    struct tb_err *err)
{
	*out = (struct evaluation_id){ 0 };
	if (strlen(s) < EVALUATION_ID_MAX && id_read(s, out))
		return TB_OK;
	return tb_fail(err, TB_EINVAL,
	    "evaluation_id: expected NAME/PRODUCT/GRANULARITY/TIME/HASH");
}
