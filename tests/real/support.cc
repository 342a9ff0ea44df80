#include "support.hpp"

#include <cmath>

namespace real {

Plugin::Plugin(std::string name, std::string path) : name_(std::move(name)), path_(std::move(path)) {
  client_ = open(4);
}

ClientHandle Plugin::open(int64_t devices) const {
  pje_named_values *values = nullptr;
  ok(pje_named_values_create(&values));
  ValuesHandle owned(values);
  ok(pje_named_values_set_int64(values, "cpu_device_count", devices));
  pje_client_options options = PJE_CLIENT_OPTIONS_INIT;
  options.options = values;
  pje_client *client = nullptr;
  ok(pje_client_open(path_.c_str(), &options, &client));
  return ClientHandle(client);
}

BufferHandle Plugin::upload(const void *data, size_t size, pje_dtype dtype, const Dims &dims,
                            const pje_from_host_options *options) const {
  pje_buffer *buffer = nullptr;
  ok(pje_buffer_from_host(client(), data, size, dtype, dims.data(), dims.size(), options, &buffer));
  return BufferHandle(buffer);
}

BufferHandle Plugin::upload(const std::vector<float> &values, pje_device *device) const {
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  options.device = device;
  return upload(values.data(), values.size() * sizeof(float), PJE_F32, {static_cast<int64_t>(values.size())},
                &options);
}

namespace {

ExecutableHandle compile_with(pje_client *client, pje_program *program, const pje_compile_options *options) {
  ProgramHandle owned(program);
  pje_loaded_executable *executable = nullptr;
  ok(pje_client_compile(client, program, options, &executable));
  return ExecutableHandle(executable);
}

}  // namespace

ExecutableHandle Plugin::compile(const std::string &program, const pje_compile_options *options) const {
  pje_program *read = nullptr;
  ok(pje_program_from_file((PJE_TEST_DIR "/programs/" + program).c_str(), &read));
  return compile_with(client(), read, options);
}

ExecutableHandle Plugin::compile_text(const std::string &text, const pje_compile_options *options) const {
  pje_program *read = nullptr;
  ok(pje_program_from_bytes(PJE_PROGRAM_MLIR, text.data(), text.size(), &read));
  return compile_with(client(), read, options);
}

std::vector<float> floats(pje_buffer *buffer) {
  std::vector<float> values(pje_buffer_host_size(buffer) / sizeof(float));
  ok(pje_buffer_to_host(buffer, values.data(), values.size() * sizeof(float)));
  return values;
}

OptionsHandle compile_options(int64_t replicas, int64_t partitions) {
  pje_compile_options *options = nullptr;
  ok(pje_compile_options_create(&options));
  OptionsHandle owned(options);
  ok(pje_compile_options_set_num_replicas(options, replicas));
  ok(pje_compile_options_set_num_partitions(options, partitions));
  return owned;
}

ArrayHandle load(const std::string &program, const std::string &file) {
  pje_array *array = nullptr;
  ok(pje_array_load_npy((PJE_TEST_DIR "/programs/" + program + "/" + file).c_str(), &array));
  return ArrayHandle(array);
}

void expect_close(const std::vector<float> &got, const std::string &program, const std::string &file,
                  float tolerance) {
  ArrayHandle want = load(program, file);
  const auto *values = static_cast<const float *>(pje_array_const_data(want.get()));
  demand(pje_array_size(want.get()) == got.size() * sizeof(float), file + ": another size");
  for (size_t i = 0; i < got.size(); ++i)
    demand(std::fabs(got[i] - values[i]) <= tolerance * (1 + std::fabs(values[i])),
           file + "[" + std::to_string(i) + "] is " + std::to_string(got[i]) + ", expected " +
               std::to_string(values[i]));
}

}  // namespace real
