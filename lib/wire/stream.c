#include "wire/stream.h"

#include <stdlib.h>
#include <string.h>

struct stream {
	struct lines lines;
	struct buffer text; /* of the object handed out, compact */
	struct buffer read; /* the whole source, decoded in place by json */
	const char *source; /* the same as it came; borrowed from lines */
	size_t source_at;   /* how far source_line was counted */
	unsigned long source_line;
	struct json_token *tokens; /* owned */
	size_t tokens_max;
	struct json json;
	const struct json_token *array; /* whose elements are handed out */
	const struct json_token *next;	/* element; NULL: read a line */
	unsigned long element;		/* number of the one before next */
	bool started;			/* the first line was seen */
};

enum tb_status
stream_open(struct stream **out, int fd, struct tb_err *err)
{
	struct stream *s = calloc(1, sizeof(*s));

	*out = NULL;
	if (s == NULL)
		return tb_nomem(err);
	s->tokens_max = JSON_TOKENS_MAX;
	s->tokens = calloc(s->tokens_max, sizeof(*s->tokens));
	if (s->tokens == NULL) {
		free(s);
		return tb_nomem(err);
	}
	lines_init(&s->lines, fd, LINE_MAX_BYTES);
	/* An escaped hazard is longer: one byte (DEL) becomes six. */
	buffer_init(&s->text, (size_t)6 * STREAM_DOCUMENT_MAX);
	buffer_init(&s->read, STREAM_DOCUMENT_MAX);
	*out = s;
	return TB_OK;
}

void
stream_stop(struct stream *s, const volatile sig_atomic_t *stop)
{
	s->lines.stop = stop;
}

void
stream_close(struct stream *s)
{
	if (s == NULL)
		return;
	lines_release(&s->lines);
	buffer_release(&s->text);
	buffer_release(&s->read);
	free(s->tokens);
	free(s);
}

static bool
is_blank(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (strchr(" \t\r", s[i]) == NULL || s[i] == '\0')
			return false;
	return true;
}

/* Is it just a bracket that opens: a document over many lines? */
static bool
opens_document(const char *s, size_t len)
{
	size_t at = 0;

	while (at < len && is_blank(&s[at], 1))
		at++;
	return at < len && (s[at] == '{' || s[at] == '[') &&
	    is_blank(&s[at + 1], len - at - 1);
}

/* The rest of the input, with room for the tokens of a document. */
static enum tb_status
read_document(struct stream *s, char **out, size_t *out_len, struct tb_err *err)
{
	struct json_token *more;

	more = reallocarray(s->tokens, STREAM_DOCUMENT_TOKENS, sizeof(*more));
	if (more == NULL)
		return tb_nomem(err);
	s->tokens = more;
	s->tokens_max = STREAM_DOCUMENT_TOKENS;
	return lines_rest(&s->lines, STREAM_DOCUMENT_MAX, out, out_len, err);
}

/* The next line that is not blank, or the document that begins there. */
static enum tb_status
read_source(struct stream *s, char **out, size_t *out_len, struct tb_err *err)
{
	for (;;) {
		enum tb_status status =
		    lines_next(&s->lines, out, out_len, err);
		bool is_first = !s->started;

		if (status != TB_OK)
			return status;
		if (s->lines.number == 1 && *out_len >= 3 &&
		    memcmp(*out, "\xef\xbb\xbf", 3) == 0) {
			*out += 3;
			*out_len -= 3;
		}
		if (is_blank(*out, *out_len))
			continue;
		s->started = true;
		if (is_first && opens_document(*out, *out_len))
			return read_document(s, out, out_len, err);
		return TB_OK;
	}
}

/* An object is handed out. */
static enum tb_status
give(struct stream *s, const struct json_token *object, struct stream_item *out,
    struct tb_err *err)
{
	for (; s->source_at < object->at; s->source_at++)
		s->source_line += s->source[s->source_at] == '\n';
	out->line = s->source_line;
	out->element = s->element;
	if (object->kind != JSON_OBJECT) {
		(void)tb_fail(err, TB_EINVAL, "expected an object, found %s",
		    json_kind_name(object));
		if (s->element > 0)
			tb_err_at(err, "line %lu, element %lu", out->line,
			    s->element);
		else
			tb_err_at(err, "line %lu", out->line);
		return TB_EINVAL;
	}
	buffer_clear(&s->text);
	json_compact(&s->source[object->at], object->end - object->at,
	    &s->text);
	out->json = s->json;
	out->object = object;
	out->text = buffer_string(&s->text);
	out->text_len = s->text.len;
	return buffer_status(&s->text, err);
}

static enum tb_status
give_element(struct stream *s, struct stream_item *out, struct tb_err *err)
{
	const struct json_token *element = s->next;

	s->next = json_after(&s->json, s->array, element);
	s->element++;
	return give(s, element, out, err);
}

/* Read the source as JSON, from a copy: its own bytes stay as they came. */
static enum tb_status
parse(struct stream *s, size_t len, struct tb_err *err)
{
	enum tb_status status;

	buffer_clear(&s->read);
	buffer_add(&s->read, s->source, len);
	status = buffer_status(&s->read, err);
	if (status != TB_OK)
		return status;
	status = json_read(s->read.data, len, s->tokens, s->tokens_max,
	    &s->json, err);
	if (status != TB_OK)
		tb_err_at(err, "line %lu", s->lines.number);
	return status;
}

enum tb_status
stream_next(struct stream *s, struct stream_item *out, struct tb_err *err)
{
	while (s->next == NULL) {
		char *source;
		size_t len;
		enum tb_status status = read_source(s, &source, &len, err);

		s->source = source;
		s->source_at = 0;
		s->source_line = s->lines.number;
		s->element = 0;
		if (status == TB_OK)
			status = parse(s, len, err);
		out->line = s->lines.number;
		out->element = 0;
		if (status != TB_OK)
			return status;
		if (s->tokens[0].kind != JSON_ARRAY)
			return give(s, s->tokens, out, err);
		s->array = s->tokens;
		s->next = json_first(&s->json, s->array);
	}
	return give_element(s, out, err);
}
