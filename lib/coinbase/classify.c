#include "coinbase/classify.h"

#include <stdio.h>
#include <string.h>

#include "coinbase/told.h"

#define TOKENS_MAX 1024 /* of an answer to an order */
#define ANY (-1)
#define SLOWER_MS 1000 /* 429 that tells no time: it grows from time to time */

/* ----------------------------------------------------------------- table -- */

/* The first line that fits decides; ANY fits everything. */
static const struct {
	int fate, status_from, status_to, kind, said;
	struct fate_of_order is;
} orders[] = {
	{ HTTP_NOT_SENT, ANY, ANY, ANY, ANY,
	    { VENUE_NOT_SENT, false, false, "not reached" } },
	{ HTTP_NO_ANSWER, ANY, ANY, ANY, ANY,
	    { VENUE_UNKNOWN, false, false, "no answer" } },
	{ ANY, 200, 200, ANY, SAID_ACCEPTED,
	    { VENUE_ACCEPTED, false, false, "" } },
	{ ANY, 200, 200, ANY, SAID_REFUSED,
	    { VENUE_REFUSED, false, false, "" } },
	{ ANY, 200, 200, ANY, SAID_DUPLICATE,
	    { VENUE_UNKNOWN, false, false, "this order was placed before" } },
	{ ANY, 400, 400, ANY, SAID_ERROR,
	    { VENUE_REFUSED, false, false, "bad request" } },
	{ ANY, 401, 401, HTTP_HTML, ANY,
	    { VENUE_UNKNOWN, false, false, "a page, no answer" } },
	{ ANY, 401, 401, ANY, ANY,
	    { VENUE_REFUSED, true, true,
		"the key is rejected: is it right, and the clock?" } },
	{ ANY, 403, 403, ANY, SAID_ERROR,
	    { VENUE_REFUSED, true, false, "the key may not do this" } },
	{ ANY, 429, 429, ANY, ANY,
	    { VENUE_UNKNOWN, false, false, "too many requests" } },
	{ ANY, 300, 399, ANY, ANY,
	    { VENUE_UNKNOWN, false, false, "redirects are not followed" } },
	{ ANY, ANY, ANY, ANY, ANY,
	    { VENUE_UNKNOWN, false, false, "an answer that says nothing" } },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool
fits(int wanted, int seen)
{
	return wanted == ANY || wanted == seen;
}

struct fate_of_order
classify_order(const struct seen *seen)
{
	size_t i = 0;

	while (!(fits(orders[i].fate, (int)seen->fate) &&
	    (orders[i].status_from == ANY ||
		(seen->status >= orders[i].status_from &&
		    seen->status <= orders[i].status_to)) &&
	    fits(orders[i].kind, (int)seen->kind) &&
	    fits(orders[i].said, (int)seen->said)))
		i++; /* the last line fits everything */
	return orders[i].is;
}

enum tb_status
classify_other(enum http_fate fate, int status, enum http_kind kind,
    bool *again)
{
	*again = false;
	if (fate != HTTP_ANSWERED)
		return TB_ENET;
	if (status == 429)
		return TB_EBUSY;
	if (kind == HTTP_HTML) /* of something in between */
		return status == 200 ? TB_EINVAL : TB_ENET;
	if (status == 401)
		*again = true;
	if (status == 401 || status == 403)
		return TB_EPERM;
	if (status == 404)
		return TB_ENOENT;
	if (status >= 500)
		return TB_ENET;
	if (status >= 400)
		return TB_EVENUE;
	return status == 200 ? TB_OK : TB_EINVAL;
}

/* ---------------------------------------------------------------- answer -- */

/* The first word that tells something. */
static void
read_reason(const struct json *j, const struct json_token *response, char *out,
    size_t size)
{
	static const char *const keys[] = { "new_order_failure_reason",
		"preview_failure_reason", "error" };

	for (size_t i = 0; i < COUNT(keys); i++) {
		told_text(j, response, keys[i], out, size);
		if (out[0] != '\0' && strncmp(out, "UNKNOWN_", 8) != 0)
			return;
	}
	(void)snprintf(out, size, "UNKNOWN_FAILURE_REASON");
}

/* The sentence, unless it only repeats a word. */
static void
read_words(const struct json *j, const struct json_token *t,
    struct venue_answer *out)
{
	told_words(j, t, out->words, sizeof(out->words));
	if (strcmp(out->words, out->reason) == 0 ||
	    strncmp(out->words, "UNKNOWN_", 8) == 0)
		out->words[0] = '\0';
}

static enum said
read_refusal(const struct json *j, struct venue_answer *out)
{
	const struct json_token *response =
	    json_get(j, j->tokens, "error_response");

	if (response == NULL || response->kind != JSON_OBJECT)
		return SAID_NOTHING;
	read_reason(j, response, out->reason, sizeof(out->reason));
	read_words(j, response, out);
	return strcmp(out->reason, "DUPLICATE_CLIENT_ORDER_ID") == 0 ?
	    SAID_DUPLICATE :
	    SAID_REFUSED;
}

/* Of which order it is, who asked compares, and sounds the alarm. */
static enum said
read_success(const struct json *j, struct venue_answer *out)
{
	const struct json_token *response =
	    json_get(j, j->tokens, "success_response");

	told_text(j, response, "order_id", out->order_id,
	    sizeof(out->order_id));
	told_text(j, response, "client_order_id", out->client_order_id,
	    sizeof(out->client_order_id));
	told_text(j, response, "product_id", out->product_id,
	    sizeof(out->product_id));
	told_text(j, response, "side", out->side, sizeof(out->side));
	return out->order_id[0] == '\0' ? SAID_NOTHING : SAID_ACCEPTED;
}

static enum said
read_body(struct http_answer *a, struct venue_answer *out)
{
	struct json_token tokens[TOKENS_MAX];
	const struct json_token *success;
	struct json j;

	if (a->body.len == 0 ||
	    json_read(a->body.data, a->body.len, tokens, TOKENS_MAX, &j,
		NULL) != TB_OK ||
	    tokens[0].kind != JSON_OBJECT)
		return SAID_NOTHING;
	success = json_get(&j, tokens, "success");
	if (success != NULL && success->kind == JSON_TRUE)
		return read_success(&j, out);
	if (success != NULL && success->kind == JSON_FALSE)
		return read_refusal(&j, out);
	told_text(&j, tokens, "error", out->reason, sizeof(out->reason));
	read_words(&j, tokens, out);
	return out->reason[0] == '\0' && out->words[0] == '\0' ? SAID_NOTHING :
								 SAID_ERROR;
}

bool
classify_answer(struct http_answer *a, struct venue_answer *out)
{
	struct seen seen = { a->fate, a->status, a->kind, SAID_NOTHING };
	struct fate_of_order is;

	*out = (struct venue_answer){ 0 };
	if (a->fate == HTTP_ANSWERED)
		seen.said = read_body(a, out);
	is = classify_order(&seen);
	out->outcome = is.outcome;
	out->key_rejected = is.key_rejected;
	out->retry_after_ms = a->retry_after_ms;
	if (a->fate == HTTP_ANSWERED && a->status == 429 &&
	    a->retry_after_ms == 0)
		out->retry_after_ms = SLOWER_MS;
	if (is.outcome != VENUE_ACCEPTED)
		out->order_id[0] = '\0';
	if (out->words[0] != '\0')
		return is.again;
	if (a->fate != HTTP_ANSWERED)
		(void)snprintf(out->words, sizeof(out->words), "%s: %.200s",
		    is.words, a->words);
	else if (a->status != 200)
		(void)snprintf(out->words, sizeof(out->words),
		    "HTTP status %d: %s", a->status, is.words);
	else
		(void)snprintf(out->words, sizeof(out->words), "%s", is.words);
	return is.again;
}
