// Layouts: uploads, results and read-backs that are not row-major. Of the CPU plugins 0.115 obeys, 0.106 only
// notes the layout of an upload, and 0.81 also reads back as the device lies, whatever it is asked.
#include "support.hpp"

namespace real {
namespace {

using Floats = std::vector<float>;
const Dims kMatrix{2, 3};
const Floats kRows{1, 2, 3, 4, 5, 6};

LayoutHandle parse(const char *text) {
  pje_layout *layout = nullptr;
  ok(pje_layout_from_text(text, &layout));
  return LayoutHandle(layout);
}

BufferHandle upload_in(Plugin &plugin, const char *text, int32_t semantics = PJE_HOST_DEFAULT) {
  LayoutHandle layout = parse(text);
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  options.layout = layout.get();
  options.semantics = semantics;
  return plugin.upload(kRows.data(), 24, PJE_F32, kMatrix, &options);
}

std::string layout_of(pje_buffer *buffer) {
  pje_layout *layout = nullptr;
  ok(pje_buffer_memory_layout(buffer, &layout));
  return pje_layout_to_text(LayoutHandle(layout).get());
}

Floats read_in(pje_buffer *buffer, const char *text, bool waits) {
  LayoutHandle layout = parse(text);
  size_t size = 0;
  ok(pje_layout_host_size(layout.get(), PJE_F32, kMatrix.data(), 2, &size));
  Floats values(size / sizeof(float), -1);
  if (waits) {
    ok(pje_buffer_to_host_layout(buffer, layout.get(), values.data(), size));
    return values;
  }
  pje_event *done = nullptr;
  ok(pje_buffer_to_host_layout_async(buffer, layout.get(), values.data(), size, &done));
  EventHandle owned(done);
  ok(pje_event_wait(done));
  return values;
}

Floats read_rows_async(pje_buffer *buffer) {
  Floats values(6);
  pje_event *done = nullptr;
  ok(pje_buffer_to_host_async(buffer, values.data(), 24, &done));
  EventHandle owned(done);
  ok(pje_event_wait(done));
  return values;
}

void check(pje_buffer *buffer, const Floats &rows, const Floats &columns, const std::string &what) {
  demand(floats(buffer) == rows, what + ": row-major differs");
  demand(read_rows_async(buffer) == rows, what + ": row-major, asynchronous, differs");
  for (bool waits : {true, false}) {
    demand(read_in(buffer, "{1,0}", waits) == rows, what + ": {1,0} differs");
    demand(read_in(buffer, "{0,1}", waits) == columns, what + ": {0,1} differs");
    demand(read_in(buffer, "strides(4,8)", waits) == columns, what + ": strides differ");
    demand(read_in(buffer, "strides(16,4)", waits) ==
               Floats({rows[0], rows[1], rows[2], -1, rows[3], rows[4], rows[5]}),
           what + ": strides with a gap differ");
    demand(read_in(buffer, "{1,0:T(2,2)}", waits) ==
               Floats({rows[0], rows[1], rows[3], rows[4], rows[2], -1, rows[5], -1}),
           what + ": tiles differ");
  }
}

void uploads(Plugin &plugin) {
  for (int32_t semantics = 0; semantics <= PJE_HOST_MUTABLE_ZERO_COPY; ++semantics) {
    for (const char *text : {"{0,1}", "{1,0}"}) {
      BufferHandle buffer = upload_in(plugin, text, semantics);
      demand(layout_of(buffer.get()) == text, std::string("it lies in another layout than ") + text);
      check(buffer.get(), kRows, {1, 4, 2, 5, 3, 6}, text);
    }
  }
}

// Doubles a matrix that it takes in one order and gives in another.
ExecutableHandle compile_in(Plugin &plugin, const char *argument, const char *result) {
  LayoutHandle in = parse(argument), out = parse(result);
  OptionsHandle options = compile_options(1, 1);
  ok(pje_compile_options_add_argument_with_layout(options.get(), PJE_F32, kMatrix.data(), 2, in.get()));
  ok(pje_compile_options_set_result_with_layout(options.get(), PJE_F32, kMatrix.data(), 2, out.get()));
  return plugin.compile_text(
      "module @m { func.func @main(%a: tensor<2x3xf32>) -> tensor<2x3xf32> {"
      " %0 = stablehlo.add %a, %a : tensor<2x3xf32> return %0 : tensor<2x3xf32> } }",
      options.get());
}

BufferHandle execute(pje_loaded_executable *executable, pje_buffer *argument) {
  pje_buffer *made = nullptr;
  ok(pje_loaded_executable_execute(executable, &argument, 1, nullptr, &made, 1));
  return BufferHandle(made);
}

// Plugins compare sizes only: such an argument would be read in the wrong order.
void expect_refused(pje_loaded_executable *executable, pje_buffer *argument, const char *lies,
                    const char *expected) {
  pje_buffer *made = nullptr;
  ErrorHandle error(pje_loaded_executable_execute(executable, &argument, 1, nullptr, &made, 1));
  demand(error != nullptr, std::string("ran with an argument that lies as ") + lies);
  std::string message = pje_error_message(error.get());
  std::string given = std::string("argument 0 lies as f32[2,3]") + lies;
  std::string wanted = std::string("expects f32[2,3]") + expected;
  demand(pje_error_code(error.get()) == PJE_INVALID_ARGUMENT && message.find(given) != std::string::npos &&
             message.find(wanted) != std::string::npos,
         "another error: " + message);
}

void arguments(Plugin &plugin) {
  ExecutableHandle by_rows = compile_in(plugin, "{1,0}", "{1,0}");
  ExecutableHandle by_columns = compile_in(plugin, "{0,1}", "{0,1}");
  BufferHandle rows = upload_in(plugin, "{1,0}"), columns = upload_in(plugin, "{0,1}");
  expect_refused(by_rows.get(), columns.get(), "{0,1}", "{1,0}");
  expect_refused(by_columns.get(), rows.get(), "{1,0}", "{0,1}");
  const Floats doubled{2, 4, 6, 8, 10, 12};
  demand(floats(execute(by_rows.get(), rows.get()).get()) == doubled, "by rows: the result differs");
  BufferHandle output = execute(by_columns.get(), columns.get());
  demand(floats(output.get()) == doubled, "by columns: the result differs");
  // A result has the order that its program gave it.
  expect_refused(by_rows.get(), output.get(), "{0,1}", "{1,0}");
  demand(floats(execute(by_columns.get(), output.get()).get()) == Floats({4, 8, 12, 16, 20, 24}),
         "the result of a result differs");
}

void copies(Plugin &plugin) {
  ExecutableHandle by_columns = compile_in(plugin, "{0,1}", "{0,1}");
  BufferHandle columns = upload_in(plugin, "{0,1}");
  pje_buffer *made = nullptr;
  if (plugin.name() == "cpu-81") {
    // It copies the bytes as they lie and calls them row-major.
    demand(fails(pje_buffer_copy_to_device(columns.get(), plugin.device(0), &made), "a copy by columns") ==
               PJE_UNIMPLEMENTED,
           "another code");
    return;
  }
  ok(pje_buffer_copy_to_device(columns.get(), plugin.device(0), &made));
  BufferHandle copy(made);
  demand(floats(made) == kRows, "the copy differs");
  // Whatever order the plugin chose for it.
  if (layout_of(made) == "{0,1}")
    demand(floats(execute(by_columns.get(), made).get()) == Floats({2, 4, 6, 8, 10, 12}),
           "a run on the copy differs");
  else
    expect_refused(by_columns.get(), made, "{1,0}", "{0,1}");
}

// Arrays of the host go up in the order that the program wants.
void host_arrays(Plugin &plugin) {
  ExecutableHandle by_columns = compile_in(plugin, "{0,1}", "{0,1}");
  pje_array *argument = nullptr, *result = nullptr;
  ok(pje_array_create(PJE_F32, kMatrix.data(), 2, &argument));
  ArrayHandle owned(argument);
  std::memcpy(pje_array_data(argument), kRows.data(), 24);
  ok(pje_loaded_executable_run(by_columns.get(), &argument, 1, &result, 1));
  ArrayHandle made(result);
  const auto *values = static_cast<const float *>(pje_array_const_data(result));
  demand(Floats(values, values + 6) == Floats({2, 4, 6, 8, 10, 12}), "the result differs");
}

void results(Plugin &plugin) {
  ExecutableHandle executable = compile_in(plugin, "{0,1}", "{0,1}");
  BufferHandle argument = upload_in(plugin, "{0,1}");
  pje_buffer *arg = argument.get(), *made = nullptr;
  ok(pje_loaded_executable_execute(executable.get(), &arg, 1, nullptr, &made, 1));
  BufferHandle output(made);
  demand(layout_of(made) == "{0,1}", "the result lies in another layout");
  check(made, {2, 4, 6, 8, 10, 12}, {2, 8, 4, 10, 6, 12}, "the result");
}

void refused_layouts(Plugin &plugin) {
  for (const char *text : {"{1,0:T(2,2)}", "strides(64,4)"}) {
    LayoutHandle layout = parse(text);
    pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
    options.layout = layout.get();
    pje_buffer *buffer = nullptr;
    fails(pje_buffer_from_host(plugin.client(), kRows.data(), 24, PJE_F32, kMatrix.data(), 2, &options,
                               &buffer),
          text);
  }
}

}  // namespace

std::vector<Case> layout_cases() {
  return {{"layout_uploads", uploads},     {"layout_results", results}, {"layout_refused", refused_layouts},
          {"layout_arguments", arguments}, {"layout_copies", copies},   {"layout_host_arrays", host_arrays}};
}

}  // namespace real
