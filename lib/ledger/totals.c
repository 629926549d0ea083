#include "ledger/totals.h"

#include <stdlib.h>
#include <string.h>

static enum tb_status
totals_of(struct totals *totals, const char *product_id, struct total **out,
    struct tb_err *err)
{
	char quote[CURRENCY_MAX];
	struct total *grown;
	size_t i = 0;

	product_quote(product_id, quote);
	while (i < totals->count &&
	    strcmp(totals->of[i].currency, total_currency(quote)) != 0)
		i++;
	if (i == totals->count) {
		grown = reallocarray(totals->of, i + 1, sizeof(*grown));
		if (grown == NULL)
			return tb_nomem(err);
		totals->of = grown;
		total_init(&totals->of[i], quote);
		totals->count++;
	}
	*out = &totals->of[i];
	return TB_OK;
}

enum tb_status
totals_add_up(struct totals *totals, const struct book *book,
    struct tb_err *err)
{
	struct total *t;
	enum tb_status status;

	*totals = (struct totals){ 0 };
	status = totals_of(totals, "X-USD", &t, err);
	for (size_t i = 0; i < book->count && status == TB_OK; i++) {
		const struct position *p = &book->pages[i].position;

		status = totals_of(totals, p->product_id, &t, err);
		if (status == TB_OK)
			status = total_add(t, p, err);
	}
	return status;
}

void
totals_release(struct totals *totals)
{
	free(totals->of);
	*totals = (struct totals){ 0 };
}
