#include "order/send.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/instant.h"
#include "io/json.h"
#include "order/course.h"
#include "order/judge.h"
#include "order/record.h"
#include "store/evaluations.h"
#include "store/orders.h"

/* ---------------------------------------------------------------- record -- */

/* A refusal in a transaction of its own; it stands even if that fails. */
static void
refuse(struct desk *desk, const struct decision *d, const struct verdict *no,
    struct outcome *o)
{
	struct tb_err err = { 0 };
	enum tb_status status;

	outcome_refuse(o, no);
	if (!answer_reason_is_refusal(no->reason))
		return;
	status = db_begin(desk->db, &err);
	if (status == TB_OK)
		status = db_finish(desk->db,
		    record_refusal(desk, d, no->reason, no->message, &err),
		    &err);
	if (status != TB_OK)
		snprintf(o->warning, sizeof(o->warning),
		    "the refusal could not be kept: %.300s", err.msg);
}

/* Something failed before anything was sent: of the venue, or of ours. */
static void
fail_unsent(struct desk *desk, const struct decision *d,
    const struct tb_err *err, struct outcome *o)
{
	struct verdict no;

	verdict_no(&no,
	    err->status == TB_ERANGE ? REASON_INVALID : REASON_NOT_SENT,
	    "nothing was sent: %.400s", err->msg);
	outcome_refuse(o, &no);
	switch (err->status) {
	case TB_ENET:
	case TB_EVENUE:
	case TB_EINVAL: /* an answer that makes no sense */
		refuse(desk, d, &no, o);
		break;
	case TB_ERANGE:
		break;
	default: /* of the database, too: it is not asked to keep this */
		o->status = err->status;
		o->stop = err->status == TB_EPERM || err->status == TB_EIO;
		break;
	}
}

/* The request as the venue is asked it, for the record. */
static enum tb_status
write_body(struct intent *intent, struct tb_err *err)
{
	struct buffer text;
	struct json_writer w = { .out = &text, .numbers = JSON_NUMBERS_STRING };
	enum tb_status status;

	buffer_init(&text, sizeof(intent->body) - 1);
	json_open(&w, '{');
	json_key(&w, "client_order_id");
	json_string(&w, intent->client_order_id);
	json_key(&w, "product_id");
	json_string(&w, intent->product_id);
	json_key(&w, "side");
	json_string(&w, side_name(intent->side));
	json_key(&w, "type");
	json_string(&w, intent->type);
	json_key(&w, intent->sent_by_quote ? "quote_size" : "base_size");
	json_amount(&w,
	    intent->sent_by_quote ? intent->quote_size : intent->base_size);
	if (intent->has_limit_price) {
		json_key(&w, "limit_price");
		json_amount(&w, intent->limit_price);
	}
	json_close(&w, '}');
	status = buffer_status(&text, err);
	if (status == TB_OK)
		memcpy(intent->body, buffer_string(&text), text.len + 1);
	buffer_release(&text);
	return status;
}

static enum tb_status
draft(const struct desk *desk, const struct risk_case *c, struct decimal price,
    struct intent *out, struct tb_err *err)
{
	const struct decision *d = c->decision;

	*out = (struct intent){
		.side = d->side,
		.by_quote = d->by_quote,
		.size_usd = d->size_usd,
		.size_crypto = d->all ? c->sizing.base_size : d->size_crypto,
		.has_limit_price = d->type != ORDER_MARKET,
		.limit_price = d->limit_price,
		.reference_price = price,
		.sent_by_quote = c->sizing.by_quote,
		.quote_size = c->sizing.quote_size,
		.base_size = c->sizing.base_size,
		.reserve = c->sizing.reserve,
		.decided_at_us =
		    d->is_timed ? d->decided_at_us : desk->instant_us,
		.created_at_us = desk->instant_us,
	};
	digest_uuid(desk->account, d->key, out->client_order_id);
	memcpy(out->dedupe_key, d->key, sizeof(out->dedupe_key));
	memcpy(out->request_hash, d->request_hash, sizeof(out->request_hash));
	memcpy(out->product_id, d->product_id, sizeof(out->product_id));
	snprintf(out->type, sizeof(out->type), "%s", order_type_name(d->type));
	memcpy(out->reserve_currency, c->sizing.reserve_currency,
	    sizeof(out->reserve_currency));
	memcpy(out->triggered_by, d->triggered_by, sizeof(out->triggered_by));
	if (d->context != NULL) {
		out->signal_context = strdup(d->context);
		if (out->signal_context == NULL)
			return tb_nomem(err);
	}
	return write_body(out, err);
}

/* Rounding is no secret: what was asked for, and what is sent. */
static void
note_rounding(const struct intent *intent, struct outcome *o)
{
	struct decimal asked =
	    intent->by_quote ? intent->size_usd : intent->size_crypto;
	struct decimal sent =
	    intent->by_quote ? intent->quote_size : intent->base_size;
	char from[DECIMAL_STRLEN], to[DECIMAL_STRLEN];

	if (o->note[0] != '\0' || intent->by_quote != intent->sent_by_quote ||
	    decimal_cmp(asked, sent) == 0)
		return;
	decimal_format(asked, from);
	decimal_format(sent, to);
	snprintf(o->note, sizeof(o->note), "%s: rounded %s -> %s",
	    intent->by_quote ? "size_usd" : "size_crypto", from, to);
}

/* The cooldown begins with the intent. */
static enum tb_status
keep_evaluation(const struct desk *desk, const struct decision *d,
    const struct intent *intent, struct tb_err *err)
{
	struct evaluation_row row = d->evaluation;

	if (!d->is_signal)
		return TB_OK;
	row.line = intent->signal_context; /* borrowed for the call */
	return evaluations_act(desk->db, &row, desk->instant_us, err);
}

/* The highest instant that a commit of ours ever spoke of. */
static enum tb_status
keep_max_seen(struct desk *desk, struct tb_err *err)
{
	char now[INSTANT_STRLEN], seen[INSTANT_STRLEN] = "";
	enum tb_status status;

	if (desk->fixed)
		return TB_OK;
	instant_format(desk->instant_us, now);
	status = db_meta_get(desk->db, META_MAX_SEEN, seen, sizeof(seen), err);
	if (status != TB_OK && status != TB_ENOENT)
		return status;
	if (strcmp(now, seen) <= 0) /* the texts sort as the moments do */
		return TB_OK;
	return db_meta_set(desk->db, META_MAX_SEEN, now, err);
}

/* ------------------------------------------------------------------ send -- */

/*
 * Does the venue have the order of this decision, as the books know?  An
 * earlier intent of it may have gone with a database that was restored since.
 *
 * out: *answer  accepted, where it has; unknown, where that can't be read
 */
static bool
has_order(struct desk *desk, const struct intent *intent,
    struct venue_answer *answer)
{
	struct order order;
	struct tb_err err = { 0 };
	enum tb_status status;

	status =
	    orders_by_client(desk->db, intent->client_order_id, &order, &err);
	if (status != TB_OK)
		return status != TB_ENOENT;
	answer->outcome = VENUE_ACCEPTED;
	memcpy(answer->order_id, order.order_id, sizeof(order.order_id));
	return true;
}

/*
 * Ask the venue for the order of an intent that stands in the database as
 * SENDING, committed.  The one caller of place.
 */
static void
ask_for_order(struct desk *desk, const struct intent *intent,
    struct decimal price, struct venue_answer *answer)
{
	struct venue_request request = {
		.side = intent->side,
		.type = intent->type,
		.has_quote_size = intent->sent_by_quote,
		.quote_size = intent->quote_size,
		.base_size = intent->base_size,
		.limit_price = intent->limit_price,
		.reference_price = price,
		.instant_us = desk->instant_us,
		.send_before_ms = desk->send_by_ms,
	};

	memcpy(request.client_order_id, intent->client_order_id,
	    sizeof(request.client_order_id));
	memcpy(request.product_id, intent->product_id,
	    sizeof(request.product_id));
	*answer = (struct venue_answer){ .outcome = VENUE_UNKNOWN };
	if (!has_order(desk, intent, answer))
		desk->venue->verbs->place(desk->venue, &request, answer);
}

/*
 * Send an intent that stands as SENDING, and record what came back.  After
 * this point nothing may fail without saying that an order may be live.
 */
static void
send_and_record(struct desk *desk, struct intent *intent,
    const struct decision *d, struct decimal price, struct outcome *o)
{
	struct venue_answer answer;
	struct tb_err err = { 0 };
	enum tb_status status;

	ask_for_order(desk, intent, price, &answer);
	desk->hung = answer.hung;
	status = record_answer(desk, intent, d, &answer, o, &err);
	if (status != TB_OK)
		outcome_unsure(o, intent, &err);
	o->stop = o->stop || answer.hung || status == TB_EIO;
}

/* What is written down before the venue is asked. */
static enum tb_status
keep_intent(struct desk *desk, const struct risk_case *c, struct decimal price,
    struct intent *intent, struct tb_err *err)
{
	enum tb_status status;

	status = draft(desk, c, price, intent, err);
	if (status == TB_OK)
		status = intents_insert(desk->db, intent, err);
	if (status == TB_OK)
		status = keep_evaluation(desk, c->decision, intent, err);
	if (status == TB_OK)
		status = keep_max_seen(desk, err);
	return status;
}

/*
 * The moment of the judgement, which holds for what is sent within seconds of
 * it: a process that is stopped here for an hour sends nothing when it goes on.
 */
static enum tb_status
begin_judgement(struct desk *desk, struct tb_err *err)
{
	enum tb_status status = db_begin(desk->db, err);

	desk_tick(desk);
	desk->send_by_ms = instant_boot_ms() + VENUE_SEND_WITHIN_MS;
	return status;
}

/* Judge and write down, in one transaction. */
static enum tb_status
promise(struct desk *desk, struct risk_case *c, struct decimal price,
    struct intent *intent, struct verdict *no, struct tb_err *err)
{
	enum tb_status status;

	status = begin_judgement(desk, err);
	if (status != TB_OK)
		return status;
	status = desk_save_funds(desk, err);
	if (status == TB_OK)
		status = judge_case(desk, c, NULL, price, no, err);
	if (status == TB_OK && no->reason == REASON_NONE)
		status = keep_intent(desk, c, price, intent, err);
	if (status == TB_OK && no->reason == REASON_NONE)
		status = db_commit(desk->db, err);
	else
		db_rollback(desk->db);
	if (status != TB_OK || no->reason != REASON_NONE)
		desk->funds_saved = false;
	return status;
}

/*
 * Ask what only the venue knows, judge, write down.  What is refused anyway is
 * not asked for; a no for balances that orders of this run have changed since
 * they were told is judged again by what they are now.
 */
static enum tb_status
decide(struct desk *desk, struct risk_case *c, struct decimal *price,
    struct intent *intent, struct verdict *no, struct tb_err *err)
{
	enum tb_status status;

	status = risk_gate(desk, c, no, err);
	if (status == TB_OK && no->reason == REASON_NONE)
		status = judge_facts(desk, c, price, no, err);
	if (status == TB_OK && no->reason == REASON_NONE)
		status = promise(desk, c, *price, intent, no, err);
	if (status != TB_OK || no->reason != REASON_BALANCE || !desk->has_spent)
		return status;
	desk->funds_known = false;
	status = desk_ask_funds(desk, err);
	if (status == TB_OK)
		status = promise(desk, c, *price, intent, no, err);
	return status;
}

void
send_new(struct desk *desk, const struct decision *d, struct outcome *o)
{
	struct risk_case c = { .decision = d };
	struct intent intent = { 0 };
	struct tb_err err = { 0 };
	struct decimal price = DECIMAL_ZERO;
	struct verdict no;
	enum tb_status status;

	status = decide(desk, &c, &price, &intent, &no, &err);
	if (status != TB_OK)
		fail_unsent(desk, d, &err, o);
	else if (no.reason != REASON_NONE)
		refuse(desk, d, &no, o);
	else {
		desk->funds_intent = intent.id;
		note_rounding(&intent, o);
		send_and_record(desk, &intent, d, price, o);
	}
	intent_release(&intent);
}

/* Judge an intent once more and move it to SENDING, in one transaction. */
static enum tb_status
promise_again(struct desk *desk, struct risk_case *c, struct intent *intent,
    struct decimal price, struct verdict *no, struct tb_err *err)
{
	struct course_note note = { 0 };
	struct intent moved = *intent;
	enum tb_status status;

	status = begin_judgement(desk, err);
	if (status != TB_OK)
		return status;
	note.at_us = desk->instant_us;
	status = judge_case(desk, c, intent, price, no, err);
	if (status == TB_OK && no->reason == REASON_NONE)
		status =
		    course_apply(desk->db, &moved, EVENT_RESEND, &note, err);
	if (status == TB_OK)
		status = keep_max_seen(desk, err);
	status = db_finish(desk->db, status, err);
	if (status == TB_OK)
		*intent = moved;
	return status;
}

enum tb_status
send_again(struct desk *desk, struct intent *intent, struct verdict *no,
    struct outcome *o, struct tb_err *err)
{
	struct decision d;
	struct risk_case c = { .decision = &d, .intent_id = intent->id };
	struct decimal price = DECIMAL_ZERO;
	enum tb_status status;

	status = decision_of_row(intent, &d, err);
	if (status == TB_OK)
		status = risk_gate(desk, &c, no, err);
	if (status == TB_OK && no->reason == REASON_NONE)
		status = judge_facts(desk, &c, &price, no, err);
	if (status == TB_OK && no->reason == REASON_NONE)
		status = promise_again(desk, &c, intent, price, no, err);
	if (status == TB_OK && no->reason == REASON_NONE)
		send_and_record(desk, intent, &d, price, o);
	return status;
}
