#include "cases.hpp"
#include "pages.hpp"

namespace bench {

namespace {

// No goal of its own is set for these: what they cost is shown.
constexpr double kShown = 100;
constexpr size_t kMany = 16;

template <class Read>
Body reads(const PagesPtr &warm, size_t size, Read read) {
  return [warm, size, read](size_t n) {
    for (size_t k = 0; k < n; ++k)
      if (warm == nullptr)
        read(Pages(size).data());
      else
        read(warm->data());
  };
}

Case read_case(Session &session, size_t size, bool fresh, double goal, double goal_ns) {
  PagesPtr warm = fresh ? nullptr : warm_pages(size);
  size_t elements = size / sizeof(float);
  return {goal,
          reads(warm, size,
                [buffer = session.upload(elements), size](void *data) {
                  expect_ok(pje_buffer_to_host(buffer, data, size));
                }),
          reads(warm, size,
                [&session, buffer = session.raw_upload(elements), size](void *data) {
                  session.raw().to_host(buffer, data, size);
                }),
          goal_ns};
}

// 512 x 512, written column by column.
Case column_major(Session &session) {
  constexpr int64_t kDim = 512;
  static const int64_t kDims[] = {kDim, kDim};
  static const int64_t kMinorToMajor[] = {0, 1};
  std::vector<float> values(kDim * kDim, 1.0F);
  pje_buffer *made = nullptr;
  pje_layout *layout = nullptr;
  expect_ok(pje_buffer_from_host(session.client(), values.data(), kMiB, PJE_F32, kDims, 2, nullptr, &made));
  expect_ok(pje_layout_create_tiled(kMinorToMajor, 2, nullptr, nullptr, 0, &layout));
  std::shared_ptr<pje_buffer> buffer(made, pje_buffer_release);
  std::shared_ptr<pje_layout> kept(layout, pje_layout_release);
  std::shared_ptr<PJRT_Buffer> raw_buffer(session.raw_upload(values.data(), kDims, 2, 0),
                                          [&raw = session.raw()](PJRT_Buffer *b) { raw.destroy(b); });
  PagesPtr warm = warm_pages(kMiB);
  return {1,
          reads(warm, kMiB,
                [buffer, kept](void *data) {
                  expect_ok(pje_buffer_to_host_layout(buffer.get(), kept.get(), data, kMiB));
                }),
          reads(warm, kMiB, [&session, raw_buffer](void *data) {
            auto wanted = make_args<PJRT_Buffer_MemoryLayout>();
            wanted.type = PJRT_Buffer_MemoryLayout_Type_Tiled;
            wanted.tiled = make_args<PJRT_Buffer_MemoryLayout_Tiled>();
            wanted.tiled.minor_to_major = kMinorToMajor;
            wanted.tiled.minor_to_major_size = 2;
            session.raw().to_host(raw_buffer.get(), data, kMiB, &wanted);
          })};
}

// The address and the first number, without a copy.
Case host_view(Session &session) {
  auto sum = std::make_shared<float>(0);
  auto ours = [sum, buffer = session.upload(4)](size_t n) {
    for (size_t k = 0; k < n; ++k) {
      pje_host_view *view = nullptr;
      expect_ok(pje_buffer_host_view(buffer, &view));
      *sum += *static_cast<const float *>(pje_host_view_data(view));
      pje_host_view_release(view);
    }
  };
  auto raw = [sum, &session, buffer = session.raw_upload(4)](size_t n) {
    for (size_t k = 0; k < n; ++k) {
      session.raw().hold(buffer);
      *sum += *static_cast<const float *>(session.raw().data_of(buffer));
      session.raw().let_go(buffer);
    }
  };
  return {kShown, ours, raw};
}

// Started together, then waited for.
Case many_reads(Session &session) {
  std::vector<pje_buffer *> buffers;
  std::vector<PJRT_Buffer *> raw_buffers;
  for (size_t i = 0; i < kMany; ++i) {
    buffers.push_back(session.upload(4));
    raw_buffers.push_back(session.raw_upload(4));
  }
  auto ours = [buffers](size_t n) {
    float numbers[kMany][4];
    void *places[kMany];
    size_t sizes[kMany];
    for (size_t k = 0; k < n; ++k) {
      for (size_t i = 0; i < kMany; ++i) {
        places[i] = numbers[i];
        sizes[i] = sizeof numbers[i];
      }
      expect_ok(pje_buffers_to_host(buffers.data(), kMany, places, sizes));
    }
  };
  auto raw = [raw_buffers, &session](size_t n) {
    float numbers[kMany][4];
    PJRT_Event *done[kMany];
    for (size_t k = 0; k < n; ++k) {
      for (size_t i = 0; i < kMany; ++i)
        done[i] = session.raw().start_to_host(raw_buffers[i], numbers[i], sizeof numbers[i]);
      for (PJRT_Event *event : done) session.raw().await_and_destroy(event);
    }
  };
  return {1, ours, raw};
}

// An array in, an array out: uploaded, run, read, and all given back.
Case run_case(Session &session, size_t elements) {
  Executable executable = session.compile(add_one(elements));
  auto dim = static_cast<int64_t>(elements);
  pje_array *made = nullptr;
  expect_ok(pje_array_create(PJE_F32, &dim, 1, &made));
  std::shared_ptr<pje_array> in(made, pje_array_release);
  auto ours = [executable, in](size_t n) {
    pje_array *argument = in.get();
    for (size_t k = 0; k < n; ++k) {
      pje_array *out = nullptr;
      expect_ok(pje_loaded_executable_run(executable.ours, &argument, 1, &out, 1));
      pje_array_release(out);
    }
  };
  auto raw = [executable, in, dim, &session](size_t n) {
    const Raw &api = session.raw();
    size_t size = static_cast<size_t>(dim) * sizeof(float);
    for (size_t k = 0; k < n; ++k) {
      PJRT_Event *done = nullptr;
      PJRT_Buffer *argument =
          api.upload({session.raw_client(), session.raw_devices()[0], pje_array_data(in.get()), &dim, 1,
                      nullptr, PJRT_HostBufferSemantics_kImmutableOnlyDuringCall},
                     &done);
      api.await_and_destroy(done);
      PJRT_Buffer *output = nullptr;
      PJRT_Buffer **output_list = &output;
      PJRT_Buffer *const *arg_list = &argument;
      api.execute(executable.raw, 1, &arg_list, 1, &output_list, &done);
      api.await_and_destroy(done);
      std::unique_ptr<char[]> result(new char[size]);
      api.to_host(output, result.get(), size);
      api.destroy(argument);
      api.destroy(output);
    }
  };
  return {1, ours, raw};
}

}  // namespace

void add_read_cases(Session &cpu, Plan &plan) {
  auto read = [&](const char *name, size_t size, bool fresh, double goal, double goal_ns = 0) {
    plan.push_back(
        {std::string("read-back ") + name, [=, &cpu] { return read_case(cpu, size, fresh, goal, goal_ns); }});
  };
  read("16 B reused", 16, false, 1, 300);
  read("16 B fresh", 16, true, 1);
  read("1 MiB reused", kMiB, false, 0.7);
  read("1 MiB fresh", kMiB, true, 0.6);
  read("64 MiB reused", 64 * kMiB, false, 1.05);
  read("64 MiB fresh", 64 * kMiB, true, 0.5);
  plan.push_back({"read-back 1 MiB column-major", [&cpu] { return column_major(cpu); }});
  plan.push_back({"read-back 16 x 16 B at once", [&cpu] { return many_reads(cpu); }});
  plan.push_back({"host view", [&cpu] { return host_view(cpu); }});
  plan.push_back({"run 16 B to 16 B", [&cpu] { return run_case(cpu, 4); }});
  plan.push_back({"run 1 MiB to 1 MiB", [&cpu] { return run_case(cpu, kMiB / sizeof(float)); }});
}

}  // namespace bench
