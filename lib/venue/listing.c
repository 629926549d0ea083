#include "venue/listing.h"

#include <stdio.h>

void
listing_begin(struct listing *l)
{
	l->cursor[0] = '\0';
	l->complete = false;
	l->pages = 0;
}

/* FNV-1a */
static uint64_t
hash_of(const char *s)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3u;
	return h;
}

static bool
was_seen(const struct listing *l, uint64_t hash)
{
	for (size_t i = 0; i + 1 < l->pages; i++)
		if (l->seen[i] == hash)
			return true;
	return false;
}

static enum tb_status
incomplete(const struct listing *l, const char *why, struct tb_err *err)
{
	struct tb_err told;

	snprintf(told.msg, sizeof(told.msg), "%s", why); /* it may be err's */
	return tb_fail(err, TB_EBUSY, "incomplete listing (page %zu): %.400s",
	    l->pages, told.msg);
}

enum tb_status
listing_turn(struct listing *l, enum tb_status status, struct tb_err *err)
{
	uint64_t hash;

	l->pages++;
	if (status == TB_EPERM || (status != TB_OK && l->pages == 1))
		return status;
	if (status != TB_OK)
		return incomplete(l, err == NULL ? "" : err->msg, err);
	l->complete = l->cursor[0] == '\0';
	if (l->complete)
		return TB_OK;
	if (l->pages == LISTING_PAGES_MAX)
		return incomplete(l, "more pages than anybody lists", err);
	hash = hash_of(l->cursor);
	l->seen[l->pages - 1] = hash;
	if (was_seen(l, hash))
		return incomplete(l, "the cursor repeats", err);
	return TB_OK;
}
