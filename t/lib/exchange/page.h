#ifndef TB_EXCHANGE_PAGE_H
#define TB_EXCHANGE_PAGE_H

/*
 * page: which rows of a list one answer has.
 *
 * A cursor counts the rows from the end of the list, where nothing is added
 * to a list that is newest first: no row is lost between two pages.
 */

#include "exchange/request.h"

#define CURSOR_MAX 64

struct page {
	size_t from, to; /* rows [from, to) */
	bool has_next;
	char cursor[CURSOR_MAX]; /* "" at the end */
};

/*
 * page_cut: by limit and cursor of the request.
 *
 * in:	    limit, limit_max  rows where the request tells none, and at most
 * returns: false: an error was answered
 */
bool page_cut(struct exchange *x, struct request *r, size_t rows, int64_t limit,
    int64_t limit_max, struct page *out);

#endif /* TB_EXCHANGE_PAGE_H */
