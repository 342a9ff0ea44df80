#include "calls.hpp"

namespace fake {

// Slots that no test needs yet: each names itself, so that a caller's error is traced to the right call.
#define FAKE_UNIMPLEMENTED(name)                                                \
  Status Call(PJRT_##name##_Args &) {                                           \
    return Unimplemented("PJRT_" #name ": not implemented by the fake plugin"); \
  }

FAKE_UNIMPLEMENTED(Client_CreateViewOfDeviceBuffer)
FAKE_UNIMPLEMENTED(Client_CreateUninitializedBuffer)
FAKE_UNIMPLEMENTED(Client_CreateErrorBuffer)
FAKE_UNIMPLEMENTED(Client_CreateAliasBuffer)
FAKE_UNIMPLEMENTED(Client_FulfillAliasBuffer)
FAKE_UNIMPLEMENTED(Client_CreateBuffersForAsyncHostToDevice)
FAKE_UNIMPLEMENTED(AsyncHostToDeviceTransferManager_Destroy)
FAKE_UNIMPLEMENTED(AsyncHostToDeviceTransferManager_TransferData)
FAKE_UNIMPLEMENTED(AsyncHostToDeviceTransferManager_TransferLiteral)
FAKE_UNIMPLEMENTED(AsyncHostToDeviceTransferManager_RetrieveBuffer)
FAKE_UNIMPLEMENTED(AsyncHostToDeviceTransferManager_Device)
FAKE_UNIMPLEMENTED(AsyncHostToDeviceTransferManager_BufferCount)
FAKE_UNIMPLEMENTED(AsyncHostToDeviceTransferManager_BufferSize)
FAKE_UNIMPLEMENTED(AsyncHostToDeviceTransferManager_SetBufferError)
FAKE_UNIMPLEMENTED(AsyncHostToDeviceTransferManager_AddMetadata)
FAKE_UNIMPLEMENTED(Buffer_CopyRawToHostFuture)
FAKE_UNIMPLEMENTED(Buffer_DonateWithControlDependency)
FAKE_UNIMPLEMENTED(Buffer_Bitcast)
FAKE_UNIMPLEMENTED(Device_PoisonExecution)
FAKE_UNIMPLEMENTED(CopyToDeviceStream_Destroy)
FAKE_UNIMPLEMENTED(CopyToDeviceStream_AddChunk)
FAKE_UNIMPLEMENTED(CopyToDeviceStream_TotalBytes)
FAKE_UNIMPLEMENTED(CopyToDeviceStream_GranuleSize)
FAKE_UNIMPLEMENTED(CopyToDeviceStream_CurrentBytes)
FAKE_UNIMPLEMENTED(TopologyDescription_MakeCanonicalShapeForMemorySpace)

}  // namespace fake
