#include "sync/row_verdict.h"

#include "base/instant.h"

enum tb_status
row_verdict(const struct import *import, enum tb_status status, uint64_t *bad,
    struct tb_err *err)
{
	if (status != TB_EINVAL || !import->keep_going)
		return status;
	(*bad)++;
	if (import->on_bad != NULL)
		import->on_bad(err, import->arg);
	*err = (struct tb_err){ 0 };
	return TB_OK;
}

int64_t
row_present_us(const struct import *import)
{
	int64_t clock_us = instant_now_us();

	return import->now_us > clock_us ? import->now_us : clock_us;
}
