/** @file
 * Buffers that no upload and no program makes, and what is given to a plugin later than it was promised. Any
 * thread. @since 0.1.
 */
#ifndef PJRT_EASY_SPECIAL_BUFFERS_H_
#define PJRT_EASY_SPECIAL_BUFFERS_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** Where and how to make a buffer. All zero: in the default memory of the first addressable device,
 * row-major.
 */
typedef struct pje_buffer_options {
  size_t struct_size;                    /**< sizeof(pje_buffer_options) */
  pje_device *PJE_NULLABLE device;       /**< in this device's default memory */
  pje_memory *PJE_NULLABLE memory;       /**< in this memory; at most one of device and memory */
  const pje_layout *PJE_NULLABLE layout; /**< how it lies there; NULL: row-major */
} pje_buffer_options;

#define PJE_BUFFER_OPTIONS_INIT \
  { sizeof(pje_buffer_options), NULL, NULL, NULL }

/** Memory of somebody else's that a buffer shall show. */
typedef struct pje_view_options {
  size_t struct_size;                    /**< sizeof(pje_view_options) */
  pje_device *PJE_NULLABLE device;       /**< that has the memory; NULL: the first addressable one */
  pje_memory *PJE_NULLABLE memory;       /**< that it belongs to; at most one of device and memory */
  const pje_layout *PJE_NULLABLE layout; /**< how the contents lie there; NULL: row-major */
  pje_callback PJE_NULLABLE release;     /**< runs once when the memory is no longer used, on any thread */
  void *PJE_NULLABLE release_data;       /**< given to release */
  int64_t stream; /**< of the device, after whose work the contents are there; 0: they are there */
} pje_view_options;

#define PJE_VIEW_OPTIONS_INIT \
  { sizeof(pje_view_options), NULL, NULL, NULL, NULL, NULL, 0 }

/** Makes a buffer whose contents are whatever lies there. @param dims `rank` sizes; may be NULL when `rank`
 * is 0. @param out Owned by the caller. Errors of all functions here: INVALID_ARGUMENT (dtype, dims, a device
 * or memory of another client, a layout of another rank), UNIMPLEMENTED (dtype or function newer than the
 * plugin), what the plugin answers, such as RESOURCE_EXHAUSTED. PJRT: PJRT_Client_CreateUninitializedBuffer.
 */
PJE_EXPORT pje_error *pje_buffer_create_uninitialized(pje_client *client, pje_dtype dtype,
                                                      const int64_t *PJE_NULLABLE dims, size_t rank,
                                                      const pje_buffer_options *PJE_NULLABLE options,
                                                      pje_buffer **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Makes a buffer that has failed: whoever reads it, or runs a program on it, gets the error. Its payloads go
 * with it from PJRT 0.103 on. @param error borrowed. @param out Owned by the caller.
 * PJRT: PJRT_Client_CreateErrorBuffer. */
PJE_EXPORT pje_error *pje_buffer_create_error(pje_client *client, const pje_error *error, pje_dtype dtype,
                                              const int64_t *PJE_NULLABLE dims, size_t rank,
                                              const pje_buffer_options *PJE_NULLABLE options,
                                              pje_buffer **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Makes a buffer that stands for one to come: programs may be run on it at once, and wait. @param out Owned
 * by the caller. @param fulfilment Owned by the caller; pje_fulfilment_set_buffer names the buffer.
 * PJRT: PJRT_Client_CreateAliasBuffer. */
PJE_EXPORT pje_error *pje_buffer_create_alias(pje_client *client, pje_dtype dtype,
                                              const int64_t *PJE_NULLABLE dims, size_t rank,
                                              const pje_buffer_options *PJE_NULLABLE options,
                                              pje_buffer **out,
                                              pje_fulfilment **fulfilment) PJE_NOEXCEPT PJE_NODISCARD;

/** Makes a buffer of memory that is there already, on the device, without a copy. The memory must live until
 * options->release has run; on an error it has not run and never will.
 * @param data aligned as the device wants it: to 64 bytes on a CPU. @param size bytes at `data`.
 * @param out Owned by the caller. Errors: INVALID_ARGUMENT (also NULL or misaligned data, size too small).
 * PJRT: PJRT_Client_CreateViewOfDeviceBuffer. */
PJE_EXPORT pje_error *pje_buffer_create_view(pje_client *client, void *PJE_NULLABLE data, size_t size,
                                             pje_dtype dtype, const int64_t *PJE_NULLABLE dims, size_t rank,
                                             const pje_view_options *PJE_NULLABLE options,
                                             pje_buffer **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Makes a buffer that shows the memory of another one as another type of as many bits. @param layout of the
 * new buffer; NULL: the plugin's default. @param out Owned by the caller; both stay usable. Errors:
 * INVALID_ARGUMENT (another number of bits), FAILED_PRECONDITION (deleted or donated buffer).
 * PJRT: PJRT_Buffer_Bitcast. */
PJE_EXPORT pje_error *pje_buffer_bitcast(pje_buffer *buffer, pje_dtype dtype,
                                         const int64_t *PJE_NULLABLE dims, size_t rank,
                                         const pje_layout *PJE_NULLABLE layout,
                                         pje_buffer **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Takes the contents of a buffer over into a new one that is ready only after pje_fulfilment_set_done. The
 * old handle must still be released. @param out Owned by the caller. @param fulfilment Owned by the caller.
 * Errors: FAILED_PRECONDITION (deleted or donated buffer), what the plugin answers.
 * PJRT: PJRT_Buffer_DonateWithControlDependency. */
PJE_EXPORT pje_error *pje_buffer_donate_with_dependency(
    pje_buffer *buffer, pje_buffer **out, pje_fulfilment **fulfilment) PJE_NOEXCEPT PJE_NODISCARD;

/* Fulfilments: what a plugin was promised. Each is given something exactly once; the last release of one that
 * was given nothing gives it CANCELLED. */

/** Adds a reference and returns `fulfilment`. Callback-safe. */
PJE_EXPORT pje_fulfilment *pje_fulfilment_retain(const pje_fulfilment *PJE_NULLABLE fulfilment) PJE_NOEXCEPT;

/** Drops a reference. Callback-safe. */
PJE_EXPORT void pje_fulfilment_release(pje_fulfilment *PJE_NULLABLE fulfilment) PJE_NOEXCEPT;

/** Names the buffer behind an alias. `buffer` stays the caller's. Errors: INVALID_ARGUMENT (not that of an
 * alias; another type or client; nothing is given then), FAILED_PRECONDITION (given something before; deleted
 * or donated buffer), what the plugin answers. PJRT: PJRT_Client_FulfillAliasBuffer. */
PJE_EXPORT pje_error *pje_fulfilment_set_buffer(pje_fulfilment *fulfilment,
                                                pje_buffer *buffer) PJE_NOEXCEPT PJE_NODISCARD;

/** Names the memory for a raw copy, which must live until the copy's event is ready. @param size at least
 * what was asked for. Errors: INVALID_ARGUMENT (not that of a raw copy, size too small, NULL data),
 * FAILED_PRECONDITION (given something before). PJRT: PJRT_Buffer_CopyRawToHostFuture. */
PJE_EXPORT pje_error *pje_fulfilment_set_data(pje_fulfilment *fulfilment, void *PJE_NULLABLE data,
                                              size_t size) PJE_NOEXCEPT PJE_NODISCARD;

/** Says that what a donation waits for has happened. Errors: INVALID_ARGUMENT (not that of a donation),
 * FAILED_PRECONDITION (given something before). PJRT: PJRT_Buffer_DonateWithControlDependency. */
PJE_EXPORT pje_error *pje_fulfilment_set_done(pje_fulfilment *fulfilment) PJE_NOEXCEPT PJE_NODISCARD;

/** Says that what was promised will not come; whoever waits for it gets the error. @param error borrowed.
 * Errors: FAILED_PRECONDITION (given something before). PJRT: PJRT_Client_FulfillAliasBuffer,
 * PJRT_Buffer_CopyRawToHostFuture or PJRT_Buffer_DonateWithControlDependency. */
PJE_EXPORT pje_error *pje_fulfilment_set_error(pje_fulfilment *fulfilment,
                                               const pje_error *error) PJE_NOEXCEPT PJE_NODISCARD;

PJE_END_DECLS

#endif /* PJRT_EASY_SPECIAL_BUFFERS_H_ */
