/*
 * told: what the exchange may answer, whatever it is: nothing is believed that
 * the venue protocol could not tell, and no order is accepted without an id.
 */

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "coinbase/classify.h"
#include "coinbase/told.h"
#include "venue/protocol.h"

#include "fuzz.h"

#define TEXT_MAX (1UL << 16)

static struct json_token tokens[PROTOCOL_TOKENS_MAX];
static struct json_token again[PROTOCOL_TOKENS_MAX];

/* What was read goes through the protocol: its reader has to take it. */
static void
passes(struct protocol_answer *a)
{
	struct protocol_answer back = { .id = 1, .verb = a->verb, .max = 1 };
	union {
		struct product product;
		struct candle candle;
		struct venue_balance balance;
		struct fill fill;
	} row;
	struct buffer out;
	struct tb_err err;

	a->id = 1;
	buffer_init(&out, PROTOCOL_ANSWER_MAX);
	protocol_answer_write(&out, a);
	back.rows.fills = &row.fill;
	if (protocol_answer_read(out.data, out.len, again, &back, &err) !=
	    TB_OK)
		/* a fill of nothing, a fee of less than nothing */
		assert(strstr(err.msg, "expected an amount") != NULL);
	buffer_release(&out);
}

static void
rows(const struct json *j)
{
	struct protocol_answer a = { .count = 1 };
	struct venue_balance balance;
	struct product product;
	struct candle candle;
	struct tb_err err;
	struct fill fill;

	if (told_product(j, j->tokens, &product, &err) == TB_OK) {
		a.verb = VERB_PRODUCTS;
		a.rows.products = &product;
		passes(&a);
	}
	if (told_candle(j, j->tokens, &candle, &err) == TB_OK) {
		a.verb = VERB_CANDLES;
		a.rows.candles = &candle;
		passes(&a);
	}
	if (told_account(j, j->tokens, &balance, &err) == TB_OK) {
		a.verb = VERB_BALANCES;
		a.rows.balances = &balance;
		passes(&a);
	}
	if (told_fill(j, j->tokens, &fill, &err) == TB_OK) {
		a.verb = VERB_FILLS_SINCE;
		a.rows.fills = &fill;
		passes(&a);
	}
	if (told_order(j, j->tokens, 0, &a.order, &err) == TB_OK) {
		a.verb = VERB_ORDER;
		passes(&a);
	}
}

static void
place(const uint8_t *data, size_t size)
{
	struct protocol_answer a = { .verb = VERB_PLACE };
	struct http_answer http = { .fate = HTTP_ANSWERED, .status = 200 };

	buffer_init(&http.body, TEXT_MAX);
	buffer_add(&http.body, data, size);
	(void)classify_answer(&http, &a.place);
	assert((a.place.outcome == VENUE_ACCEPTED) ==
	    (a.place.order_id[0] != '\0'));
	assert(a.place.outcome != VENUE_NOT_SENT && !a.place.hung);
	passes(&a);
	buffer_release(&http.body);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tb_err err;
	struct json j;
	char *copy;

	if (size > TEXT_MAX)
		return 0;
	copy = malloc(size + 1);
	assert(copy != NULL);
	memcpy(copy, data, size);
	if (json_read(copy, size, tokens, PROTOCOL_TOKENS_MAX, &j, &err) ==
	    TB_OK)
		rows(&j);
	free(copy);
	place(data, size);
	return 0;
}
