#include "store/intents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/events.h"
#include "store/seal.h"
#include "store/sql.h"

static const char *const state_names[INTENT_STATES] = {
	[INTENT_SENDING] = "SENDING",
	[INTENT_UNKNOWN] = "UNKNOWN",
	[INTENT_OPEN] = "OPEN",
	[INTENT_DONE] = "DONE",
	[INTENT_SETTLED] = "SETTLED",
	[INTENT_REJECTED] = "REJECTED",
	[INTENT_ABANDONED] = "ABANDONED",
};

const char *
intent_state_name(enum intent_state state)
{
	return state_names[state];
}

void
intent_release(struct intent *intent)
{
	free(intent->signal_context);
	intent->signal_context = NULL;
}

static void
bind_amount(struct sql *q, int at, bool given, struct decimal amount)
{
	if (given)
		sql_bind_decimal(q, at, amount);
	else
		sql_bind_null(q, at);
}

static enum tb_status
row_insert(struct db *db, const struct intent *intent, struct tb_err *err)
{
	static const char sql[] =
	    "INSERT INTO intents (id, client_order_id, dedupe_key,"
	    " request_hash, product_id, side, type, size_usd, size_crypto,"
	    " limit_price, reference_price, quote_size, base_size, body,"
	    " state, reserve_currency, reserve, triggered_by,"
	    " signal_context, decided_at, created_at, updated_at, seal)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
	    " ?14, 'SENDING', ?15, ?16, ?17, ?18, ?19, ?20, ?20,"
	    " " SEAL_NEW ")";
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db, sql, err);
	sql_bind_int(&q, 1, intent->id);
	sql_bind_text(&q, 2, intent->client_order_id);
	sql_bind_text(&q, 3, intent->dedupe_key);
	sql_bind_text(&q, 4, intent->request_hash);
	sql_bind_text(&q, 5, intent->product_id);
	sql_bind_text(&q, 6, side_name(intent->side));
	sql_bind_text(&q, 7, intent->type);
	bind_amount(&q, 8, intent->by_quote, intent->size_usd);
	bind_amount(&q, 9, !intent->by_quote, intent->size_crypto);
	bind_amount(&q, 10, intent->has_limit_price, intent->limit_price);
	sql_bind_decimal(&q, 11, intent->reference_price);
	bind_amount(&q, 12, intent->sent_by_quote, intent->quote_size);
	bind_amount(&q, 13, !intent->sent_by_quote, intent->base_size);
	sql_bind_text(&q, 14, intent->body);
	sql_bind_text(&q, 15, intent->reserve_currency);
	sql_bind_decimal(&q, 16, intent->reserve);
	sql_bind_text(&q, 17, intent->triggered_by);
	sql_bind_text(&q, 18, intent->signal_context);
	sql_bind_instant(&q, 19, intent->decided_at_us);
	sql_bind_instant(&q, 20, intent->created_at_us);
	status = sql_run(&q, err);
	if (status == TB_OK)
		status = seal_row(db, SEAL_INTENTS, intent->id, err);
	return status;
}

enum tb_status
intents_insert(struct db *db, struct intent *intent, struct tb_err *err)
{
	struct event event = {
		.src = "",
		.dst = "SENDING",
		.at_us = intent->created_at_us,
	};
	enum tb_status status;

	status = intents_newest(db, &intent->id, err);
	if (status != TB_OK)
		return status;
	event.intent_id = ++intent->id; /* no row is ever deleted */
	/* The event first: the row's trigger asks for it. */
	status = events_append(db, &event, err);
	if (status == TB_OK)
		status = row_insert(db, intent, err);
	if (status != TB_OK)
		return status;
	intent->state = INTENT_SENDING;
	intent->attempts = 1;
	intent->updated_at_us = intent->created_at_us;
	return TB_OK;
}

static enum tb_status
row_update(struct db *db, const struct intent *from, const struct intent *to,
    struct tb_err *err)
{
	static const char sql[] =
	    "UPDATE intents SET state = ?3, order_id = ?4, attempts = ?5,"
	    " readings = ?6, look_from = ?7, reason = ?8, message = ?9,"
	    " updated_at = ?10, " SEAL_KEEP("intents",
		SEAL_COLUMNS_INTENTS) " WHERE id = ?1 AND state = ?2";
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db, sql, err);
	sql_bind_int(&q, 1, from->id);
	sql_bind_text(&q, 2, intent_state_name(from->state));
	sql_bind_text(&q, 3, intent_state_name(to->state));
	sql_bind_text(&q, 4, to->order_id[0] == '\0' ? NULL : to->order_id);
	sql_bind_int(&q, 5, to->attempts);
	sql_bind_int(&q, 6, to->readings);
	if (to->look_from_us == 0)
		sql_bind_null(&q, 7);
	else
		sql_bind_instant(&q, 7, to->look_from_us);
	sql_bind_text(&q, 8, to->reason[0] == '\0' ? NULL : to->reason);
	sql_bind_text(&q, 9, to->message[0] == '\0' ? NULL : to->message);
	sql_bind_instant(&q, 10, to->updated_at_us);
	status = sql_run(&q, err);
	if (status == TB_OK && sql_changes(&q) != 1)
		status = tb_fail(err, TB_EBUG,
		    "intent %lld is no longer %s: somebody wrote without the"
		    " send lock",
		    (long long)from->id, intent_state_name(from->state));
	if (status == TB_OK)
		status = seal_row(db, SEAL_INTENTS, from->id, err);
	return status;
}

/* What the row is after the move. */
static struct intent
moved(const struct intent *from, const struct intent_move *move)
{
	struct intent to = *from;

	to.state = move->to;
	to.updated_at_us = move->at_us;
	if (move->order_id != NULL)
		snprintf(to.order_id, sizeof(to.order_id), "%s",
		    move->order_id);
	if (move->to == INTENT_SENDING) {
		to.attempts++;
		to.readings = 0;
		to.look_from_us = 0;
	}
	snprintf(to.reason, sizeof(to.reason), "%s",
	    move->reason == NULL ? "" : move->reason);
	snprintf(to.message, sizeof(to.message), "%s",
	    move->message == NULL ? "" : move->message);
	return to;
}

enum tb_status
intents_move(struct db *db, struct intent *intent,
    const struct intent_move *move, struct tb_err *err)
{
	struct intent to = moved(intent, move);
	struct event event = {
		.intent_id = intent->id,
		.src = intent_state_name(intent->state),
		.dst = intent_state_name(move->to),
		.reason = move->reason,
		.at_us = move->at_us,
	};
	enum tb_status status;

	if (move->to == INTENT_SENDING && intent->state == INTENT_REJECTED &&
	    strcmp(intent->reason, "not_sent") != 0)
		return tb_fail(err, TB_EBUG,
		    "intent %lld was refused by the venue: it is not sent"
		    " again",
		    (long long)intent->id);
	status = events_append(db, &event, err);
	if (status == TB_OK)
		status = row_update(db, intent, &to, err);
	if (status == TB_OK)
		*intent = to;
	return status;
}

enum tb_status
intents_read_again(struct db *db, struct intent *intent, int64_t at_us,
    struct tb_err *err)
{
	struct intent to = *intent;
	enum tb_status status;

	to.readings++;
	if (to.look_from_us == 0)
		to.look_from_us = at_us;
	status = row_update(db, intent, &to, err);
	if (status == TB_OK)
		*intent = to;
	return status;
}
