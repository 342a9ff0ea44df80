#include "world.hpp"

#include <cctype>
#include <cstdlib>

namespace process {

void World::load() { STRESS_OK(pje_plugin_load(plugin_path().c_str(), nullptr, &plugin)); }

void World::create_client() { STRESS_OK(pje_client_create(plugin, nullptr, &client)); }

void World::compile() {
  program = stress::add1_program();
  executable = stress::compile(client, program);
}

void World::upload() {
  int64_t dims[1] = {4};
  argument = stress::upload(client);
  STRESS_OK(pje_array_create(PJE_F32, dims, 1, &array));
}

void World::execute() {
  STRESS_OK(pje_loaded_executable_execute_async(executable, &argument, 1, nullptr, &output, 1, &event));
}

void World::combine() {
  promise = stress::promise();
  pje_event *members[] = {event, promise};
  STRESS_OK(pje_event_all(members, 2, &dependent));
  STRESS_OK(pje_completion_queue_create(&queue));
  STRESS_OK(pje_completion_queue_add(queue, event, 1));
  STRESS_OK(pje_completion_queue_add(queue, dependent, 2));
}

void World::wait() { STRESS_OK(pje_event_wait(event)); }

void World::release_half() {
  pje_client_release(std::exchange(client, nullptr));
  pje_loaded_executable_release(std::exchange(executable, nullptr));
  pje_buffer_release(std::exchange(argument, nullptr));
  pje_event_release(std::exchange(promise, nullptr));
}

void World::release() {
  release_half();
  pje_completion_queue_release(std::exchange(queue, nullptr));
  pje_event_release(std::exchange(event, nullptr));
  pje_event_release(std::exchange(dependent, nullptr));
  pje_buffer_release(std::exchange(output, nullptr));
  pje_array_release(std::exchange(array, nullptr));
  pje_program_release(std::exchange(program, nullptr));
  pje_plugin_release(std::exchange(plugin, nullptr));
}

std::string plugin_path() { return std::getenv(kPlugin); }
std::string fake_path() { return PJE_TEST_FAKE_PLUGIN; }

std::string real_path(const std::string &version) {
  return PJE_TEST_PLUGINS_DIR "/" + version + "/libpjrt_cpu.so";
}

std::string without_marks(std::string name) {
  for (char &c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  return name;
}

stress::Outcome run_on(const std::string &plugin, const std::string &part, const std::string &point,
                       const std::string &controls) {
  setenv(kPlugin, plugin.c_str(), 1);
  setenv(kPoint, point.c_str(), 1);
  return stress::run_part(part, controls, 60);
}

}  // namespace process
