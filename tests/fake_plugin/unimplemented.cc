#include "calls.hpp"

namespace fake {

// Slots that no test needs yet: each names itself, so that a caller's error is traced to the right call.
#define FAKE_UNIMPLEMENTED(name)                                                \
  Status Call(PJRT_##name##_Args &) {                                           \
    return Unimplemented("PJRT_" #name ": not implemented by the fake plugin"); \
  }

FAKE_UNIMPLEMENTED(CopyToDeviceStream_Destroy)
FAKE_UNIMPLEMENTED(CopyToDeviceStream_AddChunk)
FAKE_UNIMPLEMENTED(CopyToDeviceStream_TotalBytes)
FAKE_UNIMPLEMENTED(CopyToDeviceStream_GranuleSize)
FAKE_UNIMPLEMENTED(CopyToDeviceStream_CurrentBytes)

}  // namespace fake
