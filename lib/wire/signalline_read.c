/* signalline: reading. */

#include <limits.h>
#include <string.h>

#include "base/instant.h"
#include "signal/real.h"
#include "wire/signalline.h"

/*
 * Where a value is read from.  A key that is absent or null leaves the value
 * zeroed, but for needed ones; the first failure sticks in status.
 */
struct source {
	const struct json *j;
	const struct json_token *object;
	struct tb_err *err;
	enum tb_status status;
};

/* The value of key; NULL where there is none, or after a failure. */
static const struct json_token *
source_get(const struct source *s, const char *key)
{
	const struct json_token *t;

	if (s->status != TB_OK)
		return NULL;
	t = json_get(s->j, s->object, key);
	return t == NULL || t->kind == JSON_NULL ? NULL : t;
}

static void
source_fail(struct source *s, const char *key, const char *expected)
{
	s->status =
	    tb_fail(s->err, TB_EINVAL, "%s: expected %s", key, expected);
}

static void
source_need(struct source *s, const char *key)
{
	if (s->status == TB_OK && source_get(s, key) == NULL)
		s->status = tb_fail(s->err, TB_EINVAL, "%s: missing", key);
}

static void
read_text(struct source *s, const char *key, char *buf, size_t size)
{
	const struct json_token *t = source_get(s, key);

	buf[0] = '\0';
	if (t == NULL)
		return;
	s->status = json_copy(t, buf, size, s->err);
	if (s->status != TB_OK)
		tb_err_at(s->err, "%s", key);
}

static void
read_bool(struct source *s, const char *key, bool *out)
{
	const struct json_token *t = source_get(s, key);

	*out = t != NULL && t->kind == JSON_TRUE;
	if (t != NULL && t->kind != JSON_TRUE && t->kind != JSON_FALSE)
		source_fail(s, key, "true or false");
}

static void
read_int(struct source *s, const char *key, int64_t min, int64_t max,
    int64_t *out)
{
	const struct json_token *t = source_get(s, key);
	long long n = 0;

	*out = 0;
	if (t == NULL)
		return;
	if (json_integer(t, &n, NULL) != TB_OK || n < min || n > max) {
		s->status = tb_fail(s->err, TB_EINVAL,
		    "%s: expected a whole number from %lld to %lld", key,
		    (long long)min, (long long)max);
		return;
	}
	*out = n;
}

static void
read_instant(struct source *s, const char *key, int64_t *out_us)
{
	const struct json_token *t = source_get(s, key);

	*out_us = 0;
	if (t == NULL)
		return;
	if (t->kind != JSON_STRING ||
	    instant_parse(t->text, t->len, out_us) != TB_OK)
		source_fail(s, key, "a time like 2025-09-11T10:30:00Z");
}

static void
read_amount(struct source *s, const char *key, bool *known, struct decimal *out)
{
	const struct json_token *t = source_get(s, key);

	*known = t != NULL;
	*out = DECIMAL_ZERO;
	if (t == NULL)
		return;
	s->status = json_decimal(t, out, s->err);
	if (s->status != TB_OK)
		tb_err_at(s->err, "%s", key);
}

static void
read_real(struct source *s, const char *key, bool *known, double *out)
{
	const struct json_token *t = source_get(s, key);

	*known = t != NULL;
	*out = 0;
	if (t == NULL)
		return;
	if (t->kind != JSON_NUMBER || real_parse(t->text, t->len, out) != TB_OK)
		source_fail(s, key, "a number");
}

/* Enter the object at key; false where there is none. */
static bool
source_enter(struct source *s, const char *key, struct source *inner)
{
	const struct json_token *t = source_get(s, key);

	if (t == NULL)
		return false;
	*inner = *s;
	inner->object = t;
	if (t->kind != JSON_OBJECT)
		source_fail(s, key, "an object");
	return t->kind == JSON_OBJECT;
}

/* Come back from it, with a failure there. */
static void
source_leave(struct source *s, const char *key, const struct source *inner)
{
	s->status = inner->status;
	if (s->status != TB_OK)
		tb_err_at(s->err, "%s", key);
}

static void
read_action(struct source *s, enum action *out)
{
	static const char key[] = "recommended_action";
	const struct json_token *t = source_get(s, key);

	*out = ACTION_HOLD;
	if (t != NULL &&
	    (t->kind != JSON_STRING ||
		action_parse(t->text, t->len, out) != TB_OK))
		source_fail(s, key, "BUY, SELL or HOLD");
}

static void
read_temperature(struct source *s, enum temperature *out)
{
	static const char key[] = "temperature";
	const struct json_token *t = source_get(s, key);

	*out = TEMPERATURE_FROZEN;
	if (t != NULL &&
	    (t->kind != JSON_STRING ||
		temperature_parse(t->text, t->len, out) != TB_OK))
		source_fail(s, key, "HOT, WARM, COOL or FROZEN");
}

static void
read_not_ready(struct source *s, unsigned *out)
{
	static const char key[] = "not_ready";
	const struct json_token *list = source_get(s, key);

	*out = 0;
	if (list == NULL)
		return;
	if (list->kind != JSON_ARRAY) {
		source_fail(s, key, "a list of reasons");
		return;
	}
	for (const struct json_token *t = json_first(s->j, list); t != NULL;
	     t = json_after(s->j, list, t))
		for (int i = 0; i < NOT_READY_COUNT; i++)
			if (json_is(t, not_ready_name(i)))
				*out |= 1U << i;
}

static void
read_confirmation(struct source *s, struct signalline *out)
{
	static const char key[] = "confirmation";
	struct source in;
	int64_t required;

	if (!source_enter(s, key, &in))
		return;
	read_instant(&in, "since", &out->since_us);
	read_bool(&in, "since_is_bound", &out->since_is_bound);
	read_int(&in, "required_minutes", 0, INT_MAX, &required);
	read_int(&in, "elapsed_minutes", 0, INT64_MAX, &out->elapsed_minutes);
	read_bool(&in, "confirmed", &out->confirmed);
	out->required_minutes = (int)required;
	source_leave(s, key, &in);
}

static void
read_cooldown(struct source *s, struct signalline *out)
{
	static const char key[] = "cooldown";
	struct source in;

	if (!source_enter(s, key, &in))
		return;
	read_instant(&in, "until", &out->cooldown_until_us);
	read_bool(&in, "active", &out->cooling_down);
	source_leave(s, key, &in);
}

/* A value of an indicator: any key of a signal that is none of ours. */
static void
read_value(const struct json_token *key, struct signalline_part *out)
{
	static const char *const ours[] = { "enabled", "weight", "score",
		"reason", "message" };
	const struct json_token *t = key + 1;
	struct signalline_value *v = &out->values[out->value_count];

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (json_is(key, ours[i]))
			return;
	if (out->value_count == SIGNALLINE_VALUES_MAX ||
	    json_copy(key, v->key, sizeof(v->key), NULL) != TB_OK)
		return;
	v->known = t->kind == JSON_NUMBER &&
	    real_parse(t->text, t->len, &v->value) == TB_OK;
	if (v->known || t->kind == JSON_NULL)
		out->value_count++;
}

static void
read_part(struct source *s, struct signalline_part *out)
{
	bool known;

	read_bool(s, "enabled", &out->enabled);
	read_amount(s, "weight", &known, &out->weight);
	read_real(s, "score", &out->has_score, &out->score);
	read_text(s, "reason", out->reason, sizeof(out->reason));
	read_text(s, "message", out->message, sizeof(out->message));
	for (const struct json_token *key = json_first(s->j, s->object);
	     key != NULL; key = json_after(s->j, s->object, key))
		read_value(key, out);
}

/* For show: what does not fit is left out. */
static void
read_parts(struct source *s, struct signalline *out)
{
	static const char name[] = "individual_signals";
	const struct json_token *key;
	struct source in, part;

	if (!source_enter(s, name, &in))
		return;
	for (key = json_first(s->j, in.object); key != NULL;
	     key = json_after(s->j, in.object, key)) {
		struct signalline_part *p = &out->parts[out->part_count];

		if (out->part_count == SIGNALLINE_PARTS_MAX)
			break;
		if (key[1].kind != JSON_OBJECT ||
		    json_copy(key, p->name, sizeof(p->name), NULL) != TB_OK)
			continue;
		part = in;
		part.object = key + 1;
		read_part(&part, p);
		out->part_count++;
		in.status = part.status;
		if (in.status != TB_OK)
			break;
	}
	source_leave(s, name, &in);
}

/* What a line that may trade cannot do without. */
static void
need_keys(struct source *s, const struct signalline *line)
{
	source_need(s, "bot_id");
	source_need(s, "product_id");
	source_need(s, "recommended_action");
	source_need(s, "last_evaluation");
	source_need(s, "ready_to_trade");
	if (line->action == ACTION_HOLD)
		return;
	source_need(s, "name");
	source_need(s, "evaluation_id");
	source_need(s, "candle_at");
	source_need(s, "trade_size_usd");
}

static void
read_line(struct source *s, struct signalline *out)
{
	bool known;

	read_int(s, "bot_id", 1, INT64_MAX, &out->bot_id);
	read_text(s, "product_id", out->product_id, sizeof(out->product_id));
	read_temperature(s, &out->temperature);
	read_real(s, "combined_score", &out->has_score, &out->combined_score);
	read_action(s, &out->action);
	read_instant(s, "last_evaluation", &out->instant_us);
	read_bool(s, "ready_to_trade", &out->ready);
	read_text(s, "name", out->name, sizeof(out->name));
	read_text(s, "evaluation_id", out->evaluation_id,
	    sizeof(out->evaluation_id));
	read_instant(s, "candle_at", &out->candle_at_us);
	read_not_ready(s, &out->not_ready);
	read_amount(s, "price", &out->has_price, &out->price);
	read_amount(s, "trade_size_usd", &known, &out->trade_size_usd);
	read_confirmation(s, out);
	read_cooldown(s, out);
	read_parts(s, out);
	read_bool(s, "forced", &out->forced);
	read_bool(s, "short_history", &out->short_history);
	read_int(s, "missing", 0, INT64_MAX, &out->missing);
	read_text(s, "error", out->error, sizeof(out->error));
}

/* Do the parts of the line agree with each other? */
static enum tb_status
line_check(const struct signalline *line, struct tb_err *err)
{
	struct evaluation_id id;
	enum tb_status status;

	if (!product_id_is_valid(line->product_id, strlen(line->product_id)))
		return tb_fail(err, TB_EINVAL,
		    "product_id: expected one like BTC-USD");
	if (line->ready && line->not_ready != 0)
		return tb_fail(err, TB_EINVAL,
		    "ready_to_trade: not_ready says otherwise");
	if (line->action != ACTION_HOLD &&
	    decimal_sign(line->trade_size_usd) <= 0)
		return tb_fail(err, TB_EINVAL,
		    "trade_size_usd: expected an amount above 0");
	if (line->evaluation_id[0] == '\0')
		return TB_OK;
	status = evaluation_id_parse(line->evaluation_id, &id, err);
	if (status != TB_OK)
		return status;
	if (strcmp(id.name, line->name) != 0 ||
	    strcmp(id.product_id, line->product_id) != 0 ||
	    id.candle_at_us != line->candle_at_us)
		return tb_fail(err, TB_EINVAL,
		    "evaluation_id: expected that of %s on %s at candle_at",
		    line->name, line->product_id);
	return TB_OK;
}

enum tb_status
signalline_read(const struct json *j, const struct json_token *object,
    struct signalline *out, struct tb_err *err)
{
	struct source s = { .j = j, .object = object, .err = err };

	*out = (struct signalline){ 0 };
	read_line(&s, out);
	need_keys(&s, out);
	return s.status == TB_OK ? line_check(out, err) : s.status;
}
