#include "exchange/page.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CURSOR_SALT UINT64_C(0x7b10) /* a cursor is opaque, not a number */

static bool
read_cursor(const char *cursor, size_t rows, size_t *left)
{
	char *end;
	uint64_t n = strtoull(cursor, &end, 16);

	*left = (size_t)(n ^ CURSOR_SALT);
	return strcmp(end, "-tb") == 0 && *left <= rows;
}

/* The page_fails setting counts the pages of a list. */
static bool
fails(struct exchange *x, struct request *r, bool is_first)
{
	x->pages = is_first ? 1 : x->pages + 1;
	if (x->set.page_fails == 0 || x->pages != x->set.page_fails)
		return false;
	reply_error(r, 500, "INTERNAL", "internal error");
	return true;
}

bool
page_cut(struct exchange *x, struct request *r, size_t rows, int64_t limit,
    int64_t limit_max, struct page *out)
{
	const char *cursor = query_get(r, "cursor");
	bool is_first = cursor == NULL || *cursor == '\0';
	size_t left = rows;

	if (!is_first && !read_cursor(cursor, rows, &left)) {
		reply_error(r, 400, "INVALID_ARGUMENT", "invalid cursor");
		return false;
	}
	if (fails(x, r, is_first))
		return false;
	limit = query_integer(r, "limit", limit);
	if (limit <= 0 || limit > limit_max)
		limit = limit_max;
	if (x->set.page_max > 0 && limit > x->set.page_max)
		limit = x->set.page_max;
	out->from = rows - left;
	if (x->set.page_overlap && !is_first && out->from > 0) {
		out->from--;
		limit++;
	}
	out->to =
	    rows - out->from > (size_t)limit ? out->from + (size_t)limit : rows;
	out->has_next = out->to < rows || x->set.has_next_for_ever;
	out->cursor[0] = '\0';
	if (x->set.cursor_repeats && !is_first)
		(void)snprintf(out->cursor, sizeof(out->cursor), "%s", cursor);
	else if (out->has_next)
		(void)snprintf(out->cursor, sizeof(out->cursor),
		    "%08" PRIx64 "-tb",
		    (uint64_t)(rows - out->to) ^ CURSOR_SALT);
	return true;
}
