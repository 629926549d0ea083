#ifndef TB_CLI_H
#define TB_CLI_H

/*
 * cli: the edge of a process, shared by every tool and no tool itself.
 *
 * A tool is two tables and their run functions.  From the tables come the
 * parser, --help, the manual's SYNOPSIS (t/9100-manual.t compares them) and
 * the completions of bash, zsh and fish:
 *
 *	static struct {
 *		const char *method;
 *		bool force;
 *	} opt;
 *
 *	static const struct cli_option options[] = {
 *		{ .name = "method", .argument = "METHOD",
 *		    .help = "how lots are chosen", .commands = "pnl, lots",
 *		    .choices = "fifo lifo", .value = &opt.method },
 *		{ .name = "force", .letter = 'f', .help = "do it anyway",
 *		    .commands = "bot rm", .given = &opt.force },
 *		{ 0 },
 *	};
 *
 *	static const struct cli_command commands[] = {
 *		{ "", "", "the overview", overview, CLI_DRY, "overview" },
 *		{ "lots", "[PRODUCT]", "open lots", lots, CLI_DRY, "lot" },
 *		{ "bot rm", "BOT ...", "delete bots", bot_remove, 0, NULL },
 *		{ 0 },
 *	};
 *
 *	int
 *	main(int argc, char *argv[])
 *	{
 *		static const struct cli_tool tool = { .name = "tb-portfolio",
 *		    .purpose = "what is held", .options = options,
 *		    .commands = commands };
 *
 *		return cli_main(&tool, argc, argv);
 *	}
 *
 * Common options need no line of the tool's: -d/--db, -c/--config,
 * -n/--dry-run, --at, --numbers, -o/--output, -e/--exit-code, -q/--quiet,
 * -v/--verbose, -h/--help, -V/--version, --schema.  All options may stand
 * before or after the subcommand; after "--" nothing is one.
 *
 * A tool is made of cmd/TOOL.c and, where that gets long, of parts
 * cmd/TOOL-PART.c; the Makefile finds them by their names.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/decimal.h"
#include "base/err.h"
#include "io/json.h"
#include "io/table.h"

#define CLI_PATH_MAX 4096
#define CLI_COMMANDS_MAX 48 /* of a tool */
#define CLI_OPTIONS_MAX 64  /* of a tool, the common ones included */

/* How results are written: -o/--output. */
enum cli_format { CLI_NDJSON, CLI_TABLE, CLI_JSON, CLI_CSV };

/* What a run function is given. */
struct cli {
	const char *tool;   /* "tb-trade" */
	int argc;	    /* operands: as many as the synopsis allows */
	char **argv;	    /* argv[0] is the first; NULL behind the last */
	const char *db;	    /* path: --db, $TB_DB or the XDG default */
	const char *config; /* path: --config, $TB_CONFIG or the XDG default */
	bool config_given;  /* config was named: then it has to exist */
	bool dry_run;	    /* -n; only where the command has CLI_DRY */
	bool at_given;	    /* --at */
	int64_t now_us;	    /* the instant: --at, else the clock at the start */
	bool exit_code;	    /* -e */
	bool quiet;	    /* -q: no notes, no progress */
	bool verbose;	    /* -v */
	bool colour;	    /* a terminal, and nobody asked for none */
	enum cli_format format;
	enum json_numbers numbers;
};

struct cli_option {
	const char *name;     /* long name without its dashes; NULL ends */
	char letter;	      /* short name, or 0 */
	const char *argument; /* what its value is called: "USD"; NULL: flag */
	const char *help;     /* half a line, no full stop */
	const char *commands; /* those that take it: "pnl, bot rm"; "-" is the
				 main job; NULL: all of the tool's */
	const char *choices;  /* the only values, "fifo lifo", or NULL: any */
	const char **value;   /* set to the value as written, never empty */
	bool *given;	      /* set to true; may stand beside value */
};

/* flags of a command */
#define CLI_DRY 1U /* honours -n, or writes nothing; without it -n is refused */
#define CLI_ASKS 2U /* TB_END is exit 1 without -e too (check, status) */

struct cli_command {
	const char *name;     /* "pnl", "bot rm"; "" the main job; NULL ends */
	const char *operands; /* "PRODUCT USD|all", "[BOT ...]", "": also how
				 many are taken */
	const char *help;     /* half a line, no full stop */
	/*
	 * returns: what the exit status is made of.  TB_END is a "no": exit 1
	 *	    with -e or CLI_ASKS, else 0.  Words in *err are printed;
	 *	    without words nothing is (the run has told already).
	 */
	enum tb_status (*run)(const struct cli *cli, struct tb_err *err);
	unsigned flags;
	const char *schema; /* --schema prints share/schema/NAME.json */
};

/* flags of a tool */
#define CLI_GUARDED 1U /* no core file, no ptrace, no new privileges */
#define CLI_EPIPE 2U   /* a closed pipe is TB_EIO, not death by SIGPIPE */
#define CLI_BARE 4U    /* no books, no results: takes -q, -v, -h, -V only */

/* Reaches the folder of its database and the files that the command line
 * names, no others, and no network. */
#define CLI_SHUT_IN 8U

struct cli_tool {
	const char *name;
	const char *purpose;		    /* half a line */
	const struct cli_option *options;   /* ends in { 0 }; or NULL */
	const struct cli_command *commands; /* ends in { 0 } */
	unsigned flags;
};

/*
 * cli_main: all of a tool's main().
 *
 * Opens descriptors 0 to 2 on /dev/null where they are closed, sets umask 077,
 * ignores SIGXFSZ, forgets SSLKEYLOGFILE; parses; runs the command; prints the
 * words of a failure; makes sure that what was written has arrived.
 *
 * returns: the exit status
 */
int cli_main(const struct cli_tool *tool, int argc, char *argv[]);

/* cli_exit_status: the exit status of a tb_status; tb(7) has the table. */
int cli_exit_status(enum tb_status status);

/*
 * Words on standard error, "tb-trade: " in front, one line and one write(2)
 * each, text from outside escaped.
 *
 * cli_error   the words of a failure that does not end the run
 * cli_warn    something is odd, the run goes on
 * cli_note    told without being asked; not with -q
 * cli_detail  only with -v
 */
void cli_error(const struct tb_err *err);
void cli_warn(const char *fmt, ...) TB_PRINTF(1, 2);
void cli_note(const char *fmt, ...) TB_PRINTF(1, 2);
void cli_detail(const char *fmt, ...) TB_PRINTF(1, 2);

/*
 * What many lines come to: the first of 8, 5, 9, 70, 74, 77, 78, 69, 75 that
 * occurred; else the one status that all have; else TB_EPARTIAL.  Nothing
 * added: TB_OK.  Zero it before use.
 */
struct cli_tally {
	uint32_t seen; /* private: a bit a status */
};

void cli_tally_add(struct cli_tally *tally, enum tb_status status);
enum tb_status cli_tally_status(const struct cli_tally *tally);

/*
 * Values of options and operands; what is how to call it in the message
 * ("--wait").
 *
 * errors: TB_EUSAGE, saying what was found and what is read
 */
enum tb_status cli_integer(const char *what, const char *text, long long min,
    long long max, long long *out, struct tb_err *err);
enum tb_status cli_decimal(const char *what, const char *text,
    struct decimal *out, struct tb_err *err);
/* a step such as -15m counts from the instant */
enum tb_status cli_instant(const struct cli *cli, const char *what,
    const char *text, int64_t *out_us, struct tb_err *err);

/*
 * cli_choice: the index of text among the blank-separated words of choices.
 * (Options with .choices are checked by the parser already.)
 *
 * returns: -1 where it is none of them, or NULL
 */
int cli_choice(const char *text, const char *choices);

/*
 * cli_open_input: a file to read; "-" is standard input.
 *
 * out:	   *out_fd  the caller closes it where it is not 0
 * errors: TB_ENOENT; TB_EPERM; TB_EIO, also for a directory
 */
enum tb_status cli_open_input(const char *path, int *out_fd,
    struct tb_err *err);

/*
 * Results: a command gives its rows once, as JSON objects, and they come out
 * as -o says: NDJSON (one write(2) a line), one pretty document, a table, CSV.
 * No database statement may be open meanwhile.
 *
 *	static const struct cli_column columns[] = {
 *		{ "product_id", "Product" },
 *		{ "realized_pnl", "Realized", CLI_GAIN, 2 },
 *		{ 0 },
 *	};
 *
 *	cli_rows_begin(&rows, cli, columns, 0);
 *	while (status == TB_OK && more) {
 *		json = cli_row(&rows);
 *		wire_position(json, &position);
 *		status = cli_row_end(&rows, err);
 *	}
 *	return cli_rows_end(&rows, status, err);
 */
enum cli_show {
	CLI_TEXT,    /* as it is; true and false as yes and no */
	CLI_FIGURE,  /* set right, as it is */
	CLI_AMOUNT,  /* set right, rounded half-even to places, grouped */
	CLI_GAIN,    /* the same, green above zero and red below */
	CLI_INSTANT, /* "2025-09-11 10:30:00" */
};

struct cli_column {
	const char *key; /* "price"; "trade.price" looks inside; NULL ends */
	const char
	    *heading; /* of a table; NULL: not shown there, only in CSV */
	enum cli_show show;
	int places;
};

/* flags of rows */
#define CLI_ONE 1U  /* one object, not a list: -o json writes no array */
#define CLI_BULK 2U /* many short rows: whole lines, but 64 KiB a write */

#define CLI_ROW_MAX (1U << 26) /* bytes of a row: a sale of many lots */

struct cli_rows {
	const struct cli *cli;
	const struct cli_column *columns; /* borrowed; NULL: no csv, and a
					     table is JSON */
	enum cli_format format;
	struct buffer out;
	struct json_writer json;
	struct table *table;
	size_t count; /* rows given */
	size_t start; /* private: where the row being written begins */
	unsigned flags;
};

/* cli_rows_begin: cannot fail; what goes wrong is told by cli_row_end(). */
void cli_rows_begin(struct cli_rows *rows, const struct cli *cli,
    const struct cli_column *columns, unsigned flags);

/* cli_row: where to write the next row: exactly one object. */
struct json_writer *cli_row(struct cli_rows *rows);

/*
 * cli_row_end: the row is complete.
 *
 * errors: TB_EIO, TB_ENOMEM; TB_ERANGE longer than CLI_ROW_MAX
 */
enum tb_status cli_row_end(struct cli_rows *rows, struct tb_err *err);

/*
 * cli_row_table: the table being made, for a rule or a row of totals behind
 * the last row; NULL where -o asks for something else.
 */
struct table *cli_row_table(struct cli_rows *rows);

/*
 * cli_rows_end: end the document, print the table, release; call it on every
 * way out.
 *
 * in:	    status  of the rows so far: after a failure no table is shown and
 *		    a document stays open, so that nobody takes it for whole
 * returns: status; where that was TB_OK, TB_END or TB_EPARTIAL, whether the
 *	    rest could be written
 */
enum tb_status cli_rows_end(struct cli_rows *rows, enum tb_status status,
    struct tb_err *err);

/*
 * cli_write: bytes to standard output at once, for what are no rows (exports,
 * sparklines, explanations).
 *
 * errors: TB_EIO
 */
enum tb_status cli_write(const void *bytes, size_t len, struct tb_err *err);

#endif /* TB_CLI_H */
