#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "signal/indicator.h"

static bool
text_is(const char *s, size_t len, const char *word)
{
	return strlen(word) == len && memcmp(s, word, len) == 0;
}

/* The index of a choice's word, -1 where it has none such. */
static int
find_choice(const struct parameter *p, const char *s, size_t len)
{
	if (p->kind != PARAMETER_CHOICE)
		return -1;
	for (int i = 0; i < PARAMETER_CHOICES_MAX; i++)
		if (p->choices[i] != NULL && text_is(s, len, p->choices[i]))
			return i;
	return -1;
}

static enum tb_status
expected_words(const struct parameter *p, const char *s, size_t len,
    struct tb_err *err)
{
	char words[64] = "";
	size_t used = 0;

	for (int i = 0; i < PARAMETER_CHOICES_MAX && p->choices[i] != NULL; i++)
		used += (size_t)snprintf(words + used, sizeof(words) - used,
		    "%s%s", i == 0 ? "" : " or ", p->choices[i]);
	return tb_fail(err, TB_EINVAL, "%s: expected %s, got \"%.*s\"", p->name,
	    words, (int)len, s);
}

enum tb_status
parameter_check(const struct parameter *p, double value, struct tb_err *err)
{
	char got[REAL_STRLEN] = "no number", min[REAL_STRLEN], max[REAL_STRLEN];

	if (value >= p->min && value <= p->max &&
	    (p->kind == PARAMETER_REAL || real_equal(value, floor(value))))
		return TB_OK;
	if (isfinite(value))
		(void)real_format(value, got);
	(void)real_format(p->min, min);
	(void)real_format(p->max, max);
	return tb_fail(err, TB_EINVAL, "%s: expected %s%s to %s, got %s",
	    p->name, p->kind == PARAMETER_LENGTH ? "a whole number from " : "",
	    min, max, got);
}

enum tb_status
parameter_parse(const struct parameter *p, const char *s, size_t len,
    double *out, struct tb_err *err)
{
	int choice = find_choice(p, s, len);
	double value;

	if (choice >= 0) {
		*out = choice;
		return TB_OK;
	}
	if (p->kind == PARAMETER_CHOICE)
		return expected_words(p, s, len, err);
	if (real_parse(s, len, &value) != TB_OK)
		return tb_fail(err, TB_EINVAL,
		    "%s: expected a number, got \"%.*s\"", p->name,
		    len > SERIES_STRLEN ? SERIES_STRLEN : (int)len, s);
	if (parameter_check(p, value, err) != TB_OK)
		return TB_EINVAL;
	*out = value;
	return TB_OK;
}

size_t
parameter_format(const struct parameter *p, double value,
    char buf[static PARAMETER_STRLEN])
{
	if (p->kind == PARAMETER_CHOICE) {
		int i = (int)value;

		assert(i >= 0 && i < PARAMETER_CHOICES_MAX);
		return (size_t)snprintf(buf, PARAMETER_STRLEN, "%s",
		    p->choices[i]);
	}
	static_assert(PARAMETER_STRLEN >= REAL_STRLEN, "room for a number");
	return real_format(value, buf);
}

static void
set_defaults(struct series *s)
{
	const struct parameter *p = s->indicator->parameters;

	for (size_t i = 0; p[i].name != NULL; i++)
		s->p.value[i] = p[i].fallback;
}

/*
 * Which parameter an argument fills: a word the choice that has it, a number
 * the next numeric one.  -1: none.
 */
static int
place_of(const struct parameter *p, unsigned filled, const char *s, size_t len)
{
	for (int i = 0; p[i].name != NULL; i++) {
		if (filled & 1U << i)
			continue;
		if (p[i].kind != PARAMETER_CHOICE ?
			len > 0 && (*s == '-' || (*s >= '0' && *s <= '9')) :
			find_choice(&p[i], s, len) >= 0)
			return i;
	}
	return -1;
}

static enum tb_status
parse_arguments(struct series *out, const char *s, size_t len,
    struct tb_err *err)
{
	const struct parameter *p = out->indicator->parameters;
	unsigned filled = 0;

	for (const char *end = s + len; s <= end;) {
		const char *comma = memchr(s, ',', (size_t)(end - s));
		size_t width = (size_t)((comma == NULL ? end : comma) - s);
		int i;

		while (width > 0 && *s == ' ') {
			s++;
			width--;
		}
		i = place_of(p, filled, s, width);
		if (i < 0)
			return tb_fail(err, TB_EINVAL,
			    "%s: no place for \"%.*s\"", out->indicator->name,
			    (int)width, s);
		if (parameter_parse(&p[i], s, width, &out->p.value[i], err) !=
		    TB_OK) {
			tb_err_at(err, "%s", out->indicator->name);
			return TB_EINVAL;
		}
		filled |= 1U << i;
		s += width + 1;
	}
	return TB_OK;
}

enum tb_status
series_parse(const char *s, size_t len, struct series *out, struct tb_err *err)
{
	const char *open = memchr(s, '(', len);
	size_t name_len = open == NULL ? len : (size_t)(open - s);
	struct series parsed = { 0 };

	if (len > SERIES_TEXT_MAX)
		return tb_fail(err, TB_EINVAL,
		    "series of %zu bytes: at most %d are read", len,
		    SERIES_TEXT_MAX);
	parsed.indicator = indicator_find(s, name_len);
	if (parsed.indicator == NULL)
		return tb_fail(err, TB_EINVAL,
		    "no indicator \"%.*s\": tb-signal indicators lists them",
		    (int)name_len, s);
	if (open != NULL && s[len - 1] != ')')
		return tb_fail(err, TB_EINVAL, "%.*s: expected ) at the end",
		    (int)len, s);
	set_defaults(&parsed);
	if (open != NULL &&
	    parse_arguments(&parsed, open + 1, len - name_len - 2, err) !=
		TB_OK)
		return TB_EINVAL;
	if (series_check(&parsed, err) != TB_OK)
		return TB_EINVAL;
	*out = parsed;
	return TB_OK;
}

size_t
series_split(const char *list, const char **rest)
{
	size_t len = 0;
	int depth = 0;

	for (; list[len] != '\0' && (list[len] != ',' || depth > 0); len++)
		depth += (list[len] == '(') - (list[len] == ')');
	*rest = list[len] == ',' ? list + len + 1 : NULL;
	return len;
}

enum tb_status
series_check(const struct series *s, struct tb_err *err)
{
	const struct parameter *p = s->indicator->parameters;

	for (size_t i = 0; p[i].name != NULL; i++)
		if (parameter_check(&p[i], s->p.value[i], err) != TB_OK) {
			tb_err_at(err, "%s", s->indicator->name);
			return TB_EINVAL;
		}
	if (s->indicator->ascending && s->p.value[0] >= s->p.value[1])
		return tb_fail(err, TB_EINVAL,
		    "%s: expected %s below %s, got %d and %d",
		    s->indicator->name, p[0].name, p[1].name,
		    (int)s->p.value[0], (int)s->p.value[1]);
	return TB_OK;
}

/* Is a parameter left out of a name?  The default word, and a period of 0. */
static bool
goes_without_saying(const struct parameter *p, double value)
{
	if (p->kind == PARAMETER_CHOICE)
		return real_equal(value, p->fallback);
	return p->kind == PARAMETER_LENGTH && value < 1;
}

size_t
series_name(const struct series *s, char buf[static SERIES_STRLEN])
{
	const struct parameter *p = s->indicator->parameters;
	char value[PARAMETER_STRLEN];
	size_t len;
	bool opened = false;

	len = (size_t)snprintf(buf, SERIES_STRLEN, "%s", s->indicator->name);
	for (size_t i = 0; p[i].name != NULL; i++) {
		if (goes_without_saying(&p[i], s->p.value[i]))
			continue;
		(void)parameter_format(&p[i], s->p.value[i], value);
		len += (size_t)snprintf(buf + len, SERIES_STRLEN - len, "%c%s",
		    opened ? ',' : '(', value);
		opened = true;
	}
	if (opened)
		len += (size_t)snprintf(buf + len, SERIES_STRLEN - len, ")");
	assert(len < SERIES_STRLEN);
	return len;
}

size_t
series_identifier(const struct series *s, char buf[static SERIES_STRLEN])
{
	size_t len = series_name(s, buf);

	if (buf[len - 1] == ')')
		buf[--len] = '\0';
	for (size_t i = 0; i < len; i++)
		if (strchr("(,.-", buf[i]) != NULL)
			buf[i] = '_';
	return len;
}

bool
series_equal(const struct series *a, const struct series *b)
{
	const struct parameter *p = a->indicator->parameters;

	if (a->indicator != b->indicator)
		return false;
	for (size_t i = 0; p[i].name != NULL; i++)
		if (!real_equal(a->p.value[i], b->p.value[i]))
			return false;
	return true;
}

int
series_reads(const struct series *s)
{
	return s->indicator->reads == NULL ? 0 :
					     s->indicator->reads(s->p.value);
}

int
series_warm_up(const struct series *s)
{
	int reads = series_reads(s);

	if (reads > 0 || s->indicator->warm_up == NULL)
		return 2 * reads;
	return s->indicator->warm_up(s->p.value);
}

size_t
series_state_size(const struct series *s)
{
	return s->indicator->size(s->p.value);
}

void
series_init(const struct series *s, void *state)
{
	s->indicator->init(state, s->p.value);
}

void
series_update(const struct series *s, void *state, const struct columns *in,
    size_t count, double *const *out)
{
	s->indicator->update(state, in, count, out);
}

void
series_push(const struct series *s, void *state, const struct bar *bar,
    double out[static INDICATOR_COLUMNS_MAX])
{
	const struct columns in = { &bar->open, &bar->high, &bar->low,
		&bar->close, &bar->volume };
	double *const columns[INDICATOR_COLUMNS_MAX] = { out, out + 1, out + 2,
		out + 3 };

	s->indicator->update(state, &in, 1, columns);
}
