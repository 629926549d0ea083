/*
 * exchange: a stand-in for Coinbase Advanced Trade on loopback.
 *
 *	exchange [OPTION ...]
 *	exchange --make-key KIND FILE
 *
 * See exchange.h for its rooms, and --help for the options.  It prints one
 * line when it is ready, and ends with SIGTERM or SIGINT.
 */

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/instant.h"
#include "exchange/server.h"

#define EXIT_USAGE 2

/* What the command line says. */
struct options {
	int port, run_s;
	bool plain, has_account;
	const char *ca_path, *log_path, *flaw, *tls, *make_key;
	int64_t now_us; /* where the clock begins; 0: now */
	int64_t end_s;	/* files of prices end here; 0: as they are */
};

enum choice {
	OPTION_ACCOUNT = 256,
	OPTION_CA,
	OPTION_CANDLES,
	OPTION_END,
	OPTION_FAULT,
	OPTION_FLAW,
	OPTION_FOR,
	OPTION_GENERATE,
	OPTION_KEY,
	OPTION_LOG,
	OPTION_MAKE_KEY,
	OPTION_NOW,
	OPTION_PLAIN,
	OPTION_PORT,
	OPTION_PRICE,
	OPTION_SEED,
	OPTION_SET,
	OPTION_STILL,
	OPTION_TAPE,
	OPTION_TLS,
};

static const struct {
	const char *name;
	enum choice choice;
	const char *argument, *help;
} table[] = {
	{ "port", OPTION_PORT, "N", "listen there; 0, the default: anywhere" },
	{ "ca", OPTION_CA, "FILE", "write what to trust (exchange-ca.pem)" },
	{ "plain", OPTION_PLAIN, NULL, "http, without TLS" },
	{ "tls", OPTION_TLS, "VERSION", "only 1.1, 1.2 or 1.3" },
	{ "flaw", OPTION_FLAW, "WHAT", "expired, wrong-host, self-signed" },
	{ "log", OPTION_LOG, "FILE", "a JSON line a request" },
	{ "for", OPTION_FOR, "SECONDS", "end by itself" },
	{ "key", OPTION_KEY, "FILE", "let in whoever has this key" },
	{ "make-key", OPTION_MAKE_KEY, "KIND",
	    "write a new key to FILE and end: es256,\n"
	    "                              es256-pkcs8, ed25519, ed25519-seed, "
	    "ed25519-pem" },
	{ "seed", OPTION_SEED, "TEXT", "of ids and generated prices" },
	{ "now", OPTION_NOW, "TIME", "the clock begins there" },
	{ "still", OPTION_STILL, NULL, "and stands still" },
	{ "account", OPTION_ACCOUNT, "CURRENCY=AMOUNT", "(USD=10000)" },
	{ "price", OPTION_PRICE, "PRODUCT=AMOUNT", "a fixed price" },
	{ "candles", OPTION_CANDLES, "PRODUCT=FILE",
	    "CSV timestamp,open,high,low,close,volume" },
	{ "tape", OPTION_TAPE, "PRODUCT=FILE", "CSV timestamp,price" },
	{ "end", OPTION_END, "TIME", "shift files behind it to end then" },
	{ "generate", OPTION_GENERATE, "PRODUCT=AMOUNT",
	    "prices around it, from the seed" },
	{ "set", OPTION_SET, "NAME=VALUE", "a setting, see below" },
	{ "fault", OPTION_FAULT, "RULE",
	    "KIND[=VALUE][,method=M][,path=GLOB][,skip=N]\n"
	    "                              "
	    "[,times=N][,body=json|html|text][,retry_after=S]" },
	{ "help", 'h', NULL, "this" },
};

#define OPTIONS (sizeof(table) / sizeof(table[0]))

static void
help(void)
{
	printf("usage: exchange [OPTION ...]\n"
	       "       exchange --make-key KIND FILE\n\n"
	       "A stand-in for Coinbase Advanced Trade on loopback.  Options "
	       "are read in order;\nall but --now may be repeated.\n\n");
	for (size_t i = 0; i < OPTIONS; i++) {
		char name[48];

		(void)snprintf(name, sizeof(name), "--%s%s%s", table[i].name,
		    table[i].argument == NULL ? "" : " ",
		    table[i].argument == NULL ? "" : table[i].argument);
		printf("  %-27s %s\n", name, table[i].help);
	}
	printf("\nSettings (--set, or POST /_control {\"set\":{...}}):\n\n");
	settings_help();
	printf("\nFaults (--fault, or POST /_control {\"fault\":RULE}); path "
	       "is without\n/api/v3/brokerage:\n\n");
	fault_help();
}

static enum tb_status
set_account(struct exchange *x, const char *name, const char *value,
    struct tb_err *err)
{
	struct decimal amount;
	struct account *account;
	enum tb_status status = decimal_parse(value, strlen(value), &amount);

	if (status != TB_OK)
		return tb_fail(err, status, "no amount: \"%s\"", value);
	account = account_get(&x->accounts, x->seed, name);
	if (account == NULL)
		return tb_fail(err, TB_EINVAL, "too many accounts");
	account_add(account, amount, exchange_now_us(x));
	return TB_OK;
}

/* NAME=VALUE of an account or a product. */
static enum tb_status
set_named(struct exchange *x, const struct options *o, enum choice choice,
    char *text, struct tb_err *err)
{
	char *value = strchr(text, '=');
	struct listing *l = NULL;
	enum tb_status status;

	if (value == NULL)
		return tb_fail(err, TB_EINVAL, "expected NAME=VALUE");
	*value++ = '\0';
	if (choice == OPTION_ACCOUNT)
		return set_account(x, text, value, err);
	status = market_add(&x->market, text, &l, err);
	if (status != TB_OK)
		return status;
	if (choice == OPTION_CANDLES)
		return market_load_candles(l, value, o->end_s, err);
	if (choice == OPTION_TAPE)
		return market_load_tape(l, value, o->end_s, err);
	status = decimal_parse(value, strlen(value), &l->start);
	if (status != TB_OK || decimal_sign(l->start) <= 0)
		return tb_fail(err, TB_EINVAL, "no price: \"%s\"", value);
	l->fixed = choice == OPTION_PRICE ? l->start : DECIMAL_ZERO;
	if (choice == OPTION_GENERATE) {
		char hex[DIGEST_HEX];

		digest_of(x->seed, strlen(x->seed), hex);
		hex[16] = '\0';
		l->seed = strtoull(hex, NULL, 16) | 1;
	}
	return TB_OK;
}

static enum tb_status
set_clock(struct exchange *x, struct options *o, const char *text,
    struct tb_err *err)
{
	int64_t now_us = instant_now_us();
	enum tb_status status =
	    instant_parse_option(text, now_us, &o->now_us, err);

	if (status == TB_OK)
		x->clock_us = o->now_us - (x->stands_still ? 0 : now_us);
	return status;
}

static enum tb_status
set_end(struct exchange *x, struct options *o, const char *text,
    struct tb_err *err)
{
	int64_t us = 0;
	enum tb_status status =
	    instant_parse_option(text, exchange_now_us(x), &us, err);

	o->end_s = instant_floor_s(us);
	return status;
}

static void
stand_still(struct exchange *x, const struct options *o)
{
	x->clock_us = o->now_us != 0 ? o->now_us : exchange_now_us(x);
	x->stands_still = true;
}

/* An option that the exchange itself is told of. */
static enum tb_status
set_exchange(struct exchange *x, struct options *o, enum choice choice,
    char *value, struct tb_err *err)
{
	switch (choice) {
	case OPTION_END:
		return set_end(x, o, value, err);
	case OPTION_FAULT:
		return fault_add(&x->faults, value, err);
	case OPTION_KEY:
		return key_add(&x->keys, value, err);
	case OPTION_NOW:
		return set_clock(x, o, value, err);
	case OPTION_SEED:
		(void)snprintf(x->seed, sizeof(x->seed), "%s", value);
		return TB_OK;
	case OPTION_SET:
		return settings_set(&x->set, value, err);
	case OPTION_STILL:
		stand_still(x, o);
		return TB_OK;
	default:
		break;
	}
	o->has_account = o->has_account || choice == OPTION_ACCOUNT;
	return set_named(x, o, choice, value, err);
}

static enum tb_status
set_option(struct exchange *x, struct options *o, int choice, char *value,
    struct tb_err *err)
{
	switch (choice) {
	case OPTION_CA:
		o->ca_path = value;
		break;
	case OPTION_FLAW:
		o->flaw = value;
		break;
	case OPTION_FOR:
		o->run_s = (int)strtol(value, NULL, 10);
		break;
	case OPTION_LOG:
		o->log_path = value;
		break;
	case OPTION_MAKE_KEY:
		o->make_key = value;
		break;
	case OPTION_PLAIN:
		o->plain = true;
		break;
	case OPTION_PORT:
		o->port = (int)strtol(value, NULL, 10);
		break;
	case OPTION_TLS:
		o->tls = value;
		break;
	default:
		return set_exchange(x, o, (enum choice)choice, value, err);
	}
	return TB_OK;
}

/* What is left of argv stands behind optind. */
static enum tb_status
parse(struct exchange *x, struct options *o, int argc, char *argv[],
    struct tb_err *err)
{
	struct option longs[OPTIONS + 1] = { 0 };
	enum tb_status status = TB_OK;
	int index, ch;

	for (size_t i = 0; i < OPTIONS; i++)
		longs[i] = (struct option){ table[i].name,
			table[i].argument == NULL ? no_argument :
						    required_argument,
			NULL, (int)table[i].choice };
	while (status == TB_OK &&
	    (ch = getopt_long(argc, argv, "h", longs, &index)) != -1) {
		if (ch == '?')
			return TB_EUSAGE;
		if (ch == 'h') {
			help();
			return TB_END;
		}
		status = set_option(x, o, ch, optarg, err);
		tb_err_at(err, "--%s", table[index].name);
	}
	return status;
}

static enum tb_status
open_log(const char *path, int *fd, struct tb_err *err)
{
	*fd = -1;
	if (path == NULL)
		return TB_OK;
	*fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	return *fd != -1 ?
	    TB_OK :
	    tb_fail(err, TB_EIO, "%s: %s", path, strerror(errno));
}

/* Serve until a signal, or the time, ends it. */
static enum tb_status
wait_for_end(int run_s)
{
	struct timespec limit = { .tv_sec = run_s };
	sigset_t ends;

	(void)sigemptyset(&ends);
	(void)sigaddset(&ends, SIGINT);
	(void)sigaddset(&ends, SIGTERM);
	while ((run_s > 0 ? sigtimedwait(&ends, NULL, &limit) :
			    sigwaitinfo(&ends, NULL)) == -1 &&
	    errno == EINTR)
		continue;
	return TB_OK;
}

static void
say_ready(const struct options *o, int port)
{
	printf("{\"url\":\"%s://127.0.0.1:%d\",\"port\":%d,\"ca\":\"%s\","
	       "\"pid\":%ld}\n",
	    o->plain ? "http" : "https", port, port, o->plain ? "" : o->ca_path,
	    (long)getpid());
	(void)fflush(stdout);
}

static enum tb_status
run(struct exchange *x, const struct options *o, struct tb_err *err)
{
	static struct cert cert;
	struct server_config config = { .port = o->port,
		.cert = o->plain ? NULL : &cert };
	struct server *server = NULL;
	char priorities[80] = "NORMAL";
	enum tb_status status;
	int port = 0;

	if (o->tls != NULL)
		(void)snprintf(priorities, sizeof(priorities),
		    "NORMAL:-VERS-ALL:+VERS-TLS%.3s:%%VERIFY_ALLOW_BROKEN",
		    o->tls);
	config.priorities = priorities;
	status = open_log(o->log_path, &config.log_fd, err);
	if (status == TB_OK && !o->plain)
		status = cert_make(o->flaw, o->ca_path, &cert, err);
	if (status == TB_OK)
		status = server_start(&server, x, &config, &port, err);
	if (status == TB_OK) {
		say_ready(o, port);
		status = wait_for_end(o->run_s);
	}
	server_stop(server);
	if (config.log_fd != -1)
		(void)close(config.log_fd);
	return status;
}

/* Threads are born with what main blocks: only main takes these. */
static void
block_signals(void)
{
	sigset_t ends;

	(void)sigemptyset(&ends);
	(void)sigaddset(&ends, SIGINT);
	(void)sigaddset(&ends, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &ends, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
}

int
main(int argc, char *argv[])
{
	static struct exchange x = { .seed = "tb" };
	struct options o = { .ca_path = "exchange-ca.pem", .flaw = "" };
	struct tb_err err = { 0 };
	enum tb_status status;

	block_signals();
	settings_init(&x.set);
	market_init(&x.market);
	status = parse(&x, &o, argc, argv, &err);
	if (status == TB_OK && o.make_key != NULL)
		status = argc != optind + 1 ?
		    tb_fail(&err, TB_EUSAGE, "expected one FILE") :
		    key_make(o.make_key, argv[optind], NULL, &err);
	else if (status == TB_OK && argc != optind)
		status = tb_fail(&err, TB_EUSAGE, "no such operand: %s",
		    argv[optind]);
	else if (status == TB_OK) {
		if (!o.has_account)
			account_add(account_get(&x.accounts, x.seed, "USD"),
			    DECIMAL_OF(10000), exchange_now_us(&x));
		status = run(&x, &o, &err);
	}
	keyring_release(&x.keys);
	orders_release(&x.orders);
	market_release(&x.market);
	if (status == TB_OK || status == TB_END)
		return EXIT_SUCCESS;
	if (err.msg[0] != '\0')
		fprintf(stderr, "exchange: %s\n", err.msg);
	return status == TB_EUSAGE ? EXIT_USAGE : EXIT_FAILURE;
}
