#include "session.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <memory>

namespace bench {

namespace {

// The library hides the plugin's handles. It reaches the plugin through a copy of the table in which two
// slots are ours, so that they are seen as they pass; no call that is measured goes through these.
struct Seen {
  const PJRT_Api *table = nullptr;
  PJRT_Client *client = nullptr;
  PJRT_LoadedExecutable *executable = nullptr;
  std::string compile_options;
};
Seen seen;

PJRT_Error *create_client(PJRT_Client_Create_Args *args) {
  PJRT_Error *error = seen.table->PJRT_Client_Create(args);
  seen.client = args->client;
  return error;
}

PJRT_Error *compile(PJRT_Client_Compile_Args *args) {
  seen.compile_options.assign(args->compile_options, args->compile_options_size);
  PJRT_Error *error = seen.table->PJRT_Client_Compile(args);
  seen.executable = args->executable;
  return error;
}

const PJRT_Api *open_table(const std::string &path) {
  void *library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    std::fprintf(stderr, "pje_bench: %s\n", dlerror());
    std::exit(1);
  }
  auto get = reinterpret_cast<const PJRT_Api *(*)()>(dlsym(library, "GetPjrtApi"));
  if (get == nullptr) {
    std::fprintf(stderr, "pje_bench: %s has no GetPjrtApi\n", path.c_str());
    std::exit(1);
  }
  return get();
}

// As large as the plugin's own, which may be newer than our declaration; lives as long as the process.
PJRT_Api *watched_copy(const PJRT_Api *table) {
  auto *copy = static_cast<PJRT_Api *>(std::calloc(1, std::max(table->struct_size, sizeof(PJRT_Api))));
  if (copy == nullptr) std::abort();
  std::memcpy(static_cast<void *>(copy), table, table->struct_size);
  copy->PJRT_Client_Create = create_client;
  copy->PJRT_Client_Compile = compile;
  return copy;
}

}  // namespace

void expect_ok(pje_error *error) {
  if (error == nullptr) [[likely]]
    return;
  std::fprintf(stderr, "pje_bench: %s\n", pje_error_message(error));
  std::exit(1);
}

Session::Session(const std::string &plugin_path, int64_t num_devices) : raw_(open_table(plugin_path)) {
  seen.table = &raw_.table();
  expect_ok(pje_plugin_from_api(watched_copy(&raw_.table()), &plugin_));
  pje_client_options options = PJE_CLIENT_OPTIONS_INIT;
  pje_named_values *values = nullptr;
  if (num_devices > 0) {
    expect_ok(pje_named_values_create(&values));
    expect_ok(pje_named_values_set_int64(values, "cpu_device_count", num_devices));
    options.options = values;
  }
  expect_ok(pje_client_create(plugin_, &options, &client_));
  pje_named_values_release(values);
  raw_client_ = seen.client;
  auto devices = make_args<PJRT_Client_AddressableDevices_Args>();
  devices.client = raw_client_;
  raw_.check(raw_.table().PJRT_Client_AddressableDevices(&devices));
  raw_devices_.assign(devices.addressable_devices,
                      devices.addressable_devices + devices.num_addressable_devices);
}

Session::~Session() {
  for (PJRT_Buffer *buffer : raw_buffers_) raw_.destroy(buffer);
  pje_buffers_release(buffers_.data(), buffers_.size());
  for (pje_loaded_executable *executable : executables_) pje_loaded_executable_release(executable);
  pje_client_release(client_);
  pje_plugin_release(plugin_);
}

const std::string &Session::compile_options() const { return seen.compile_options; }

Executable Session::compile(const std::string &text, int64_t num_replicas) {
  seen.table = &raw_.table();
  pje_program *program = nullptr;
  pje_compile_options *options = nullptr;
  Executable executable{};
  expect_ok(pje_program_from_bytes(PJE_PROGRAM_AUTO, text.data(), text.size(), &program));
  expect_ok(pje_compile_options_create(&options));
  expect_ok(pje_compile_options_set_num_replicas(options, num_replicas));
  expect_ok(pje_client_compile(client_, program, options, &executable.ours));
  pje_compile_options_release(options);
  pje_program_release(program);
  executable.raw = seen.executable;
  executables_.push_back(executable.ours);
  return executable;
}

pje_buffer *Session::upload(size_t elements, size_t device) {
  std::vector<float> values(std::max<size_t>(elements, 1), 1.0F);
  auto dim = static_cast<int64_t>(elements);
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  options.device = pje_client_addressable_device(client_, device);
  pje_buffer *buffer = nullptr;
  expect_ok(pje_buffer_from_host(client_, values.data(), values.size() * sizeof(float), PJE_F32, &dim,
                                 elements == 0 ? 0 : 1, &options, &buffer));
  buffers_.push_back(buffer);
  return buffer;
}

PJRT_Buffer *Session::raw_upload(size_t elements, size_t device) {
  std::vector<float> values(std::max<size_t>(elements, 1), 1.0F);
  auto dim = static_cast<int64_t>(elements);
  raw_buffers_.push_back(raw_upload(values.data(), &dim, elements == 0 ? 0 : 1, device));
  return raw_buffers_.back();
}

PJRT_Buffer *Session::raw_upload(const float *values, const int64_t *dims, size_t rank, size_t device) {
  PJRT_Event *host_done = nullptr;
  PJRT_Buffer *buffer = raw_.upload({raw_client_, raw_devices_[device], values, dims, rank, nullptr,
                                     PJRT_HostBufferSemantics_kImmutableOnlyDuringCall},
                                    &host_done);
  raw_.await_and_destroy(host_done);
  raw_.await_and_destroy(raw_.ready(buffer));
  return buffer;
}

std::string add_one(size_t elements, int64_t num_replicas) {
  std::string type = "tensor<" + std::to_string(elements) + "xf32>";
  return "module @add_one attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = " +
         std::to_string(num_replicas) + " : i32} {\n  func.func public @main(%arg0: " + type + ") -> " +
         type +
         " {\n    %cst = stablehlo.constant dense<1.0> : tensor<f32>\n"
         "    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> " +
         type + "\n    %1 = stablehlo.add %arg0, %0 : " + type + "\n    return %1 : " + type + "\n  }\n}\n";
}

std::string wide(size_t n) {
  std::string params;
  std::string types;
  std::string body;
  std::string results;
  for (size_t i = 0; i < n; ++i) {
    std::string index = std::to_string(i);
    std::string comma = i == 0 ? "" : ", ";
    params += comma + "%arg" + index + ": tensor<4xf32>";
    types += comma + "tensor<4xf32>";
    results += comma + "%" + index;
    body += "    %" + index + " = stablehlo.add %arg" + index + ", %arg" + index + " : tensor<4xf32>\n";
  }
  return "module @wide {\n  func.func public @main(" + params + ") -> (" + types + ") {\n" + body +
         "    return " + results + " : " + types + "\n  }\n}\n";
}

std::string donating(size_t elements) {
  std::string type = "tensor<" + std::to_string(elements) + "xf32>";
  return "module @donating {\n  func.func public @main(%arg0: " + type +
         " {tf.aliasing_output = 0 : i32}, %arg1: " + type + ") -> " + type +
         " {\n    %0 = stablehlo.add %arg0, %arg1 : " + type + "\n    return %0 : " + type + "\n  }\n}\n";
}

std::string folding(size_t num_args, size_t num_outputs) {
  const std::string type = "tensor<4xf32>";
  std::string params = "%arg0: " + type;
  std::string body;
  std::string sum = "%arg0";
  for (size_t i = 1; i < num_args; ++i) {
    std::string index = std::to_string(i);
    params += ", %arg" + index + ": " + type;
    body += "    %sum" + index + " = stablehlo.add " + sum + ", %arg" + index + " : " + type + "\n";
    sum = "%sum" + index;
  }
  std::string types;
  std::string results;
  for (size_t i = 0; i < num_outputs; ++i) {
    std::string index = std::to_string(i);
    std::string comma = i == 0 ? "" : ", ";
    body += "    %c" + index + " = stablehlo.constant dense<" + index + ".0> : " + type + "\n    %out" +
            index + " = stablehlo.add " + sum + ", %c" + index + " : " + type + "\n";
    types += comma + type;
    results += comma + "%out" + index;
  }
  return "module @folding {\n  func.func public @main(" + params + ") -> (" + types + ") {\n" + body +
         "    return " + results + " : " + types + "\n  }\n}\n";
}

std::string noop(size_t num_args, size_t num_outputs) {
  return "fake.noop " + std::to_string(num_args) + " " + std::to_string(num_outputs) + "\n";
}

}  // namespace bench
