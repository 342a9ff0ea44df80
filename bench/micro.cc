// What single calls of the library cost where the plugin does next to nothing: Google Benchmark on the fake.
// usage: pje_micro PLUGIN [--benchmark_...]
#include <benchmark/benchmark.h>

#include <memory>

#include "session.hpp"

namespace {

using bench::expect_ok;

std::unique_ptr<bench::Session> session;

void BM_RetainRelease(benchmark::State &state) {
  pje_buffer *buffer = session->upload(0);
  for (auto unused : state) pje_buffer_release(pje_buffer_retain(buffer));
}

void BM_Accessor(benchmark::State &state) {
  pje_buffer *buffer = session->upload(0);
  for (auto unused : state) benchmark::DoNotOptimize(pje_buffer_host_size(buffer));
}

void BM_PromiseSetWait(benchmark::State &state) {
  for (auto unused : state) {
    pje_event *event = nullptr;
    expect_ok(pje_event_create(&event));
    expect_ok(pje_event_set(event, nullptr));
    expect_ok(pje_event_wait(event));
    pje_event_release(event);
  }
}

void BM_ErrorCreateRelease(benchmark::State &state) {
  for (auto unused : state) pje_error_release(pje_error_create(PJE_ABORTED, "stopped"));
}

void BM_ArrayCreateRelease(benchmark::State &state) {
  const int64_t dim = state.range(0);
  for (auto unused : state) {
    pje_array *array = nullptr;
    expect_ok(pje_array_create(PJE_F32, &dim, 1, &array));
    pje_array_release(array);
  }
}

void BM_Upload(benchmark::State &state) {
  alignas(64) float value = 1;
  for (auto unused : state) {
    pje_buffer *buffer = nullptr;
    expect_ok(
        pje_buffer_from_host(session->client(), &value, sizeof value, PJE_F32, nullptr, 0, nullptr, &buffer));
    pje_buffer_release(buffer);
  }
}

void BM_ReadyWait(benchmark::State &state) {
  pje_buffer *buffer = session->upload(0);
  for (auto unused : state) {
    pje_event *event = nullptr;
    expect_ok(pje_buffer_ready(buffer, &event));
    expect_ok(pje_event_wait(event));
    pje_event_release(event);
  }
}

// As many arguments as outputs, of a program of the fake that does nothing.
struct Program {
  explicit Program(size_t width)
      : executable(session->compile(bench::noop(width, width)).ours), outputs(width) {
    for (size_t i = 0; i < width; ++i) args.push_back(session->upload(0));
  }
  pje_loaded_executable *executable;
  std::vector<pje_buffer *> args;
  std::vector<pje_buffer *> outputs;
};

void BM_Execute(benchmark::State &state) {
  Program program(static_cast<size_t>(state.range(0)));
  for (auto unused : state) {
    expect_ok(pje_loaded_executable_execute(program.executable, program.args.data(), program.args.size(),
                                            nullptr, program.outputs.data(), program.outputs.size()));
    pje_buffers_release(program.outputs.data(), program.outputs.size());
  }
}

void BM_ExecuteAsync(benchmark::State &state) {
  Program program(static_cast<size_t>(state.range(0)));
  for (auto unused : state) {
    pje_event *done = nullptr;
    expect_ok(pje_loaded_executable_execute_async(program.executable, program.args.data(),
                                                  program.args.size(), nullptr, program.outputs.data(),
                                                  program.outputs.size(), &done));
    expect_ok(pje_event_wait(done));
    pje_event_release(done);
    pje_buffers_release(program.outputs.data(), program.outputs.size());
  }
}

void BM_PreparedCall(benchmark::State &state) {
  Program program(static_cast<size_t>(state.range(0)));
  pje_prepared_call *call = nullptr;
  expect_ok(pje_prepared_call_create(program.executable, nullptr, &call));
  for (size_t i = 0; i < program.args.size(); ++i)
    expect_ok(pje_prepared_call_set_arg(call, i, program.args[i]));
  for (auto unused : state) expect_ok(pje_prepared_call_run(call));
  pje_prepared_call_release(call);
}

BENCHMARK(BM_RetainRelease);
BENCHMARK(BM_Accessor);
BENCHMARK(BM_PromiseSetWait);
BENCHMARK(BM_ErrorCreateRelease);
BENCHMARK(BM_ArrayCreateRelease)->Arg(4)->Arg(1 << 20);
BENCHMARK(BM_Upload);
BENCHMARK(BM_ReadyWait);
BENCHMARK(BM_Execute)->Arg(1)->Arg(8)->Arg(64);
BENCHMARK(BM_ExecuteAsync)->Arg(1)->Arg(64);
BENCHMARK(BM_PreparedCall)->Arg(1)->Arg(64);

}  // namespace

int main(int argc, char **argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: pje_micro PLUGIN [--benchmark_...]\n");
    return 2;
  }
  session = std::make_unique<bench::Session>(argv[1], 0);
  argv[1] = argv[0];
  --argc;
  ++argv;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  session = nullptr;
  return 0;
}
