#include "signal/decision.h"

#include <stdbool.h>
#include <string.h>

static const char *const actions[] = {
	[ACTION_HOLD] = "HOLD", [ACTION_BUY] = "BUY", [ACTION_SELL] = "SELL"
};
static const char *const temperatures[] = { [TEMPERATURE_FROZEN] = "FROZEN",
	[TEMPERATURE_COOL] = "COOL",
	[TEMPERATURE_WARM] = "WARM",
	[TEMPERATURE_HOT] = "HOT" };

const char *
action_name(enum action action)
{
	return actions[action];
}

const char *
temperature_name(enum temperature temperature)
{
	return temperatures[temperature];
}

static bool
text_is(const char *s, size_t len, const char *word)
{
	return strlen(word) == len && memcmp(s, word, len) == 0;
}

enum tb_status
action_parse(const char *s, size_t len, enum action *out)
{
	for (enum action i = ACTION_HOLD; i <= ACTION_SELL; i++) {
		if (!text_is(s, len, actions[i]))
			continue;
		*out = i;
		return TB_OK;
	}
	return TB_EINVAL;
}

enum tb_status
temperature_parse(const char *s, size_t len, enum temperature *out)
{
	for (enum temperature i = TEMPERATURE_FROZEN; i <= TEMPERATURE_HOT;
	     i++) {
		if (!text_is(s, len, temperatures[i]))
			continue;
		*out = i;
		return TB_OK;
	}
	return TB_EINVAL;
}
