#include "exchange/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/instant.h"
#include "exchange/match.h"
#include "exchange/misbehave.h"
#include "exchange/request.h"
#include "exchange/route.h"
#include "io/lines.h"

#define LOG_LINE_MAX 16384

struct server {
	struct exchange *x; /* borrowed; touched under the lock */
	struct MHD_Daemon *daemon;
	pthread_mutex_t lock;
	int log_fd;
	unsigned long requests;
};

static enum MHD_Result
add_pair(void *closure, enum MHD_ValueKind kind, const char *name,
    const char *value)
{
	struct request *r = closure;

	(void)kind;
	if (r->queries == PAIRS_MAX)
		return MHD_NO;
	r->query[r->queries++] =
	    (struct pair){ name, value == NULL ? "" : value };
	return MHD_YES;
}

static const char *
header(const struct request *r, const char *name)
{
	return MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND,
	    name);
}

static const struct sockaddr_in *
client(const struct request *r)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(r->connection,
		MHD_CONNECTION_INFO_CLIENT_ADDRESS);

	return (const struct sockaddr_in *)(const void *)info->client_addr;
}

static struct request *
request_new(struct MHD_Connection *connection, const char *method,
    const char *path)
{
	struct request *r = calloc(1, sizeof(*r));
	const char *host;

	if (r == NULL)
		return NULL;
	r->connection = connection;
	(void)snprintf(r->method, sizeof(r->method), "%s", method);
	(void)snprintf(r->path, sizeof(r->path), "%s", path);
	buffer_init(&r->body, BODY_MAX);
	buffer_init(&r->answer, ANSWER_MAX);
	host = header(r, "Host");
	r->host = host == NULL ? "" : host;
	r->token = r->outcome = "";
	(void)MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND,
	    add_pair, r);
	return r;
}

static void
request_end(void *closure, struct MHD_Connection *connection, void **state,
    enum MHD_RequestTerminationCode why)
{
	struct request *r = *state;

	(void)closure;
	(void)connection;
	(void)why;
	if (r == NULL)
		return;
	buffer_release(&r->body);
	buffer_release(&r->answer);
	free(r);
	*state = NULL;
}

/* The path as faults know it. */
static const char *
short_path(const struct request *r)
{
	size_t len = sizeof(API) - 1;

	return strncmp(r->path, API, len) == 0 ? r->path + len : r->path;
}

static void
put_query(const struct request *r, struct json_writer *w)
{
	struct buffer text;

	buffer_init(&text, LOG_LINE_MAX / 2);
	for (size_t i = 0; i < r->queries; i++)
		buffer_add_format(&text, "%s%s=%s", i == 0 ? "" : "&",
		    r->query[i].name, r->query[i].value);
	put_text(w, "query", buffer_string(&text));
	buffer_release(&text);
}

static void
write_log(struct server *s, const struct request *r)
{
	struct buffer line;
	struct json_writer w = { .out = &line };

	if (s->log_fd == -1)
		return;
	buffer_init(&line, LOG_LINE_MAX);
	json_open(&w, '{');
	put_int(&w, "n", (int64_t)++s->requests);
	put_time(&w, "at", exchange_now_us(s->x));
	put_text(&w, "method", r->method);
	put_text(&w, "path", r->path);
	put_query(r, &w);
	put_int(&w, "port", ntohs(client(r)->sin_port));
	put_text(&w, "token", r->token);
	put_int(&w, "status", r->status);
	put_text(&w, "outcome", r->outcome);
	put_text(&w, "client_order_id", r->client_order_id);
	put_text(&w, "order_id", r->order_id);
	put_text(&w, "fault",
	    r->fault == NULL ? "" : fault_name(r->fault->kind));
	json_close(&w, '}');
	buffer_add_char(&line, '\n');
	(void)lines_write(s->log_fd, line.data, line.len, NULL);
	buffer_release(&line);
}

/* A bucket of rate_limit requests a second. */
static bool
is_over_rate(struct exchange *x)
{
	int64_t now_s = instant_floor_s(instant_now_us());

	if (x->set.rate_limit == 0)
		return false;
	if (now_s != x->second)
		x->second_requests = 0;
	x->second = now_s;
	return ++x->second_requests > x->set.rate_limit;
}

/* May this request be served?  If not, the answer is there. */
static bool
is_allowed(struct exchange *x, struct request *r, enum access access)
{
	struct token_use use = { r->method, r->path, r->host,
		instant_floor_s(exchange_server_us(x)) };

	if (access == ACCESS_CONTROL)
		return ntohl(client(r)->sin_addr.s_addr) >> 24 == 127;
	if (is_over_rate(x)) {
		reply_text(r, 429, "application/json",
		    "{\"errors\":[{\"id\":\"rate_limit_exceeded\","
		    "\"message\":\"Too many requests\"}]}");
		return false;
	}
	if (access == ACCESS_OPEN)
		return true;
	r->token = token_verdict(&x->keys, &x->tokens,
	    header(r, "Authorization"), &use);
	if (strcmp(r->token, "ok") != 0) {
		reply_text(r, 401, "text/plain", "Unauthorized\n");
		return false;
	}
	if (access == ACCESS_TRADE ? x->set.can_trade : x->set.can_view)
		return true;
	reply_error(r, 403, "PERMISSION_DENIED", "Missing required scopes");
	return false;
}

/* Under the lock: all that is done to the exchange. */
static void
serve(struct exchange *x, struct request *r)
{
	const struct route *route = route_find(r);

	r->json_out.numbers =
	    x->set.numbers ? JSON_NUMBERS_NUMBER : JSON_NUMBERS_STRING;
	reply_error(r, 404, "unknown", "Not Found");
	if (route == NULL || route->access != ACCESS_CONTROL)
		r->fault = fault_for(&x->faults, r->method, short_path(r));
	if (r->fault != NULL && fault_is_before(r->fault)) {
		r->outcome = "not served";
		return;
	}
	if (route == NULL || !is_allowed(x, r, route->access))
		return;
	match_advance(x);
	route->serve(x, r);
}

static void
add_header(struct MHD_Response *response, const char *name, const char *value)
{
	if (value[0] != '\0')
		(void)MHD_add_response_header(response, name, value);
}

static enum MHD_Result
send_answer(struct request *r)
{
	static char nothing[1];
	struct MHD_Response *response;
	enum MHD_Result result;

	if (buffer_status(&r->answer, NULL) != TB_OK)
		return MHD_NO;
	response = MHD_create_response_from_buffer(r->answer.len,
	    r->answer.len == 0 ? nothing : r->answer.data,
	    MHD_RESPMEM_MUST_COPY);
	if (response == NULL)
		return MHD_NO;
	add_header(response, "Content-Type", r->type);
	add_header(response, "Retry-After", r->retry_after);
	add_header(response, "Location", r->location);
	result =
	    MHD_queue_response(r->connection, (unsigned)r->status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result
finish(struct server *s, struct request *r)
{
	(void)pthread_mutex_lock(&s->lock);
	serve(s->x, r);
	if (r->fault != NULL) { /* the rules may change once we let go */
		r->happening = *r->fault;
		r->fault = &r->happening;
	}
	if (strncmp(r->path, "/_", 2) != 0)
		write_log(s, r);
	(void)pthread_mutex_unlock(&s->lock);
	if (r->fault != NULL && misbehave(r) == MHD_NO)
		return MHD_NO;
	r->fault = NULL;
	return send_answer(r);
}

static enum MHD_Result
handle(void *closure, struct MHD_Connection *connection, const char *path,
    const char *method, const char *version, const char *upload, size_t *len,
    void **state)
{
	struct request *r = *state;

	(void)version;
	if (r == NULL) {
		*state = request_new(connection, method, path);
		return *state == NULL ? MHD_NO : MHD_YES;
	}
	if (*len > 0) {
		buffer_add(&r->body, upload, *len);
		*len = 0;
		return MHD_YES;
	}
	return finish(closure, r);
}

static struct MHD_Daemon *
start(struct server *s, const struct server_config *config)
{
	unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD |
	    MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL;
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)config->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct MHD_OptionItem tls[] = {
		{ MHD_OPTION_END, 0, NULL },
		{ MHD_OPTION_END, 0, NULL },
		{ MHD_OPTION_END, 0, NULL },
		{ MHD_OPTION_END, 0, NULL },
	};

	if (config->cert != NULL) {
		flags |= MHD_USE_TLS;
		tls[0].option = MHD_OPTION_HTTPS_MEM_KEY;
		tls[0].ptr_value = config->cert->key;
		tls[1].option = MHD_OPTION_HTTPS_MEM_CERT;
		tls[1].ptr_value = config->cert->chain;
		tls[2].option = MHD_OPTION_HTTPS_PRIORITIES;
		tls[2].ptr_value = config->priorities;
	}
	return MHD_start_daemon(flags, 0, NULL, NULL, handle, s,
	    MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_NOTIFY_COMPLETED,
	    request_end, NULL, MHD_OPTION_CONNECTION_TIMEOUT, 60U,
	    MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
}

enum tb_status
server_start(struct server **out, struct exchange *x,
    const struct server_config *config, int *port, struct tb_err *err)
{
	struct server *s = calloc(1, sizeof(*s));
	const union MHD_DaemonInfo *info;

	if (s == NULL)
		return tb_nomem(err);
	s->x = x;
	s->log_fd = config->log_fd;
	(void)pthread_mutex_init(&s->lock, NULL);
	s->daemon = start(s, config);
	if (s->daemon == NULL) {
		free(s);
		return tb_fail(err, TB_EIO, "cannot listen on port %d",
		    config->port);
	}
	info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);
	*port = info == NULL ? config->port : info->port;
	*out = s;
	return TB_OK;
}

void
server_stop(struct server *s)
{
	if (s == NULL)
		return;
	MHD_stop_daemon(s->daemon);
	(void)pthread_mutex_destroy(&s->lock);
	free(s);
}
