# How a program is run.

const NO_EXECUTE_OPTIONS = Ptr{Raw.pje_execute_options}(C_NULL)

"""
    Launch(; fields…)

How to run a program. The fields, which calls of an executable take as keywords too:

- `device`: runs it on that device
- `keep`: arguments, counted from 1, that this run must not take over although the program would
- `pool = false`: starts it on a thread of the library, so that this call never waits for the plugin
- `context`: an `ExecuteContext`, data for the program's custom calls
- `handlers`: `ExecuteHandlers`, tasks that talk with the program; implies `pool`
- `native_layout = false`: whether these get and give bytes in the device's order instead of by rows
- `launch_id`: groups the launches of one run over several processes
- `processes`: pairs of a `ProcessIndex` and the life in which it is, of those that take part
- `call_location`: what profiles show
- `multi_slice_config`: a pointer to the plugin's own struct, which must live until the run has ended
- `options`: the plugin's own, by name
"""
struct Launch
    device::Union{Nothing,Device}
    keep::Vector{Int64}
    pool::Bool
    context::Union{Nothing,ExecuteContext}
    handlers::Union{Nothing,ExecuteHandlers}
    native_layout::Bool
    launch_id::Int32
    process_ids::Vector{Int32}
    incarnations::Vector{Int64}
    call_location::String
    multi_slice_config::Ptr{Cvoid}
    options::Dict{String,Any}
end

Launch(; device = nothing, keep = Int64[], pool = false, context = nothing, handlers = nothing, native_layout = false,
        launch_id = 0, processes = (), call_location = "", multi_slice_config = C_NULL, options = (;)) =
    Launch(device, Int64[index - 1 for index in keep], pool || handlers !== nothing, context, handlers, native_layout,
        launch_id, Int32[first(process).value for process in processes],
        Int64[last(process) for process in processes], call_location, multi_slice_config,
        Dict{String,Any}(String(name) => value for (name, value) in pairs(options)))

pointer_or_null(list::Vector{T}) where {T} = isempty(list) ? Ptr{T}(C_NULL) : pointer(list)
raw_context(::Nothing) = Ptr{Raw.pje_execute_context}(C_NULL)
raw_context(context::ExecuteContext) = pointer_of(context)
raw_handlers(::Nothing) = Ptr{Raw.pje_execute_handlers}(C_NULL)
raw_handlers(handlers::ExecuteHandlers) = pointer_of(handlers)

with_options(use, ::Nothing) = use(NO_EXECUTE_OPTIONS)
with_options(use, launch::Launch) = with_named_values(launch.options) do custom
    location = launch.call_location
    GC.@preserve launch location begin
        options = Ref(Raw.pje_execute_options(; device = raw_device(launch.device),
            non_donatable = pointer_or_null(launch.keep), num_non_donatable = length(launch.keep),
            context = raw_context(launch.context),
            call_location = isempty(location) ? Ptr{UInt8}(C_NULL) : pointer(location), launch_id = launch.launch_id,
            launch = launch.pool ? Raw.PJE_LAUNCH_POOL : Raw.PJE_LAUNCH_CALLER,
            flags = launch.native_layout ? UInt64(Raw.PJE_EXECUTE_NATIVE_CALLBACK_LAYOUT) : UInt64(0),
            task_ids = pointer_or_null(launch.process_ids), incarnation_ids = pointer_or_null(launch.incarnations),
            num_tasks = length(launch.process_ids), multi_slice_config = launch.multi_slice_config,
            custom_options = custom, handlers = raw_handlers(launch.handlers)))
        GC.@preserve options use(Base.unsafe_convert(Ptr{Raw.pje_execute_options}, options))
    end
end

launch_of(launch::Launch, options) =
    isempty(options) ? launch : refuse("a Launch and its fields were given: expected one of them")
launch_of(::Nothing, options) = isempty(options) ? nothing : Launch(; options...)

# Tasks that talk with a program are there until it has ended.
talks(launch) = launch !== nothing && launch.handlers !== nothing
# The events of a run as they are handed out, if at all.
function events_of(launch, done, wanted)
    talks(launch) && foreach(event -> watch(event, Rooted(launch.handlers)), done)
    wanted && return Event[Event(event) for event in done]
    foreach(event -> event == C_NULL || Raw.pje_event_release(event), done)
    return nothing
end
