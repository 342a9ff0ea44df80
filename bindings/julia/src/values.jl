# Options given to plugins and attributes they report: dictionaries.

const NamedValue = Union{String,Int64,Vector{Int64},Float32,Bool}

# Runs `use` with a set of named values, which lives for that long.
function with_named_values(use, options)
    isempty(options) && return use(Ptr{Raw.pje_named_values}(C_NULL))
    values = slot(Raw.pje_named_values)
    check(Raw.pje_named_values_create(values))
    try
        for (name, value) in pairs(options)
            set_value(values[], String(name), value)
        end
        return use(values[])
    finally
        Raw.pje_named_values_release(values[])
    end
end

set_value(values, name, value::AbstractString) = check(Raw.pje_named_values_set_string(values, name, String(value)))
set_value(values, name, value::Bool) = check(Raw.pje_named_values_set_bool(values, name, value))
set_value(values, name, value::Integer) = check(Raw.pje_named_values_set_int64(values, name, value))
set_value(values, name, value::AbstractFloat) = check(Raw.pje_named_values_set_float(values, name, value))
function set_value(values, name, value::AbstractVector{<:Integer})
    list = Vector{Int64}(value)
    check(Raw.pje_named_values_set_int64_list(values, name, list, length(list)))
end
set_value(values, name, value) =
    refuse("option \"$name\" is a $(typeof(value)): expected a string, number, Bool or vector of integers")

function named_values(values::Ptr{Raw.pje_named_values})
    found = Dict{String,NamedValue}()
    for index in 0:Int(Raw.pje_named_values_count(values)) - 1
        value = get_value(values, index, Raw.pje_named_values_kind(values, index))
        # A kind that only a newer library knows cannot be read.
        value === nothing || (found[text_of(Raw.pje_named_values_name(values, index))] = value)
    end
    return found
end

function get_value(values, index, kind)
    if kind == Raw.PJE_VALUE_STRING
        text = Ref{Ptr{UInt8}}(C_NULL)
        check(Raw.pje_named_values_get_string(values, index, text))
        return text_of(text[])
    elseif kind == Raw.PJE_VALUE_INT64
        integer = Ref{Int64}(0)
        check(Raw.pje_named_values_get_int64(values, index, integer))
        return integer[]
    elseif kind == Raw.PJE_VALUE_INT64_LIST
        list, count = Ref{Ptr{Int64}}(C_NULL), Ref{Csize_t}(0)
        check(Raw.pje_named_values_get_int64_list(values, index, list, count))
        return Int64[unsafe_load(list[], i) for i in 1:Int(count[])]
    elseif kind == Raw.PJE_VALUE_FLOAT
        float = Ref{Float32}(0)
        check(Raw.pje_named_values_get_float(values, index, float))
        return float[]
    elseif kind == Raw.PJE_VALUE_BOOL
        bool = Ref{Bool}(false)
        check(Raw.pje_named_values_get_bool(values, index, bool))
        return bool[]
    end
    return nothing
end
