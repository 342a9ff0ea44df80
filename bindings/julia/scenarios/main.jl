# The scenarios in Julia. usage: main.jl PLUGIN [REQUEST]...
# Answers each request, or each line of standard input, with one line of JSON. See bindings/scenarios.md.

using PjrtEasy
using PjrtEasy: Raw, Event, HostArray

const PLUGIN_PATH = ARGS[1]
const SCENARIOS = Dict{String,Function}()

# The request that is being answered, and its reply.
const REQUEST = Dict{String,String}()
const REPLY = Pair{String,Any}[]

put(key, value) = push!(REPLY, key => value)

input(key) = REQUEST[key]
input_int(key) = parse(Int, input(key))
items(key) = split(input(key), ' '; keepempty = false)
floats(key) = Float32[parse(Float32, item) for item in items(key)]
ints(key) = Int[parse(Int, item) for item in items(key)]

scenario(run, name) = SCENARIOS[name] = run

# JSON.
json(io::IO, value::Bool) = print(io, value)
json(io::IO, value::Integer) = print(io, BigInt(value))
json(io::IO, value::AbstractFloat) = isinteger(value) && abs(value) < 2^53 ? print(io, Int(value)) :
    print(io, replace(string(value), 'f' => 'e'))
json(io::IO, value::Nothing) = print(io, "null")
json(io::IO, value::Symbol) = json(io, String(value))
function json(io::IO, value::AbstractString)
    print(io, '"')
    for character in value
        if character in ('"', '\\')
            print(io, '\\', character)
        elseif character < ' '
            print(io, "\\u", string(Int(character); base = 16, pad = 4))
        else
            print(io, character)
        end
    end
    print(io, '"')
end
function json(io::IO, values::Union{AbstractVector,Tuple})
    print(io, '[')
    for (index, value) in enumerate(values)
        index > 1 && print(io, ',')
        json(io, value)
    end
    print(io, ']')
end

function answer(line)
    name, fields = Iterators.peel(split(line, '\t'))
    empty!(REQUEST)
    empty!(REPLY)
    for field in fields
        key, value = split(field, '='; limit = 2)
        REQUEST[key] = value
    end
    outcome = "ok"
    try
        run_named(String(name))
    catch error
        empty!(REPLY)
        outcome = "failed"
        put("why", sprint(showerror, error, catch_backtrace()))
    end
    text = sprint() do io
        print(io, "{\"scenario\":")
        json(io, name)
        print(io, ",\"outcome\":")
        json(io, outcome)
        for (key, value) in REPLY
            print(io, ',')
            json(io, key)
            print(io, ':')
            json(io, value)
        end
        print(io, '}')
    end
    println(text)
    flush(stdout)
end

function run_named(name)
    found = haskey(SCENARIOS, name) ? name : startswith(name, "dtype_") ? "dtype_*" : error("no scenario $name")
    Base.invokelatest(SCENARIOS[found])
end

# What a scenario makes is closed at its end, the client last.
const MADE = Any[]
made(object) = (pushfirst!(MADE, object); object)
made(objects::AbstractVector) = (foreach(made, objects); objects)
closing(name, run) = scenario(name) do
    try
        run()
    finally
        foreach(close, MADE)
        empty!(MADE)
    end
end
closing(run::Function, name::AbstractString) = closing(name, run)

# The name of the error's code that `run` throws, else "OK".
function code(run)
    try
        run()
        return "OK"
    catch error
        error isa PjrtError || rethrow()
        return string(error.code)
    end
end

function caught(run)
    try
        run()
    catch error
        error isa PjrtError || rethrow()
        return error
    end
    error("expected an error")
end

# Steps that most scenarios take.
open_client() = made(Client(PLUGIN_PATH; options = (cpu_device_count = input_int("devices"),)))
load_program() = made(read(input("program"), Program))
function compiled(client; options...)
    program = read(input("program"), Program)
    try
        return made(compile(client, program; options...))
    finally
        close(program)
    end
end
upload(client, values; options...) = made(Buffer(client, values; options...))

# The contents as C has them: row-major.
rowmajor(array::AbstractArray) = vec(permutedims(array, ndims(array):-1:1))
rowmajor(array::AbstractVector) = array
contents(buffer) = rowmajor(Array(buffer))

# Values in row-major order as an array of Julia.
shaped(values, dims) = permutedims(reshape(values, reverse(dims)...), length(dims):-1:1)

for file in ("main_job", "buffers", "dtypes", "errors", "events", "donation", "devices", "lifetimes", "objects",
    "transfers")
    include("$file.jl")
end

meet()
if length(ARGS) > 1
    foreach(answer, ARGS[2:end])
else
    foreach(answer, eachline(stdin))
end
