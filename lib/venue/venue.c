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

const char *
venue_outcome_name(enum venue_outcome outcome)
{
	static const char *const names[] = { "accepted", "refused", "not_sent",
		"unknown" };

	return names[outcome];
}
