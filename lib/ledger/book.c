#include "ledger/book.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_MIN 8

void
book_init(struct book *b, enum lot_method method, bool fees_apart)
{
	*b = (struct book){ .method = method, .fees_apart = fees_apart };
}

void
book_release(struct book *b)
{
	for (size_t i = 0; i < b->count; i++)
		lots_release(&b->pages[i].lots);
	free(b->pages);
	book_init(b, b->method, b->fees_apart);
}

/* Where the product stands, or would. */
static size_t
place_of(const struct book *b, const char *product_id)
{
	size_t low = 0, high = b->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(b->pages[mid].position.product_id, product_id) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool
stands_at(const struct book *b, size_t at, const char *product_id)
{
	return at < b->count &&
	    strcmp(b->pages[at].position.product_id, product_id) == 0;
}

struct book_page *
book_find(const struct book *b, const char *product_id)
{
	size_t at = place_of(b, product_id);

	return stands_at(b, at, product_id) ? &b->pages[at] : NULL;
}

static enum tb_status
insert_page(struct book *b, size_t at, const char *product_id,
    struct tb_err *err)
{
	struct book_page *grown;
	size_t room = b->room == 0 ? ROOM_MIN : 2 * b->room;

	if (b->count == b->room) {
		grown = reallocarray(b->pages, room, sizeof(*grown));
		if (grown == NULL)
			return tb_nomem(err);
		b->pages = grown;
		b->room = room;
	}
	memmove(&b->pages[at + 1], &b->pages[at],
	    (b->count - at) * sizeof(*b->pages));
	b->count++;
	b->pages[at] = (struct book_page){ 0 };
	position_init(&b->pages[at].position, product_id);
	lots_init(&b->pages[at].lots, b->method, b->fees_apart);
	b->pages[at].lots.fine = b->fine;
	lot_queue_lend(&b->pages[at].lots.open, b->aside);
	return TB_OK;
}

enum tb_status
book_add(struct book *b, const struct position *p, struct tb_err *err)
{
	size_t at = place_of(b, p->product_id);
	enum tb_status status;

	assert(!stands_at(b, at, p->product_id));
	status = insert_page(b, at, p->product_id, err);
	if (status == TB_OK)
		b->pages[at].position = *p;
	return status;
}

/* Does e come before the page's newest fill? */
static bool
is_late(const struct book_page *page, const struct ledger_entry *e)
{
	if (page->last_id == 0)
		return false;
	if (e->at_us != page->position.updated_at_us)
		return e->at_us < page->position.updated_at_us;
	if (e->side != page->last_side)
		return e->side < page->last_side;
	if (e->venue_seq != page->last_seq)
		return e->venue_seq < page->last_seq;
	return e->fill_id < page->last_id;
}

enum tb_status
book_fill(struct book *b, const char *product_id, const struct ledger_entry *e,
    struct lot_outcome *out, struct tb_err *err)
{
	struct book_page *page;
	enum tb_status status;

	if (!stands_at(b, b->at, product_id)) {
		b->at = place_of(b, product_id);
		if (!stands_at(b, b->at, product_id)) {
			status = insert_page(b, b->at, product_id, err);
			if (status != TB_OK)
				return status;
		}
	}
	page = &b->pages[b->at];
	if (is_late(page, e))
		return TB_END;
	page->last_side = e->side;
	page->last_seq = e->venue_seq;
	page->last_id = e->fill_id;
	return lots_fill(&page->lots, &page->position, e, out, err);
}
