/** @file
 * pjrt_easy: run compiled machine-learning programs through PJRT plugins, from C and anything that can call
 * C.
 *
 *   pje_client *client; pje_program *program; pje_loaded_executable *exe; pje_array *in, *out;
 *   pje_error *err = pje_client_open("cpu", NULL, &client);
 *   if (!err) err = pje_program_from_file("model.mlir", &program);
 *   if (!err) err = pje_client_compile(client, program, NULL, &exe);
 *   if (!err) err = pje_array_load_npy("x.npy", &in);
 *   if (!err) err = pje_loaded_executable_run(exe, &in, 1, &out, 1);
 *   if (!err) err = pje_array_save_npy(out, "y.npy");
 *
 * Rules that hold everywhere:
 * - Every object is an opaque, atomically counted handle; any order of release is right, on any thread.
 * - A function that can fail returns `pje_error *`, NULL for success, owned by the caller.
 * - Outputs are set to NULL on entry and written only on success; inputs are borrowed for the call unless the
 * name says
 *   `_consume`; inputs and outputs must not overlap.
 * - Options structs start with struct_size; NULL means all defaults, and so does every zero member.
 * - Everything may be called from any thread at any time unless its comment says otherwise. Inside a callback
 * only what is marked "Callback-safe" works.
 * - A wrong handle gives INVALID_ARGUMENT; accessors that return no error answer it with 0, false, "" or
 * NULL.
 */
#ifndef PJRT_EASY_H_
#define PJRT_EASY_H_

#include "pjrt_easy/array.h"
#include "pjrt_easy/buffer.h"
#include "pjrt_easy/buffer_copies.h"
#include "pjrt_easy/buffer_layout.h"
#include "pjrt_easy/bytes.h"
#include "pjrt_easy/chunk.h"
#include "pjrt_easy/client.h"
#include "pjrt_easy/compile.h"
#include "pjrt_easy/compile_options.h"
#include "pjrt_easy/completion_queue.h"
#include "pjrt_easy/copy_stream.h"
#include "pjrt_easy/describe.h"
#include "pjrt_easy/device.h"
#include "pjrt_easy/device_assignment.h"
#include "pjrt_easy/device_calls.h"
#include "pjrt_easy/dtype.h"
#include "pjrt_easy/error.h"
#include "pjrt_easy/event.h"
#include "pjrt_easy/executable.h"
#include "pjrt_easy/execute_context.h"
#include "pjrt_easy/execute_handlers.h"
#include "pjrt_easy/host_access.h"
#include "pjrt_easy/kv_store.h"
#include "pjrt_easy/layout.h"
#include "pjrt_easy/log.h"
#include "pjrt_easy/named_values.h"
#include "pjrt_easy/plugin.h"
#include "pjrt_easy/pool.h"
#include "pjrt_easy/prepared_call.h"
#include "pjrt_easy/program.h"
#include "pjrt_easy/raw.h"
#include "pjrt_easy/request_queue.h"
#include "pjrt_easy/special_buffers.h"
#include "pjrt_easy/stats.h"
#include "pjrt_easy/topology.h"
#include "pjrt_easy/transfer.h"
#include "pjrt_easy/types.h"

#endif /* PJRT_EASY_H_ */
