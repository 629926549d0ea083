/* sorter: order, equal keys, spilling, limits. */

#include <stdint.h>

#include "io/sorter.h"
#include "tap.h"

#define MANY 200000

/* A key that is scattered, and comes back to what it was made of. */
static uint32_t
scatter(uint32_t n)
{
	return n * 2654435761u;
}

static void
put_key(unsigned char key[static 4], uint32_t n)
{
	for (int i = 0; i < 4; i++)
		key[i] = (unsigned char)(n >> (24 - 8 * i));
}

static uint32_t
get_key(const void *key)
{
	const unsigned char *k = key;

	return (uint32_t)k[0] << 24 | (uint32_t)k[1] << 16 |
	    (uint32_t)k[2] << 8 | k[3];
}

/* in: folds  so many records share a key */
static void
sort_many(uint32_t count, uint32_t folds, const char *what)
{
	struct sorter_record r;
	struct sorter *s;
	uint32_t seen = 0, last_key = 0, last_value = 0, value, key;
	unsigned char bytes[4];
	bool ordered = true;

	if (sorter_open(&s, ".", NULL) != TB_OK)
		exit(1);
	for (uint32_t i = 0; i < count; i++) {
		put_key(bytes, scatter(i / folds));
		if (sorter_add(s, bytes, 4, &i, sizeof(i), NULL) != TB_OK)
			exit(1);
	}
	while (sorter_next(s, &r, NULL) == TB_OK) {
		memcpy(&value, r.value, sizeof(value));
		key = get_key(r.key);
		ordered &= scatter(value / folds) == key;
		ordered &= seen == 0 || key > last_key ||
		    (key == last_key && value > last_value);
		last_key = key;
		last_value = value;
		seen++;
	}
	ok(ordered, "%s: in order, equal keys as they came", what);
	is_int(seen, count, what);
	sorter_close(s);
}

static void
limits(void)
{
	static char large[SORTER_RECORD_MAX + 1];
	struct sorter_record r;
	struct tb_err err = { 0 };
	struct sorter *s;

	if (sorter_open(&s, ".", NULL) != TB_OK)
		exit(1);
	is_int(sorter_add(s, "b", 1, large, SORTER_RECORD_MAX - 1, NULL), TB_OK,
	    "the longest record");
	is_int(sorter_add(s, "b", 1, large, SORTER_RECORD_MAX, &err), TB_ERANGE,
	    "one byte past it");
	is_int(sorter_add(s, "a", 1, large, SORTER_RECORD_MAX - 1, NULL), TB_OK,
	    "another, for which memory has no room");
	is_int(sorter_add(s, "", 0, "", 0, NULL), TB_OK, "an empty one");
	(void)sorter_next(s, &r, NULL);
	is_int((long long)r.key_len, 0, "the shorter key comes first");
	(void)sorter_next(s, &r, NULL);
	ok(r.key_len == 1 && *(const char *)r.key == 'a' &&
		r.value_len == SORTER_RECORD_MAX - 1,
	    "then the others, whole");
	(void)sorter_next(s, &r, NULL);
	is_int(sorter_next(s, &r, NULL), TB_END, "then no more");
	is_int(sorter_next(s, &r, NULL), TB_END, "for good");
	sorter_close(s);
	sorter_close(NULL);
}

int
main(void)
{
	sort_many(0, 1, "nothing");
	sort_many(1000, 1, "in memory");
	sort_many(1000, 10, "in memory, with equal keys");
	sort_many(MANY, 1, "through a file");
	sort_many(MANY, 7, "through a file, with equal keys");
	limits();
	return tap_done();
}
