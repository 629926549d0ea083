#ifndef TB_EXCHANGE_REQUEST_H
#define TB_EXCHANGE_REQUEST_H

/*
 * request: what was asked for, and the answer in the making.
 *
 * Names are understood as snake_case and lowerCamelCase; a name may be
 * repeated, or its values joined by commas.
 */

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "exchange/exchange.h"
#include "io/json.h"

#define PAIRS_MAX 400
#define BODY_MAX 65536
#define ANSWER_MAX ((size_t)8 * 1024 * 1024)
#define BODY_TOKENS 2048
#define SEGMENT_MAX 140

struct pair {
	const char *name, *value;
};

struct request {
	struct MHD_Connection *connection;
	char method[8];
	char path[512];	  /* as sent, without the query */
	const char *host; /* header, "" where there is none */
	struct pair query[PAIRS_MAX];
	size_t queries;
	struct buffer body;
	struct json_token tokens[BODY_TOKENS];
	struct json json;	   /* the body, once it was read */
	char segment[SEGMENT_MAX]; /* of the path, where its pattern has * */

	int status;
	const char *type; /* Content-Type */
	char retry_after[FAULT_TEXT_MAX];
	char location[FAULT_TEXT_MAX];
	struct buffer answer;
	struct json_writer json_out;

	/* for the log */
	const char *token, *outcome;
	const struct fault *fault; /* NULL: nothing goes wrong */
	struct fault happening;	   /* private: the rule as it was */
	char client_order_id[CLIENT_ID_MAX], order_id[DIGEST_UUID];
};

/* query_get: the first value of a name, or NULL. */
const char *query_get(const struct request *r, const char *name);

/* query_has: is value among those of the name, or of its plural? */
bool query_has(const struct request *r, const char *name, const char *value);

/* query_is_given: the name, or its plural, with some value. */
bool query_is_given(const struct request *r, const char *name);

/* query_integer: its number, or what to take instead. */
int64_t query_integer(const struct request *r, const char *name,
    int64_t otherwise);

/*
 * body_read: the body as JSON; false: it is none and 400 was answered.
 */
bool body_read(struct request *r);

/* body_get: a member, by either form of its name; NULL: none, or null. */
const struct json_token *body_get(const struct request *r,
    const struct json_token *object, const char *name);

/* body_text: a text member; false where there is none or it is too long. */
bool body_text(const struct request *r, const struct json_token *object,
    const char *name, char *out, size_t size);

/*
 * Answers.  reply_begin: 200 and the writer to put JSON into.  reply_error:
 * the gateway's envelope.
 */
struct json_writer *reply_begin(struct request *r);
void reply_error(struct request *r, int status, const char *error,
    const char *message);
void reply_text(struct request *r, int status, const char *type,
    const char *text);

/* Members. */
void put_text(struct json_writer *w, const char *name, const char *value);
void put_bool(struct json_writer *w, const char *name, bool value);
void put_int(struct json_writer *w, const char *name, int64_t value);
void put_null(struct json_writer *w, const char *name);
void put_amount(struct json_writer *w, const char *name, struct decimal d);
void put_time(struct json_writer *w, const char *name, int64_t us);
void put_open(struct json_writer *w, const char *name, char bracket);

#endif /* TB_EXCHANGE_REQUEST_H */
