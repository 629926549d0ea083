#include "io/yaml_strict.h"

#include <assert.h>
#include <string.h>

static const char needs_blank[] = "a comment needs a blank in front of it";
static const char tab_indents[] = "a tab cannot indent: use blanks";
static const char too_little[] =
    "this line must be indented more than the key it belongs to";

/* The byte of a mark. */
static size_t
byte_of(const struct yaml_strict *s, yaml_mark_t mark)
{
	size_t at = s->offsets == NULL ? mark.index : s->offsets[mark.index];

	return at > s->len ? s->len : at;
}

/* The mark of the byte at, which is not in front of the mark from. */
static yaml_mark_t
mark_of(const struct yaml_strict *s, size_t at)
{
	yaml_mark_t mark = { 0 };

	for (size_t i = 0; i < at; i++) {
		bool newline = s->text[i] == '\n';
		bool inside = (s->text[i] & 0xc0) == 0x80; /* a character */

		mark.line += newline;
		mark.column = newline ? 0 : mark.column + !inside;
	}
	return mark;
}

/* Where the line of the byte at ends. */
static size_t
line_end(const struct yaml_strict *s, size_t at)
{
	const char *newline = memchr(&s->text[at], '\n', s->len - at);

	return newline == NULL ? s->len : (size_t)(newline - s->text);
}

static size_t
skip(const struct yaml_strict *s, size_t at, const char *what)
{
	while (at < s->len && s->text[at] != '\0' &&
	    strchr(what, s->text[at]) != NULL)
		at++;
	return at;
}

/* Column of the innermost block collection; -1: there is none. */
static long
block_column(const struct yaml_strict *s)
{
	for (int i = s->depth - 1; i >= 0; i--)
		if (!s->levels[i].is_flow)
			return s->levels[i].column;
	return -1;
}

static bool
in_flow(const struct yaml_strict *s)
{
	return s->depth > 0 && s->levels[s->depth - 1].is_flow;
}

/* Between two events: blanks, indicators, comments. */
static const char *
check_gap(const struct yaml_strict *s, size_t from, size_t to, bool opens_block,
    size_t *at)
{
	size_t tab = to; /* the last one on the line of the event */

	for (size_t i = from; i < to; i++) {
		*at = i;
		if (s->text[i] == '\n')
			tab = to;
		else if (s->text[i] == '\t')
			tab = i;
		if (s->text[i] != '#')
			continue;
		if (i > 0 && strchr(" \t\r\n", s->text[i - 1]) == NULL)
			return needs_blank;
		i = line_end(s, i) - 1;
	}
	*at = tab;
	return opens_block && tab < to ? tab_indents : NULL;
}

/* The lines of what is in quotes or brackets, but for the first. */
static const char *
check_lines(const struct yaml_strict *s, size_t from, size_t to, bool brackets,
    size_t *at)
{
	long column = block_column(s);

	for (size_t i = line_end(s, from); i < to; i = line_end(s, i)) {
		size_t begin = ++i;
		size_t text = skip(s, begin, " ");
		size_t word = skip(s, text, " \t\r");
		long indent = (long)(text - begin);
		int c = word < s->len ? s->text[word] : '\n';

		*at = text;
		if (word >= to || c == '\n' || (brackets && c == '#'))
			continue;
		/* People close a bracket where its key begins. */
		if (brackets && (c == ']' || c == '}') && indent == column)
			continue;
		if (indent <= column)
			return too_little;
	}
	return NULL;
}

/* A text behind | or >: its header and the blank lines it begins with. */
static const char *
check_block(const struct yaml_strict *s, size_t from, size_t *at)
{
	size_t i = from + 1, widest = 0;
	bool is_explicit = false;
	long column = block_column(s);

	for (; i < s->len && strchr("+-123456789", s->text[i]) != NULL &&
	     s->text[i] != '\0';
	     i++)
		is_explicit = is_explicit || (s->text[i] > '0');
	*at = i;
	if (i < s->len && s->text[i] == '#')
		return needs_blank;
	for (i = line_end(s, i); i < s->len; i = line_end(s, i)) {
		size_t begin = ++i;
		size_t text = skip(s, begin, " ");
		size_t word = skip(s, text, " \t\r");

		*at = text;
		if (text < s->len && s->text[text] == '\t' &&
		    (long)(text - begin) <= column)
			return tab_indents;
		if (word < s->len && s->text[word] == '\n') {
			widest = text - begin > widest ? text - begin : widest;
			continue;
		}
		if (!is_explicit && word < s->len && widest > text - begin &&
		    (long)(text - begin) > column)
			return "blank lines in front of this text are wider "
			       "than it";
		break;
	}
	return NULL;
}

static const char *
check_scalar(const struct yaml_strict *s, const yaml_event_t *event, size_t *at)
{
	size_t from = byte_of(s, event->start_mark);
	size_t to = byte_of(s, event->end_mark);

	*at = from;
	switch (event->data.scalar.style) {
	case YAML_LITERAL_SCALAR_STYLE:
	case YAML_FOLDED_SCALAR_STYLE:
		return check_block(s, from, at);
	case YAML_SINGLE_QUOTED_SCALAR_STYLE:
	case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
		return check_lines(s, from, to, false, at);
	case YAML_ANY_SCALAR_STYLE:
	case YAML_PLAIN_SCALAR_STYLE:
		break;
	}
	if (strcmp((const char *)event->data.scalar.value, "-") == 0)
		return "a lone dash is no text";
	return NULL;
}

static void
open_level(struct yaml_strict *s, const yaml_event_t *event, bool is_flow)
{
	assert(s->depth < YAML_DEPTH_MAX);
	s->levels[s->depth++] = (struct yaml_strict_level){
		.is_flow = is_flow,
		.column = (long)event->start_mark.column,
		.at = byte_of(s, event->start_mark),
	};
}

static const char *
close_level(struct yaml_strict *s, const yaml_event_t *event, size_t *at)
{
	bool was_flow = in_flow(s);
	size_t from;

	assert(s->depth > 0);
	from = s->levels[--s->depth].at;

	/* What brackets hold in brackets is looked at with the outermost. */
	if (!was_flow || in_flow(s))
		return NULL;
	return check_lines(s, from, byte_of(s, event->end_mark), true, at);
}

/* Does the event begin a collection without brackets? */
static bool
opens_block(const yaml_event_t *event)
{
	if (event->type == YAML_MAPPING_START_EVENT)
		return event->data.mapping_start.style ==
		    YAML_BLOCK_MAPPING_STYLE;
	return event->type == YAML_SEQUENCE_START_EVENT &&
	    event->data.sequence_start.style == YAML_BLOCK_SEQUENCE_STYLE;
}

const char *
yaml_strict_check(struct yaml_strict *s, const yaml_event_t *event,
    yaml_mark_t *where)
{
	size_t from = byte_of(s, event->start_mark);
	size_t to = byte_of(s, event->end_mark);
	const char *problem = NULL;
	size_t at = from;

	if (from > s->seen)
		problem = check_gap(s, s->seen, from, opens_block(event), &at);
	if (to > s->seen)
		s->seen = to;
	if (problem == NULL)
		switch (event->type) {
		case YAML_SCALAR_EVENT:
			problem = check_scalar(s, event, &at);
			break;
		case YAML_SEQUENCE_START_EVENT:
		case YAML_MAPPING_START_EVENT:
			open_level(s, event, !opens_block(event));
			break;
		case YAML_SEQUENCE_END_EVENT:
		case YAML_MAPPING_END_EVENT:
			problem = close_level(s, event, &at);
			break;
		default:
			break;
		}
	if (problem != NULL)
		*where = mark_of(s, at);
	return problem;
}
