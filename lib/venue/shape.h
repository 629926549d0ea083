#ifndef TB_VENUE_SHAPE_H
#define TB_VENUE_SHAPE_H

/*
 * shape: a struct as the members of a JSON object, by a table.  Private to
 * protocol.
 *
 * A field that is optional is left out where it has nothing to say (an empty
 * text, 0, false), and one that is missing or null reads as that.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "io/json.h"

enum shape_kind {
	SHAPE_TEXT,	/* char[]: any text that fits, of one line */
	SHAPE_WORDS,	/* char[]: for people, cut where it does not fit */
	SHAPE_NAME,	/* char[]: visible ASCII, not empty */
	SHAPE_PRODUCT,	/* char[]: BTC-USD */
	SHAPE_SIDE,	/* enum side */
	SHAPE_AMOUNT,	/* struct decimal */
	SHAPE_NATURAL,	/* struct decimal, not below 0 */
	SHAPE_POSITIVE, /* struct decimal, above 0 */
	SHAPE_TIME,	/* int64_t: microseconds since 1970 */
	SHAPE_SECOND,	/* int64_t: seconds since 1970 */
	SHAPE_NUMBER,	/* int64_t */
	SHAPE_FLAG,	/* bool */
};

struct shape_field {
	const char *key;
	enum shape_kind kind;
	bool optional;
	size_t at;   /* offset of the field */
	size_t size; /* bytes of the field */
};

struct shape {
	const struct shape_field *fields;
	size_t count;
};

/* The lines of a table: kind and key of a member of a struct. */
#define SHAPE_AT(type, field)                                                  \
 offsetof(struct type, field), sizeof(((struct type *)0)->field)
#define SHAPE_MUST(type, kind, key, field)                                     \
 {                                                                             \
  key, SHAPE_##kind, false, SHAPE_AT(type, field)                              \
 }
#define SHAPE_MAY(type, kind, key, field)                                      \
 {                                                                             \
  key, SHAPE_##kind, true, SHAPE_AT(type, field)                               \
 }
#define SHAPE_OF(table)                                                        \
 {                                                                             \
  table, sizeof(table) / sizeof((table)[0])                                    \
 }

/* shape_write: the members, into an object that is open. */
void shape_write(struct json_writer *w, const struct shape *shape,
    const void *from);

/*
 * shape_read: the members, out of an object; *to begins as zeros.
 *
 * errors: TB_EINVAL "open: expected an amount above 0, found -1"
 */
enum tb_status shape_read(const struct json *j, const struct json_token *object,
    const struct shape *shape, void *to, struct tb_err *err);

#endif /* TB_VENUE_SHAPE_H */
