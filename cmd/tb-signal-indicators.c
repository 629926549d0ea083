/* tb-signal: the catalogue of indicators, as a list. */

#include <stdio.h>

#include "signal/indicator.h"
#include "tb-signal.h"

#define SYNOPSIS_MAX 128
#define LIST_MAX 96

/* "rsi(period=14, wilder|simple)" */
static void
write_synopsis(const struct indicator *ind, struct buffer *out)
{
	const char *before = "(";

	buffer_add_string(out, ind->name);
	for (const struct parameter *p = ind->parameters; p->name != NULL;
	     p++) {
		char value[PARAMETER_STRLEN];

		buffer_add_string(out, before);
		before = ", ";
		if (p->kind == PARAMETER_CHOICE) {
			buffer_add_format(out, "%s|%s", p->choices[0],
			    p->choices[1]);
			continue;
		}
		(void)parameter_format(p, p->fallback, value);
		buffer_add_format(out, "%s=%s", p->name,
		    p->fallback > 0 ? value : "all");
	}
	if (before[0] == ',')
		buffer_add_char(out, ')');
}

static void
write_number(struct json_writer *w, const char *key, double x)
{
	char text[REAL_STRLEN];
	size_t len = real_format(x, text);

	json_key(w, key);
	json_raw(w, text, len);
}

static void
write_parameter(struct json_writer *w, const struct parameter *p)
{
	static const char *const kinds[] = {
		[PARAMETER_LENGTH] = "length",
		[PARAMETER_REAL] = "number",
		[PARAMETER_CHOICE] = "choice",
	};

	json_open(w, '{');
	json_key(w, "name");
	json_string(w, p->name);
	json_key(w, "kind");
	json_string(w, kinds[p->kind]);
	if (p->kind == PARAMETER_CHOICE) {
		json_key(w, "choices");
		json_open(w, '[');
		for (size_t i = 0;
		     i < PARAMETER_CHOICES_MAX && p->choices[i] != NULL; i++)
			json_string(w, p->choices[i]);
		json_close(w, ']');
		json_key(w, "default");
		json_string(w, p->choices[(size_t)p->fallback]);
	} else {
		write_number(w, "min", p->min);
		write_number(w, "max", p->max);
		write_number(w, "default", p->fallback);
	}
	json_close(w, '}');
}

static void
write_columns(struct json_writer *w, const struct indicator *ind)
{
	char list[LIST_MAX];
	size_t used = 0;

	for (size_t i = 0; ind->columns[i] != NULL; i++)
		used += (size_t)snprintf(list + used, sizeof(list) - used,
		    "%s%s", i == 0 ? "" : ",", ind->columns[i]);
	json_key(w, "columns");
	json_string(w, list);
}

static void
write_indicator(struct json_writer *w, const struct indicator *ind)
{
	struct series usual = { .indicator = ind };
	struct buffer synopsis;
	int warm_up;

	for (size_t i = 0; ind->parameters[i].name != NULL; i++)
		usual.p.value[i] = ind->parameters[i].fallback;
	warm_up = series_warm_up(&usual);
	buffer_init(&synopsis, SYNOPSIS_MAX);
	write_synopsis(ind, &synopsis);
	json_open(w, '{');
	json_key(w, "name");
	json_string(w, ind->name);
	json_key(w, "synopsis");
	json_string(w, buffer_string(&synopsis));
	write_columns(w, ind);
	json_key(w, "warm_up");
	if (warm_up == 0)
		json_null(w);
	else
		json_int(w, warm_up);
	json_key(w, "description");
	json_string(w, ind->description);
	json_key(w, "parameters");
	json_open(w, '[');
	for (size_t i = 0; ind->parameters[i].name != NULL; i++)
		write_parameter(w, &ind->parameters[i]);
	json_close(w, ']');
	json_close(w, '}');
	buffer_release(&synopsis);
}

enum tb_status
signal_indicators(const struct cli *cli, struct tb_err *err)
{
	static const struct cli_column columns[] = {
		{ "name", NULL, CLI_TEXT, 0 },
		{ "synopsis", "Series", CLI_TEXT, 0 },
		{ "columns", "Columns", CLI_TEXT, 0 },
		{ "warm_up", "Warm-up", CLI_FIGURE, 0 },
		{ "description", "What it is", CLI_TEXT, 0 },
		{ 0 },
	};
	struct cli_rows rows;
	enum tb_status status = TB_OK;

	cli_rows_begin(&rows, cli, columns, CLI_BULK);
	for (size_t i = 0; i < indicators_count && status == TB_OK; i++) {
		write_indicator(cli_row(&rows), &indicators[i]);
		status = cli_row_end(&rows, err);
	}
	return cli_rows_end(&rows, status, err);
}
