#ifndef TB_EXCHANGE_TOKEN_H
#define TB_EXCHANGE_TOKEN_H

/*
 * token: the judge of a request's JWT (coinbase-api.md 1.3, 1.4).
 *
 * The real service answers 401 without a reason; the reason goes to the log.
 */

#include <stddef.h>
#include <stdint.h>

#include "exchange/key.h"

#define TOKEN_MAX 4096	       /* bytes of a token */
#define TOKEN_LIFE_S 120       /* exp - nbf at most */
#define TOKEN_LEEWAY_S 30      /* between the two clocks */
#define TOKENS_REMEMBERED 8192 /* nonces, the oldest is forgotten first */

struct token_memory {
	uint64_t nonces[TOKENS_REMEMBERED]; /* hashes */
	size_t count;			    /* ever */
};

/* What the token must be good for. */
struct token_use {
	const char *method, *path; /* without the query */
	const char *host;	   /* the Host header */
	int64_t now_s;
};

/*
 * token_verdict: "ok", or what is wrong with it.
 *
 * in: authorization  the header's value; NULL: there is none
 */
const char *token_verdict(const struct keyring *ring,
    struct token_memory *memory, const char *authorization,
    const struct token_use *use);

#endif /* TB_EXCHANGE_TOKEN_H */
