/*
 * Golden values: every case of the shared indicators/ whose index says that
 * the mainstream convention reproduces it, fed candle by candle and compared
 * with what its source publishes, to its tolerance.
 */

#include <math.h>

#include "io/json.h"
#include "signal/indicator.h"
#include "tap.h"

#define INDEX_MAX (1 << 20)
#define TOKENS_MAX 40000
#define CELLS_MAX 16

/* How a published column is called, and what computes it. */
struct mapping {
	const char *indicator; /* of the index */
	const char *column;    /* of the case; NULL: any */
	const char *series;    /* with the case's parameters in its %s */
	const char *ours;      /* our column; NULL: the only one */
	const char *parameters[3];
};

static const struct mapping mappings[] = {
	{ "AD", NULL, "ad", NULL, { NULL } },
	{ "ADX", "pdi", "di(%s)", "pdi", { "period" } },
	{ "ADX", "mdi", "di(%s)", "mdi", { "period" } },
	{ "ADX", "dx", "dx(%s)", NULL, { "period" } },
	{ "ADX", "adx", "adx(%s)", NULL, { "period" } },
	{ "AROON", "up", "aroon(%s)", "up", { "period" } },
	{ "AROON", "down", "aroon(%s)", "down", { "period" } },
	{ "ATR", "tr", "tr", NULL, { NULL } },
	{ "ATR", "atr", "atr(%s)", NULL, { "period" } },
	{ "BBANDS", "upper", "bbands(%s)", "upper", { "period", "mult" } },
	{ "BBANDS", "middle", "bbands(%s)", "middle", { "period", "mult" } },
	{ "BBANDS", "lower", "bbands(%s)", "lower", { "period", "mult" } },
	{ "CCI", NULL, "cci(%s)", NULL, { "period" } },
	{ "DEMA", NULL, "dema(%s)", NULL, { "period" } },
	{ "DONCHIAN", "upper", "donchian(%s)", "upper", { "period" } },
	{ "DONCHIAN", "middle", "donchian(%s)", "middle", { "period" } },
	{ "DONCHIAN", "lower", "donchian(%s)", "lower", { "period" } },
	{ "EMA", NULL, "ema(%s)", NULL, { "period" } },
	{ "MACD", "ema12", "ema(12)", NULL, { NULL } },
	{ "MACD", "ema26", "ema(26)", NULL, { NULL } },
	{ "MACD", "macd", "macd(%s)", "macd", { "fast", "slow", "signal" } },
	{ "MACD", "signal", "macd(%s)", "signal",
	    { "fast", "slow", "signal" } },
	{ "MACD", "histogram", "macd(%s)", "histogram",
	    { "fast", "slow", "signal" } },
	{ "MFI", NULL, "mfi(%s)", NULL, { "period" } },
	{ "MOM", NULL, "mom(%s)", NULL, { "period" } },
	{ "NATR", NULL, "natr(%s)", NULL, { "period" } },
	{ "OBV", NULL, "obv", NULL, { NULL } },
	{ "RMA", NULL, "rma(%s)", NULL, { "period" } },
	{ "ROC", "momentum", "mom(%s)", NULL, { "period" } },
	{ "ROC", "roc", "roc(%s)", NULL, { "period" } },
	{ "RSI", NULL, "rsi(%s)", NULL, { "period" } },
	{ "SMA", NULL, "sma(%s)", NULL, { "period" } },
	{ "STDDEV", "mean", "sma(%s)", NULL, { "period" } },
	{ "STDDEV", NULL, "stddev(%s)", NULL, { "period" } },
	{ "STOCH", "k", "stoch(%s)", "k", { "k", "smooth", "d" } },
	{ "STOCH", "d", "stoch(%s)", "d", { "k", "smooth", "d" } },
	{ "STOCH", "oscillator", "stoch(%s)", "k", { "k", "smooth", "d" } },
	{ "STOCH", "signal", "stoch(%s)", "d", { "k", "smooth", "d" } },
	{ "STOCHRSI", NULL, "stochrsi(%s)", NULL, { "period" } },
	{ "SUPERTREND", NULL, "supertrend(%s)", NULL, { "period", "mult" } },
	{ "TEMA", NULL, "tema(%s)", NULL, { "period" } },
	{ "TR", NULL, "tr", NULL, { NULL } },
	{ "VWMA", NULL, "vwma(%s)", NULL, { "period" } },
	{ "WILLR", NULL, "willr(%s)", NULL, { "period" } },
	{ "WMA", NULL, "wma(%s)", NULL, { "period" } },
};

/* One published column of one case. */
struct golden {
	char file[128], column[64], label[128];
	struct series series;
	size_t ours;
	double factor;
	double absolute, relative; /* tolerance; one of them is 0 */
};

static char text[INDEX_MAX];
static struct json_token tokens[TOKENS_MAX];
static struct json index_json;

static const struct json_token *
get(const struct json_token *object, const char *key)
{
	if (object == NULL || object->kind != JSON_OBJECT)
		return NULL;
	return json_get(&index_json, object, key);
}

/* A member as text, "" where there is none. */
static void
text_of(const struct json_token *object, const char *key, char *buf,
    size_t size)
{
	const struct json_token *t = get(object, key);

	snprintf(buf, size, "%.*s", t == NULL ? 0 : (int)t->len,
	    t == NULL ? "" : t->text);
}

static double
number_of(const struct json_token *object, const char *key)
{
	const struct json_token *t = get(object, key);
	double x = 0;

	if (t != NULL && real_parse(t->text, t->len, &x) != TB_OK)
		x = 0;
	return x;
}

/* The case's parameters in the order of the mapping, and the variant. */
static void
arguments(const struct mapping *m, const struct json_token *row,
    const char *column, char *out, size_t size)
{
	const struct json_token *params = get(row, "params");
	char value[64];
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < 3 && m->parameters[i] != NULL; i++) {
		text_of(params, m->parameters[i], value, sizeof(value));
		used += (size_t)snprintf(out + used, size - used, "%s%s",
		    i == 0 ? "" : ",", value);
	}
	text_of(params, "smoothing", value, sizeof(value));
	if (strcmp(value, "sma") == 0)
		used += (size_t)snprintf(out + used, size - used, ",sma");
	text_of(get(get(row, "check"), column), "convention", value,
	    sizeof(value));
	if (strncmp(value, "talib: both EMAs", 16) == 0)
		used += (size_t)snprintf(out + used, size - used, ",talib");
	if (strcmp(value, "hl") == 0)
		used += (size_t)snprintf(out + used, size - used, "%shl",
		    used == 0 ? "" : ",");
	text_of(params, "start", value, sizeof(value));
	if (strcmp(value, "volume[0]") == 0)
		snprintf(out + used, size - used, "volume");
}

static const struct mapping *
find_mapping(const char *indicator, const char *column)
{
	for (size_t i = 0; i < sizeof(mappings) / sizeof(*mappings); i++)
		if (strcmp(mappings[i].indicator, indicator) == 0 &&
		    (mappings[i].column == NULL ||
			strcmp(mappings[i].column, column) == 0))
			return &mappings[i];
	return NULL;
}

static bool
golden_of(const struct json_token *row, const char *column, struct golden *g)
{
	char indicator[32], expression[96], args[64], id[64], unit[16];
	const struct mapping *m;
	const struct json_token *tolerance = get(get(row, "tolerance"), column);
	struct tb_err err = { 0 };

	text_of(row, "indicator", indicator, sizeof(indicator));
	text_of(row, "id", id, sizeof(id));
	text_of(get(row, "params"), "unit", unit, sizeof(unit));
	m = find_mapping(indicator, column);
	*g = (struct golden){ .factor =
				  strcmp(unit, "fraction") == 0 ? 0.01 : 1 };
	snprintf(g->file, sizeof(g->file), "indicators/%s.csv", id);
	snprintf(g->column, sizeof(g->column), "exp_%s", column);
	snprintf(g->label, sizeof(g->label), "%s: %s", id, column);
	g->absolute = number_of(tolerance, "abs");
	g->relative = number_of(tolerance, "rel");
	if (m == NULL)
		return false;
	arguments(m, row, column, args, sizeof(args));
	if (strstr(m->series, "%s") != NULL)
		snprintf(expression, sizeof(expression), "%.*s(%s)",
		    (int)strcspn(m->series, "("), m->series, args);
	else
		snprintf(expression, sizeof(expression), "%s%s%s%s", m->series,
		    args[0] == '\0' ? "" : "(", args,
		    args[0] == '\0' ? "" : ")");
	if (series_parse(expression, strlen(expression), &g->series, &err) !=
	    TB_OK) {
		printf("# %s: %s\n", expression, err.msg);
		return false;
	}
	while (m->ours != NULL &&
	    strcmp(g->series.indicator->columns[g->ours], m->ours) != 0)
		g->ours++;
	return true;
}

/* Splits a line at its commas in place. */
static size_t
split(char *line, char *cells[CELLS_MAX])
{
	size_t n = 0;

	line[strcspn(line, "\r\n")] = '\0';
	for (char *p = line; p != NULL && n < CELLS_MAX;) {
		char *comma = strchr(p, ',');

		cells[n++] = p;
		if (comma != NULL)
			*comma++ = '\0';
		p = comma;
	}
	return n;
}

static double
cell(const char *s)
{
	double x = REAL_NONE;

	if (s == NULL)
		abort();
	if (s[0] != '\0' && real_parse(s, strlen(s), &x) != TB_OK)
		printf("# no number: %s\n", s);
	return x;
}

static bool
agrees(const struct golden *g, double got, const char *expected, int row)
{
	double want = cell(expected);
	double within =
	    g->relative > 0 ? g->relative * fabs(want) : g->absolute;

	if (fabs(got - want) <= within)
		return true;
	printf("# row %d: got %.12g, expected %s\n", row, got, expected);
	return false;
}

/* Feeds the case; every published cell must agree. */
static void
check(const struct golden *g)
{
	char path[512], line[1024], *cells[CELLS_MAX] = { NULL };
	double values[INDICATOR_COLUMNS_MAX];
	size_t at = 0, columns;
	int checked = 0, bad = 0;
	void *state = malloc(series_state_size(&g->series));
	FILE *file = fopen(tap_shared(g->file, path, sizeof(path)), "r");

	if (fgets(line, sizeof(line), file) == NULL)
		abort();
	columns = split(line, cells);
	while (at < columns && strcmp(cells[at], g->column) != 0)
		at++;
	series_init(&g->series, state);
	for (int row = 0; fgets(line, sizeof(line), file) != NULL; row++) {
		struct bar bar = { 0 };

		if (split(line, cells) != columns)
			abort();
		bar.open = cell(cells[1]);
		bar.high = cell(cells[2]);
		bar.low = cell(cells[3]);
		bar.close = cell(cells[4]);
		bar.volume = cell(cells[5]);
		series_push(&g->series, state, &bar, values);
		if (cells[at][0] == '\0')
			continue;
		checked++;
		if (bad < 3)
			bad += !agrees(g, values[g->ours] * g->factor,
			    cells[at], row);
	}
	fclose(file);
	free(state);
	ok(bad == 0 && checked > 0, "%s (%d cells)", g->label, checked);
}

static bool
load_index(void)
{
	char path[512];
	struct tb_err err = { 0 };
	FILE *file;
	size_t len;

	if (tap_shared("indicators/index.json", path, sizeof(path)) == NULL)
		return false;
	file = fopen(path, "r");
	len = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	if (json_read(text, len, tokens, TOKENS_MAX, &index_json, &err) ==
	    TB_OK)
		return true;
	printf("# %s\n", err.msg);
	exit(1);
}

/* Not called standard by the index, but ours all the same. */
static bool
is_ours_too(const char *id)
{
	return strcmp(id, "facioquo-supertrend") == 0;
}

int
main(void)
{
	const struct json_token *all, *row, *name;
	int cases = 0;

	if (!load_index()) {
		skip("../shared/data/indicators is absent");
		return tap_done();
	}
	all = index_json.tokens;
	for (row = json_first(&index_json, all); row != NULL;
	     row = json_after(&index_json, all, row)) {
		const struct json_token *standard =
		    get(row, "standard_convention");
		const struct json_token *expected = get(row, "expected");
		char id[64];

		text_of(row, "id", id, sizeof(id));
		if ((standard == NULL || standard->kind != JSON_TRUE) &&
		    !is_ours_too(id))
			continue;
		cases++;
		for (name = json_first(&index_json, expected); name != NULL;
		     name = json_after(&index_json, expected, name)) {
			struct golden g;
			char column[32];

			snprintf(column, sizeof(column), "%.*s", (int)name->len,
			    name->text);
			if (golden_of(row, column, &g))
				check(&g);
			else
				ok(false, "%s: no series for it", g.label);
		}
	}
	ok(cases >= 75, "all %d standard cases were met", cases);
	return tap_done();
}
