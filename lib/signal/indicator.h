#ifndef TB_SIGNAL_INDICATOR_H
#define TB_SIGNAL_INDICATOR_H

/*
 * indicator: the catalogue, and series computed from it candle by candle.
 *
 * The catalogue is one table.  A row says all there is to know of an
 * indicator: its parameters with ranges and defaults, its columns, how many
 * candles warm it up, its state and its kernel.  "tb-signal indicators", the
 * parser of expressions, the checker of bots, the manual and the completions
 * read the same rows; adding an indicator is adding a row and its kernel.
 *
 * A kernel takes a block of candles as columns and carries its state in
 * memory of the caller: fed one by one or in blocks of any size, the results
 * have the same bits.  NaN is "no value yet" (warming up, or undefined).
 *
 * formulas: the conventions that Wilder, TA-Lib and the usual spreadsheets
 *	     share; each kernel's comment has its own
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "signal/real.h"

#define PARAMETERS_MAX 4	/* of an indicator or a score */
#define PARAMETER_CHOICES_MAX 3 /* words of a choice */
#define PARAMETER_STRLEN 32
#define INDICATOR_COLUMNS_MAX 4
#define INDICATOR_LENGTH_MAX 1000 /* candles: the longest period */
#define SERIES_STRLEN 96	  /* "keltner(20,2,10)" and the NUL */
#define SERIES_TEXT_MAX 256	  /* bytes of an expression */

enum parameter_kind {
	PARAMETER_LENGTH, /* a number of candles */
	PARAMETER_REAL,	  /* a finite number */
	PARAMETER_CHOICE, /* one of some words; the value is its index */
};

/* One parameter; a list of them ends with name NULL. */
struct parameter {
	const char *name; /* as in YAML: "period" */
	enum parameter_kind kind;
	double min, max;	/* inclusive; unused by a choice */
	double fallback;	/* where nothing is written */
	double fallback_legacy; /* the same in a bot of style legacy */
	const char *choices[PARAMETER_CHOICES_MAX]; /* NULL behind the last */
};

/* Values in the order of a row's list of parameters. */
struct parameters {
	double value[PARAMETERS_MAX];
};

/*
 * parameter_parse: read a value and check its range.
 *
 * errors: TB_EINVAL "period: expected a whole number from 2 to 1000, got 0"
 */
enum tb_status parameter_parse(const struct parameter *p, const char *s,
    size_t len, double *out, struct tb_err *err);

/* parameter_check: the range alone, of a value that is there. */
enum tb_status parameter_check(const struct parameter *p, double value,
    struct tb_err *err);

/* parameter_format: "14", "2.5", "simple". */
size_t parameter_format(const struct parameter *p, double value,
    char buf[static PARAMETER_STRLEN]);

/* Candles as columns; a block of them, or one. */
struct columns {
	const double *open, *high, *low, *close, *volume;
};

struct indicator {
	const char *name;
	const char *description; /* one line, no full stop */
	struct parameter parameters[PARAMETERS_MAX + 1];
	const char *columns[INDICATOR_COLUMNS_MAX + 1]; /* NULL ends them */

	/* Private; the functions below call them. */
	int (*reads)(const double *p);	 /* NULL: all since the first */
	int (*warm_up)(const double *p); /* NULL: from reads; 0: never */
	size_t (*size)(const double *p); /* bytes of state */
	void (*init)(void *state, const double *p);
	void (*update)(void *state, const struct columns *in, size_t count,
	    double *const *out);
	bool lazy;	/* update() takes out NULL and is glad of it */
	bool ascending; /* the first parameter is below the second */
};

/* The catalogue, in the order it is printed. */
extern const struct indicator indicators[];
extern const size_t indicators_count;

/* indicator_find: by name, NULL where there is none. */
const struct indicator *indicator_find(const char *name, size_t len);

size_t indicator_columns(const struct indicator *ind);

/* An indicator with its parameters: what "rsi(14)" says. */
struct series {
	const struct indicator *indicator;
	struct parameters p;
};

/*
 * series_parse: read one expression: NAME or NAME(VALUE,...).  Numbers fill
 * the numeric parameters in order, words the choice that has them, wherever
 * they stand; what is missing takes its default.
 *
 * errors: TB_EINVAL unknown name, too many values, a value out of range, or
 *	   values that do not go together
 */
enum tb_status series_parse(const char *s, size_t len, struct series *out,
    struct tb_err *err);

/*
 * series_split: the length of the first expression in a list such as
 * "rsi(14),macd(12,26,9)"; *rest is what follows its comma, NULL at the end.
 */
size_t series_split(const char *list, const char **rest);

/* series_check: ranges, and whether the values go together. */
enum tb_status series_check(const struct series *s, struct tb_err *err);

/*
 * series_name: canonical text; equal series give equal names: all numbers,
 * and the words that are no default: "rsi(14)", "rsi(14,simple)", "tr".
 */
size_t series_name(const struct series *s, char buf[static SERIES_STRLEN]);

/*
 * series_identifier: the same as a name for jq: "sma_20", "bbands_20_2_5".
 */
size_t series_identifier(const struct series *s,
    char buf[static SERIES_STRLEN]);

bool series_equal(const struct series *a, const struct series *b);

/*
 * series_reads: the number of last candles that decide its value, 0 where all
 * since its first do (a recursive one).
 */
int series_reads(const struct series *s);

/*
 * series_warm_up: W in candles (design: anchored windows), at least twice
 * what the first value takes; 0 where it never forgets its first candle (obv,
 * psar, ...): such a series is no input of a bot.
 */
int series_warm_up(const struct series *s);

/*
 * series_state_size, series_init, series_update: compute it.
 *
 * in:	  in, count  candles, ascending
 * inout: state	     of series_state_size() bytes, aligned for double
 * out:	  out	     an array of count values a column; NULL: nobody wants them
 */
size_t series_state_size(const struct series *s);
void series_init(const struct series *s, void *state);
void series_update(const struct series *s, void *state,
    const struct columns *in, size_t count, double *const *out);

/* series_push: one candle; out has a value a column. */
void series_push(const struct series *s, void *state, const struct bar *bar,
    double out[static INDICATOR_COLUMNS_MAX]);

#endif /* TB_SIGNAL_INDICATOR_H */
