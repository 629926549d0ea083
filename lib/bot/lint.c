#include "bot/lint.h"

#include <stdio.h>
#include <string.h>

#include "base/instant.h"

#define WORDS_MAX 256

static bool
counts(const struct bot_signal *s)
{
	return s->enabled && decimal_sign(s->weight) > 0;
}

static bool
follows(enum score_kind kind)
{
	return kind == SCORE_MA || kind == SCORE_MACD;
}

static bool
reverts(enum score_kind kind)
{
	return kind == SCORE_RSI || kind == SCORE_BBANDS || kind == SCORE_STOCH;
}

static void
lint_mix(const struct bot *bot, lint_warn *warn, void *arg)
{
	const struct bot_signal *follower = NULL, *reverter = NULL;
	char words[WORDS_MAX];

	for (size_t i = 0; i < bot->signal_count; i++) {
		const struct bot_signal *s = &bot->signals[i];

		if (counts(s) && follows(s->kind))
			follower = s;
		if (counts(s) && reverts(s->kind))
			reverter = s;
	}
	if (follower == NULL || reverter == NULL)
		return;
	(void)snprintf(words, sizeof(words),
	    "signals: %s follows the price"
	    " and %s expects it to come back: they cancel each other",
	    follower->key, reverter->key);
	warn(words, arg);
}

static struct decimal
sum_of_weights(const struct bot *bot)
{
	struct decimal sum = DECIMAL_ZERO;

	for (size_t i = 0; i < bot->signal_count; i++)
		if (counts(&bot->signals[i])) /* bot_check(): at most 1 */
			(void)decimal_add(sum, bot->signals[i].weight, &sum);
	return sum;
}

static void
lint_weights(const struct bot *bot, lint_warn *warn, void *arg)
{
	struct decimal sum = sum_of_weights(bot);
	char words[WORDS_MAX], text[DECIMAL_STRLEN];
	bool never;

	if (decimal_sign(sum) == 0) {
		warn("signals: none that is enabled has a weight: it never"
		     " acts",
		    arg);
		return;
	}
	if (bot->combine == COMBINE_MEAN ||
	    decimal_cmp(sum, DECIMAL_OF(1)) == 0)
		return;
	never = decimal_cmp(sum, bot->buy_threshold) < 0 ||
	    decimal_cmp(sum, decimal_neg(bot->sell_threshold)) < 0;
	(void)decimal_format(sum, text);
	(void)snprintf(words, sizeof(words),
	    "signals: the weights sum to %s, not 1%s", text,
	    never ? ": a threshold is out of reach" : "");
	warn(words, arg);
}

static void
lint_size(const struct bot *bot, lint_warn *warn, void *arg)
{
	char words[WORDS_MAX], text[DECIMAL_STRLEN];

	if (decimal_cmp(bot->trade_size_usd, DECIMAL_OF(LINT_ORDER_MIN_USD)) >=
	    0)
		return;
	(void)decimal_format_min(bot->trade_size_usd, 2, text);
	(void)snprintf(words, sizeof(words),
	    "trade_size_usd: %s is below the"
	    " minimum of an order, %d",
	    text, LINT_ORDER_MIN_USD);
	warn(words, arg);
}

static void
lint_confirmation(const struct bot *bot, lint_warn *warn, void *arg)
{
	int candle = bot->granularity_s / 60;
	int rounded =
	    (bot->confirmation_minutes + candle - 1) / candle * candle;
	char words[WORDS_MAX];

	if (rounded == bot->confirmation_minutes)
		return;
	(void)snprintf(words, sizeof(words),
	    "confirmation_minutes: %d are %d"
	    " on candles of %s",
	    bot->confirmation_minutes, rounded,
	    granularity_name(bot->granularity_s));
	warn(words, arg);
}

static void
lint_uses(const struct bot *bot, const struct bot_signal *s, lint_warn *warn,
    void *arg)
{
	char words[WORDS_MAX], name[SERIES_STRLEN];

	for (uint8_t i = 0; i < s->uses_count; i++) {
		(void)series_identifier(&s->uses[i], name);
		if (strstr(bot_text(bot, s->jq), name) != NULL)
			continue;
		(void)snprintf(words, sizeof(words),
		    "signals.%s.uses: the expression does not read .%s", s->key,
		    name);
		warn(words, arg);
	}
}

void
bot_lint(const struct bot *bot, lint_warn *warn, void *arg)
{
	lint_mix(bot, warn, arg);
	lint_weights(bot, warn, arg);
	lint_size(bot, warn, arg);
	lint_confirmation(bot, warn, arg);
	for (size_t i = 0; i < bot->signal_count; i++)
		if (bot->signals[i].kind == SCORE_JQ)
			lint_uses(bot, &bot->signals[i], warn, arg);
}

/* ------------------------------------------------------------- readiness -- */

void
readiness_add(struct readiness *r, const struct bot *bot,
    const struct evaluation *evaluation)
{
	int64_t at_s = evaluation->candle_at_s;

	if (r->candles++ == 0)
		r->first_at_s = at_s;
	r->last_at_s = at_s;
	if (evaluation->action == ACTION_HOLD ||
	    !evaluation->confirmation.confirmed)
		return;
	if (r->ready_at_s != 0 &&
	    at_s - r->ready_at_s < (int64_t)bot->cooldown_minutes * 60)
		return;
	r->ready++;
	r->ready_at_s = at_s;
}

double
readiness_a_day(const struct readiness *r)
{
	int64_t seconds = r->last_at_s - r->first_at_s;

	if (seconds <= 0)
		return 0;
	return (double)(r->ready * INSTANT_S_PER_DAY) / (double)seconds;
}

void
readiness_lint(const struct readiness *r, lint_warn *warn, void *arg)
{
	int64_t seconds = r->last_at_s - r->first_at_s;
	char words[WORDS_MAX];

	if (seconds < INSTANT_S_PER_DAY)
		return;
	if (r->ready == 0) {
		(void)snprintf(words, sizeof(words),
		    "it would never have been"
		    " ready in %lld stored candles",
		    (long long)r->candles);
		warn(words, arg);
	} else if (r->ready * INSTANT_S_PER_DAY > LINT_READY_A_DAY * seconds) {
		(void)snprintf(words, sizeof(words),
		    "it would have been ready"
		    " %.1f times a day: at most %d make sense",
		    readiness_a_day(r), LINT_READY_A_DAY);
		warn(words, arg);
	}
}
