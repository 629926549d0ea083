#ifndef TB_COINBASE_CLASSIFY_H
#define TB_COINBASE_CLASSIFY_H

/*
 * classify: what became of a request, by what was seen of it.
 *
 * Pure functions over one table each.  The rule behind the table of an order:
 * only what proves that no order was made is a refusal or "not sent"; all
 * that could have left one behind is "unknown".
 */

#include "base/err.h"
#include "coinbase/http.h"
#include "io/json.h"
#include "venue/venue.h"

/* What an answer's body says of an order. */
enum said {
	SAID_NOTHING,	/* no JSON, or nothing that can be understood */
	SAID_ACCEPTED,	/* success, and an order_id */
	SAID_REFUSED,	/* no success, and a reason */
	SAID_DUPLICATE, /* no success: the client_order_id was used before */
	SAID_ERROR,	/* the envelope of the gateway's errors */
};

/* What was seen of a POST of an order. */
struct seen {
	enum http_fate fate;
	int status;
	enum http_kind kind;
	enum said said;
};

struct fate_of_order {
	enum venue_outcome outcome;
	bool key_rejected;
	bool again;	   /* nothing was done: a new token may help, once */
	const char *words; /* what to say where the exchange says nothing */
};

struct fate_of_order classify_order(const struct seen *seen);

/*
 * classify_other: of every other verb.
 *
 * out:	    *again  a new token may help, once
 * returns: TB_OK the body may be read; TB_ENET not reached, no answer, or an
 *	    answer of something in between; TB_EBUSY; TB_EPERM; TB_ENOENT;
 *	    TB_EVENUE it says no; TB_EINVAL an answer that makes no sense
 */
enum tb_status classify_other(enum http_fate fate, int status,
    enum http_kind kind, bool *again);

/*
 * classify_answer: an answer to the POST of an order.
 *
 * inout: a	a->body is decoded in place
 * out:	  *out	hung is false; the order as the exchange repeats it is not
 *		compared with any
 * returns: a new token may help, once
 */
bool classify_answer(struct http_answer *a, struct venue_answer *out);

#endif /* TB_COINBASE_CLASSIFY_H */
