#include "wire/trade.h"

#include <stdlib.h>
#include <string.h>

#include "base/instant.h"

static const char *const status_names[] = {
	[TRADE_PENDING] = "pending",
	[TRADE_FILLED] = "filled",
	[TRADE_CANCELLED] = "cancelled",
};

#define STATUSES (sizeof(status_names) / sizeof(status_names[0]))

const char *
trade_status_name(enum trade_status status)
{
	return status_names[status];
}

enum tb_status
trade_status_parse(const char *s, size_t len, enum trade_status *out)
{
	for (size_t i = 0; i < STATUSES; i++)
		if (strlen(status_names[i]) == len &&
		    memcmp(status_names[i], s, len) == 0) {
			*out = (enum trade_status)i;
			return TB_OK;
		}
	return TB_EINVAL;
}

void
trade_release(struct trade *t)
{
	free(t->signal_context);
	t->signal_context = NULL;
}

static void
write_moment(struct json_writer *w, const char *key, int64_t us)
{
	char text[INSTANT_STRLEN];

	json_key(w, key);
	if (us == 0) {
		json_null(w);
		return;
	}
	instant_format(us, text);
	json_string(w, text);
}

void
trade_write(struct json_writer *w, const struct trade *t)
{
	json_open(w, '{');
	json_key(w, "id");
	json_int(w, t->id);
	json_key(w, "product_id");
	json_string(w, t->product_id);
	json_key(w, "side");
	json_string(w, side_name(t->side));
	json_key(w, "size_usd");
	json_amount_min(w, t->size_usd, 2);
	json_key(w, "size_crypto");
	json_amount(w, t->size_crypto);
	json_key(w, "price");
	json_amount_min(w, t->price, 2);
	json_key(w, "order_id");
	json_string(w, t->order_id);
	json_key(w, "status");
	json_string(w, trade_status_name(t->status));
	json_key(w, "commission");
	json_amount_min(w, t->commission, 2);
	write_moment(w, "created_at", t->created_at_us);
	write_moment(w, "filled_at", t->filled_at_us);
	json_key(w, "triggered_by");
	json_string(w, t->triggered_by);
	json_key(w, "signal_context");
	if (t->signal_context == NULL)
		json_null(w);
	else
		json_raw(w, t->signal_context, strlen(t->signal_context));
	json_close(w, '}');
}
