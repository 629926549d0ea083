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

/* Wilder's average never forgets, a plain mean (p[1]) does. */
static int
reads_if_plain(const double *p)
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
	{
	    .name = "sma",
	    .description = "simple moving average",
	    .parameters = { LENGTH("period", 1, 20) },
	    .columns = { "sma" },
	    .reads = reads_n,
	    KERNEL(sma),
	},
	{
	    .name = "ema",
	    .description = "exponential moving average, seeded with sma(n)",
	    .parameters = { LENGTH("period", 1, 20) },
	    .columns = { "ema" },
	    .warm_up = warm_up_ema,
	    KERNEL(ema),
	},
	{
	    .name = "wma",
	    .description = "linearly weighted moving average",
	    .parameters = { LENGTH("period", 1, 20) },
	    .columns = { "wma" },
	    .reads = reads_n,
	    KERNEL(wma),
	},
	{
	    .name = "dema",
	    .description = "double exponential moving average",
	    .parameters = { LENGTH("period", 1, 20) },
	    .columns = { "dema" },
	    .warm_up = warm_up_dema,
	    KERNEL(dema),
	},
	{
	    .name = "tema",
	    .description = "triple exponential moving average",
	    .parameters = { LENGTH("period", 1, 20) },
	    .columns = { "tema" },
	    .warm_up = warm_up_tema,
	    KERNEL(tema),
	},
	{
	    .name = "rma",
	    .description = "Wilder's moving average (smma)",
	    .parameters = { LENGTH("period", 1, 14) },
	    .columns = { "rma" },
	    .warm_up = warm_up_rma,
	    KERNEL(rma),
	},
	{
	    .name = "macd",
	    .description =
		"ema(fast) - ema(slow) and its signal; talib: both start late",
	    .parameters = { LENGTH("fast", 1, 12), LENGTH("slow", 2, 26),
		LENGTH("signal", 1, 9), CHOICE("start", "own", "talib") },
	    .columns = { "macd", "signal", "histogram" },
	    .warm_up = warm_up_macd,
	    .ascending = true,
	    KERNEL(macd),
	},
	{
	    .name = "rsi",
	    .description =
		"relative strength: Wilder's, or simple with plain means",
	    .parameters = { LENGTH("period", 1, 14),
		CHOICE("smoothing", "wilder", "simple") },
	    .columns = { "rsi" },
	    .reads = reads_if_plain,
	    .warm_up = warm_up_rma,
	    KERNEL(rsi),
	},
	{
	    .name = "stochrsi",
	    .description = "place of rsi(n) in its own range, 0 to 1",
	    .parameters = { LENGTH("period", 2, 14) },
	    .columns = { "stochrsi" },
	    .warm_up = warm_up_stochrsi,
	    KERNEL(stochrsi),
	},
	{
	    .name = "stoch",
	    .description =
		"place of the close in the range of k candles, percent",
	    .parameters = { LENGTH("k", 1, 14), LENGTH("smooth", 1, 3),
		LENGTH("d", 1, 3) },
	    .columns = { "k", "d" },
	    .reads = reads_stoch,
	    KERNEL(stoch),
	},
	{
	    .name = "willr",
	    .description = "Williams %R, -100 to 0",
	    .parameters = { LENGTH("period", 1, 14) },
	    .columns = { "willr" },
	    .reads = reads_n,
	    KERNEL(willr),
	},
	{
	    .name = "cci",
	    .description = "commodity channel index",
	    .parameters = { LENGTH("period", 2, 20) },
	    .columns = { "cci" },
	    .reads = reads_n,
	    .lazy = true,
	    KERNEL(cci),
	},
	{
	    .name = "mfi",
	    .description = "money flow index: rsi weighted by volume",
	    .parameters = { LENGTH("period", 1, 14) },
	    .columns = { "mfi" },
	    .reads = reads_n_and_one,
	    .lazy = true,
	    KERNEL(mfi),
	},
	{
	    .name = "mom",
	    .description = "change of the close over n candles",
	    .parameters = { LENGTH("period", 1, 10) },
	    .columns = { "mom" },
	    .reads = reads_n_and_one,
	    KERNEL(mom),
	},
	{
	    .name = "roc",
	    .description = "change over n candles, in percent",
	    .parameters = { LENGTH("period", 1, 10) },
	    .columns = { "roc" },
	    .reads = reads_n_and_one,
	    KERNEL(roc),
	},
	{
	    .name = "bbands",
	    .description = "Bollinger bands: sma(n) and k deviations around it",
	    .parameters = { LENGTH("period", 2, 20),
		REAL("width", 0.01, 100, 2) },
	    .columns = { "upper", "middle", "lower" },
	    .reads = reads_n,
	    KERNEL(bbands),
	},
	{
	    .name = "stddev",
	    .description = "population standard deviation of the close",
	    .parameters = { LENGTH("period", 2, 20) },
	    .columns = { "stddev" },
	    .reads = reads_n,
	    KERNEL(stddev),
	},
	{
	    .name = "tr",
	    .description = "true range; hl: the first candle's is high - low",
	    .parameters = { CHOICE("first", "none", "hl") },
	    .columns = { "tr" },
	    .reads = reads_two,
	    KERNEL(tr),
	},
	{
	    .name = "atr",
	    .description = "average true range: Wilder's, or sma; hl as in tr",
	    .parameters = { LENGTH("period", 1, 14),
		CHOICE("smoothing", "wilder", "sma"),
		CHOICE("first", "none", "hl") },
	    .columns = { "atr" },
	    .reads = reads_if_plain,
	    .warm_up = warm_up_rma,
	    KERNEL(atr),
	},
	{
	    .name = "natr",
	    .description = "atr in percent of the close",
	    .parameters = { LENGTH("period", 1, 14),
		CHOICE("smoothing", "wilder", "sma"),
		CHOICE("first", "none", "hl") },
	    .columns = { "natr" },
	    .reads = reads_if_plain,
	    .warm_up = warm_up_rma,
	    KERNEL(natr),
	},
	{
	    .name = "keltner",
	    .description =
		"Keltner channels: ema(n) and mult atr(atr) around it",
	    .parameters = { LENGTH("period", 1, 20), REAL("mult", 0.01, 100, 2),
		LENGTH("atr", 1, 10) },
	    .columns = { "upper", "middle", "lower" },
	    .warm_up = warm_up_keltner,
	    KERNEL(keltner),
	},
	{
	    .name = "donchian",
	    .description = "highest high, lowest low and their middle",
	    .parameters = { LENGTH("period", 1, 20) },
	    .columns = { "upper", "middle", "lower" },
	    .reads = reads_n,
	    KERNEL(donchian),
	},
	{
	    .name = "adx",
	    .description = "average directional index (Wilder)",
	    .parameters = { LENGTH("period", 1, 14) },
	    .columns = { "adx" },
	    .warm_up = warm_up_adx,
	    KERNEL(adx),
	},
	{
	    .name = "di",
	    .description = "directional indicators, plus and minus (Wilder)",
	    .parameters = { LENGTH("period", 1, 14) },
	    .columns = { "pdi", "mdi" },
	    .warm_up = warm_up_rma,
	    KERNEL(di),
	},
	{
	    .name = "dx",
	    .description = "directional index: what adx averages",
	    .parameters = { LENGTH("period", 1, 14) },
	    .columns = { "dx" },
	    .warm_up = warm_up_dx,
	    KERNEL(dx),
	},
	{
	    .name = "aroon",
	    .description =
		"how recent the highest and the lowest of n candles are",
	    .parameters = { LENGTH("period", 1, 14) },
	    .columns = { "up", "down" },
	    .reads = reads_n_and_one,
	    KERNEL(aroon),
	},
	{
	    .name = "psar",
	    .description = "parabolic stop and reverse (Wilder)",
	    .parameters = { REAL("step", 0.0001, 1, 0.02),
		REAL("max", 0.0001, 1, 0.2) },
	    .columns = { "psar" },
	    .warm_up = warm_up_never,
	    KERNEL(psar),
	},
	{
	    .name = "supertrend",
	    .description = "the band of mult atr(n) that the trend leans on",
	    .parameters = { LENGTH("period", 1, 10),
		REAL("mult", 0.01, 100, 3) },
	    .columns = { "supertrend" },
	    .warm_up = warm_up_never,
	    KERNEL(supertrend),
	},
	{
	    .name = "obv",
	    .description =
		"on-balance volume; volume: starts at the first one's",
	    .parameters = { CHOICE("start", "zero", "volume") },
	    .columns = { "obv" },
	    .warm_up = warm_up_never,
	    KERNEL(obv),
	},
	{
	    .name = "ad",
	    .description = "accumulation and distribution",
	    .columns = { "ad" },
	    .warm_up = warm_up_never,
	    KERNEL(ad),
	},
	{
	    .name = "vwap",
	    .description =
		"typical price by volume: since the first candle, or of n",
	    .parameters = { { .name = "period",
		.kind = PARAMETER_LENGTH,
		.max = INDICATOR_LENGTH_MAX } },
	    .columns = { "vwap" },
	    .reads = reads_n,
	    .lazy = true,
	    KERNEL(vwap),
	},
	{
	    .name = "vwma",
	    .description = "close by volume over n candles",
	    .parameters = { LENGTH("period", 1, 20) },
	    .columns = { "vwma" },
	    .reads = reads_n,
	    .lazy = true,
	    KERNEL(vwma),
	},
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
