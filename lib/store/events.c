#include "store/events.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/instant.h"
#include "store/sql.h"

/* The hash of an event: the one before it, and every column but its own. */
static void
event_hash(const char *head, const struct event *event, const char *at,
    char out[static DIGEST_HEX])
{
	struct digest d;
	char number[24];

	digest_init(&d);
	digest_add_field(&d, head);
	snprintf(number, sizeof(number), "%lld", (long long)event->intent_id);
	digest_add_field(&d, number);
	snprintf(number, sizeof(number), "%lld", (long long)event->seq);
	digest_add_field(&d, number);
	digest_add_field(&d, event->src);
	digest_add_field(&d, event->dst);
	digest_add_field(&d, at);
	digest_add_field(&d, event->reason);
	digest_hex(&d, out);
}

/* The head and the length of the chain; an empty one has the head "". */
static enum tb_status
chain_read(struct db *db, char head[static DIGEST_HEX], long long *count,
    struct tb_err *err)
{
	char text[24] = "0";
	enum tb_status status;

	head[0] = '\0';
	*count = 0;
	status = db_meta_get(db, META_EVENTS_HEAD, head, DIGEST_HEX, err);
	if (status == TB_ENOENT)
		return TB_OK;
	if (status == TB_OK)
		status =
		    db_meta_get(db, META_EVENTS_COUNT, text, sizeof(text), err);
	if (status == TB_OK)
		*count = strtoll(text, NULL, 10);
	return status;
}

static enum tb_status
chain_write(struct db *db, const char *head, long long count,
    struct tb_err *err)
{
	char text[24];
	enum tb_status status;

	snprintf(text, sizeof(text), "%lld", count);
	status = db_meta_set(db, META_EVENTS_HEAD, head, err);
	if (status == TB_OK)
		status = db_meta_set(db, META_EVENTS_COUNT, text, err);
	return status;
}

static enum tb_status
next_seq(struct db *db, int64_t intent_id, int64_t *out, struct tb_err *err)
{
	static const char sql[] =
	    "SELECT coalesce(max(seq), 0) + 1 FROM intent_events"
	    " WHERE intent_id = ?1";
	enum tb_status status;
	struct sql q;

	status = sql_open(&q, db, sql, err);
	if (status != TB_OK)
		return status;
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
	static const char sql[] =
	    "INSERT INTO intent_events"
	    " (intent_id, seq, src, dst, at, reason, hash)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
	char head[DIGEST_HEX], hash[DIGEST_HEX], at[INSTANT_STRLEN];
	enum tb_status status;
	long long count;
	struct sql q;

	status = next_seq(db, event->intent_id, &event->seq, err);
	if (status == TB_OK)
		status = chain_read(db, head, &count, err);
	if (status == TB_OK)
		status = sql_open(&q, db, sql, err);
	if (status != TB_OK)
		return status;
	instant_format(event->at_us, at);
	event_hash(head, event, at, hash);
	sql_bind_int(&q, 1, event->intent_id);
	sql_bind_int(&q, 2, event->seq);
	sql_bind_text(&q, 3, event->src);
	sql_bind_text(&q, 4, event->dst);
	sql_bind_text(&q, 5, at);
	sql_bind_text(&q, 6, event->reason);
	sql_bind_text(&q, 7, hash);
	status = sql_run(&q, err);
	if (status == TB_OK)
		status = chain_write(db, hash, count + 1, err);
	return status;
}

/* The chain from its first event on: out: its hash and length. */
static enum tb_status
chain_walk(struct sql *q, char head[static DIGEST_HEX], long long *count,
    struct tb_err *err)
{
	char hash[DIGEST_HEX];
	enum tb_status status;

	head[0] = '\0';
	*count = 0;
	while ((status = sql_step(q, err)) == TB_OK) {
		const char *stored = sql_text(q, 7);
		struct event event = {
			.intent_id = sql_int(q, 1),
			.seq = sql_int(q, 2),
			.src = sql_text(q, 3),
			.dst = sql_text(q, 4),
			.reason = sql_text(q, 6),
		};

		event_hash(head, &event, sql_text(q, 5), hash);
		if (stored == NULL || strcmp(hash, stored) != 0)
			return tb_fail(err, TB_EDISAGREE,
			    "intent_events: the chain of hashes breaks at row"
			    " %lld (intent %lld): restore a backup",
			    (long long)sql_int(q, 0),
			    (long long)event.intent_id);
		memcpy(head, hash, DIGEST_HEX);
		(*count)++;
	}
	return status == TB_END ? TB_OK : status;
}

/* Is every intent in the state that its last event led to? */
static enum tb_status
states_verify(struct db *db, struct tb_err *err)
{
	static const char sql[] =
	    "SELECT i.id, i.state, e.dst FROM intents i"
	    " LEFT JOIN intent_events e ON e.intent_id = i.id AND e.seq ="
	    " (SELECT max(seq) FROM intent_events WHERE intent_id = i.id)"
	    " WHERE e.dst IS NOT i.state LIMIT 1";
	enum tb_status status;
	struct sql q;

	status = sql_open(&q, db, sql, err);
	if (status != TB_OK)
		return status;
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
	static const char sql[] =
	    "SELECT id, intent_id, seq, src, dst, at, reason, hash"
	    " FROM intent_events ORDER BY id";
	char head[DIGEST_HEX], told[DIGEST_HEX];
	long long count, told_count;
	enum tb_status status;
	struct sql q;

	status = sql_open(&q, db, sql, err);
	if (status != TB_OK)
		return status;
	status = chain_walk(&q, head, &count, err);
	sql_close(&q);
	if (status == TB_OK)
		status = chain_read(db, told, &told_count, err);
	if (status != TB_OK)
		return status;
	if (count != told_count || strcmp(head, told) != 0)
		return tb_fail(err, TB_EDISAGREE,
		    "intent_events: %lld rows, but meta knows of %lld: the"
		    " tail is lost or strange: restore a backup",
		    count, told_count);
	*out_count = count;
	return states_verify(db, err);
}
