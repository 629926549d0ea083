#include "store/history.h"

#include <assert.h>
#include <stddef.h>

#include "store/schema.h"

#include "migrations.h"

#define MIGRATIONS_COUNT (sizeof(migrations) / sizeof(migrations[0]))

int
schema_newest(void)
{
	return migrations[MIGRATIONS_COUNT - 1].version;
}

const struct migration *
history_migration(int version)
{
	assert(version >= 1 && version <= schema_newest());
	assert(migrations[version - 1].version == version);
	return &migrations[version - 1];
}
