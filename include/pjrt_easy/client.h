/** @file
 * Clients: a plugin's view of the devices of one process. Any thread. @since 0.1.
 */
#ifndef PJRT_EASY_CLIENT_H_
#define PJRT_EASY_CLIENT_H_

#include "pjrt_easy/plugin.h"
#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** How to make a client. All zero: the defaults. */
typedef struct pje_client_options {
  size_t struct_size; /**< sizeof(pje_client_options) */
  const pje_named_values
      *PJE_NULLABLE options;           /**< the plugin's own options, such as "cpu_device_count"; copied */
  pje_kv_store *PJE_NULLABLE kv_store; /**< for programs over several processes; kept by the client */
  const pje_plugin_options *PJE_NULLABLE plugin; /**< used by pje_client_open to load the plugin */
  uint64_t flags;                                /**< none defined: 0 */
} pje_client_options;

#define PJE_CLIENT_OPTIONS_INIT \
  { sizeof(pje_client_options), NULL, NULL, NULL, 0 }

/** Makes a client. Blocks, possibly for seconds, while the plugin starts its devices.
 * @param out Owned by the caller. The last release of the client and of everything made from it destroys it.
 * Errors: what the plugin answers, such as FAILED_PRECONDITION (no device) or INVALID_ARGUMENT (unknown
 * option); INVALID_ARGUMENT (an option of a kind that plugins are known to abort on; in the environment's
 * XLA_FLAGS a flag that the plugin does not know, or a file that cannot be read: XLA would end the process;
 * PJE_CHECK_XLA_FLAGS=0 passes them on). PJRT: PJRT_Client_Create. */
PJE_EXPORT pje_error *pje_client_create(pje_plugin *plugin, const pje_client_options *PJE_NULLABLE options,
                                        pje_client **out) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_client_create on a thread of the library: returns at once. The plugin and the key-value store are
 * kept, the options are copied before it returns. Threads that the plugin starts are children of that thread:
 * every signal is blocked in them.
 * @param out NULL (then pje_event_get_client), or a slot that receives the client, Owned by the caller,
 * before `done` is ready: it must live until then. @param done Owned by the caller. Errors of the call:
 * INVALID_ARGUMENT (found before anything starts); the others are the event's. PJRT: PJRT_Client_Create. */
PJE_EXPORT pje_error *pje_client_create_async(pje_plugin *plugin,
                                              const pje_client_options *PJE_NULLABLE options,
                                              pje_client **PJE_NULLABLE out,
                                              pje_event **done) PJE_NOEXCEPT PJE_NODISCARD;

/** pje_plugin_load and pje_client_create in one. Blocks. */
PJE_EXPORT pje_error *pje_client_open(const char *name_or_path,
                                      const pje_client_options *PJE_NULLABLE options,
                                      pje_client **out) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_client_open on a thread of the library, like pje_client_create_async. What loading the plugin finds
 * wrong is the event's error too. PJRT: PJRT_Client_Create. */
PJE_EXPORT pje_error *pje_client_open_async(const char *name_or_path,
                                            const pje_client_options *PJE_NULLABLE options,
                                            pje_client **PJE_NULLABLE out,
                                            pje_event **done) PJE_NOEXCEPT PJE_NODISCARD;

/** Adds a reference and returns `client`. Callback-safe. */
PJE_EXPORT pje_client *pje_client_retain(const pje_client *PJE_NULLABLE client) PJE_NOEXCEPT;

/** Drops a reference. The last one of a client and all its objects destroys it and waits for running work;
 * inside a callback that is left to a thread of the library. Callback-safe. PJRT: PJRT_Client_Destroy. */
PJE_EXPORT void pje_client_release(pje_client *PJE_NULLABLE client) PJE_NOEXCEPT;

/** Ends the client now, whoever still holds it or objects made from it. Blocks until what those stand for has
 * ended: runs, transfers, reads and their callbacks, but not for a run that was started without an event and
 * whose outputs were all released: the plugin itself waits for that, without limit. A buffer that nobody
 * fills counts as running work. Afterwards handles of the client and its objects can be released; accessors
 * answer what they know without the plugin; events are ready; any other use is FAILED_PRECONDITION "client
 * closed". Calls in progress with the client or its objects are the caller's to order against this one.
 * @param timeout_ns nanoseconds to wait for running work; negative: no limit.
 * Not callback-safe, nor allowed in a function of pje_event_then. Errors: DEADLINE_EXCEEDED (work still runs;
 * the client stays open), FAILED_PRECONDITION (closed before), what the plugin answers to its end (the client
 * is closed all the same). PJRT: PJRT_Client_Destroy and the destroy function of each object. */
PJE_EXPORT pje_error *pje_client_close(pje_client *client, int64_t timeout_ns) PJE_NOEXCEPT PJE_NODISCARD;

/** The plugin. Borrowed. Callback-safe. */
PJE_EXPORT pje_plugin *pje_client_plugin(const pje_client *client) PJE_NOEXCEPT;

/** Name of the platform, such as "cpu". Borrowed, never NULL. Callback-safe. PJRT: PJRT_Client_PlatformName.
 */
PJE_EXPORT const char *pje_client_platform_name(const pje_client *client) PJE_NOEXCEPT;

/** The platform's own version text. Borrowed, never NULL. Callback-safe. PJRT: PJRT_Client_PlatformVersion.
 */
PJE_EXPORT const char *pje_client_platform_version(const pje_client *client) PJE_NOEXCEPT;

/** Number of this process among those that share the program. Callback-safe. PJRT: PJRT_Client_ProcessIndex.
 */
PJE_EXPORT int32_t pje_client_process_index(const pje_client *client) PJE_NOEXCEPT;

/** Number of devices, those of other processes included. Callback-safe. PJRT: PJRT_Client_Devices. */
PJE_EXPORT size_t pje_client_num_devices(const pje_client *client) PJE_NOEXCEPT;

/** Device `index`, or NULL. Lent: lives as long as the client; retain it to keep both. Callback-safe.
 * PJRT: PJRT_Client_Devices. */
PJE_EXPORT pje_device *pje_client_device(const pje_client *client, size_t index) PJE_NOEXCEPT;

/** Number of devices that this process can use. Callback-safe. PJRT: PJRT_Client_AddressableDevices. */
PJE_EXPORT size_t pje_client_num_addressable_devices(const pje_client *client) PJE_NOEXCEPT;

/** Usable device `index`, or NULL; 0 is the default device. Lent. Callback-safe.
 * PJRT: PJRT_Client_AddressableDevices. */
PJE_EXPORT pje_device *pje_client_addressable_device(const pje_client *client, size_t index) PJE_NOEXCEPT;

/** Finds a device by its global id. @param out Lent, not owned. Errors: INVALID_ARGUMENT (no such id).
 * PJRT: PJRT_Client_LookupDevice. */
PJE_EXPORT pje_error *pje_client_lookup_device(pje_client *client, int32_t id,
                                               pje_device **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Number of memories that this process can use. Callback-safe. PJRT: PJRT_Client_AddressableMemories. */
PJE_EXPORT size_t pje_client_num_addressable_memories(const pje_client *client) PJE_NOEXCEPT;

/** Memory `index`, or NULL. Lent. Callback-safe. PJRT: PJRT_Client_AddressableMemories. */
PJE_EXPORT pje_memory *pje_client_addressable_memory(const pje_client *client, size_t index) PJE_NOEXCEPT;

PJE_END_DECLS

#endif /* PJRT_EASY_CLIENT_H_ */
