#include <memory>
#include <thread>

#include "cases.hpp"

namespace bench {

namespace {

constexpr double kExecuteGoal = 1.03;
constexpr size_t kInFlight = 32;
constexpr size_t kChain = 16;
constexpr size_t kMax = 256;

// What one case runs: its executable and, for each device in turn, the arguments of both sides.
struct Program {
  Session &session;
  Executable executable;
  size_t num_devices;
  size_t num_args;
  size_t num_outputs;
  std::vector<pje_buffer *> args;
  std::vector<PJRT_Buffer *> raw_args;
};
using ProgramPtr = std::shared_ptr<Program>;

// 0 elements make scalars, as fake.noop wants them.
ProgramPtr make_program(Session &session, const std::string &text, size_t elements, size_t num_args,
                        size_t num_outputs, size_t num_devices = 1) {
  auto program = std::make_shared<Program>(Program{session,
                                                   session.compile(text, static_cast<int64_t>(num_devices)),
                                                   num_devices,
                                                   num_args,
                                                   num_outputs,
                                                   {},
                                                   {}});
  for (size_t d = 0; d < num_devices; ++d)
    for (size_t i = 0; i < num_args; ++i) {
      program->args.push_back(session.upload(elements, d));
      program->raw_args.push_back(session.raw_upload(elements, d));
    }
  return program;
}

void execute_ours(const Program &p) {
  pje_buffer *outputs[kMax];
  expect_ok(pje_loaded_executable_execute(p.executable.ours, p.args.data(), p.num_args, nullptr, outputs,
                                          p.num_outputs));
  pje_buffers_release(outputs, p.num_outputs);
}

void execute_raw(const Program &p) {
  const Raw &raw = p.session.raw();
  PJRT_Buffer *outputs[kMax];
  PJRT_Buffer **output_list = outputs;
  PJRT_Buffer *const *arg_list = p.raw_args.data();
  PJRT_Event *done = nullptr;
  raw.execute(p.executable.raw, 1, &arg_list, p.num_args, &output_list, &done);
  raw.await_and_destroy(done);
  for (size_t i = 0; i < p.num_outputs; ++i) raw.destroy(outputs[i]);
}

using Once = void (*)(const Program &);

Case repeated(const ProgramPtr &program, Once ours, Once raw) {
  return {kExecuteGoal,
          [program, ours](size_t n) {
            for (size_t k = 0; k < n; ++k) ours(*program);
          },
          [program, raw](size_t n) {
            for (size_t k = 0; k < n; ++k) raw(*program);
          }};
}

Case blocking(const ProgramPtr &program) { return repeated(program, execute_ours, execute_raw); }

constexpr double kPreparedGoal = 1.01;

// The twin prepares nothing: its structs are on the stack and cost next to nothing.
Case prepared(const ProgramPtr &program) {
  pje_prepared_call *call = nullptr;
  expect_ok(pje_prepared_call_create(program->executable.ours, nullptr, &call));
  for (size_t i = 0; i < program->num_args; ++i)
    expect_ok(pje_prepared_call_set_arg(call, i, program->args[i]));
  std::shared_ptr<pje_prepared_call> kept(call, pje_prepared_call_release);
  Case made = blocking(program);
  made.goal = kPreparedGoal;
  made.ours = [kept](size_t n) {
    for (size_t k = 0; k < n; ++k) expect_ok(pje_prepared_call_run(kept.get()));
  };
  return made;
}

void pipelined_ours(const Program &p) {
  pje_buffer *outputs[kInFlight];
  pje_event *done[kInFlight];
  for (size_t i = 0; i < kInFlight; ++i)
    expect_ok(pje_loaded_executable_execute_async(p.executable.ours, p.args.data(), 1, nullptr, &outputs[i],
                                                  1, &done[i]));
  for (size_t i = 0; i < kInFlight; ++i) {
    expect_ok(pje_event_wait(done[i]));
    pje_event_release(done[i]);
  }
  pje_buffers_release(outputs, kInFlight);
}

void pipelined_raw(const Program &p) {
  const Raw &raw = p.session.raw();
  PJRT_Buffer *outputs[kInFlight];
  PJRT_Event *done[kInFlight];
  PJRT_Buffer *const *arg_list = p.raw_args.data();
  for (size_t i = 0; i < kInFlight; ++i) {
    PJRT_Buffer **output_list = &outputs[i];
    raw.execute(p.executable.raw, 1, &arg_list, 1, &output_list, &done[i]);
  }
  for (PJRT_Event *event : done) raw.await_and_destroy(event);
  for (PJRT_Buffer *output : outputs) raw.destroy(output);
}

// Each run takes the result of the one before, which is let go of at once; only the last is waited for.
void chained_ours(const Program &p) {
  pje_buffer *value = pje_buffer_retain(p.args[0]);
  pje_event *done = nullptr;
  for (size_t i = 0; i < kChain; ++i) {
    pje_buffer *next = nullptr;
    bool last = i + 1 == kChain;
    expect_ok(pje_loaded_executable_execute_async(p.executable.ours, &value, 1, nullptr, &next, 1,
                                                  last ? &done : nullptr));
    pje_buffer_release(value);
    value = next;
  }
  expect_ok(pje_event_wait(done));
  pje_event_release(done);
  pje_buffer_release(value);
}

void chained_raw(const Program &p) {
  const Raw &raw = p.session.raw();
  PJRT_Buffer *value = p.raw_args[0];
  PJRT_Event *done = nullptr;
  for (size_t i = 0; i < kChain; ++i) {
    PJRT_Buffer *next = nullptr;
    PJRT_Buffer **output_list = &next;
    PJRT_Buffer *const *arg_list = &value;
    raw.execute(p.executable.raw, 1, &arg_list, 1, &output_list, i + 1 == kChain ? &done : nullptr);
    if (i > 0) raw.destroy(value);
    value = next;
  }
  raw.await_and_destroy(done);
  raw.destroy(value);
}

// The first argument is taken over by each run, whose result is the next run's first argument.
Case donated(Session &session) {
  ProgramPtr program = make_program(session, donating(1024), 1024, 2, 1);
  // Buffers that the session keeps must not be taken over, so the first of the chain are made by add_one.
  ProgramPtr fresh = make_program(session, add_one(1024), 1024, 1, 1);
  auto ours = [program, fresh](size_t n) {
    pje_buffer *args[2] = {nullptr, program->args[1]};
    expect_ok(pje_loaded_executable_execute(fresh->executable.ours, fresh->args.data(), 1, nullptr, args, 1));
    for (size_t k = 0; k < n; ++k) {
      pje_buffer *next = nullptr;
      expect_ok(pje_loaded_executable_execute(program->executable.ours, args, 2, nullptr, &next, 1));
      pje_buffer_release(args[0]);
      args[0] = next;
    }
    pje_buffer_release(args[0]);
  };
  auto raw = [program, fresh](size_t n) {
    const Raw &api = program->session.raw();
    PJRT_Buffer *args[2] = {nullptr, program->raw_args[1]};
    PJRT_Buffer *const *arg_list = fresh->raw_args.data();
    PJRT_Buffer **output_list = args;
    PJRT_Event *done = nullptr;
    api.execute(fresh->executable.raw, 1, &arg_list, 1, &output_list, &done);
    api.await_and_destroy(done);
    for (size_t k = 0; k < n; ++k) {
      PJRT_Buffer *next = nullptr;
      arg_list = args;
      output_list = &next;
      api.execute(program->executable.raw, 1, &arg_list, 2, &output_list, &done);
      api.await_and_destroy(done);
      api.destroy(args[0]);
      args[0] = next;
    }
    api.destroy(args[0]);
  };
  return {kExecuteGoal, ours, raw};
}

template <class Body>
void on_threads(size_t num_threads, size_t repetitions, Body body) {
  std::vector<std::thread> threads;
  for (size_t t = 0; t < num_threads; ++t) {
    size_t share = repetitions / num_threads + (t < repetitions % num_threads ? 1 : 0);
    threads.emplace_back([share, &body] {
      for (size_t k = 0; k < share; ++k) body();
    });
  }
  for (std::thread &thread : threads) thread.join();
}

void sharded_ours(const Program &p) {
  pje_buffer *outputs[kMax];
  expect_ok(pje_loaded_executable_execute_sharded(p.executable.ours, p.num_devices, p.args.data(), 1, nullptr,
                                                  outputs, 1));
  pje_buffers_release(outputs, p.num_devices);
}

void sharded_raw(const Program &p) {
  const Raw &api = p.session.raw();
  PJRT_Buffer *outputs[kMax];
  PJRT_Buffer **output_lists[kMax];
  PJRT_Buffer *const *arg_lists[kMax];
  PJRT_Event *done[kMax];
  for (size_t d = 0; d < p.num_devices; ++d) {
    output_lists[d] = &outputs[d];
    arg_lists[d] = &p.raw_args[d];
  }
  api.execute(p.executable.raw, p.num_devices, arg_lists, 1, output_lists, done);
  for (size_t d = 0; d < p.num_devices; ++d) api.await_and_destroy(done[d]);
  for (size_t d = 0; d < p.num_devices; ++d) api.destroy(outputs[d]);
}

Case on_threads_case(const ProgramPtr &program, size_t num_threads) {
  // Throughput of 0.95 is time of 1 / 0.95.
  constexpr double kGoal = 1 / 0.95;
  return {kGoal,
          [program, num_threads](size_t n) { on_threads(num_threads, n, [&] { execute_ours(*program); }); },
          [program, num_threads](size_t n) { on_threads(num_threads, n, [&] { execute_raw(*program); }); }};
}

std::string counted(size_t count, const std::string &noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

}  // namespace

void add_execute_cases(Session &cpu, Plan &plan) {
  auto one = [&cpu] { return make_program(cpu, add_one(4), 4, 1, 1); };
  auto many = [&cpu](size_t width) { return make_program(cpu, wide(width), 4, width, width); };
  plan.push_back({"execute blocking", [one] { return blocking(one()); }});
  plan.push_back({"prepared call", [one] { return prepared(one()); }});
  plan.push_back({"execute pipelined", [one] { return repeated(one(), pipelined_ours, pipelined_raw); }});
  plan.push_back({"execute chained", [one] { return repeated(one(), chained_ours, chained_raw); }});
  for (size_t width : {size_t{8}, size_t{64}, kMax})
    plan.push_back(
        {"execute " + std::to_string(width) + " arguments", [many, width] { return blocking(many(width)); }});
  plan.push_back({"execute 64 arguments to 1",
                  [&cpu] { return blocking(make_program(cpu, folding(64, 1), 4, 64, 1)); }});
  plan.push_back(
      {"execute 1 argument to 64", [&cpu] { return blocking(make_program(cpu, folding(1, 64), 4, 1, 64)); }});
  plan.push_back({"prepared call 64 arguments", [many] { return prepared(many(64)); }});
  plan.push_back({"execute donated", [&cpu] { return donated(cpu); }});
}

void add_sharded_case(Session &session, size_t num_devices, Plan &plan) {
  plan.push_back({"execute sharded on " + counted(num_devices, "device"), [&session, num_devices] {
                    std::string text = add_one(4, static_cast<int64_t>(num_devices));
                    return repeated(make_program(session, text, 4, 1, 1, num_devices), sharded_ours,
                                    sharded_raw);
                  }});
}

void add_thread_cases(Session &fake, Plan &plan) {
  for (size_t num_threads : {1, 2, 4, 8})
    plan.push_back({"fake execute on " + counted(num_threads, "thread"), [&fake, num_threads] {
                      return on_threads_case(make_program(fake, noop(1, 1), 0, 1, 1), num_threads);
                    }});
}

}  // namespace bench
