/*
 * migrate: databases of the old system into books of their own: all of it
 * comes over, or nothing does; then verify and the audit find nothing, and a
 * second run changes nothing.
 */

#include "olddb.h"

#include <sys/stat.h>

#include "legacy/import.h"
#include "legacy/verify.h"
#include "store/audit.h"
#include "store/birth.h"
#include "store/db.h"

#include "fuzz.h"

static char books[80];
static char *newborn; /* the books before */
static size_t newborn_len;

/* Made once, and put there for each input. */
static void
bear(void)
{
	const struct birth birth = { .venue = "paper", .at_us = OLDDB_NOW_US };
	struct tb_err err;
	struct stat st;
	int fd;

	(void)snprintf(books, sizeof(books), "%s/tb.db", olddb_folder);
	assert(birth_give(books, &birth, &err) == TB_OK);
	fd = open(books, O_RDONLY | O_CLOEXEC);
	assert(fd != -1 && fstat(fd, &st) == 0);
	newborn_len = (size_t)st.st_size;
	newborn = malloc(newborn_len);
	assert(newborn != NULL);
	assert(read(fd, newborn, newborn_len) == st.st_size);
	(void)close(fd);
}

static struct legacy_plan *
open_plan(size_t count, enum tb_status *status, struct tb_err *err)
{
	const char *const paths[] = { olddb_path[0], olddb_path[1] };
	const struct legacy_options options = { .folder = olddb_folder,
		.cap_usd = DECIMAL_OF(LEGACY_CAP_USD),
		.now_us = OLDDB_NOW_US };
	struct legacy_plan *plan = NULL;

	*status = legacy_plan_open(&plan, paths, count, &options, err);
	return plan;
}

static enum tb_status
import(struct db *db, size_t count, struct legacy_imported *out,
    struct tb_err *err)
{
	struct legacy_import in = { .history = LEGACY_HISTORY_ALL,
		.backup = "nowhere",
		.cap_usd = DECIMAL_OF(LEGACY_CAP_USD),
		.now_us = OLDDB_NOW_US };
	enum tb_status status;

	in.plan = open_plan(count, &status, err);
	if (status == TB_OK)
		status = legacy_import_run(db, &in, out, err);
	legacy_plan_close(in.plan);
	return status;
}

static void
expect_none(const struct audit_result *r)
{
	if (r->findings > 0 || r->skipped)
		(void)fprintf(stderr, "%s: %s\n", r->check, r->message);
	assert(r->findings == 0 && !r->skipped);
}

static void
verify(struct db *db, size_t count)
{
	static struct legacy_verified verified;
	struct audit_result result;
	struct legacy_plan *plan;
	enum tb_status status;
	struct tb_err err;

	plan = open_plan(count, &status, &err);
	assert(status == TB_OK);
	assert(legacy_verify(db, plan, "", &verified, &err) == TB_OK);
	legacy_plan_close(plan);
	for (size_t i = 0; i < LEGACY_CHECKS; i++)
		expect_none(&verified.checks[i]);
	for (size_t i = 0; status == TB_OK; i++) {
		status = audit_run(db, i, &result, &err);
		if (status == TB_OK)
			expect_none(&result);
	}
	assert(status == TB_END);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t count = olddb_put(data, size);
	struct legacy_imported n = { 0 };
	struct tb_err err = { 0 };
	struct db *db = NULL;
	enum tb_status status;

	if (count == 0)
		return 0;
	if (newborn == NULL)
		bear();
	put(books, newborn, newborn_len);
	assert(db_open(&db, books, DB_WRITE, &err) == TB_OK);
	status = import(db, count, &n, &err);
	if (status == TB_OK) {
		verify(db, count);
		assert(import(db, count, &n, &err) == TB_OK);
		assert(n.same == n.rows && n.changed == 0);
		verify(db, count);
	} else {
		if (status == TB_EDISAGREE || status == TB_EBUG)
			(void)fprintf(stderr, "%s\n", err.msg);
		assert(status != TB_EDISAGREE && status != TB_EBUG);
	}
	db_close(db);
	return 0;
}
