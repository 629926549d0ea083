#ifndef TB_STORE_FOREIGN_HANDLE_H
#define TB_STORE_FOREIGN_HANDLE_H

/*
 * foreign_handle: the inside of struct foreign, for foreign.c and
 * foreign_rows.c.
 */

#include <sqlite3.h>

#include "store/foreign.h"
#include "store/foreign_copy.h"

struct foreign {
	sqlite3 *handle;
	char *path; /* as it was given */
	struct foreign_copy copy;
	struct foreign_table *tables;
	size_t table_count;
};

/* foreign_fail: what SQLite says; in: where  "" or a table's name */
enum tb_status foreign_fail(struct foreign *f, const char *where,
    struct tb_err *err);

#endif /* TB_STORE_FOREIGN_HANDLE_H */
