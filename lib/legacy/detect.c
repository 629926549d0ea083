#include "legacy/detect.h"

#include <string.h>
#include <strings.h>

/* ------------------------------------------------- what the old system made */

/* Every column that a version of it had, by table. */
static const struct {
	const char *table, *columns;
} known[] = {
	{ "bots",
	    " id name description pair status position_size_usd max_positions"
	    " stop_loss_pct take_profit_pct confirmation_minutes"
	    " trade_step_pct cooldown_minutes signal_config"
	    " current_position_size current_position_entry_price"
	    " current_combined_score signal_confirmation_start created_at"
	    " updated_at skip_signals_on_low_balance use_trend_detection"
	    " use_position_sizing " },
	{ "trades",
	    " id bot_id product_id side size price fee order_id status"
	    " combined_signal_score signal_scores position_tranches"
	    " average_entry_price tranche_number position_status size_usd"
	    " created_at filled_at trading_mode commission size_in_quote " },
	{ "raw_trades",
	    " id fill_id order_id product_id side size size_in_quote price"
	    " size_usd commission created_at synced_at " },
	{ "bot_signal_history",
	    " id bot_id timestamp combined_score action confidence"
	    " signal_scores evaluation_metadata price " },
	{ "market_data",
	    " id product_id timestamp timeframe open_price high_price"
	    " low_price close_price volume " },
	{ "signals",
	    " id name description enabled weight parameters created_at"
	    " updated_at " },
	{ "signal_results",
	    " id signal_id product_id timestamp score action confidence"
	    " signal_metadata " },
	{ "notifications", "" },
	{ "trading_pairs", "" },
	{ "signal_predictions", "" },
	{ "signal_performance_metrics", "" },
	{ "adaptive_signal_weights", "" },
};

static const char *
columns_of(const char *table)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strcasecmp(known[i].table, table) == 0)
			return known[i].columns;
	return NULL;
}

bool
legacy_table_is_known(const char *name)
{
	return columns_of(name) != NULL;
}

bool
legacy_column_is_known(const char *table, const char *column)
{
	const char *columns = columns_of(table);
	size_t len = strlen(column);

	if (columns == NULL)
		return false;
	if (*columns == '\0') /* a table that is archived as it is */
		return true;
	for (const char *p = columns; (p = strcasestr(p, column)) != NULL; p++)
		if (p[-1] == ' ' && p[len] == ' ')
			return true;
	return false;
}

/* -------------------------------------------------------------- variant -- */

/* What is asked of a file, once. */
struct look {
	struct foreign *file;
	const struct foreign_table *trades, *raw, *bots, *history;
	int64_t trade_count, raw_count;
	bool script_raw; /* raw_trades was made by the script */
	struct legacy_variant *out;
};

static bool
has(const struct foreign_table *t, const char *column)
{
	return t != NULL && foreign_column(t, column) != -1;
}

/* Was the column added later, behind the two that every fresh table ends in? */
static bool
is_added(const struct foreign_table *t, const char *column)
{
	return has(t, column) && has(t, "filled_at") &&
	    foreign_column(t, column) > foreign_column(t, "filled_at");
}

static bool
has_table(const struct look *l, const char *name)
{
	return foreign_table(l->file, name) != NULL;
}

static void
note(struct look *l, bool is, const char *trait)
{
	if (is && l->out->trait_count < LEGACY_TRAITS_MAX)
		l->out->traits[l->out->trait_count++] = trait;
}

/* All that can be seen of each era, oldest first. */
static void
find_traits(struct look *l)
{
	bool tranches = has(l->trades, "size_usd");

	note(l, has_table(l, "signals"), "V0");
	note(l, l->bots != NULL && !has(l->bots, "cooldown_minutes"), "V1");
	note(l,
	    has(l->bots, "cooldown_minutes") && l->history != NULL &&
		!has(l->history, "action"),
	    "V2");
	note(l,
	    l->trades != NULL && has(l->trades, "bot_id") && !tranches &&
		has(l->history, "action"),
	    "V3");
	note(l, is_added(l->trades, "size_usd"), "V4b");
	note(l, is_added(l->trades, "trading_mode"), "V5b");
	note(l, tranches && !is_added(l->trades, "size_usd"), "V4a");
	note(l,
	    has(l->trades, "trading_mode") &&
		!is_added(l->trades, "trading_mode"),
	    "V5a");
	note(l, is_added(l->trades, "commission"), "V7b");
	note(l,
	    has(l->trades, "commission") && !is_added(l->trades, "commission"),
	    "V7a");
	note(l, l->raw != NULL && l->script_raw, "V7b raw_trades");
	note(l, l->raw != NULL && !l->script_raw, "V7a raw_trades");
	note(l, l->raw != NULL && l->trades == NULL, "V8a");
	note(l, l->trades != NULL && l->trade_count == 0 && l->raw_count > 0,
	    "V8b");
	note(l, has(l->bots, "skip_signals_on_low_balance"), "V9");
	note(l, has_table(l, "notifications"), "V10");
	note(l, has_table(l, "trading_pairs"), "V11");
	note(l, has(l->bots, "use_trend_detection"), "V12");
	note(l,
	    has(l->bots, "use_position_sizing") ||
		has_table(l, "signal_predictions") ||
		has_table(l, "signal_performance_metrics") ||
		has_table(l, "adaptive_signal_weights"),
	    "V13");
	note(l, l->trades != NULL && !l->trades->id_is_unique, "Vy");
}

static bool
has_trait(const struct look *l, const char *trait)
{
	for (size_t i = 0; i < l->out->trait_count; i++)
		if (strcmp(l->out->traits[i], trait) == 0)
			return true;
	return false;
}

/* Did the file live through several eras?  One whose columns were added for
 * V5, those of V4 before them, is V5b. */
static bool
is_mixture(const struct look *l)
{
	bool altered = has_trait(l, "V4b") || has_trait(l, "V5b");

	return (altered && has_trait(l, "V7b")) ||
	    (has_trait(l, "V0") && l->bots != NULL) ||
	    (has_trait(l, "V4b") && has_trait(l, "V9")) ||
	    (has_trait(l, "V4b") && l->raw != NULL);
}

/* Is any trading_mode NULL?  Rows of V6 left the column empty. */
static enum tb_status
find_ghost(struct look *l, bool *out, struct tb_err *err)
{
	int at = foreign_column(l->trades, "trading_mode");
	struct foreign_rows rows;
	enum tb_status status;

	*out = false;
	status = foreign_rows_open(&rows, l->file, l->trades, err);
	while (status == TB_OK && !*out) {
		status = foreign_rows_next(&rows, err);
		*out = status == TB_OK && rows.values[at].kind == FOREIGN_NULL;
	}
	foreign_rows_close(&rows);
	return status == TB_END ? TB_OK : status;
}

/* Did an import of fills write a row?  That is what sets V6 apart from V4a,
 * whose tables are the same. */
static enum tb_status
find_imported(struct look *l, bool *out, struct tb_err *err)
{
	int at = foreign_column(l->trades, "signal_scores");
	struct foreign_rows rows;
	enum tb_status status;

	*out = l->trade_count == 0;
	if (at == -1)
		return TB_OK;
	status = foreign_rows_open(&rows, l->file, l->trades, err);
	while (status == TB_OK && !*out) {
		status = foreign_rows_next(&rows, err);
		*out = status == TB_OK && rows.values[at].len == 2;
	}
	foreign_rows_close(&rows);
	return status == TB_END ? TB_OK : status;
}

/* The newest era whose sign is there. */
static enum tb_status
name_variant(struct look *l, struct tb_err *err)
{
	static const char *const newest[] = { "V13", "V12", "V11", "V10", "V9",
		"V8b", "V8a" };
	enum tb_status status;
	bool yes;

	if (has_trait(l, "Vy") || is_mixture(l)) {
		l->out->name = has_trait(l, "Vy") ? "Vy" : "Vx";
		return TB_OK;
	}
	for (size_t i = 0; i < sizeof(newest) / sizeof(*newest); i++) {
		l->out->name = newest[i];
		if (has_trait(l, newest[i]))
			return TB_OK;
	}
	if (l->raw != NULL || has(l->trades, "commission")) {
		l->out->name =
		    has_trait(l, "V7b") || l->script_raw ? "V7b" : "V7a";
		return TB_OK;
	}
	if (has(l->trades, "trading_mode")) {
		status = find_ghost(l, &yes, err);
		l->out->name = yes	? "V6g" :
		    has_trait(l, "V5b") ? "V5b" :
					  "V5a";
		return status;
	}
	if (has_trait(l, "V4a")) {
		status = find_imported(l, &yes, err);
		l->out->name = yes ? "V6" : "V4a";
		return status;
	}
	l->out->name = has_trait(l, "V4b") ? "V4b" :
	    has_trait(l, "V3")		   ? "V3" :
	    has_trait(l, "V2")		   ? "V2" :
	    has_trait(l, "V1")		   ? "V1" :
					     "V0";
	return TB_OK;
}

/* A table of that name in another program's file has other columns. */
static bool
is_ours(const struct foreign_table *t, const char *id)
{
	return t == NULL ||
	    (has(t, "product_id") && has(t, "side") && has(t, "price") &&
		has(t, id));
}

static enum tb_status
check_tables(const struct look *l, struct tb_err *err)
{
	size_t count;

	(void)foreign_tables(l->file, &count);
	if (count == 0)
		return tb_fail(err, TB_EINVAL,
		    "%s: empty: a database without a table",
		    foreign_path(l->file));
	if (l->trades == NULL && l->raw == NULL)
		return tb_fail(err, TB_EINVAL,
		    "%s: no database of the old system: it has neither trades "
		    "nor raw_trades",
		    foreign_path(l->file));
	if (!is_ours(l->trades, "order_id") || !is_ours(l->raw, "fill_id"))
		return tb_fail(err, TB_EINVAL,
		    "%s: no database of the old system: its table %s is "
		    "another program's",
		    foreign_path(l->file),
		    is_ours(l->trades, "order_id") ? "raw_trades" : "trades");
	return TB_OK;
}

enum tb_status
legacy_detect(struct foreign *file, struct legacy_variant *out,
    struct tb_err *err)
{
	struct look l = { .file = file, .out = out };
	enum tb_status status;

	*out = (struct legacy_variant){ .name = "" };
	out->trades = l.trades = foreign_table(file, "trades");
	out->raw = l.raw = foreign_table(file, "raw_trades");
	out->bots = l.bots = foreign_table(file, "bots");
	out->history = l.history = foreign_table(file, "bot_signal_history");
	status = check_tables(&l, err);
	if (status == TB_OK && l.trades != NULL)
		status = foreign_count(file, l.trades, &l.trade_count, err);
	if (status == TB_OK && l.raw != NULL)
		status = foreign_count(file, l.raw, &l.raw_count, err);
	if (status == TB_OK)
		status = foreign_has_index(file, "idx_raw_trades",
		    &l.script_raw, err);
	if (status != TB_OK)
		return status;
	l.script_raw |= has(l.raw, "size_usd");
	find_traits(&l);
	return name_variant(&l, err);
}
