#ifndef TB_IO_UTF8_H
#define TB_IO_UTF8_H

/*
 * utf8: one character of UTF-8 at a time, strictly: no overlong forms, no
 * surrogates, nothing beyond U+10FFFF.
 *
 * source: Unicode 15, table 3-7
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_BYTES_MAX 4

/*
 * utf8_decode: the character at s.
 *
 * in:	    len	  bytes that may be read, at least 1
 * out:	    *out  its code point; untouched on failure
 * returns: its bytes, 1..UTF8_BYTES_MAX; 0 when the bytes are none
 */
size_t utf8_decode(const char *s, size_t len, uint32_t *out);

/*
 * utf8_encode: c as bytes.
 *
 * in:	    c  a code point, no surrogate
 * returns: bytes written, 1..UTF8_BYTES_MAX; no NUL
 */
size_t utf8_encode(uint32_t c, char out[static UTF8_BYTES_MAX]);

/*
 * utf8_is_hazard: may c drive a terminal or hide what a line says?  Controls
 * (C0, DEL, C1), line and paragraph separators, bidi controls, byte order
 * mark.
 */
bool utf8_is_hazard(uint32_t c);

/* utf8_columns: columns of a terminal that c takes: 0, 1 or 2. */
int utf8_columns(uint32_t c);

#endif /* TB_IO_UTF8_H */
