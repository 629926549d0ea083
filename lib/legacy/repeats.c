#include "legacy/repeats.h"

#include <string.h>

#include "io/sorter.h"
#include "legacy/source.h"

/* By rowid: its bytes compare as the numbers do. */
static enum tb_status
add(struct repeats *r, int64_t rowid, struct tb_err *err)
{
	uint64_t bits = (uint64_t)rowid ^ UINT64_C(1) << 63;
	unsigned char key[sizeof(bits)];

	for (size_t i = 0; i < sizeof(key); i++)
		key[i] = (unsigned char)(bits >> (56 - 8 * i));
	return sorter_add(r->rowids, key, sizeof(key), &rowid, sizeof(rowid),
	    err);
}

/* The next of them, or the end. */
static enum tb_status
move_on(struct repeats *r, struct tb_err *err)
{
	struct sorter_record record;
	enum tb_status status = sorter_next(r->rowids, &record, err);

	r->any = status == TB_OK;
	if (status == TB_OK)
		memcpy(&r->next, record.value, sizeof(r->next));
	return status == TB_END ? TB_OK : status;
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
	status = sorter_open(&r->rowids, folder, err);
	if (status == TB_OK)
		status = sorter_open(&s, folder, err);
	if (status == TB_OK)
		status = gather(s, file, t, column, err);
	if (status == TB_OK)
		status = collect(r, s, err);
	sorter_close(s);
	return status == TB_OK ? move_on(r, err) : status;
}

void
repeats_release(struct repeats *r)
{
	sorter_close(r->rowids);
	*r = (struct repeats){ 0 };
}

enum tb_status
repeats_has(struct repeats *r, int64_t rowid, bool *out, struct tb_err *err)
{
	enum tb_status status = TB_OK;

	while (status == TB_OK && r->any && r->next < rowid)
		status = move_on(r, err);
	*out = status == TB_OK && r->any && r->next == rowid;
	return status;
}
