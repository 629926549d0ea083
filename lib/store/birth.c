#include "store/birth.h"

#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/instant.h"
#include "store/db.h"
#include "store/draft.h"
#include "store/flows.h"
#include "store/schema.h"

static enum tb_status
put_opening_cash(struct db *db, const struct birth *birth, struct tb_err *err)
{
	struct cash_flow flow = { .at_us = birth->at_us,
		.currency = "USD",
		.amount = birth->cash,
		.note = "opening" };

	return flows_add(db, &flow, err);
}

static enum tb_status
put_first_facts(struct db *db, const struct birth *birth, struct tb_err *err)
{
	char generation[DIGEST_UUID], at[INSTANT_STRLEN];
	enum tb_status status = digest_random_uuid(generation, err);

	if (status == TB_OK)
		status = db_begin(db, err);
	if (status != TB_OK)
		return status;
	instant_format(birth->at_us, at);
	status = db_meta_set(db, META_VENUE, birth->venue, err);
	if (status == TB_OK)
		status = db_meta_set(db, META_GENERATION, generation, err);
	if (status == TB_OK)
		status = db_meta_set(db, META_CREATED_AT, at, err);
	if (status == TB_OK && decimal_sign(birth->cash) > 0)
		status = put_opening_cash(db, birth, err);
	return db_finish(db, status, err);
}

static enum tb_status
fill_draft(const char *temp, const struct birth *birth, struct tb_err *err)
{
	struct db *db = NULL;
	enum tb_status status = db_create(&db, temp, err);

	if (status == TB_OK)
		status = schema_move(db, schema_newest(), birth->at_us, err);
	if (status == TB_OK)
		status = put_first_facts(db, birth, err);
	db_close(db);
	return status;
}

enum tb_status
birth_give(const char *path, const struct birth *birth, struct tb_err *err)
{
	struct draft draft = { 0 };
	enum tb_status status;

	if (decimal_sign(birth->cash) < 0)
		return tb_fail(err, TB_EINVAL, "the cash is below zero");
	if (access(path, F_OK) == 0)
		return tb_fail(err, TB_ECONFIG,
		    "%s: there is a file of that name already", path);
	status = draft_make_folders(path, err);
	if (status == TB_OK)
		status = draft_begin(&draft, path, err);
	if (status == TB_OK)
		status = fill_draft(draft.temp, birth, err);
	if (status == TB_OK)
		status = draft_publish(&draft, false, err);
	draft_discard(&draft);
	return status;
}
