# Options by name: XLA's debug options and other flags of a plugin.

"""
    options[name] = value
    options[name]
    delete!(options, name)

A debug option such as `"xla_cpu_enable_fast_math"`, or any other flag of the plugin, by name. Name and kind are checked
against the debug options the library knows; a name that is far from all of them is sent as it is. `options[name]` is
the value as text. `override!(options, name, value)` sends what it is given without a check.
"""
Base.setindex!(options::CompileOptions, value::AbstractString, name::AbstractString) =
    check(Raw.pje_compile_options_set_debug_option(options, String(name), String(value)))
Base.setindex!(options::CompileOptions, value::Bool, name::AbstractString) =
    check(Raw.pje_compile_options_set_debug_option_bool(options, String(name), value))
Base.setindex!(options::CompileOptions, value::Integer, name::AbstractString) =
    check(Raw.pje_compile_options_set_debug_option_int64(options, String(name), value))
Base.setindex!(options::CompileOptions, value::AbstractFloat, name::AbstractString) =
    check(Raw.pje_compile_options_set_debug_option_double(options, String(name), value))
# Enum values and lists are words too, but only of options that are one.
Base.setindex!(options::CompileOptions, value::Symbol, name::AbstractString) =
    check(Raw.pje_compile_options_set_debug_option_string(options, String(name), String(value)))

Base.getindex(options::CompileOptions, name::AbstractString) = String(bytes_from(
    (object, out) -> Raw.pje_compile_options_get_debug_option(object, String(name), out), options))
Base.delete!(options::CompileOptions, name::AbstractString) =
    (check(Raw.pje_compile_options_remove_override(options, String(name))); options)

"""
    override!(options, name, value)

Sets a flag of the plugin to a string, `Bool`, integer or float as it is.
"""
override!(options::CompileOptions, name::AbstractString, value::AbstractString) =
    check(Raw.pje_compile_options_set_override_string(options, String(name), String(value)))
override!(options::CompileOptions, name::AbstractString, value::Bool) =
    check(Raw.pje_compile_options_set_override_bool(options, String(name), value))
override!(options::CompileOptions, name::AbstractString, value::Integer) =
    check(Raw.pje_compile_options_set_override_int64(options, String(name), value))
override!(options::CompileOptions, name::AbstractString, value::AbstractFloat) =
    check(Raw.pje_compile_options_set_override_double(options, String(name), value))

"""
    overrides(options) -> Dict

All options set by name, with their values.
"""
function overrides(options::CompileOptions)
    found = Dict{String,Union{Nothing,String,Bool,Int64,Float64}}()
    GC.@preserve options for index in 0:Int(Raw.pje_compile_options_num_overrides(options)) - 1
        name = text_of(Raw.pje_compile_options_override_name(options, index))
        found[name] = override(options, name)
    end
    return found
end

function override(options, name)
    kind = Raw.pje_compile_options_override_kind(options, name)
    if kind == Raw.PJE_OVERRIDE_STRING
        out = Ref{Ptr{UInt8}}(C_NULL)
        check(Raw.pje_compile_options_get_override_string(options, name, out))
        return text_of(out[])
    elseif kind == Raw.PJE_OVERRIDE_BOOL
        return override_number(Raw.pje_compile_options_get_override_bool, options, name, Bool)
    elseif kind == Raw.PJE_OVERRIDE_INT64
        return override_number(Raw.pje_compile_options_get_override_int64, options, name, Int64)
    elseif kind == Raw.PJE_OVERRIDE_DOUBLE
        return override_number(Raw.pje_compile_options_get_override_double, options, name, Float64)
    end
    return nothing
end

function override_number(get, options, name, ::Type{T}) where {T}
    out = Ref(zero(T))
    check(get(options, name, out))
    return out[]
end
