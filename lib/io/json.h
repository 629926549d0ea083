#ifndef TB_IO_JSON_H
#define TB_IO_JSON_H

/*
 * json: RFC 8259, exactly: a number stays the text it was written in.
 *
 * The reader turns one text into a flat tape of tokens in the caller's array:
 * no allocation, no recursion, no shape (shapes are in lib/wire).  Refused
 * although RFC 8259 lets a reader choose: repeated keys, NUL (raw or
 * escaped), lone surrogates, a byte order mark, more than JSON_DEPTH_MAX
 * levels, more tokens than the caller's array holds.
 *
 * The writer appends to a buffer and puts the commas.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/decimal.h"
#include "base/err.h"

#define JSON_DEPTH_MAX 32
#define JSON_TOKENS_MAX 4096 /* of one line; what callers give room for */
#define JSON_KEYS_MAX 4096   /* of one object */

enum json_kind {
	JSON_OBJECT,
	JSON_ARRAY,
	JSON_STRING,
	JSON_NUMBER,
	JSON_TRUE,
	JSON_FALSE,
	JSON_NULL,
};

/*
 * A token.  In an object, keys (JSON_STRING) and values alternate.  next is
 * the index of the first token behind this value and all that is inside it.
 */
struct json_token {
	enum json_kind kind;
	const char *text; /* string decoded, number as written; no NUL behind */
	size_t len;	  /* bytes of text */
	size_t at;	  /* byte of the source where it begins, from 0 */
	size_t end;	  /* byte of the source behind it */
	size_t size;	  /* pairs of an object, elements of an array; else 0 */
	size_t next;
};

/* A text that was read.  tokens are the caller's; text points into source. */
struct json {
	struct json_token *tokens;
	size_t count;
};

/*
 * json_read: read the one value in source.
 *
 * inout:  source  borrowed as long as *out is used; strings are decoded in
 *		   place, so its bytes change
 * in:	   tokens  room for tokens_max of them
 * out:	   *out	   token 0 is the value
 * errors: TB_EINVAL the message names the byte, counted from 1, what stood
 *	   there and what was expected ("byte 12: repeated key \"size_usd\"")
 */
enum tb_status json_read(char *source, size_t len, struct json_token *tokens,
    size_t tokens_max, struct json *out, struct tb_err *err);

/*
 * json_get: the value of key in the object token, NULL where there is none.
 */
const struct json_token *json_get(const struct json *j,
    const struct json_token *object, const char *key);

/*
 * json_first, json_after: walk the elements of an array or the keys of an
 * object (a key's value is key + 1).  NULL at the end.
 */
const struct json_token *json_first(const struct json *j,
    const struct json_token *parent);
const struct json_token *json_after(const struct json *j,
    const struct json_token *parent, const struct json_token *child);

/* "an object", "a text", "true", ...: for messages. */
const char *json_kind_name(const struct json_token *t);

/* t's text is the string s. */
bool json_is(const struct json_token *t, const char *s);

/*
 * json_copy: t's text as a C string into buf of size bytes.
 *
 * errors: TB_EINVAL no string, or too long; the message has no place
 */
enum tb_status json_copy(const struct json_token *t, char *buf, size_t size,
    struct tb_err *err);

/*
 * json_decimal: an amount: a number, or a string of one, read exactly.
 *
 * errors: TB_EINVAL neither; TB_ERANGE not exact in 18 decimals
 */
enum tb_status json_decimal(const struct json_token *t, struct decimal *out,
    struct tb_err *err);

/* json_integer: a number without fraction. errors: TB_EINVAL */
enum tb_status json_integer(const struct json_token *t, long long *out,
    struct tb_err *err);

/*
 * json_compact: append valid JSON text without its white space: one line, with
 * keys, digits and escapes as they were written.
 *
 * in: s, len  what json_read() accepts (and has not changed yet)
 */
void json_compact(const char *s, size_t len, struct buffer *out);

/*
 * json_canonical: append the value with keys sorted by bytes, no white space,
 * numbers in decimal_format()'s form where decimal_parse_number() reads them
 * (else as written), strings with the fewest escapes: equal values give equal
 * bytes.
 */
void json_canonical(const struct json *j, const struct json_token *t,
    struct buffer *out);

/* How amounts are written: --numbers. */
enum json_numbers { JSON_NUMBERS_NUMBER, JSON_NUMBERS_STRING };

/*
 * A writer.  Zero it, set out (and numbers).  Strings come out as valid UTF-8
 * whatever goes in (bad bytes as U+FFFD), and what could drive a terminal is
 * escaped.
 */
struct json_writer {
	struct buffer *out; /* borrowed; its failure is the caller's to ask */
	enum json_numbers numbers;
	bool pretty;	/* two-space indentation, a line an element */
	bool comma;	/* private: a value stands before this place */
	bool after_key; /* private */
	int depth;	/* private */
};

void json_open(struct json_writer *w, char bracket);  /* '{' or '[' */
void json_close(struct json_writer *w, char bracket); /* '}' or ']' */
void json_key(struct json_writer *w, const char *key);
void json_string(struct json_writer *w, const char *s); /* NULL: null */
void json_string_n(struct json_writer *w, const char *s, size_t len);
void json_null(struct json_writer *w);
void json_bool(struct json_writer *w, bool b);
void json_int(struct json_writer *w, long long n);
void json_amount(struct json_writer *w, struct decimal d); /* trimmed */
void json_amount_min(struct json_writer *w, struct decimal d, int min_places);

/*
 * json_raw: a value that already is JSON, put down as it is (compact even
 * where the writer is pretty).
 */
void json_raw(struct json_writer *w, const char *s, size_t len);

#endif /* TB_IO_JSON_H */
