# Every example, on the fake plugin and on the real one.

const REAL = joinpath(BUILD, "plugins", "cpu-115", "libpjrt_cpu.so")
const PLUGINS = filter(isfile, [FAKE, REAL])

# What an example prints; it asserts what it shows.
function example(name, arguments...)
    path = joinpath(PACKAGE, "examples", name)
    before = copy(ARGS)
    empty!(ARGS)
    append!(ARGS, arguments)
    original = stdout
    reader, writer = redirect_stdout()
    try
        Base.include(Module(:Example), path)
    finally
        redirect_stdout(original)
        close(writer)
        empty!(ARGS)
        append!(ARGS, before)
    end
    return read(reader, String)
end

const PRINTED = (
    "basic.jl" => "Float32[7.0 8.0; 16.0 17.0]", "numbers.jl" => "bf16          BFloat16[3.0, 4.0, -6.0]",
    "compile_options.jl" => "xla_cpu_enable_fast_math", "events.jl" => "the promise was kept",
    "memory.jl" => "in pinned_host", "memory_layout.jl" => "in row-major: Float32[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]",
    "multi_device.jl" => "Float32[10.0, 4.0]", "device_assignment.jl" => "runs replica 1",
    "donation.jl" => "Float32[-5.0, -2.5, 0.0, 10.0]",
    "async_transfer.jl" => "8 of 16 bytes\n16 of 16 bytes\nFloat32[2.0, 4.0, 6.0, 8.0]",
    "execute_context.jl" => "the argument is still there",
    "kv_store.jl" => "host:1234\nDEADLINE_EXCEEDED\nFloat32[2.0, 4.0, 6.0, 8.0]",
)

for plugin in PLUGINS, (name, text) in PRINTED
    case("example $name on $(basename(dirname(plugin)))/$(basename(plugin))") do
        printed = example(name, plugin)
        occursin(text, printed) || error("printed: $printed")
    end
end

# A layer that knows ten patterns, and images that are these patterns with noise.
function write_digits(folder)
    patterns = Float32[isodd((digit + 1) * (pixel + 3) ÷ 7) for digit in 0:9, pixel in 1:64]
    noise = Float32[sin(37 * digit + 11 * pixel) / 4 for digit in 0:9, pixel in 1:64]
    order = [7, 2, 1, 0, 4, 9, 5, 3, 8, 6]
    savenpy(joinpath(folder, "images.npy"), (patterns .+ noise)[order .+ 1, :])
    savenpy(joinpath(folder, "weights.npy"), permutedims(2 .* patterns))
    savenpy(joinpath(folder, "bias.npy"), -vec(sum(patterns; dims = 2)))
    return order
end

for plugin in PLUGINS
    case("example classify.jl on $(basename(dirname(plugin)))/$(basename(plugin))") do
        mktempdir() do folder
            order = write_digits(folder)
            @test strip(example("classify.jl", plugin, folder)) == "digits: " * join(order, ' ')
            @test size(loadnpy(joinpath(folder, "scores.npy"))) == (10, 10)
        end
    end
end

case("every example is run") do
    @test sort(readdir(joinpath(PACKAGE, "examples"))) == sort([first.(PRINTED)...; "classify.jl"])
end
