#include "coinbase/http.h"

#include <assert.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HTTP_PORT 80
#define HTTPS_PORT 443
#define SLOW_BYTES_S 16 /* slower than this ... */
#define SLOW_S 8	/* ... for so long is no answer */

struct http {
	const struct http_config *config; /* borrowed */
	CURL *curl;
	struct buffer body;
	char words[CURL_ERROR_SIZE];
};

static bool
begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

/* http://127.0.0.1, [::1] or localhost, with or without a port. */
static bool
is_loopback(const char *url)
{
	static const char *const hosts[] = { "http://127.0.0.1", "http://[::1]",
		"http://localhost" };

	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		const char *rest = url + strlen(hosts[i]);

		if (begins(url, hosts[i]) && strchr(":/", rest[0]) != NULL)
			return true;
	}
	return false;
}

enum tb_status
http_check_url(const struct http_config *config, const char *url,
    struct tb_err *err)
{
	size_t scheme = begins(url, "https://") ? 8 : 7;

	if (!begins(url, "https://") && !begins(url, "http://"))
		return tb_fail(err, TB_ECONFIG,
		    "base URL %.200s: expected https://HOST", url);
	if (url[scheme] == '\0' || url[scheme] == '/' ||
	    strpbrk(url, "@?#\\ \t\r\n") != NULL)
		return tb_fail(err, TB_ECONFIG,
		    "base URL %.200s: expected a host and a path only", url);
	if (scheme == 8)
		return TB_OK;
	if (!is_loopback(url))
		return tb_fail(err, TB_ECONFIG,
		    "base URL %.200s: expected https://", url);
	if (!config->insecure_loopback)
		return tb_fail(err, TB_ECONFIG,
		    "base URL %.200s: plain http, even to this machine, needs"
		    " --insecure-loopback",
		    url);
	return TB_OK;
}

uint16_t
http_port(const char *url)
{
	const char *host = strstr(url, "//") + 2;
	const char *end = host + strcspn(host, "/");
	const char *at = end;

	while (at > host && at[-1] >= '0' && at[-1] <= '9')
		at--;
	if (at < end && at > host && at[-1] == ':')
		return (uint16_t)strtoul(at, NULL, 10);
	return begins(url, "https:") ? HTTPS_PORT : HTTP_PORT;
}

enum tb_status
http_open(struct http **out, const struct http_config *config,
    struct tb_err *err)
{
	struct http *h;

	*out = NULL;
	if (config->ca_file != NULL && access(config->ca_file, R_OK) != 0)
		return tb_fail(err, TB_ECONFIG,
		    "CA file %.300s: it can't be read", config->ca_file);
	h = calloc(1, sizeof(*h));
	if (h == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		free(h);
		return tb_nomem(err);
	}
	h->config = config;
	buffer_init(&h->body, HTTP_BODY_MAX);
	h->curl = curl_easy_init();
	if (h->curl == NULL) {
		http_close(h);
		return tb_nomem(err);
	}
	*out = h;
	return TB_OK;
}

void
http_close(struct http *h)
{
	if (h == NULL)
		return;
	curl_easy_cleanup(h->curl);
	curl_global_cleanup();
	buffer_release(&h->body);
	free(h);
}

/* Less than asked for makes curl give up: the answer is too long. */
static size_t
take_body(char *bytes, size_t size, size_t count, void *arg)
{
	struct http *h = arg;

	buffer_add(&h->body, bytes, size * count);
	return h->body.failed == TB_OK ? size * count : 0;
}

/* Nothing here can fail but for want of memory, which shows in the request. */
static void
set_options(struct http *h, const struct http_request *r)
{
	CURL *c = h->curl;
	bool plain = h->config->insecure_loopback && is_loopback(r->url);

	curl_easy_reset(c);
	curl_easy_setopt(c, CURLOPT_URL, r->url);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, plain ? "http" : "https");
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)HTTP_CONNECT_MS);
	curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)r->within_ms);
	if (!r->once) { /* what became of an order is worth the whole time */
		curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT,
		    (long)SLOW_BYTES_S);
		curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)SLOW_S);
	}
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, h->words);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, h);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "tb/" TB_VERSION);
	if (h->config->ca_file != NULL) {
		curl_easy_setopt(c, CURLOPT_CAINFO, h->config->ca_file);
		curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
	}
	if (r->body != NULL)
		curl_easy_setopt(c, CURLOPT_POSTFIELDS, r->body);
	if (r->once) {
		curl_easy_setopt(c, CURLOPT_FRESH_CONNECT, 1L);
		curl_easy_setopt(c, CURLOPT_FORBID_REUSE, 1L);
	}
}

/* *list is the caller's to free; false: out of memory. */
static bool
add_header(struct curl_slist **list, const char *line)
{
	struct curl_slist *longer = curl_slist_append(*list, line);

	if (longer != NULL)
		*list = longer;
	return longer != NULL;
}

static bool
set_headers(struct http *h, const struct http_request *r,
    struct curl_slist **list)
{
	struct buffer line;
	bool there;

	there = add_header(list, "Accept: application/json") &&
	    add_header(list, "Cache-Control: no-cache") &&
	    /* no "Expect: 100-continue", which may cost a second */
	    add_header(list, "Expect:");
	if (there && r->body != NULL)
		there = add_header(list, "Content-Type: application/json");
	if (there && r->authorization != NULL) {
		buffer_init(&line, 8192);
		buffer_add_format(&line, "Authorization: %s", r->authorization);
		there = line.failed == TB_OK &&
		    add_header(list, buffer_string(&line));
		buffer_release(&line);
	}
	curl_easy_setopt(h->curl, CURLOPT_HTTPHEADER, *list);
	return there;
}

static enum http_kind
kind_of(const char *content_type)
{
	if (content_type == NULL)
		return HTTP_OTHER;
	if (begins(content_type, "application/json"))
		return HTTP_JSON;
	if (begins(content_type, "text/html"))
		return HTTP_HTML;
	return begins(content_type, "text/plain") ? HTTP_TEXT : HTTP_OTHER;
}

/* Seconds, or a date that curl has read; what is neither counts for nothing. */
static int64_t
retry_after_ms(CURL *c)
{
	curl_off_t seconds = 0;

	if (curl_easy_getinfo(c, CURLINFO_RETRY_AFTER, &seconds) != CURLE_OK ||
	    seconds <= 0)
		return 0;
	return seconds > HTTP_RETRY_MS_MAX / 1000 ? HTTP_RETRY_MS_MAX :
						    (int64_t)seconds * 1000;
}

static void
tell(struct http *h, CURLcode code, struct http_answer *out)
{
	const char *words =
	    h->words[0] != '\0' ? h->words : curl_easy_strerror(code);
	char *content_type = NULL;
	long request_bytes = 0, status = 0;

	(void)curl_easy_getinfo(h->curl, CURLINFO_REQUEST_SIZE, &request_bytes);
	(void)curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &status);
	(void)curl_easy_getinfo(h->curl, CURLINFO_CONTENT_TYPE, &content_type);
	out->fate = code == CURLE_OK ? HTTP_ANSWERED :
	    request_bytes == 0	     ? HTTP_NOT_SENT :
				       HTTP_NO_ANSWER;
	out->status = (int)status;
	out->kind = kind_of(content_type);
	out->retry_after_ms = retry_after_ms(h->curl);
	if (code == CURLE_OK)
		return;
	if (h->body.failed == TB_ERANGE)
		words = "the answer is too long";
	(void)snprintf(out->words, sizeof(out->words), "%s", words);
}

void
http_ask(struct http *h, const struct http_request *request,
    struct http_answer *out)
{
	struct curl_slist *headers = NULL;
	CURLcode code = CURLE_OUT_OF_MEMORY;

	*out = (struct http_answer){ .fate = HTTP_NOT_SENT };
	buffer_clear(&h->body);
	h->words[0] = '\0';
	set_options(h, request);
	if (set_headers(h, request, &headers))
		code = curl_easy_perform(h->curl);
	tell(h, code, out);
	out->body = h->body;
	curl_easy_setopt(h->curl, CURLOPT_HTTPHEADER, NULL);
	curl_slist_free_all(headers); /* the token stood in it */
}

void
http_escape(struct buffer *out, const char *s)
{
	static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					 "abcdefghijklmnopqrstuvwxyz"
					 "0123456789-._~";

	for (; *s != '\0'; s++)
		if (strchr(unreserved, *s) != NULL)
			buffer_add_char(out, *s);
		else
			buffer_add_format(out, "%%%02X", (unsigned char)*s);
}
