/* yaml: looking at what was read, and saying what is wrong with it. */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "io/yaml.h"
#include "io/yaml_tree.h"

#define PATH_BYTES 256
#define WORD_MAX 64 /* letters of a word that yaml_nearest() compares */

const struct yaml_node *
yaml_root(const struct yaml *y)
{
	return y->root;
}

const struct yaml_node *
yaml_get(const struct yaml_node *mapping, const char *key)
{
	if (mapping->kind != YAML_MAPPING)
		return NULL;
	for (const struct yaml_node *n = mapping->child; n != NULL; n = n->next)
		if (strcmp(n->key, key) == 0)
			return n;
	return NULL;
}

bool
yaml_is_null(const struct yaml_node *n)
{
	return n->kind == YAML_SCALAR && !n->quoted &&
	    (n->text[0] == '\0' || strcmp(n->text, "~") == 0 ||
		strcasecmp(n->text, "null") == 0);
}

/* -------------------------------------------------------------- messages -- */

static int
index_of(const struct yaml_node *n)
{
	int i = 0;

	for (const struct yaml_node *c = n->parent->child; c != n; c = c->next)
		i++;
	return i;
}

/* "bots[2].signals.rsi"; "" of the root. */
static void
path_of(const struct yaml_node *n, char path[static PATH_BYTES])
{
	const struct yaml_node *up[YAML_DEPTH_MAX + 1];
	int depth = 0;
	struct buffer text;

	for (; n->parent != NULL; n = n->parent)
		up[depth++] = n;
	buffer_init(&text, PATH_BYTES - 1);
	while (depth-- > 0) {
		if (up[depth]->key == NULL)
			buffer_add_format(&text, "[%d]", index_of(up[depth]));
		else
			buffer_add_format(&text, "%s%s",
			    text.len == 0 ? "" : ".", up[depth]->key);
	}
	snprintf(path, PATH_BYTES, "%s", buffer_string(&text));
	buffer_release(&text);
}

enum tb_status
yaml_fail(const struct yaml *y, const struct yaml_node *node,
    struct tb_err *err, const char *fmt, ...)
{
	char path[PATH_BYTES], message[TB_ERR_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	path_of(node, path);
	return tb_fail(err, TB_ECONFIG, "%s:%d:%d: %s%s%s", y->name, node->line,
	    node->column, path, path[0] == '\0' ? "" : ": ", message);
}

/* ---------------------------------------------------------- did you mean -- */

static int
least(int a, int b)
{
	return a < b ? a : b;
}

/*
 * How many letters of word must be changed, put in, left out or swapped with
 * their neighbour to make known of it; *out_prefix the same for the beginning
 * of known that comes nearest.
 */
static int
distance(const char *word, const char *known, int *out_prefix)
{
	int rows[3][WORD_MAX + 1];
	int *before = rows[0], *above = rows[1], *row = rows[2];
	size_t len = strlen(known);

	for (size_t k = 0; k <= len; k++)
		row[k] = (int)k;
	for (size_t w = 1; word[w - 1] != '\0'; w++) {
		int *oldest = before;

		before = above;
		above = row;
		row = oldest;
		row[0] = (int)w;
		for (size_t k = 1; k <= len; k++) {
			bool same = word[w - 1] == known[k - 1];

			row[k] = least(above[k - 1] + !same,
			    least(above[k], row[k - 1]) + 1);
			if (w > 1 && k > 1 && word[w - 1] == known[k - 2] &&
			    word[w - 2] == known[k - 1])
				row[k] = least(row[k], before[k - 2] + 1);
		}
	}
	*out_prefix = row[0];
	for (size_t k = 1; k <= len; k++)
		*out_prefix = least(*out_prefix, row[k]);
	return row[len];
}

const char *
yaml_nearest(const char *word, const char *const *known)
{
	const char *nearest = NULL;
	int len = (int)strnlen(word, WORD_MAX + 1);
	int best = len > 8 ? 4 : len > 4 ? 3 : 2; /* one more than is near */

	if (len > WORD_MAX)
		return NULL;
	for (; *known != NULL; known++) {
		int prefix = 0;
		int d = strlen(*known) > WORD_MAX ?
		    best :
		    distance(word, *known, &prefix);

		/* "cooldwon" for "cooldown_minutes" is nearly as good. */
		if (len >= 4 && prefix < 2)
			d = least(d, prefix + 1);
		if (d < best) {
			best = d;
			nearest = *known;
		}
	}
	return nearest;
}

enum tb_status
yaml_check_keys(const struct yaml *y, const struct yaml_node *mapping,
    const char *const *known, struct tb_err *err)
{
	if (mapping->kind != YAML_MAPPING)
		return yaml_fail(y, mapping, err, "expected keys and values");
	for (const struct yaml_node *n = mapping->child; n != NULL;
	     n = n->next) {
		struct yaml_node at_key = *n;
		const char *const *k = known;
		const char *nearest;

		while (*k != NULL && strcmp(*k, n->key) != 0)
			k++;
		if (*k != NULL)
			continue;
		at_key.line = n->key_line;
		at_key.column = n->key_column;
		nearest = yaml_nearest(n->key, known);
		if (nearest != NULL)
			return yaml_fail(y, &at_key, err,
			    "unknown key, did you mean \"%s\"?", nearest);
		return yaml_fail(y, &at_key, err, "unknown key");
	}
	return TB_OK;
}

/* --------------------------------------------------------------- scalars -- */

static enum tb_status
fail_expected(const struct yaml *y, const struct yaml_node *n,
    const char *expected, struct tb_err *err)
{
	if (n->kind != YAML_SCALAR)
		return yaml_fail(y, n, err, "expected %s, found a %s", expected,
		    n->kind == YAML_MAPPING ? "mapping" : "list");
	if (yaml_is_null(n))
		return yaml_fail(y, n, err, "expected %s, found nothing",
		    expected);
	return yaml_fail(y, n, err, "expected %s, found %s\"%.64s\"", expected,
	    n->quoted ? "the text " : "", n->text);
}

enum tb_status
yaml_decimal(const struct yaml *y, const struct yaml_node *n,
    struct decimal *out, struct tb_err *err)
{
	enum tb_status status = TB_EINVAL;

	if (n->kind == YAML_SCALAR && !n->quoted)
		status = decimal_parse_number(n->text, strlen(n->text), out);
	if (status == TB_ERANGE)
		return yaml_fail(y, n, err,
		    "%.64s is too large or has more than %d decimals", n->text,
		    DECIMAL_SCALE);
	if (status != TB_OK)
		return fail_expected(y, n, "a number like 25.00", err);
	return TB_OK;
}

enum tb_status
yaml_integer(const struct yaml *y, const struct yaml_node *n, long long min,
    long long max, long long *out, struct tb_err *err)
{
	char expected[80], *end;
	long long value;

	snprintf(expected, sizeof(expected), "a whole number from %lld to %lld",
	    min, max);
	if (n->kind != YAML_SCALAR || n->quoted || n->text[0] == '\0' ||
	    strspn(n->text + (n->text[0] == '-'), "0123456789") !=
		strlen(n->text + (n->text[0] == '-')))
		return fail_expected(y, n, expected, err);
	errno = 0;
	value = strtoll(n->text, &end, 10);
	if (end == n->text || errno != 0 || value < min || value > max)
		return fail_expected(y, n, expected, err);
	*out = value;
	return TB_OK;
}

enum tb_status
yaml_bool(const struct yaml *y, const struct yaml_node *n, bool *out,
    struct tb_err *err)
{
	static const char *const words[] = { "false", "true", "no", "yes",
		"off", "on" };

	if (n->kind == YAML_SCALAR && !n->quoted)
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			if (strcasecmp(n->text, words[i]) == 0) {
				*out = i % 2 == 1;
				return TB_OK;
			}
	return fail_expected(y, n, "true or false", err);
}

enum tb_status
yaml_text(const struct yaml *y, const struct yaml_node *n, char *buf,
    size_t size, struct tb_err *err)
{
	size_t len;

	if (n->kind != YAML_SCALAR || yaml_is_null(n))
		return fail_expected(y, n, "a text", err);
	len = strlen(n->text);
	if (len >= size)
		return yaml_fail(y, n, err,
		    "a text of %zu bytes, expected at most %zu", len, size - 1);
	memcpy(buf, n->text, len + 1);
	return TB_OK;
}
