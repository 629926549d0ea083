#include "store/derived.h"
#include "store/sql.h"

static void
bind_trade(struct sql *q, int at, int64_t trade_id)
{
	if (trade_id == 0)
		sql_bind_null(q, at);
	else
		sql_bind_int(q, at, trade_id);
}

enum tb_status
lots_insert(struct db *db, const char *product_id, const struct lot *lot,
    struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, db,
	    "INSERT INTO lots (id, product_id, fill_id, trade_id, acquired_at,"
	    " size, cost, size_left, cost_left)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
	    err);
	if (status != TB_OK)
		return status;
	sql_bind_int(&q, 1, lot->lot_id);
	sql_bind_text(&q, 2, product_id);
	sql_bind_int(&q, 3, lot->fill_id);
	bind_trade(&q, 4, lot->trade_id);
	sql_bind_instant(&q, 5, lot->acquired_at_us);
	sql_bind_decimal(&q, 6, lot->size);
	sql_bind_decimal(&q, 7, lot->cost);
	sql_bind_decimal(&q, 8, lot->size_left);
	sql_bind_decimal(&q, 9, lot->cost_left);
	return sql_run(&q, err);
}

enum tb_status
lots_update(struct db *db, const struct lot *lot, struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, db,
	    "UPDATE lots SET size = ?2, cost = ?3, size_left = ?4,"
	    " cost_left = ?5 WHERE id = ?1",
	    err);
	if (status != TB_OK)
		return status;
	sql_bind_int(&q, 1, lot->lot_id);
	sql_bind_decimal(&q, 2, lot->size);
	sql_bind_decimal(&q, 3, lot->cost);
	sql_bind_decimal(&q, 4, lot->size_left);
	sql_bind_decimal(&q, 5, lot->cost_left);
	return sql_run(&q, err);
}

enum tb_status
disposals_insert(struct db *db, const char *product_id,
    const struct ledger_entry *e, const struct disposal_part *part,
    struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, db,
	    "INSERT INTO disposals (product_id, fill_id, trade_id, lot_id,"
	    " sold_at, size, proceeds, cost, gain)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
	    err);
	if (status != TB_OK)
		return status;
	sql_bind_text(&q, 1, product_id);
	sql_bind_int(&q, 2, e->fill_id);
	bind_trade(&q, 3, e->trade_id);
	bind_trade(&q, 4, part->lot.lot_id);
	sql_bind_instant(&q, 5, e->at_us);
	sql_bind_decimal(&q, 6, part->size);
	sql_bind_decimal(&q, 7, part->proceeds);
	sql_bind_decimal(&q, 8, part->cost);
	sql_bind_decimal(&q, 9, part->gain);
	return sql_run(&q, err);
}

static enum tb_status
put_disposal(struct db *db, const char *product_id,
    const struct ledger_entry *e, const struct disposal *d, struct tb_err *err)
{
	struct disposal_part rest;
	enum tb_status status = TB_OK;

	for (size_t i = 0; i < d->part_count && status == TB_OK; i++) {
		status = lots_update(db, &d->parts[i].lot, err);
		if (status == TB_OK)
			status = disposals_insert(db, product_id, e,
			    &d->parts[i], err);
	}
	if (status != TB_OK || !disposal_rest(d, &rest))
		return status;
	return disposals_insert(db, product_id, e, &rest, err);
}

enum tb_status
lots_put_outcome(struct db *db, const char *product_id,
    const struct ledger_entry *e, const struct lot_outcome *o,
    struct tb_err *err)
{
	switch (o->act) {
	case LOT_OPENED:
		return lots_insert(db, product_id, &o->lot, err);
	case LOT_AMENDED:
		return lots_update(db, &o->lot, err);
	case LOT_DISPOSED:
		break;
	}
	return put_disposal(db, product_id, e, &o->disposal, err);
}

static enum tb_status
read_lot(struct sql *q, struct lot *lot, struct tb_err *err)
{
	enum tb_status status;

	*lot = (struct lot){
		.lot_id = sql_int(q, 0),
		.fill_id = sql_int(q, 1),
		.trade_id = sql_int(q, 2),
	};
	status = sql_instant(q, 3, &lot->acquired_at_us, err);
	if (status == TB_OK)
		status = sql_decimal(q, 4, &lot->size, err);
	if (status == TB_OK)
		status = sql_decimal(q, 5, &lot->cost, err);
	if (status == TB_OK)
		status = sql_decimal(q, 6, &lot->size_left, err);
	if (status == TB_OK)
		status = sql_decimal(q, 7, &lot->cost_left, err);
	if (status != TB_OK)
		tb_err_at(err, "lot %lld", (long long)lot->lot_id);
	return status;
}

/* Put as many open lots into l as hold `size` coins, or the one of a fill. */
static enum tb_status
load_lots(struct db *db, struct lots *l, const char *product_id,
    struct decimal size, int64_t fill_id, struct tb_err *err)
{
	struct decimal left = size;
	struct lot lot;
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, db,
	    "SELECT id, fill_id, trade_id, acquired_at, size, cost, size_left,"
	    " cost_left FROM lots WHERE product_id = ?1 AND size_left <> '0'"
	    " AND (?2 = 0 OR fill_id = ?2) ORDER BY id",
	    err);
	sql_bind_text(&q, 1, product_id);
	sql_bind_int(&q, 2, fill_id);
	while (status == TB_OK && (fill_id != 0 || decimal_sign(left) > 0) &&
	    (status = sql_step(&q, err)) == TB_OK) {
		status = read_lot(&q, &lot, err);
		if (status == TB_OK)
			status = lot_queue_put(&l->open, &lot, err);
		if (status == TB_OK)
			status = decimal_sub(left, lot.size_left, &left);
	}
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

/* The lot that an entry amends, if it is open and has enough left. */
static enum tb_status
load_amended(struct db *db, struct lots *l, const char *product_id,
    const struct ledger_entry *e, struct tb_err *err)
{
	enum tb_status status;

	if (e->amends_fill_id == 0)
		return TB_OK;
	status =
	    load_lots(db, l, product_id, DECIMAL_ZERO, e->amends_fill_id, err);
	if (status == TB_OK && !lot_queue_is_empty(&l->open) &&
	    decimal_cmp(lot_queue_next(&l->open)->size_left,
		decimal_abs(e->size)) <= 0)
		lots_clear(l);
	return status;
}

/* The lots that an entry may touch, and no others. */
enum tb_status
lots_load_touched(struct db *db, struct lots *l, const char *product_id,
    const struct ledger_entry *e, struct tb_err *err)
{
	int sign = decimal_sign(e->size);
	enum tb_status status = TB_OK;

	if (e->side == SIDE_BUY && sign <= 0)
		status = load_amended(db, l, product_id, e, err);
	if (status != TB_OK || !lot_queue_is_empty(&l->open) ||
	    (e->side == SIDE_SELL) != (sign > 0))
		return status;
	return load_lots(db, l, product_id, decimal_abs(e->size), 0, err);
}

enum tb_status
lots_last_id(struct db *db, int64_t *out, struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, db, "SELECT max(id) FROM lots", err);
	if (status == TB_OK)
		status = sql_step(&q, err);
	if (status == TB_OK)
		*out = sql_int(&q, 0);
	sql_close(&q);
	return status;
}
