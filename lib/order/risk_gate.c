/*
 * risk_gate: may this decision act here and now?
 */

#include <string.h>

#include "base/instant.h"
#include "order/halt.h"
#include "order/risk.h"
#include "store/bots.h"
#include "store/candles.h"
#include "store/evaluations.h"
#include "store/intents.h"

#define US_PER_MINUTE (60 * INSTANT_US_PER_S)

/* A rule looks at a case and says no, or nothing. */
typedef enum tb_status gate_rule(struct desk *desk, struct risk_case *c,
    struct verdict *no, struct tb_err *err);

/* Is our clock another than the venue's, as far as that was told? */
static bool
clock_differs(const struct desk *desk, struct verdict *no)
{
	int64_t off_us = desk->clock_off_us;

	if (off_us <= DESK_CLOCK_US && off_us >= -DESK_CLOCK_US)
		return false;
	verdict_no(no, REASON_CLOCK,
	    "the clock differs by %lld s from the venue's",
	    (long long)((off_us < 0 ? -off_us : off_us) / INSTANT_US_PER_S));
	verdict_durations(no, off_us < 0 ? -off_us : off_us, DESK_CLOCK_US);
	return true;
}

/*
 * Has our clock gone back behind what it once showed?  Where it is a little,
 * time stands still until it is there again: no order is older than the one
 * before it, and none sells what was not bought yet.
 */
static enum tb_status
rule_clock(struct desk *desk, struct risk_case *c, struct verdict *no,
    struct tb_err *err)
{
	char text[INSTANT_STRLEN];
	enum tb_status status;
	int64_t seen_us;

	(void)c;
	if (clock_differs(desk, no) || desk->fixed)
		return TB_OK;
	status = db_meta_get(desk->db, META_MAX_SEEN, text, sizeof(text), err);
	if (status == TB_ENOENT)
		return TB_OK;
	if (status == TB_OK &&
	    instant_parse(text, strlen(text), &seen_us) != TB_OK)
		status = tb_fail(err, TB_EDISAGREE, "meta.max_seen: no moment");
	if (status != TB_OK || desk->instant_us >= seen_us)
		return status;
	if (desk->instant_us >= seen_us - DESK_FUTURE_US) {
		desk->instant_us = seen_us;
		return TB_OK;
	}
	verdict_no(no, REASON_CLOCK, "the clock went back %lld s",
	    (long long)((seen_us - desk->instant_us) / INSTANT_US_PER_S));
	verdict_durations(no, seen_us - desk->instant_us, DESK_FUTURE_US);
	return TB_OK;
}

/* Whole seconds, up: one microsecond over a limit must not read as within. */
static int64_t
seconds_up(int64_t us)
{
	return (us + INSTANT_US_PER_S - 1) / INSTANT_US_PER_S;
}

static enum tb_status
rule_age(struct desk *desk, struct risk_case *c, struct verdict *no,
    struct tb_err *err)
{
	int64_t limit_us = desk->config->max_signal_age_s * INSTANT_US_PER_S;
	int64_t age_us = desk->instant_us - c->decision->decided_at_us;

	(void)err;
	if (!c->decision->is_timed)
		return TB_OK;
	if (age_us > limit_us) {
		verdict_no(no, REASON_AGE,
		    "the decision is %lld s old (limit %lld)",
		    (long long)seconds_up(age_us),
		    (long long)desk->config->max_signal_age_s);
		verdict_durations(no, seconds_up(age_us) * INSTANT_US_PER_S,
		    limit_us);
	} else if (age_us < -DESK_FUTURE_US) {
		verdict_no(no, REASON_FUTURE,
		    "the decision is from the future: %lld s from now",
		    (long long)seconds_up(-age_us));
		verdict_durations(no, seconds_up(-age_us) * INSTANT_US_PER_S,
		    DESK_FUTURE_US);
	}
	return TB_OK;
}

static enum tb_status
rule_halted(struct desk *desk, struct risk_case *c, struct verdict *no,
    struct tb_err *err)
{
	char why[TB_ERR_MAX];
	enum tb_status status;
	bool halted;

	(void)c;
	status = halt_look(desk->db, &halted, why, err);
	if (status == TB_OK && halted)
		verdict_no(no, REASON_HALTED, "%s", why);
	return status;
}

static enum tb_status
rule_bot(struct desk *desk, struct risk_case *c, struct verdict *no,
    struct tb_err *err)
{
	const struct decision *d = c->decision;
	struct bot_row bot;
	enum tb_status status;

	if (!d->is_signal)
		return TB_OK;
	status = bots_get(desk->db, d->evaluation.bot_id, &bot, err);
	if (status != TB_OK && status != TB_ENOENT)
		return status;
	if (status == TB_ENOENT)
		verdict_no(no, REASON_UNKNOWN_BOT, "there is no bot %lld",
		    (long long)d->evaluation.bot_id);
	else if (strcmp(bot.name, d->bot_name) != 0)
		verdict_no(no, REASON_UNKNOWN_BOT,
		    "bot %lld is \"%s\", but the signal is of \"%s\"",
		    (long long)bot.id, bot.name, d->bot_name);
	else if (bot.status == BOT_STOPPED)
		verdict_no(no, REASON_BOT_STOPPED, "bot \"%s\" is STOPPED",
		    bot.name);
	return TB_OK;
}

static enum tb_status
rule_product(struct desk *desk, struct risk_case *c, struct verdict *no,
    struct tb_err *err)
{
	const char *product_id = c->decision->product_id;
	char quote[CURRENCY_MAX];
	enum tb_status status;

	status = products_get(desk->db, product_id, &c->product, err);
	if (status == TB_ENOENT) {
		verdict_no(no, REASON_UNKNOWN_PRODUCT,
		    "product %s is not known: run tb-sync products, or import"
		    " its candles",
		    product_id);
		return TB_OK;
	}
	if (status != TB_OK)
		return status;
	product_quote(product_id, quote);
	if (!currency_is_dollar(quote))
		verdict_no(no, REASON_NOT_ALLOWED,
		    "orders are placed for USD, USDC and USDT products, not %s",
		    quote);
	else if (!config_allows(desk->config, product_id))
		verdict_no(no, REASON_NOT_ALLOWED,
		    "%s is not among the products that may be traded"
		    " (limits.products)",
		    product_id);
	return TB_OK;
}

static enum tb_status
rule_product_state(struct desk *desk, struct risk_case *c, struct verdict *no,
    struct tb_err *err)
{
	const struct product *p = &c->product;
	enum order_type type = c->decision->type;
	const char *state = NULL;

	(void)desk;
	(void)err;
	if (p->trading_disabled)
		state = "trading_disabled";
	else if (p->cancel_only)
		state = "cancel_only";
	else if (p->auction_mode)
		state = "auction_mode";
	else if (p->post_only && type != ORDER_POST_ONLY)
		state = "post_only";
	else if (p->limit_only && type == ORDER_MARKET)
		state = "limit_only";
	if (state == NULL)
		return TB_OK;
	verdict_no(no, REASON_PRODUCT_STATE, "%s is %s at the venue",
	    p->product_id, state);
	no->have = (struct figure){ .kind = FIGURE_TEXT, .text = state };
	return TB_OK;
}

/* While the fate of an order is not known, nothing more of its product. */
static enum tb_status
rule_unresolved(struct desk *desk, struct risk_case *c, struct verdict *no,
    struct tb_err *err)
{
	struct intent other;
	enum tb_status status;
	int64_t after = 0;

	while ((status = intents_next(desk->db, after, INTENT_UNRESOLVED,
		    &other, err)) == TB_OK) {
		after = other.id;
		if (other.id != c->intent_id &&
		    strcmp(other.product_id, c->decision->product_id) == 0)
			verdict_no(no, REASON_UNRESOLVED,
			    "an order of %s may be live (intent %lld): run"
			    " tb-sync reconcile",
			    other.product_id, (long long)other.id);
		intent_release(&other);
	}
	return status == TB_ENOENT ? TB_OK : status;
}

/*
 * A clock that was set back by less than rule_clock() minds must not hide the
 * bot's last action; a replay does not look ahead of its instant.
 */
static int64_t
acted_before_us(const struct desk *desk)
{
	if (desk->fixed)
		return desk->instant_us;
	return desk->instant_us + DESK_FUTURE_US + 1;
}

static enum tb_status
rule_cooldown(struct desk *desk, struct risk_case *c, struct verdict *no,
    struct tb_err *err)
{
	const struct decision *d = c->decision;
	struct bot_row bot;
	int64_t last_us = 0, need_us, have_us;
	enum tb_status status;

	if (!d->is_signal || d->forced)
		return TB_OK;
	status = bots_get(desk->db, d->evaluation.bot_id, &bot, err);
	if (status == TB_OK)
		status = evaluations_last_act(desk->db, bot.id,
		    acted_before_us(desk), d->evaluation.evaluation_id,
		    &last_us, err);
	if (status != TB_OK || last_us == 0)
		return status;
	have_us = desk->instant_us - last_us;
	if (have_us < 0)
		have_us = 0;
	need_us = bot.cooldown_minutes * US_PER_MINUTE;
	if (have_us >= need_us)
		return TB_OK;
	verdict_no(no, REASON_COOLDOWN,
	    "bot \"%s\" acted %lld s ago and cools down for %lld s", bot.name,
	    (long long)(have_us / INSTANT_US_PER_S),
	    (long long)(need_us / INSTANT_US_PER_S));
	verdict_durations(no, have_us, need_us);
	return TB_OK;
}

enum tb_status
risk_gate(struct desk *desk, struct risk_case *c, struct verdict *no,
    struct tb_err *err)
{
	static gate_rule *const rules[] = { rule_clock, rule_age, rule_halted,
		rule_bot, rule_product, rule_product_state, rule_unresolved,
		rule_cooldown };
	enum tb_status status = TB_OK;

	no->reason = REASON_NONE;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		status = rules[i](desk, c, no, err);
		if (status != TB_OK || no->reason != REASON_NONE)
			break;
	}
	return status;
}
