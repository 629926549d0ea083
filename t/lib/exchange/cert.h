#ifndef TB_EXCHANGE_CERT_H
#define TB_EXCHANGE_CERT_H

/*
 * cert: a certificate authority for one run of the stand-in, and the
 * certificate that it signs for the server.  Keys stay in memory; only the
 * authority's certificate is written, for clients to trust.
 */

#include "base/err.h"

#define CERT_PEM_MAX 4096

struct cert {
	char chain[CERT_PEM_MAX]; /* the server's certificate */
	char key[CERT_PEM_MAX];	  /* its private key */
};

/*
 * cert_make: for localhost, 127.0.0.1, ::1 and api.coinbase.com.
 *
 * in:	   flaw	    "" or what is to be wrong: "expired", "wrong-host",
 *		    "self-signed"
 *	   ca_path  file that is written
 * errors: TB_EINVAL no such flaw; TB_EIO
 */
enum tb_status cert_make(const char *flaw, const char *ca_path,
    struct cert *out, struct tb_err *err);

#endif /* TB_EXCHANGE_CERT_H */
