/* Rules that hold for every handle: any order of release, and no use of a wrong one is followed. */
#include "harness.h"

enum { kClient, kProgram, kExecutable, kBuffer, kEvent, kArray, kNumObjects };

struct objects {
  void *of[kNumObjects];
};

static struct objects make_all(void) {
  struct objects all;
  pje_client *client = open_fake("leaks=abort");
  pje_program *program = program_from_text(kAdd1);
  pje_loaded_executable *executable = NULL;
  pje_buffer *input = upload_ramp(client, 4), *output = NULL;
  pje_event *event = NULL;
  pje_array *array = NULL;
  expect_ok(pje_client_compile(client, program, NULL, &executable));
  expect_ok(pje_loaded_executable_execute_async(executable, &input, 1, NULL, &output, 1, &event));
  expect_ok(pje_buffer_to_array(input, &array));
  pje_buffer_release(input);
  all.of[kClient] = client;
  all.of[kProgram] = program;
  all.of[kExecutable] = executable;
  all.of[kBuffer] = output;
  all.of[kEvent] = event;
  all.of[kArray] = array;
  return all;
}

/* Uses an object, then releases it; whatever was released before must not matter. */
static void use_and_release(int kind, void *object) {
  static const float kExpected[] = {1, 2, 3, 4};
  switch (kind) {
    case kClient:
      assert_int_equal(pje_client_num_devices(object), 4);
      pje_client_release(object);
      break;
    case kProgram:
      assert_true(pje_program_size(object) > 0);
      pje_program_release(object);
      break;
    case kExecutable:
      assert_string_equal(pje_loaded_executable_name(object), "add1");
      assert_int_equal(pje_client_num_devices(pje_loaded_executable_client(object)), 4);
      pje_loaded_executable_release(object);
      break;
    case kBuffer:
      expect_f32(object, kExpected, 4);
      pje_buffer_release(object);
      break;
    case kEvent:
      expect_ok(pje_event_wait(object));
      pje_event_release(object);
      break;
    default:
      assert_int_equal(pje_array_size(object), 16);
      pje_array_release(object);
  }
}

static void release_in_order(const int order[kNumObjects]) {
  struct objects all = make_all();
  uint64_t before = pje_misuse_count();
  for (int i = 0; i < kNumObjects; ++i) use_and_release(order[i], all.of[order[i]]);
  assert_int_equal(pje_misuse_count(), before);
  (void)pje_client_num_devices(all.of[kClient]);
  assert_int_equal(pje_misuse_count() - before, 1);
}

static void each_order(int order[kNumObjects], int fixed, int *count) {
  if (fixed == kNumObjects) {
    release_in_order(order);
    ++*count;
    return;
  }
  for (int i = fixed; i < kNumObjects; ++i) {
    int other = order[i];
    order[i] = order[fixed];
    order[fixed] = other;
    each_order(order, fixed + 1, count);
    order[fixed] = order[i];
    order[i] = other;
  }
}

OK(pje_client_release, every_order_of_six_objects) {
  int order[kNumObjects] = {kClient, kProgram, kExecutable, kBuffer, kEvent, kArray};
  int count = 0;
  each_order(order, 0, &count);
  assert_int_equal(count, 720);
}

OK(pje_client_release, last_object_ends_the_client) {
  /* Each kind of child keeps its client, alone. */
  for (int last = kExecutable; last <= kEvent; ++last) {
    struct objects all = make_all();
    for (int kind = 0; kind < kNumObjects; ++kind)
      if (kind != last) use_and_release(kind, all.of[kind]);
    assert_int_equal(pje_client_num_devices(all.of[kClient]), 4);
    use_and_release(last, all.of[last]);
    uint64_t before = pje_misuse_count();
    assert_int_equal(pje_client_num_devices(all.of[kClient]), 0);
    assert_int_equal(pje_misuse_count() - before, 1);
  }
}

FAILS(pje_buffer_release, a_stale_handle_does_not_reach_the_next_object) {
  pje_buffer *stale = upload_ramp(shared_client(), 4);
  pje_buffer_release(stale);
  for (int i = 0; i < 2000; ++i) {
    pje_buffer *next = upload_ramp(shared_client(), 1);
    assert_ptr_not_equal(next, stale);
    uint64_t before = pje_misuse_count();
    assert_int_equal(pje_buffer_rank(stale), 0);
    pje_buffer_release(stale);
    assert_int_equal(pje_misuse_count() - before, 2);
    assert_int_equal(pje_buffer_rank(next), 1);
    pje_buffer_release(next);
  }
}

FAILS(pje_buffer_retain, addresses_near_a_living_handle) {
  pje_buffer *buffer = upload_ramp(shared_client(), 4);
  for (intptr_t distance = -2048; distance <= 2048; ++distance) {
    if (distance == 0) continue;
    pje_buffer *near = (pje_buffer *)((char *)buffer + distance);
    assert_int_equal(pje_buffer_rank(near) > 1, 0);
  }
  assert_int_equal(pje_buffer_rank(buffer), 1);
  pje_buffer_release(buffer);
}

FAILS(pje_buffer_to_host, one_type_is_never_taken_for_another) {
  struct objects all = make_all();
  float got[4];
  for (int kind = 0; kind < kNumObjects; ++kind) {
    if (kind == kBuffer) continue;
    expect_invalid(pje_buffer_to_host(all.of[kind], got, sizeof got), "pje_buffer_to_host", "pje_buffer");
  }
  for (int kind = 0; kind < kNumObjects; ++kind) {
    if (kind == kEvent) continue;
    expect_invalid(pje_event_wait(all.of[kind]), "pje_event_wait", "pje_event");
  }
  for (int kind = 0; kind < kNumObjects; ++kind) use_and_release(kind, all.of[kind]);
}

FAILS(pje_client_create, nothing_is_left_behind_whatever_fails_first) {
  /* Each function of the table fails at its first call in turn; nothing may leak or crash, and the next try
   * works. */
  char rule[128];
  for (size_t i = 0; i < pje_num_functions(); ++i) {
    const char *name = pje_function_name(i);
    /* What cannot answer an error, what has run before, and what leaves its object behind when it fails. */
    if (strncmp(name, "PJRT_Error_", 11) == 0 || strncmp(name, "PJRT_Plugin_", 12) == 0) continue;
    if (strstr(name, "_Destroy") != NULL) continue;
    snprintf(rule, sizeof rule, "fail=%s:1:INTERNAL", name);
    pje_client *client = NULL;
    pje_named_values *values = NULL;
    pje_client_options options = PJE_CLIENT_OPTIONS_INIT;
    expect_ok(pje_named_values_create(&values));
    expect_ok(pje_named_values_set_string(values, "config", rule));
    options.options = values;
    pje_error *error = pje_client_open(fake_path(), &options, &client);
    pje_named_values_release(values);
    if (error == NULL) {
      pje_program *program = program_from_text(kDonates);
      pje_loaded_executable *executable = NULL;
      pje_array *args[2] = {array_f32(NULL, 4), array_f32(NULL, 4)}, *output = NULL;
      error = pje_client_compile(client, program, NULL, &executable);
      if (error == NULL) error = pje_loaded_executable_run(executable, args, 2, &output, 1);
      pje_array_release(args[0]);
      pje_array_release(args[1]);
      pje_array_release(output);
      pje_loaded_executable_release(executable);
      pje_program_release(program);
    } else {
      assert_null(client);
    }
    pje_error_release(error);
    pje_client_release(client);
  }
}

int main(void) {
  const struct CMUnitTest handles[] = {
      cmocka_unit_test(pje_client_release__ok_every_order_of_six_objects),
      cmocka_unit_test(pje_client_release__ok_last_object_ends_the_client),
      cmocka_unit_test(pje_buffer_release__fails_a_stale_handle_does_not_reach_the_next_object),
      cmocka_unit_test(pje_buffer_retain__fails_addresses_near_a_living_handle),
      cmocka_unit_test(pje_buffer_to_host__fails_one_type_is_never_taken_for_another),
      WITH_FAKE("leaks=abort", pje_client_create__fails_nothing_is_left_behind_whatever_fails_first),
  };
  return RUN(handles);
}
