#include "order/watch.h"

#include <stdio.h>
#include <time.h>

#include "base/instant.h"

enum tb_status
watch_order(struct desk *desk, struct intent *intent, struct settlement *out,
    struct tb_err *err)
{
	struct venue_order order;
	enum tb_status status;

	*out = (struct settlement){ 0 };
	status = desk->venue->verbs->order(desk->venue, intent->order_id,
	    &order, err);
	if (status == TB_OK && !settle_is_of(intent, &order))
		status = tb_fail(err, TB_EDISAGREE,
		    "order %.64s is not the one that intent %lld asked for",
		    intent->order_id, (long long)intent->id);
	if (status == TB_OK)
		status = settle_order(desk, intent, &order, out, err);
	return status;
}

static void
nap(int64_t ms)
{
	const struct timespec time = { .tv_sec = ms / 1000,
		.tv_nsec = (long)(ms % 1000) * 1000000L };

	(void)nanosleep(&time, NULL);
}

/* One look, under the lock.  false: nothing more to be seen. */
static bool
look(struct desk *desk, struct outcome *o, struct tb_err *err)
{
	struct settlement settled = { 0 };
	struct intent intent = { 0 };
	enum tb_status status;
	bool open = false;

	if (lock_take(&desk->lock, err) != TB_OK)
		return false;
	desk_tick(desk);
	status = intents_by_order(desk->db, o->trade.order_id, &intent, err);
	if (status == TB_OK && intent.state == INTENT_OPEN)
		status = watch_order(desk, &intent, &settled, err);
	if (status == TB_OK)
		status = outcome_of_intent(desk->db, &intent, o, err);
	open = status == TB_OK && intent.state == INTENT_OPEN;
	settlement_release(&settled);
	intent_release(&intent);
	lock_free(&desk->lock);
	return open;
}

void
watch_fills(struct desk *desk, int64_t wait_ms, struct outcome *o)
{
	int64_t until_ms = instant_boot_ms() + wait_ms;
	struct tb_err err = { 0 };

	if (o->answer.outcome != ANSWER_TRADED ||
	    o->trade.status != TRADE_PENDING)
		return;
	while (look(desk, o, &err) && instant_boot_ms() < until_ms &&
	    (desk->lock.stop == NULL || *desk->lock.stop == 0))
		nap(WATCH_POLL_MS);
	if (err.status != TB_OK)
		snprintf(o->warning, sizeof(o->warning),
		    "waiting for fills: %.400s", err.msg);
}
