"""
Run compiled machine-learning programs through PJRT plugins.

```julia
using PjrtEasy
client = Client("cpu")
exe = compile(client, read("model.mlir", Program))
y = exe(Buffer(client, rand(Float32, 2, 3)))
Array(y)
```

The C library is the one named by the environment variable `PJRT_EASY_LIB`, else the one the loader finds.
"""
module PjrtEasy

import FileWatching
import Libdl

include("raw.jl")
include("errors.jl")
include("numbers.jl")
include("dtypes.jl")
include("handles.jl")
include("values.jl")
include("plugins.jl")
include("clients.jl")
include("memory_pressure.jl")
include("out_of_memory.jl")
include("completions.jl")
include("events.jl")
include("completion_queues.jl")
include("requests.jl")
include("logs.jl")
include("kv_stores.jl")
include("programs.jl")
include("layouts.jl")
include("compile_options.jl")
include("compile_overrides.jl")
include("device_assignments.jl")
include("buffers.jl")
include("host_arrays.jl")
include("reading.jl")
include("copies.jl")
include("host_views.jl")
include("special_buffers.jl")
include("executables.jl")
include("execute_contexts.jl")
include("launches.jl")
include("execute.jl")
include("prepared_calls.jl")
include("transfers.jl")
include("topologies.jl")
include("compiled_programs.jl")
include("device_calls.jl")
include("describe.jl")

export Plugin, Client, Device, Memory, Program, CompileOptions, Executable, Buffer, Launch, DeviceAssignment, Layout,
    Topology, CompiledProgram, PjrtError, KVStore, ExecuteContext, ExecuteHandlers, PreparedCall, TransferManager
export compile, execute_async, upload_async, read_async, loadnpy, savenpy
export devices, addressable_devices, memories, default_memory, platform, platform_version, attributes
export DeviceId, LocalHardwareId, MemoryId, ProcessIndex
export BFloat16, MiniFloat, F8E5M2, F8E4M3, F8E3M4, F8E4M3FN, F8E4M3FNUZ, F8E4M3B11FNUZ, F8E5M2FNUZ, F8E8M0FNU
export F6E2M3FN, F6E3M2FN, F4E2M1FN, Int1, Int2, Int4, UInt1, UInt2, UInt4, Token

"""
    PjrtEasy.version() -> VersionNumber

The version of the C library in use.
"""
version() = VersionNumber(text_of(Raw.pje_version()))

"""
    PjrtEasy.misuse_count() -> Int

How many wrong handles the library was given so far: 0 in a program without mistakes.
"""
misuse_count() = Int(Raw.pje_misuse_count())

function __init__()
    named = get(ENV, "PJRT_EASY_LIB", "")
    # Loaded by its path first, it is what the loader answers when it is asked for by its name.
    handle = Libdl.dlopen(isempty(named) ? Raw.LIBRARY : named; throw_error = false)
    handle === nothing && error("libpjrt_easy cannot be loaded",
        isempty(named) ? ": install it where the loader looks, or name the file in PJRT_EASY_LIB" :
            " from PJRT_EASY_LIB=$named")
    loaded = Raw.pje_version_number()
    loaded ÷ 1_000_000 == Raw.PJE_VERSION_MAJOR && loaded ÷ 1000 >= Raw.PJE_VERSION_NUMBER ÷ 1000 ||
        error("libpjrt_easy is version $(version()); this package was made for ",
            "$(Raw.PJE_VERSION_MAJOR).$(Raw.PJE_VERSION_MINOR)")
end

end
