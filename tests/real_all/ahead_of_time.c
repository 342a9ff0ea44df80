/* Plugins of accelerators on a machine without any: what they say, and compiling for a topology.
 * usage: ahead_of_time tpu|cuda PLUGIN PROGRAMS REPORT    Answers in TAP and appends rows to the report. */
#define _POSIX_C_SOURCE 200809L

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
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

/* Options are read back only by PJRT 0.87 and later; the rest has long been there. */
static void look_at(pje_executable *executable, const char *program) {
  pje_bytes *bytes = NULL, *fingerprint = NULL;
  pje_named_values *stats = NULL, *costs = NULL, *info = NULL;
  pje_program *optimized = NULL;
  int64_t argument_size = -1, size = -1;
  char name[160];
  snprintf(name, sizeof name, "%s: facts", program);
  int right = pje_executable_num_outputs(executable) > 0 && pje_executable_name(executable)[0] != '\0';
  result(right, name, "no outputs or no name");
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

static void look_at_topology(pje_plugin *plugin, pje_topology *topology, size_t num_devices) {
  pje_bytes *bytes = NULL;
  pje_topology *copy = NULL;
  uint64_t first = 0, second = 1;
  result(pje_topology_num_devices(topology) == num_devices, "number of devices", "another number");
  const pje_device_description *device = pje_topology_device(topology, 0);
  result(pje_device_description_kind(device)[0] != '\0', "kind of the first device", "none");
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

static void tpu(pje_plugin *plugin, const char *folder) {
  pje_client *client = NULL;
  pje_topology *topology = NULL;
  fails(pje_client_create(plugin, NULL, &client), PJE_NOT_FOUND, "", "a client without a device");
  fails(pje_topology_create(plugin, "no such place", NULL, &topology), PJE_INVALID_ARGUMENT, "",
        "a topology of no known name");
  if (!good(pje_topology_create(plugin, "v5e:2x2", NULL, &topology), "topology v5e:2x2")) return;
  look_at_topology(plugin, topology, 4);
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
