#include "legacy/item.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
legacy_ref_label(const struct legacy_ref *ref,
    char out[static LEGACY_LABEL_MAX])
{
	const char *prefix = ref->by_rowid ? "rowid:" : "";

	(void)snprintf(out, LEGACY_LABEL_MAX, "%s%s%lld",
	    ref->raw ? "raw:" : "", prefix, (long long)ref->id);
}

bool
legacy_item_is_open(const struct legacy_item *item)
{
	return item->disposition < LEGACY_MERGE;
}

void
legacy_item_merge(struct legacy_item *item, enum legacy_reason reason,
    const struct legacy_ref *into, size_t count)
{
	item->disposition = LEGACY_MERGE;
	item->reason = reason;
	item->into = into;
	item->into_count = count;
}

void
legacy_item_credit(struct legacy_item *fill, const struct legacy_item *order)
{
	memcpy(fill->triggered_by, order->triggered_by,
	    sizeof(fill->triggered_by));
	fill->has_signal = true;
	fill->signal = order->ref;
	legacy_quirk_add(&fill->quirks, LQ_DUPLICATE_WINNER);
	if (legacy_quirk_has(&order->quirks, LQ_RACE_DOUBLE))
		legacy_quirk_add(&fill->quirks, LQ_RACE_DOUBLE);
}

static int
compare_refs(const void *a, const void *b)
{
	const struct legacy_ref *x = a, *y = b;

	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	if (x->raw != y->raw)
		return x->raw ? 1 : -1;
	return (x->rowid > y->rowid) - (x->rowid < y->rowid);
}

void
legacy_item_filled(struct legacy_item *order, struct legacy_ref *into,
    size_t count)
{
	qsort(into, count, sizeof(*into), compare_refs);
	legacy_item_merge(order, LEGACY_SAME_EXECUTION_AS_FILL, into, count);
	legacy_quirk_add(&order->quirks, LQ_BOT_ROW_PLUS_FILL);
	if (count > 1)
		legacy_quirk_add(&order->quirks, LQ_PARTIAL_FILLS);
	if (order->state == LEGACY_PENDING)
		legacy_quirk_add(&order->quirks, LQ_PENDING_BUT_FILLED);
}

/* The fixed part of an item, up to its first text. */
#define FIXED_BYTES offsetof(struct legacy_item, product_id)

/* Where bytes go, or how many there are. */
struct packer {
	char *bytes; /* NULL: only counted */
	size_t len;
};

static void
pack(struct packer *p, const void *bytes, size_t len)
{
	if (p->bytes != NULL && len > 0)
		memcpy(p->bytes + p->len, bytes, len);
	p->len += len;
}

static void
pack_text(struct packer *p, const char *s)
{
	pack(p, s, strlen(s) + 1);
}

size_t
legacy_item_pack(const struct legacy_item *item, char *bytes)
{
	struct packer p = { .bytes = bytes };

	pack(&p, item, FIXED_BYTES);
	pack(&p, item->into, item->into_count * sizeof(*item->into));
	pack_text(&p, item->product_id);
	pack_text(&p, item->triggered_by);
	pack_text(&p, item->status_word);
	for (int i = 0; i < LEGACY_NUMBERS; i++)
		pack_text(&p, item->digits[i]);
	pack_text(&p, item->order_id);
	pack_text(&p, item->venue_order_id);
	return p.len;
}

static const char *
unpack_text(const char *bytes, char *out)
{
	size_t size = strlen(bytes) + 1;

	memcpy(out, bytes, size);
	return bytes + size;
}

void
legacy_item_unpack(const char *bytes, struct legacy_item *item)
{
	static struct legacy_ref into[LEGACY_INTO_MAX];

	memcpy(item, bytes, FIXED_BYTES);
	item->table = item->ref.raw ? "raw_trades" : "trades";
	bytes += FIXED_BYTES;
	memcpy(into, bytes, item->into_count * sizeof(*into));
	item->into = into;
	bytes += item->into_count * sizeof(*into);
	bytes = unpack_text(bytes, item->product_id);
	bytes = unpack_text(bytes, item->triggered_by);
	bytes = unpack_text(bytes, item->status_word);
	for (int i = 0; i < LEGACY_NUMBERS; i++)
		bytes = unpack_text(bytes, item->digits[i]);
	bytes = unpack_text(bytes, item->order_id);
	(void)unpack_text(bytes, item->venue_order_id);
}
