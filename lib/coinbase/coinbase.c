#include "coinbase/coinbase.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/instant.h"
#include "coinbase/asked.h"
#include "coinbase/classify.h"
#include "coinbase/jwt.h"
#include "coinbase/page.h"
#include "coinbase/told.h"

#define BODY_MAX 2048
/* A product has 60 members and lists; 250 of them in an answer. */
#define TOKENS_MAX 65536

enum tb_status
coinbase_check(const struct http_config *config, const char *base_url,
    struct tb_err *err)
{
	size_t len = strlen(base_url);

	if (len >= COINBASE_URL_MAX)
		return tb_fail(err, TB_ECONFIG, "the base URL is too long");
	if (len > 0 && base_url[len - 1] == '/')
		return tb_fail(err, TB_ECONFIG,
		    "base URL %.200s: expected no / at its end", base_url);
	return http_check_url(config, base_url, err);
}

/* ------------------------------------------------------------------- ask -- */

/* One request: its path with query, and the JSON of a POST. */
struct call {
	struct buffer path;
	struct buffer body; /* empty: a GET */
	bool is_public;	    /* goes without a token */
	bool once;
	int64_t within_ms;
};

static void
call_init(struct call *call, int64_t within_ms)
{
	*call = (struct call){ .within_ms = within_ms };
	buffer_init(&call->path, HTTP_URL_MAX - COINBASE_URL_MAX);
	buffer_init(&call->body, BODY_MAX);
}

static void
call_release(struct call *call)
{
	buffer_release(&call->path);
	buffer_release(&call->body);
}

/* "GET api.coinbase.com/api/v3/brokerage/accounts": what a token is for. */
static enum tb_status
write_token(const struct coinbase *c, const struct call *call,
    char out[static JWT_MAX], struct tb_err *err)
{
	const char *path = buffer_string(&call->path);
	const char *host = strstr(c->base_url, "://") + 3;
	int64_t now_s = instant_floor_s(instant_now_us());
	char uri[JWT_URI_MAX];
	int len;

	len = snprintf(uri, sizeof(uri), "%s %s%.*s",
	    call->body.len > 0 ? "POST" : "GET", host, (int)strcspn(path, "?"),
	    path);
	if (len < 0 || (size_t)len >= sizeof(uri))
		return tb_fail(err, TB_EINVAL, "the path is too long");
	return jwt_write(c->key, uri, now_s - COINBASE_NBF_S, NULL, out, err);
}

/* Fails where there is nothing to ask with; else *out tells. */
static enum tb_status
ask(const struct coinbase *c, const struct call *call, struct http_answer *out,
    struct tb_err *err)
{
	static const char bearer[] = "Bearer ";
	char url[HTTP_URL_MAX], authorization[sizeof(bearer) + JWT_MAX];
	const struct http_request request = {
		.url = url,
		.authorization = call->is_public ? NULL : authorization,
		.body = call->body.len > 0 ? call->body.data : NULL,
		.once = call->once,
		.within_ms = call->within_ms,
	};
	enum tb_status status = buffer_status(&call->path, err);

	if (status == TB_OK)
		status = buffer_status(&call->body, err);
	if (status != TB_OK)
		return status;
	(void)snprintf(url, sizeof(url), "%s%s", c->base_url,
	    buffer_string(&call->path));
	if (!call->is_public) {
		memcpy(authorization, bearer, sizeof(bearer));
		status = write_token(c, call,
		    authorization + sizeof(bearer) - 1, err);
	}
	if (status == TB_OK)
		http_ask(c->http, &request, out);
	key_wipe(authorization, sizeof(authorization));
	return status;
}

/* What is wrong, in the exchange's words where it has some. */
static enum tb_status
fail(enum tb_status status, struct http_answer *a, const struct json *j,
    struct tb_err *err)
{
	char words[HTTP_WORDS_MAX] = "";

	if (a->fate != HTTP_ANSWERED)
		return tb_fail(err, status, "%s: %s",
		    a->fate == HTTP_NOT_SENT ? "not reached" : "no answer",
		    a->words);
	if (j != NULL)
		told_words(j, j->tokens, words, sizeof(words));
	if (words[0] != '\0')
		return tb_fail(err, status, "%s (HTTP status %d)", words,
		    a->status);
	if (status == TB_EPERM)
		return tb_fail(err, status,
		    "the key is rejected (HTTP status %d): is it right, and"
		    " the clock?",
		    a->status);
	return tb_fail(err, status, "HTTP status %d%s", a->status,
	    a->kind == HTTP_HTML ? ", a page where JSON was due" : "");
}

/* One request, a second time with a new token where that may help; its JSON
 * where it has some. */
static enum tb_status
ask_json(const struct coinbase *c, const struct call *call,
    struct json_token *tokens, struct json *j, struct protocol_answer *a,
    struct tb_err *err)
{
	struct http_answer http;
	enum tb_status status, fate;
	bool again, has_json;

	status = ask(c, call, &http, err);
	if (status != TB_OK)
		return status;
	fate = classify_other(http.fate, http.status, http.kind, &again);
	if (again && !call->is_public) {
		status = ask(c, call, &http, err);
		if (status != TB_OK)
			return status;
		fate =
		    classify_other(http.fate, http.status, http.kind, &again);
	}
	a->retry_after_ms = http.retry_after_ms;
	has_json = http.body.len > 0 &&
	    json_read(http.body.data, http.body.len, tokens, TOKENS_MAX, j,
		err) == TB_OK;
	if (fate != TB_OK)
		return fail(fate, &http, has_json ? j : NULL, err);
	if (!has_json || tokens[0].kind != JSON_OBJECT) {
		if (http.body.len == 0 || has_json)
			(void)tb_fail(err, TB_EINVAL, "expected an object");
		tb_err_at(err, "the answer makes no sense");
		return TB_EINVAL;
	}
	return TB_OK;
}

/* ---------------------------------------------------------- single verbs -- */

static enum tb_status
take_order(const struct json *j, struct protocol_answer *a, struct tb_err *err)
{
	const struct json_token *order = json_get(j, j->tokens, "order");
	enum tb_status status;

	if (order == NULL || order->kind != JSON_OBJECT)
		return tb_fail(err, TB_EINVAL, "order: expected an object");
	status = told_order(j, order, instant_now_us(), &a->order, err);
	if (status == TB_END)
		return tb_fail(err, TB_EINVAL, "order: it is no spot order");
	return status;
}

static enum tb_status
take_cancel(const struct json *j, struct tb_err *err)
{
	const struct json_token *list = json_get(j, j->tokens, "results");
	const struct json_token *one = NULL;
	char reason[64];

	if (list != NULL && list->kind == JSON_ARRAY && list->size == 1)
		one = json_first(j, list);
	if (one == NULL)
		return tb_fail(err, TB_EINVAL, "results: expected one");
	if (told_flag(j, one, "success"))
		return TB_OK;
	told_text(j, one, "failure_reason", reason, sizeof(reason));
	return tb_fail(err,
	    strcmp(reason, "UNKNOWN_CANCEL_ORDER") == 0 ? TB_ENOENT : TB_EVENUE,
	    "not cancelled: %s", reason);
}

static enum tb_status
take(const struct json *j, const struct protocol_request *r,
    struct protocol_answer *a, struct tb_err *err)
{
	switch (r->verb) {
	case VERB_CANDLES:
		return page_candles(j, r, a, err);
	case VERB_PRICE:
		return told_price(j, j->tokens, &a->price, err);
	case VERB_ORDER:
		return take_order(j, a, err);
	case VERB_CANCEL:
		return take_cancel(j, err);
	case VERB_PREVIEW:
		return told_preview(j, j->tokens, &a->preview, err);
	default:
		return page_rows(j, a, err);
	}
}

static bool
is_open_to_all(enum venue_verb verb)
{
	return verb == VERB_PRODUCTS || verb == VERB_CANDLES ||
	    verb == VERB_PRICE;
}

/* Every verb but hello and place. */
static enum tb_status
answer_one(const struct coinbase *c, const struct protocol_request *r,
    struct json_token *tokens, struct protocol_answer *a, struct tb_err *err)
{
	struct call call;
	struct json j = { 0 };
	enum tb_status status;

	if (c->key == NULL && !is_open_to_all(r->verb))
		return tb_fail(err, TB_EPERM,
		    "this needs a key, and there is none: see"
		    " tb-venue-coinbase(1)");
	if (r->verb == VERB_CANDLES &&
	    asked_granularity(r->granularity_s) == NULL)
		return tb_fail(err, TB_EINVAL,
		    "the exchange has no candles of %lld seconds",
		    (long long)r->granularity_s);
	call_init(&call, COINBASE_WITHIN_MS);
	call.is_public = c->key == NULL;
	call.once = r->verb == VERB_CANCEL; /* a second one is told as a no */
	asked_path(&call.path, r, call.is_public);
	if (r->verb == VERB_CANCEL)
		asked_cancel(&call.body, r->order_id);
	if (r->verb == VERB_PREVIEW)
		asked_order(&call.body, &r->order, true);
	status = ask_json(c, &call, tokens, &j, a, err);
	if (status == TB_OK)
		status = take(&j, r, a, err);
	call_release(&call);
	return status;
}

/* ----------------------------------------------------------------- hello -- */

/* GET /time: without a key, for everybody. */
static enum tb_status
take_time(const struct coinbase *c, struct json_token *tokens,
    struct protocol_answer *a, struct tb_err *err)
{
	struct call call;
	struct json j = { 0 };
	enum tb_status status;

	call_init(&call, COINBASE_HELLO_WITHIN_MS);
	call.is_public = true;
	buffer_add_string(&call.path, ASKED_PATH "/time");
	status = ask_json(c, &call, tokens, &j, a, err);
	call_release(&call);
	if (status != TB_OK)
		return status;
	/* iso has whole seconds only */
	status = told_millis(&j, tokens, "epochMillis", &a->hello.time_us, err);
	if (status != TB_OK)
		return status;
	a->hello.has_time = true;
	return TB_OK;
}

static enum tb_status
take_rights(const struct coinbase *c, const struct protocol_request *r,
    struct json_token *tokens, struct protocol_answer *a, struct tb_err *err)
{
	struct venue_hello *hello = &a->hello;
	struct call call;
	struct json j = { 0 };
	enum tb_status status;

	call_init(&call, COINBASE_HELLO_WITHIN_MS);
	asked_path(&call.path, r, false);
	status = ask_json(c, &call, tokens, &j, a, err);
	call_release(&call);
	if (status != TB_OK)
		return status;
	told_text(&j, tokens, "portfolio_uuid", hello->account,
	    sizeof(hello->account));
	if (hello->account[0] == '\0')
		return tb_fail(err, TB_EINVAL, "portfolio_uuid: missing");
	hello->has_key = true;
	hello->can_trade = told_flag(&j, tokens, "can_trade");
	hello->can_transfer = told_flag(&j, tokens, "can_transfer");
	return TB_OK;
}

/* A key that is rejected by a clock that is wrong is told as that. */
static enum tb_status
answer_hello(const struct coinbase *c, const struct protocol_request *r,
    struct json_token *tokens, struct protocol_answer *a, struct tb_err *err)
{
	enum tb_status status = take_time(c, tokens, a, err);
	int64_t ahead_us = instant_now_us() - a->hello.time_us;

	(void)snprintf(a->hello.name, sizeof(a->hello.name), "coinbase");
	a->hello.lag_ms = COINBASE_LAG_MS;
	if (status != TB_OK || c->key == NULL)
		return status;
	status = take_rights(c, r, tokens, a, err);
	if (status == TB_EPERM && llabs(ahead_us) > COINBASE_SKEW_MS * 1000LL)
		status = tb_fail(err, TB_EPERM,
		    "the clock differs by %lld s, and so the key is rejected",
		    (long long)(ahead_us / INSTANT_US_PER_S));
	return status;
}

/* ----------------------------------------------------------------- place -- */

static void
not_sent(struct venue_answer *out, const char *words)
{
	*out = (struct venue_answer){ .outcome = VENUE_NOT_SENT };
	(void)snprintf(out->words, sizeof(out->words), "%.*s",
	    VENUE_WORDS_MAX - 1, words);
}

/*
 * The one place that sends an order.  Nothing is begun after send_before_ms,
 * a second time because of a 401 neither; all is over COINBASE_ORDER_WITHIN_MS
 * after that.
 */
static void
answer_place(const struct coinbase *c, const struct venue_request *order,
    struct venue_answer *out)
{
	struct http_answer http;
	struct tb_err err = { 0 };
	struct call call;
	bool again = true;

	if (c->key == NULL) {
		not_sent(out, "an order needs a key, and there is none");
		out->key_rejected = true;
		return;
	}
	call_init(&call, COINBASE_ORDER_WITHIN_MS);
	call.once = true;
	buffer_add_string(&call.path, ASKED_PATH "/orders");
	asked_order(&call.body, order, false);
	not_sent(out, "too late to send");
	for (int tries = 0; tries < 2 && again; tries++) {
		if (instant_boot_ms() > order->send_before_ms)
			break;
		if (ask(c, &call, &http, &err) != TB_OK) {
			if (tries == 0)
				not_sent(out, err.msg);
			break;
		}
		again = classify_answer(&http, out);
	}
	call_release(&call);
}

void
coinbase_answer(struct coinbase *c, const struct protocol_request *r,
    struct protocol_answer *a)
{
	struct json_token *tokens;
	struct tb_err err = { 0 };

	*a = (struct protocol_answer){
		.id = a->id, .verb = a->verb, .rows = a->rows, .max = a->max
	};
	if (r->verb == VERB_PLACE) {
		answer_place(c, &r->order, &a->place);
		return;
	}
	tokens = malloc(TOKENS_MAX * sizeof(*tokens)); /* touched as needed */
	if (tokens == NULL)
		a->status = tb_nomem(&err);
	else if (r->verb == VERB_HELLO)
		a->status = answer_hello(c, r, tokens, a, &err);
	else
		a->status = answer_one(c, r, tokens, a, &err);
	free(tokens);
	(void)snprintf(a->message, sizeof(a->message), "%s", err.msg);
}
