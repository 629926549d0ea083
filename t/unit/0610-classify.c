/*
 * What became of a request.
 *
 * The expected outcomes are a second table, written from the rules: for every
 * status there is, every kind of body and everything it can say, the same
 * question is put to both.
 */

#include "coinbase/classify.h"

#include <string.h>

#include "tap.h"

static const char *const fates[] = { "not sent", "no answer", "answered" };

/* Told twice, in other words: only proof is a no. */
static enum venue_outcome
expected_outcome(const struct seen *s)
{
	if (s->fate == HTTP_NOT_SENT)
		return VENUE_NOT_SENT;
	if (s->fate == HTTP_NO_ANSWER)
		return VENUE_UNKNOWN;
	if (s->status == 200 && s->said == SAID_ACCEPTED)
		return VENUE_ACCEPTED;
	if ((s->status == 200 && s->said == SAID_REFUSED) ||
	    (s->status == 400 && s->said == SAID_ERROR) ||
	    (s->status == 403 && s->said == SAID_ERROR) ||
	    (s->status == 401 && s->kind != HTTP_HTML))
		return VENUE_REFUSED;
	return VENUE_UNKNOWN;
}

static void
test_all_orders(void)
{
	long wrong = 0, keys = 0, agains = 0, silent = 0, n = 0;

	for (int fate = HTTP_NOT_SENT; fate <= HTTP_ANSWERED; fate++)
		for (int status = 0; status <= 600; status++)
			for (int kind = HTTP_JSON; kind <= HTTP_OTHER; kind++)
				for (int said = SAID_NOTHING;
				     said <= SAID_ERROR; said++) {
					struct seen s = { (enum http_fate)fate,
						status, (enum http_kind)kind,
						(enum said)said };
					struct fate_of_order is =
					    classify_order(&s);

					n++;
					wrong +=
					    is.outcome != expected_outcome(&s);
					keys += is.key_rejected !=
					    (is.outcome == VENUE_REFUSED &&
						(status == 401 ||
						    status == 403));
					agains += is.again !=
					    (is.outcome == VENUE_REFUSED &&
						status == 401);
					silent += is.words[0] == '\0' &&
					    is.outcome != VENUE_ACCEPTED &&
					    is.outcome != VENUE_REFUSED;
				}
	is_int(wrong, 0, "every order ends as the rules say");
	is_int(keys, 0, "the key is blamed for 401 and 403 only");
	is_int(agains, 0, "only a 401 is tried again");
	is_int(silent, 0, "what is no clear answer has words");
	ok(n == 36060, "%ld cases", n);
}

static void
other_is(enum http_fate fate, int status, enum http_kind kind,
    enum tb_status expected, bool expected_again)
{
	bool again;
	enum tb_status got = classify_other(fate, status, kind, &again);

	ok(got == expected && again == expected_again,
	    "%s, %d, kind %d: status %d", fates[fate], status, (int)kind,
	    (int)got);
}

static void
test_others(void)
{
	other_is(HTTP_NOT_SENT, 0, HTTP_OTHER, TB_ENET, false);
	other_is(HTTP_NO_ANSWER, 200, HTTP_JSON, TB_ENET, false);
	other_is(HTTP_ANSWERED, 200, HTTP_JSON, TB_OK, false);
	other_is(HTTP_ANSWERED, 200, HTTP_OTHER, TB_OK, false);
	other_is(HTTP_ANSWERED, 200, HTTP_HTML, TB_EINVAL, false);
	other_is(HTTP_ANSWERED, 204, HTTP_OTHER, TB_EINVAL, false);
	other_is(HTTP_ANSWERED, 302, HTTP_OTHER, TB_EINVAL, false);
	other_is(HTTP_ANSWERED, 400, HTTP_JSON, TB_EVENUE, false);
	other_is(HTTP_ANSWERED, 401, HTTP_TEXT, TB_EPERM, true);
	other_is(HTTP_ANSWERED, 401, HTTP_HTML, TB_ENET, false);
	other_is(HTTP_ANSWERED, 403, HTTP_JSON, TB_EPERM, false);
	other_is(HTTP_ANSWERED, 403, HTTP_HTML, TB_ENET, false);
	other_is(HTTP_ANSWERED, 404, HTTP_JSON, TB_ENOENT, false);
	other_is(HTTP_ANSWERED, 429, HTTP_JSON, TB_EBUSY, false);
	other_is(HTTP_ANSWERED, 429, HTTP_HTML, TB_EBUSY, false);
	other_is(HTTP_ANSWERED, 500, HTTP_JSON, TB_ENET, false);
	other_is(HTTP_ANSWERED, 503, HTTP_HTML, TB_ENET, false);
}

/* ---------------------------------------------------------------- bodies -- */

/* An answer with this body, classified. */
static struct venue_answer
answer(int status, const char *body, bool *again)
{
	struct http_answer a = {
		.fate = HTTP_ANSWERED, .status = status, .kind = HTTP_JSON
	};
	struct venue_answer out;

	buffer_init(&a.body, 65536);
	buffer_add_string(&a.body, body);
	*again = classify_answer(&a, &out);
	buffer_release(&a.body);
	return out;
}

static void
body_is(int status, const char *body, enum venue_outcome outcome,
    const char *reason, const char *words)
{
	bool again;
	struct venue_answer a = answer(status, body, &again);

	is(venue_outcome_name(a.outcome), venue_outcome_name(outcome), body);
	is(a.reason, reason, "... its reason");
	is(a.words, words, "... its words");
	ok(!a.hung, "... and nothing hangs");
	ok((a.order_id[0] != '\0') == (outcome == VENUE_ACCEPTED),
	    "... an order id goes with an order only");
}

#define SUCCESS(members) "{\"success\":true,\"success_response\":{" members "}}"
#define REFUSAL(members) "{\"success\":false,\"error_response\":{" members "}}"

static void
test_success(void)
{
	body_is(200,
	    SUCCESS("\"order_id\":\"o1\",\"client_order_id\":\"c1\","
		    "\"product_id\":\"BTC-USDC\",\"side\":\"BUY\""),
	    VENUE_ACCEPTED, "", "");
	body_is(200,
	    SUCCESS("\"order_id\":\"o1\",\"client_order_id\":\"c1\","
		    "\"product_id\":\"BTC-USD\""),
	    VENUE_ACCEPTED, "", "");
	body_is(200, SUCCESS("\"order_id\":\"o1\""), VENUE_ACCEPTED, "", "");
	body_is(200, SUCCESS("\"order_id\":\"o1\",\"client_order_id\":\"c2\""),
	    VENUE_ACCEPTED, "", "");
	body_is(200, SUCCESS("\"order_id\":\"\""), VENUE_UNKNOWN, "",
	    "an answer that says nothing");
	body_is(200, "{\"success\":true,\"order_id\":\"o1\"}", VENUE_UNKNOWN,
	    "", "an answer that says nothing");
	body_is(500, SUCCESS("\"order_id\":\"o1\""), VENUE_UNKNOWN, "",
	    "HTTP status 500: an answer that says nothing");
}

/* Of which order it is: as it was told, whatever it is. */
static void
echo_is(const char *body, const char *client, const char *product,
    const char *side)
{
	bool again;
	struct venue_answer a = answer(200, body, &again);

	is_int(a.outcome, VENUE_ACCEPTED, body);
	is(a.client_order_id, client, "... its client_order_id");
	is(a.product_id, product, "... its product");
	is(a.side, side, "... its side");
}

static void
test_echo(void)
{
	echo_is(SUCCESS("\"order_id\":\"o1\""), "", "", "");
	echo_is(SUCCESS("\"order_id\":\"o1\",\"client_order_id\":\"c1\","
			"\"product_id\":\"XYZ-EUR\",\"side\":\"SELL\""),
	    "c1", "XYZ-EUR", "SELL");
	echo_is(SUCCESS("\"order_id\":\"o1\",\"product_id\":\"?\","
			"\"side\":\"sideways\""),
	    "", "?", "sideways");
	echo_is(SUCCESS("\"order_id\":\"o1\",\"product_id\":7,"
			"\"side\":null"),
	    "", "", "");
}

static void
test_refusals(void)
{
	/* as several public repositories quote it */
	body_is(200,
	    "{\"success\":false,\"failure_reason\":\"UNKNOWN_FAILURE_REASON\","
	    "\"order_id\":\"\",\"error_response\":{"
	    "\"error\":\"INSUFFICIENT_FUND\","
	    "\"message\":\"Insufficient balance in source account\","
	    "\"error_details\":\"\",\"preview_failure_reason\":"
	    "\"PREVIEW_INSUFFICIENT_FUND\"},\"order_configuration\":{"
	    "\"market_market_ioc\":{\"quote_size\":\"100\"}}}",
	    VENUE_REFUSED, "PREVIEW_INSUFFICIENT_FUND",
	    "Insufficient balance in source account");
	body_is(200,
	    "{\"success\":false,\"error_response\":{"
	    "\"new_order_failure_reason\":\"INVALID_LIMIT_PRICE_POST_ONLY\"},"
	    "\"order_configuration\":{}}",
	    VENUE_REFUSED, "INVALID_LIMIT_PRICE_POST_ONLY", "");
	body_is(200,
	    REFUSAL("\"error\":\"UNKNOWN_FAILURE_REASON\",\"message\":\"\","
		    "\"preview_failure_reason\":"
		    "\"PREVIEW_INVALID_QUOTE_SIZE_PRECISION\","
		    "\"new_order_failure_reason\":\"UNKNOWN_FAILURE_REASON\""),
	    VENUE_REFUSED, "PREVIEW_INVALID_QUOTE_SIZE_PRECISION", "");
	body_is(200, REFUSAL("\"error\":\"A_NEW_ONE\""), VENUE_REFUSED,
	    "A_NEW_ONE", "");
	body_is(200, REFUSAL("\"error_details\":\"why\""), VENUE_REFUSED,
	    "UNKNOWN_FAILURE_REASON", "why");
	body_is(200,
	    REFUSAL(
		"\"new_order_failure_reason\":\"DUPLICATE_CLIENT_ORDER_ID\""),
	    VENUE_UNKNOWN, "DUPLICATE_CLIENT_ORDER_ID",
	    "this order was placed before");
	body_is(200, "{\"success\":false}", VENUE_UNKNOWN, "",
	    "an answer that says nothing");
	body_is(200, "{\"success\":false,\"error_response\":\"no\"}",
	    VENUE_UNKNOWN, "", "an answer that says nothing");
}

static void
test_errors(void)
{
	body_is(400,
	    "{\"error\":\"INVALID_ARGUMENT\",\"error_details\":\"d\","
	    "\"message\":\"m\"}",
	    VENUE_REFUSED, "INVALID_ARGUMENT", "m");
	body_is(400, "{\"error\":\"unknown\"}", VENUE_REFUSED, "unknown",
	    "HTTP status 400: bad request");
	body_is(400, "{}", VENUE_UNKNOWN, "",
	    "HTTP status 400: an answer that says nothing");
	body_is(403,
	    "{\"error\":\"PERMISSION_DENIED\","
	    "\"error_details\":\"Missing required scopes\",\"message\":\"\"}",
	    VENUE_REFUSED, "PERMISSION_DENIED", "Missing required scopes");
	body_is(403, "", VENUE_UNKNOWN, "",
	    "HTTP status 403: an answer that says nothing");
	body_is(429,
	    "{\"errors\":[{\"id\":\"rate_limit_exceeded\","
	    "\"message\":\"Too many requests\"}]}",
	    VENUE_UNKNOWN, "", "Too many requests");
	body_is(429, "{\"errors\":[]}", VENUE_UNKNOWN, "",
	    "HTTP status 429: too many requests");
	body_is(302, "", VENUE_UNKNOWN, "",
	    "HTTP status 302: redirects are not followed");
	body_is(200, "", VENUE_UNKNOWN, "", "an answer that says nothing");
	body_is(200, "null", VENUE_UNKNOWN, "", "an answer that says nothing");
	body_is(200, "<html>", VENUE_UNKNOWN, "",
	    "an answer that says nothing");
	body_is(200, "{\"success\":true", VENUE_UNKNOWN, "",
	    "an answer that says nothing");
	body_is(200, "{\"success\":\"true\"}", VENUE_UNKNOWN, "",
	    "an answer that says nothing");
}

static void
test_rest(void)
{
	struct http_answer a = { .fate = HTTP_NO_ANSWER, .retry_after_ms = 5 };
	struct venue_answer out;
	bool again;

	out = answer(401, "Unauthorized\n", &again);
	ok(again && out.outcome == VENUE_REFUSED && out.key_rejected,
	    "a 401 is worth a new token: %s", out.words);
	snprintf(a.words, sizeof(a.words), "timed out");
	ok(!classify_answer(&a, &out), "no answer is not");
	is(out.words, "no answer: timed out", "... and says why");
	is_int(out.retry_after_ms, 5, "... a pause is passed on");
	a.fate = HTTP_NOT_SENT;
	(void)classify_answer(&a, &out);
	is(out.words, "not reached: timed out", "not reached says why");

	/* fault 66: slower, and no word of how much */
	a = (struct http_answer){ .fate = HTTP_ANSWERED, .status = 429 };
	ok(!classify_answer(&a, &out) && out.outcome == VENUE_UNKNOWN,
	    "429 is unknown");
	is_int(out.retry_after_ms, 1000, "... and a pause all the same");
	a.retry_after_ms = 7000;
	(void)classify_answer(&a, &out);
	is_int(out.retry_after_ms, 7000, "... which it may tell");
}

int
main(void)
{
	test_all_orders();
	test_others();
	test_success();
	test_echo();
	test_refusals();
	test_errors();
	test_rest();
	return tap_done();
}
