/*
 * Series as text: what is read, what it is called again, what is refused,
 * and what the catalogue promises of every row.
 */

#include "signal/indicator.h"
#include "tap.h"

static struct series
parsed(const char *text)
{
	struct series s = { 0 };
	struct tb_err err = { 0 };

	if (series_parse(text, strlen(text), &s, &err) == TB_OK)
		return s;
	printf("# %s: %s\n", text, err.msg);
	exit(1);
}

static void
test_names(void)
{
	static const struct {
		const char *text, *name, *identifier;
	} cases[] = {
		{ "rsi", "rsi(14)", "rsi_14" },
		{ "rsi(14)", "rsi(14)", "rsi_14" },
		{ "rsi(14,wilder)", "rsi(14)", "rsi_14" },
		{ "rsi(14,simple)", "rsi(14,simple)", "rsi_14_simple" },
		{ "rsi(simple)", "rsi(14,simple)", "rsi_14_simple" },
		{ "rsi(simple, 9)", "rsi(9,simple)", "rsi_9_simple" },
		{ "sma(20)", "sma(20)", "sma_20" },
		{ "sma(020)", "sma(20)", "sma_20" },
		{ "macd", "macd(12,26,9)", "macd_12_26_9" },
		{ "macd(5,35)", "macd(5,35,9)", "macd_5_35_9" },
		{ "macd(12, 26, 9)", "macd(12,26,9)", "macd_12_26_9" },
		{ "bbands(20,2)", "bbands(20,2)", "bbands_20_2" },
		{ "bbands(20,2.50)", "bbands(20,2.5)", "bbands_20_2_5" },
		{ "tr", "tr", "tr" },
		{ "tr(hl)", "tr(hl)", "tr_hl" },
		{ "atr(14,hl)", "atr(14,hl)", "atr_14_hl" },
		{ "atr(14,sma)", "atr(14,sma)", "atr_14_sma" },
		{ "atr(14,hl,sma)", "atr(14,sma,hl)", "atr_14_sma_hl" },
		{ "obv(volume)", "obv(volume)", "obv_volume" },
		{ "ad", "ad", "ad" },
		{ "vwap", "vwap", "vwap" },
		{ "vwap(20)", "vwap(20)", "vwap_20" },
		{ "keltner(20,2,10)", "keltner(20,2,10)", "keltner_20_2_10" },
		{ "psar(0.02,0.2)", "psar(0.02,0.2)", "psar_0_02_0_2" },
	};
	char buf[SERIES_STRLEN];

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct series s = parsed(cases[i].text), again;

		series_name(&s, buf);
		is(buf, cases[i].name, cases[i].text);
		again = parsed(buf);
		ok(series_equal(&s, &again), "%s reads back", buf);
		series_identifier(&s, buf);
		is(buf, cases[i].identifier, cases[i].identifier);
	}
}

static void
refuses(const char *text, const char *message)
{
	struct series s = { 0 };
	struct tb_err err = { 0 };

	ok(series_parse(text, strlen(text), &s, &err) == TB_EINVAL &&
		s.indicator == NULL,
	    "refuses %.60s", text);
	is(err.msg, message, "and says why");
}

static void
test_refused(void)
{
	char longest[SERIES_TEXT_MAX + 2], message[128];

	refuses("", "no indicator \"\": tb-signal indicators lists them");
	refuses("rsii(14)",
	    "no indicator \"rsii\": tb-signal indicators lists them");
	refuses("RSI(14)",
	    "no indicator \"RSI\": tb-signal indicators lists them");
	refuses("rsi(14", "rsi(14: expected ) at the end");
	refuses("rsi(14)x", "rsi(14)x: expected ) at the end");
	refuses("rsi()", "rsi: no place for \"\"");
	refuses("rsi(14,)", "rsi: no place for \"\"");
	refuses("rsi(14,15)", "rsi: no place for \"15\"");
	refuses("rsi(simple,simple)", "rsi: no place for \"simple\"");
	refuses("rsi(ema)", "rsi: no place for \"ema\"");
	refuses("tr(14)", "tr: no place for \"14\"");
	refuses("sma(0)",
	    "sma: period: expected a whole number from 1 to 1000, got 0");
	refuses("sma(1001)",
	    "sma: period: expected a whole number from 1 to 1000, got 1001");
	refuses("sma(-1)",
	    "sma: period: expected a whole number from 1 to 1000, got -1");
	refuses("sma(2.5)",
	    "sma: period: expected a whole number from 1 to 1000, got 2.5");
	refuses("sma(1e400)", "sma: period: expected a number, got \"1e400\"");
	refuses("sma(1x)", "sma: period: expected a number, got \"1x\"");
	refuses("bbands(20,0)", "bbands: width: expected 0.01 to 100, got 0");
	refuses("macd(26,12,9)",
	    "macd: expected fast below slow, got 26 and 12");
	refuses("macd(26,26,9)",
	    "macd: expected fast below slow, got 26 and 26");
	memset(longest, ' ', sizeof(longest));
	memcpy(longest, "sma(", 4);
	memcpy(longest + SERIES_TEXT_MAX - 3, "20)", 4);
	ok(series_equal(&(struct series){ parsed(longest).indicator,
			    parsed(longest).p },
	       &(struct series){
		   parsed("sma(20)").indicator, parsed("sma(20)").p }),
	    "%d bytes are read", SERIES_TEXT_MAX);
	memcpy(longest + SERIES_TEXT_MAX - 3, " 20)", 5);
	snprintf(message, sizeof(message),
	    "series of %d bytes: at most %d are read", SERIES_TEXT_MAX + 1,
	    SERIES_TEXT_MAX);
	refuses(longest, message);
	parsed("sma(1000)");
	ok(true, "the longest period is read");
}

/* Texts made of what series are made of: refused, or read back as named. */
static void
test_random(void)
{
	static const char *const pieces[] = { "rsi", "sma", "macd", "tr", "hl",
		"bbands", "vwap", "simple", "(", ")", "(", ")", ",", ",", "1",
		"2", "14", "0.5", "-", ".", "e", " ", "1000", "\x80", "obv" };
	char text[128], name[SERIES_STRLEN];
	unsigned seed = 42;
	int read = 0, bad = 0;

	for (int i = 0; i < 300000; i++) {
		struct series s, again;
		size_t len = 0, count;

		seed = seed * 1664525 + 1013904223;
		count = 1 + (seed >> 24) % 8;
		for (size_t k = 0; k < count; k++) {
			seed = seed * 1664525 + 1013904223;
			len += (size_t)snprintf(text + len, sizeof(text) - len,
			    "%s", pieces[(seed >> 16) % 25]);
		}
		if (series_parse(text, len, &s, NULL) != TB_OK)
			continue;
		read++;
		bad += series_parse(name, series_name(&s, name), &again,
			   NULL) != TB_OK ||
		    !series_equal(&s, &again);
	}
	ok(bad == 0 && read > 1000, "%d of 300000 random texts are series",
	    read);
}

static void
test_split(void)
{
	const char *list = "rsi(14),macd(12,26,9),tr", *rest;

	is_int((long long)series_split(list, &rest), 7, "the first ends");
	is(rest, "macd(12,26,9),tr", "and the others follow");
	is_int((long long)series_split(rest, &rest), 13,
	    "commas in parentheses part nothing");
	is_int((long long)series_split(rest, &rest), 2, "the last");
	ok(rest == NULL, "has nothing behind it");
	is_int((long long)series_split("", &rest), 0, "an empty list");
}

/* The figures of design.md and signals.md. */
static void
test_warm_up(void)
{
	static const struct {
		const char *series;
		int warm_up, reads;
	} cases[] = {
		{ "rsi(14)", 201, 0 },
		{ "atr(14)", 201, 0 },
		{ "macd(12,26,9)", 277, 0 },
		{ "sma(20)", 40, 20 },
		{ "rsi(14,simple)", 30, 15 },
		{ "bbands(20,2)", 40, 20 },
		{ "ema(9)", 71, 0 },
		{ "ema(26)", 206, 0 },
		{ "ema(1)", 4, 0 },
		{ "stoch(14,3,3)", 36, 18 },
		{ "vwap(20)", 40, 20 },
		{ "vwap", 0, 0 },
		{ "obv", 0, 0 },
		{ "ad", 0, 0 },
		{ "psar", 0, 0 },
		{ "supertrend", 0, 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct series s = parsed(cases[i].series);

		is_int(series_warm_up(&s), cases[i].warm_up, cases[i].series);
		is_int(series_reads(&s), cases[i].reads, "and what it reads");
	}
}

static void
test_catalogue(void)
{
	for (size_t i = 0; i < indicators_count; i++) {
		const struct indicator *ind = &indicators[i];
		struct series s = parsed(ind->name);
		size_t described = strlen(ind->description);

		ok(indicator_find(ind->name, strlen(ind->name)) == ind &&
			described > 0 && described < 64 &&
			ind->description[described - 1] != '.' &&
			indicator_columns(ind) > 0 &&
			series_state_size(&s) % sizeof(double) == 0,
		    "%s: a whole row", ind->name);
	}
	ok(indicator_find("rsi(14)", 3) != NULL, "a name has no terminator");
	ok(indicator_find("rs", 2) == NULL, "nor is a part of one a name");
}

int
main(void)
{
	test_names();
	test_refused();
	test_random();
	test_split();
	test_warm_up();
	test_catalogue();
	return tap_done();
}
