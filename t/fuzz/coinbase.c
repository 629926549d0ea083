/*
 * coinbase: every verb over an exchange that answers any bytes, at once or
 * after a 401, with any status, or not at all.  What comes out is an answer of
 * the venue protocol; an order is accepted, refused or not sent only where
 * that is proved, and is asked for at most twice.
 *
 * An input: the verb as a letter, then answers, each of them three digits of
 * status, a letter of its kind (j h t o), a letter of its fate (a n -), and the
 * body; a byte 0 is between two.
 */

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/instant.h"
#include "coinbase/coinbase.h"

#include "fuzz.h"

#define BASE_URL "https://api.example.com"
#define INPUT_MAX (1UL << 18)

/* The exchange: it takes the place of lib/coinbase/http.c. */
struct http {
	const char *at, *end; /* answers that are left */
	unsigned asked;
	enum http_fate fate; /* of the last */
	int status;
	struct buffer body;
};

static struct json_token tokens[PROTOCOL_TOKENS_MAX];
static struct fill rows[VENUE_PAGE_MAX]; /* the largest kind of row */
static struct fill rows_back[VENUE_PAGE_MAX];
static struct key key;

enum tb_status
http_check_url(const struct http_config *config, const char *url,
    struct tb_err *err)
{
	(void)config;
	(void)url;
	return tb_fail(err, TB_EBUG, "nobody asks here");
}

void
http_escape(struct buffer *out, const char *s)
{
	for (; *s != '\0'; s++)
		buffer_add_format(out, "%%%02X", (unsigned char)*s);
}

/* A token of its own, and a body that is JSON. */
static void
check_request(const struct http_request *r)
{
	struct json_token body[256];
	struct json j;
	char *copy;

	assert(strncmp(r->url, BASE_URL "/api/v3/", 31) == 0);
	assert(strpbrk(r->url, " \r\n") == NULL);
	assert(r->within_ms > 0);
	if (r->authorization != NULL) {
		assert(strncmp(r->authorization, "Bearer ", 7) == 0);
		assert(strpbrk(r->authorization + 7, " \r\n") == NULL);
	}
	if (r->body == NULL)
		return;
	copy = strdup(r->body);
	assert(copy != NULL);
	assert(json_read(copy, strlen(copy), body, 256, &j, NULL) == TB_OK);
	free(copy);
}

static unsigned
digit(char c)
{
	return c >= '0' && c <= '9' ? (unsigned)(c - '0') : 2;
}

void
http_ask(struct http *h, const struct http_request *request,
    struct http_answer *out)
{
	size_t left = (size_t)(h->end - h->at), len;

	check_request(request);
	h->asked++;
	buffer_clear(&h->body);
	*out = (struct http_answer){ .fate = HTTP_NOT_SENT,
		.words = "no more answers" };
	if (left >= 5) {
		len = strnlen(h->at + 5, left - 5);
		out->status = (int)(100 * digit(h->at[0]) +
		    10 * digit(h->at[1]) + digit(h->at[2]));
		out->kind = h->at[3] == 'j' ? HTTP_JSON :
		    h->at[3] == 'h'	    ? HTTP_HTML :
		    h->at[3] == 't'	    ? HTTP_TEXT :
					      HTTP_OTHER;
		out->fate = h->at[4] == 'a' ? HTTP_ANSWERED :
		    h->at[4] == 'n'	    ? HTTP_NO_ANSWER :
					      HTTP_NOT_SENT;
		if (out->fate == HTTP_ANSWERED)
			buffer_add(&h->body, h->at + 5, len);
		h->at += 5 + len;
		h->at += h->at < h->end;
	}
	h->fate = out->fate;
	h->status = out->status;
	(void)buffer_string(&h->body);
	out->body = h->body;
}

/* What is told of an order follows from the last answer. */
static void
check_place(const struct http *h, const struct venue_answer *a)
{
	bool answered = h->fate == HTTP_ANSWERED;

	assert(h->asked <= 2 && !a->hung);
	assert((a->outcome == VENUE_ACCEPTED) == (a->order_id[0] != '\0'));
	if (a->outcome == VENUE_ACCEPTED)
		assert(answered && h->status == 200);
	if (a->outcome == VENUE_REFUSED)
		assert(answered && h->status <= 403);
	if (a->outcome == VENUE_NOT_SENT)
		assert(h->fate == HTTP_NOT_SENT);
	if (a->client_order_id[0] != '\0' && answered)
		assert(memchr(a->client_order_id, '\0', 37) != NULL);
}

/* Whoever asked can read it. */
static void
check_answer(struct protocol_answer *a)
{
	struct protocol_answer back = { .id = a->id,
		.verb = a->verb,
		.rows.fills = rows_back,
		.max = VENUE_PAGE_MAX };
	struct buffer out;
	struct tb_err err;

	assert(a->status == TB_OK || a->message[0] != '\0');
	assert(a->count <= VENUE_PAGE_MAX);
	buffer_init(&out, 2UL * PROTOCOL_ANSWER_MAX);
	protocol_answer_write(&out, a);
	assert(buffer_status(&out, &err) == TB_OK);
	if (protocol_answer_read(out.data, out.len, tokens, &back, &err) !=
	    TB_OK) {
		/* a fill of nothing, a fee of less than nothing */
		assert(strstr(err.msg, "expected an amount") != NULL);
	} else if (a->status != TB_OK) {
		assert(back.status == a->status);
	} else {
		assert(back.status == TB_OK && back.count == a->count);
		assert(back.place.outcome == a->place.outcome);
		assert(strcmp(back.order.client_order_id,
			   a->order.client_order_id) == 0);
	}
	buffer_release(&out);
}

static const struct protocol_request *
request_of(enum venue_verb verb)
{
	static struct protocol_request r;

	r = (struct protocol_request){ .id = 1,
		.verb = verb,
		.product_id = "BTC-USD",
		.granularity_s = 300,
		.from_s = 1757500000,
		.to_s = 1757600000,
		.order_id = "o-1",
		.since_us = INT64_C(1757586600000000) };
	r.order =
	    (struct venue_request){ .client_order_id =
					"9c1d2b5e-0000-4000-8000-000000000001",
		    .product_id = "BTC-USD",
		    .type = "market",
		    .has_quote_size = true,
		    .quote_size = DECIMAL_OF(25),
		    .send_before_ms = INT64_MAX };
	return &r;
}

/* A key of Ed25519: its seed, in base64. */
static void
make_key(void)
{
	char file[] = "{\"name\":\"organizations/o/apiKeys/k\",\"privateKey\":"
		      "\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\"}";
	struct tb_err err;

	if (key.pkey == NULL)
		assert(key_parse(file, sizeof(file) - 1, &key, &err) == TB_OK);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http h = { .fate = HTTP_NOT_SENT };
	struct coinbase c = { .http = &h, .base_url = BASE_URL };
	struct protocol_answer a = { .id = 1, .rows.fills = rows };
	unsigned verb;

	if (size < 1 || size > INPUT_MAX)
		return 0;
	verb = (unsigned char)(data[0] - 'a') % (2 * VENUE_VERBS);
	make_key();
	c.key = verb < VENUE_VERBS ? &key : NULL;
	a.verb = (enum venue_verb)(verb % VENUE_VERBS);
	a.max = VENUE_PAGE_MAX;
	h.at = (const char *)data + 1;
	h.end = (const char *)data + size;
	buffer_init(&h.body, INPUT_MAX);
	coinbase_answer(&c, request_of(a.verb), &a);
	if (a.verb == VERB_PLACE)
		check_place(&h, &a.place);
	check_answer(&a);
	buffer_release(&h.body);
	return 0;
}
