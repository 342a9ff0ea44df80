// A run that was set up once: everything that does not change between its runs is found and filled in before.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/loaded_executable.hpp"

namespace pje {

class PreparedCall final : public Object {
 public:
  using Handle = pje_prepared_call;
  static constexpr ObjectType kType = ObjectType::kPreparedCall;

  static Result<Ref<PreparedCall>> create(LoadedExecutable &executable, const ExecuteOptions &options);
  ~PreparedCall() override;

  size_t num_args() const noexcept { return data_->args.size(); }
  size_t num_outputs() const noexcept { return data_->outputs.size(); }
  LoadedExecutable &executable() const noexcept { return *executable_; }
  // NULL empties the slot.
  Status set_arg(size_t i, Buffer *buffer);
  const Object *owner() const noexcept override { return &executable_->client(); }
  Buffer *arg(size_t i) const noexcept { return i < num_args() ? data_->args[i].get() : nullptr; }
  // Lent until the next run; NULL before the first one and after one that failed.
  pje_buffer *output(size_t i) const noexcept { return i < num_outputs() ? data_->outputs[i] : nullptr; }

  Status run(const char *function);
  // A run like the one before it, whose outputs nobody else holds or has changed: the new results take the
  // places of the old ones in the objects that are there, under new handles. Anything else is left to
  // `otherwise`.
  using Run = pje_error *(pje_prepared_call *handle) noexcept;
  static pje_error *run_again(pje_prepared_call *handle, Run &otherwise) noexcept;
  // `done` may be NULL.
  Status run_async(const char *function, pje_event **done);

 private:
  template <class T, class... Args>
  friend Ref<T> pje::make(Args &&...args);
  explicit PreparedCall(LoadedExecutable &executable)
      : executable_(Ref<LoadedExecutable>::share(&executable)), data_(new Data) {}

  struct Data {
    KeptExecuteOptions options;

    std::vector<Ref<Buffer>> args;
    std::vector<PJRT_Buffer *> raw_args;
    // References like those of a caller, so that the batch that ends a caller's buffers ends these too.
    std::vector<pje_buffer *> outputs;
    std::vector<PJRT_Buffer *> raw_outputs;

    // Filled in once; the lists are those above.
    PJRT_ExecuteOptions raw_options;
    PJRT_LoadedExecutable_Execute_Args call;
    PJRT_Buffer *const *arg_list = nullptr;
    PJRT_Buffer **output_list = nullptr;
    PJRT_Event *event = nullptr;

    // Whether a run needs nothing but the call and its outputs' places, which are all taken.
    bool is_plain = false;
    bool has_outputs = false;
  };

  // Whether the next run is like the last one, as far as that can be told without touching its outputs.
  bool can_run_again(const Data &data) const noexcept;
  static Buffer *place_of(const pje_buffer *output) noexcept;
  bool empty_outputs(const abi::Api &api, pje_buffer **outputs, size_t num_outputs) noexcept;
  void drop_emptied(size_t count) noexcept;
  pje_error *give_failure(Status failed) noexcept;

  void fill_in();
  Status check_args() const;
  Status dispatch(const char *function);
  Status give_outputs(SlotReservation &slots);
  Status give_unknown_outputs(SlotReservation &slots);
  void release_outputs() noexcept;
  Status dispatch_and_wait(const char *function);

  Ref<LoadedExecutable> executable_;
  std::unique_ptr<Data> data_;
};

}  // namespace pje
