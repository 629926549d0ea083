/* json: writing. */

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "io/json.h"
#include "io/utf8.h"

/* One character that may not stand in a string as it is. */
static void
add_escaped(struct buffer *out, uint32_t c)
{
	static const char from[] = "\"\\\b\f\n\r\t";
	static const char into[] = "\"\\bfnrt";
	const char *p = c < 0x80 && c != 0 ? strchr(from, (int)c) : NULL;

	if (p != NULL)
		buffer_add_format(out, "\\%c", into[p - from]);
	else
		buffer_add_format(out, "\\u%04x", (unsigned int)c);
}

/* Printable ASCII that needs no escape. */
static bool
is_plain(unsigned char c)
{
	return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
}

/*
 * The inside of a string.  tame: escape what could drive a terminal too, not
 * only what JSON demands.
 */
static void
add_text(struct buffer *out, const char *s, size_t len, bool tame)
{
	size_t i = 0;

	while (i < len) {
		size_t start = i;
		size_t n;
		uint32_t c;

		while (i < len && is_plain((unsigned char)s[i]))
			i++;
		buffer_add(out, &s[start], i - start);
		if (i == len)
			break;
		n = utf8_decode(&s[i], len - i, &c);
		if (n == 0) {
			buffer_add_string(out, "\xef\xbf\xbd"); /* U+FFFD */
			n = 1;
		} else if (c < ' ' || c == '"' || c == '\\' ||
		    (tame && utf8_is_hazard(c))) {
			add_escaped(out, c);
		} else {
			buffer_add(out, &s[i], n);
		}
		i += n;
	}
}

static void
new_line(struct json_writer *w)
{
	buffer_add_char(w->out, '\n');
	for (int i = 0; i < w->depth; i++)
		buffer_add(w->out, "  ", 2);
}

/* What stands between the value before and the next one. */
static void
separate(struct json_writer *w)
{
	if (w->after_key) {
		w->after_key = false;
		return;
	}
	if (w->comma)
		buffer_add_char(w->out, ',');
	if (w->pretty && w->depth > 0)
		new_line(w);
}

void
json_open(struct json_writer *w, char bracket)
{
	assert(bracket == '{' || bracket == '[');
	separate(w);
	buffer_add_char(w->out, bracket);
	w->comma = false;
	w->depth++;
}

void
json_close(struct json_writer *w, char bracket)
{
	assert(bracket == '}' || bracket == ']');
	assert(w->depth > 0 && !w->after_key);
	w->depth--;
	if (w->pretty && w->comma)
		new_line(w);
	buffer_add_char(w->out, bracket);
	w->comma = true;
}

void
json_key(struct json_writer *w, const char *key)
{
	json_string(w, key);
	buffer_add_string(w->out, w->pretty ? ": " : ":");
	w->after_key = true;
}

void
json_string_n(struct json_writer *w, const char *s, size_t len)
{
	separate(w);
	buffer_add_char(w->out, '"');
	add_text(w->out, s, len, true);
	buffer_add_char(w->out, '"');
	w->comma = true;
}

void
json_string(struct json_writer *w, const char *s)
{
	if (s == NULL)
		json_null(w);
	else
		json_string_n(w, s, strlen(s));
}

void
json_raw(struct json_writer *w, const char *s, size_t len)
{
	separate(w);
	buffer_add(w->out, s, len);
	w->comma = true;
}

void
json_null(struct json_writer *w)
{
	json_raw(w, "null", 4);
}

void
json_bool(struct json_writer *w, bool b)
{
	json_raw(w, b ? "true" : "false", b ? 4 : 5);
}

void
json_int(struct json_writer *w, long long n)
{
	separate(w);
	buffer_add_format(w->out, "%lld", n);
	w->comma = true;
}

void
json_amount_min(struct json_writer *w, struct decimal d, int min_places)
{
	char text[DECIMAL_STRLEN];
	size_t len = decimal_format_min(d, min_places, text);

	if (w->numbers == JSON_NUMBERS_STRING)
		json_string_n(w, text, len);
	else
		json_raw(w, text, len);
}

void
json_amount(struct json_writer *w, struct decimal d)
{
	json_amount_min(w, d, 0);
}

void
json_compact(const char *s, size_t len, struct buffer *out)
{
	bool in_text = false;

	for (size_t i = 0; i < len;) {
		size_t n = 1;
		uint32_t c = (unsigned char)s[i];

		if (c >= 0x7f)
			n = utf8_decode(&s[i], len - i, &c);
		if (n == 0) /* not what json_read() accepts */
			n = 1;
		if (in_text && c == '\\' && i + 1 < len)
			n = 2;
		else if (c == '"')
			in_text = !in_text;
		if (in_text && c >= 0x7f && utf8_is_hazard(c))
			add_escaped(out, c);
		else if (in_text || c >= 0x80 ||
		    strchr(" \t\r\n", (int)c) == NULL)
			buffer_add(out, &s[i], n);
		i += n;
	}
}

/* ------------------------------------------------------------- canonical -- */

static int
compare_keys(const void *left, const void *right)
{
	const struct json_token *a = *(const struct json_token *const *)left;
	const struct json_token *b = *(const struct json_token *const *)right;
	int order = memcmp(a->text, b->text, a->len < b->len ? a->len : b->len);

	return order != 0 ? order : (a->len > b->len) - (a->len < b->len);
}

/* A container that is being written: the values still to come. */
struct level {
	const struct json_token **items; /* keys of an object, else values */
	size_t count, done;
	bool is_object;
};

static void
add_scalar(const struct json_token *t, struct buffer *out)
{
	char text[DECIMAL_STRLEN];
	struct decimal d;

	if (t->kind == JSON_STRING) {
		buffer_add_char(out, '"');
		add_text(out, t->text, t->len, false);
		buffer_add_char(out, '"');
	} else if (t->kind == JSON_NUMBER &&
	    decimal_parse_number(t->text, t->len, &d) == TB_OK) {
		buffer_add(out, text, decimal_format(d, text));
	} else {
		buffer_add(out, t->text, t->len);
	}
}

/* The children of t, keys sorted, at items. */
static struct level
level_of(const struct json *j, const struct json_token *t,
    const struct json_token **items)
{
	struct level level = {
		.items = items,
		.is_object = t->kind == JSON_OBJECT,
	};

	for (const struct json_token *c = json_first(j, t); c != NULL;
	     c = json_after(j, t, c))
		items[level.count++] = c;
	if (level.is_object)
		qsort(items, level.count, sizeof(items[0]), compare_keys);
	return level;
}

void
json_canonical(const struct json *j, const struct json_token *t,
    struct buffer *out)
{
	struct level levels[JSON_DEPTH_MAX];
	const struct json_token **items;
	size_t used = 0, depth = 0;

	items = calloc(j->count, sizeof(const struct json_token *));
	if (items == NULL) {
		out->failed = TB_ENOMEM;
		return;
	}
	for (;;) {
		struct level *level;

		if (t->kind != JSON_OBJECT && t->kind != JSON_ARRAY) {
			add_scalar(t, out);
		} else {
			assert(depth < JSON_DEPTH_MAX);
			levels[depth] = level_of(j, t, &items[used]);
			used += levels[depth++].count;
			buffer_add_char(out,
			    t->kind == JSON_OBJECT ? '{' : '[');
		}
		/* Close what is complete, then go on to the next value. */
		while (depth > 0 &&
		    levels[depth - 1].done == levels[depth - 1].count) {
			used -= levels[--depth].count;
			buffer_add_char(out,
			    levels[depth].is_object ? '}' : ']');
		}
		if (depth == 0)
			break;
		level = &levels[depth - 1];
		if (level->done > 0)
			buffer_add_char(out, ',');
		t = level->items[level->done++];
		if (level->is_object) {
			add_scalar(t++, out);
			buffer_add_char(out, ':');
		}
	}
	free(items);
}
