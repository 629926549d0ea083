#include "report/export.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/instant.h"

#define NAME_MAX_BYTES (CURRENCY_MAX + 8)

static const char *const format_names[] = {
	[EXPORT_CSV] = "csv",
	[EXPORT_LEDGER] = "ledger",
	[EXPORT_HLEDGER] = "hledger",
	[EXPORT_BEANCOUNT] = "beancount",
};

enum tb_status
export_format_parse(const char *s, enum export_format *out)
{
	for (unsigned i = EXPORT_CSV; i <= EXPORT_BEANCOUNT; i++)
		if (strcmp(s, format_names[i]) == 0) {
			*out = (enum export_format)i;
			return TB_OK;
		}
	return TB_EINVAL;
}

/* ----------------------------------------------------------------- words -- */

/* A product's coins and money, as the format can say them. */
struct names {
	char base[NAME_MAX_BYTES], quote[NAME_MAX_BYTES];
	char account[NAME_MAX_BYTES], cash[NAME_MAX_BYTES]; /* last parts */
};

/*
 * A commodity.  ledger and hledger want quotes around what is not all letters;
 * beancount wants two characters or more, a letter first.
 */
static void
commodity_name(const struct exporter *e, const char *currency,
    char out[static NAME_MAX_BYTES])
{
	bool letters = true;

	for (const char *s = currency; *s != '\0'; s++)
		letters &= isalpha((unsigned char)*s) != 0;
	if (e->format == EXPORT_BEANCOUNT) {
		bool plain = isalpha((unsigned char)currency[0]) &&
		    strlen(currency) >= 2 &&
		    currency[strlen(currency) - 1] != '.';

		snprintf(out, NAME_MAX_BYTES, plain ? "%s" : "C.%s.X",
		    currency);
	} else {
		snprintf(out, NAME_MAX_BYTES, letters ? "%s" : "\"%s\"",
		    currency);
	}
}

/* The last part of an account's name: letters, digits and dashes. */
static void
account_name(const char *currency, char out[static NAME_MAX_BYTES])
{
	size_t i = 0;

	for (; i < NAME_MAX_BYTES - 1 && currency[i] != '\0'; i++)
		if (currency[i] == '.')
			out[i] = '-';
		else
			out[i] = currency[i];
	out[i] = '\0';
}

static void
names_init(struct names *n, const struct exporter *e, const char *product_id)
{
	char base[CURRENCY_MAX], quote[CURRENCY_MAX];

	product_base(product_id, base);
	product_quote(product_id, quote);
	commodity_name(e, base, n->base);
	commodity_name(e, quote, n->quote);
	account_name(base, n->account);
	account_name(quote, n->cash);
}

static void
add_amount(struct buffer *out, struct decimal d)
{
	char text[DECIMAL_STRLEN];

	decimal_format(d, text);
	buffer_add_string(out, text);
}

/* Text that ends no line and no string. */
static void
add_words(struct buffer *out, const char *s)
{
	for (; *s != '\0'; s++) {
		if (iscntrl((unsigned char)*s) || strchr("\"\\;|", *s) != NULL)
			buffer_add_char(out, ' ');
		else
			buffer_add_char(out, *s);
	}
}

/* A transaction's first line. */
static void
add_head(struct exporter *e, int64_t at_us, const char *what, const char *note)
{
	char day[INSTANT_STRLEN];

	instant_format_day(at_us, day);
	buffer_add_char(e->out, '\n');
	if (e->format == EXPORT_BEANCOUNT) {
		buffer_add_format(e->out, "%s * \"%s", day, what);
		add_words(e->out, note);
		buffer_add_string(e->out, "\"\n");
	} else {
		buffer_add_format(e->out, "%s * %s", day, what);
		add_words(e->out, note);
		buffer_add_char(e->out, '\n');
	}
}

/* A posting of money; none of nothing. */
static void
add_money(struct exporter *e, const char *account, const char *last,
    struct decimal amount, const char *quote)
{
	if (decimal_sign(amount) == 0)
		return;
	buffer_add_format(e->out, "    %s:%s  ", account, last);
	add_amount(e->out, amount);
	buffer_add_format(e->out, " %s\n", quote);
}

/* ------------------------------------------------------------- journals -- */

/* size has a sign; the cost, as all of them want it, has none. */
static void
add_coins(struct exporter *e, const struct names *n, struct decimal size,
    struct decimal cost, const struct lot *lot)
{
	char day[INSTANT_STRLEN];

	instant_format_day(lot->acquired_at_us, day);
	buffer_add_format(e->out, "    Assets:Crypto:%s  ", n->account);
	add_amount(e->out, size);
	if (e->format != EXPORT_BEANCOUNT) {
		buffer_add_format(e->out, " %s @@ ", n->base);
		add_amount(e->out, cost);
		buffer_add_format(e->out, " %s\n", n->quote);
	} else if (decimal_sign(size) > 0) {
		buffer_add_format(e->out, " %s {{", n->base);
		add_amount(e->out, cost);
		buffer_add_format(e->out, " %s, %s, \"fill-%lld\"}}\n",
		    n->quote, day, (long long)lot->fill_id);
	} else {
		buffer_add_format(e->out, " %s {\"fill-%lld\"}\n", n->base,
		    (long long)lot->fill_id);
	}
}

static void
journal_opened(struct exporter *e, const struct names *n,
    const struct ledger_entry *entry, const struct lot *lot)
{
	struct decimal fee;

	add_coins(e, n, lot->size, lot->cost, lot);
	if (entry->nature != NATURE_INCOME) {
		add_money(e, "Assets:Cash", n->cash, decimal_neg(lot->cost),
		    n->quote);
		return;
	}
	add_money(e, "Income:Received", n->account, decimal_neg(entry->value),
	    n->quote);
	if (decimal_sub(lot->cost, entry->value, &fee) == TB_OK)
		add_money(e, "Assets:Cash", n->cash, decimal_neg(fee),
		    n->quote);
}

/* Where the proceeds of a disposal go. */
static const char *
proceeds_account(enum fill_nature nature)
{
	switch (nature) {
	case NATURE_TRADE:
	case NATURE_INCOME:
		return "Assets:Cash";
	case NATURE_DISPOSAL:
		return "Expenses:Given";
	case NATURE_FEE_IN_BASE:
	case NATURE_TRANSFER_FEE:
		break;
	}
	return "Expenses:Fees";
}

/* Coins that nobody had bought. */
static void
add_uncovered(struct exporter *e, const struct names *n,
    const struct disposal *d)
{
	if (decimal_sign(d->uncovered_size) == 0)
		return;
	buffer_add_format(e->out, "    Equity:Uncovered:%s  ", n->account);
	add_amount(e->out, decimal_neg(d->uncovered_size));
	buffer_add_format(e->out, " %s @@ ", n->base);
	add_amount(e->out, d->uncovered_proceeds);
	buffer_add_format(e->out, " %s\n", n->quote);
}

static void
journal_disposed(struct exporter *e, const struct names *n,
    const struct ledger_entry *entry, const struct disposal *d)
{
	const char *account = proceeds_account(entry->nature);
	bool cash = entry->nature == NATURE_TRADE;

	for (size_t i = 0; i < d->part_count; i++) {
		const struct disposal_part *part = &d->parts[i];

		add_coins(e, n, decimal_neg(part->size), part->cost,
		    &part->lot);
	}
	add_uncovered(e, n, d);
	add_money(e, account, cash ? n->cash : n->account, d->proceeds,
	    n->quote);
	/* beancount divides costs in its own way: the rest is its to find */
	if (e->format == EXPORT_BEANCOUNT && d->part_count > 0)
		buffer_add_format(e->out, "    Income:Gains:%s\n", n->account);
	else
		add_money(e, "Income:Gains", n->account, decimal_neg(d->gain),
		    n->quote);
}

/* A rounding: coins without cost, out of the lot that it amends. */
static void
journal_rounding(struct exporter *e, const struct names *n,
    const struct ledger_entry *entry, const struct lot *lot)
{
	if (decimal_sign(entry->size) == 0)
		return;
	add_coins(e, n, entry->size, DECIMAL_ZERO, lot);
	if (e->format == EXPORT_BEANCOUNT)
		buffer_add_format(e->out, "    Income:Gains:%s\n", n->account);
}

/* A late fee: cost without coins. */
static void
journal_late_fee(struct exporter *e, const struct names *n,
    const struct ledger_entry *entry)
{
	struct decimal cost;

	if (decimal_add(entry->value, entry->fee, &cost) != TB_OK ||
	    decimal_sign(cost) == 0)
		return;
	buffer_add_format(e->out, "    Assets:Crypto:%s:Late  ", n->account);
	add_amount(e->out, cost);
	buffer_add_format(e->out, " %s\n", n->quote);
	add_money(e, "Assets:Cash", n->cash, decimal_neg(cost), n->quote);
}

static void
journal_fill(struct exporter *e, const char *product_id,
    const struct ledger_entry *entry, const struct lot_outcome *outcome)
{
	char what[80];
	struct names n;

	names_init(&n, e, product_id);
	snprintf(what, sizeof(what), "%s %s (%s, fill %lld)",
	    side_name(entry->side), product_id, fill_nature_name(entry->nature),
	    (long long)entry->fill_id);
	add_head(e, entry->at_us, what, "");
	switch (outcome->act) {
	case LOT_OPENED:
		journal_opened(e, &n, entry, &outcome->lot);
		break;
	case LOT_AMENDED:
		journal_rounding(e, &n, entry, &outcome->lot);
		journal_late_fee(e, &n, entry);
		break;
	case LOT_DISPOSED:
		journal_disposed(e, &n, entry, &outcome->disposal);
		break;
	}
}

/* ------------------------------------------------------------------- csv -- */

static void
csv_fill(struct exporter *e, const char *product_id,
    const struct ledger_entry *entry)
{
	char quote[CURRENCY_MAX], at[INSTANT_STRLEN];

	product_quote(product_id, quote);
	instant_format(entry->at_us, at);
	buffer_add_format(e->out, "%lld,%s,%s,%s,", (long long)entry->fill_id,
	    at, product_id, entry->side == SIDE_BUY ? "buy" : "sell");
	add_amount(e->out, entry->size);
	buffer_add_char(e->out, ',');
	add_amount(e->out, entry->price);
	buffer_add_char(e->out, ',');
	add_amount(e->out, entry->fee);
	buffer_add_format(e->out, ",%s,", quote);
	add_amount(e->out, entry->value);
	buffer_add_format(e->out, ",%s\n", fill_nature_name(entry->nature));
}

/* --------------------------------------------------------------- anybody -- */

void
export_begin(struct exporter *e)
{
	switch (e->format) {
	case EXPORT_CSV:
		buffer_add_string(e->out,
		    "id,time,product,side,size,price,fee,fee_currency,value,"
		    "kind\n");
		break;
	case EXPORT_LEDGER:
		buffer_add_string(e->out,
		    "; tb-portfolio export ledger: ledger bal -B Assets\n");
		break;
	case EXPORT_HLEDGER:
		buffer_add_string(e->out,
		    "; tb-portfolio export hledger: hledger bal -B assets\n"
		    "decimal-mark .\n");
		break;
	case EXPORT_BEANCOUNT:
		buffer_add_string(e->out,
		    "; tb-portfolio export beancount\n"
		    "plugin \"beancount.plugins.auto_accounts\"\n");
		break;
	}
}

void
export_flow(struct exporter *e, int64_t at_us, const char *currency,
    struct decimal amount, const char *note)
{
	char name[NAME_MAX_BYTES], account[NAME_MAX_BYTES];

	if (e->format == EXPORT_CSV)
		return;
	commodity_name(e, currency, name);
	account_name(currency, account);
	add_head(e, at_us, "Cash flow ", note);
	add_money(e, "Assets:Cash", account, amount, name);
	add_money(e, "Equity:Flows", account, decimal_neg(amount), name);
}

void
export_fill(struct exporter *e, const char *product_id,
    const struct ledger_entry *entry, const struct lot_outcome *outcome)
{
	if (e->format == EXPORT_CSV)
		csv_fill(e, product_id, entry);
	else
		journal_fill(e, product_id, entry, outcome);
}

void
export_price(struct exporter *e, const char *product_id, struct decimal price,
    int64_t at_us)
{
	char day[INSTANT_STRLEN];
	struct names n;

	if (e->format == EXPORT_CSV)
		return;
	names_init(&n, e, product_id);
	instant_format_day(at_us, day);
	buffer_add_char(e->out, '\n');
	if (e->format == EXPORT_BEANCOUNT)
		buffer_add_format(e->out, "%s price %s ", day, n.base);
	else
		buffer_add_format(e->out, "P %s %s ", day, n.base);
	add_amount(e->out, price);
	buffer_add_format(e->out, " %s\n", n.quote);
}
