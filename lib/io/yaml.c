#include "io/yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <yaml.h>

#include "base/buffer.h"
#include "io/utf8.h"
#include "io/yaml_strict.h"
#include "io/yaml_tree.h"

#define BLOCK_BYTES 8192

/* Where nodes and texts live: freed all at once. */
struct block {
	struct block *next;
	size_t used, size;
	alignas(max_align_t) unsigned char bytes[];
};

/* len bytes of y's, aligned for anything; NULL: out of memory. */
static void *
keep(struct yaml *y, size_t len)
{
	struct block *b = y->blocks;
	size_t need = (len + sizeof(max_align_t) - 1) / sizeof(max_align_t) *
	    sizeof(max_align_t);

	if (b == NULL || b->size - b->used < need) {
		size_t size = need > BLOCK_BYTES ? need : BLOCK_BYTES;

		b = malloc(sizeof(*b) + size);
		if (b == NULL)
			return NULL;
		*b = (struct block){ .next = y->blocks, .size = size };
		y->blocks = b;
	}
	b->used += need;
	return &b->bytes[b->used - need];
}

static const char *
keep_text(struct yaml *y, const char *s, size_t len)
{
	char *copy = keep(y, len + 1);

	if (copy == NULL)
		return NULL;
	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

void
yaml_close(struct yaml *y)
{
	if (y == NULL)
		return;
	while (y->blocks != NULL) {
		struct block *next = y->blocks->next;

		free(y->blocks);
		y->blocks = next;
	}
	free(y);
}

/* A container whose end has not come yet. */
struct level {
	struct yaml_node *node, *last; /* last: its newest child */
	size_t count;		       /* of children */
};

struct builder {
	struct yaml *y;
	const char *text; /* all of it, without a byte order mark */
	size_t len;
	struct level levels[YAML_DEPTH_MAX];
	int depth;
	const char *key; /* the mapping's value comes next; else NULL */
	yaml_mark_t key_mark;
	size_t nodes;
	struct yaml_strict strict;
	uint32_t *offsets; /* byte of each character, owned; NULL: all ASCII */
	struct tb_err *err;
};

/* "FILE:LINE:COLUMN: ..."; the value is the status. */
TB_PRINTF(3, 4)
static enum tb_status
fail_at(const struct builder *b, yaml_mark_t mark, const char *fmt, ...)
{
	char message[TB_ERR_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	return tb_fail(b->err, TB_ECONFIG, "%s:%zu:%zu: %s", b->y->name,
	    mark.line + 1, mark.column + 1, message);
}

/* The place of the byte at. */
static yaml_mark_t
mark_of(const struct builder *b, size_t at)
{
	yaml_mark_t mark = { 0 };

	for (size_t i = 0; i < at; i++) {
		bool newline = b->text[i] == '\n';

		mark.line += newline;
		mark.column = newline ? 0 : mark.column + 1;
	}
	return mark;
}

/* What libyaml does not look at, or not in time. */
static enum tb_status
check_bytes(const struct builder *b)
{
	size_t n;

	if (b->len > YAML_BYTES_MAX)
		return tb_fail(b->err, TB_ECONFIG, "%s: longer than %d bytes",
		    b->y->name, YAML_BYTES_MAX);
	for (size_t i = 0; i < b->len; i += n) {
		uint32_t c;

		n = utf8_decode(&b->text[i], b->len - i, &c);
		if (n == 0)
			return fail_at(b, mark_of(b, i), "invalid UTF-8");
		if (c == 0)
			return fail_at(b, mark_of(b, i), "a NUL");
	}
	return TB_OK;
}

/* libyaml counts characters: the byte of each, and one more. */
static enum tb_status
count_characters(struct builder *b)
{
	size_t count = 0;

	for (size_t i = 0; i < b->len; i++)
		if ((unsigned char)b->text[i] >= 0x80)
			count++;
	if (count == 0)
		return TB_OK;
	b->offsets = calloc(b->len + 1, sizeof(*b->offsets));
	if (b->offsets == NULL)
		return tb_nomem(b->err);
	count = 0;
	for (size_t i = 0; i < b->len; i++)
		if ((b->text[i] & 0xc0) != 0x80)
			b->offsets[count++] = (uint32_t)i;
	for (; count <= b->len; count++)
		b->offsets[count] = (uint32_t)b->len;
	b->strict.offsets = b->offsets;
	return TB_OK;
}

/* libyaml's complaint, in our form. */
static enum tb_status
fail_syntax(const struct builder *b, const yaml_parser_t *parser)
{
	yaml_mark_t mark = parser->problem_mark;
	const char *problem = parser->problem;

	if (parser->error == YAML_MEMORY_ERROR)
		return tb_nomem(b->err);
	if (parser->error == YAML_READER_ERROR)
		return fail_at(b, mark_of(b, parser->problem_offset), "%s",
		    problem);
	if (b->offsets != NULL)
		mark.index = b->offsets[mark.index];
	if (mark.index < b->len && b->text[mark.index] == '\t')
		problem = "a tab cannot indent: use blanks";
	if (parser->context == NULL)
		return fail_at(b, mark, "%s", problem);
	return fail_at(b, mark, "%s: %s", parser->context, problem);
}

/* The scalar of a key, checked against those before it. */
static enum tb_status
take_key(struct builder *b, const yaml_event_t *event)
{
	const struct level *level = &b->levels[b->depth - 1];
	const char *key = (const char *)event->data.scalar.value;

	if (strcmp(key, "<<") == 0)
		return fail_at(b, event->start_mark,
		    "merge keys (<<) are not read: write it out");
	for (const struct yaml_node *n = level->node->child; n != NULL;
	     n = n->next)
		if (strcmp(n->key, key) == 0)
			return fail_at(b, event->start_mark,
			    "repeated key \"%s\", first on line %d", key,
			    n->key_line);
	if (level->count == YAML_KEYS_MAX)
		return fail_at(b, event->start_mark,
		    "more than %d keys in one mapping", YAML_KEYS_MAX);
	b->key = keep_text(b->y, key, event->data.scalar.length);
	b->key_mark = event->start_mark;
	return b->key == NULL ? tb_nomem(b->err) : TB_OK;
}

/* A node of the event at its place in the tree. */
static enum tb_status
add_node(struct builder *b, const yaml_event_t *event, enum yaml_kind kind,
    struct yaml_node **out)
{
	struct level *level = b->depth == 0 ? NULL : &b->levels[b->depth - 1];
	struct yaml_node *n;

	if (b->nodes++ == YAML_NODES_MAX)
		return fail_at(b, event->start_mark, "more than %d values",
		    YAML_NODES_MAX);
	n = keep(b->y, sizeof(*n));
	if (n == NULL)
		return tb_nomem(b->err);
	*n = (struct yaml_node){
		.kind = kind,
		.key = b->key,
		.line = (int)event->start_mark.line + 1,
		.column = (int)event->start_mark.column + 1,
		.key_line = b->key == NULL ? 0 : (int)b->key_mark.line + 1,
		.key_column = b->key == NULL ? 0 : (int)b->key_mark.column + 1,
		.parent = level == NULL ? NULL : level->node,
	};
	b->key = NULL;
	*out = n;
	if (level == NULL) {
		b->y->root = n;
		return TB_OK;
	}
	if (level->last == NULL)
		level->node->child = n;
	else
		level->last->next = n;
	level->last = n;
	level->count++;
	return TB_OK;
}

/* Are we in a mapping, where a key comes next? */
static bool
wants_key(const struct builder *b)
{
	return b->depth > 0 && b->key == NULL &&
	    b->levels[b->depth - 1].node->kind == YAML_MAPPING;
}

static enum tb_status
take_scalar(struct builder *b, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	size_t len = event->data.scalar.length;
	struct yaml_node *n;
	enum tb_status status;

	if (event->data.scalar.anchor != NULL)
		return fail_at(b, event->start_mark,
		    "anchors (&%s) are not read: write it out",
		    event->data.scalar.anchor);
	if (event->data.scalar.tag != NULL)
		return fail_at(b, event->start_mark, "tags (%s) are not read",
		    event->data.scalar.tag);
	if (strlen(text) != len)
		return fail_at(b, event->start_mark, "a NUL in a text");
	if (wants_key(b))
		return take_key(b, event);
	status = add_node(b, event, YAML_SCALAR, &n);
	if (status != TB_OK)
		return status;
	n->text = keep_text(b->y, text, len);
	n->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	return n->text == NULL ? tb_nomem(b->err) : TB_OK;
}

static enum tb_status
take_container(struct builder *b, const yaml_event_t *event,
    enum yaml_kind kind)
{
	/* Mappings and sequences have their anchors and tags in two places. */
	bool is_mapping = kind == YAML_MAPPING;
	const yaml_char_t *anchor = is_mapping ?
	    event->data.mapping_start.anchor :
	    event->data.sequence_start.anchor;
	const yaml_char_t *tag = is_mapping ? event->data.mapping_start.tag :
					      event->data.sequence_start.tag;
	struct yaml_node *n;
	enum tb_status status;

	if (anchor != NULL)
		return fail_at(b, event->start_mark,
		    "anchors (&%s) are not read: write it out", anchor);
	if (tag != NULL)
		return fail_at(b, event->start_mark, "tags (%s) are not read",
		    tag);
	if (wants_key(b))
		return fail_at(b, event->start_mark, "a key must be a text");
	if (b->depth == YAML_DEPTH_MAX)
		return fail_at(b, event->start_mark,
		    "nested deeper than %d levels", YAML_DEPTH_MAX);
	status = add_node(b, event, kind, &n);
	if (status == TB_OK)
		b->levels[b->depth++] = (struct level){ .node = n };
	return status;
}

static enum tb_status
take_document(const struct builder *b, const yaml_event_t *event)
{
	if (b->y->root != NULL)
		return fail_at(b, event->start_mark,
		    "a second document in one file");
	if (event->data.document_start.version_directive != NULL ||
	    event->data.document_start.tag_directives.start !=
		event->data.document_start.tag_directives.end)
		return fail_at(b, event->start_mark,
		    "directives (%%) are not read");
	return TB_OK;
}

static enum tb_status
check_strictly(struct builder *b, const yaml_event_t *event)
{
	yaml_mark_t where;
	const char *problem = yaml_strict_check(&b->strict, event, &where);

	return problem == NULL ? TB_OK : fail_at(b, where, "%s", problem);
}

static enum tb_status
take_event(struct builder *b, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		return take_document(b, event);
	case YAML_ALIAS_EVENT:
		return fail_at(b, event->start_mark,
		    "aliases (*%s) are not read: write it out",
		    event->data.alias.anchor);
	case YAML_SCALAR_EVENT:
		return take_scalar(b, event);
	case YAML_SEQUENCE_START_EVENT:
		return take_container(b, event, YAML_SEQUENCE);
	case YAML_MAPPING_START_EVENT:
		return take_container(b, event, YAML_MAPPING);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		b->depth--;
		return TB_OK;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		break;
	}
	return TB_OK;
}

/* Event by event: libyaml takes seconds for what we refuse at level 17. */
static enum tb_status
build(struct builder *b)
{
	yaml_parser_t parser;
	enum tb_status status = TB_OK;
	bool ended = false;

	if (!yaml_parser_initialize(&parser))
		return tb_nomem(b->err);
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)b->text,
	    b->len);
	while (status == TB_OK && !ended) {
		yaml_event_t event;

		if (!yaml_parser_parse(&parser, &event)) {
			status = fail_syntax(b, &parser);
			break;
		}
		ended = event.type == YAML_STREAM_END_EVENT;
		status = take_event(b, &event);
		if (status == TB_OK)
			status = check_strictly(b, &event);
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return status;
}

/* What stands for a file that says nothing. */
static enum tb_status
root_or_empty(struct yaml *y, struct tb_err *err)
{
	struct yaml_node *n;

	if (y->root != NULL && !yaml_is_null(y->root))
		return TB_OK;
	n = keep(y, sizeof(*n));
	if (n == NULL)
		return tb_nomem(err);
	*n = (struct yaml_node){ .kind = YAML_MAPPING, .line = 1, .column = 1 };
	y->root = n;
	return TB_OK;
}

enum tb_status
yaml_parse(struct yaml **out, const char *name, const char *text, size_t len,
    struct tb_err *err)
{
	struct builder b = { .text = text, .len = len, .err = err };
	enum tb_status status;

	*out = NULL;
	b.y = calloc(1, sizeof(*b.y));
	if (b.y == NULL)
		return tb_nomem(err);
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		b.text += 3;
		b.len -= 3;
	}
	b.y->name = keep_text(b.y, name, strlen(name));
	b.strict.text = b.text;
	b.strict.len = b.len;
	status = b.y->name == NULL ? tb_nomem(err) : check_bytes(&b);
	if (status == TB_OK)
		status = count_characters(&b);
	if (status == TB_OK)
		status = build(&b);
	free(b.offsets);
	if (status == TB_OK)
		status = root_or_empty(b.y, err);
	if (status != TB_OK) {
		yaml_close(b.y);
		return status;
	}
	*out = b.y;
	return TB_OK;
}

/* Everything that fd yields, but no more than one byte too many. */
static enum tb_status
read_all(int fd, const char *name, struct buffer *text, struct tb_err *err)
{
	char chunk[4096];

	while (text->len <= YAML_BYTES_MAX) {
		ssize_t n = read(fd, chunk, sizeof(chunk));

		if (n == 0)
			break;
		if (n > 0)
			buffer_add(text, chunk, (size_t)n);
		else if (errno != EINTR)
			return tb_fail(err, TB_EIO, "%s: %s", name,
			    strerror(errno));
	}
	return buffer_status(text, err);
}

enum tb_status
yaml_read(struct yaml **out, const char *path, struct tb_err *err)
{
	bool is_stdin = strcmp(path, "-") == 0;
	const char *name = is_stdin ? "stdin" : path;
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct buffer text;
	enum tb_status status;

	*out = NULL;
	if (fd < 0)
		return tb_fail(err, errno == ENOENT ? TB_ENOENT : TB_EIO,
		    "%s: %s", path, strerror(errno));
	buffer_init(&text, (size_t)2 * YAML_BYTES_MAX);
	status = read_all(fd, name, &text, err);
	if (status == TB_OK)
		status =
		    yaml_parse(out, name, buffer_string(&text), text.len, err);
	buffer_release(&text);
	if (!is_stdin)
		(void)close(fd); /* only read from */
	return status;
}
