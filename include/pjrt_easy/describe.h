/** @file
 * One line about any object, for logs and for people: what it is, its state, element type, dims, device and
 * names; no addresses. The words may change from version to version: nothing to take apart in a program.
 *
 * All work like snprintf: `text` receives at most `capacity` bytes, the NUL included, and the length of the
 * whole line without it is returned; `text` may be NULL when `capacity` is 0. NULL and wrong handles give ""
 * and 0. Any thread, Callback-safe, @since 0.1.
 */
#ifndef PJRT_EASY_DESCRIBE_H_
#define PJRT_EASY_DESCRIBE_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** Element type, dims, size. */
PJE_EXPORT size_t pje_array_describe(const pje_array *array, char *PJE_NULLABLE text,
                                     size_t capacity) PJE_NOEXCEPT;

/** Element type, dims, state, device, memory. */
PJE_EXPORT size_t pje_buffer_describe(const pje_buffer *buffer, char *PJE_NULLABLE text,
                                      size_t capacity) PJE_NOEXCEPT;

/** Its buffer. */
PJE_EXPORT size_t pje_buffer_reference_describe(const pje_buffer_reference *reference,
                                                char *PJE_NULLABLE text, size_t capacity) PJE_NOEXCEPT;

/** Size. */
PJE_EXPORT size_t pje_bytes_describe(const pje_bytes *bytes, char *PJE_NULLABLE text,
                                     size_t capacity) PJE_NOEXCEPT;

/** Platform, state, devices. */
PJE_EXPORT size_t pje_client_describe(const pje_client *client, char *PJE_NULLABLE text,
                                      size_t capacity) PJE_NOEXCEPT;

/** Replicas, partitions, overrides. */
PJE_EXPORT size_t pje_compile_options_describe(const pje_compile_options *compile_options,
                                               char *PJE_NULLABLE text, size_t capacity) PJE_NOEXCEPT;

/** How many completions wait, and state. */
PJE_EXPORT size_t pje_completion_queue_describe(const pje_completion_queue *completion_queue,
                                                char *PJE_NULLABLE text, size_t capacity) PJE_NOEXCEPT;

/** Id, platform, kind. */
PJE_EXPORT size_t pje_device_describe(const pje_device *device, char *PJE_NULLABLE text,
                                      size_t capacity) PJE_NOEXCEPT;

/** Replicas, partitions, device ids. */
PJE_EXPORT size_t pje_device_assignment_describe(const pje_device_assignment *device_assignment,
                                                 char *PJE_NULLABLE text, size_t capacity) PJE_NOEXCEPT;

/** Id, kind, process. */
PJE_EXPORT size_t pje_device_description_describe(const pje_device_description *description,
                                                  char *PJE_NULLABLE text, size_t capacity) PJE_NOEXCEPT;

/** Size. */
PJE_EXPORT size_t pje_dma_mapping_describe(const pje_dma_mapping *mapping, char *PJE_NULLABLE text,
                                           size_t capacity) PJE_NOEXCEPT;

/** What was promised, and whether it was given. */
PJE_EXPORT size_t pje_fulfilment_describe(const pje_fulfilment *fulfilment, char *PJE_NULLABLE text,
                                          size_t capacity) PJE_NOEXCEPT;

/** Which executable, and how many arguments are set. */
PJE_EXPORT size_t pje_prepared_call_describe(const pje_prepared_call *call, char *PJE_NULLABLE text,
                                             size_t capacity) PJE_NOEXCEPT;

/** What is looked at. */
PJE_EXPORT size_t pje_host_view_describe(const pje_host_view *view, char *PJE_NULLABLE text,
                                         size_t capacity) PJE_NOEXCEPT;

/** Its description. */
PJE_EXPORT size_t pje_tracking_event_describe(const pje_tracking_event *event, char *PJE_NULLABLE text,
                                              size_t capacity) PJE_NOEXCEPT;

/** Its message. */
PJE_EXPORT size_t pje_error_describe(const pje_error *error, char *PJE_NULLABLE text,
                                     size_t capacity) PJE_NOEXCEPT;

/** Whose work it stands for, and state. */
PJE_EXPORT size_t pje_event_describe(const pje_event *event, char *PJE_NULLABLE text,
                                     size_t capacity) PJE_NOEXCEPT;

/** Name, outputs, replicas, partitions. */
PJE_EXPORT size_t pje_executable_describe(const pje_executable *executable, char *PJE_NULLABLE text,
                                          size_t capacity) PJE_NOEXCEPT;

/** The order of dimensions and tiles, or byte strides. */
PJE_EXPORT size_t pje_layout_describe(const pje_layout *layout, char *PJE_NULLABLE text,
                                      size_t capacity) PJE_NOEXCEPT;

/** Name, types, devices. */
PJE_EXPORT size_t pje_loaded_executable_describe(const pje_loaded_executable *loaded_executable,
                                                 char *PJE_NULLABLE text, size_t capacity) PJE_NOEXCEPT;

/** Id, kind, devices. */
PJE_EXPORT size_t pje_memory_describe(const pje_memory *memory, char *PJE_NULLABLE text,
                                      size_t capacity) PJE_NOEXCEPT;

/** Names and kinds. */
PJE_EXPORT size_t pje_named_values_describe(const pje_named_values *values, char *PJE_NULLABLE text,
                                            size_t capacity) PJE_NOEXCEPT;

/** Path, PJRT version. */
PJE_EXPORT size_t pje_plugin_describe(const pje_plugin *plugin, char *PJE_NULLABLE text,
                                      size_t capacity) PJE_NOEXCEPT;

/** Format, size. */
PJE_EXPORT size_t pje_program_describe(const pje_program *program, char *PJE_NULLABLE text,
                                       size_t capacity) PJE_NOEXCEPT;

/** How many requests have no answer yet. */
PJE_EXPORT size_t pje_request_queue_describe(const pje_request_queue *queue, char *PJE_NULLABLE text,
                                             size_t capacity) PJE_NOEXCEPT;

/** Platform, devices. */
PJE_EXPORT size_t pje_topology_describe(const pje_topology *topology, char *PJE_NULLABLE text,
                                        size_t capacity) PJE_NOEXCEPT;

/** Size. */
PJE_EXPORT size_t pje_chunk_describe(const pje_chunk *chunk, char *PJE_NULLABLE text,
                                     size_t capacity) PJE_NOEXCEPT;

/** Size, and of what its pieces must be multiples. */
PJE_EXPORT size_t pje_copy_stream_describe(const pje_copy_stream *stream, char *PJE_NULLABLE text,
                                           size_t capacity) PJE_NOEXCEPT;

/** Plugin. */
PJE_EXPORT size_t pje_execute_context_describe(const pje_execute_context *context, char *PJE_NULLABLE text,
                                               size_t capacity) PJE_NOEXCEPT;

/** How many handlers of each kind. */
PJE_EXPORT size_t pje_execute_handlers_describe(const pje_execute_handlers *handlers, char *PJE_NULLABLE text,
                                                size_t capacity) PJE_NOEXCEPT;

/** That it is one. */
PJE_EXPORT size_t pje_kv_store_describe(const pje_kv_store *store, char *PJE_NULLABLE text,
                                        size_t capacity) PJE_NOEXCEPT;

/** How many buffers it fills. */
PJE_EXPORT size_t pje_transfer_manager_describe(const pje_transfer_manager *manager, char *PJE_NULLABLE text,
                                                size_t capacity) PJE_NOEXCEPT;

PJE_END_DECLS

#endif /* PJRT_EASY_DESCRIBE_H_ */
