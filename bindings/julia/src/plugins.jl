# Plugins: shared objects that hold the code for one kind of device.

"""
    Plugin(name_or_path; sha256 = nothing, search_paths = String[])

Loads a PJRT plugin, or finds it again when it is loaded. With a slash it is a path, without one a name such as
`"cpu"`, looked up in `search_paths`, then in the folders of `PJE_PLUGIN_PATH` and in `PJRT_NAMES_AND_LIBRARY_PATHS`.
`sha256` are the hex digits that the file must have. Loading runs the plugin's code; nothing unloads it.

    Plugin(api::Ptr{Cvoid})

Wraps a function table that the process already has.
"""
mutable struct Plugin <: Handle
    pointer::Ptr{Raw.pje_plugin}
    Plugin(pointer::Ptr{Raw.pje_plugin}) = finalizer(close, new(pointer))
end
@handle Plugin Raw.pje_plugin_release

# Runs `use` with the options struct; the text it points at lives for that long.
function with_plugin_options(use, sha256, search_paths)
    digits = sha256 === nothing ? "" : String(sha256)
    folders = String[String(folder) for folder in search_paths]
    GC.@preserve digits folders begin
        pointers = Ptr{UInt8}[Base.unsafe_convert(Ptr{UInt8}, Base.cconvert(Cstring, folder)) for folder in folders]
        GC.@preserve pointers begin
            options = Raw.pje_plugin_options(;
                sha256 = sha256 === nothing ? Ptr{UInt8}(C_NULL) : pointer(digits),
                search_paths = isempty(folders) ? Ptr{Ptr{UInt8}}(C_NULL) : pointer(pointers),
                num_search_paths = length(folders))
            return use(Ref(options))
        end
    end
end

function Plugin(name_or_path::AbstractString; sha256 = nothing, search_paths = String[])
    out = slot(Raw.pje_plugin)
    with_plugin_options(sha256, search_paths) do options
        check(Raw.pje_plugin_load(String(name_or_path), options, out))
    end
    return Plugin(out[])
end

function Plugin(api::Ptr{Cvoid})
    out = slot(Raw.pje_plugin)
    check(Raw.pje_plugin_from_api(api, out))
    return Plugin(out[])
end

"""
    api_version(plugin) -> VersionNumber

The PJRT version the plugin was built with.
"""
api_version(plugin::Plugin) = VersionNumber(Raw.pje_plugin_api_major(plugin), Raw.pje_plugin_api_minor(plugin))

"""
    path(plugin) -> String

The file it was loaded from; empty for a table that was given.
"""
path(plugin::Plugin) = text_of(Raw.pje_plugin_path(plugin))

"""
    attributes(object) -> Dict

What a plugin or a device says of itself.
"""
attributes(plugin::Plugin) = GC.@preserve plugin named_values(Raw.pje_plugin_attributes(plugin))

"""
    has_function(plugin, name) -> Bool

Whether the plugin has a PJRT function, by its name such as `"PJRT_Buffer_Bitcast"`.
"""
has_function(plugin::Plugin, name::AbstractString) = Raw.pje_plugin_has_function(plugin, String(name))

"""
    PjrtEasy.functions() -> Vector{String}

Names of the PJRT functions that this library knows, in the order of the plugin's table.
"""
functions() = String[text_of(Raw.pje_function_name(index)) for index in 0:Int(Raw.pje_num_functions()) - 1]

"""
    has_extension(plugin, type::Integer) -> Bool
"""
has_extension(plugin::Plugin, type::Integer) = Raw.pje_plugin_has_extension(plugin, type)

"""
    extensions(plugin) -> Vector of (type, name, struct_size)

The extensions of the plugin, unknown ones included.
"""
function extensions(plugin::Plugin)
    found = NamedTuple{(:type, :name, :struct_size),Tuple{Int32,String,Int}}[]
    for index in 0:Int(Raw.pje_plugin_num_extensions(plugin)) - 1
        type, name, size = Ref{Int32}(0), Ref{Ptr{UInt8}}(C_NULL), Ref{Csize_t}(0)
        Raw.pje_plugin_extension(plugin, index, type, name, size) || break
        push!(found, (type = type[], name = text_of(name[]), struct_size = Int(size[])))
    end
    return found
end

"""
    raw_api(plugin) -> Ptr{Cvoid}
    raw_extension(plugin, type::Integer) -> Ptr{Cvoid}

The plugin's own function table and extension structs, for what this library does not know.
"""
raw_api(plugin::Plugin) = Raw.pje_plugin_api(plugin)
raw_extension(plugin::Plugin, type::Integer) = Raw.pje_plugin_raw_extension(plugin, type)

Base.show(io::IO, plugin::Plugin) = isopen(plugin) ?
    print(io, "Plugin(PJRT ", Raw.pje_plugin_api_major(plugin), '.', Raw.pje_plugin_api_minor(plugin), ", ",
        repr(basename(path(plugin))), ')') : print(io, "Plugin(closed)")
