#include "legacy/repeats.h"

#include <stdlib.h>
#include <string.h>

#include "io/sorter.h"
#include "legacy/source.h"

static enum tb_status
add(struct repeats *r, int64_t rowid, struct tb_err *err)
{
	size_t room = r->room == 0 ? 64 : 2 * r->room;
	int64_t *grown;

	if (r->count == r->room) {
		grown = reallocarray(r->rowids, room, sizeof(*grown));
		if (grown == NULL)
			return tb_nomem(err);
		r->rowids = grown;
		r->room = room;
	}
	r->rowids[r->count++] = rowid;
	return TB_OK;
}

static int
compare(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Every row's id, with its place. */
static enum tb_status
gather(struct sorter *s, struct foreign *file, const struct foreign_table *t,
    int column, struct tb_err *err)
{
	struct foreign_rows rows;
	enum tb_status status;
	int64_t id;

	status = foreign_rows_open(&rows, file, t, err);
	while (status == TB_OK) {
		status = foreign_rows_next(&rows, err);
		if (status == TB_OK &&
		    legacy_integer(&rows.values[column], &id))
			status = sorter_add(s, &id, sizeof(id), &rows.rowid,
			    sizeof(rows.rowid), err);
	}
	foreign_rows_close(&rows);
	return status == TB_END ? TB_OK : status;
}

/* Equal ids come as they stood: all but the first are repeats. */
static enum tb_status
collect(struct repeats *r, struct sorter *s, struct tb_err *err)
{
	struct sorter_record record;
	enum tb_status status;
	int64_t id, last = 0, rowid;
	bool any = false;

	while ((status = sorter_next(s, &record, err)) == TB_OK) {
		memcpy(&id, record.key, sizeof(id));
		memcpy(&rowid, record.value, sizeof(rowid));
		if (any && id == last)
			status = add(r, rowid, err);
		if (status != TB_OK)
			return status;
		last = id;
		any = true;
	}
	return status == TB_END ? TB_OK : status;
}

enum tb_status
repeats_find(struct repeats *r, struct foreign *file,
    const struct foreign_table *t, const char *folder, struct tb_err *err)
{
	int column = foreign_column(t, "id");
	struct sorter *s = NULL;
	enum tb_status status;

	*r = (struct repeats){ 0 };
	if (t->id_is_unique || column == -1)
		return TB_OK;
	status = sorter_open(&s, folder, err);
	if (status == TB_OK)
		status = gather(s, file, t, column, err);
	if (status == TB_OK)
		status = collect(r, s, err);
	sorter_close(s);
	if (r->count > 1)
		qsort(r->rowids, r->count, sizeof(*r->rowids), compare);
	return status;
}

void
repeats_release(struct repeats *r)
{
	free(r->rowids);
	*r = (struct repeats){ 0 };
}

bool
repeats_has(const struct repeats *r, int64_t rowid)
{
	return r->count > 0 &&
	    bsearch(&rowid, r->rowids, r->count, sizeof(rowid), compare) !=
	    NULL;
}
