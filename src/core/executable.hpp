// Compiled programs that are on no device: what they are, and their bytes.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "base/array_type.hpp"
#include "core/async_call.hpp"
#include "core/bytes.hpp"
#include "core/client.hpp"
#include "core/compile_options.hpp"
#include "core/program.hpp"
#include "core/topology.hpp"

namespace pje {

class LoadedExecutable;

class Executable final : public Object {
 public:
  using Handle = pje_executable;
  static constexpr ObjectType kType = ObjectType::kExecutable;

  // The work of compiling ahead of time; `client` may be NULL.
  static Result<Work<Executable>> compile(Plugin &plugin, Topology &topology, Program &program,
                                          const CompileOptions *options, Client *client);
  // What stands behind a loaded executable.
  static Result<Ref<Executable>> of_loaded(LoadedExecutable &loaded);

  // `client` may be NULL.
  Executable(Plugin &plugin, Client *client, PJRT_Executable *raw);
  ~Executable() override;
  const Object *owner() const noexcept override { return client_; }
  void on_client_close() noexcept override;

  PJRT_Executable *raw() const noexcept { return raw_; }
  Plugin &plugin() const noexcept { return *plugin_; }
  const abi::Api &api() const noexcept { return client_ != nullptr ? client_->api() : plugin_->api(); }
  const std::string &name() const noexcept { return data_->name; }
  size_t num_replicas() const noexcept { return data_->num_replicas; }
  size_t num_partitions() const noexcept { return data_->num_partitions; }
  size_t num_outputs() const noexcept { return data_->outputs.size(); }
  // NULL where the type is unknown.
  const ArrayType *output_type(size_t i) const noexcept {
    return i < num_outputs() ? data_->outputs[i] : nullptr;
  }
  // SIZE_MAX when the plugin does not tell.
  size_t num_parameters() const noexcept {
    return data_->knows_parameters ? data_->parameter_kinds.size() : SIZE_MAX;
  }
  // Empty when the plugin does not tell.
  const std::vector<std::string> &output_kinds() const noexcept { return data_->output_kinds; }
  const std::vector<std::string> &parameter_kinds() const noexcept { return data_->parameter_kinds; }

  Result<int64_t> code_size() const;
  Result<std::string> fingerprint() const;
  Result<Ref<Program>> optimized_program() const;
  Result<Ref<NamedValues>> cost_analysis() const;
  Result<Ref<NamedValues>> memory_stats() const;
  Result<Ref<CompileOptions>> compile_options() const;
  // The plugin's bytes as they are, and with a header that says whose they are.
  Result<std::string> serialized_raw() const;
  Result<std::string> serialized() const;
  // The work of either.
  Work<Bytes> serialize(bool raw);

  // Loading may empty it: from then on it answers only what is known already. Answers whether it was fresh.
  bool use_up() noexcept { return !used_up_.exchange(true, std::memory_order_acq_rel); }

 private:
  struct Data {
    std::string name;
    size_t num_replicas = 1;
    size_t num_partitions = 1;
    std::vector<const ArrayType *> outputs;
    std::vector<std::string> output_kinds;
    bool knows_parameters = false;
    std::vector<std::string> parameter_kinds;
    std::string platform_name;
    std::string platform_version;
  };
  static Result<Ref<Executable>> adopt(Plugin &plugin, Client *client, PJRT_Executable *raw);
  Status read();
  Status check_usable() const;
  void destroy_raw() noexcept;

  Plugin *plugin_;
  Client *client_;
  ClientHold hold_;
  PJRT_Executable *raw_;
  // Plugins read the loaded one when what stands behind it is asked.
  LoadedExecutable *loaded_ = nullptr;
  std::atomic<bool> used_up_{false};
  std::unique_ptr<Data> data_;
};

// What loaded executables read of theirs, too.
Status read_executable_identity(const abi::Api &api, PJRT_Executable *raw, std::string *name,
                                size_t *num_replicas, size_t *num_partitions);
// NULL for a type that the plugin does not tell.
Status read_output_types(const abi::Api &api, PJRT_Executable *raw, std::vector<const ArrayType *> *types);
Result<std::string> read_fingerprint(const abi::Api &api, PJRT_Executable *raw);

}  // namespace pje
