// The enumerations of the PJRT ABI. Numbers are facts of the ABI; tests/abi compares every one.
#pragma once

enum PJRT_Extension_Type : uint32_t {
  PJRT_Extension_Type_Gpu_Custom_Call = 0,
  PJRT_Extension_Type_Profiler = 1,
  PJRT_Extension_Type_Custom_Partitioner = 2,
  PJRT_Extension_Type_Stream = 3,
  PJRT_Extension_Type_Layouts = 4,
  PJRT_Extension_Type_FFI = 5,
  PJRT_Extension_Type_MemoryDescriptions = 6,    // 0.59
  PJRT_Extension_Type_Triton = 7,                // 0.65
  PJRT_Extension_Type_RawBuffer = 8,             // 0.68
  PJRT_Extension_Type_PhaseCompile = 9,          // 0.74
  PJRT_Extension_Type_Example = 10,              // 0.74
  PJRT_Extension_Type_Unknown = 11,              // 0.74
  PJRT_Extension_Type_CrossHostTransfers = 12,   // 0.74
  PJRT_Extension_Type_ExecutableMetadata = 13,   // 0.75
  PJRT_Extension_Type_Callback = 14,             // 0.78
  PJRT_Extension_Type_HostAllocator = 15,        // 0.80
  PJRT_Extension_Type_TpuTopology = 16,          // 0.90
  PJRT_Extension_Type_TpuExecutable = 17,        // 0.90
  PJRT_Extension_Type_Megascale = 18,            // 0.90
  PJRT_Extension_Type_Shardings = 19,            // 0.91
  PJRT_Extension_Type_AbiVersion = 20,           // 0.97
  PJRT_Extension_Type_Collectives = 21,          // 0.97
  PJRT_Extension_Type_MultiSlice = 22,           // 0.97
  PJRT_Extension_Type_HostMemoryAllocator = 23,  // 0.104
  PJRT_Extension_Type_XlaTransform = 24,         // 0.110
};

enum PJRT_Error_Code : uint32_t {
  PJRT_Error_Code_OK = 0,  // 0.78
  PJRT_Error_Code_CANCELLED = 1,
  PJRT_Error_Code_UNKNOWN = 2,
  PJRT_Error_Code_INVALID_ARGUMENT = 3,
  PJRT_Error_Code_DEADLINE_EXCEEDED = 4,
  PJRT_Error_Code_NOT_FOUND = 5,
  PJRT_Error_Code_ALREADY_EXISTS = 6,
  PJRT_Error_Code_PERMISSION_DENIED = 7,
  PJRT_Error_Code_RESOURCE_EXHAUSTED = 8,
  PJRT_Error_Code_FAILED_PRECONDITION = 9,
  PJRT_Error_Code_ABORTED = 10,
  PJRT_Error_Code_OUT_OF_RANGE = 11,
  PJRT_Error_Code_UNIMPLEMENTED = 12,
  PJRT_Error_Code_INTERNAL = 13,
  PJRT_Error_Code_UNAVAILABLE = 14,
  PJRT_Error_Code_DATA_LOSS = 15,
  PJRT_Error_Code_UNAUTHENTICATED = 16,
};

enum PJRT_NamedValue_Type : uint32_t {
  PJRT_NamedValue_kString = 0,
  PJRT_NamedValue_kInt64 = 1,
  PJRT_NamedValue_kInt64List = 2,
  PJRT_NamedValue_kFloat = 3,
  PJRT_NamedValue_kBool = 4,
};

enum PJRT_ProcessState : uint32_t {
  PJRT_ProcessState_kUnspecified = 0,    // 0.74
  PJRT_ProcessState_kUninitialized = 1,  // 0.74
  PJRT_ProcessState_kDisconnected = 2,   // 0.74
  PJRT_ProcessState_kConnected = 3,      // 0.74
  PJRT_ProcessState_kError = 4,          // 0.74
};

enum PJRT_Buffer_Type : uint32_t {
  PJRT_Buffer_Type_INVALID = 0,
  PJRT_Buffer_Type_PRED = 1,
  PJRT_Buffer_Type_S8 = 2,
  PJRT_Buffer_Type_S16 = 3,
  PJRT_Buffer_Type_S32 = 4,
  PJRT_Buffer_Type_S64 = 5,
  PJRT_Buffer_Type_U8 = 6,
  PJRT_Buffer_Type_U16 = 7,
  PJRT_Buffer_Type_U32 = 8,
  PJRT_Buffer_Type_U64 = 9,
  PJRT_Buffer_Type_F16 = 10,
  PJRT_Buffer_Type_F32 = 11,
  PJRT_Buffer_Type_F64 = 12,
  PJRT_Buffer_Type_BF16 = 13,
  PJRT_Buffer_Type_C64 = 14,
  PJRT_Buffer_Type_C128 = 15,
  PJRT_Buffer_Type_F8E5M2 = 16,
  PJRT_Buffer_Type_F8E4M3FN = 17,
  PJRT_Buffer_Type_F8E4M3B11FNUZ = 18,
  PJRT_Buffer_Type_F8E5M2FNUZ = 19,
  PJRT_Buffer_Type_F8E4M3FNUZ = 20,
  PJRT_Buffer_Type_S4 = 21,
  PJRT_Buffer_Type_U4 = 22,
  PJRT_Buffer_Type_TOKEN = 23,
  PJRT_Buffer_Type_S2 = 24,
  PJRT_Buffer_Type_U2 = 25,
  PJRT_Buffer_Type_F8E4M3 = 26,
  PJRT_Buffer_Type_F8E3M4 = 27,
  PJRT_Buffer_Type_F8E8M0FNU = 28,  // 0.63
  PJRT_Buffer_Type_F4E2M1FN = 29,   // 0.63
  PJRT_Buffer_Type_S1 = 30,         // 0.94
  PJRT_Buffer_Type_U1 = 31,         // 0.94
  PJRT_Buffer_Type_F6E2M3FN = 32,   // 0.114
  PJRT_Buffer_Type_F6E3M2FN = 33,   // 0.114
};

enum PJRT_HostBufferSemantics : uint32_t {
  PJRT_HostBufferSemantics_kImmutableOnlyDuringCall = 0,
  PJRT_HostBufferSemantics_kImmutableUntilTransferCompletes = 1,
  PJRT_HostBufferSemantics_kImmutableZeroCopy = 2,
  PJRT_HostBufferSemantics_kMutableZeroCopy = 3,
};

enum PJRT_Buffer_MemoryLayout_Type : uint32_t {
  PJRT_Buffer_MemoryLayout_Type_Tiled = 0,
  PJRT_Buffer_MemoryLayout_Type_Strides = 1,
};
