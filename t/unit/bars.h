#ifndef BARS_H
#define BARS_H

/*
 * bars: real candles of the shared folder for tests, and bots to try on them.
 */

#include <math.h>

#include "signal/bot.h"
#include "signal/real.h"
#include "tap.h"

#define BARS_MAX 20000

static struct bar bars[BARS_MAX];

/* Reads up to max candles of candles/NAME.csv.gz; 0: the file is absent. */
__attribute__((unused)) static size_t
bars_load(const char *name, size_t max)
{
	char path[512], command[600], line[512], file[128];
	size_t n = 0;
	FILE *pipe;

	snprintf(file, sizeof(file), "candles/%s.csv.gz", name);
	if (tap_shared(file, path, sizeof(path)) == NULL)
		return 0;
	snprintf(command, sizeof(command), "gzip -dc '%s'", path);
	pipe = popen(command, "r");
	if (pipe == NULL || fgets(line, sizeof(line), pipe) == NULL)
		return 0;
	while (n < max && fgets(line, sizeof(line), pipe) != NULL) {
		double v[6];
		char *p = line;

		for (size_t i = 0; i < 6; i++) {
			size_t len = strcspn(p, ",\r\n");

			if (real_parse(p, len, &v[i]) != TB_OK)
				abort();
			p += len + 1;
		}
		bars[n++] =
		    (struct bar){ (int64_t)v[0], v[1], v[2], v[3], v[4], v[5] };
	}
	pclose(pipe);
	return n;
}

/* Equal to the last bit; one NaN is as good as another. */
__attribute__((unused)) static bool
same_bits(double a, double b)
{
	uint64_t x, y;

	memcpy(&x, &a, sizeof(x));
	memcpy(&y, &b, sizeof(y));
	return x == y || (isnan(a) && isnan(b));
}

/* A bot without signals, valid but for that. */
__attribute__((unused)) static struct bot
bot_plain(const char *name, int granularity_s, enum score_style style)
{
	struct bot bot;

	bot_init(&bot);
	snprintf(bot.name, sizeof(bot.name), "%s", name);
	snprintf(bot.product_id, sizeof(bot.product_id), "BTC-USD");
	bot.granularity_s = granularity_s;
	bot.style = style;
	return bot;
}

/* Adds a signal with the style's defaults; weight is in hundredths. */
__attribute__((unused)) static struct bot_signal *
bot_add(struct bot *bot, const char *key, enum score_kind kind, int weight)
{
	struct bot_signal *signal = &bot->signals[bot->signal_count++];

	*signal = (struct bot_signal){ .kind = kind,
		.enabled = true,
		.weight = { DECIMAL_ONE_UNITS / 100 * weight },
		.p = score_defaults(kind, bot->style) };
	snprintf(signal->key, sizeof(signal->key), "%s", key);
	return signal;
}

#endif /* BARS_H */
