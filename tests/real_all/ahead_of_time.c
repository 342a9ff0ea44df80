/* Plugins of accelerators on a machine without any: what they say, and compiling for a topology.
 * usage: ahead_of_time tpu|cuda PLUGIN PROGRAMS REPORT    Answers in TAP and appends rows to the report. */
#define _POSIX_C_SOURCE 200809L

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <pjrt_easy.h>

static int number;
static FILE *report;

static void result(int right, const char *name, const char *detail) {
  printf("%s %d - %s%s%s\n", right ? "ok" : "not ok", ++number, name, right ? "" : " # ",
         right ? "" : detail);
  fflush(stdout);
}

/* Whether a call went well; says how it did not. */
static int good(pje_error *error, const char *name) {
  result(error == NULL, name, pje_error_message(error));
  int went_well = error == NULL;
  pje_error_release(error);
  return went_well;
}

static void fails(pje_error *error, pje_code code, const char *part, const char *name) {
  result(error != NULL && pje_error_code(error) == code && strstr(pje_error_detail(error), part) != NULL,
         name, error == NULL ? "it succeeded" : pje_error_message(error));
  if (error != NULL) fprintf(report, "| %s | `%.150s` |\n", name, pje_error_message(error));
  pje_error_release(error);
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void look_at_signature(pje_executable *executable, const char *program) {
  const int64_t *dims = NULL;
  pje_compile_options *options = NULL;
  pje_dtype dtype = PJE_DTYPE_INVALID;
  size_t rank = 0;
  char name[160];
  snprintf(name, sizeof name, "%s: facts", program);
  int right = pje_executable_num_outputs(executable) > 0 && pje_executable_name(executable)[0] != '\0' &&
              pje_executable_num_replicas(executable) == 1 && pje_executable_num_partitions(executable) == 1;
  result(right, name, "no outputs or no name, or several replicas or partitions");
  snprintf(name, sizeof name, "%s: type of the first result", program);
  right = pje_executable_output_type(executable, 0, &dtype, &dims, &rank) && dtype != PJE_DTYPE_INVALID;
  result(right && (rank == 0 || dims[0] > 0), name, "none");
  snprintf(name, sizeof name, "%s: kinds of memory", program);
  right = strcmp(pje_executable_output_memory_kind(executable, 0), "device") == 0 &&
          pje_executable_num_parameters(executable) > 0 &&
          strcmp(pje_executable_parameter_memory_kind(executable, 0), "device") == 0;
  result(right, name, "others than device");
  snprintf(name, sizeof name, "%s: options read back", program);
  if (good(pje_executable_compile_options(executable, &options), name)) {
    snprintf(name, sizeof name, "%s: one replica in the options", program);
    result(pje_compile_options_get_num_replicas(options) == 1, name, "another number");
  }
  pje_compile_options_release(options);
}

static void look_at(pje_executable *executable, const char *program) {
  pje_bytes *bytes = NULL, *fingerprint = NULL;
  pje_named_values *stats = NULL, *costs = NULL, *info = NULL;
  pje_program *optimized = NULL;
  int64_t argument_size = -1, size = -1;
  char name[160];
  look_at_signature(executable, program);
  snprintf(name, sizeof name, "%s: serialized, with a header", program);
  if (good(pje_executable_serialize(executable, &bytes), name)) {
    snprintf(name, sizeof name, "%s: the header is read", program);
    (void)good(pje_serialized_executable_info(pje_bytes_data(bytes), pje_bytes_size(bytes), &info), name);
  }
  snprintf(name, sizeof name, "%s: fingerprint", program);
  (void)good(pje_executable_fingerprint(executable, &fingerprint), name);
  snprintf(name, sizeof name, "%s: memory stats", program);
  if (good(pje_executable_memory_stats(executable, &stats), name)) {
    size_t index = pje_named_values_find(stats, "argument_size");
    pje_error_release(pje_named_values_get_int64(stats, index, &argument_size));
  }
  snprintf(name, sizeof name, "%s: optimized program", program);
  (void)good(pje_executable_optimized_program(executable, &optimized), name);
  pje_error *error = pje_executable_cost_analysis(executable, &costs);
  pje_error_release(pje_executable_code_size(executable, &size));
  fprintf(report,
          "| %s | %zu outputs, %zu bytes serialized, arguments %" PRId64 " bytes, code %" PRId64 " bytes, %s",
          program, pje_executable_num_outputs(executable), pje_bytes_size(bytes), argument_size, size,
          error == NULL ? "costs known" : pje_code_name(pje_error_code(error)));
  pje_error_release(error);
  pje_bytes_release(bytes);
  pje_bytes_release(fingerprint);
  pje_named_values_release(stats);
  pje_named_values_release(costs);
  pje_named_values_release(info);
  pje_program_release(optimized);
}

static void compile(pje_plugin *plugin, pje_topology *topology, const char *folder, const char *program) {
  char path[1024], name[160];
  pje_program *source = NULL;
  pje_executable *executable = NULL;
  double began = seconds();
  snprintf(path, sizeof path, "%s/%s/program.mlir", folder, program);
  snprintf(name, sizeof name, "%s: compiled ahead of time", program);
  pje_error *error = pje_program_from_file(path, &source);
  if (error == NULL) error = pje_compile(plugin, topology, source, NULL, NULL, &executable);
  double took = seconds() - began;
  if (good(error, name)) {
    look_at(executable, program);
    fprintf(report, ", %.1f s |\n", took);
  }
  pje_executable_release(executable);
  pje_program_release(source);
}

static void look_at_device(const pje_topology *topology) {
  const pje_device_description *device = pje_topology_device(topology, 0);
  result(pje_device_description_kind(device)[0] != '\0', "kind of the first device", "none");
  result(pje_device_description_debug_string(device)[0] != '\0', "debug string of the first device", "none");
  result(pje_device_description_to_string(device)[0] != '\0', "text of the first device", "none");
  result(pje_device_description_id(device) == 0, "id of the first device", "another");
  result(pje_device_description_process_index(device) == 0, "process of the first device", "another");
  result(pje_device_description_attributes(device) != NULL, "attributes of the first device", "none");
  result(pje_topology_attributes(topology) != NULL, "attributes of the topology", "none");
  result(pje_topology_platform_version(topology)[0] != '\0', "version of the platform", "none");
}

static void look_at_memory(const pje_topology *topology) {
  static const int64_t kDims[] = {256, 256};
  int32_t ids[16];
  size_t count = 0;
  pje_bytes *shape = NULL;
  if (good(pje_topology_memory_kind_ids(topology, 16, ids, &count), "kinds of memory of the topology") &&
      count > 0 &&
      good(pje_topology_canonical_shape(topology, ids[0], PJE_BF16, kDims, 2, NULL, &shape),
           "shape of bf16[256,256] in the first of them"))
    result(pje_bytes_size(shape) > 0, "the shape says something", "nothing");
  pje_bytes_release(shape);
}

/* XLA would end the process: the flag is looked for in the plugin first. */
static void refuse_flag(pje_plugin *plugin, const pje_topology *topology, const char *folder) {
  char path[1024];
  pje_program *program = NULL;
  pje_executable *executable = NULL;
  const char *given = getenv("XLA_FLAGS");
  char *former = given == NULL ? NULL : strdup(given);
  snprintf(path, sizeof path, "%s/add1_f32/program.mlir", folder);
  if (good(pje_program_from_file(path, &program), "a program to compile with a flag that is not known")) {
    setenv("XLA_FLAGS", "--xla_no_such_flag=1", 1);
    pje_error *error = pje_compile(plugin, topology, program, NULL, NULL, &executable);
    result(error != NULL && pje_error_code(error) == PJE_INVALID_ARGUMENT &&
               strstr(pje_error_message(error), "--xla_no_such_flag=1") != NULL,
           "a flag that the plugin does not know is refused",
           error == NULL ? "it compiled" : pje_error_message(error));
    pje_error_release(error);
  }
  if (former != NULL)
    setenv("XLA_FLAGS", former, 1);
  else
    unsetenv("XLA_FLAGS");
  free(former);
  pje_executable_release(executable);
  pje_program_release(program);
}

static void look_at_topology(pje_plugin *plugin, pje_topology *topology, size_t num_devices) {
  pje_bytes *bytes = NULL;
  pje_topology *copy = NULL;
  uint64_t first = 0, second = 1;
  result(pje_topology_num_devices(topology) == num_devices, "number of devices", "another number");
  const pje_device_description *device = pje_topology_device(topology, 0);
  look_at_device(topology);
  look_at_memory(topology);
  fprintf(report, "| devices | %zu of kind %s, platform %s |\n", pje_topology_num_devices(topology),
          pje_device_description_kind(device), pje_topology_platform_name(topology));
  if (good(pje_topology_serialize(topology, &bytes), "topology serialized") &&
      good(pje_topology_deserialize(plugin, pje_bytes_data(bytes), pje_bytes_size(bytes), &copy),
           "topology read back")) {
    result(pje_topology_num_devices(copy) == num_devices, "as many devices as before", "another number");
    if (good(pje_topology_fingerprint(topology, &first), "fingerprint of the topology") &&
        good(pje_topology_fingerprint(copy, &second), "fingerprint of the copy"))
      result(first == second, "the same fingerprint", "two");
  }
  pje_topology_release(copy);
  pje_bytes_release(bytes);
}

static const char kPrograms[][32] = {"add1_f32", "matmul_bf16", "train_step_sgd"};

/* Chips of v4 are two devices each. */
static const struct {
  const char *name;
  size_t num_devices;
} kOthers[] = {{"v6e:2x2", 4}, {"v4:2x2x1", 8}, {"v4:2x2x4", 32}};

static void tpu(pje_plugin *plugin, const char *folder) {
  pje_client *client = NULL;
  pje_topology *topology = NULL;
  fails(pje_client_create(plugin, NULL, &client), PJE_NOT_FOUND, "", "a client without a device");
  fails(pje_topology_create(plugin, "no such place", NULL, &topology), PJE_INVALID_ARGUMENT, "",
        "a topology of no known name");
  for (size_t i = 0; i < sizeof kOthers / sizeof kOthers[0]; ++i) {
    if (good(pje_topology_create(plugin, kOthers[i].name, NULL, &topology), kOthers[i].name))
      result(pje_topology_num_devices(topology) == kOthers[i].num_devices, "number of devices",
             "another number");
    pje_topology_release(topology);
  }
  if (!good(pje_topology_create(plugin, "v5e:2x2", NULL, &topology), "topology v5e:2x2")) return;
  look_at_topology(plugin, topology, 4);
  refuse_flag(plugin, topology, folder);
  for (size_t i = 0; i < sizeof kPrograms / sizeof kPrograms[0]; ++i)
    compile(plugin, topology, folder, kPrograms[i]);
  pje_topology_release(topology);
}

/* A GpuTargetConfigProto, in text: an H100. */
static const char kTarget[] =
    "gpu_device_info { threads_per_block_limit: 1024 threads_per_warp: 32 shared_memory_per_block: 49152 "
    "shared_memory_per_core: 233472 threads_per_core_limit: 2048 core_count: 132 fpus_per_core: 128 "
    "block_dim_limit_x: 2147483647 block_dim_limit_y: 65535 block_dim_limit_z: 65535 "
    "memory_bandwidth: 3352320000000 l2_cache_size: 52428800 clock_rate_ghz: 1.98 "
    "device_memory_size: 84942979072 shared_memory_per_block_optin: 232448 cuda_compute_capability { major: "
    "9 } "
    "registers_per_core_limit: 65536 registers_per_block_limit: 65536 } platform_name: \"CUDA\" "
    "dnn_version_info { major: 9 minor: 10 } device_description_str: \"NVIDIA H100 80GB HBM3\"";

static void cuda(pje_plugin *plugin, const char *folder) {
  pje_client *client = NULL;
  pje_topology *topology = NULL;
  pje_named_values *options = NULL;
  fails(pje_client_create(plugin, NULL, &client), PJE_FAILED_PRECONDITION, "No visible GPU devices",
        "a client without a device");
  fails(pje_topology_create(plugin, "", NULL, &topology), PJE_FAILED_PRECONDITION, "",
        "a topology without a target");
  pje_error *error = pje_named_values_create(&options);
  if (error == NULL) error = pje_named_values_set_string(options, "target_config", kTarget);
  if (error == NULL) error = pje_named_values_set_string(options, "topology", "1x1x4");
  if (error == NULL) error = pje_topology_create(plugin, "", options, &topology);
  pje_named_values_release(options);
  if (!good(error, "topology of four H100")) return;
  look_at_topology(plugin, topology, 4);
  refuse_flag(plugin, topology, folder);
  for (size_t i = 0; i < sizeof kPrograms / sizeof kPrograms[0]; ++i)
    compile(plugin, topology, folder, kPrograms[i]);
  pje_topology_release(topology);
}

int main(int argc, char **argv) {
  pje_plugin *plugin = NULL;
  if (argc != 5 || (report = fopen(argv[4], "a")) == NULL) return 2;
  if (good(pje_plugin_load(argv[2], NULL, &plugin), "the plugin is loaded")) {
    fprintf(report, "| PJRT | %" PRId32 ".%" PRId32 ", %zu extensions |\n", pje_plugin_api_major(plugin),
            pje_plugin_api_minor(plugin), pje_plugin_num_extensions(plugin));
    if (strcmp(argv[1], "tpu") == 0)
      tpu(plugin, argv[3]);
    else
      cuda(plugin, argv[3]);
  }
  pje_plugin_release(plugin);
  fclose(report);
  printf("1..%d\n", number);
  return 0;
}
