#ifndef TB_IO_YAML_H
#define TB_IO_YAML_H

/*
 * yaml: a configuration file as a tree of named texts with places.
 *
 * The only room that includes yaml.h.  Scalars stay the text that was
 * written, so that 25.00 is an amount and no double.  Refused with file, line
 * and column: anchors, aliases, tags, directives, merge keys, repeated keys,
 * keys that are no scalars, a second document, NUL, bad UTF-8, more than
 * YAML_DEPTH_MAX levels, YAML_BYTES_MAX bytes, YAML_NODES_MAX nodes or
 * YAML_KEYS_MAX keys of one mapping, and what yaml_strict.h lists.  A byte
 * order mark and CRLF are accepted.  An empty file is an empty mapping.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/decimal.h"
#include "base/err.h"

#define YAML_BYTES_MAX 65536
#define YAML_DEPTH_MAX 16
#define YAML_NODES_MAX 16384
#define YAML_KEYS_MAX 1024

enum yaml_kind { YAML_MAPPING, YAML_SEQUENCE, YAML_SCALAR };

/* A node; all pointers are owned by the document. */
struct yaml_node {
	enum yaml_kind kind;
	const char *key;  /* in a mapping; else NULL */
	const char *text; /* of a scalar, NUL-terminated */
	bool quoted;	  /* it was written in quotes: never a number or null */
	int line, column; /* from 1 */
	int key_line, key_column;		       /* of key */
	const struct yaml_node *parent, *child, *next; /* NULL where none */
};

struct yaml;

/*
 * yaml_read: read the file at path ("-": standard input).
 *
 * errors: TB_ECONFIG "FILE:LINE:COLUMN: what is wrong"; TB_ENOENT; TB_EIO;
 *	   TB_ENOMEM
 */
enum tb_status yaml_read(struct yaml **out, const char *path,
    struct tb_err *err);

/* yaml_parse: the same from memory; name is for messages. */
enum tb_status yaml_parse(struct yaml **out, const char *name, const char *text,
    size_t len, struct tb_err *err);
/* yaml_close: NULL is fine.  Not yaml_free: libyaml has a function of that
 * name, and would call ours. */
void yaml_close(struct yaml *y);

const struct yaml_node *yaml_root(const struct yaml *y);

/* yaml_get: the value of key; NULL where there is none, or no mapping. */
const struct yaml_node *yaml_get(const struct yaml_node *mapping,
    const char *key);

/* yaml_is_null: a scalar that says nothing: "key:", ~ or null. */
bool yaml_is_null(const struct yaml_node *n);

/*
 * yaml_fail: an error at node: "FILE:LINE:COLUMN: bots[2].signals.rsi: ..."
 * (elements are counted from 0, as jq does); the value is the status,
 * TB_ECONFIG.
 */
enum tb_status yaml_fail(const struct yaml *y, const struct yaml_node *node,
    struct tb_err *err, const char *fmt, ...) TB_PRINTF(4, 5);

/*
 * yaml_check_keys: every key of mapping is one of the NULL-terminated list.
 *
 * errors: TB_ECONFIG with a did-you-mean where one is near
 */
enum tb_status yaml_check_keys(const struct yaml *y,
    const struct yaml_node *mapping, const char *const *known,
    struct tb_err *err);

/*
 * yaml_nearest: the known word that word may have been meant for: few letters
 * wrong, missing, too many or swapped, in the whole word or its beginning; or
 * NULL.
 */
const char *yaml_nearest(const char *word, const char *const *known);

/*
 * Scalars of a type.  errors: TB_ECONFIG with the place and what was expected.
 * Booleans: true false yes no on off, in any case.  Numbers and booleans in
 * quotes are texts; nothing at all is neither.
 */
enum tb_status yaml_decimal(const struct yaml *y, const struct yaml_node *n,
    struct decimal *out, struct tb_err *err);
enum tb_status yaml_integer(const struct yaml *y, const struct yaml_node *n,
    long long min, long long max, long long *out, struct tb_err *err);
enum tb_status yaml_bool(const struct yaml *y, const struct yaml_node *n,
    bool *out, struct tb_err *err);
enum tb_status yaml_text(const struct yaml *y, const struct yaml_node *n,
    char *buf, size_t size, struct tb_err *err);

#endif /* TB_IO_YAML_H */
