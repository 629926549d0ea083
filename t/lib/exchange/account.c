#include "exchange/account.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

struct account *
account_find(struct accounts *a, const char *currency)
{
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->rows[i].currency, currency) == 0)
			return &a->rows[i];
	return NULL;
}

struct account *
account_of(struct accounts *a, const char *uuid)
{
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->rows[i].uuid, uuid) == 0)
			return &a->rows[i];
	return NULL;
}

struct account *
account_get(struct accounts *a, const char *seed, const char *currency)
{
	struct account *account = account_find(a, currency);

	if (account != NULL || a->count == ACCOUNTS_MAX)
		return account;
	account = &a->rows[a->count++];
	*account = (struct account){ 0 };
	(void)snprintf(account->currency, sizeof(account->currency), "%s",
	    currency);
	digest_uuid(seed, account->currency, account->uuid);
	return account;
}

struct decimal
account_available(const struct account *account)
{
	struct decimal available = account->total;
	enum tb_status status =
	    decimal_sub(account->total, account->hold, &available);

	assert(status == TB_OK);
	(void)status;
	return available;
}

void
account_add(struct account *account, struct decimal amount, int64_t at_us)
{
	enum tb_status status =
	    decimal_add(account->total, amount, &account->total);

	assert(status == TB_OK);
	(void)status;
	account->updated_us = at_us;
}

void
account_hold(struct account *account, struct decimal amount)
{
	enum tb_status status =
	    decimal_add(account->hold, amount, &account->hold);

	assert(status == TB_OK);
	(void)status;
}
