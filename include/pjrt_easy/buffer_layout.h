/** @file
 * Buffers and layouts: how the contents lie on the device, and reading them back in an order of the caller's.
 * Any thread. @since 0.1.
 */
#ifndef PJRT_EASY_BUFFER_LAYOUT_H_
#define PJRT_EASY_BUFFER_LAYOUT_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** How the contents lie on the device, as the plugin says. @param out Owned by the caller. Errors:
 * what the plugin answers, UNIMPLEMENTED where it does not tell.
 * PJRT has deprecated PJRT_Buffer_GetMemoryLayout, whose successor is PJRT_Layouts_PJRT_Buffer_MemoryLayout
 * of the Layouts extension; plugins answer it still. PJRT: PJRT_Buffer_GetMemoryLayout. */
PJE_EXPORT pje_error *pje_buffer_memory_layout(pje_buffer *buffer,
                                               pje_layout **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Copies the contents to `data` in the caller's layout: an order of dimensions, tiles, or byte strides.
 * Blocks until the end. The plugin does it where it can, the library where the plugin cannot or does not.
 * @param data where the first element goes; negative strides reach below it. Padding of tiles and gaps
 * between strides are left as they are.
 * @param size bounds every address: each lies less than `size` bytes from `data` on either side; for layouts
 * without negative strides at least pje_layout_host_size. Errors: INVALID_ARGUMENT (NULL data, size too
 * small, another rank than the buffer's, strides that let elements overlap), UNIMPLEMENTED (tiles that merge
 * dimensions), otherwise as pje_buffer_to_host. PJRT: PJRT_Buffer_ToHostBuffer. */
PJE_EXPORT pje_error *pje_buffer_to_host_layout(pje_buffer *buffer, const pje_layout *layout,
                                                void *PJE_NULLABLE data,
                                                size_t size) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_buffer_to_host_layout without the wait. `data` must live until the event is ready; the layout need
 * not. @param done Owned by the caller; ready when `data` is complete. PJRT: PJRT_Buffer_ToHostBuffer. */
PJE_EXPORT pje_error *pje_buffer_to_host_layout_async(pje_buffer *buffer, const pje_layout *layout,
                                                      void *PJE_NULLABLE data, size_t size,
                                                      pje_event **done) PJE_NOEXCEPT PJE_NODISCARD;

PJE_END_DECLS

#endif /* PJRT_EASY_BUFFER_LAYOUT_H_ */
