// Executables on their devices: what they take and give, and running them.
#pragma once

#include <atomic>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/array_type.hpp"
#include "core/array.hpp"
#include "core/async_call.hpp"
#include "core/buffer.hpp"
#include "core/client.hpp"
#include "core/compile_options.hpp"
#include "core/event.hpp"
#include "core/launch_queue.hpp"
#include "core/program.hpp"

namespace pje {

struct RunExtras;

struct ExecuteOptions {
  Device *device = nullptr;
  std::span<const int64_t> non_donatable;
  const char *call_location = nullptr;
  int32_t launch_id = 0;
  bool on_pool = false;
  // What few runs have; NULL for the others.
  std::shared_ptr<RunExtras> extras;

  bool has_rare() const noexcept { return call_location != nullptr || extras != nullptr; }
};

// Options that outlive the call which gave them: everything that points at memory of the caller is copied.
struct KeptExecuteOptions : ExecuteOptions {
  KeptExecuteOptions() = default;
  KeptExecuteOptions(const KeptExecuteOptions &) = delete;
  KeptExecuteOptions &operator=(const KeptExecuteOptions &) = delete;
  void keep(const ExecuteOptions &given);

 private:
  std::vector<int64_t> indices_;
  std::string location_;
};

class Executable;

struct DeserializeOptions {
  const CompileOptions *compile_options = nullptr;
  std::span<const int32_t> computation_origin;
  const void *multi_slice_config = nullptr;
  bool trusted = false;
};

class LoadedExecutable final : public Object {
 public:
  using Handle = pje_loaded_executable;
  static constexpr ObjectType kType = ObjectType::kLoadedExecutable;

  // The work of compiling; the options are read now, not when it runs.
  static Result<Work<LoadedExecutable>> compile(Client &client, Program &program,
                                                const CompileOptions *options);

  // The work of loading what was compiled ahead of time, which this uses up.
  static Result<Work<LoadedExecutable>> load(Client &client, Executable &executable,
                                             const CompileOptions *options);
  // Likewise of loading bytes: with our header, or the plugin's own as they are.
  enum class Wrapping { kHeader, kNone };
  static Result<Work<LoadedExecutable>> deserialize(Client &client, std::string_view bytes, Wrapping wrapping,
                                                    const DeserializeOptions &options);

  LoadedExecutable(Client &client, PJRT_LoadedExecutable *raw);
  ~LoadedExecutable() override;

  const Object *owner() const noexcept override { return client_; }
  void on_client_close() noexcept override;

  Client &client() const noexcept { return *client_; }
  PJRT_LoadedExecutable *raw() const noexcept { return raw_; }
  const std::string &name() const noexcept { return data_->name; }
  size_t num_replicas() const noexcept { return data_->num_replicas; }
  size_t num_partitions() const noexcept { return data_->num_partitions; }
  std::span<Device *const> devices() const noexcept { return data_->devices; }
  // SIZE_MAX when the plugin does not tell.
  size_t num_args() const noexcept { return data_->knows_args ? data_->args.size() : SIZE_MAX; }
  // NULL where the type is unknown.
  const ArrayType *arg_type(size_t i) const noexcept {
    return i < data_->args.size() ? data_->args[i] : nullptr;
  }
  bool arg_is_donated(size_t i) const noexcept { return i < data_->donated.size() && data_->donated[i]; }
  size_t num_outputs() const noexcept { return data_->outputs.size(); }
  const ArrayType *output_type(size_t i) const noexcept {
    return i < num_outputs() ? data_->outputs[i] : nullptr;
  }

  Result<std::string> fingerprint() const;
  // Afterwards it can only be released.
  Status delete_now();
  bool is_deleted() const noexcept;
  Status check_not_deleted() const;

  // The commonest run: one device, no options, nothing taken over, short lists, all types known, and no
  // launch of the pool to follow. Whatever is otherwise, wrong arguments among it, is left to `otherwise`,
  // before anything has happened.
  using Execute = pje_error *(pje_loaded_executable *handle, pje_buffer *const *args, size_t num_args,
                              pje_buffer **outputs, size_t num_outputs) noexcept;
  static pje_error *execute_plain(pje_loaded_executable *handle, pje_buffer *const *args, size_t num_args,
                                  pje_buffer **outputs, size_t num_outputs, Execute &otherwise) noexcept;
  // Likewise not waiting; `done` may be NULL.
  using ExecuteAsync = pje_error *(pje_loaded_executable *handle, pje_buffer *const *args, size_t num_args,
                                   pje_buffer **outputs, size_t num_outputs, pje_event **done) noexcept;
  static pje_error *execute_plain_async(pje_loaded_executable *handle, pje_buffer *const *args,
                                        size_t num_args, pje_buffer **outputs, size_t num_outputs,
                                        pje_event **done, ExecuteAsync &otherwise) noexcept;
  // Blocking: hands outputs over only when every device has finished well.
  Status execute(const char *function, std::span<pje_buffer *const> args, const ExecuteOptions &options,
                 std::span<pje_buffer *> outputs);
  Status execute_sharded(const char *function, size_t num_devices, std::span<pje_buffer *const> args,
                         const ExecuteOptions &options, std::span<pje_buffer *> outputs);
  // Not waiting; `done` is empty or has one slot per device.
  Status execute_async(const char *function, std::span<pje_buffer *const> args, const ExecuteOptions &options,
                       std::span<pje_buffer *> outputs, std::span<pje_event *> done);
  Status execute_sharded_async(const char *function, size_t num_devices, std::span<pje_buffer *const> args,
                               const ExecuteOptions &options, std::span<pje_buffer *> outputs,
                               std::span<pje_event *> done);

  static constexpr size_t kOneDevice = SIZE_MAX;
  // Dispatched by a thread of ours: neither waits for the plugin nor runs any of its code.
  Status launch_on_pool(const char *function, size_t num_devices, std::span<pje_buffer *const> args,
                        const ExecuteOptions &options, std::span<pje_buffer *> outputs,
                        std::span<pje_event *> done);
  // The same, and waits for the end.
  Status execute_on_pool(const char *function, size_t num_devices, std::span<pje_buffer *const> args,
                         const ExecuteOptions &options, std::span<pje_buffer *> outputs);
  // For a run dispatched by the caller: waits until the runs launched from the pool that come before it have
  // been.
  Status after_launches(std::span<pje_buffer *const> args, const ExecuteOptions &options) {
    return client_->has_launches() ? follow_launches(args, options) : Status();
  }

  Result<std::vector<Ref<Array>>> run(const char *function, std::span<pje_array *const> args,
                                      size_t num_outputs);
  Status run_into(const char *function, std::span<pje_array *const> args, const ExecuteOptions &options,
                  std::span<pje_array *const> outputs);
  // Not waiting: the event is ready when the outputs are complete and the plugin has let go of the
  // arguments; all arrays are kept until then.
  Result<Ref<Event>> run_async(const char *function, std::span<pje_array *const> args, size_t num_outputs,
                               std::vector<Ref<Array>> *arrays);
  Result<Ref<Event>> run_into_async(const char *function, std::span<pje_array *const> args,
                                    const ExecuteOptions &options, std::span<pje_array *const> outputs);

  // Argument lists up to this long cost no allocation.
  static constexpr size_t kSmall = 64;

 private:
  struct Data {
    std::string name;
    size_t num_replicas = 1;
    size_t num_partitions = 1;
    std::vector<Device *> devices;
    bool knows_args = false;
    std::vector<const ArrayType *> args;
    std::vector<bool> donated;
    size_t num_donated = 0;
    std::vector<const ArrayType *> outputs;
    // Those of a run that asks for nothing; plugins only read them.
    PJRT_ExecuteOptions no_options{};
  };
  // What every run looks at, read once from the above.
  struct Signature {
    size_t num_devices = 0;
    size_t num_args = 0;
    size_t num_outputs = 0;
    // One per argument, NULL where unknown; NULL when nothing is known of arguments.
    const ArrayType *const *args = nullptr;
    const ArrayType *const *outputs = nullptr;
    bool knows_outputs = false;
    // Whether a run may take arguments over.
    bool takes = true;
    // The counts of a run on one device with nothing unknown, nothing taken over, short lists; no counts when
    // there is no such run.
    size_t num_plain_args = SIZE_MAX;
    size_t num_plain_outputs = SIZE_MAX;
  };
  // One call of the plugin: everything is checked and made before it, nothing can fail after it.
  struct Launch;
  struct PoolLaunch;
  friend class PreparedCall;

  static Result<Ref<LoadedExecutable>> compile_now(Client &client, const Program &program,
                                                   const std::string &options, bool with_signature);
  static Result<Ref<LoadedExecutable>> adopt(Client &client, PJRT_LoadedExecutable *raw, bool with_signature);
  Status read(bool with_signature);
  void sum_up() noexcept;
  Status read_counts();
  Status read_outputs();
  Status read_devices();
  Status read_signature();

  bool fits_one_device(const ExecuteOptions &options, size_t num_args, size_t num_outputs) const noexcept;
  Status check_one_device(const ExecuteOptions &options, size_t num_args, size_t num_outputs) const;
  Status check_sharded(size_t num_devices, const ExecuteOptions &options, size_t num_args,
                       size_t num_outputs) const;
  Status check_counts(size_t num_args, size_t num_outputs) const;
  Status prepare(Launch &launch, std::span<pje_buffer *const> args, const ExecuteOptions &options) const;
  Status resolve_args(size_t device, pje_buffer *const *handles, size_t num_args, Buffer **buffers,
                      PJRT_Buffer **raw_args) const;
  Status check_arg(size_t device, size_t i, const pje_buffer *handle, const Buffer *buffer) const;
  // Null: the run is not plain.
  static const LoadedExecutable *resolve_plain(pje_loaded_executable *handle, pje_buffer *const *args,
                                               size_t num_args, pje_buffer *const *outputs,
                                               size_t num_outputs, PJRT_Buffer **raw_args) noexcept;
  Status call_plain(PJRT_Buffer *const *raw_args, size_t num_args, PJRT_Buffer **raw_outputs,
                    PJRT_Event **event) const noexcept;
  static Status check_non_donatable(const ExecuteOptions &options, size_t num_args);
  // `buffers` holds `num_args` for each device.
  Status check_donation(std::span<Buffer *const> buffers, size_t num_args,
                        const ExecuteOptions &options) const;
  Status launch_blocking(Launch &launch, std::span<pje_buffer *const> args, const ExecuteOptions &options,
                         std::span<pje_buffer *> outputs);
  Status launch_async(Launch &launch, std::span<pje_buffer *const> args, const ExecuteOptions &options,
                      std::span<pje_buffer *> outputs, std::span<pje_event *> done);
  // Likewise where something must live until the run has ended.
  Status launch_keeping_extras(Launch &launch, std::span<pje_buffer *const> args,
                               const ExecuteOptions &options, std::span<pje_buffer *> outputs,
                               std::span<pje_event *> done);
  std::span<Device *const> devices_of(const ExecuteOptions &options) const noexcept;
  // The call of an executable that may take arguments over, or that does not tell.
  Status call_taking(std::span<Buffer *const> buffers, size_t num_args, const char *function,
                     PJRT_LoadedExecutable_Execute_Args &args) const noexcept;
  // Points into the options.
  PJRT_ExecuteOptions raw_options(const ExecuteOptions &options) const noexcept;
  Status dispatch(Launch &launch, const ExecuteOptions &options) const;

  Status follow_launches(std::span<pje_buffer *const> args, const ExecuteOptions &options);
  Status check_launch(std::span<pje_buffer *const> args, const ExecuteOptions &options, size_t num_devices,
                      std::vector<LaunchQueue::Use> &uses) const;
  Status start_launch(const std::shared_ptr<PoolLaunch> &launch, std::vector<LaunchQueue::Use> uses);

  struct HostRun;
  using ReadNow = std::function<Status(size_t i, Buffer &output)>;
  using StartRead = std::function<Result<Ref<Event>>(size_t i, Buffer &output)>;
  Status prepare_host_run(std::span<pje_array *const> args, const ExecuteOptions &options, size_t num_outputs,
                          HostRun *run) const;
  Status dispatch_host_run(const char *function, const ExecuteOptions &options, size_t num_outputs,
                           HostRun *run);
  Status host_run(const char *function, std::span<pje_array *const> args, const ExecuteOptions &options,
                  size_t num_outputs, const ReadNow &read);
  Result<Ref<Event>> start_host_run(const char *function, std::span<pje_array *const> args,
                                    const ExecuteOptions &options, size_t num_outputs, const StartRead &read);
  Result<std::vector<Array *>> targets_of_run(std::span<pje_array *const> args,
                                              std::span<pje_array *const> outputs) const;

  void destroy_raw() noexcept;

  Client *client_;
  ClientHold hold_;
  PJRT_LoadedExecutable *raw_;
  PJRT_Executable *executable_ = nullptr;
  // Plugins run what was deleted, and some do not say that it was.
  std::atomic<bool> deleted_{false};
  Signature signature_;
  std::unique_ptr<Data> data_;
};

}  // namespace pje
