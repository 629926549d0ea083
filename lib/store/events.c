#include "store/events.h"

#include <stdio.h>
#include <string.h>

#include "base/instant.h"
#include "store/chain.h"
#include "store/sql.h"

#define EVENT_FIELDS 6 /* what an event's hash covers */

/* The next link of the chain: every column of an event but its own hash. */
static void
chain_event(struct chain *chain, const struct event *event, const char *at)
{
	char intent_id[24], seq[24];
	const char *const fields[EVENT_FIELDS] = { intent_id, seq, event->src,
		event->dst, at, event->reason };

	snprintf(intent_id, sizeof(intent_id), "%lld",
	    (long long)event->intent_id);
	snprintf(seq, sizeof(seq), "%lld", (long long)event->seq);
	chain_next(chain, fields, EVENT_FIELDS);
}

static enum tb_status
load(struct db *db, struct chain *out, struct tb_err *err)
{
	return chain_load(db, META_EVENTS_HEAD, META_EVENTS_COUNT, out, err);
}

static enum tb_status
next_seq(struct db *db, int64_t intent_id, int64_t *out, struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db,
	    "SELECT coalesce(max(seq), 0) + 1 FROM intent_events"
	    " WHERE intent_id = ?1",
	    err);
	sql_bind_int(&q, 1, intent_id);
	status = sql_step(&q, err);
	if (status == TB_OK)
		*out = sql_int(&q, 0);
	sql_close(&q);
	return status;
}

enum tb_status
events_append(struct db *db, struct event *event, struct tb_err *err)
{
	char at[INSTANT_STRLEN];
	struct chain chain;
	enum tb_status status;
	struct sql q;

	status = next_seq(db, event->intent_id, &event->seq, err);
	if (status == TB_OK)
		status = load(db, &chain, err);
	if (status != TB_OK)
		return status;
	instant_format(event->at_us, at);
	chain_event(&chain, event, at);
	(void)sql_open(&q, db,
	    "INSERT INTO intent_events"
	    " (intent_id, seq, src, dst, at, reason, hash)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	    err);
	sql_bind_int(&q, 1, event->intent_id);
	sql_bind_int(&q, 2, event->seq);
	sql_bind_text(&q, 3, event->src);
	sql_bind_text(&q, 4, event->dst);
	sql_bind_text(&q, 5, at);
	sql_bind_text(&q, 6, event->reason);
	sql_bind_text(&q, 7, chain.head);
	status = sql_run(&q, err);
	if (status == TB_OK)
		status = chain_store(db, META_EVENTS_HEAD, META_EVENTS_COUNT,
		    &chain, err);
	return status;
}

/* The chain from its first event on: *out is what it comes to. */
static enum tb_status
chain_walk(struct sql *q, struct chain *out, struct tb_err *err)
{
	enum tb_status status;

	*out = (struct chain){ 0 };
	while ((status = sql_step(q, err)) == TB_OK) {
		const char *stored = sql_text(q, 7);
		const struct event event = {
			.intent_id = sql_int(q, 1),
			.seq = sql_int(q, 2),
			.src = sql_text(q, 3),
			.dst = sql_text(q, 4),
			.reason = sql_text(q, 6),
		};

		chain_event(out, &event, sql_text(q, 5));
		if (stored == NULL || strcmp(out->head, stored) != 0 ||
		    sql_int(q, 0) != out->count) /* ids have no gaps */
			return tb_fail(err, TB_EDISAGREE,
			    "intent_events: the chain of hashes is broken at"
			    " row %lld (intent %lld): it is not what was"
			    " written: restore a backup",
			    (long long)sql_int(q, 0),
			    (long long)event.intent_id);
	}
	return status == TB_END ? TB_OK : status;
}

/* Is every intent in the state that its last event led to? */
static enum tb_status
states_verify(struct db *db, struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db,
	    "SELECT i.id, i.state, e.dst FROM intents i"
	    " LEFT JOIN intent_events e ON e.intent_id = i.id AND e.seq ="
	    " (SELECT max(seq) FROM intent_events WHERE intent_id = i.id)"
	    " WHERE e.dst IS NOT i.state LIMIT 1",
	    err);
	status = sql_step(&q, err);
	if (status == TB_OK)
		status = tb_fail(err, TB_EDISAGREE,
		    "intent %lld is %s, but its last event led to %s",
		    (long long)sql_int(&q, 0), sql_text(&q, 1),
		    sql_is_null(&q, 2) ? "nothing" : sql_text(&q, 2));
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

enum tb_status
events_verify(struct db *db, int64_t *out_count, struct tb_err *err)
{
	struct chain walked, told;
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db,
	    "SELECT id, intent_id, seq, src, dst, at, reason, hash"
	    " FROM intent_events ORDER BY id",
	    err);
	status = chain_walk(&q, &walked, err);
	sql_close(&q);
	if (status == TB_OK)
		status = load(db, &told, err);
	if (status != TB_OK)
		return status;
	if (walked.count != told.count || strcmp(walked.head, told.head) != 0)
		return tb_fail(err, TB_EDISAGREE,
		    "intent_events: %lld rows, but meta knows of %lld: the"
		    " tail is lost or strange: restore a backup",
		    (long long)walked.count, (long long)told.count);
	*out_count = walked.count;
	return states_verify(db, err);
}
