/*
 * scan: the bare SQLite scan of the columns that "tb-portfolio pnl" reads:
 * every row is stepped to, every column touched, nothing computed.
 *
 *	scan DATABASE SQL
 */

#include <sqlite3.h>
#include <stdio.h>

int
main(int argc, char *argv[])
{
	sqlite3_stmt *q;
	sqlite3 *db;
	long long bytes = 0;

	/* As the tools have it: without locks for threads. */
	sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	if (argc != 3 ||
	    sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READONLY, NULL) !=
		SQLITE_OK ||
	    sqlite3_prepare_v2(db, argv[2], -1, &q, NULL) != SQLITE_OK) {
		fprintf(stderr, "usage: scan DATABASE SQL\n");
		return 1;
	}
	while (sqlite3_step(q) == SQLITE_ROW)
		for (int i = 0; i < sqlite3_column_count(q); i++) {
			(void)sqlite3_column_text(q, i);
			bytes += sqlite3_column_bytes(q, i);
		}
	sqlite3_finalize(q);
	sqlite3_close(db);
	printf("%lld\n", bytes);
	return 0;
}
