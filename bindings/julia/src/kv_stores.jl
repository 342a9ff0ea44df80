# Key-value stores: through them the clients of a program over several processes find each other.

"""
    KVStore()

A store in the memory of this process, for several clients in it: `Client(…; kv_store = store)`.

    KVStore(; get, put, try_get = nothing)

A store of the program's own. Plugins ask it, and tasks of Julia answer while the plugin's thread waits:
`get(key, timeout)` gives a value once it is there (bytes or a string; `timeout` in seconds, or `Inf`), `try_get(key)` a
value or `nothing` (without it `get` is asked, with no time), `put(key, value)` keeps one. What they throw is the plugin's error. `close` it after its clients:
whoever still asks gets `CANCELLED`.

`store[key] = value`, `store[key]`, `get(store, key, default)` and `PjrtEasy.await_value(store, key; timeout)` work on
stores. Keys and values are strings or bytes; a value that is read is bytes.
"""
mutable struct KVStore <: Handle
    pointer::Ptr{Raw.pje_kv_store}
    queue::Union{Nothing,RequestQueue}
    KVStore(pointer::Ptr{Raw.pje_kv_store}, queue = nothing) = finalizer(drop, new(pointer, queue))
end
@handle KVStore Raw.pje_kv_store_release

function KVStore(; get = nothing, put = nothing, try_get = nothing)
    get === put === try_get === nothing && return KVStore(written(Raw.pje_kv_store_create, Raw.pje_kv_store))
    get === nothing || put === nothing ||
        return served_store(request -> answer_kv(request, get, put, try_get))
    refuse("a KVStore of one's own takes get and put")
end

function served_store(answer)
    queue = RequestQueue()
    try
        pointer = written(out -> Raw.pje_kv_store_from_request_queue(queue, out), Raw.pje_kv_store)
        serve(answer, queue)
        return KVStore(pointer, queue)
    catch
        close(queue)
        rethrow()
    end
end

function answer_kv(request, get, put, try_get)
    key = request.values["key"]
    request.kind == Raw.PJE_REQUEST_KV_GET && return get(key, time_left(request))
    request.kind == Raw.PJE_REQUEST_KV_PUT && return (put(key, request.data); nothing)
    value = try_get === nothing ? get(key, 0.0) : try_get(key)
    value === nothing && throw(PjrtError(NOT_FOUND, "no value for \"$key\""))
    return value
end

function Base.close(store::KVStore)
    invoke(close, Tuple{Handle}, store)
    store.queue === nothing || close(store.queue)
    return nothing
end

drop(store::KVStore) = drop_served(store, store.queue)

const Key = Union{AbstractString,AbstractVector{UInt8}}
as_bytes(text::AbstractString) = Vector{UInt8}(codeunits(text))
as_bytes(bytes::AbstractVector{UInt8}) = Vector{UInt8}(bytes)

# The calls block their thread until a task has answered: so they have a thread of their own.
function Base.setindex!(store::KVStore, value::Key, key::Key)
    name, data = as_bytes(key), as_bytes(value)
    GC.@preserve store name data check(@threadcall((:pje_kv_store_put, Raw.LIBRARY), Ptr{Raw.pje_error},
        (Ptr{Cvoid}, Ptr{Cvoid}, Csize_t, Ptr{Cvoid}, Csize_t), pointer_of(store), pointer(name), length(name),
        pointer(data), length(data)))
    return store
end

"""
    PjrtEasy.await_value(store, key; timeout = nothing) -> Vector{UInt8}

Waits until the key has a value, while other tasks run; after `timeout` seconds it is `DEADLINE_EXCEEDED`.
"""
function await_value(store::KVStore, key::Key; timeout::Union{Nothing,Real} = nothing)
    name, out = as_bytes(key), slot(Raw.pje_bytes)
    GC.@preserve store name out check(@threadcall((:pje_kv_store_get, Raw.LIBRARY), Ptr{Raw.pje_error},
        (Ptr{Cvoid}, Ptr{Cvoid}, Csize_t, Int64, Ptr{Cvoid}), pointer_of(store), pointer(name), length(name),
        nanoseconds(timeout), Base.unsafe_convert(Ptr{Cvoid}, out)))
    return taken_bytes(out[])
end

function Base.getindex(store::KVStore, key::Key)
    name, out = as_bytes(key), slot(Raw.pje_bytes)
    GC.@preserve store name out check(@threadcall((:pje_kv_store_try_get, Raw.LIBRARY), Ptr{Raw.pje_error},
        (Ptr{Cvoid}, Ptr{Cvoid}, Csize_t, Ptr{Cvoid}), pointer_of(store), pointer(name), length(name),
        Base.unsafe_convert(Ptr{Cvoid}, out)))
    return taken_bytes(out[])
end

function Base.get(store::KVStore, key::Key, default)
    try
        return store[key]
    catch error
        error isa PjrtError && error.code == NOT_FOUND || rethrow()
        return default
    end
end

# Clients ask their store while they are made, and while they end.
end_client(client::Client, limit, ::KVStore) = GC.@preserve client @threadcall((:pje_client_close, Raw.LIBRARY),
    Ptr{Raw.pje_error}, (Ptr{Cvoid}, Int64), pointer_of(client), limit)
raw_kv_store(store::KVStore) = pointer_of(store)
function open_client(name::String, options, store::KVStore)
    out = slot(Raw.pje_client)
    GC.@preserve name options store out check(@threadcall((:pje_client_open, Raw.LIBRARY), Ptr{Raw.pje_error},
        (Ptr{UInt8}, Ptr{Cvoid}, Ptr{Cvoid}), pointer(name), Base.unsafe_convert(Ptr{Cvoid}, options),
        Base.unsafe_convert(Ptr{Cvoid}, out)))
    return out[]
end
function create_client(plugin::Plugin, options, store::KVStore)
    out = slot(Raw.pje_client)
    GC.@preserve plugin options store out check(@threadcall((:pje_client_create, Raw.LIBRARY), Ptr{Raw.pje_error},
        (Ptr{Cvoid}, Ptr{Cvoid}, Ptr{Cvoid}), pointer_of(plugin), Base.unsafe_convert(Ptr{Cvoid}, options),
        Base.unsafe_convert(Ptr{Cvoid}, out)))
    return out[]
end

Base.show(io::IO, store::KVStore) = print(io, "KVStore(",
    !isopen(store) ? "closed" : store.queue === nothing ? "" : "answered by this program", ')')
