/*
 * lots: how a sale is matched, on paper; and for thousands of random fills by
 * every method: the identity leaves no residue, shares add up exactly, and
 * the lot that leaves is the one that a plain search finds.
 */

#include "ledger/lots.h"
#include "store/lotfile.h"
#include "tap.h"

#define FILLS 3000

static struct tb_err err;
static uint64_t seed;

/* xorshift64: the same fills on every host. */
static uint64_t
draw(uint64_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % below;
}

static struct decimal
dec(const char *text)
{
	struct decimal d;

	if (decimal_parse(text, strlen(text), &d) != TB_OK) {
		printf("Bail out! %s\n", text);
		exit(1);
	}
	return d;
}

static void
is_dec(struct decimal got, const char *expected, const char *what)
{
	char text[DECIMAL_STRLEN];

	decimal_format(got, text);
	is(text, expected, what);
}

/* A book of one product for a test on paper. */
struct desk {
	struct lots lots;
	struct position position;
	struct lot_outcome outcome;
	int64_t fills;
};

static void
desk_init(struct desk *d, enum lot_method method, bool fees_apart)
{
	*d = (struct desk){ 0 };
	lots_init(&d->lots, method, fees_apart);
	position_init(&d->position, "BTC-USD");
}

static enum tb_status
give(struct desk *d, enum side side, const char *size, const char *value,
    const char *fee)
{
	struct ledger_entry e = { .fill_id = ++d->fills,
		.trade_id = d->fills,
		.at_us = d->fills,
		.side = side,
		.size = dec(size),
		.value = dec(value),
		.fee = dec(fee) };

	if (decimal_sign(e.size) != 0)
		(void)decimal_div(e.value, e.size, DECIMAL_HALF_EVEN, &e.price);
	return lots_fill(&d->lots, &d->position, &e, &d->outcome, &err);
}

static bool
no_residue(const struct position *p)
{
	struct decimal residue;

	return position_residue(p, &residue, &err) == TB_OK &&
	    decimal_sign(residue) == 0;
}

static void
test_shares(void)
{
	struct desk d;
	const struct disposal *sale = &d.outcome.disposal;

	/* 3 coins for 10, a third of them sold for 1: 3.333333333333 */
	desk_init(&d, LOT_FIFO, false);
	(void)give(&d, SIDE_BUY, "3", "10", "0");
	(void)give(&d, SIDE_BUY, "1", "4", "0");
	(void)give(&d, SIDE_SELL, "1", "1", "0");
	is_dec(sale->cost, "3.333333333333", "a share has 12 decimals");
	(void)give(&d, SIDE_SELL, "3", "1", "0");
	is_int((long long)sale->part_count, 2, "a sale meets two lots");
	is_dec(sale->parts[0].cost, "6.666666666667",
	    "the last share of a lot is the remainder");
	is_dec(sale->parts[0].proceeds, "0.666666666667", "two thirds of 1");
	is_dec(sale->parts[1].proceeds, "0.333333333333", "the rest of 1");
	is_dec(sale->proceeds, "1", "together 1");
	ok(position_is_flat(&d.position) && no_residue(&d.position),
	    "flat, without a residue");
	lots_release(&d.lots);
}

static void
test_uncovered(void)
{
	struct desk d;
	const struct disposal *sale = &d.outcome.disposal;
	struct disposal_part rest;

	desk_init(&d, LOT_FIFO, false);
	(void)give(&d, SIDE_BUY, "1", "10", "0");
	(void)give(&d, SIDE_SELL, "3", "100", "1");
	is_dec(sale->proceeds, "99", "net of the fee");
	is_dec(sale->parts[0].proceeds, "33", "a third of it is covered");
	is_dec(sale->gain, "23", "and gains");
	is_dec(sale->uncovered_size, "2", "two coins were never bought");
	is_dec(sale->uncovered_proceeds, "66", "they bring the rest");
	ok(disposal_rest(sale, &rest) && decimal_sign(rest.gain) == 0,
	    "which realizes nothing");
	is_dec(d.position.crypto_balance, "0", "nobody owes coins");
	ok(no_residue(&d.position), "no residue");
	(void)give(&d, SIDE_SELL, "1", "5", "0");
	is_int((long long)sale->part_count, 0, "a sale of nothing held");
	is_dec(d.position.uncovered_proceeds, "71", "is all uncovered");
	lots_release(&d.lots);
}

static void
test_late_fees(void)
{
	struct desk d;
	struct ledger_entry late = { .fill_id = 9,
		.amends_fill_id = 1,
		.side = SIDE_BUY,
		.fee = dec("0.5") };

	desk_init(&d, LOT_FIFO, false);
	(void)give(&d, SIDE_BUY, "2", "20", "0");
	ok(lots_fill(&d.lots, &d.position, &late, &d.outcome, &err) == TB_OK &&
		d.outcome.act == LOT_AMENDED,
	    "a late fee of a purchase amends its lot");
	is_dec(d.position.usd_invested, "20.5", "which costs more now");
	(void)give(&d, SIDE_SELL, "2", "30", "0");
	is_dec(d.position.realized, "9.5", "and gains less");
	ok(lots_fill(&d.lots, &d.position, &late, &d.outcome, &err) == TB_OK &&
		d.outcome.act == LOT_DISPOSED,
	    "once the lot is gone");
	is_dec(d.position.realized, "9", "it is a loss");
	late.side = SIDE_SELL;
	(void)lots_fill(&d.lots, &d.position, &late, &d.outcome, &err);
	is_dec(d.position.realized, "8.5", "as is a late fee of a sale");
	is_dec(d.position.fees, "1.5", "all three are fees");
	ok(no_residue(&d.position), "no residue");
	lots_release(&d.lots);
}

static void
test_corrections(void)
{
	struct desk d;

	desk_init(&d, LOT_FIFO, false);
	(void)give(&d, SIDE_BUY, "2", "20", "0");
	(void)give(&d, SIDE_BUY, "-0.5", "-5", "0");
	is_dec(d.position.crypto_balance, "1.5", "coins are given back");
	is_dec(d.position.usd_invested, "15", "with their cost");
	is_dec(d.position.realized, "0", "for no gain");
	(void)give(&d, SIDE_SELL, "-0.5", "-6", "0");
	is_dec(d.position.crypto_balance, "2", "coins are taken back");
	is_dec(d.position.usd_invested, "21", "for what they had brought");
	ok(no_residue(&d.position), "no residue");
	lots_release(&d.lots);
}

static void
test_natures(void)
{
	struct desk d;
	struct ledger_entry e = { .fill_id = 2,
		.side = SIDE_SELL,
		.size = dec("1"),
		.value = dec("50") };

	desk_init(&d, LOT_FIFO, false);
	(void)give(&d, SIDE_BUY, "4", "40", "0");
	e.nature = NATURE_FEE_IN_BASE;
	(void)lots_fill(&d.lots, &d.position, &e, &d.outcome, &err);
	is_dec(d.position.realized, "-10", "a fee in coins leaves for nothing");
	e.nature = NATURE_DISPOSAL;
	(void)lots_fill(&d.lots, &d.position, &e, &d.outcome, &err);
	is_dec(d.position.realized, "30", "a gift counts at its value");
	e.nature = NATURE_TRANSFER_FEE;
	(void)lots_fill(&d.lots, &d.position, &e, &d.outcome, &err);
	is_dec(d.position.realized, "70", "a network fee too");
	e.nature = NATURE_INCOME;
	e.side = SIDE_BUY;
	(void)lots_fill(&d.lots, &d.position, &e, &d.outcome, &err);
	is_dec(d.position.usd_invested, "60", "income is a lot at its value");
	ok(no_residue(&d.position), "no residue");
	lots_release(&d.lots);
}

static void
test_range(void)
{
	struct desk d;

	desk_init(&d, LOT_FIFO, false);
	ok(give(&d, SIDE_BUY, "1", "170141183460469231731", "0") == TB_OK,
	    "the largest cost");
	ok(give(&d, SIDE_BUY, "1", "170141183460469231731", "0") == TB_ERANGE,
	    "one more is an error: %s", err.msg);
	lots_release(&d.lots);
	desk_init(&d, LOT_FIFO, false);
	ok(give(&d, SIDE_BUY, "170141183460469231730", "3", "0") == TB_OK &&
		give(&d, SIDE_SELL, "56713727820156410577", "1", "0") == TB_OK,
	    "10^20 coins");
	is_dec(d.outcome.disposal.cost, "1", "a third of their cost");
	lots_release(&d.lots);
}

/* ---------------------------------------------------------------- random -- */

/* Which open lot should leave first, by a plain search. */
static size_t
search(enum lot_method method, const struct lot *lot, size_t count)
{
	size_t best = method == LOT_LIFO ? count - 1 : 0;

	for (size_t i = 0; i < count; i++) {
		int by_price = decimal_cmp(lot[i].price, lot[best].price);

		if ((method == LOT_HIFO && by_price > 0) ||
		    (method == LOT_LOFO && by_price < 0))
			best = i;
	}
	return best;
}

static struct ledger_entry
random_entry(int64_t id)
{
	char size[40], value[40], fee[40], price[40];
	struct ledger_entry e = { .fill_id = id, .at_us = id };

	snprintf(size, sizeof(size), "%d.%09d%07d", (int)draw(5),
	    (int)draw(1000000000), (int)draw(10000000));
	snprintf(value, sizeof(value), "%d.%09d", (int)draw(100000),
	    (int)draw(1000000000));
	snprintf(fee, sizeof(fee), "%d.%08d", (int)draw(3),
	    (int)draw(100000000));
	snprintf(price, sizeof(price), "%d", 1 + (int)draw(20));
	e.side = draw(5) < 3 ? SIDE_BUY : SIDE_SELL;
	if (draw(9) == 0)
		e.nature =
		    e.side == SIDE_BUY ? NATURE_INCOME : NATURE_FEE_IN_BASE;
	e.size = dec(size);
	e.value = dec(value);
	e.fee = dec(fee);
	e.price = dec(price); /* often the same */
	if (draw(20) == 0) {
		e.size = DECIMAL_ZERO;
		e.amends_fill_id = 1 + (int64_t)draw((uint64_t)id);
	}
	if (draw(40) == 0) { /* a correction */
		e.size = decimal_neg(e.size);
		e.value = decimal_neg(e.value);
	}
	return e;
}

/* Do the shares of a disposal add up to it? */
static bool
adds_up(const struct disposal *d)
{
	struct decimal size = DECIMAL_ZERO, proceeds = DECIMAL_ZERO;
	struct decimal cost = DECIMAL_ZERO, gain = DECIMAL_ZERO;
	struct disposal_part rest;
	bool fits = true;

	for (size_t i = 0; i <= d->part_count; i++) {
		const struct disposal_part *part = &d->parts[i];

		if (i == d->part_count) {
			if (!disposal_rest(d, &rest))
				break;
			part = &rest;
		}
		fits &= decimal_add(size, part->size, &size) == TB_OK &&
		    decimal_add(proceeds, part->proceeds, &proceeds) == TB_OK &&
		    decimal_add(cost, part->cost, &cost) == TB_OK &&
		    decimal_add(gain, part->gain, &gain) == TB_OK;
	}
	return fits && decimal_cmp(size, d->size) == 0 &&
	    decimal_cmp(proceeds, d->proceeds) == 0 &&
	    decimal_cmp(cost, d->cost) == 0 && decimal_cmp(gain, d->gain) == 0;
}

/* Does the first share come out of the right lot? */
static bool
right_lot(const struct disposal *d, const struct lot *expected)
{
	return d->part_count == 0 ?
	    expected == NULL :
	    expected != NULL && d->parts[0].lot.lot_id == expected->lot_id;
}

static void
test_random(enum lot_method method, bool fees_apart)
{
	struct desk d;
	struct lot first, *expected;
	const struct lot *open;
	bool residues = true, sums = true, order = true;
	size_t count;

	seed = 20251101 + method;
	desk_init(&d, method, fees_apart);
	for (int64_t id = 1; id <= FILLS; id++) {
		struct ledger_entry e = random_entry(id);

		open = lot_queue_list(&d.lots.open, &count);
		expected = NULL;
		if (count > 0 && decimal_sign(e.size) != 0) {
			first = open[search(method, open, count)];
			expected = &first;
		}
		if (lots_fill(&d.lots, &d.position, &e, &d.outcome, &err) !=
		    TB_OK) {
			ok(false, "%s", err.msg);
			break;
		}
		residues &= no_residue(&d.position);
		if (d.outcome.act == LOT_DISPOSED) {
			sums &= adds_up(&d.outcome.disposal);
			order &= right_lot(&d.outcome.disposal, expected);
		}
	}
	ok(residues, "%s%s: %d random fills leave no residue",
	    lot_method_name(method), fees_apart ? ", fees apart" : "", FILLS);
	ok(sums, "their shares add up exactly");
	ok(order, "the right lots leave");
	lots_release(&d.lots);
}

/* ------------------------------------------------------------------ file -- */

static bool
same_lot(const struct lot *a, const struct lot *b)
{
	return a->lot_id == b->lot_id && a->fill_id == b->fill_id &&
	    a->acquired_at_us == b->acquired_at_us &&
	    decimal_cmp(a->size, b->size) == 0 &&
	    decimal_cmp(a->cost, b->cost) == 0 &&
	    decimal_cmp(a->size_left, b->size_left) == 0 &&
	    decimal_cmp(a->cost_left, b->cost_left) == 0;
}

/* What is told of a sale, against what another desk has of it. */
struct telling {
	const struct disposal *expected;
	size_t told;
	bool same;
};

static enum tb_status
hear(const struct disposal_part *part, void *arg, struct tb_err *e)
{
	struct telling *t = arg;
	const struct disposal_part *other;

	(void)e;
	t->same = t->same && t->told < t->expected->part_count;
	if (!t->same)
		return TB_OK;
	other = &t->expected->parts[t->told++];
	t->same = same_lot(&part->lot, &other->lot) &&
	    decimal_cmp(part->size, other->size) == 0 &&
	    decimal_cmp(part->proceeds, other->proceeds) == 0 &&
	    decimal_cmp(part->cost, other->cost) == 0 &&
	    decimal_cmp(part->gain, other->gain) == 0;
	return TB_OK;
}

static bool
same_queues(struct lot_queue *a, struct lot_queue *b)
{
	while (!lot_queue_is_empty(a) && !lot_queue_is_empty(b)) {
		if (!same_lot(lot_queue_next(a), lot_queue_next(b)) ||
		    lot_queue_drop(a, &err) != TB_OK ||
		    lot_queue_drop(b, &err) != TB_OK)
			return false;
	}
	return lot_queue_is_empty(a) && lot_queue_is_empty(b);
}

/* Purchases outweigh, then sales; late fees of lots that may be anywhere. */
static void
test_file(const char *folder)
{
	struct telling telling = { .same = true };
	struct lot_file file;
	struct desk plain[2], with[2];
	size_t most = 0;

	seed = 4;
	lot_file_init(&file, folder);
	for (int i = 0; i < 2; i++) {
		desk_init(&plain[i], LOT_FIFO, false);
		desk_init(&with[i], LOT_FIFO, false);
		lot_queue_lend(&with[i].lots.open, &file.aside);
		with[i].lots.each = hear;
		with[i].lots.arg = &telling;
	}
	for (int64_t id = 1; id <= INT64_C(4) * FILLS && telling.same; id++) {
		int i = (int)draw(2);
		struct ledger_entry e = random_entry(id);

		if (id % FILLS < FILLS / 2 && draw(2) == 0)
			e.side = SIDE_BUY;
		if (lots_fill(&plain[i].lots, &plain[i].position, &e,
			&plain[i].outcome, &err) != TB_OK)
			break;
		telling.expected = &plain[i].outcome.disposal;
		telling.told = 0;
		telling.same = lots_fill(&with[i].lots, &with[i].position, &e,
				   &with[i].outcome, &err) == TB_OK &&
		    telling.same && plain[i].outcome.act == with[i].outcome.act;
		if (with[i].outcome.act == LOT_DISPOSED)
			telling.same &=
			    telling.told == telling.expected->part_count;
		if (with[i].lots.open.count > most)
			most = with[i].lots.open.count;
	}
	ok(telling.same, "%s: shares are told as without a file", folder);
	ok((most <= LOT_WINDOW) == (file.scratch.fd != -1),
	    "at most %zu lots were in memory", most);
	for (int i = 0; i < 2; i++) {
		ok(decimal_cmp(plain[i].position.usd_invested,
		       with[i].position.usd_invested) == 0 &&
			decimal_cmp(plain[i].position.realized,
			    with[i].position.realized) == 0 &&
			same_queues(&plain[i].lots.open, &with[i].lots.open),
		    "the same is left in the end");
		lots_release(&plain[i].lots);
		lots_release(&with[i].lots);
	}
	lot_file_release(&file);
}

/* Many open lots: the heap keeps it quick. */
static void
test_many(void)
{
	struct desk d;
	size_t count;

	seed = 7;
	desk_init(&d, LOT_HIFO, false);
	for (int64_t id = 1; id <= 200000; id++) {
		struct ledger_entry e = { .fill_id = id,
			.size = DECIMAL_OF(2),
			.side = id <= 100000 ? SIDE_BUY : SIDE_SELL,
			.price = DECIMAL_OF(draw(1000)),
			.value = DECIMAL_OF(7) };

		if (lots_fill(&d.lots, &d.position, &e, NULL, &err) != TB_OK)
			break;
	}
	(void)lot_queue_list(&d.lots.open, &count);
	ok(count == 0 && position_is_flat(&d.position) &&
		no_residue(&d.position),
	    "100,000 open lots come and go");
	lots_release(&d.lots);
}

int
main(void)
{
	enum lot_method method = LOT_FIFO;

	test_shares();
	test_uncovered();
	test_late_fees();
	test_corrections();
	test_natures();
	test_range();
	for (unsigned m = LOT_FIFO; m <= LOT_AVERAGE; m++) {
		test_random((enum lot_method)m, false);
		test_random((enum lot_method)m, true);
		ok(lot_method_parse(lot_method_name((enum lot_method)m),
		       &method) == TB_OK &&
			method == (enum lot_method)m,
		    "its name is read");
	}
	ok(lot_method_parse("best", &method) == TB_EINVAL, "no other name is");
	test_file("/tmp");
	test_file("/nowhere"); /* in memory, as without */
	test_many();
	return tap_done();
}
