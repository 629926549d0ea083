#ifndef TB_LEDGER_BOOK_H
#define TB_LEDGER_BOOK_H

/*
 * book: lots and position of every product, by one method.
 *
 * Pure.  Fed with fills as they come, products mixed; within a product they
 * must come in book order.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "ledger/lots.h"
#include "ledger/position.h"

/* A product's page. */
struct book_page {
	struct position position;
	struct lots lots;
	enum side last_side; /* private, as are the next: the newest fill's */
	int64_t last_seq, last_id;
};

struct book {
	enum lot_method method;
	bool fees_apart;
	bool fine; /* set it before the first fill: see struct lots */
	struct lot_aside *aside; /* NULL, or lent to the lots; FIFO */
	struct book_page *pages; /* owned; sorted by product_id */
	size_t count;
	size_t room; /* private */
	size_t at;   /* private: where the last fill went */
};

/* book_init: no product; allocates nothing. */
void book_init(struct book *b, enum lot_method method, bool fees_apart);
void book_release(struct book *b);

/*
 * book_fill: one more fill.
 *
 * out:	    out	 may be NULL; as lots_fill()
 * returns: TB_OK; TB_END the fill belongs before one that is booked already:
 *	    nothing is done, and the book has to be made anew in order
 * errors:  TB_ERANGE, TB_ENOMEM, TB_EIO
 */
enum tb_status book_fill(struct book *b, const char *product_id,
    const struct ledger_entry *e, struct lot_outcome *out, struct tb_err *err);

/* book_find: a product's page, or NULL. */
struct book_page *book_find(const struct book *b, const char *product_id);

/*
 * book_add: a product's page with a position from elsewhere and no lots.
 *
 * errors: TB_ENOMEM
 */
enum tb_status book_add(struct book *b, const struct position *p,
    struct tb_err *err);

#endif /* TB_LEDGER_BOOK_H */
