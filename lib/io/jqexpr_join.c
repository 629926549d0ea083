#include "io/jqexpr_join.h"

#include <string.h>

#define DEPTH_MAX 64 /* brackets in brackets; strings count */

/*
 * A bracket that is open, by what closes it: ')', ']', '}'; '"' a string.
 * What an interpolation opens, "\(", is a bracket in a string.
 */
struct depth {
	char closes[DEPTH_MAX];
	int count;
};

static bool
open_one(struct depth *d, char closes)
{
	if (d->count == DEPTH_MAX)
		return false;
	d->closes[d->count++] = closes;
	return true;
}

static bool
close_one(struct depth *d, char c)
{
	return d->count > 0 && d->closes[--d->count] == c;
}

/* A character within a string; *s is at it, and left at its last byte. */
static bool
read_in_string(struct depth *d, const char **s)
{
	if (**s == '"')
		return close_one(d, '"');
	if (**s != '\\')
		return true;
	++*s;
	if (**s == '(')
		return open_one(d, ')');
	return **s != '\0';
}

/* One with a backslash goes on in the next line where jq is 1.7 or newer. */
static bool
read_comment(const char **s)
{
	size_t len = strcspn(*s, "\n");

	if (memchr(*s, '\\', len) != NULL)
		return false;
	*s += len - 1; /* the end of the line may be the end of all */
	return true;
}

static bool
read_outside(struct depth *d, const char **s)
{
	switch (**s) {
	case '#':
		return read_comment(s);
	case '"':
		return open_one(d, '"');
	case '(':
		return open_one(d, ')');
	case '[':
		return open_one(d, ']');
	case '{':
		return open_one(d, '}');
	case ')':
	case ']':
	case '}':
		return close_one(d, **s);
	default:
		return true;
	}
}

bool
jqexpr_can_join(const char *expression)
{
	struct depth d = { .count = 0 };

	for (const char *s = expression; *s != '\0'; s++) {
		bool in_string = d.count > 0 && d.closes[d.count - 1] == '"';

		if (in_string ? !read_in_string(&d, &s) : !read_outside(&d, &s))
			return false;
	}
	return d.count == 0 && strstr(expression, "__loc__") == NULL;
}

int
jqexpr_find(const char *texts, size_t len, const char *expression)
{
	int n = 0;

	for (size_t at = 0; at < len; at += strlen(texts + at) + 1, n++)
		if (strcmp(texts + at, expression) == 0)
			return n;
	return -1;
}

void
jqexpr_join(const char *texts, size_t len, struct buffer *out)
{
	int n = 0;

	for (size_t at = 0; at < len; at += strlen(texts + at) + 1, n++)
		buffer_add_format(out, "%s .[0] == %d then .[1] | (%s\n)",
		    n == 0 ? "if" : " elif", n, texts + at);
	buffer_add_string(out, " else empty end");
}
