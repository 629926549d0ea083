#include "venue/venue.h"

#include <string.h>

bool
venue_order_is_final(const struct venue_order *o)
{
	static const char *const final[] = { "FILLED", "CANCELLED", "EXPIRED",
		"FAILED" };

	for (size_t i = 0; i < sizeof(final) / sizeof(final[0]); i++)
		if (strcmp(o->status, final[i]) == 0)
			return true;
	return false;
}

bool
venue_order_is_odd(const struct venue_order *o)
{
	static const char *const open[] = { "PENDING", "OPEN", "QUEUED",
		"EDIT_QUEUED", "CANCEL_QUEUED" };

	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++)
		if (strcmp(o->status, open[i]) == 0)
			return false;
	return !venue_order_is_final(o);
}

const char *
venue_outcome_name(enum venue_outcome outcome)
{
	static const char *const names[] = { "accepted", "refused", "not_sent",
		"unknown" };

	return names[outcome];
}
