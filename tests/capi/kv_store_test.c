/* Key-value stores, and clients that find each other through them. */
#include <pthread.h>

#include "harness.h"

static pje_kv_store *make(void) {
  pje_kv_store *store = NULL;
  expect_ok(pje_kv_store_create(&store));
  return store;
}
static bool is_alive(pje_kv_store *store) {
  pje_error *error = pje_kv_store_put(store, "k", 1, "v", 1);
  bool alive = error == NULL;
  pje_error_release(error);
  return alive;
}
RETAIN_RELEASE_TESTS(pje_kv_store, make(), is_alive)

static void expect_bytes(pje_bytes *value, const char *text) {
  assert_int_equal(pje_bytes_size(value), strlen(text));
  assert_string_equal(pje_bytes_data(value), text);
  pje_bytes_release(value);
}

OK(pje_bytes_create, is_a_copy) {
  char data[] = "abc";
  pje_bytes *bytes = NULL;
  expect_ok(pje_bytes_create(data, 3, &bytes));
  data[0] = 'x';
  expect_bytes(bytes, "abc");
  expect_ok(pje_bytes_create(NULL, 0, &bytes));
  expect_bytes(bytes, "");
}
FAILS(pje_bytes_create, null_data_or_out) {
  pje_bytes *bytes = NULL;
  expect_invalid(pje_bytes_create(NULL, 1, &bytes), "pje_bytes_create", "data");
  expect_invalid(pje_bytes_create("x", 1, NULL), "pje_bytes_create", "out");
}

OK(pje_kv_store_create, empty) {
  pje_kv_store *store = make();
  pje_bytes *value = NULL;
  expect_error(pje_kv_store_try_get(store, "a", 1, &value), PJE_NOT_FOUND, "pje_kv_store_try_get", "\"a\"");
  pje_kv_store_release(store);
}
FAILS(pje_kv_store_create, out_is_null) {
  expect_invalid(pje_kv_store_create(NULL), "pje_kv_store_create", "out");
}

OK(pje_kv_store_put, replaces) {
  pje_kv_store *store = make();
  pje_bytes *value = NULL;
  expect_ok(pje_kv_store_put(store, "a\0b", 3, "one", 3));
  expect_ok(pje_kv_store_put(store, "a\0b", 3, "two", 3));
  expect_ok(pje_kv_store_put(store, "a", 1, NULL, 0));
  expect_ok(pje_kv_store_try_get(store, "a\0b", 3, &value));
  expect_bytes(value, "two");
  expect_ok(pje_kv_store_get(store, "a", 1, 0, &value));
  expect_bytes(value, "");
  pje_kv_store_release(store);
}
REFUSES_WRONG_HANDLE(pje_kv_store_put, wrong_handle, pje_kv_store, "store",
                     pje_kv_store_put(h, "a", 1, "b", 1))
FAILS(pje_kv_store_put, null_key_or_value) {
  pje_kv_store *store = make();
  expect_invalid(pje_kv_store_put(store, NULL, 1, "b", 1), "pje_kv_store_put", "key");
  expect_invalid(pje_kv_store_put(store, "a", 1, NULL, 1), "pje_kv_store_put", "value");
  pje_kv_store_release(store);
}
OK(pje_kv_store_try_get, what_is_there) {
  pje_kv_store *store = make();
  pje_bytes *value = NULL;
  expect_ok(pje_kv_store_put(store, "", 0, "nameless", 8));
  expect_ok(pje_kv_store_try_get(store, NULL, 0, &value));
  expect_bytes(value, "nameless");
  pje_kv_store_release(store);
}
REFUSES_WRONG_HANDLE(pje_kv_store_try_get, wrong_handle, pje_kv_store, "store",
                     pje_kv_store_try_get(h, "a", 1, &(pje_bytes *){NULL}))
FAILS(pje_kv_store_try_get, null_key_or_out) {
  pje_kv_store *store = make();
  pje_bytes *value = NULL;
  expect_invalid(pje_kv_store_try_get(store, NULL, 1, &value), "pje_kv_store_try_get", "key");
  expect_invalid(pje_kv_store_try_get(store, "a", 1, NULL), "pje_kv_store_try_get", "out");
  pje_kv_store_release(store);
}
static void *put_later(void *store) {
  sleep_ms(50);
  expect_ok(pje_kv_store_put(store, "late", 4, "here", 4));
  return NULL;
}
OK(pje_kv_store_get, waits_for_a_put) {
  pje_kv_store *store = make();
  pje_bytes *value = NULL;
  pthread_t thread;
  pthread_create(&thread, NULL, put_later, store);
  expect_ok(pje_kv_store_get(store, "late", 4, -1, &value));
  expect_bytes(value, "here");
  pthread_join(thread, NULL);
  expect_ok(pje_kv_store_get(store, "late", 4, INT64_MAX, &value));
  expect_bytes(value, "here");
  pje_kv_store_release(store);
}
REFUSES_WRONG_HANDLE(pje_kv_store_get, wrong_handle, pje_kv_store, "store",
                     pje_kv_store_get(h, "a", 1, 0, &(pje_bytes *){NULL}))
FAILS(pje_kv_store_get, in_time) {
  pje_kv_store *store = make();
  pje_bytes *value = NULL;
  expect_error(pje_kv_store_get(store, "never", 5, 30000000, &value), PJE_DEADLINE_EXCEEDED,
               "pje_kv_store_get", "\"never\"");
  expect_invalid(pje_kv_store_get(store, NULL, 1, 0, &value), "pje_kv_store_get", "key");
  expect_invalid(pje_kv_store_get(store, "a", 1, 0, NULL), "pje_kv_store_get", "out");
  pje_kv_store_release(store);
}

/* Clients of several processes, each made by a thread of this one. */
static pje_error *open_process(int64_t process, int64_t processes, int64_t devices, pje_kv_store *store,
                               pje_client **client) {
  pje_named_values *values = NULL;
  pje_client_options options = PJE_CLIENT_OPTIONS_INIT;
  expect_ok(pje_named_values_create(&values));
  expect_ok(pje_named_values_set_int64(values, "process", process));
  expect_ok(pje_named_values_set_int64(values, "processes", processes));
  expect_ok(pje_named_values_set_int64(values, "devices", devices));
  options.options = values;
  options.kv_store = store;
  pje_error *error = pje_client_open(fake_path(), &options, client);
  pje_named_values_release(values);
  return error;
}
struct process {
  int64_t number;
  pje_kv_store *store;
  pje_client *client;
};
static void *run_process(void *user_data) {
  struct process *process = user_data;
  expect_ok(open_process(process->number, 3, 2, process->store, &process->client));
  return NULL;
}
static void meet(pje_kv_store *store) {
  struct process processes[3];
  pthread_t threads[3];
  for (size_t i = 0; i < 3; ++i) {
    processes[i] = (struct process){(int64_t)i, store, NULL};
    pthread_create(&threads[i], NULL, run_process, &processes[i]);
  }
  for (size_t i = 0; i < 3; ++i) pthread_join(threads[i], NULL);
  for (size_t i = 0; i < 3; ++i) {
    assert_int_equal(pje_client_process_index(processes[i].client), (int)i);
    assert_int_equal(pje_client_num_devices(processes[i].client), 6);
    pje_client_release(processes[i].client);
  }
}
OK(pje_client_create, three_processes_meet) {
  pje_kv_store *store = make();
  pje_bytes *value = NULL;
  meet(store);
  expect_ok(pje_kv_store_try_get(store, "fake/devices/2", 14, &value));
  expect_bytes(value, "2");
  pje_kv_store_release(store);
}
/* The plugin uses the store as long as the client lives, whoever else has let go of it. */
OK(pje_client_create, keeps_its_store) {
  pje_kv_store *store = make();
  pje_client *client = NULL;
  pje_bytes *value = NULL;
  expect_ok(open_process(0, 1, 2, store, &client));
  pje_loaded_executable_release(compile_text(client, kAdd1));
  expect_ok(pje_kv_store_get(store, "fake/compiled/0", 15, -1, &value));
  expect_bytes(value, "add1");
  pje_kv_store_release(store);
  assert_true(is_alive(store));
  pje_client_release(client);
  assert_false(is_alive(store));
}
OK(pje_client_create, store_without_try_get_of_an_old_plugin) {
  pje_kv_store *store = make();
  pje_client *client = NULL;
  expect_ok(open_process(0, 1, 2, store, &client));
  pje_client_release(client);
  pje_kv_store_release(store);
}
FAILS(pje_client_create, another_process_does_not_come) {
  pje_kv_store *store = make();
  pje_client *client = NULL;
  expect_error(open_process(0, 2, 2, store, &client), PJE_DEADLINE_EXCEEDED, "PJRT_Client_Create",
               "\"fake/devices/1\"");
  assert_null(client);
  pje_kv_store_release(store);
}
FAILS(pje_client_create, wrong_store) {
  pje_client_options options = PJE_CLIENT_OPTIONS_INIT;
  pje_client *client = NULL;
  FOR_WRONG_HANDLES(pje_kv_store, h) {
    if (h == NULL) continue;
    options.kv_store = h;
    expect_invalid(pje_client_open(fake_path(), &options, &client), "pje_client_open", "kv_store");
  }
}

/* A store of the caller's own: it hands everything on to another, or fails. */
struct own_store {
  pje_kv_store *inner;
  pthread_mutex_t mutex;
  char keys[8][32], values[8][32];
  int count;
  pje_code fails;
  struct calls gets, releases;
};
static int index_of(struct own_store *own, const char *key, size_t key_size) {
  for (int i = 0; i < own->count; ++i)
    if (strlen(own->keys[i]) == key_size && memcmp(own->keys[i], key, key_size) == 0) return i;
  return -1;
}
static pje_error *own_try_get(void *user_data, const char *key, size_t key_size, pje_bytes **value) {
  struct own_store *own = user_data;
  pthread_mutex_lock(&own->mutex);
  int at = index_of(own, key, key_size);
  pthread_mutex_unlock(&own->mutex);
  if (at < 0) return pje_error_create(PJE_NOT_FOUND, "nothing here");
  return pje_bytes_create(own->values[at], strlen(own->values[at]), value);
}
static pje_error *own_get(void *user_data, const char *key, size_t key_size, int64_t timeout_ns,
                          pje_bytes **value) {
  struct own_store *own = user_data;
  count_call(&own->gets);
  if (own->fails != PJE_OK) return pje_error_create(own->fails, "the store is out of order");
  for (int64_t end = now_ms() + timeout_ns / 1000000; now_ms() < end; sleep_ms(1)) {
    pje_error *error = own_try_get(user_data, key, key_size, value);
    if (error == NULL) return NULL;
    pje_error_release(error);
  }
  return pje_error_create(PJE_DEADLINE_EXCEEDED, "waited too long");
}
static pje_error *own_put(void *user_data, const char *key, size_t key_size, const void *value,
                          size_t value_size) {
  struct own_store *own = user_data;
  pthread_mutex_lock(&own->mutex);
  int at = index_of(own, key, key_size);
  if (at < 0) at = own->count++;
  snprintf(own->keys[at], sizeof own->keys[0], "%.*s", (int)key_size, key);
  snprintf(own->values[at], sizeof own->values[0], "%.*s", (int)value_size, (const char *)value);
  pthread_mutex_unlock(&own->mutex);
  return NULL;
}
static pje_kv_store *store_of(struct own_store *own) {
  pje_kv_store *store = NULL;
  memset(own, 0, sizeof *own);
  pthread_mutex_init(&own->mutex, NULL);
  expect_ok(pje_kv_store_from_callbacks(own_get, own_try_get, own_put, count_call, &own->releases, &store));
  return store;
}
static pje_error *fail_get(void *user_data UNUSED, const char *key UNUSED, size_t key_size UNUSED,
                           int64_t timeout_ns UNUSED, pje_bytes **value UNUSED) {
  return pje_error_create(PJE_UNAUTHENTICATED, "who are you?");
}
static pje_error *get_nothing(void *user_data UNUSED, const char *key UNUSED, size_t key_size UNUSED,
                              int64_t timeout_ns UNUSED, pje_bytes **value UNUSED) {
  return NULL;
}
static pje_error *put_nowhere(void *user_data UNUSED, const char *key UNUSED, size_t key_size UNUSED,
                              const void *value UNUSED, size_t value_size UNUSED) {
  return NULL;
}
static pje_error *put_refused(void *user_data UNUSED, const char *key UNUSED, size_t key_size UNUSED,
                              const void *value UNUSED, size_t value_size UNUSED) {
  return pje_error_create(PJE_PERMISSION_DENIED, "read only");
}

static struct own_store *the_own;
static pje_error *shared_get(void *u UNUSED, const char *k, size_t n, int64_t t, pje_bytes **v) {
  return own_get(the_own, k, n, t, v);
}
static pje_error *shared_try_get(void *u UNUSED, const char *k, size_t n, pje_bytes **v) {
  return own_try_get(the_own, k, n, v);
}
static pje_error *shared_put(void *u UNUSED, const char *k, size_t n, const void *v, size_t s) {
  return own_put(the_own, k, n, v, s);
}
OK(pje_kv_store_from_callbacks, three_processes_meet) {
  struct own_store own;
  pje_kv_store *unused = store_of(&own), *store = NULL;
  struct calls released = {0};
  the_own = &own;
  expect_ok(
      pje_kv_store_from_callbacks(shared_get, shared_try_get, shared_put, count_call, &released, &store));
  meet(store);
  assert_int_equal(calls_so_far(&own.gets), 9);
  assert_int_equal(calls_so_far(&released), 0);
  pje_kv_store_release(store);
  assert_int_equal(calls_so_far(&released), 1);
  pje_kv_store_release(unused);
}
OK(pje_kv_store_from_callbacks, without_try_get) {
  pje_kv_store *store = NULL;
  pje_client *client = NULL;
  pje_bytes *value = NULL;
  struct own_store own;
  pje_kv_store *unused = store_of(&own);
  the_own = &own;
  expect_ok(pje_kv_store_from_callbacks(shared_get, NULL, shared_put, NULL, NULL, &store));
  expect_ok(open_process(0, 1, 2, store, &client));
  pje_client_release(client);
  expect_error(pje_kv_store_try_get(store, "a", 1, &value), PJE_UNIMPLEMENTED, "pje_kv_store_try_get",
               "try_get");
  pje_kv_store_release(store);
  pje_kv_store_release(unused);
}
FAILS(pje_kv_store_from_callbacks, no_get_or_no_put) {
  struct calls released = {0};
  pje_kv_store *store = NULL;
  const char *const from = "pje_kv_store_from_callbacks";
  expect_invalid(pje_kv_store_from_callbacks(NULL, NULL, put_nowhere, count_call, &released, &store), from,
                 "get");
  expect_invalid(pje_kv_store_from_callbacks(fail_get, NULL, NULL, count_call, &released, &store), from,
                 "put");
  expect_invalid(pje_kv_store_from_callbacks(fail_get, NULL, put_nowhere, count_call, &released, NULL), from,
                 "out");
  assert_int_equal(calls_so_far(&released), 0);
}
static void expect_failing_client(pje_kv_get_callback get, pje_kv_put_callback put, pje_code code,
                                  const char *part) {
  pje_kv_store *store = NULL;
  pje_client *client = NULL;
  expect_ok(pje_kv_store_from_callbacks(get, NULL, put, NULL, NULL, &store));
  expect_error(open_process(0, 1, 2, store, &client), code, "PJRT_Client_Create", part);
  pje_kv_store_release(store);
}
FAILS(pje_kv_store_from_callbacks, errors_reach_the_plugin_with_their_codes) {
  expect_failing_client(fail_get, put_nowhere, PJE_UNAUTHENTICATED, "who are you?");
  expect_failing_client(fail_get, put_refused, PJE_PERMISSION_DENIED, "read only");
  expect_failing_client(get_nothing, put_nowhere, PJE_INTERNAL, "without a value");
}

/* A thread of the program answers, as a language without foreign threads does. */
struct server {
  pje_request_queue *queue;
  pje_kv_store *inner;
  struct calls answered;
};
static void answer(struct server *server, uint64_t id) {
  const pje_named_values *values = pje_request_queue_values(server->queue, id);
  const char *key = "";
  pje_bytes *value = NULL;
  size_t size = 0;
  expect_ok(pje_named_values_get_string(values, pje_named_values_find(values, "key"), &key));
  const void *data = pje_request_queue_data(server->queue, id, &size);
  pje_error *outcome = pje_request_queue_kind(server->queue, id) == PJE_REQUEST_KV_PUT
                           ? pje_kv_store_put(server->inner, key, strlen(key), data, size)
                           : pje_kv_store_try_get(server->inner, key, strlen(key), &value);
  const void *found = value == NULL ? NULL : pje_bytes_data(value);
  size = value == NULL ? 0 : pje_bytes_size(value);
  expect_ok(pje_request_queue_answer(server->queue, id, found, size, outcome));
  pje_error_release(outcome);
  pje_bytes_release(value);
  count_call(&server->answered);
}
static void *serve(void *user_data) {
  struct server *server = user_data;
  uint64_t id;
  size_t count;
  pje_error *error;
  while ((error = pje_request_queue_next(server->queue, -1, 1, &id, &count)) == NULL)
    if (count != 0) answer(server, id);
  pje_error_release(error);
  return NULL;
}
OK(pje_kv_store_from_request_queue, a_thread_answers) {
  struct server server = {NULL, make(), {0}};
  pje_kv_store *store = NULL;
  pje_client *client = NULL;
  pje_bytes *value = NULL;
  pthread_t thread;
  expect_ok(pje_request_queue_create(&server.queue));
  expect_ok(pje_kv_store_from_request_queue(server.queue, &store));
  pthread_create(&thread, NULL, serve, &server);
  expect_ok(open_process(0, 1, 2, store, &client));
  pje_client_release(client);
  pje_request_queue_close(server.queue);
  pthread_join(thread, NULL);
  /* Only now: the plugin may go on before the thread that answered has counted. */
  assert_true(calls_so_far(&server.answered) >= 4);
  expect_ok(pje_kv_store_try_get(server.inner, "fake/devices/0", 14, &value));
  expect_bytes(value, "2");
  pje_kv_store_release(store);
  pje_kv_store_release(server.inner);
  pje_request_queue_release(server.queue);
}
/* What a compilation tells the store is still being asked when the thread that answers lets go of the client.
 */
struct opening {
  pje_request_queue *queue;
  pje_kv_store *store;
  pje_client *client;
};
static void *open_served(void *user_data) {
  struct opening *opening = user_data;
  expect_ok(open_process(0, 1, 2, opening->store, &opening->client));
  expect_ok(pje_request_queue_wake(opening->queue));
  return NULL;
}
OK(pje_client_release, on_the_thread_that_answers) {
  struct server server = {NULL, make(), {0}};
  struct opening opening = {NULL, NULL, NULL};
  pje_bytes *value = NULL;
  pthread_t thread;
  uint64_t id;
  size_t count;
  expect_ok(pje_request_queue_create(&server.queue));
  expect_ok(pje_kv_store_from_request_queue(server.queue, &opening.store));
  opening.queue = server.queue;
  pthread_create(&thread, NULL, open_served, &opening);
  for (;;) {
    expect_ok(pje_request_queue_next(server.queue, -1, 1, &id, &count));
    if (count == 0) break;
    answer(&server, id);
  }
  pthread_join(thread, NULL);
  pje_loaded_executable_release(compile_text(opening.client, kAdd1));
  pje_client_release(opening.client);
  expect_ok(pje_request_queue_next(server.queue, -1, 1, &id, &count));
  assert_int_equal(count, 1);
  answer(&server, id);
  expect_ok(pje_kv_store_try_get(server.inner, "fake/compiled/0", 15, &value));
  pje_bytes_release(value);
  pje_kv_store_release(opening.store);
  pje_kv_store_release(server.inner);
  pje_request_queue_release(server.queue);
}
REFUSES_WRONG_HANDLE(pje_kv_store_from_request_queue, wrong_handle, pje_request_queue, "queue",
                     pje_kv_store_from_request_queue(h, &(pje_kv_store *){NULL}))
FAILS(pje_kv_store_from_request_queue, queue_is_closed) {
  pje_request_queue *queue = NULL;
  pje_kv_store *store = NULL;
  pje_client *client = NULL;
  expect_ok(pje_request_queue_create(&queue));
  expect_invalid(pje_kv_store_from_request_queue(queue, NULL), "pje_kv_store_from_request_queue", "out");
  expect_ok(pje_kv_store_from_request_queue(queue, &store));
  pje_request_queue_release(queue);
  expect_error(open_process(0, 1, 2, store, &client), PJE_CANCELLED, "PJRT_Client_Create", "");
  pje_kv_store_release(store);
}

int main(void) {
  const struct CMUnitTest kv_store[] = {
      RETAIN_RELEASE_LIST(pje_kv_store),
      cmocka_unit_test(pje_bytes_create__ok_is_a_copy),
      cmocka_unit_test(pje_bytes_create__fails_null_data_or_out),
      cmocka_unit_test(pje_kv_store_create__ok_empty),
      cmocka_unit_test(pje_kv_store_create__fails_out_is_null),
      cmocka_unit_test(pje_kv_store_put__ok_replaces),
      cmocka_unit_test(pje_kv_store_put__fails_wrong_handle),
      cmocka_unit_test(pje_kv_store_put__fails_null_key_or_value),
      cmocka_unit_test(pje_kv_store_try_get__ok_what_is_there),
      cmocka_unit_test(pje_kv_store_try_get__fails_wrong_handle),
      cmocka_unit_test(pje_kv_store_try_get__fails_null_key_or_out),
      cmocka_unit_test(pje_kv_store_get__ok_waits_for_a_put),
      cmocka_unit_test(pje_kv_store_get__fails_wrong_handle),
      cmocka_unit_test(pje_kv_store_get__fails_in_time),
      cmocka_unit_test(pje_client_create__ok_three_processes_meet),
      cmocka_unit_test(pje_client_create__ok_keeps_its_store),
      WITH_FAKE("minor=60", pje_client_create__ok_store_without_try_get_of_an_old_plugin),
      WITH_FAKE("kv_timeout=50", pje_client_create__fails_another_process_does_not_come),
      cmocka_unit_test(pje_client_create__fails_wrong_store),
      cmocka_unit_test(pje_kv_store_from_callbacks__ok_three_processes_meet),
      cmocka_unit_test(pje_kv_store_from_callbacks__ok_without_try_get),
      cmocka_unit_test(pje_kv_store_from_callbacks__fails_no_get_or_no_put),
      cmocka_unit_test(pje_kv_store_from_callbacks__fails_errors_reach_the_plugin_with_their_codes),
      cmocka_unit_test(pje_kv_store_from_request_queue__ok_a_thread_answers),
      cmocka_unit_test(pje_client_release__ok_on_the_thread_that_answers),
      cmocka_unit_test(pje_kv_store_from_request_queue__fails_wrong_handle),
      cmocka_unit_test(pje_kv_store_from_request_queue__fails_queue_is_closed),
  };
  return RUN(kv_store);
}
