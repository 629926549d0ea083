/* json: one text for every value, so that equal values have equal hashes. */

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "io/json.h"
#include "io/json_text.h"

/* What stands in a container: a key of an object, else a value. */
struct child {
	const struct json_token *token;
};

/* A container that is being written. */
struct level {
	const struct child *children;
	size_t count, done;
	bool is_object;
};

struct walk {
	const struct json *json;
	struct buffer *out;
	struct child *children; /* of all levels, one behind the other */
	size_t used;
	struct level levels[JSON_DEPTH_MAX];
	size_t depth;
};

static int
compare_keys(const void *left, const void *right)
{
	const struct json_token *a = ((const struct child *)left)->token;
	const struct json_token *b = ((const struct child *)right)->token;
	int order = memcmp(a->text, b->text, a->len < b->len ? a->len : b->len);

	return order != 0 ? order : (a->len > b->len) - (a->len < b->len);
}

static void
add_string(struct buffer *out, const struct json_token *t)
{
	buffer_add_char(out, '"');
	json_add_text(out, t->text, t->len, false);
	buffer_add_char(out, '"');
}

static void
add_scalar(struct buffer *out, const struct json_token *t)
{
	char text[DECIMAL_STRLEN];
	struct decimal d;

	if (t->kind == JSON_STRING)
		add_string(out, t);
	else if (t->kind == JSON_NUMBER &&
	    decimal_parse_number(t->text, t->len, &d) == TB_OK)
		buffer_add(out, text, decimal_format(d, text));
	else
		buffer_add(out, t->text, t->len);
}

/* Open the container t: its children, keys sorted, are the next level. */
static void
open_level(struct walk *w, const struct json_token *t)
{
	struct child *children = &w->children[w->used];
	size_t count = 0;

	assert(w->depth < JSON_DEPTH_MAX);
	for (const struct json_token *c = json_first(w->json, t); c != NULL;
	     c = json_after(w->json, t, c))
		children[count++].token = c;
	if (t->kind == JSON_OBJECT)
		qsort(children, count, sizeof(children[0]), compare_keys);
	w->levels[w->depth++] = (struct level){
		.children = children,
		.count = count,
		.is_object = t->kind == JSON_OBJECT,
	};
	w->used += count;
	buffer_add_char(w->out, t->kind == JSON_OBJECT ? '{' : '[');
}

/* Close the levels that are complete. */
static void
close_levels(struct walk *w)
{
	while (w->depth > 0) {
		const struct level *level = &w->levels[w->depth - 1];

		if (level->done < level->count)
			break;
		w->used -= level->count;
		w->depth--;
		buffer_add_char(w->out, level->is_object ? '}' : ']');
	}
}

/* The next value of the innermost level, its comma and key written. */
static const struct json_token *
next_value(struct walk *w)
{
	struct level *level = &w->levels[w->depth - 1];
	const struct json_token *t = level->children[level->done].token;

	if (level->done++ > 0)
		buffer_add_char(w->out, ',');
	if (!level->is_object)
		return t;
	add_string(w->out, t);
	buffer_add_char(w->out, ':');
	return t + 1;
}

void
json_canonical(const struct json *j, const struct json_token *t,
    struct buffer *out)
{
	struct walk w = { .json = j, .out = out };

	w.children = calloc(j->count, sizeof(*w.children));
	if (w.children == NULL) {
		out->failed = TB_ENOMEM;
		return;
	}
	for (;;) {
		if (t->kind == JSON_OBJECT || t->kind == JSON_ARRAY)
			open_level(&w, t);
		else
			add_scalar(out, t);
		close_levels(&w);
		if (w.depth == 0)
			break;
		t = next_value(&w);
	}
	free(w.children);
}
