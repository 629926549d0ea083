#ifndef TB_STORE_AUDIT_PARTS_H
#define TB_STORE_AUDIT_PARTS_H

/* audit_parts: what the files of audit share; for them only. */

#include "store/audit.h"
#include "store/sql.h"

/* audit_found: count a finding; the first one keeps its words. */
void audit_found(struct audit_result *r, const char *fmt, ...) TB_PRINTF(2, 3);

/*
 * audit_expect: is the text of a column what it should be?  NULL for NULL.
 *
 * in: row  how to call the row in a finding: "lot of fill 12"
 */
void audit_expect(struct audit_result *r, struct sql *q, int column,
    const char *expected, const char *row);

/* Checks that are files of their own. */
enum tb_status audit_derived(struct db *db, struct audit_result *r,
    struct tb_err *err);
enum tb_status audit_trades(struct db *db, struct audit_result *r,
    struct tb_err *err);

#endif /* TB_STORE_AUDIT_PARTS_H */
