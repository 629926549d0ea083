#ifndef TB_EXCHANGE_MISBEHAVE_H
#define TB_EXCHANGE_MISBEHAVE_H

/*
 * misbehave: answers that no HTTP library would send.  They are written to
 * the connection behind libmicrohttpd's back, which then closes it.
 */

#include "exchange/request.h"

/*
 * misbehave: do what the request's fault says with its answer.
 *
 * returns: MHD_NO: the connection is to be closed; MHD_YES: the answer, maybe
 *	    changed, is to be sent as any other
 */
enum MHD_Result misbehave(struct request *r);

#endif /* TB_EXCHANGE_MISBEHAVE_H */
