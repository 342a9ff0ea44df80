// What a running program says to the host and hears from it: sends, receives, and results of tagged
// operations.
#pragma once

#include "tensor.hpp"

namespace fake {

// The callbacks of one device's run, copied: the structs that carry them live only through the call.
struct HostCallbacks {
  std::vector<PJRT_SendCallbackInfo> sends;
  std::vector<PJRT_RecvCallbackInfo> receives;
  std::vector<PJRT_HloOutputCallbackInfo> outputs;
  // Row-major, or the device's own layout.
  bool major_to_minor = true;
  int64_t replica = 0;
  int64_t partition = 0;
};

// Copies those of device `index` of a run.
HostCallbacks ReadCallbacks(const PJRT_ExecuteOptions &options, size_t index);

// Each runs the callback of the channel; throws ProgramError with what went wrong.
void SendToHost(const HostCallbacks &callbacks, int64_t channel, const Tensor &tensor);
Tensor ReceiveFromHost(const HostCallbacks &callbacks, int64_t channel, const TensorType &type);
// Nothing where no callback has the number.
void ShowOutput(const HostCallbacks &callbacks, int64_t callback_id, const Tensor &tensor);

}  // namespace fake
