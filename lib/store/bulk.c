/* books_bulk: of books.h, very many executions at once. */

#include <assert.h>

#include "store/books.h"
#include "store/indexes.h"
#include "store/rows.h"
#include "store/sql.h"

static const char *const tables[] = { "trades", "fills", NULL };

enum tb_status
books_bulk_begin(struct db *db, struct books_bulk *bulk, struct tb_err *err)
{
	enum tb_status status = fills_next_id(db, &bulk->next_fill_id, err);

	bulk->first_fill_id = bulk->next_fill_id;
	if (status == TB_OK)
		status = trades_next_id(db, &bulk->next_trade_id, err);
	if (status == TB_OK)
		status = chain_load(db, META_FILLS_HEAD, META_FILLS_COUNT,
		    &bulk->chain, err);
	if (status == TB_OK)
		status = indexes_drop(db, tables, &bulk->indexes, err);
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

enum tb_status
books_bulk_end(struct db *db, struct books_bulk *bulk, struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	status = indexes_make(db, &bulk->indexes, err);
	if (status == TB_OK)
		status = chain_store(db, META_FILLS_HEAD, META_FILLS_COUNT,
		    &bulk->chain, err);
	(void)sql_open(&q, db,
	    "DELETE FROM portfolio WHERE product_id IN"
	    " (SELECT product_id FROM fills WHERE id >= ?1)",
	    err);
	sql_bind_int(&q, 1, bulk->first_fill_id);
	return status == TB_OK ? sql_run(&q, err) : status;
}

void
books_bulk_release(struct books_bulk *bulk)
{
	indexes_release(&bulk->indexes);
}
