#ifndef TB_IO_JSON_KEYS_H
#define TB_IO_JSON_KEYS_H

/*
 * json_keys: is a key of an object repeated?  Private to json.c.
 */

#include "io/json.h"

/*
 * json_repeated_key: the first key that stood before in the same object.
 *
 * in:	    object  the last object of json that was read whole: all tokens
 *		    behind it are its own; at most JSON_KEYS_MAX keys
 * returns: NULL no key is repeated
 */
const struct json_token *json_repeated_key(const struct json *json,
    const struct json_token *object);

#endif /* TB_IO_JSON_KEYS_H */
