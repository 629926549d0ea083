#include "legacy/unite.h"

#include <assert.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/digest.h"

#define KEY_MAX (ORDER_ID_MAX + 2)
#define ITEM_BYTES                                                             \
 (sizeof(struct legacy_item) + LEGACY_INTO_MAX * sizeof(struct legacy_ref))
#define TAG_DIGITS 8 /* of a digest, behind an id that is ours */

/* -------------------------------------------------------------- sorting -- */

enum tb_status
legacy_sort_item(struct sorter *s, const void *key, size_t key_len,
    const struct legacy_item *item, struct tb_err *err)
{
	static char bytes[ITEM_BYTES];
	size_t len;

	assert(item->into_count <= LEGACY_INTO_MAX);
	len = legacy_item_pack(item, bytes);
	return sorter_add(s, key, key_len, bytes, len, err);
}

/* A key: the id in small letters, a NUL, and who comes first of equal ids. */
static enum tb_status
sort_by(struct sorter *s, const char *id, char rank,
    const struct legacy_item *item, struct tb_err *err)
{
	char key[KEY_MAX];
	size_t len = strlen(id);

	for (size_t i = 0; i < len; i++)
		key[i] = (char)tolower((unsigned char)id[i]);
	key[len] = '\0';
	key[len + 1] = rank;
	return legacy_sort_item(s, key, len + 2, item, err);
}

static bool
same_id(const struct sorter_record *r, const char *key, size_t key_len)
{
	return r->key_len == key_len && memcmp(r->key, key, key_len - 1) == 0;
}

enum tb_status
legacy_sort_by_id(struct sorter *s, const struct legacy_item *item,
    struct tb_err *err)
{
	static const char rank_of[] = { [LEGACY_PENDING] = 2,
		[LEGACY_FILLED] = 1,
		[LEGACY_CANCELLED] = 3 };
	char rank = rank_of[item->state];

	if (item->ref.raw)
		rank = 0;
	else if (!legacy_item_is_open(item))
		rank = 4;
	return sort_by(s, item->order_id, rank, item, err);
}

enum tb_status
legacy_sort_by_order(struct sorter *s, const struct legacy_item *item,
    struct tb_err *err)
{
	if (item->origin != LEGACY_BOT)
		return item->venue_order_id[0] == '\0' ?
		    TB_END :
		    sort_by(s, item->venue_order_id, 1, item, err);
	return item->id_made ? TB_END :
			       sort_by(s, item->order_id, 0, item, err);
}

/* ------------------------------------------------------------------ repeats */

static bool
same_figures(const struct legacy_item *a, const struct legacy_item *b)
{
	return strcmp(a->product_id, b->product_id) == 0 &&
	    a->side == b->side &&
	    decimal_cmp(a->size_crypto, b->size_crypto) == 0 &&
	    decimal_cmp(a->size_usd, b->size_usd) == 0 &&
	    decimal_cmp(a->price, b->price) == 0;
}

/* Two files have a row at the same place: what it tells makes the id. */
static void
tag_id(struct legacy_item *item)
{
	size_t len = strlen(item->order_id);
	char hex[DIGEST_HEX], text[DECIMAL_STRLEN];
	struct digest d;

	digest_init(&d);
	digest_add_field(&d, item->product_id);
	digest_add(&d, &item->created_us, sizeof(item->created_us));
	(void)decimal_format(item->size_crypto, text);
	digest_add_field(&d, text);
	(void)decimal_format(item->size_usd, text);
	digest_add_field(&d, text);
	digest_hex(&d, hex);
	(void)snprintf(item->order_id + len, ORDER_ID_MAX - len, ":%.*s",
	    TAG_DIGITS, hex);
}

/* A copy of what nothing proves: it has no fills of its own to look for. */
static void
doubt(struct legacy_item *x)
{
	x->disposition = LEGACY_QUARANTINE;
	x->reason = LEGACY_NO_ORDER_ID;
	legacy_quirk_add(&x->quirks, LQ_DUPLICATE_ROW);
}

/* What becomes of x, which has the id of what stands. */
static void
repeat(struct legacy_item *stands, struct legacy_item *x)
{
	bool same = same_figures(stands, x) &&
	    (!x->id_made || x->created_us == stands->created_us);

	if (same && x->id_made && x->state == LEGACY_FILLED) {
		doubt(x);
	} else if (same) {
		legacy_item_merge(x, LEGACY_DUPLICATE_ORDER_ID, &stands->ref,
		    1);
		legacy_quirk_add(&x->quirks,
		    strcmp(x->order_id, stands->order_id) != 0 || x->id_padded ?
			LQ_DUP_CASE_BLANK :
			LQ_DUPLICATE_ROW);
		legacy_quirk_add(&stands->quirks, LQ_DUP_KEPT);
	} else if (x->id_made) {
		tag_id(x);
	} else {
		x->disposition = LEGACY_QUARANTINE;
		x->reason = LEGACY_CONFLICTING_ORDER_ID;
		legacy_quirk_add(&x->quirks, LQ_DUPLICATE_CONFLICT);
	}
}

/* ------------------------------------------------------- the two tables -- */

/* Rows of one id. */
struct group {
	char key[KEY_MAX];
	size_t key_len; /* 0: none yet */
	bool has_raw, has_trade, joined;
	struct legacy_item raw, trade; /* what stands */
	legacy_sink *sink;
	void *arg;
};

/* Reasons that go where raw_trades tells better. */
static bool
raw_mends(const struct legacy_item *trade)
{
	return trade->reason != LEGACY_MOCK_ORDER &&
	    trade->reason != LEGACY_TEST_DATA;
}

static void
take_amounts(struct legacy_item *trade, const struct legacy_item *raw)
{
	memcpy(trade->product_id, raw->product_id, sizeof(raw->product_id));
	trade->side = raw->side;
	trade->size_usd = raw->size_usd;
	trade->size_crypto = raw->size_crypto;
	trade->price = raw->price;
	legacy_quirk_add(&trade->quirks, LQ_SIZE_FROM_RAW);
}

/* A row of trades that the import of fills wrote, and the fill itself. */
static void
join(struct legacy_item *trade, const struct legacy_item *raw)
{
	if (!legacy_item_is_open(trade) || !same_figures(trade, raw))
		take_amounts(trade, raw);
	if (!legacy_item_is_open(trade) && trade->created_us == 0)
		trade->created_us = raw->created_us;
	trade->disposition = LEGACY_KEEP;
	trade->reason = LEGACY_NO_REASON;
	trade->origin = LEGACY_SYNC;
	trade->state = LEGACY_FILLED;
	if (trade->filled_us == 0)
		trade->filled_us = trade->created_us;
	(void)snprintf(trade->triggered_by, sizeof(trade->triggered_by),
	    "sync");
	memcpy(trade->venue_order_id, raw->venue_order_id,
	    sizeof(raw->venue_order_id));
	if (raw->fee_unknown)
		return;
	if (decimal_cmp(trade->commission, raw->commission) != 0)
		legacy_quirk_add(&trade->quirks, LQ_COMMISSION_FROM_RAW);
	trade->commission = raw->commission;
	trade->fee_unknown = false;
	legacy_quirk_drop(&trade->quirks, LQ_FEE_UNKNOWN);
	legacy_quirk_drop(&trade->quirks, LQ_FEE_NULL);
}

static bool
is_of_other_coin(const struct legacy_item *trade, const struct legacy_item *raw)
{
	return legacy_item_is_open(trade) &&
	    (trade->side != raw->side ||
		strcmp(trade->product_id, raw->product_id) != 0);
}

static enum tb_status
group_add_trade(struct group *g, struct legacy_item *x, struct tb_err *err)
{
	bool open = legacy_item_is_open(x);

	if (g->has_trade && open)
		repeat(&g->trade, x);
	if (g->has_trade || (!open && !(g->has_raw && raw_mends(x))))
		return g->sink(x, g->arg, err);
	g->has_trade = true;
	g->trade = *x;
	if (g->has_raw && !is_of_other_coin(x, &g->raw)) {
		join(&g->trade, &g->raw);
		g->joined = true;
	}
	return TB_OK;
}

static enum tb_status
group_add(struct group *g, struct legacy_item *x, struct tb_err *err)
{
	if (!x->ref.raw)
		return group_add_trade(g, x, err);
	if (legacy_item_is_open(x) && !g->has_raw) {
		g->has_raw = true;
		g->raw = *x;
		return TB_OK;
	}
	if (legacy_item_is_open(x))
		repeat(&g->raw, x);
	return g->sink(x, g->arg, err);
}

static enum tb_status
group_end(struct group *g, struct tb_err *err)
{
	enum tb_status status = TB_OK;

	if (g->has_raw && g->joined) {
		legacy_item_merge(&g->raw, LEGACY_SAME_EXECUTION_AS_FILL,
		    &g->trade.ref, 1);
		legacy_quirk_add(&g->raw.quirks, LQ_RAW_FILL);
	} else if (g->has_raw && g->has_trade) {
		repeat(&g->trade, &g->raw);
	}
	if (g->has_raw)
		status = g->sink(&g->raw, g->arg, err);
	if (g->has_trade && status == TB_OK)
		status = g->sink(&g->trade, g->arg, err);
	g->has_raw = g->has_trade = g->joined = false;
	return status;
}

enum tb_status
legacy_unite(struct sorter *s, legacy_sink *sink, void *arg, struct tb_err *err)
{
	static struct group g;
	static struct legacy_item x;
	struct sorter_record r;
	enum tb_status status;

	g = (struct group){ .sink = sink, .arg = arg };
	while ((status = sorter_next(s, &r, err)) == TB_OK) {
		if (!same_id(&r, g.key, g.key_len)) {
			status = group_end(&g, err);
			memcpy(g.key, r.key, r.key_len);
			g.key_len = r.key_len;
		}
		legacy_item_unpack(r.value, &x);
		if (status == TB_OK)
			status = group_add(&g, &x, err);
		if (status != TB_OK)
			return status;
	}
	return status == TB_END ? group_end(&g, err) : status;
}

/* ----------------------------------------------------------- the orders -- */

/* An order of a bot, and the fills that are met after it. */
struct order {
	char key[KEY_MAX];
	size_t key_len;
	bool has_bot;
	struct legacy_item bot;
	struct legacy_ref into[LEGACY_INTO_MAX];
	size_t into_count;
	legacy_sink *sink;
	void *arg;
};

static enum tb_status
order_end(struct order *o, struct tb_err *err)
{
	enum tb_status status = TB_OK;

	if (o->into_count > 0)
		legacy_item_filled(&o->bot, o->into, o->into_count);
	if (o->has_bot)
		status = o->sink(&o->bot, o->arg, err);
	o->has_bot = false;
	o->into_count = 0;
	return status;
}

static enum tb_status
order_add(struct order *o, struct legacy_item *x, struct tb_err *err)
{
	if (x->origin == LEGACY_BOT) {
		if (o->has_bot) /* its id was put right: not the same order */
			return o->sink(x, o->arg, err);
		o->has_bot = true;
		o->bot = *x;
		return TB_OK;
	}
	if (o->has_bot && o->bot.side == x->side &&
	    strcmp(o->bot.product_id, x->product_id) == 0) {
		legacy_item_credit(x, &o->bot);
		if (o->into_count < LEGACY_INTO_MAX)
			o->into[o->into_count++] = x->ref;
	}
	return o->sink(x, o->arg, err);
}

enum tb_status
legacy_assign(struct sorter *s, legacy_sink *sink, void *arg,
    struct tb_err *err)
{
	static struct order o;
	static struct legacy_item x;
	struct sorter_record r;
	enum tb_status status;

	o = (struct order){ .sink = sink, .arg = arg };
	while ((status = sorter_next(s, &r, err)) == TB_OK) {
		if (!same_id(&r, o.key, o.key_len)) {
			status = order_end(&o, err);
			memcpy(o.key, r.key, r.key_len);
			o.key_len = r.key_len;
		}
		legacy_item_unpack(r.value, &x);
		if (status == TB_OK)
			status = order_add(&o, &x, err);
		if (status != TB_OK)
			return status;
	}
	return status == TB_END ? order_end(&o, err) : status;
}
