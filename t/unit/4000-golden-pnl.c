/*
 * lots: what other projects and documents publish about P&L, cost basis and
 * lots (shared data, pnl/): every case that its index calls right.
 */

#include <math.h>

#include "base/instant.h"
#include "io/json.h"
#include "ledger/lots.h"
#include "tap.h"

#define FILE_BYTES_MAX (1 << 20)
#define TOKENS_MAX (1 << 17)
#define TRADES_MAX 64
#define PARTS_MAX 256

/* A document, with the memory that it points into. */
struct doc {
	struct json json;
	struct json_token *tokens;
	char *text;
};

static bool
doc_read(struct doc *doc, const char *path)
{
	struct tb_err err = { 0 };
	FILE *file = fopen(path, "r");
	size_t len;

	if (file == NULL)
		return false;
	doc->text = malloc(FILE_BYTES_MAX);
	doc->tokens = calloc(TOKENS_MAX, sizeof(*doc->tokens));
	len = fread(doc->text, 1, FILE_BYTES_MAX, file);
	fclose(file);
	if (json_read(doc->text, len, doc->tokens, TOKENS_MAX, &doc->json,
		&err) == TB_OK)
		return true;
	printf("# %s: %s\n", path, err.msg);
	return false;
}

static void
doc_free(struct doc *doc)
{
	free(doc->text);
	free(doc->tokens);
}

/* ------------------------------------------------------------ the trades -- */

struct trade_in {
	char id[32];
	struct ledger_entry entry; /* fill_id: place in the file, from 1 */
};

/* What a run came to. */
struct run {
	struct position position;
	struct lots lots;
	struct disposal disposals[TRADES_MAX]; /* parts not to be followed */
	struct disposal_part parts[PARTS_MAX];
	int64_t part_time[PARTS_MAX]; /* of the sale */
	size_t disposal_count, part_count;
	struct decimal income;
	struct decimal realized_after[TRADES_MAX]; /* each trade */
	struct decimal invested_after[TRADES_MAX];
};

static struct trade_in trades[TRADES_MAX];
static size_t trade_count;
static struct run net, gross, events;

static void
amount(const struct json *j, const struct json_token *o, const char *key,
    struct decimal *out)
{
	const struct json_token *t = json_get(j, o, key);

	bool inexact;

	*out = DECIMAL_ZERO;
	if (t != NULL && t->len > 0 &&
	    decimal_parse_rounded(t->text, t->len, DECIMAL_HALF_EVEN, out,
		&inexact) != TB_OK)
		printf("# %s: %.*s\n", key, (int)t->len, t->text);
}

static void
read_trade(const struct json *j, const struct json_token *o, struct trade_in *t,
    size_t at)
{
	const struct json_token *token;
	struct ledger_entry *e = &t->entry;
	char fee_currency[16], base[CURRENCY_MAX] = "";

	*t = (struct trade_in){ .entry.fill_id = (int64_t)at };
	token = json_get(j, o, "id");
	snprintf(t->id, sizeof(t->id), "%.*s", (int)token->len, token->text);
	token = json_get(j, o, "time");
	(void)instant_parse(token->text, token->len, &e->at_us);
	token = json_get(j, o, "side");
	(void)side_parse(token->text, token->len, &e->side);
	token = json_get(j, o, "kind");
	if (token != NULL)
		(void)fill_nature_parse(token->text, token->len, &e->nature);
	amount(j, o, "size", &e->size);
	amount(j, o, "price", &e->price);
	amount(j, o, "value", &e->value);
	amount(j, o, "fee", &e->fee);
	if (decimal_sign(e->value) == 0)
		(void)decimal_mul(e->size, e->price, DECIMAL_HALF_EVEN,
		    &e->value);
	token = json_get(j, o, "product");
	if (token != NULL)
		snprintf(base, sizeof(base), "%.*s",
		    (int)strcspn(token->text, "-"), token->text);
	token = json_get(j, o, "fee_currency");
	if (token == NULL ||
	    json_copy(token, fee_currency, sizeof(fee_currency), NULL) != TB_OK)
		return;
	if (strcmp(base, fee_currency) == 0) /* as an import does it */
		(void)decimal_mul(e->fee, e->price, DECIMAL_HALF_EVEN, &e->fee);
}

static int
by_book_order(const void *a, const void *b)
{
	const struct ledger_entry *x = &((const struct trade_in *)a)->entry;
	const struct ledger_entry *y = &((const struct trade_in *)b)->entry;

	if (x->at_us != y->at_us)
		return x->at_us < y->at_us ? -1 : 1;
	if (x->side != y->side)
		return x->side == SIDE_BUY ? -1 : 1;
	return x->fill_id < y->fill_id ? -1 : 1;
}

static void
keep_disposal(struct run *run, const struct disposal *d, int64_t at_us)
{
	run->disposals[run->disposal_count++] = *d;
	for (size_t i = 0; i < d->part_count; i++) {
		run->parts[run->part_count] = d->parts[i];
		run->part_time[run->part_count++] = at_us;
	}
}

/*
 * A fee in coins beside a sale: the source of these cases spreads what the
 * sale brought over both.  Totals are the same; shares are not.
 */
static void
merge_events(void)
{
	size_t kept = 0;

	for (size_t i = 0; i < trade_count; i++) {
		struct ledger_entry *e = &trades[i].entry;
		struct ledger_entry *last =
		    kept == 0 ? NULL : &trades[kept - 1].entry;

		if (last != NULL && e->nature == NATURE_FEE_IN_BASE &&
		    last->side == SIDE_SELL && last->at_us == e->at_us)
			(void)decimal_add(last->size, e->size, &last->size);
		else
			trades[kept++] = trades[i];
	}
	trade_count = kept;
}

static bool
run_trades(struct run *run, enum lot_method method, bool fees_apart)
{
	struct tb_err err = { 0 };
	struct lot_outcome outcome;

	*run = (struct run){ 0 };
	lots_init(&run->lots, method, fees_apart);
	position_init(&run->position, "BTC-USD");
	for (size_t i = 0; i < trade_count; i++) {
		const struct ledger_entry *e = &trades[i].entry;

		if (lots_fill(&run->lots, &run->position, e, &outcome, &err) !=
		    TB_OK) {
			printf("# %s\n", err.msg);
			return false;
		}
		if (outcome.act == LOT_DISPOSED)
			keep_disposal(run, &outcome.disposal, e->at_us);
		if (e->nature == NATURE_INCOME)
			(void)decimal_add(run->income, e->value, &run->income);
		run->realized_after[i] = run->position.realized;
		run->invested_after[i] = run->position.usd_invested;
	}
	return true;
}

/* -------------------------------------------------------- what is right -- */

static double tolerance;
static const char *case_id;
static size_t case_faults, case_checks;

static double
real(struct decimal d)
{
	char text[DECIMAL_STRLEN];

	decimal_format(d, text);
	return strtod(text, NULL);
}

static void
near(struct decimal got, const struct json_token *expected, const char *what)
{
	char text[DECIMAL_STRLEN], number[64];

	snprintf(number, sizeof(number), "%.*s", (int)expected->len,
	    expected->text);
	case_checks++;
	if (fabs(real(got) - strtod(number, NULL)) <= tolerance)
		return;
	decimal_format(got, text);
	printf("# %s: %s: got %s, expected %s\n", case_id, what, text, number);
	case_faults++;
}

static struct decimal
sum(struct decimal a, struct decimal b)
{
	(void)decimal_add(a, b, &a);
	return a;
}

/* A sale beyond what is held: others count all that it brought as gain. */
static struct decimal
gain_of(const struct disposal *d)
{
	return sum(d->gain, d->uncovered_proceeds);
}

static struct decimal
mean_price(const struct run *run)
{
	struct decimal d = DECIMAL_ZERO;

	(void)position_average_cost(&run->position, &d, NULL);
	return d;
}

static struct decimal
total_at(struct run *run, const struct json *j,
    const struct json_token *expected)
{
	struct decimal price, unrealized;

	amount(j, expected, "mark_price", &price);
	position_mark(&run->position, price, 1);
	(void)position_unrealized(&run->position, &unrealized, NULL);
	return sum(run->position.realized, unrealized);
}

static const char *
id_of(int64_t fill_id)
{
	for (size_t i = 0; i < trade_count; i++)
		if (trades[i].entry.fill_id == fill_id)
			return trades[i].id;
	return "?";
}

static void
same_text(const struct json_token *t, const char *got, const char *what)
{
	case_checks++;
	if (strlen(got) == t->len && memcmp(got, t->text, t->len) == 0)
		return;
	printf("# %s: %s: got %s, expected %.*s\n", case_id, what, got,
	    (int)t->len, t->text);
	case_faults++;
}

static void
same_time(const struct json_token *t, int64_t got_us, const char *what)
{
	int64_t us = 0;

	case_checks++;
	(void)instant_parse(t->text, t->len, &us);
	if (us != got_us) {
		printf("# %s: %s: other time\n", case_id, what);
		case_faults++;
	}
}

static void
check_matches(const struct json *j, const struct json_token *matches)
{
	const struct json_token *m, *t;
	size_t i = 0;

	for (m = json_first(j, matches); m != NULL;
	     m = json_after(j, matches, m), i++) {
		struct disposal_part *part = &events.parts[i];

		if (i >= events.part_count)
			break;
		near(part->size, json_get(j, m, "size"), "match size");
		if ((t = json_get(j, m, "proceeds")) != NULL)
			near(part->proceeds, t, "match proceeds");
		if ((t = json_get(j, m, "cost")) != NULL)
			near(part->cost, t, "match cost");
		if ((t = json_get(j, m, "pnl")) != NULL)
			near(part->gain, t, "match gain");
		if ((t = json_get(j, m, "lot")) != NULL)
			same_text(t, id_of(part->lot.fill_id), "match lot");
		if ((t = json_get(j, m, "time")) != NULL)
			same_time(t, events.part_time[i], "match time");
		if ((t = json_get(j, m, "lot_time")) != NULL)
			same_time(t, part->lot.acquired_at_us, "lot time");
	}
	if (i != events.part_count || i != matches->size) {
		printf("# %s: %zu matches, expected %zu\n", case_id,
		    events.part_count, matches->size);
		case_faults++;
	}
}

static const struct lot *
lot_of(const struct lot *open, size_t count, const struct json_token *id)
{
	for (size_t i = 0; i < count; i++) {
		const char *trade = id_of(open[i].fill_id);

		if (strlen(trade) == id->len &&
		    memcmp(trade, id->text, id->len) == 0)
			return &open[i];
	}
	return NULL;
}

/* In any order: sources list them in theirs. */
static void
check_lots(const struct json *j, const struct json_token *lots)
{
	size_t count;
	const struct lot *open = lot_queue_list(&net.lots.open, &count);
	const struct json_token *l;

	for (l = json_first(j, lots); l != NULL; l = json_after(j, lots, l)) {
		const struct lot *lot =
		    lot_of(open, count, json_get(j, l, "trade"));

		near(lot == NULL ? DECIMAL_ZERO : lot->size_left,
		    json_get(j, l, "size"), "remaining lot");
	}
	if (count != lots->size) {
		printf("# %s: %zu open lots, expected %zu\n", case_id, count,
		    lots->size);
		case_faults++;
	}
}

enum series { GAINS, COSTS, REALIZED, INVESTED };

static void
check_series(const struct json *j, const struct json_token *list,
    enum series which, const char *what)
{
	const struct json_token *t;
	size_t i = 0;

	for (t = json_first(j, list); t != NULL;
	     t = json_after(j, list, t), i++)
		near(which == GAINS	  ? gain_of(&net.disposals[i]) :
			which == COSTS	  ? net.disposals[i].cost :
			which == REALIZED ? net.realized_after[i] :
					    net.invested_after[i],
		    t, what);
}

static void
check_balances(const struct json *j, const struct json_token *balances)
{
	const struct json_token *key;
	struct decimal all = DECIMAL_ZERO, one;

	for (key = json_first(j, balances); key != NULL;
	     key = json_after(j, balances, key))
		if (json_decimal(key + 1, &one, NULL) == TB_OK)
			all = sum(all, one);
	case_checks++;
	if (fabs(real(all) - real(net.position.crypto_balance)) > tolerance)
		case_faults++;
}

static void
check_key(const struct json *j, const struct json_token *expected,
    const char *key, const struct json_token *t)
{
	const struct json_token *apart =
	    json_get(j, expected, "average_price_excludes_fees");
	struct decimal proceeds = DECIMAL_ZERO, cost = DECIMAL_ZERO;

	for (size_t i = 0; i < net.part_count; i++) {
		proceeds = sum(proceeds, net.parts[i].proceeds);
		cost = sum(cost, net.parts[i].cost);
	}
	if (strcmp(key, "remaining_size") == 0)
		near(net.position.crypto_balance, t, key);
	else if (strcmp(key, "realized_pnl") == 0)
		near(sum(net.position.realized,
			 net.position.uncovered_proceeds),
		    t, key);
	else if (strcmp(key, "proceeds") == 0)
		near(proceeds, t, key);
	else if (strcmp(key, "cost_of_sold") == 0)
		near(cost, t, key);
	else if (strcmp(key, "income_value") == 0)
		near(net.income, t, key);
	else if (strcmp(key, "cost_basis") == 0)
		near(net.position.usd_invested, t, key);
	else if (strcmp(key, "short_size") == 0)
		near(net.position.uncovered_size, t, key);
	else if (strcmp(key, "fee") == 0)
		near(net.position.fees, t, key);
	else if (strcmp(key, "pnl_before_fee") == 0)
		near(gross.position.uncovered_proceeds, t, key);
	else if (strcmp(key, "total_pnl_net") == 0)
		near(total_at(&net, j, expected), t, key);
	else if (strcmp(key, "total_pnl_gross") == 0)
		near(total_at(&gross, j, expected), t, key);
	else if (strcmp(key, "average_price") == 0)
		near(mean_price(apart == NULL ? &net : &gross), t, key);
	else if (strcmp(key, "matches") == 0)
		check_matches(j, t);
	else if (strcmp(key, "remaining_lots") == 0)
		check_lots(j, t);
	else if (strcmp(key, "balances") == 0)
		check_balances(j, t);
	else if (strcmp(key, "realized_by_sell") == 0)
		check_series(j, t, GAINS, key);
	else if (strcmp(key, "cost_by_sell") == 0)
		check_series(j, t, COSTS, key);
	else if (strcmp(key, "cumulative_after") == 0)
		check_series(j, t, REALIZED, key);
	else if (strcmp(key, "cost_after_each_trade") == 0)
		check_series(j, t, INVESTED, key);
}

static void
check_residue(const struct run *run)
{
	struct decimal residue;

	case_checks++;
	if (position_residue(&run->position, &residue, NULL) != TB_OK ||
	    decimal_sign(residue) != 0) {
		printf("# %s: the residue is not 0\n", case_id);
		case_faults++;
	}
}

static void
check_case(const struct json *j, const char *id)
{
	const struct json_token *root = j->tokens, *list, *t, *expected;
	char word[32];
	enum lot_method method;

	case_id = id;
	case_faults = case_checks = trade_count = 0;
	list = json_get(j, root, "trades");
	for (t = json_first(j, list); t != NULL && trade_count < TRADES_MAX;
	     t = json_after(j, list, t), trade_count++)
		read_trade(j, t, &trades[trade_count], trade_count + 1);
	if (strncmp(id, "beancount-", 10) != 0) /* there, files have an order */
		qsort(trades, trade_count, sizeof(trades[0]), by_book_order);

	(void)json_copy(json_get(j, root, "method"), word, sizeof(word), NULL);
	(void)lot_method_parse(word, &method);
	(void)json_copy(json_get(j, root, "tolerance"), word, sizeof(word),
	    NULL);
	tolerance =
	    strtod(strncmp(word, "absolute ", 9) == 0 ? word + 9 : word, NULL);
	if (strncmp(id, "pp-", 3) == 0) /* "result rounded to cents" */
		tolerance = 0.005;
	if (!run_trades(&net, method, false) ||
	    !run_trades(&gross, method, true))
		case_faults++;
	merge_events();
	if (!run_trades(&events, method, false))
		case_faults++;
	expected = json_get(j, root, "expected");
	for (t = json_first(j, expected); t != NULL;
	     t = json_after(j, expected, t)) {
		if (t[1].kind == JSON_NULL)
			continue;
		snprintf(word, sizeof(word), "%.*s", (int)t->len, t->text);
		check_key(j, expected, word, t + 1);
	}
	check_residue(&net);
	check_residue(&gross);
	ok(case_faults == 0 && case_checks > 2, "%s: %zu figures", id,
	    case_checks);
	lots_release(&net.lots);
	lots_release(&gross.lots);
	lots_release(&events.lots);
}

int
main(void)
{
	char path[4096], name[160], id[128];
	struct doc index = { 0 }, doc = { 0 };
	const struct json_token *e;

	if (tap_shared("pnl/index.json", path, sizeof(path)) == NULL ||
	    !doc_read(&index, path)) {
		printf("1..0 # skip no shared data here\n");
		return 0;
	}
	for (e = json_first(&index.json, index.json.tokens); e != NULL;
	     e = json_after(&index.json, index.json.tokens, e)) {
		(void)json_copy(json_get(&index.json, e, "id"), id, sizeof(id),
		    NULL);
		if (json_get(&index.json, e, "agrees")->kind != JSON_TRUE)
			continue;
		snprintf(name, sizeof(name), "pnl/%s.json", id);
		if (tap_shared(name, path, sizeof(path)) == NULL ||
		    !doc_read(&doc, path)) {
			ok(false, "%s cannot be read", name);
			continue;
		}
		check_case(&doc.json, id);
		doc_free(&doc);
	}
	doc_free(&index);
	return tap_done();
}
