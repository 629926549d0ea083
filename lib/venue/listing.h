#ifndef TB_VENUE_LISTING_H
#define TB_VENUE_LISTING_H

/*
 * listing: going through the pages of a list verb to its end, or knowing that
 * one did not.
 *
 *	listing_begin(&l);
 *	do {
 *		status = verbs->orders_since(v, since_us, l.cursor, page,
 *		    VENUE_PAGE_MAX, &count, err);
 *		status = listing_turn(&l, status, err);
 *		...the rows of the page...
 *	} while (status == TB_OK && !l.complete);
 *
 * A listing that is not complete proves nothing about what is not on it.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "venue/venue.h"

#define LISTING_PAGES_MAX 200

struct listing {
	char cursor[VENUE_CURSOR_MAX]; /* of the next page */
	bool complete;
	size_t pages;			  /* that were read */
	uint64_t seen[LISTING_PAGES_MAX]; /* private: cursors, hashed */
};

void listing_begin(struct listing *l);

/*
 * listing_turn: after each page.
 *
 * in:	   status  of the verb
 * errors: TB_EBUSY "incomplete listing (page 2): ...": the verb failed behind
 *	   the first page, a cursor came again, or there are more pages than
 *	   LISTING_PAGES_MAX.  TB_EPERM, and a failure of the first page, stay
 *	   what they are
 */
enum tb_status listing_turn(struct listing *l, enum tb_status status,
    struct tb_err *err);

#endif /* TB_VENUE_LISTING_H */
