/* The request that is being answered, and its reply: what main.c gives to support.c. */
#ifndef PJE_BINDINGS_C_REPLY_H_
#define PJE_BINDINGS_C_REPLY_H_

/* The value of a key of the request, or NULL. */
const char *request_value(const char *key);

#endif /* PJE_BINDINGS_C_REPLY_H_ */
