#include "exchange/misbehave.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define HEAD_MAX 512
#define ENDLESS_BYTES ((size_t)64 * 1024 * 1024)
#define DEFAULT_MS 30000 /* of silence */
#define LENGTH_OFF 100	 /* bytes that a Content-Length is wrong by */
#define HTML                                                                   \
 "<!DOCTYPE html>\n<html><head><title>Error</title></head>"                    \
 "<body><h1>Something went wrong</h1></body></html>\n"

/* Both ways to a client: gnutls where the connection is https. */
struct wire {
	gnutls_session_t tls; /* NULL: plain */
	int fd;
};

static struct wire
open_wire(const struct request *r)
{
	const union MHD_ConnectionInfo *fd, *tls;

	fd = MHD_get_connection_info(r->connection,
	    MHD_CONNECTION_INFO_CONNECTION_FD);
	tls = MHD_get_connection_info(r->connection,
	    MHD_CONNECTION_INFO_GNUTLS_SESSION);
	return (struct wire){ tls == NULL ? NULL : tls->tls_session,
		fd == NULL ? -1 : fd->connect_fd };
}

/* false: the client has gone. */
static bool
wire_send(const struct wire *wire, const char *bytes, size_t len)
{
	while (len > 0) {
		struct pollfd ready = { .fd = wire->fd, .events = POLLOUT };
		ssize_t n;
		bool again;

		if (wire->tls != NULL) {
			n = gnutls_record_send(wire->tls, bytes, len);
			again =
			    n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED;
		} else {
			n = send(wire->fd, bytes, len, MSG_NOSIGNAL);
			again = n == -1 && (errno == EAGAIN || errno == EINTR);
		}
		if (again && poll(&ready, 1, DEFAULT_MS) == 1)
			continue;
		if (n <= 0)
			return false;
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

static void
send_text(const struct wire *wire, const char *text)
{
	(void)wire_send(wire, text, strlen(text));
}

/* Waits, but not for a client that has gone. */
static bool
wire_wait(const struct wire *wire, int64_t ms)
{
	struct pollfd gone = { .fd = wire->fd, .events = POLLRDHUP };

	return poll(&gone, 1, (int)ms) == 0;
}

static int64_t
milliseconds(const struct fault *f, int64_t otherwise)
{
	return f->value[0] == '\0' ? otherwise : strtoll(f->value, NULL, 10);
}

static void
send_head(const struct wire *wire, const struct request *r, size_t length)
{
	char head[HEAD_MAX];

	(void)snprintf(head, sizeof(head),
	    "HTTP/1.1 %d OK\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n",
	    r->status, r->type, length);
	send_text(wire, head);
}

static void
send_chunk_head(const struct wire *wire)
{
	send_text(wire,
	    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	    "Transfer-Encoding: chunked\r\n\r\n");
}

static void
send_endless(const struct wire *wire)
{
	static const char chunk[] = "10\r\n{\"a\":[1,2,3,4]}\n\r\n";

	send_chunk_head(wire);
	for (size_t sent = 0; sent < ENDLESS_BYTES; sent += sizeof(chunk) - 1)
		if (!wire_send(wire, chunk, sizeof(chunk) - 1))
			return;
}

static void
send_slowly(const struct wire *wire, const struct request *r)
{
	send_head(wire, r, r->answer.len);
	for (size_t i = 0; i < r->answer.len; i++)
		if (!wire_send(wire, &r->answer.data[i], 1) ||
		    !wire_wait(wire, milliseconds(r->fault, 1000)))
			return;
}

/* What ends with the connection. */
static void
send_raw(const struct wire *wire, struct request *r)
{
	const struct buffer *a = &r->answer;
	struct linger now = { .l_onoff = 1, .l_linger = 0 };

	switch (r->fault->kind) {
	case FAULT_RESET_BEFORE:
	case FAULT_RESET:
		(void)setsockopt(wire->fd, SOL_SOCKET, SO_LINGER, &now,
		    sizeof(now));
		break;
	case FAULT_TRUNCATE:
		send_head(wire, r, a->len);
		(void)wire_send(wire, a->data, a->len / 2);
		break;
	case FAULT_LONG_LENGTH:
		send_head(wire, r, a->len + LENGTH_OFF);
		(void)wire_send(wire, a->data, a->len);
		break;
	case FAULT_SHORT_LENGTH:
		send_head(wire, r, a->len > LENGTH_OFF ? LENGTH_OFF : 1);
		(void)wire_send(wire, a->data, a->len);
		break;
	case FAULT_CHUNK_GARBAGE:
		send_chunk_head(wire);
		send_text(wire, "zz\r\n{\"success\":true}\r\n-1\r\n");
		break;
	case FAULT_GARBAGE:
		send_text(wire, "\001\002 no HTTP at all\r\n\r\n");
		break;
	case FAULT_ENDLESS:
		send_endless(wire);
		break;
	case FAULT_SLOW:
		send_slowly(wire, r);
		break;
	case FAULT_STALL:
		send_head(wire, r, a->len);
		(void)wire_wait(wire, milliseconds(r->fault, DEFAULT_MS));
		break;
	default:
		break;
	}
}

static void
answer_status(struct request *r, int status)
{
	const char *body = r->fault->body;

	(void)snprintf(r->retry_after, sizeof(r->retry_after), "%s",
	    r->fault->retry_after);
	if (strcmp(body, "html") == 0)
		reply_text(r, status, "text/html", HTML);
	else if (strcmp(body, "text") == 0)
		reply_text(r, status, "text/plain", "upstream error\n");
	else if (status == 429)
		reply_text(r, status, "application/json",
		    "{\"errors\":[{\"id\":\"rate_limit_exceeded\","
		    "\"message\":\"Too many requests\"}]}");
	else
		reply_error(r, status,
		    status == 400     ? "INVALID_ARGUMENT" :
			status == 403 ? "PERMISSION_DENIED" :
			status == 404 ? "NOT_FOUND" :
					"INTERNAL",
		    "on request");
}

enum MHD_Result
misbehave(struct request *r)
{
	struct wire wire = open_wire(r);

	switch (r->fault->kind) {
	case FAULT_UNAUTHORIZED:
		reply_text(r, 401, "text/plain", "Unauthorized\n");
		return MHD_YES;
	case FAULT_STATUS:
	case FAULT_SERVED_STATUS:
		answer_status(r, (int)milliseconds(r->fault, 503));
		return MHD_YES;
	case FAULT_DELAY:
		(void)wire_wait(&wire, milliseconds(r->fault, 1000));
		return MHD_YES;
	case FAULT_HTML:
		reply_text(r, 200, "text/html", HTML);
		return MHD_YES;
	case FAULT_EMPTY:
		reply_text(r, 200, "application/json", "");
		return MHD_YES;
	case FAULT_BRACES:
		reply_text(r, 200, "application/json", "{}");
		return MHD_YES;
	case FAULT_REDIRECT:
		reply_text(r, 302, "text/html", HTML);
		(void)snprintf(r->location, sizeof(r->location), "%s",
		    r->fault->value);
		return MHD_YES;
	default:
		send_raw(&wire, r);
		return MHD_NO;
	}
}
