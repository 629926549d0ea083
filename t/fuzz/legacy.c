/*
 * legacy: databases of the old system through all of a plan: every row is told
 * once and has one place, the sums are those of what was told, and rows and
 * contexts are JSON.
 */

#include "olddb.h"

#include "io/json.h"
#include "legacy/bots.h"
#include "legacy/plan.h"

#include "fuzz.h"

#define TOKENS_MAX 8192

static struct json_token tokens[TOKENS_MAX];

struct told {
	struct legacy_plan *plan;
	int64_t rows, open[3];
	struct decimal usd[2]; /* filled, by side */
	struct buffer text;
};

static void
is_json(struct told *t)
{
	struct json j;
	struct tb_err err;

	assert(buffer_status(&t->text, &err) == TB_OK);
	if (json_read(t->text.data, t->text.len, tokens, TOKENS_MAX, &j,
		&err) != TB_OK)
		assert(strstr(err.msg, "more than") != NULL);
}

static void
check_trade(const struct legacy_item *item)
{
	assert(item->order_id[0] != '\0' && item->product_id[0] != '\0');
	assert(item->triggered_by[0] != '\0');
	assert(decimal_sign(item->commission) >= 0 || !item->fee_unknown);
	if (item->state != LEGACY_FILLED)
		return;
	assert(decimal_sign(item->size_crypto) >= 0);
	assert(decimal_sign(item->price) > 0);
	assert(decimal_sign(item->size_usd) >= 0);
	assert(item->filled_us != 0 && item->created_us != 0);
}

static enum tb_status
tell(const struct legacy_item *item, void *arg, struct tb_err *err)
{
	struct told *t = arg;
	bool merged = item->disposition == LEGACY_MERGE;

	t->rows++;
	assert((item->reason != LEGACY_NO_REASON) ==
	    (merged || item->disposition == LEGACY_QUARANTINE));
	assert(merged == (item->into_count > 0));
	buffer_clear(&t->text);
	assert(legacy_plan_row(t->plan, item, &t->text, err) == TB_OK);
	is_json(t);
	if (item->disposition != LEGACY_KEEP &&
	    item->disposition != LEGACY_CONVERT)
		return TB_OK;
	t->open[item->state]++;
	check_trade(item);
	if (item->state == LEGACY_FILLED)
		(void)decimal_add(t->usd[item->side], item->size_usd,
		    &t->usd[item->side]);
	buffer_clear(&t->text);
	assert(legacy_plan_context(t->plan, item, &t->text, err) == TB_OK);
	is_json(t);
	return TB_OK;
}

static enum tb_status
tell_other(const struct legacy_item *item, void *arg, struct tb_err *err)
{
	static struct legacy_bot bot;
	struct told *t = arg;

	buffer_clear(&t->text);
	assert(legacy_plan_row(t->plan, item, &t->text, err) == TB_OK);
	if (strcmp(item->table, "bots") == 0)
		assert(legacy_bot_read(t->text.data, t->text.len, &bot, err) ==
		    TB_OK);
	is_json(t);
	return TB_OK;
}

static int64_t
rows_of(const struct legacy_source *s, const struct foreign_table *table)
{
	struct tb_err err;
	int64_t rows = 0;

	if (table != NULL)
		assert(foreign_count(s->file, table, &rows, &err) == TB_OK);
	return rows;
}

static int64_t
rows_of_all(const struct legacy_plan *plan)
{
	const struct legacy_source *s;
	int64_t rows = 0;
	size_t count;

	s = legacy_plan_sources(plan, &count);
	for (size_t i = 0; i < count; i++)
		rows += rows_of(&s[i], s[i].variant.trades) +
		    rows_of(&s[i], s[i].variant.raw);
	return rows;
}

static void
check_report(const struct told *t)
{
	const struct legacy_report *r = legacy_plan_report(t->plan);
	struct decimal usd[2] = { 0 };
	int64_t places = 0, filled = 0;

	assert(t->rows == rows_of_all(t->plan));
	assert(r->rows == t->rows);
	for (int i = 0; i < LEGACY_DISPOSITIONS; i++)
		places += r->dispositions[i];
	assert(places == t->rows);
	for (int i = 0; i < 3; i++)
		assert(r->states[i] == t->open[i]);
	for (size_t i = 0; i < r->product_count; i++) {
		const struct legacy_product *p = &r->products[i];

		filled += p->buys + p->sells;
		(void)decimal_add(usd[SIDE_BUY], p->buy_usd, &usd[SIDE_BUY]);
		(void)decimal_add(usd[SIDE_SELL], p->sell_usd, &usd[SIDE_SELL]);
	}
	assert(filled == t->open[LEGACY_FILLED]);
	assert(decimal_cmp(usd[SIDE_BUY], t->usd[SIDE_BUY]) == 0);
	assert(decimal_cmp(usd[SIDE_SELL], t->usd[SIDE_SELL]) == 0);
}

static void
plan(size_t count)
{
	const char *const paths[] = { olddb_path[0], olddb_path[1] };
	const struct legacy_options options = { .folder = olddb_folder,
		.cap_usd = DECIMAL_OF(LEGACY_CAP_USD),
		.now_us = OLDDB_NOW_US };
	struct told t = { 0 };
	struct tb_err err = { 0 };
	enum tb_status status;

	buffer_init(&t.text, 1UL << 24);
	status = legacy_plan_open(&t.plan, paths, count, &options, &err);
	if (status == TB_OK)
		status = legacy_plan_each(t.plan, tell, &t, &err);
	if (status == TB_OK)
		status = legacy_plan_rest(t.plan, tell_other, &t, &err);
	if (status == TB_OK)
		check_report(&t);
	else
		assert(err.msg[0] != '\0' && status != TB_EBUG);
	legacy_plan_close(t.plan);
	buffer_release(&t.text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t count = olddb_put(data, size);

	if (count > 0)
		plan(count);
	return 0;
}
