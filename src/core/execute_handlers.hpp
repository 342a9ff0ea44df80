// Functions of the user that a running program calls: for its sends, its receives, and results of operations.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "abi/pjrt_abi.h"
#include "core/client.hpp"

namespace pje {

class ExecuteHandlers final : public Object {
 public:
  using Handle = pje_execute_handlers;
  static constexpr ObjectType kType = ObjectType::kExecuteHandlers;

  struct Send {
    int64_t channel_id;
    pje_send_handler handler;
    void *user_data;
  };
  struct Receive {
    int64_t channel_id;
    pje_receive_handler handler;
    void *user_data;
  };
  struct Output {
    int64_t callback_id;
    size_t num_operands;
    pje_output_handler handler;
    void *user_data;
  };

  ExecuteHandlers(pje_callback at_end, void *user_data) noexcept
      : release_(at_end), release_data_(user_data) {}
  ~ExecuteHandlers() override;

  // INVALID_ARGUMENT for a number that has a handler already.
  Status add(const Send &send);
  Status add(const Receive &receive);
  Status add(const Output &output);

  // What a handler's user_data names, where it is ours.
  void keep(std::shared_ptr<const void> owned) { kept_.push_back(std::move(owned)); }
  // Whether a thread of the user's has to answer, which must not be the one that launches.
  bool asks_a_queue() const noexcept { return !kept_.empty(); }

  std::span<const Send> sends() const noexcept { return sends_; }
  std::span<const Receive> receives() const noexcept { return receives_; }
  std::span<const Output> outputs() const noexcept { return outputs_; }
  bool has_outputs() const noexcept { return !outputs_.empty(); }

 private:
  std::vector<Send> sends_;
  std::vector<Receive> receives_;
  std::vector<Output> outputs_;
  std::vector<std::shared_ptr<const void>> kept_;
  pje_callback release_;
  void *release_data_;
};

// The same for the devices of one run, in the plugin's form. Lives until the run has ended.
class BoundHandlers {
 public:
  // Copies: what is added to `handlers` later is for later runs.
  BoundHandlers(const ExecuteHandlers &handlers, Client &client, std::span<Device *const> devices);
  BoundHandlers(const BoundHandlers &) = delete;
  BoundHandlers &operator=(const BoundHandlers &) = delete;

  PJRT_SendCallbackInfo **sends() noexcept { return send_lists_.empty() ? nullptr : send_lists_.data(); }
  size_t num_sends() const noexcept { return num_sends_; }
  PJRT_RecvCallbackInfo **receives() noexcept {
    return receive_lists_.empty() ? nullptr : receive_lists_.data();
  }
  size_t num_receives() const noexcept { return num_receives_; }
  PJRT_HloOutputCallbackInfo *outputs() noexcept {
    return output_infos_.empty() ? nullptr : output_infos_.data();
  }
  size_t num_outputs() const noexcept { return output_infos_.size(); }

 private:
  struct Place {
    Client *client;
    Device *device;
    size_t device_index;
  };
  struct BoundSend : Place {
    ExecuteHandlers::Send send;
  };
  struct BoundReceive : Place {
    ExecuteHandlers::Receive receive;
  };
  static PJRT_Error *on_send(PJRT_Chunk *chunk, PJRT_CallbackError *make_error, size_t total, bool done,
                             void *user_arg) noexcept;
  static void on_receive(PJRT_CopyToDeviceStream *stream, void *user_arg) noexcept;
  static void on_output(int64_t replica, int64_t partition, const void *data, const int64_t *dims,
                        size_t num_dims, PJRT_Buffer_Type type, int64_t operand, void *user_arg) noexcept;

  std::vector<BoundSend> bound_sends_;
  std::vector<BoundReceive> bound_receives_;
  std::vector<ExecuteHandlers::Output> bound_outputs_;
  std::vector<PJRT_SendCallbackInfo> send_infos_;
  std::vector<PJRT_RecvCallbackInfo> receive_infos_;
  std::vector<PJRT_HloOutputCallbackInfo> output_infos_;
  std::vector<PJRT_SendCallbackInfo *> send_lists_;
  std::vector<PJRT_RecvCallbackInfo *> receive_lists_;
  size_t num_sends_ = 0;
  size_t num_receives_ = 0;
};

}  // namespace pje
