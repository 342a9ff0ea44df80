# Programs, before and after compilation.

"""
    Program(text::AbstractString)
    Program(bytes::AbstractVector{UInt8}; format = :auto)
    read(path, Program)

A StableHLO or HLO program: MLIR text or bytecode, or a serialized HloModuleProto. `format` is `:auto`, `:mlir`, `:hlo`
or `:hlo_with_config`. Parsing is the plugin's, at compile time.
"""
mutable struct Program <: Handle
    pointer::Ptr{Raw.pje_program}
    Program(pointer::Ptr{Raw.pje_program}) = finalizer(close, new(pointer))
end
@handle Program Raw.pje_program_release

const PROGRAM_FORMATS = (auto = Raw.PJE_PROGRAM_AUTO, mlir = Raw.PJE_PROGRAM_MLIR, hlo = Raw.PJE_PROGRAM_HLO,
    hlo_with_config = Raw.PJE_PROGRAM_HLO_WITH_CONFIG)

function Program(data::Union{String,Vector{UInt8}}; format::Symbol = :auto)
    haskey(PROGRAM_FORMATS, format) || refuse("program format :$format: expected one of $(keys(PROGRAM_FORMATS))")
    out = slot(Raw.pje_program)
    GC.@preserve data check(Raw.pje_program_from_bytes(PROGRAM_FORMATS[format], pointer(data), sizeof(data), out))
    return Program(out[])
end
Program(text::AbstractString; format::Symbol = :auto) = Program(String(text); format = format)
Program(bytes::AbstractVector{UInt8}; format::Symbol = :auto) = Program(Vector{UInt8}(bytes); format = format)

function Base.read(path::AbstractString, ::Type{Program})
    out = slot(Raw.pje_program)
    check(Raw.pje_program_from_file(String(path), out))
    return Program(out[])
end

"""
    program_format(program) -> Symbol

The format given or detected.
"""
function program_format(program::Program)
    number = Raw.pje_program_get_format(program)
    return keys(PROGRAM_FORMATS)[findfirst(==(number), values(PROGRAM_FORMATS))]
end

# The program's own bytes.
Base.Vector{UInt8}(program::Program) =
    GC.@preserve program bytes_at(Raw.pje_program_data(program), Raw.pje_program_size(program))
Base.sizeof(program::Program) = Int(Raw.pje_program_size(program))

Base.show(io::IO, program::Program) = isopen(program) ?
    print(io, "Program(", program_format(program), ", ", sizeof(program), " bytes)") : print(io, "Program(closed)")
