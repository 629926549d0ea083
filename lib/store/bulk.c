/* books_bulk: of books.h, very many executions at once. */

#include <assert.h>

#include "store/books.h"
#include "store/derived.h"
#include "store/indexes.h"
#include "store/rows.h"

static const char *const tables[] = { "trades", "fills", NULL };
static const char *const derived[] = { "lots", "disposals", NULL };

enum tb_status
books_bulk_begin(struct db *db, struct books_bulk *bulk, struct tb_err *err)
{
	enum tb_status status = fills_next_id(db, &bulk->next_fill_id, err);

	assert(status != TB_OK || bulk->next_fill_id == 1);
	if (status == TB_OK)
		status = trades_next_id(db, &bulk->next_trade_id, err);
	if (status == TB_OK)
		status = chain_load(db, META_FILLS_HEAD, META_FILLS_COUNT,
		    &bulk->chain, err);
	if (status == TB_OK)
		status = indexes_drop(db, tables, &bulk->indexes, err);
	if (status == TB_OK)
		status = indexes_drop(db, derived, &bulk->derived, err);
	return status;
}

enum tb_status
books_bulk_trade(struct db *db, struct books_bulk *bulk, struct trade *t,
    struct tb_err *err)
{
	t->id = bulk->next_trade_id++;
	return trades_insert(db, t, err);
}

enum tb_status
books_bulk_fill(struct db *db, struct books_bulk *bulk, const struct fill *fill,
    struct tb_err *err)
{
	assert(fill->kind == FILL_FILL);
	return fills_insert(db, &bulk->chain, bulk->next_fill_id++, fill, err);
}

static enum tb_status
settle(struct db *db, struct tb_err *err)
{
	char product[PRODUCT_ID_MAX] = "";
	enum tb_status status;

	while ((status = books_next_product(db, product, err)) == TB_OK) {
		status = lots_build(db, product, err);
		if (status != TB_OK)
			return status;
	}
	return status == TB_END ? TB_OK : status;
}

enum tb_status
books_bulk_end(struct db *db, struct books_bulk *bulk, struct tb_err *err)
{
	enum tb_status status;

	status = indexes_make(db, &bulk->indexes, err);
	if (status == TB_OK)
		status = chain_store(db, META_FILLS_HEAD, META_FILLS_COUNT,
		    &bulk->chain, err);
	if (status == TB_OK)
		status = settle(db, err);
	return status == TB_OK ? indexes_make(db, &bulk->derived, err) : status;
}

void
books_bulk_release(struct books_bulk *bulk)
{
	indexes_release(&bulk->indexes);
	indexes_release(&bulk->derived);
}
