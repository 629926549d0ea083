#ifndef TB_COINBASE_JWT_H
#define TB_COINBASE_JWT_H

/*
 * jwt: the token that one request is sent with: RFC 7519, signed with ES256
 * or EdDSA.
 *
 * A token names the method, host and path of its request, holds for two
 * minutes, and has a nonce: every request, and every repetition, gets a new
 * one.
 */

#include <stdint.h>

#include "base/err.h"
#include "coinbase/key.h"

#define JWT_MAX 2048	 /* bytes of a token, with the NUL */
#define JWT_URI_MAX 512	 /* bytes of what it names, with the NUL */
#define JWT_LIFE_S 120	 /* exp - nbf; the exchange takes no more */
#define JWT_NONCE_LEN 32 /* hex digits */

/*
 * jwt_write: a token.
 *
 * in:	   uri	  "GET api.coinbase.com/api/v3/brokerage/accounts": no scheme,
 *		  no query; NULL: for a websocket
 * in:	   nbf_s  when it begins to hold
 * in:	   nonce  NULL: random; else the text itself, for tests
 * errors: TB_ERANGE uri does not fit; as key_sign() and key_random()
 */
enum tb_status jwt_write(const struct key *key, const char *uri, int64_t nbf_s,
    const char *nonce, char out[static JWT_MAX], struct tb_err *err);

#endif /* TB_COINBASE_JWT_H */
