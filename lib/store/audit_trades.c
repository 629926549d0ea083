/* The check "trades" of audit. */

#include "store/audit_parts.h"
#include "store/books.h"

#define PAGE 64

static bool
same(struct decimal a, struct decimal b)
{
	return decimal_cmp(a, b) == 0;
}

static enum tb_status
check_trade(struct db *db, const struct trade *t, struct audit_result *r,
    struct tb_err *err)
{
	struct decimal size, value, fee;
	bool agree;
	enum tb_status status;

	r->rows++;
	if (t->status == TRADE_PENDING)
		return TB_OK;
	status = books_order_sums(db, t->order_id, &size, &value, &fee, err);
	if (status != TB_OK)
		return status;
	if (t->status == TRADE_CANCELLED) {
		if (decimal_sign(size) != 0)
			audit_found(r,
			    "trade %lld is cancelled, but its order has fills",
			    (long long)t->id);
		return TB_OK;
	}
	agree = same(size, t->size_crypto) && same(value, t->size_usd) &&
	    same(fee, t->commission);
	if (!agree)
		audit_found(r,
		    "trade %lld is not the sum of the fills of order %s",
		    (long long)t->id, t->order_id);
	return TB_OK;
}

enum tb_status
audit_trades(struct db *db, struct audit_result *r, struct tb_err *err)
{
	static struct trade page[PAGE];
	int64_t before = 0;
	enum tb_status status;
	size_t count;

	do {
		status =
		    books_trades(db, NULL, before, page, PAGE, &count, err);
		for (size_t i = 0; i < count; i++) {
			before = page[i].id;
			if (status == TB_OK)
				status = check_trade(db, &page[i], r, err);
			trade_release(&page[i]);
		}
	} while (status == TB_OK && count > 0);
	return status;
}
