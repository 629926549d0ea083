/* cli-schema: share/schema, embedded: what --schema prints. */

#include "cli-tables.h"

#include "schemas.h" /* IWYU pragma: keep */
