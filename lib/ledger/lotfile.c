#include "ledger/lotfile.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

/* As it lies in the file. */
struct block {
	int64_t next;
	struct lot lots[LOT_BLOCK];
};

void
lot_file_init(struct lot_file *f, const char *folder)
{
	*f = (struct lot_file){ 0 };
	scratch_init(&f->scratch, folder);
}

void
lot_file_release(struct lot_file *f)
{
	scratch_close(&f->scratch);
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
enum tb_status
lot_chain_put(struct lot_chain *c, struct lot_file *f, const struct lot *lots,
    struct tb_err *err)
{
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

enum tb_status
lot_chain_take(struct lot_chain *c, struct lot_file *f, struct lot *lots,
    struct tb_err *err)
{
	struct block block;
	enum tb_status status;

	assert(c->blocks > 0);
	status = read_block(f, c->first, &block, err);
	if (status != TB_OK)
		return status;
	memcpy(lots, block.lots, sizeof(block.lots));
	c->first = block.next;
	c->blocks--;
	return TB_OK;
}

enum tb_status
lot_chain_find(const struct lot_chain *c, struct lot_file *f, int64_t fill_id,
    struct lot **out, struct tb_err *err)
{
	struct block block = { .next = c->first };
	enum tb_status status;

	*out = NULL;
	for (int64_t n = 0; n < c->blocks; n++) {
		int64_t at = block.next;

		status = read_block(f, at, &block, err);
		if (status != TB_OK)
			return status;
		for (size_t i = 0; i < LOT_BLOCK; i++) {
			if (block.lots[i].fill_id != fill_id)
				continue;
			f->found = block.lots[i];
			f->found_at = place_of(at) +
			    (off_t)offsetof(struct block, lots) +
			    (off_t)(i * sizeof(f->found));
			*out = &f->found;
			return TB_OK;
		}
	}
	return TB_OK;
}

enum tb_status
lot_chain_store(struct lot_file *f, struct tb_err *err)
{
	return scratch_write(&f->scratch, &f->found, sizeof(f->found),
	    f->found_at, err);
}
