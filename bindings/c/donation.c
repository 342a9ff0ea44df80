/* Donation: which runs take their arguments over. */
#include "support.h"

typedef struct pair {
  pje_client *client;
  pje_loaded_executable *executable;
  pje_buffer *args[2];
} pair;

static pair prepare(void) {
  pair p = {.client = open_client()};
  p.executable = compile(p.client, NULL);
  p.args[0] = upload_input(p.client, "a");
  if (has_input("b")) p.args[1] = upload_input(p.client, "b");
  return p;
}

static void finish(pair *p) {
  pje_buffers_release(p->args, 2);
  pje_loaded_executable_release(p->executable);
  pje_client_release(p->client);
}

static void donation(void) {
  pair p = prepare();
  pje_buffer *y = NULL, *again = NULL;
  float values[MAX_VALUES];
  put_bool("donated", pje_loaded_executable_arg_is_donated(p.executable, 0));
  ok(pje_loaded_executable_execute(p.executable, p.args, 2, NULL, &y, 1));
  put_bool("deleted", pje_buffer_is_deleted(p.args[0]));
  put_bool("other_deleted", pje_buffer_is_deleted(p.args[1]));
  put_contents("y", y);
  put_code("read", pje_buffer_to_host(p.args[0], values, sizeof values));
  put_code("execute", pje_loaded_executable_execute(p.executable, p.args, 2, NULL, &again, 1));
  pje_buffer_release(y);
  finish(&p);
}

static void donation_refused(void) {
  pair p = prepare();
  pje_buffer *y = NULL;
  const int64_t kept[] = {0};
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
  options.non_donatable = kept;
  options.num_non_donatable = 1;
  ok(pje_loaded_executable_execute(p.executable, p.args, 2, &options, &y, 1));
  put_bool("deleted", pje_buffer_is_deleted(p.args[0]));
  put_contents("a", p.args[0]);
  put_contents("y", y);
  pje_buffer_release(y);
  finish(&p);
}

static void donated_twice(void) {
  pair p = prepare();
  pje_buffer *both[] = {p.args[0], p.args[0]}, *y = NULL;
  put_code("code", pje_loaded_executable_execute(p.executable, both, 2, NULL, &y, 1));
  put_bool("deleted", pje_buffer_is_deleted(p.args[0]));
  finish(&p);
}

static void refused_run_donates_nothing(void) {
  pair p = prepare();
  const float three[] = {1, 2, 3};
  pje_buffer *wrong = upload(p.client, three, 3), *y = NULL;
  pje_buffer *args[] = {p.args[0], wrong};
  put_code("code", pje_loaded_executable_execute(p.executable, args, 2, NULL, &y, 1));
  put_bool("deleted", pje_buffer_is_deleted(p.args[0]));
  put_contents("a", p.args[0]);
  pje_buffer_release(wrong);
  finish(&p);
}

static void training_loop(void) {
  pair p = prepare();
  for (int64_t i = input_int("n"); i > 0; --i) {
    pje_buffer *next = NULL;
    ok(pje_loaded_executable_execute(p.executable, p.args, 2, NULL, &next, 1));
    pje_buffer_release(p.args[0]);
    p.args[0] = next;
  }
  put_contents("y", p.args[0]);
  finish(&p);
}

const scenario donation_scenarios[] = {
    {"donation", donation},           {"donation_refused", donation_refused},
    {"donated_twice", donated_twice}, {"refused_run_donates_nothing", refused_run_donates_nothing},
    {"training_loop", training_loop}, {NULL, NULL}};
