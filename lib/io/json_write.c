/* json: writing. */

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "io/json.h"
#include "io/json_text.h"
#include "io/utf8.h"

/* One character that may not stand in a string as it is. */
static void
add_escaped(struct buffer *out, uint32_t c)
{
	static const char from[] = "\"\\\b\f\n\r\t";
	static const char into[] = "\"\\bfnrt";
	static const char hex[] = "0123456789abcdef";
	const char *p = c < 0x80 && c != 0 ? strchr(from, (int)c) : NULL;

	assert(c <= 0xffff); /* no other is a hazard */
	if (p != NULL) {
		const char two[] = { '\\', into[p - from] };

		buffer_add(out, two, sizeof(two));
	} else {
		const char six[] = { '\\', 'u', hex[c >> 12], hex[c >> 8 & 15],
			hex[c >> 4 & 15], hex[c & 15] };

		buffer_add(out, six, sizeof(six));
	}
}

/* Printable ASCII that needs no escape. */
static bool
is_plain(unsigned char c)
{
	return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
}

void
json_add_text(struct buffer *out, const char *s, size_t len, bool tame)
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
	json_add_text(w->out, s, len, true);
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
