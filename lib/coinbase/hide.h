#ifndef TB_COINBASE_HIDE_H
#define TB_COINBASE_HIDE_H

/*
 * hide: the last gate before a line goes out.  No answer is made of the key;
 * but an exchange, or something between, may send back what it was sent.
 */

#include <stddef.h>

#include "coinbase/key.h"

/*
 * hide_secrets: put a "*" in the place of every byte of the key's name, of
 * what looks like one of its tokens ("eyJ...eyJ...") and of a PEM.
 *
 * in:	  key	NULL: there is none
 * inout: line	its length stays, and that it is JSON
 */
void hide_secrets(const struct key *key, char *line, size_t len);

#endif /* TB_COINBASE_HIDE_H */
