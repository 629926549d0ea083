#include "exchange/exchange.h"

#include <stdio.h>

#include "base/instant.h"

int64_t
exchange_now_us(const struct exchange *x)
{
	return x->stands_still ? x->clock_us : instant_now_us() + x->clock_us;
}

int64_t
exchange_server_us(const struct exchange *x)
{
	return exchange_now_us(x) + x->set.skew_s * INSTANT_US_PER_S;
}

void
exchange_id(struct exchange *x, char out[static DIGEST_UUID])
{
	char name[24];

	(void)snprintf(name, sizeof(name), "%lu", ++x->serial);
	digest_uuid(x->seed, name, out);
}

void
exchange_hex(struct exchange *x, char out[static DIGEST_HEX])
{
	char name[SEED_MAX + 24];
	int len;

	len = snprintf(name, sizeof(name), "%s %lu", x->seed, ++x->serial);
	digest_of(name, (size_t)len, out);
}

void
exchange_portfolio(const struct exchange *x, char out[static DIGEST_UUID])
{
	digest_uuid(x->seed, "portfolio", out);
}

void
exchange_user(const struct exchange *x, char out[static DIGEST_UUID])
{
	digest_uuid(x->seed, "user", out);
}
