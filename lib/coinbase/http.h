#ifndef TB_COINBASE_HTTP_H
#define TB_COINBASE_HTTP_H

/*
 * http: one request over https and what became of it.
 *
 * TLS 1.2 or newer, certificates and names checked, no redirects, no proxy,
 * no netrc, nothing of the environment, no compression, HTTP/1.1.  Time and
 * size of every answer are bounded.  Plain http is spoken to this machine
 * only, and only where it is asked for.
 *
 * Whether bytes of a request can have left is told, because for an order that
 * is the difference between "not sent" and "unknown".
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/err.h"

#define HTTP_BODY_MAX 4194304	  /* bytes of an answer */
#define HTTP_CONNECT_MS 5000	  /* to be connected, TLS included */
#define HTTP_RETRY_MS_MAX 3600000 /* Retry-After: an hour */
#define HTTP_WORDS_MAX 256
#define HTTP_URL_MAX 2048

struct http; /* connections that may be used again */

struct http_config {
	const char *ca_file;	/* PEM of who is trusted; NULL: the system's */
	bool insecure_loopback; /* http:// to 127.0.0.1, [::1], localhost */
};

struct http_request {
	const char *url;
	const char *authorization; /* value of the header, or NULL */
	const char *body;	   /* JSON: a POST; NULL: a GET */
	bool once;		   /* a connection of its own, so that nobody
				      sends it a second time */
	int64_t within_ms;	   /* for all of it */
};

enum http_fate {
	HTTP_NOT_SENT,	/* no byte of the request has left */
	HTTP_NO_ANSWER, /* it may have arrived; no whole answer came */
	HTTP_ANSWERED,
};

/* Which body came: what stands in Content-Type. */
enum http_kind { HTTP_JSON, HTTP_HTML, HTTP_TEXT, HTTP_OTHER };

struct http_answer {
	enum http_fate fate;
	int status; /* of HTTP_ANSWERED */
	enum http_kind kind;
	int64_t retry_after_ms;	    /* of Retry-After, 0 if it tells none */
	char words[HTTP_WORDS_MAX]; /* why there is no answer */
	struct buffer body;	    /* borrowed until the next request */
};

/*
 * http_check_url: https, or what config lets be spoken without TLS.
 *
 * errors: TB_ECONFIG
 */
enum tb_status http_check_url(const struct http_config *config, const char *url,
    struct tb_err *err);

/* http_port: the port of a URL that http_check_url() let pass. */
uint16_t http_port(const char *url);

/*
 * http_open: nothing is connected yet.
 *
 * in:	   config  borrowed
 * errors: TB_ENOMEM; TB_ECONFIG the CA file can't be read
 */
enum tb_status http_open(struct http **out, const struct http_config *config,
    struct tb_err *err);
void http_close(struct http *h); /* NULL is fine */

/* http_ask: always fills *out; body belongs to h. */
void http_ask(struct http *h, const struct http_request *request,
    struct http_answer *out);

/* http_escape: append s as a part of a URL: RFC 3986's unreserved stay. */
void http_escape(struct buffer *out, const char *s);

#endif /* TB_COINBASE_HTTP_H */
