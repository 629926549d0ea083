#include "signal/indicator.h"

#include <string.h>

#include "signal/kernel.h"

/* How many last candles decide the value, by what the parameters mean. */
static int
reads_n(const double *p)
{
	return (int)p[0];
}

static int
reads_n_and_one(const double *p)
{
	return (int)p[0] + 1;
}

static int
reads_two(const double *p)
{
	(void)p;
	return 2;
}

static int
reads_rsi(const double *p)
{
	return p[1] > 0 ? (int)p[0] + 1 : 0;
}

static int
reads_stoch(const double *p)
{
	return (int)(p[0] + p[1] + p[2]) - 2;
}

/* What recursive ones take to forget. */
static int
warm_up_ema(const double *p)
{
	return warm_up_of((int)p[0], 2 / (p[0] + 1));
}

static int
warm_up_dema(const double *p)
{
	return 2 * warm_up_ema(p);
}

static int
warm_up_tema(const double *p)
{
	return 3 * warm_up_ema(p);
}

static int
warm_up_rma(const double *p)
{
	return warm_up_of((int)p[0], 1 / p[0]);
}

static int
warm_up_macd(const double *p)
{
	return warm_up_ema(p + 1) + warm_up_ema(p + 2);
}

static int
warm_up_stochrsi(const double *p)
{
	return warm_up_rma(p) + 2 * (int)p[0];
}

/* A ratio of what is smoothed needs a little more. */
static int
warm_up_dx(const double *p)
{
	return warm_up_rma(p) + (int)p[0];
}

static int
warm_up_adx(const double *p)
{
	return 2 * warm_up_rma(p);
}

static int
warm_up_keltner(const double *p)
{
	int middle = warm_up_ema(p), range = warm_up_rma(p + 2);

	return middle > range ? middle : range;
}

static int
warm_up_never(const double *p)
{
	(void)p;
	return 0;
}

#define KERNEL(n) .size = n##_size, .init = n##_init, .update = n##_update
#define LENGTH(what, least, usual)                                             \
 {                                                                             \
  .name = (what), .kind = PARAMETER_LENGTH, .min = (least),                    \
  .max = INDICATOR_LENGTH_MAX, .fallback = (usual), .fallback_legacy = (usual) \
 }
#define REAL(what, least, most, usual)                                         \
 {                                                                             \
  .name = (what), .kind = PARAMETER_REAL, .min = (least), .max = (most),       \
  .fallback = (usual), .fallback_legacy = (usual)                              \
 }
#define CHOICE(what, usual, other)                                             \
 {                                                                             \
  .name = (what), .kind = PARAMETER_CHOICE, .min = 0, .max = 1, .choices = {   \
	  (usual),                                                             \
	  (other)                                                              \
  }                                                                            \
 }

const struct indicator indicators[] = {
	{ "sma", "simple moving average", { LENGTH("period", 1, 20) },
	    { "sma" }, .reads = reads_n, KERNEL(sma) },
	{ "ema", "exponential moving average, seeded with sma(n)",
	    { LENGTH("period", 1, 20) }, { "ema" }, .warm_up = warm_up_ema,
	    KERNEL(ema) },
	{ "wma", "linearly weighted moving average",
	    { LENGTH("period", 1, 20) }, { "wma" }, .reads = reads_n,
	    KERNEL(wma) },
	{ "dema", "double exponential moving average",
	    { LENGTH("period", 1, 20) }, { "dema" }, .warm_up = warm_up_dema,
	    KERNEL(dema) },
	{ "tema", "triple exponential moving average",
	    { LENGTH("period", 1, 20) }, { "tema" }, .warm_up = warm_up_tema,
	    KERNEL(tema) },
	{ "rma", "Wilder's moving average (smma)", { LENGTH("period", 1, 14) },
	    { "rma" }, .warm_up = warm_up_rma, KERNEL(rma) },
	{ "macd",
	    "ema(fast) - ema(slow), its signal line; talib: both start late",
	    { LENGTH("fast", 1, 12), LENGTH("slow", 2, 26),
		LENGTH("signal", 1, 9), CHOICE("start", "own", "talib") },
	    { "macd", "signal", "histogram" }, .warm_up = warm_up_macd,
	    .ascending = true, KERNEL(macd) },
	{ "rsi", "relative strength: Wilder's, or simple with plain means",
	    { LENGTH("period", 1, 14),
		CHOICE("smoothing", "wilder", "simple") },
	    { "rsi" }, .reads = reads_rsi, .warm_up = warm_up_rma,
	    KERNEL(rsi) },
	{ "stochrsi", "place of rsi(n) in its own range, 0 to 1",
	    { LENGTH("period", 2, 14) }, { "stochrsi" },
	    .warm_up = warm_up_stochrsi, KERNEL(stochrsi) },
	{ "stoch", "place of the close in the range of k candles, percent",
	    { LENGTH("k", 1, 14), LENGTH("smooth", 1, 3), LENGTH("d", 1, 3) },
	    { "k", "d" }, .reads = reads_stoch, KERNEL(stoch) },
	{ "willr", "Williams %R, -100 to 0", { LENGTH("period", 1, 14) },
	    { "willr" }, .reads = reads_n, KERNEL(willr) },
	{ "cci", "commodity channel index", { LENGTH("period", 2, 20) },
	    { "cci" }, .reads = reads_n, .lazy = true, KERNEL(cci) },
	{ "mfi", "money flow index: rsi weighted by volume",
	    { LENGTH("period", 1, 14) }, { "mfi" }, .reads = reads_n_and_one,
	    .lazy = true, KERNEL(mfi) },
	{ "mom", "change of the close over n candles",
	    { LENGTH("period", 1, 10) }, { "mom" }, .reads = reads_n_and_one,
	    KERNEL(mom) },
	{ "roc", "the same in percent", { LENGTH("period", 1, 10) }, { "roc" },
	    .reads = reads_n_and_one, KERNEL(roc) },
	{ "bbands", "Bollinger bands: sma(n) and k deviations around it",
	    { LENGTH("period", 2, 20), REAL("width", 0.01, 100, 2) },
	    { "upper", "middle", "lower" }, .reads = reads_n, KERNEL(bbands) },
	{ "stddev", "population standard deviation of the close",
	    { LENGTH("period", 2, 20) }, { "stddev" }, .reads = reads_n,
	    KERNEL(stddev) },
	{ "tr", "true range; hl: the first candle's is high - low",
	    { CHOICE("first", "none", "hl") }, { "tr" }, .reads = reads_two,
	    KERNEL(tr) },
	{ "atr", "average true range: Wilder's, or sma; hl as in tr",
	    { LENGTH("period", 1, 14), CHOICE("smoothing", "wilder", "sma"),
		CHOICE("first", "none", "hl") },
	    { "atr" }, .reads = reads_rsi, .warm_up = warm_up_rma,
	    KERNEL(atr) },
	{ "natr", "atr in percent of the close",
	    { LENGTH("period", 1, 14), CHOICE("smoothing", "wilder", "sma"),
		CHOICE("first", "none", "hl") },
	    { "natr" }, .reads = reads_rsi, .warm_up = warm_up_rma,
	    KERNEL(natr) },
	{ "keltner", "Keltner channels: ema(n) and mult atr(atr) around it",
	    { LENGTH("period", 1, 20), REAL("mult", 0.01, 100, 2),
		LENGTH("atr", 1, 10) },
	    { "upper", "middle", "lower" }, .warm_up = warm_up_keltner,
	    KERNEL(keltner) },
	{ "donchian", "highest high, lowest low and their middle",
	    { LENGTH("period", 1, 20) }, { "upper", "middle", "lower" },
	    .reads = reads_n, KERNEL(donchian) },
	{ "adx", "average directional index (Wilder)",
	    { LENGTH("period", 1, 14) }, { "adx" }, .warm_up = warm_up_adx,
	    KERNEL(adx) },
	{ "di", "directional indicators, plus and minus (Wilder)",
	    { LENGTH("period", 1, 14) }, { "pdi", "mdi" },
	    .warm_up = warm_up_rma, KERNEL(di) },
	{ "dx", "directional index: what adx averages",
	    { LENGTH("period", 1, 14) }, { "dx" }, .warm_up = warm_up_dx,
	    KERNEL(dx) },
	{ "aroon", "how recent the highest and the lowest of n candles are",
	    { LENGTH("period", 1, 14) }, { "up", "down" },
	    .reads = reads_n_and_one, KERNEL(aroon) },
	{ "psar", "parabolic stop and reverse (Wilder)",
	    { REAL("step", 0.0001, 1, 0.02), REAL("max", 0.0001, 1, 0.2) },
	    { "psar" }, .warm_up = warm_up_never, KERNEL(psar) },
	{ "supertrend", "the band of mult atr(n) that the trend leans on",
	    { LENGTH("period", 1, 10), REAL("mult", 0.01, 100, 3) },
	    { "supertrend" }, .warm_up = warm_up_never, KERNEL(supertrend) },
	{ "obv", "on-balance volume; volume: starts at the first one's",
	    { CHOICE("start", "zero", "volume") }, { "obv" },
	    .warm_up = warm_up_never, KERNEL(obv) },
	{ "ad", "accumulation and distribution", { { 0 } }, { "ad" },
	    .warm_up = warm_up_never, KERNEL(ad) },
	{ "vwap", "typical price by volume: since the first candle, or of n",
	    { { .name = "period",
		.kind = PARAMETER_LENGTH,
		.max = INDICATOR_LENGTH_MAX } },
	    { "vwap" }, .reads = reads_n, .lazy = true, KERNEL(vwap) },
	{ "vwma", "close by volume over n candles", { LENGTH("period", 1, 20) },
	    { "vwma" }, .reads = reads_n, .lazy = true, KERNEL(vwma) },
};
const size_t indicators_count = sizeof(indicators) / sizeof(indicators[0]);

const struct indicator *
indicator_find(const char *name, size_t len)
{
	for (size_t i = 0; i < indicators_count; i++)
		if (strlen(indicators[i].name) == len &&
		    memcmp(indicators[i].name, name, len) == 0)
			return &indicators[i];
	return NULL;
}

size_t
indicator_columns(const struct indicator *ind)
{
	size_t n = 0;

	while (ind->columns[n] != NULL)
		n++;
	return n;
}
