#include "io/sorter.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/scratch.h"

#define READ_BYTES_MIN 4096

/* A record as it lies in memory and in the file: the two lengths, the key,
 * the value. */
struct head {
	uint32_t key_len, value_len;
};

/* A record's place in memory, with the first bytes of its key. */
struct slot {
	uint64_t prefix; /* big-endian: compares as the bytes do */
	uint32_t at;
};

/* A sorted stretch of the file that is being read. */
struct run {
	off_t at, end; /* what was not read yet */
	char *data;    /* owned */
	size_t start, len, room;
};

struct sorter {
	struct scratch file;
	off_t size; /* of the file */
	char *memory;
	size_t used;
	struct slot *slots;
	size_t count, room;
	size_t next; /* of slots, where nothing was written */
	struct run *runs;
	size_t run_count, run_room;
	size_t *heap; /* runs, the one with the lowest record first */
	size_t heap_count;
	bool reading;
	bool taken; /* a record was handed out: move on first */
};

static enum tb_status
write_bytes(struct sorter *s, const char *bytes, size_t len, struct tb_err *err)
{
	enum tb_status status;

	status = scratch_write(&s->file, bytes, len, s->size, err);
	s->size += (off_t)len;
	return status;
}

enum tb_status
sorter_open(struct sorter **out, const char *folder, struct tb_err *err)
{
	struct sorter *s = calloc(1, sizeof(*s));

	*out = s;
	if (s == NULL)
		return tb_nomem(err);
	scratch_init(&s->file, folder);
	s->memory = malloc(SORTER_MEMORY);
	if (s->memory == NULL) {
		sorter_close(s);
		*out = NULL;
		return tb_nomem(err);
	}
	return TB_OK;
}

void
sorter_close(struct sorter *s)
{
	if (s == NULL)
		return;
	scratch_close(&s->file);
	for (size_t i = 0; i < s->run_count; i++)
		free(s->runs[i].data);
	free(s->runs);
	free(s->heap);
	free(s->slots);
	free(s->memory);
	free(s);
}

/* ------------------------------------------------------------ gathering -- */

static struct head
head_at(const char *p)
{
	struct head h;

	memcpy(&h, p, sizeof(h));
	return h;
}

static size_t
record_size(struct head h)
{
	return sizeof(h) + h.key_len + h.value_len;
}

static int
compare_keys(const char *a, const char *b)
{
	struct head x = head_at(a), y = head_at(b);
	size_t len = x.key_len < y.key_len ? x.key_len : y.key_len;
	int order = memcmp(a + sizeof(x), b + sizeof(y), len);

	if (order != 0)
		return order;
	return (x.key_len > y.key_len) - (x.key_len < y.key_len);
}

static const char *sorted_memory; /* of the one qsort(3) under way */

/* By key, then as they came. */
static int
compare_slots(const void *a, const void *b)
{
	const struct slot *x = a, *y = b;
	int order;

	if (x->prefix != y->prefix)
		return x->prefix < y->prefix ? -1 : 1;
	order = compare_keys(sorted_memory + x->at, sorted_memory + y->at);
	return order != 0 ? order : (x->at > y->at) - (x->at < y->at);
}

static void
sort_memory(struct sorter *s)
{
	sorted_memory = s->memory;
	if (s->count > 1)
		qsort(s->slots, s->count, sizeof(*s->slots), compare_slots);
}

static uint64_t
prefix_of(const void *key, size_t key_len)
{
	const unsigned char *bytes = key;
	uint64_t prefix = 0;

	for (size_t i = 0; i < sizeof(prefix); i++)
		prefix = prefix << 8 | (i < key_len ? bytes[i] : 0);
	return prefix;
}

static enum tb_status
slots_reserve(struct sorter *s, struct tb_err *err)
{
	size_t room = s->room == 0 ? 256 : 2 * s->room;
	struct slot *grown;

	if (s->count < s->room)
		return TB_OK;
	grown = reallocarray(s->slots, room, sizeof(*grown));
	if (grown == NULL)
		return tb_nomem(err);
	s->slots = grown;
	s->room = room;
	return TB_OK;
}

/* -------------------------------------------------------------- writing -- */

static enum tb_status
run_add(struct sorter *s, off_t at, struct tb_err *err)
{
	struct run *grown;
	size_t room = s->run_room == 0 ? 16 : 2 * s->run_room;

	if (s->run_count == s->run_room) {
		grown = reallocarray(s->runs, room, sizeof(*grown));
		if (grown == NULL)
			return tb_nomem(err);
		s->runs = grown;
		s->run_room = room;
	}
	s->runs[s->run_count++] = (struct run){ .at = at, .end = s->size };
	return TB_OK;
}

/* What is in memory goes to the file, in its order. */
static enum tb_status
spill(struct sorter *s, struct tb_err *err)
{
	enum tb_status status = TB_OK;
	char out[65536];
	off_t at = s->size;
	size_t len = 0;

	sort_memory(s);
	for (size_t i = 0; i < s->count && status == TB_OK; i++) {
		const char *record = s->memory + s->slots[i].at;
		size_t size = record_size(head_at(record));

		if (len + size > sizeof(out)) {
			status = write_bytes(s, out, len, err);
			len = 0;
		}
		if (size > sizeof(out)) {
			if (status == TB_OK)
				status = write_bytes(s, record, size, err);
			continue;
		}
		memcpy(out + len, record, size);
		len += size;
	}
	if (status == TB_OK)
		status = write_bytes(s, out, len, err);
	if (status == TB_OK)
		status = run_add(s, at, err);
	s->count = s->used = 0;
	return status;
}

enum tb_status
sorter_add(struct sorter *s, const void *key, size_t key_len, const void *value,
    size_t value_len, struct tb_err *err)
{
	struct head h = { (uint32_t)key_len, (uint32_t)value_len };
	enum tb_status status = TB_OK;
	char *at;

	if (key_len > SORTER_RECORD_MAX ||
	    value_len > SORTER_RECORD_MAX - key_len)
		return tb_fail(err, TB_ERANGE,
		    "a record of %zu bytes cannot be sorted: at most %zu",
		    key_len + value_len, SORTER_RECORD_MAX);
	if (s->used + record_size(h) > SORTER_MEMORY)
		status = spill(s, err);
	if (status == TB_OK)
		status = slots_reserve(s, err);
	if (status != TB_OK)
		return status;
	s->slots[s->count++] = (struct slot){ .prefix = prefix_of(key, key_len),
		.at = (uint32_t)s->used };
	at = s->memory + s->used;
	memcpy(at, &h, sizeof(h));
	if (key_len > 0)
		memcpy(at + sizeof(h), key, key_len);
	if (value_len > 0)
		memcpy(at + sizeof(h) + key_len, value, value_len);
	s->used += record_size(h);
	return TB_OK;
}

/* -------------------------------------------------------------- reading -- */

/* More of a run into its memory, behind what is left there. */
static enum tb_status
run_fill(struct sorter *s, struct run *r, size_t need, struct tb_err *err)
{
	size_t room = r->room, want;
	enum tb_status status;
	char *grown;

	memmove(r->data, r->data + r->start, r->len);
	r->start = 0;
	while (room < need)
		room = 2 * room;
	if (room != r->room) {
		grown = realloc(r->data, room);
		if (grown == NULL)
			return tb_nomem(err);
		r->data = grown;
		r->room = room;
	}
	want = r->room - r->len;
	if ((off_t)want > r->end - r->at)
		want = (size_t)(r->end - r->at);
	status = scratch_read(&s->file, r->data + r->len, want, r->at, err);
	r->len += want;
	r->at += (off_t)want;
	return status;
}

/* TB_END: the run is used up; else its first record is whole in memory. */
static enum tb_status
run_ready(struct sorter *s, struct run *r, struct tb_err *err)
{
	enum tb_status status = TB_OK;
	size_t size;

	if (r->len < sizeof(struct head))
		status = run_fill(s, r, sizeof(struct head), err);
	if (status != TB_OK)
		return status;
	if (r->len == 0)
		return TB_END;
	size = record_size(head_at(r->data + r->start));
	return r->len < size ? run_fill(s, r, size, err) : TB_OK;
}

/* The run with the lower record; of equal ones the earlier. */
static bool
comes_first(const struct sorter *s, size_t a, size_t b)
{
	const struct run *x = &s->runs[a], *y = &s->runs[b];
	int order = compare_keys(x->data + x->start, y->data + y->start);

	return order != 0 ? order < 0 : a < b;
}

static void
sink(struct sorter *s, size_t at)
{
	size_t child, moved = s->heap[at];

	while ((child = 2 * at + 1) < s->heap_count) {
		if (child + 1 < s->heap_count &&
		    comes_first(s, s->heap[child + 1], s->heap[child]))
			child++;
		if (!comes_first(s, s->heap[child], moved))
			break;
		s->heap[at] = s->heap[child];
		at = child;
	}
	s->heap[at] = moved;
}

static enum tb_status
heap_make(struct sorter *s, struct tb_err *err)
{
	size_t bytes = SORTER_MEMORY / s->run_count;
	enum tb_status status;

	if (bytes < READ_BYTES_MIN)
		bytes = READ_BYTES_MIN;
	s->heap = calloc(s->run_count, sizeof(*s->heap));
	if (s->heap == NULL)
		return tb_nomem(err);
	for (size_t i = 0; i < s->run_count; i++) {
		struct run *r = &s->runs[i];

		r->data = malloc(bytes);
		r->room = bytes;
		if (r->data == NULL)
			return tb_nomem(err);
		status = run_ready(s, r, err);
		if (status != TB_OK)
			return status; /* no run is empty */
		s->heap[s->heap_count++] = i;
	}
	for (size_t i = s->heap_count; i-- > 0;)
		sink(s, i);
	return TB_OK;
}

static enum tb_status
begin_reading(struct sorter *s, struct tb_err *err)
{
	enum tb_status status;

	s->reading = true;
	if (s->run_count == 0) {
		sort_memory(s);
		return TB_OK;
	}
	status = s->count > 0 ? spill(s, err) : TB_OK;
	free(s->memory);
	free(s->slots);
	s->memory = NULL;
	s->slots = NULL;
	return status == TB_OK ? heap_make(s, err) : status;
}

static void
take(const char *record, struct sorter_record *out)
{
	struct head h = head_at(record);

	out->key = record + sizeof(h);
	out->key_len = h.key_len;
	out->value = record + sizeof(h) + h.key_len;
	out->value_len = h.value_len;
}

/* Move the heap on, past the record that was handed out. */
static enum tb_status
advance(struct sorter *s, struct tb_err *err)
{
	struct run *r = &s->runs[s->heap[0]];
	size_t size = record_size(head_at(r->data + r->start));
	enum tb_status status;

	r->start += size;
	r->len -= size;
	status = run_ready(s, r, err);
	if (status == TB_END) {
		free(r->data);
		r->data = NULL;
		s->heap[0] = s->heap[--s->heap_count];
		status = TB_OK;
	}
	if (status == TB_OK && s->heap_count > 0)
		sink(s, 0);
	return status;
}

enum tb_status
sorter_next(struct sorter *s, struct sorter_record *out, struct tb_err *err)
{
	enum tb_status status = TB_OK;
	struct run *r;

	if (!s->reading)
		status = begin_reading(s, err);
	if (status != TB_OK)
		return status;
	if (s->run_count == 0) {
		if (s->next == s->count)
			return TB_END;
		take(s->memory + s->slots[s->next++].at, out);
		return TB_OK;
	}
	if (s->taken)
		status = advance(s, err);
	s->taken = false;
	if (status != TB_OK)
		return status;
	if (s->heap_count == 0)
		return TB_END;
	s->taken = true;
	r = &s->runs[s->heap[0]];
	take(r->data + r->start, out);
	return TB_OK;
}
