#include "legacy/history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/instant.h"
#include "io/json.h"

#define TOKENS_MAX 256 /* a row has nine columns; more are archived as well */
#define SCORE_PLACES 9
#define TIME_MAX 40

const char *
legacy_action_word(enum legacy_action action)
{
	static const char *const words[] = { [LEGACY_HOLD] = "HOLD",
		[LEGACY_BUY] = "BUY",
		[LEGACY_SELL] = "SELL" };

	return words[action];
}

const char *
legacy_temperature(struct decimal score)
{
	struct decimal size = decimal_abs(score);

	if (size.v >= DECIMAL_ONE_UNITS / 10)
		return "HOT";
	if (size.v >= DECIMAL_ONE_UNITS / 20)
		return "WARM";
	return size.v >= DECIMAL_ONE_UNITS / 60 ? "COOL" : "FROZEN";
}

static const struct json_token *
column(const struct json *row, const char *name)
{
	const struct json_token *t = json_get(row, row->tokens, name);

	return t == NULL || t->kind == JSON_NULL ? NULL : t;
}

/* The old system wrote UTC without a word of it. */
static bool
read_time(const struct json_token *t, int64_t *out)
{
	char text[TIME_MAX];
	int len;

	if (t == NULL || t->kind != JSON_STRING || t->len >= TIME_MAX - 1)
		return false;
	if (instant_parse(t->text, t->len, out) == TB_OK)
		return true;
	len = snprintf(text, sizeof(text), "%.*sZ", (int)t->len, t->text);
	return instant_parse(text, (size_t)len, out) == TB_OK;
}

static bool
read_number(const struct json_token *t, int places, struct decimal *out)
{
	bool inexact;

	return t != NULL && t->kind == JSON_NUMBER &&
	    decimal_parse_rounded(t->text, t->len, DECIMAL_HALF_EVEN, out,
		&inexact) == TB_OK &&
	    decimal_round(*out, places, DECIMAL_HALF_EVEN, out) == TB_OK;
}

/* Rows from before there was an action: what the score came to. */
static void
read_action(const struct json_token *t, struct legacy_decision *out)
{
	if (t != NULL && t->kind == JSON_STRING) {
		if (t->len == 3 && strncasecmp(t->text, "buy", 3) == 0)
			out->action = LEGACY_BUY;
		else if (t->len == 4 && strncasecmp(t->text, "sell", 4) == 0)
			out->action = LEGACY_SELL;
	} else if (decimal_abs(out->score).v >= DECIMAL_ONE_UNITS / 10) {
		out->action =
		    decimal_sign(out->score) > 0 ? LEGACY_BUY : LEGACY_SELL;
	}
}

static enum tb_status
read_row(const struct json *row, struct legacy_decision *out,
    const char **reason)
{
	const struct json_token *bot = column(row, "bot_id");
	long long id;

	*out = (struct legacy_decision){ 0 };
	*reason = "bad_timestamp";
	if (!read_time(column(row, "timestamp"), &out->at_us))
		return TB_END;
	*reason = "bad_number";
	if (!read_number(column(row, "combined_score"), SCORE_PLACES,
		&out->score) ||
	    decimal_cmp(decimal_abs(out->score), DECIMAL_OF(1)) > 0)
		return TB_END;
	*reason = NULL;
	out->score = decimal_neg(out->score);
	read_action(column(row, "action"), out);
	out->has_price = read_number(column(row, "price"), 8, &out->price) &&
	    decimal_sign(out->price) > 0;
	out->has_bot = bot != NULL && json_integer(bot, &id, NULL) == TB_OK;
	if (out->has_bot)
		out->bot_id = id;
	return TB_OK;
}

enum tb_status
legacy_decision_read(const char *row, size_t len, struct legacy_decision *out,
    const char **reason, struct tb_err *err)
{
	struct json_token tokens[TOKENS_MAX];
	struct json json;
	enum tb_status status;
	char *text = malloc(len + 1);

	*reason = NULL;
	if (text == NULL)
		return tb_nomem(err);
	memcpy(text, row, len);
	text[len] = '\0';
	status = json_read(text, len, tokens, TOKENS_MAX, &json, err);
	if (status == TB_OK && tokens[0].kind != JSON_OBJECT)
		status = tb_fail(err, TB_EINVAL, "expected an object");
	if (status == TB_OK)
		status = read_row(&json, out, reason);
	free(text);
	return status;
}
