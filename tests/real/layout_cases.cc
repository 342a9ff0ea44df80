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

void results(Plugin &plugin) {
  LayoutHandle columns = parse("{0,1}");
  OptionsHandle options = compile_options(1, 1);
  ok(pje_compile_options_add_argument_with_layout(options.get(), PJE_F32, kMatrix.data(), 2, columns.get()));
  ok(pje_compile_options_set_result_with_layout(options.get(), PJE_F32, kMatrix.data(), 2, columns.get()));
  ExecutableHandle executable = plugin.compile_text(
      "module @m { func.func @main(%a: tensor<2x3xf32>) -> tensor<2x3xf32> {"
      " %0 = stablehlo.add %a, %a : tensor<2x3xf32> return %0 : tensor<2x3xf32> } }",
      options.get());
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
  return {{"layout_uploads", uploads}, {"layout_results", results}, {"layout_refused", refused_layouts}};
}

}  // namespace real
