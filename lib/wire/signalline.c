#include "wire/signalline.h"

#include "base/instant.h"
#include "signal/real.h"

#define CENTS 2	      /* decimals that a quote amount has at least */
#define ONE_DECIMAL 1 /* of weights and scores: 1.0 */

static const char *const not_ready_names[NOT_READY_COUNT] = { "hold",
	"confirming", "cooldown", "stale_data", "warming_up", "halted",
	"vetoed", "bot_error" };

const char *
not_ready_name(int n)
{
	return not_ready_names[n];
}

static void
write_instant(struct json_writer *w, const char *key, int64_t us)
{
	char buf[INSTANT_STRLEN];

	json_key(w, key);
	if (us == 0) {
		json_null(w);
		return;
	}
	instant_format(us, buf);
	json_string(w, buf);
}

static void
write_text(struct json_writer *w, const char *key, const char *s)
{
	json_key(w, key);
	json_string(w, s[0] == '\0' ? NULL : s);
}

static void
write_bool(struct json_writer *w, const char *key, bool b)
{
	json_key(w, key);
	json_bool(w, b);
}

static void
write_int(struct json_writer *w, const char *key, long long n)
{
	json_key(w, key);
	json_int(w, n);
}

/* A double in its shortest text; null where it is not known. */
static void
write_real(struct json_writer *w, const char *key, bool known, double value)
{
	char buf[REAL_STRLEN];

	json_key(w, key);
	if (!known) {
		json_null(w);
		return;
	}
	json_raw(w, buf, real_format(value, buf));
}

/* No amount: a number whatever w->numbers says. */
static void
write_weight(struct json_writer *w, struct decimal weight)
{
	char buf[DECIMAL_STRLEN];

	json_key(w, "weight");
	json_raw(w, buf, decimal_format_min(weight, ONE_DECIMAL, buf));
}

static void
write_not_ready(struct json_writer *w, unsigned bits)
{
	json_key(w, "not_ready");
	json_open(w, '[');
	for (int i = 0; i < NOT_READY_COUNT; i++)
		if ((bits & 1U << i) != 0)
			json_string(w, not_ready_names[i]);
	json_close(w, ']');
}

static void
write_confirmation(struct json_writer *w, const struct signalline *line)
{
	json_key(w, "confirmation");
	json_open(w, '{');
	write_instant(w, "since", line->since_us);
	write_bool(w, "since_is_bound", line->since_is_bound);
	write_int(w, "required_minutes", line->required_minutes);
	write_int(w, "elapsed_minutes", line->elapsed_minutes);
	write_bool(w, "confirmed", line->confirmed);
	json_close(w, '}');
}

static void
write_cooldown(struct json_writer *w, const struct signalline *line)
{
	json_key(w, "cooldown");
	json_open(w, '{');
	write_instant(w, "until", line->cooldown_until_us);
	write_bool(w, "active", line->cooling_down);
	json_close(w, '}');
}

static void
write_part(struct json_writer *w, const struct signalline_part *part)
{
	json_key(w, part->name);
	json_open(w, '{');
	write_bool(w, "enabled", part->enabled);
	write_weight(w, part->weight);
	write_real(w, "score", part->has_score, part->score);
	for (size_t i = 0; i < part->value_count; i++)
		write_real(w, part->values[i].key, part->values[i].known,
		    part->values[i].value);
	if (part->reason[0] != '\0')
		write_text(w, "reason", part->reason);
	if (part->message[0] != '\0')
		write_text(w, "message", part->message);
	json_close(w, '}');
}

static void
write_extras(struct json_writer *w, const struct signalline *line)
{
	if (line->forced)
		write_bool(w, "forced", true);
	if (line->short_history)
		write_bool(w, "short_history", true);
	if (line->missing > 0)
		write_int(w, "missing", line->missing);
	if (line->error[0] != '\0')
		write_text(w, "error", line->error);
}

void
signalline_write(struct json_writer *w, const struct signalline *line)
{
	json_open(w, '{');
	write_int(w, "bot_id", line->bot_id);
	write_text(w, "product_id", line->product_id);
	write_text(w, "temperature", temperature_name(line->temperature));
	write_real(w, "combined_score", line->has_score, line->combined_score);
	write_text(w, "recommended_action", action_name(line->action));
	write_instant(w, "last_evaluation", line->instant_us);
	write_bool(w, "ready_to_trade", line->ready);

	write_text(w, "name", line->name);
	write_text(w, "evaluation_id", line->evaluation_id);
	write_instant(w, "candle_at", line->candle_at_us);
	write_not_ready(w, line->not_ready);
	json_key(w, "price");
	if (line->has_price)
		json_amount_min(w, line->price, CENTS);
	else
		json_null(w);
	json_key(w, "trade_size_usd");
	json_amount_min(w, line->trade_size_usd, CENTS);
	write_confirmation(w, line);
	write_cooldown(w, line);
	json_key(w, "individual_signals");
	json_open(w, '{');
	for (size_t i = 0; i < line->part_count; i++)
		write_part(w, &line->parts[i]);
	json_close(w, '}');
	write_extras(w, line);
	json_close(w, '}');
}
