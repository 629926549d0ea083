#ifndef TB_MIGRATE_H
#define TB_MIGRATE_H

/*
 * tb-migrate: what its parts share.  tb-migrate.c keeps the database and its
 * schema, tb-migrate-plan.c tells what would become of the old system's rows,
 * tb-migrate-legacy.c brings the old system's rows in,
 * tb-migrate-verify.c tells whether they came in right and what changed,
 * tb-migrate-back.c goes back, and cleans up.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "cli.h"
#include "legacy/plan.h"
#include "store/audit.h"
#include "store/db.h"

/* Options as written; NULL or false where not given. */
struct migrate_options {
	const char *venue;   /* --venue VENUE */
	const char *cash;    /* --cash USD */
	const char *history; /* --history all|30d|none */
	const char *backup;  /* --backup FILE */
	const char *cap;     /* --cap USD */
	const char *from;    /* --from OLD.db */
	bool yes;	     /* --yes */
};

extern struct migrate_options opt;

/* Checks of verify, of the books and of what was imported. */
#define MIGRATE_CHECKS_MAX 32

/*
 * migrate_verify: all of them.
 *
 * in:	where  where the old files are now, as many as were imported and in
 *	       their order; NULL-terminated; none: where they were
 * out: *out_count  of results
 *	*out_newer  rows of the old files that a next run would take
 */
enum tb_status migrate_verify(const struct cli *cli, struct db *db,
    char *const *where, struct audit_result *results, size_t *out_count,
    int64_t *out_newer, struct tb_err *err);

/* The plan of the files that were imported, with or without gains.  TB_ENOENT,
 * TB_EINVAL ...: one of them is gone. */
enum tb_status migrate_plan_again(const struct cli *cli, struct db *db,
    char *const *where, bool gains, struct legacy_plan **out,
    struct tb_err *err);

/*
 * migrate_open_plan: a plan over the operands, with --cap.
 *
 * in:	   folder  for its copies; borrowed
 *	   gains   its report has them
 * out:	   *cap    NULL is fine
 * errors: those of legacy_plan_open()
 */
enum tb_status migrate_open_plan(const struct cli *cli, const char *folder,
    bool gains, struct legacy_plan **out, struct decimal *cap,
    struct tb_err *err);

/* migrate_write_sources: the files of a plan as an array: what each is. */
enum tb_status migrate_write_sources(struct json_writer *w,
    const struct legacy_plan *plan, struct tb_err *err);

/* migrate_write_counts: counts of words, those above 0, as keys of the object
 * that is open: dispositions, reasons, quirks, ... */
void migrate_write_counts(struct json_writer *w,
    const struct legacy_report *report);

/* migrate_write_products: old and new sums, as keys of the object that is
 * open: products, an array, and total. */
enum tb_status migrate_write_products(struct json_writer *w,
    const struct legacy_report *report, struct tb_err *err);

/* migrate_quirk_kind: the word of a quirk without its detail: those that have
 * one are counted as one kind. */
void migrate_quirk_kind(enum legacy_quirk quirk,
    char out[static LEGACY_WORD_MAX]);

/* migrate_add_up: out: *all  the sums of every product, added up 1:1. */
enum tb_status migrate_add_up(const struct legacy_report *r,
    struct legacy_product *all, struct tb_err *err);

/* migrate_print_report: what a plan comes to, as a page for people. */
enum tb_status migrate_print_report(const struct cli *cli,
    const struct legacy_plan *plan, struct tb_err *err);

/* migrate_print_inspection: what the old databases are, as such a page. */
enum tb_status migrate_print_inspection(const struct cli *cli,
    const struct legacy_plan *plan, struct tb_err *err);

/* The subcommands. */
enum tb_status run_inspect(const struct cli *cli, struct tb_err *err);
enum tb_status run_plan(const struct cli *cli, struct tb_err *err);
enum tb_status run_legacy(const struct cli *cli, struct tb_err *err);
enum tb_status run_verify(const struct cli *cli, struct tb_err *err);
enum tb_status run_explain(const struct cli *cli, struct tb_err *err);
enum tb_status run_revert(const struct cli *cli, struct tb_err *err);
enum tb_status run_cleanup(const struct cli *cli, struct tb_err *err);

#endif /* TB_MIGRATE_H */
