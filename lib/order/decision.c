#include "order/decision.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "order/course.h"
#include "signal/real.h"

/* The hash of what was asked: independent of rounding and of the venue. */
static void
hash_request(struct decision *d)
{
	char size[DECIMAL_STRLEN], limit[DECIMAL_STRLEN];
	bool limited = d->type != ORDER_MARKET;
	struct digest digest;

	decimal_format(d->by_quote ? d->size_usd : d->size_crypto, size);
	decimal_format(d->limit_price, limit);
	digest_init(&digest);
	digest_add_field(&digest, d->product_id);
	digest_add_field(&digest, side_name(d->side));
	digest_add_field(&digest,
	    d->all	    ? "all" :
		d->by_quote ? "size_usd" :
			      "size_crypto");
	digest_add_field(&digest, d->all ? NULL : size);
	digest_add_field(&digest, order_type_name(d->type));
	digest_add_field(&digest, limited ? limit : NULL);
	digest_hex(&digest, d->request_hash);
}

enum tb_status
decision_of_intent(const struct intent_line *line, struct decision *out,
    struct tb_err *err)
{
	char uuid[DIGEST_UUID];
	enum tb_status status;

	*out = (struct decision){
		.side = line->side,
		.type = line->type,
		.by_quote = line->has_size_usd,
		.size_usd = line->size_usd,
		.size_crypto = line->size_crypto,
		.limit_price = line->limit_price,
		.is_timed = line->has_ts,
		.decided_at_us = line->ts_us,
	};
	memcpy(out->product_id, line->product_id, sizeof(out->product_id));
	memcpy(out->id, line->id, sizeof(out->id));
	snprintf(out->triggered_by, sizeof(out->triggered_by), "%s",
	    line->triggered_by[0] == '\0' ? "intent" : line->triggered_by);
	if (line->id[0] != '\0')
		snprintf(out->key, sizeof(out->key), "i:%s", line->id);
	else {
		status = digest_random_uuid(uuid, err);
		if (status != TB_OK)
			return status;
		snprintf(out->key, sizeof(out->key), "r:%s", uuid);
	}
	hash_request(out);
	return TB_OK;
}

bool
decision_is_named(const struct decision *d)
{
	return d->key[0] != 'r';
}

enum tb_status
decision_of_typed(const struct intent_line *line, bool all,
    struct decision *out, struct tb_err *err)
{
	enum tb_status status = decision_of_intent(line, out, err);

	if (status == TB_OK && all) {
		out->all = true;
		out->by_quote = false;
		hash_request(out);
	}
	return status;
}

enum tb_status
decision_of_signal(const struct signalline *line, const char *text,
    struct decision *out, struct tb_err *err)
{
	struct evaluation_row *row = &out->evaluation;
	struct evaluation_id id;
	enum tb_status status;

	assert(line->action != ACTION_HOLD);
	status = evaluation_id_parse(line->evaluation_id, &id, err);
	if (status != TB_OK)
		return status;
	*out = (struct decision){
		.side = line->action == ACTION_BUY ? SIDE_BUY : SIDE_SELL,
		.type = ORDER_MARKET,
		.by_quote = true,
		.size_usd = line->trade_size_usd,
		.is_timed = true,
		.decided_at_us = line->instant_us,
		.is_signal = true,
		.forced = line->forced,
	};
	memcpy(out->product_id, line->product_id, sizeof(out->product_id));
	memcpy(out->bot_name, id.name, sizeof(out->bot_name));
	snprintf(out->key, sizeof(out->key), "s:%s", line->evaluation_id);
	snprintf(out->triggered_by, sizeof(out->triggered_by), "bot:%lld",
	    (long long)line->bot_id);

	memcpy(row->evaluation_id, line->evaluation_id,
	    sizeof(row->evaluation_id));
	row->bot_id = line->bot_id;
	memcpy(row->product_id, line->product_id, sizeof(row->product_id));
	row->candle_at_us = line->candle_at_us;
	row->evaluated_at_us = line->instant_us;
	snprintf(row->action, sizeof(row->action), "%s",
	    action_name(line->action));
	snprintf(row->temperature, sizeof(row->temperature), "%s",
	    temperature_name(line->temperature));
	real_format(line->combined_score, row->combined_score);
	out->context = text;
	hash_request(out);
	return TB_OK;
}

/* The signal line that an intent came of, read back from its record. */
static enum tb_status
reread_signal(const struct intent *intent, struct decision *out,
    struct tb_err *err)
{
	static struct json_token tokens[JSON_TOKENS_MAX];
	struct signalline line;
	enum tb_status status;
	struct json json;
	char *text;

	text = strdup(intent->signal_context); /* reading changes it */
	if (text == NULL)
		return tb_nomem(err);
	status =
	    json_read(text, strlen(text), tokens, JSON_TOKENS_MAX, &json, err);
	if (status == TB_OK)
		status = signalline_read(&json, &json.tokens[0], &line, err);
	if (status == TB_OK)
		status =
		    decision_of_signal(&line, intent->signal_context, out, err);
	free(text);
	if (status == TB_OK)
		return TB_OK;
	tb_err_at(err, "signal_context of intent %lld", (long long)intent->id);
	return tb_fail(err, TB_EDISAGREE, "%s", err->msg);
}

enum tb_status
decision_of_row(const struct intent *intent, struct decision *out,
    struct tb_err *err)
{
	enum tb_status status;

	*out = (struct decision){ 0 };
	if (intent->signal_context != NULL) {
		status = reread_signal(intent, out, err);
		if (status != TB_OK)
			return status;
	}
	if (order_type_parse(intent->type, strlen(intent->type), &out->type) !=
	    TB_OK)
		return tb_fail(err, TB_EDISAGREE,
		    "intent %lld: type %s is none", (long long)intent->id,
		    intent->type);
	memcpy(out->key, intent->dedupe_key, sizeof(out->key));
	memcpy(out->request_hash, intent->request_hash,
	    sizeof(out->request_hash));
	memcpy(out->product_id, intent->product_id, sizeof(out->product_id));
	out->side = intent->side;
	out->by_quote = intent->by_quote;
	out->size_usd = intent->size_usd;
	out->size_crypto = intent->size_crypto;
	out->limit_price = intent->limit_price;
	out->is_timed = true;
	out->decided_at_us = intent->decided_at_us;
	memcpy(out->triggered_by, intent->triggered_by,
	    sizeof(out->triggered_by));
	return TB_OK;
}

bool
decision_idle(const struct signalline *line, struct answer *out)
{
	size_t at;

	if (line->action != ACTION_HOLD && line->ready)
		return false;
	*out = (struct answer){
		.outcome = ANSWER_NOT_TRADED,
		.reason = line->action == ACTION_HOLD ? REASON_HOLD :
							REASON_NOT_READY,
		.has_bot = true,
		.bot_id = line->bot_id,
	};
	memcpy(out->product_id, line->product_id, sizeof(out->product_id));
	snprintf(out->temperature, sizeof(out->temperature), "%s",
	    temperature_name(line->temperature));
	at = (size_t)snprintf(out->message, sizeof(out->message), "%s",
	    line->action == ACTION_HOLD ? "the bot says HOLD" : "not ready");
	for (int i = 0; i < NOT_READY_COUNT; i++)
		if ((line->not_ready & (1U << i)) != 0 &&
		    (1U << i) != NOT_READY_HOLD)
			at += (size_t)snprintf(out->message + at,
			    sizeof(out->message) - at, ", %s",
			    not_ready_name(i));
	return true;
}

void
decision_caption(const struct decision *d, struct answer *out)
{
	memcpy(out->product_id, d->product_id, sizeof(out->product_id));
	memcpy(out->id, d->id, sizeof(out->id));
	out->has_bot = d->is_signal;
	out->bot_id = d->evaluation.bot_id;
	memcpy(out->temperature, d->evaluation.temperature,
	    sizeof(out->temperature));
}
