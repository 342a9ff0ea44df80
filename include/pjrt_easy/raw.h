/** @file
 * Ways out: the plugin's own pointers behind our objects, for functions that this library does not know yet.
 * Any thread, Callback-safe, @since 0.1.
 *
 * Each is lent: it lives as long as the object, or until the client is closed (then NULL), and stays the
 * library's to destroy. A buffer whose contents were deleted or donated keeps its pointer, for what PJRT
 * still answers about such. What the plugin is asked to change behind the library's back is not seen by it.
 * The pointers are PJRT's opaque types; their sizes are the plugin's affair. Argument structs begin with
 * their size, which pje_function_args_size tells: that of the newest struct, which a plugin older than it
 * accepts, as measured from its first to the end of its last member. Events have no such pointer, since the
 * library destroys theirs once they are ready; pje_event_create_raw makes one that has.
 */
#ifndef PJRT_EASY_RAW_H_
#define PJRT_EASY_RAW_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** As pje_plugin_api. @param struct_size receives the size of the table in bytes as the plugin gives it: no
 * function behind it may be read. */
PJE_EXPORT const void *pje_plugin_raw_api(const pje_plugin *plugin,
                                          size_t *PJE_NULLABLE struct_size) PJE_NOEXCEPT;

/** Bytes of the argument struct of function `index` of pje_function_name, or 0. */
PJE_EXPORT size_t pje_function_args_size(size_t index) PJE_NOEXCEPT;

/** Where function `index` of pje_function_name stands in the table, in bytes from its beginning; 0 when there
 * is none. */
PJE_EXPORT size_t pje_function_offset(size_t index) PJE_NOEXCEPT;

/** `PJRT_Client *` */
PJE_EXPORT void *pje_client_raw(const pje_client *client) PJE_NOEXCEPT;

/** `PJRT_Device *` */
PJE_EXPORT void *pje_device_raw(const pje_device *device) PJE_NOEXCEPT;

/** `PJRT_Memory *` */
PJE_EXPORT void *pje_memory_raw(const pje_memory *memory) PJE_NOEXCEPT;

/** `PJRT_TopologyDescription *` */
PJE_EXPORT void *pje_topology_raw(const pje_topology *topology) PJE_NOEXCEPT;

/** `PJRT_DeviceDescription *` */
PJE_EXPORT void *pje_device_description_raw(const pje_device_description *description) PJE_NOEXCEPT;

/** `PJRT_Executable *` */
PJE_EXPORT void *pje_executable_raw(const pje_executable *executable) PJE_NOEXCEPT;

/** `PJRT_LoadedExecutable *` */
PJE_EXPORT void *pje_loaded_executable_raw(const pje_loaded_executable *executable) PJE_NOEXCEPT;

/** `PJRT_Buffer *` */
PJE_EXPORT void *pje_buffer_raw(const pje_buffer *buffer) PJE_NOEXCEPT;

/** `PJRT_ExecuteContext *` */
PJE_EXPORT void *pje_execute_context_raw(const pje_execute_context *context) PJE_NOEXCEPT;

/** `PJRT_AsyncHostToDeviceTransferManager *` */
PJE_EXPORT void *pje_transfer_manager_raw(const pje_transfer_manager *manager) PJE_NOEXCEPT;

/** `PJRT_CopyToDeviceStream *`; NULL once the stream was ended, as by a handler that failed. */
PJE_EXPORT void *pje_copy_stream_raw(const pje_copy_stream *stream) PJE_NOEXCEPT;

/** `PJRT_AsyncTrackingEvent *`; NULL where the plugin gave none. */
PJE_EXPORT void *pje_tracking_event_raw(const pje_tracking_event *event) PJE_NOEXCEPT;

PJE_END_DECLS

#endif /* PJRT_EASY_RAW_H_ */
