#include "store/lotfile.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

/* As it lies in the file. */
struct block {
	int64_t next;
	struct lot lots[LOT_BLOCK];
};

static struct lot_file *
file_of(struct lot_aside *a)
{
	return (struct lot_file *)(void *)a;
}

static off_t
place_of(int64_t block)
{
	return (off_t)block * (off_t)sizeof(struct block);
}

static enum tb_status
read_block(struct lot_file *f, int64_t block, struct block *out,
    struct tb_err *err)
{
	return scratch_read(&f->scratch, out, sizeof(*out), place_of(block),
	    err);
}

/* The place of the next block is given out with each, so that it is known. */
static enum tb_status
put(struct lot_aside *a, struct lot_chain *c, const struct lot *lots,
    struct tb_err *err)
{
	struct lot_file *f = file_of(a);
	int64_t at = c->next, next = f->blocks;
	struct block block;
	enum tb_status status;

	if (c->blocks == 0)
		at = next++;
	block.next = next;
	memcpy(block.lots, lots, sizeof(block.lots));
	status = scratch_write(&f->scratch, &block, sizeof(block), place_of(at),
	    err);
	if (status != TB_OK)
		return status;
	if (c->blocks++ == 0)
		c->first = at;
	c->next = next;
	f->blocks = next + 1;
	return TB_OK;
}

static enum tb_status
take(struct lot_aside *a, struct lot_chain *c, struct lot *lots,
    struct tb_err *err)
{
	struct block block;
	enum tb_status status;

	assert(c->blocks > 0);
	status = read_block(file_of(a), c->first, &block, err);
	if (status != TB_OK)
		return status;
	memcpy(lots, block.lots, sizeof(block.lots));
	c->first = block.next;
	c->blocks--;
	return TB_OK;
}

static enum tb_status
find(struct lot_aside *a, const struct lot_chain *c, int64_t fill_id,
    struct lot *out, int64_t *at, struct tb_err *err)
{
	struct block block = { .next = c->first };
	enum tb_status status;

	for (int64_t n = 0; n < c->blocks; n++) {
		off_t place = place_of(block.next);

		status = read_block(file_of(a), block.next, &block, err);
		if (status != TB_OK)
			return status;
		for (size_t i = 0; i < LOT_BLOCK; i++) {
			if (block.lots[i].fill_id != fill_id)
				continue;
			*out = block.lots[i];
			*at = place + (off_t)offsetof(struct block, lots) +
			    (off_t)(i * sizeof(*out));
			return TB_OK;
		}
	}
	return TB_END;
}

static enum tb_status
change(struct lot_aside *a, int64_t at, const struct lot *lot,
    struct tb_err *err)
{
	return scratch_write(&file_of(a)->scratch, lot, sizeof(*lot), at, err);
}

void
lot_file_init(struct lot_file *f, const char *folder)
{
	static const struct lot_aside_verbs verbs = {
		.put = put, .take = take, .find = find, .change = change
	};

	*f = (struct lot_file){ .aside = { .verbs = &verbs } };
	scratch_init(&f->scratch, folder);
}

void
lot_file_release(struct lot_file *f)
{
	scratch_close(&f->scratch);
}
