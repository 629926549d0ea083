#include "store/legacy_fills.h"

#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "store/books.h"
#include "store/sql.h"

#define VERSION_ROOM 20 /* of an entry_id, for ":2" and so on */

/* An id too long for its prefix goes by its digest. */
static void
entry_id(const char *prefix, const char *id, char out[static ORDER_ID_MAX])
{
	char hex[DIGEST_HEX];

	if (strlen(prefix) + strlen(id) >= ORDER_ID_MAX - VERSION_ROOM) {
		digest_of(id, strlen(id), hex);
		id = hex;
	}
	(void)snprintf(out, ORDER_ID_MAX, "%s%s", prefix, id);
}

void
legacy_fill_entry(const char *venue_trade_id, char out[static ORDER_ID_MAX])
{
	entry_id("legacy:fill:", venue_trade_id, out);
}

void
legacy_order_entry(const char *order_id, char out[static ORDER_ID_MAX])
{
	entry_id("legacy:order:", order_id, out);
}

/* The row that q stands on is what the venue tells of. */
static enum tb_status
check_same(struct sql *q, const struct fill *fill, struct tb_err *err)
{
	if (strcmp(sql_text(q, 1), fill->product_id) == 0 &&
	    strcmp(sql_text(q, 2), side_name(fill->side)) == 0)
		return TB_OK;
	return tb_fail(err, TB_EDISAGREE,
	    "fill %s came from the old system as %s %s, but the venue says "
	    "%s %s",
	    fill->venue_trade_id, sql_text(q, 2), sql_text(q, 1),
	    side_name(fill->side), fill->product_id);
}

static enum tb_status
find_known(struct db *db, const struct fill *fill, bool *known,
    char order_id[static ORDER_ID_MAX], struct tb_err *err)
{
	char entry[ORDER_ID_MAX];
	enum tb_status status;
	struct sql q;

	legacy_fill_entry(fill->venue_trade_id, entry);
	(void)sql_open(&q, db,
	    "SELECT order_id, product_id, side FROM fills f"
	    " WHERE (entry_id = ?1 OR (entry_id > ?1 || ':'"
	    " AND entry_id < ?1 || ';')) AND NOT EXISTS"
	    " (SELECT 1 FROM fills r WHERE r.reverses = f.entry_id)",
	    err);
	sql_bind_text(&q, 1, entry);
	status = sql_step(&q, err);
	*known = status == TB_OK;
	if (status == TB_OK)
		status = check_same(&q, fill, err);
	if (status == TB_OK)
		status = sql_copy(&q, 0, order_id, ORDER_ID_MAX, err);
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

/* What is left of the row that q stands on, as the reversal that takes it
 * back. */
static enum tb_status
read_reversal(struct sql *q, struct fill *out, struct tb_err *err)
{
	enum tb_status status;

	*out = (struct fill){ .kind = FILL_REVERSAL, .nature = NATURE_TRADE };
	status = sql_copy(q, 0, out->reverses, ORDER_ID_MAX, err);
	if (status == TB_OK)
		status = sql_copy(q, 1, out->order_id, ORDER_ID_MAX, err);
	if (status == TB_OK)
		status = sql_copy(q, 2, out->product_id, PRODUCT_ID_MAX, err);
	if (status == TB_OK)
		status =
		    side_parse(sql_text(q, 3), sql_text_len(q, 3), &out->side);
	if (status == TB_OK)
		status = sql_decimal(q, 4, &out->size, err);
	if (status == TB_OK)
		status = sql_decimal(q, 5, &out->price, err);
	if (status == TB_OK)
		status = sql_decimal(q, 6, &out->value, err);
	if (status == TB_OK)
		status = sql_decimal(q, 7, &out->fee, err);
	if (status == TB_OK)
		status = sql_instant(q, 8, &out->at_us, err);
	if (status != TB_OK)
		return status;
	entry_id("legacy:reversal:", out->reverses, out->entry_id);
	memcpy(out->venue_trade_id, out->entry_id, sizeof(out->venue_trade_id));
	return TB_OK;
}

/* TB_END: none of the order's that counts came from the old system. */
static enum tb_status
find_reversal(struct db *db, const char *order_id, const char *pattern,
    struct fill *out, struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db,
	    "SELECT entry_id, order_id, product_id, side, size, price, value,"
	    " fee, at FROM fills f WHERE order_id = ?1 AND entry_id GLOB ?2"
	    " AND kind <> 'reversal' AND NOT EXISTS"
	    " (SELECT 1 FROM fills r WHERE r.reverses = f.entry_id)",
	    err);
	sql_bind_text(&q, 1, order_id);
	sql_bind_text(&q, 2, pattern);
	status = sql_step(&q, err);
	if (status == TB_OK)
		status = read_reversal(&q, out, err);
	sql_close(&q);
	return status;
}

enum tb_status
legacy_fill_meet(struct db *db, const struct fill *fill, bool *out_known,
    char out_order_id[static ORDER_ID_MAX], struct tb_err *err)
{
	struct booking booking;
	struct fill reversal;
	enum tb_status status;

	status = find_known(db, fill, out_known, out_order_id, err);
	if (status != TB_OK || *out_known)
		return status;
	status =
	    find_reversal(db, fill->order_id, "legacy:order:*", &reversal, err);
	if (status == TB_OK)
		status = books_fill(db, &reversal, &booking, err);
	return status == TB_END ? TB_OK : status;
}

enum tb_status
legacy_fill_take_back(struct db *db, const char *order_id, bool *out_any,
    struct tb_err *err)
{
	struct fill reversal;
	enum tb_status status;
	bool repeated;

	status = find_reversal(db, order_id, "legacy:*", &reversal, err);
	*out_any = status == TB_OK;
	if (status == TB_OK)
		status = books_fill_deferred(db, &reversal, &repeated, err);
	return status == TB_END ? TB_OK : status;
}

enum tb_status
legacy_fill_version(struct db *db, char entry[static ORDER_ID_MAX],
    struct tb_err *err)
{
	int64_t taken = 0;
	enum tb_status status;
	struct sql q;
	size_t len;

	(void)sql_open(&q, db,
	    "SELECT count(*) FROM fills WHERE entry_id = ?1"
	    " OR (entry_id > ?1 || ':' AND entry_id < ?1 || ';')",
	    err);
	sql_bind_text(&q, 1, entry);
	status = sql_step(&q, err);
	if (status == TB_OK)
		taken = sql_int(&q, 0);
	sql_close(&q);
	if (status != TB_OK || taken == 0)
		return status;
	len = strnlen(entry, ORDER_ID_MAX - VERSION_ROOM);
	(void)snprintf(entry + len, ORDER_ID_MAX - len, ":%lld",
	    (long long)taken + 1);
	return TB_OK;
}

/* --------------------------------------------------------------- trades -- */

static enum tb_status
read_trade(struct sql *q, struct legacy_trade *out, struct tb_err *err)
{
	enum tb_status status;

	status = sql_copy(q, 0, out->product_id, PRODUCT_ID_MAX, err);
	if (status == TB_OK)
		status =
		    side_parse(sql_text(q, 1), sql_text_len(q, 1), &out->side);
	if (status == TB_OK)
		status = sql_decimal(q, 2, &out->size_usd, err);
	if (status == TB_OK)
		status = sql_decimal(q, 3, &out->size_crypto, err);
	if (status == TB_OK)
		status = sql_decimal(q, 4, &out->price, err);
	if (status == TB_OK)
		status = sql_decimal(q, 5, &out->commission, err);
	if (status == TB_OK)
		status = sql_copy(q, 6, out->status, sizeof(out->status), err);
	if (status == TB_OK)
		status = sql_instant(q, 7, &out->created_at_us, err);
	out->is_native = sql_int(q, 8) != 0;
	return status;
}

enum tb_status
legacy_trade_find(struct db *db, const char *order_id, struct legacy_trade *out,
    struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	*out = (struct legacy_trade){ 0 };
	(void)sql_open(&q, db,
	    "SELECT product_id, side, size_usd, size_crypto, price, commission,"
	    " status, created_at, EXISTS (SELECT 1 FROM fills f"
	    " WHERE f.order_id = t.order_id AND entry_id NOT GLOB 'legacy:*')"
	    " OR EXISTS (SELECT 1 FROM orders o WHERE o.order_id = t.order_id)"
	    " FROM trades t WHERE order_id = ?1",
	    err);
	sql_bind_text(&q, 1, order_id);
	status = sql_step(&q, err);
	out->exists = status == TB_OK;
	if (status == TB_OK)
		status = read_trade(&q, out, err);
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

static enum tb_status
run_with(struct db *db, const char *text, const char *order_id,
    struct tb_err *err)
{
	struct sql q;

	(void)sql_open(&q, db, text, err);
	sql_bind_text(&q, 1, order_id);
	return sql_run(&q, err);
}

enum tb_status
legacy_trade_remove(struct db *db, const char *order_id, struct tb_err *err)
{
	enum tb_status status;

	status = run_with(db,
	    "DELETE FROM disposals WHERE product_id ="
	    " (SELECT product_id FROM trades WHERE order_id = ?1)",
	    order_id, err);
	if (status == TB_OK)
		status = run_with(db,
		    "DELETE FROM lots WHERE product_id ="
		    " (SELECT product_id FROM trades WHERE order_id = ?1)",
		    order_id, err);
	if (status == TB_OK)
		status = run_with(db,
		    "DELETE FROM portfolio WHERE product_id ="
		    " (SELECT product_id FROM trades WHERE order_id = ?1)",
		    order_id, err);
	if (status == TB_OK)
		status = run_with(db, "DELETE FROM trades WHERE order_id = ?1",
		    order_id, err);
	return status;
}

/* -------------------------------------------------------------- natives -- */

enum tb_status
legacy_natives_find(struct db *db, bool *out_any, struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	status = sql_exec(db,
	    "CREATE TEMP TABLE IF NOT EXISTS native_fills"
	    " (id TEXT PRIMARY KEY, order_id TEXT) WITHOUT ROWID;"
	    "INSERT OR IGNORE INTO native_fills SELECT venue_trade_id, order_id"
	    " FROM fills WHERE entry_id NOT GLOB 'legacy:*' AND kind = 'fill'",
	    err);
	if (status != TB_OK)
		return status;
	(void)sql_open(&q, db, "SELECT EXISTS (SELECT 1 FROM native_fills)",
	    err);
	status = sql_step(&q, err);
	if (status == TB_OK)
		*out_any = sql_int(&q, 0) != 0;
	sql_close(&q);
	return status;
}

enum tb_status
legacy_native_of(struct db *db, const char *venue_trade_id,
    char out_order_id[static ORDER_ID_MAX], struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db,
	    "SELECT order_id FROM native_fills WHERE id = ?1", err);
	sql_bind_text(&q, 1, venue_trade_id);
	status = sql_step(&q, err);
	if (status == TB_OK)
		status = sql_copy(&q, 0, out_order_id, ORDER_ID_MAX, err);
	sql_close(&q);
	return status;
}
