/*
 * tb-venue-coinbase: Coinbase Advanced Trade behind the venue protocol.
 *
 * stdin   requests, one object a line; see tb-venue(7)
 * stdout  answers, one object a line
 * exit	   0 at the end of the input, or after a signal; 74 an answer could not
 *	   be written; 78 the options make no sense; see tb(7)
 *
 * The only tool that holds a key, and the only one that opens a socket; it
 * sees no database.  It ends between two requests only: an order that is
 * being sent is finished, and its answer written, first.
 */

#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/sandbox.h"
#include "cli.h"
#include "coinbase/coinbase.h"
#include "coinbase/hide.h"
#include "coinbase/http.h"
#include "coinbase/key.h"
#include "io/lines.h"
#include "venue/protocol.h"

#define CREDENTIAL "coinbase-key" /* its name among systemd's credentials */
#define DNS_PORT 53

static struct {
	const char *key_file;
	const char *base_url;
	const char *ca_file;
	bool insecure_loopback;
} opt;

static volatile sig_atomic_t stop;

static void
on_signal(int number)
{
	stop = number;
}

/* No SA_RESTART: a signal ends the wait for the next request. */
static void
catch_signals(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = on_signal };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		(void)sigaction(numbers[i], &action, NULL);
}

/* Whom to trust is an option, not a surrounding. */
static void
forget_environment(void)
{
	static const char *const names[] = { "SSL_CERT_FILE", "SSL_CERT_DIR",
		"OPENSSL_CONF", "OPENSSL_MODULES", "OPENSSL_ENGINES",
		"CURL_CA_BUNDLE", "CURL_HOME" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		(void)unsetenv(names[i]);
}

/*
 * With the key in memory: whom to trust and how names are resolved is all that
 * is still read, one port (and the resolver's, over TCP) all that is spoken
 * to.  The folders are those of the system's libraries and their settings.
 */
static void
shut_in(const char *url)
{
	static const char *const folders[] = { "/etc", "/usr", "/lib", "/lib64",
		"/nix/store", "/var/lib/ca-certificates", "/run/nscd",
		"/dev/urandom", "/dev/null" };
	char resolver[PATH_MAX];
	struct sandbox s;

	sandbox_begin(&s);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		sandbox_allow(&s, folders[i], SANDBOX_READ);
	if (realpath("/etc/resolv.conf", resolver) != NULL)
		sandbox_allow(&s, dirname(resolver), SANDBOX_READ);
	if (opt.ca_file != NULL)
		sandbox_allow(&s, opt.ca_file, SANDBOX_READ);
	sandbox_allow_port(&s, http_port(url));
	sandbox_allow_port(&s, DNS_PORT);
	(void)sandbox_enter(&s);
}

/* ------------------------------------------------------------------- key -- */

/* Where the key is: false, there is none. */
static bool
find_key(char out[static PATH_MAX])
{
	const char *path = opt.key_file, *home = getenv("HOME");
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");

	if (path == NULL)
		path = getenv("TB_KEY_FILE");
	if (path != NULL && path[0] != '\0') {
		if (strncmp(path, "~/", 2) == 0 && home != NULL)
			(void)snprintf(out, PATH_MAX, "%s%s", home, path + 1);
		else
			(void)snprintf(out, PATH_MAX, "%s", path);
		return true;
	}
	if (credentials == NULL)
		return false;
	(void)snprintf(out, PATH_MAX, "%s/%s", credentials, CREDENTIAL);
	return access(out, F_OK) == 0;
}

/* --------------------------------------------------------------- answers -- */

static void
use_rows(struct protocol_answer *a)
{
	static union {
		struct product products[VENUE_PAGE_MAX];
		struct candle candles[VENUE_PAGE_MAX];
		struct venue_balance balances[VENUE_PAGE_MAX];
		struct venue_order orders[VENUE_PAGE_MAX];
		struct fill fills[VENUE_PAGE_MAX];
	} rows;

	a->max = VENUE_PAGE_MAX;
	switch (a->verb) {
	case VERB_PRODUCTS:
		a->rows.products = rows.products;
		break;
	case VERB_CANDLES:
		a->rows.candles = rows.candles;
		break;
	case VERB_BALANCES:
		a->rows.balances = rows.balances;
		break;
	case VERB_ORDERS_SINCE:
		a->rows.orders = rows.orders;
		break;
	default:
		a->rows.fills = rows.fills;
		break;
	}
}

/* Nothing was asked of the exchange: an order was not sent. */
static void
answer_failure(struct protocol_answer *a, const struct tb_err *why,
    bool key_rejected)
{
	if (a->verb == VERB_PLACE) {
		a->place.outcome = VENUE_NOT_SENT;
		a->place.key_rejected = key_rejected;
		(void)snprintf(a->place.words, sizeof(a->place.words), "%.*s",
		    VENUE_WORDS_MAX - 1, why->msg);
		return;
	}
	a->status = key_rejected ? TB_EPERM : TB_EINVAL;
	(void)snprintf(a->message, sizeof(a->message), "%s", why->msg);
}

/* A key that can't be used is told to everybody who asks for anything. */
static void
answer(struct coinbase *c, const struct tb_err *key_err, char *line, size_t len,
    struct protocol_answer *a)
{
	struct protocol_request r;
	struct tb_err err;

	if (protocol_request_read(line, len, &r, &err) != TB_OK) {
		a->id = r.id;
		a->verb = r.verb;
		answer_failure(a, &err, false);
		return;
	}
	a->id = r.id;
	a->verb = r.verb;
	use_rows(a);
	if (key_err->status != TB_OK)
		answer_failure(a, key_err, true);
	else
		coinbase_answer(c, &r, a);
}

static enum tb_status
write_answer(struct buffer *out, const struct protocol_answer *a,
    const struct key *key, struct tb_err *err)
{
	enum tb_status status;

	buffer_clear(out);
	protocol_answer_write(out, a);
	buffer_add_char(out, '\n');
	status = buffer_status(out, err);
	if (status != TB_OK)
		return status;
	hide_secrets(key, out->data, out->len);
	return cli_write(out->data, out->len, err);
}

static enum tb_status
serve(struct coinbase *c, const struct tb_err *key_err, struct tb_err *err)
{
	struct lines input;
	struct buffer out;
	enum tb_status status = TB_OK;
	size_t len;
	char *line;

	lines_init(&input, STDIN_FILENO, PROTOCOL_REQUEST_MAX);
	input.stop = &stop;
	buffer_init(&out, PROTOCOL_ANSWER_MAX + 1);
	while (status == TB_OK) {
		struct protocol_answer a = { 0 };

		status = lines_next(&input, &line, &len, err);
		if (status == TB_EINVAL)
			answer_failure(&a, err, false);
		else if (status == TB_OK)
			answer(c, key_err, line, len, &a);
		else
			break;
		status = write_answer(&out, &a, c->key, err);
	}
	lines_release(&input);
	buffer_release(&out);
	return status == TB_END ? TB_OK : status;
}

static enum tb_status
run(const struct cli *cli, struct tb_err *err)
{
	const struct http_config config = { opt.ca_file,
		opt.insecure_loopback };
	struct coinbase c = { .base_url = opt.base_url == NULL ? COINBASE_URL :
								 opt.base_url };
	struct tb_err key_err = { 0 };
	char path[PATH_MAX];
	struct key key = { 0 };
	enum tb_status status;

	(void)cli;
	catch_signals();
	forget_environment();
	status = coinbase_check(&config, c.base_url, err);
	if (status == TB_OK)
		status = http_open(&c.http, &config, err);
	if (status != TB_OK)
		return status;
	if (find_key(path)) {
		if (key_read(path, &key, &key_err) == TB_OK)
			c.key = &key;
	}
	shut_in(c.base_url);
	status = serve(&c, &key_err, err);
	key_release(&key);
	http_close(c.http);
	return status;
}

static const struct cli_option options[] = {
	{ .name = "key-file",
	    .argument = "FILE",
	    .help = "the key, as Coinbase gives it out; else $TB_KEY_FILE",
	    .commands = "-",
	    .value = &opt.key_file },
	{ .name = "base-url",
	    .argument = "URL",
	    .help = "where the exchange is (" COINBASE_URL ")",
	    .commands = "-",
	    .value = &opt.base_url },
	{ .name = "ca-file",
	    .argument = "FILE",
	    .help = "who is trusted, in PEM; else whom the system trusts",
	    .commands = "-",
	    .value = &opt.ca_file },
	{ .name = "insecure-loopback",
	    .help = "plain http, to this machine only",
	    .commands = "-",
	    .given = &opt.insecure_loopback },
	{ 0 },
};

static const struct cli_command commands[] = {
	{ "", "", "answer the requests on standard input", run, 0,
	    "venue-answer" },
	{ 0 },
};

int
main(int argc, char *argv[])
{
	static const struct cli_tool tool = { .name = "tb-venue-coinbase",
		.purpose = "Coinbase Advanced Trade as a venue",
		.options = options,
		.commands = commands,
		.flags = CLI_EPIPE | CLI_GUARDED | CLI_BARE };

	return cli_main(&tool, argc, argv);
}
