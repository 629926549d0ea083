#include "signal/score.h"

#include <math.h>
#include <string.h>

#include "signal/legacy.h"

#define ATR_PERIOD 14 /* what ma and macd are measured in */
#define STOCH_LOW 20  /* borders of stoch, in percent */
#define STOCH_HIGH 80

#define LENGTH(what, least, usual)                                             \
 {                                                                             \
  .name = (what), .kind = PARAMETER_LENGTH, .min = (least),                    \
  .max = INDICATOR_LENGTH_MAX, .fallback = (usual), .fallback_legacy = (usual) \
 }
#define PERCENT(what, usual)                                                   \
 {                                                                             \
  .name = (what), .kind = PARAMETER_REAL, .min = 1, .max = 99,                 \
  .fallback = (usual), .fallback_legacy = (usual)                              \
 }
#define CHOICE(what, usual, other, legacy)                                     \
 {                                                                             \
  .name = (what), .kind = PARAMETER_CHOICE, .min = 0, .max = 1,                \
  .fallback_legacy = (legacy), .choices = {                                    \
	  (usual),                                                             \
	  (other)                                                              \
  }                                                                            \
 }

static const struct score scores[SCORE_KINDS] = {
	[SCORE_RSI] = {
		.name = "rsi",
		.description = "buys the oversold, sells the overbought",
		.parameters = {
			LENGTH("period", 2, 14),
			PERCENT("oversold", 30),
			PERCENT("overbought", 70),
			CHOICE("smoothing", "wilder", "simple", 1),
		},
		.values = { "value" },
		.formula = "+-0.5 at the borders, 0 in the middle between them,"
			   " +-1 at rsi 0 and 100; straight lines",
	},
	[SCORE_MA] = {
		.name = "ma",
		.description = "follows a fast average above a slow one",
		.parameters = {
			LENGTH("fast", 1, 10),
			LENGTH("slow", 2, 20),
			CHOICE("type", "sma", "ema", 0),
		},
		.values = { "fast", "slow", "atr" },
		.formula = "tanh((fast - slow) / atr(14))",
		.formula_legacy = "+-0.8 on the candle where they cross, else"
				  " tanh(0.1 x their distance in percent)",
	},
	[SCORE_MACD] = {
		.name = "macd",
		.description = "follows macd and its momentum",
		.parameters = {
			LENGTH("fast", 1, 12),
			LENGTH("slow", 2, 26),
			LENGTH("signal", 1, 9),
			CHOICE("ema", "seeded", "normalised", 1),
		},
		.values = { "macd", "signal", "histogram", "atr" },
		.formula = "tanh((0.5 macd + histogram) / atr(14))",
		.formula_legacy = "+-0.4 for the side of its signal line, +-0.3"
				  " for its sign, 0.3 tanh(1000 x change of the"
				  " histogram)",
	},
	[SCORE_BBANDS] = {
		.name = "bbands",
		.description = "buys below the lower band, sells at the upper",
		.parameters = {
			LENGTH("period", 2, 20),
			{ .name = "width", .kind = PARAMETER_REAL, .min = 0.01,
			    .max = 100, .fallback = 2, .fallback_legacy = 2 },
		},
		.values = { "upper", "middle", "lower", "percent_b" },
		.formula = "1 - 2 x %b, %b = (close - lower) / (upper - lower),"
			   " within -1 and 1",
	},
	[SCORE_STOCH] = {
		.name = "stoch",
		.description = "as rsi, on the stochastic's %K",
		.parameters = {
			LENGTH("k", 1, 14),
			LENGTH("smooth", 1, 3),
			LENGTH("d", 1, 3),
		},
		.values = { "k", "d" },
		.formula = "as rsi on %K, borders 20 and 80",
	},
	[SCORE_JQ] = {
		.name = "jq",
		.description = "the number that a jq expression gives",
		.values = { "value" },
		.formula = "its number, within -1 and 1",
	},
};
static const char *const reasons[] = {
	[SCORE_REASON_NONE] = NULL,
	[SCORE_REASON_FLAT] = "flat",
	[SCORE_REASON_WARMING_UP] = "warming_up",
	[SCORE_REASON_NO_NUMBER] = "no_number",
	[SCORE_REASON_DISABLED] = "disabled",
};
static const char *const styles[] = {
	[STYLE_DEFAULT] = "default",
	[STYLE_LEGACY] = "legacy",
};

const struct score *
score_row(enum score_kind kind)
{
	return &scores[kind];
}

const char *
score_reason_name(enum score_reason reason)
{
	return reasons[reason];
}

const char *
score_style_name(enum score_style style)
{
	return styles[style];
}

static bool
text_is(const char *s, size_t len, const char *word)
{
	return strlen(word) == len && memcmp(s, word, len) == 0;
}

enum tb_status
score_style_parse(const char *s, size_t len, enum score_style *out)
{
	for (enum score_style i = STYLE_DEFAULT; i <= STYLE_LEGACY; i++) {
		if (!text_is(s, len, styles[i]))
			continue;
		*out = i;
		return TB_OK;
	}
	return TB_EINVAL;
}

bool
score_find(const char *name, size_t len, enum score_kind *out)
{
	for (enum score_kind i = SCORE_RSI; i <= SCORE_JQ; i++) {
		if (!text_is(name, len, scores[i].name))
			continue;
		*out = i;
		return true;
	}
	return false;
}

struct parameters
score_defaults(enum score_kind kind, enum score_style style)
{
	const struct parameter *p = scores[kind].parameters;
	struct parameters out = { 0 };

	for (size_t i = 0; p[i].name != NULL; i++)
		out.value[i] = style == STYLE_LEGACY ? p[i].fallback_legacy :
						       p[i].fallback;
	return out;
}

/* The old system had LEGACY_WINDOW closes: more gave no result, ever. */
static enum tb_status
check_legacy(enum score_kind kind, const struct parameters *p,
    struct tb_err *err)
{
	int needs = 0;

	if (kind == SCORE_RSI)
		needs = (int)p->value[0] + 1;
	if (kind == SCORE_MA)
		needs = legacy_ma_needs(p->value);
	if (kind == SCORE_MACD)
		needs = legacy_macd_needs(p->value);
	if (needs > LEGACY_WINDOW)
		return tb_fail(err, TB_EINVAL,
		    "style legacy looks at %d closes, these need %d",
		    LEGACY_WINDOW, needs);
	return TB_OK;
}

static enum tb_status
check_together(enum score_kind kind, enum score_style style,
    const struct parameters *p, struct tb_err *err)
{
	const double *v = p->value;
	bool normalised = kind == SCORE_MACD && v[3] > 0;

	if (kind == SCORE_RSI && v[1] >= v[2])
		return tb_fail(err, TB_EINVAL,
		    "oversold: expected less than overbought, got %g and %g",
		    v[1], v[2]);
	/* The old system took its averages as they were named. */
	if (style != STYLE_LEGACY && (kind == SCORE_MA || kind == SCORE_MACD) &&
	    v[0] >= v[1])
		return tb_fail(err, TB_EINVAL,
		    "fast: expected less than slow, got %g and %g", v[0], v[1]);
	if (kind == SCORE_MACD && normalised != (style == STYLE_LEGACY))
		return tb_fail(err, TB_EINVAL,
		    "ema: normalised and style legacy go together");
	if (kind == SCORE_MA && style == STYLE_LEGACY && v[2] > 0)
		return tb_fail(err, TB_EINVAL,
		    "type: style legacy knows sma only");
	return style == STYLE_LEGACY ? check_legacy(kind, p, err) : TB_OK;
}

enum tb_status
score_check(enum score_kind kind, enum score_style style,
    const struct parameters *p, struct tb_err *err)
{
	const struct parameter *row = scores[kind].parameters;

	for (size_t i = 0; row[i].name != NULL; i++)
		if (parameter_check(&row[i], p->value[i], err) != TB_OK)
			return TB_EINVAL;
	return check_together(kind, style, p, err);
}

/* A series of the catalogue with up to three leading values. */
static struct series
series_of(const char *name, double a, double b, double c)
{
	return (struct series){ indicator_find(name, strlen(name)),
		{ { a, b, c } } };
}

static size_t
series_legacy(enum score_kind kind, const double *v, struct series *out)
{
	out[0] = (struct series){
		.indicator = kind == SCORE_MA ? &legacy_ma : &legacy_macd,
		.p = { { v[0], v[1], kind == SCORE_MA ? 0 : v[2] } },
	};
	return 1;
}

static bool
has_old_form(enum score_kind kind, enum score_style style)
{
	return style == STYLE_LEGACY &&
	    (kind == SCORE_MA || kind == SCORE_MACD);
}

size_t
score_series(enum score_kind kind, enum score_style style,
    const struct parameters *p, struct series out[static SCORE_SERIES_MAX])
{
	const double *v = p->value;
	size_t n = 0;

	if (has_old_form(kind, style))
		return series_legacy(kind, v, out);
	switch (kind) {
	case SCORE_RSI:
		out[n++] = series_of("rsi", v[0], v[3], 0);
		break;
	case SCORE_MA:
		out[n++] = series_of(v[2] > 0 ? "ema" : "sma", v[0], 0, 0);
		out[n++] = series_of(v[2] > 0 ? "ema" : "sma", v[1], 0, 0);
		out[n++] = series_of("atr", ATR_PERIOD, 0, 0);
		break;
	case SCORE_MACD:
		out[n++] = series_of("macd", v[0], v[1], v[2]);
		out[n++] = series_of("atr", ATR_PERIOD, 0, 0);
		break;
	case SCORE_BBANDS:
		out[n++] = series_of("bbands", v[0], v[1], 0);
		break;
	case SCORE_STOCH:
		out[n++] = series_of("stoch", v[0], v[1], v[2]);
		break;
	case SCORE_JQ:
		break;
	}
	return n;
}

size_t
score_heeds_flat(enum score_kind kind, enum score_style style)
{
	if (kind == SCORE_JQ || has_old_form(kind, style))
		return 0;
	return kind == SCORE_MA ? 2 : 1;
}

double
score_clamp(double x)
{
	return x > 1 ? 1 : x < -1 ? -1 : x;
}

double
score_oscillator(double value, double low, double high)
{
	if (value <= low)
		return 0.5 + 0.5 * (low - value) / low;
	if (value >= high)
		return -0.5 - 0.5 * (value - high) / (100 - high);
	return 0.5 - (value - low) / (high - low);
}

/* In true ranges; a market that does not move at all says nothing. */
static double
in_ranges(double x, double atr)
{
	return atr > 0 ? tanh(x / atr) : 0;
}

static double
score_bands(const double *bands, double close, double *percent_b)
{
	double width = bands[0] - bands[2];

	if (!(width > 0))
		return 0;
	*percent_b = (close - bands[2]) / width;
	return score_clamp(1 - 2 * *percent_b);
}

static double
score_legacy(enum score_kind kind, const double *columns, double *values)
{
	size_t shown = kind == SCORE_MA ? 2 : 3;

	memcpy(values, columns + 1, shown * sizeof(*values));
	/* A hold of exactly 0 was no result. */
	return real_equal(columns[0], 0) ? REAL_NONE : columns[0];
}

double
score_of(enum score_kind kind, enum score_style style,
    const struct parameters *p, const struct score_input *in,
    double values[static SCORE_VALUES_MAX])
{
	const double *v = p->value, *first = in->columns[0];

	for (size_t i = 0; i < SCORE_VALUES_MAX; i++)
		values[i] = REAL_NONE;
	if (has_old_form(kind, style))
		return score_legacy(kind, first, values);
	switch (kind) {
	case SCORE_RSI:
		values[0] = first[0];
		return score_oscillator(first[0], v[1], v[2]);
	case SCORE_MA:
		values[0] = first[0];
		values[1] = in->columns[1][0];
		values[2] = in->columns[2][0];
		return in_ranges(values[0] - values[1], values[2]);
	case SCORE_MACD:
		memcpy(values, first, 3 * sizeof(*values));
		values[3] = in->columns[1][0];
		return in_ranges(0.5 * values[0] + values[2], values[3]);
	case SCORE_BBANDS:
		memcpy(values, first, 3 * sizeof(*values));
		return score_bands(first, in->close, &values[3]);
	case SCORE_STOCH:
		memcpy(values, first, 2 * sizeof(*values));
		return score_oscillator(first[0], STOCH_LOW, STOCH_HIGH);
	case SCORE_JQ:
		break;
	}
	return REAL_NONE;
}
