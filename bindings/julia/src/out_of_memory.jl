# A device that is full. The library can ask what to give back, but asks on whatever thread ran out, where no code of
# Julia may run: so it is not told of any callback, and the call is repeated here.

"""
    PjrtEasy.on_out_of_memory(free, client)

Sets what is done when an upload or the start of a run does not fit on a device: `free()` gives something back, closes
buffers for instance, and answers whether to try once more. `nothing` in its place ends it. Before `free` is asked,
buffers that were dropped without a close are collected; when that helps, it is not asked.
"""
function on_out_of_memory(free, client::Client)
    client.free = free
    return nothing
end
on_out_of_memory(::Nothing, client::Client) = (client.free = nothing_given_back; nothing)

# Whether garbage held memory of a device.
function collected()
    held = LIVE_BYTES[]
    GC.gc()
    return LIVE_BYTES[] < held
end

# Calls `attempt`, which gives an error or none, and again when the device was full and something was given back.
@inline function with_memory(attempt, client::Client, error::Ptr{Raw.pje_error} = attempt())
    error == C_NULL || again(attempt, client, error)
    return nothing
end

@noinline function again(attempt, client::Client, error::Ptr{Raw.pje_error})
    failure = taken(error)
    for give_back in (collected, client.free)
        failure.code == RESOURCE_EXHAUSTED || break
        give_back() || continue
        refused = attempt()
        refused == C_NULL && return nothing
        failure = taken(refused)
    end
    throw(failure)
end
