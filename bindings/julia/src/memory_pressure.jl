# A buffer is a few bytes to Julia's garbage collector, whatever it holds on the device: by itself it would run long
# after the device is full. So the bytes behind live objects are counted, and beyond a limit it is asked to run.

# What the library and a plugin hold for an object besides its contents, roughly.
const OBJECT_BYTES = 1024
const LEAST_LIMIT = 256 * 1024 * 1024

const LIVE_BYTES = Threads.Atomic{Int}(0)
const LIMIT_BYTES = Threads.Atomic{Int}(LEAST_LIMIT)

@inline function account(bytes::Int)
    before = Threads.atomic_add!(LIVE_BYTES, bytes)
    before + bytes > LIMIT_BYTES[] && relieve()
    return bytes
end
@inline unaccount(bytes::Int) = (Threads.atomic_sub!(LIVE_BYTES, bytes); nothing)

@noinline function relieve()
    # Others that come by meanwhile need not do the same.
    LIMIT_BYTES[] = typemax(Int)
    GC.gc(false)
    LIVE_BYTES[] > LEAST_LIMIT ÷ 2 && GC.gc(true)
    # What is in use must not be looked through again and again.
    LIMIT_BYTES[] = max(LEAST_LIMIT, 2 * LIVE_BYTES[])
    return nothing
end
