/** @file
 * Types, numbers and annotations that every other section of the header uses.
 */
#ifndef PJRT_EASY_TYPES_H_
#define PJRT_EASY_TYPES_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PJE_VERSION_MAJOR 0
#define PJE_VERSION_MINOR 1
#define PJE_VERSION_PATCH 0
/** Version of this header as one number: major * 1000000 + minor * 1000 + patch. */
#define PJE_VERSION_NUMBER (PJE_VERSION_MAJOR * 1000000 + PJE_VERSION_MINOR * 1000 + PJE_VERSION_PATCH)

#ifdef __cplusplus
#define PJE_NOEXCEPT noexcept
#define PJE_BEGIN_DECLS extern "C" {
#define PJE_END_DECLS }
/** A caller in C may pass any number; with a fixed type C++ may look at it. The size is that of C's enum. */
#define PJE_ENUM_BASE : int32_t
#else
#define PJE_ENUM_BASE
#define PJE_NOEXCEPT
#define PJE_BEGIN_DECLS
#define PJE_END_DECLS
#endif

#if defined(__GNUC__) || defined(__clang__)
#define PJE_EXPORT __attribute__((visibility("default")))
#define PJE_NODISCARD __attribute__((warn_unused_result))
#else
#define PJE_EXPORT
#define PJE_NODISCARD
#endif

/** Marks a pointer that may be NULL, for readers and for generators of bindings. Expands to nothing. */
#define PJE_NULLABLE

PJE_BEGIN_DECLS

/* Every object is an opaque, atomically counted handle. Each has pje_X_retain, which returns its argument,
 * and pje_X_release; both accept NULL. A child keeps its parents alive: any order of release is right. */
typedef struct pje_error pje_error;
typedef struct pje_plugin pje_plugin;
typedef struct pje_client pje_client;
typedef struct pje_device pje_device;
typedef struct pje_memory pje_memory;
typedef struct pje_topology pje_topology;
typedef struct pje_device_description pje_device_description;
typedef struct pje_program pje_program;
typedef struct pje_compile_options pje_compile_options;
typedef struct pje_executable pje_executable;
typedef struct pje_loaded_executable pje_loaded_executable;
typedef struct pje_buffer pje_buffer;
typedef struct pje_event pje_event;
typedef struct pje_completion_queue pje_completion_queue;
typedef struct pje_request_queue pje_request_queue;
typedef struct pje_array pje_array;
typedef struct pje_named_values pje_named_values;
typedef struct pje_bytes pje_bytes;
typedef struct pje_kv_store pje_kv_store;
typedef struct pje_execute_context pje_execute_context;
typedef struct pje_transfer_manager pje_transfer_manager;
typedef struct pje_copy_stream pje_copy_stream;
typedef struct pje_layout pje_layout;
typedef struct pje_device_assignment pje_device_assignment;
typedef struct pje_fulfilment pje_fulfilment;
typedef struct pje_buffer_reference pje_buffer_reference;
typedef struct pje_dma_mapping pje_dma_mapping;
typedef struct pje_tracking_event pje_tracking_event;
typedef struct pje_chunk pje_chunk;
typedef struct pje_execute_handlers pje_execute_handlers;
typedef struct pje_prepared_call pje_prepared_call;
typedef struct pje_host_view pje_host_view;

/** A callback: runs exactly once, on a thread of the plugin or inside the call that caused it.
 * Inside one only functions marked "Callback-safe" work; all others return FAILED_PRECONDITION at once. */
typedef void (*pje_callback)(void *user_data);

/** What a handler of a send or of a receive is told. */
typedef struct pje_transfer_info {
  size_t struct_size; /**< of the library's struct: members beyond it are not there */
  int64_t channel_id;
  pje_device *device;  /**< Borrowed */
  size_t device_index; /**< place of the device in the run */
  size_t total_bytes;  /**< of the whole transfer */
  uint32_t is_last;    /**< 1 for the last chunk of a send, 0 for those before */
  uint32_t reserved;
} pje_transfer_info;

/** What a handler of an operation's result is told; Borrowed until it returns. */
typedef struct pje_output_info {
  size_t struct_size;  /**< of the library's struct: members beyond it are not there */
  int64_t callback_id; /**< the number that the program gave to the operation */
  int64_t replica;
  int64_t partition;
  int64_t operand_index; /**< which part of a result that is a tuple, else 0 */
  const void *data;
  size_t size; /**< of data, in bytes */
  const int64_t *PJE_NULLABLE dims;
  size_t rank;
  int32_t dtype; /**< pje_dtype */
  uint32_t reserved;
} pje_output_info;

/** Takes a chunk that a program sends; `chunk` is Borrowed: retain it to keep it. An error that it returns is
 * taken over by the library and ends the run with it. Runs on a thread of the plugin, which waits for it. */
typedef pje_error *(*pje_send_handler)(void *user_data, const pje_transfer_info *info, pje_chunk *chunk);

/** Feeds a receive of a program: adds chunks to `stream` until its total is reached, inside the call or later
 * from any thread. `stream` is Borrowed: retain it to go on later. An error that it returns is taken over by
 * the library, logged, and ends the stream, at which the plugin fails the run. */
typedef pje_error *(*pje_receive_handler)(void *user_data, const pje_transfer_info *info,
                                          pje_copy_stream *stream);

/** Looks at an operation's result. */
typedef void (*pje_output_handler)(void *user_data, const pje_output_info *info);

/** How far a transfer of several arrays is. */
typedef struct pje_transfer_state {
  size_t struct_size;  /**< of the library's struct: members beyond it are not there */
  uint64_t bytes_done; /**< bytes of the host's arrays that are on the device */
  uint64_t bytes_total;
  size_t buffers_done; /**< arrays that are complete */
  size_t num_buffers;
  double bytes_per_second; /**< since the beginning */
} pje_transfer_state;

/** Is told how far a transfer is; `state` is Borrowed until it returns. */
typedef void (*pje_transfer_progress)(void *user_data, const pje_transfer_state *state);

/** Waits at most `timeout_ns` nanoseconds (negative: no limit) until a key-value store has a value for a key
 * and writes it to `*value`, made with pje_bytes_create and given away. Keys are not NUL-terminated. An error
 * that it returns is taken over by the library and given to the plugin. */
typedef pje_error *(*pje_kv_get_callback)(void *user_data, const char *key, size_t key_size,
                                          int64_t timeout_ns, pje_bytes **value);
/** Likewise without waiting: NOT_FOUND when there is no value. */
typedef pje_error *(*pje_kv_try_get_callback)(void *user_data, const char *key, size_t key_size,
                                              pje_bytes **value);
/** Keeps a value, which is Borrowed until it returns. */
typedef pje_error *(*pje_kv_put_callback)(void *user_data, const char *key, size_t key_size,
                                          const void *value, size_t value_size);

/** Error codes, with PJRT's numbers. */
typedef enum pje_code PJE_ENUM_BASE {
  PJE_OK = 0,
  PJE_CANCELLED = 1,
  PJE_UNKNOWN = 2,
  PJE_INVALID_ARGUMENT = 3,
  PJE_DEADLINE_EXCEEDED = 4,
  PJE_NOT_FOUND = 5,
  PJE_ALREADY_EXISTS = 6,
  PJE_PERMISSION_DENIED = 7,
  PJE_RESOURCE_EXHAUSTED = 8,
  PJE_FAILED_PRECONDITION = 9,
  PJE_ABORTED = 10,
  PJE_OUT_OF_RANGE = 11,
  PJE_UNIMPLEMENTED = 12,
  PJE_INTERNAL = 13,
  PJE_UNAVAILABLE = 14,
  PJE_DATA_LOSS = 15,
  PJE_UNAUTHENTICATED = 16,
  PJE_CODE_MAX_ = INT32_MAX
} pje_code;

/** Element types, with the numbers of PJRT_Buffer_Type. Host data of types below 8 bits is one element a
 * byte. */
typedef enum pje_dtype PJE_ENUM_BASE {
  PJE_DTYPE_INVALID = 0,
  PJE_PRED = 1,
  PJE_S8 = 2,
  PJE_S16 = 3,
  PJE_S32 = 4,
  PJE_S64 = 5,
  PJE_U8 = 6,
  PJE_U16 = 7,
  PJE_U32 = 8,
  PJE_U64 = 9,
  PJE_F16 = 10,
  PJE_F32 = 11,
  PJE_F64 = 12,
  PJE_BF16 = 13,
  PJE_C64 = 14,
  PJE_C128 = 15,
  PJE_F8E5M2 = 16,
  PJE_F8E4M3FN = 17,
  PJE_F8E4M3B11FNUZ = 18,
  PJE_F8E5M2FNUZ = 19,
  PJE_F8E4M3FNUZ = 20,
  PJE_S4 = 21,
  PJE_U4 = 22,
  PJE_TOKEN = 23,
  PJE_S2 = 24,
  PJE_U2 = 25,
  PJE_F8E4M3 = 26,
  PJE_F8E3M4 = 27,
  PJE_F8E8M0FNU = 28,
  PJE_F4E2M1FN = 29,
  PJE_S1 = 30,
  PJE_U1 = 31,
  PJE_F6E2M3FN = 32,
  PJE_F6E3M2FN = 33,
  PJE_DTYPE_MAX_ = INT32_MAX
} pje_dtype;

/** What an element type means, whatever its width. */
typedef enum pje_dtype_kind PJE_ENUM_BASE {
  PJE_KIND_INVALID = 0,
  PJE_KIND_BOOL = 1,
  PJE_KIND_SIGNED = 2,
  PJE_KIND_UNSIGNED = 3,
  PJE_KIND_FLOAT = 4,
  PJE_KIND_COMPLEX = 5,
  PJE_KIND_TOKEN = 6,
  PJE_KIND_MAX_ = INT32_MAX
} pje_dtype_kind;

/** Forms in which a program arrives. */
typedef enum pje_program_format PJE_ENUM_BASE {
  PJE_PROGRAM_AUTO = 0,            /**< looked up in the bytes */
  PJE_PROGRAM_MLIR = 1,            /**< StableHLO, as text or as bytecode */
  PJE_PROGRAM_HLO = 2,             /**< a serialized HloModuleProto */
  PJE_PROGRAM_HLO_WITH_CONFIG = 3, /**< a serialized HloModuleProtoWithConfig */
  PJE_PROGRAM_FORMAT_MAX_ = INT32_MAX
} pje_program_format;

/** How long host memory given to an upload is used; PJRT's numbers plus one, so that 0 is the default. */
typedef enum pje_host_semantics PJE_ENUM_BASE {
  PJE_HOST_DEFAULT = 0,                            /**< the copying one below */
  PJE_HOST_IMMUTABLE_ONLY_DURING_CALL = 1,         /**< copied before the call returns */
  PJE_HOST_IMMUTABLE_UNTIL_TRANSFER_COMPLETES = 2, /**< read until host_done is ready */
  PJE_HOST_IMMUTABLE_ZERO_COPY = 3,                /**< may be read until release has run */
  PJE_HOST_MUTABLE_ZERO_COPY = 4,                  /**< may be read and written until release has run */
  PJE_HOST_SEMANTICS_MAX_ = INT32_MAX
} pje_host_semantics;

/** Kinds of a named value, with the numbers of PJRT_NamedValue_Type. */
typedef enum pje_value_kind PJE_ENUM_BASE {
  PJE_VALUE_STRING = 0,
  PJE_VALUE_INT64 = 1,
  PJE_VALUE_INT64_LIST = 2,
  PJE_VALUE_FLOAT = 3,
  PJE_VALUE_BOOL = 4,
  PJE_VALUE_KIND_MAX_ = INT32_MAX
} pje_value_kind;

/** Types of plugin extensions, with PJRT's numbers. A plugin may have others: they are listed by number. */
typedef enum pje_extension_type PJE_ENUM_BASE {
  PJE_EXTENSION_GPU_CUSTOM_CALL = 0,
  PJE_EXTENSION_PROFILER = 1,
  PJE_EXTENSION_CUSTOM_PARTITIONER = 2,
  PJE_EXTENSION_STREAM = 3,
  PJE_EXTENSION_LAYOUTS = 4,
  PJE_EXTENSION_FFI = 5,
  PJE_EXTENSION_MEMORY_DESCRIPTIONS = 6,
  PJE_EXTENSION_TRITON = 7,
  PJE_EXTENSION_RAW_BUFFER = 8,
  PJE_EXTENSION_PHASE_COMPILE = 9,
  PJE_EXTENSION_EXAMPLE = 10,
  PJE_EXTENSION_UNKNOWN = 11,
  PJE_EXTENSION_CROSS_HOST_TRANSFERS = 12,
  PJE_EXTENSION_EXECUTABLE_METADATA = 13,
  PJE_EXTENSION_CALLBACK = 14,
  PJE_EXTENSION_HOST_ALLOCATOR = 15,
  PJE_EXTENSION_TPU_TOPOLOGY = 16,
  PJE_EXTENSION_TPU_EXECUTABLE = 17,
  PJE_EXTENSION_MEGASCALE = 18,
  PJE_EXTENSION_SHARDINGS = 19,
  PJE_EXTENSION_ABI_VERSION = 20,
  PJE_EXTENSION_COLLECTIVES = 21,
  PJE_EXTENSION_MULTI_SLICE = 22,
  PJE_EXTENSION_HOST_MEMORY_ALLOCATOR = 23,
  PJE_EXTENSION_XLA_TRANSFORM = 24,
  PJE_EXTENSION_TYPE_MAX_ = INT32_MAX
} pje_extension_type;

PJE_END_DECLS

#endif /* PJRT_EASY_TYPES_H_ */
