#ifndef TB_EXCHANGE_SERVER_H
#define TB_EXCHANGE_SERVER_H

/*
 * server: https on loopback.  A thread a connection, but one request at a
 * time touches the exchange; only misbehaving takes time outside of it.
 *
 * The log has a JSON line a request: n, at, method, path, query, port (the
 * client's: one number is one connection), token, status, outcome,
 * client_order_id, order_id, fault.
 */

#include "exchange/cert.h"
#include "exchange/exchange.h"

struct server;

struct server_config {
	int port;	   /* 0: any */
	struct cert *cert; /* NULL: plain http */
	char *priorities;  /* of gnutls: "NORMAL" */
	int log_fd;	   /* -1: none */
};

/*
 * server_start: serve x until server_stop().
 *
 * out:	   *port  where it listens
 * errors: TB_EIO, TB_ENOMEM
 */
enum tb_status server_start(struct server **out, struct exchange *x,
    const struct server_config *config, int *port, struct tb_err *err);
void server_stop(struct server *s);

#endif /* TB_EXCHANGE_SERVER_H */
