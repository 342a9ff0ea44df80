# Cases that print TAP, and what many of them need. Each runs in a function of its own: `@test` throws when it fails.

using PjrtEasy
using PjrtEasy: Raw
using Test
import Libdl

const BUILD = get(ENV, "BUILD", normpath(joinpath(@__DIR__, "..", "..", "..", "build")))
const FAKE = joinpath(BUILD, "libpjrt_fake.so")
const PACKAGE = dirname(@__DIR__)
const CASES = Ref(0)
const ONLY = Ref{Vector{String}}(String[])

function case(run, name)
    isempty(ONLY[]) || any(part -> occursin(part, name), ONLY[]) || return
    CASES[] += 1
    started = time()
    try
        run()
        # Also what only a finalizer can break.
        GC.gc(false)
        println("ok $(CASES[]) - $name # $(round(time() - started; digits = 3)) s")
    catch error
        text = sprint(showerror, error, catch_backtrace())
        println("not ok $(CASES[]) - $name # ", replace(first(text, 2000), r"[\n#]+" => " | "))
    end
    flush(stdout)
end

finish() = println("1..$(CASES[])")

# The error that `run` throws.
function refused(run)
    try
        run()
    catch error
        error isa PjrtError || rethrow()
        return error
    end
    error("expected an error")
end
code(run) = refused(run).code

elementwise(operation, type; arguments = 2) = """
    func.func @main($(join(("%a$i: $type" for i in 1:arguments), ", "))) -> $type {
      %r = stablehlo.$operation $(join(("%a$i" for i in 1:arguments), ", ")) : $type
      return %r : $type
    }
    """
const ADD = elementwise("add", "tensor<4xf32>")
const ADD_2X3 = elementwise("add", "tensor<2x3xf32>")
const IDENTITY = """
    func.func @main(%a: tensor<4xf32>) -> tensor<4xf32> {
      return %a : tensor<4xf32>
    }
    """

# Sends 2x over channel 5 and returns what it receives over channel 6, plus x.
const TALKS = """
    module @talks {
      func.func public @main(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
        %0 = stablehlo.create_token : !stablehlo.token
        %1 = stablehlo.add %arg0, %arg0 : tensor<2x3xf32>
        %2 = "stablehlo.send"(%1, %0) <{channel_handle = #stablehlo.channel_handle<handle = 5, type = 2>, is_host_transfer = true}> : (tensor<2x3xf32>, !stablehlo.token) -> !stablehlo.token
        %3:2 = "stablehlo.recv"(%2) <{channel_handle = #stablehlo.channel_handle<handle = 6, type = 3>, is_host_transfer = true}> : (!stablehlo.token) -> (tensor<2x3xf32>, !stablehlo.token)
        %4 = stablehlo.add %3#0, %arg0 : tensor<2x3xf32>
        return %4 : tensor<2x3xf32>
      }
    }
    """

fake(; options...) = Client(FAKE; options = (; options...))

# Controls hold for the whole plugin: a process of its own for what others must not see.
function in_own_process(script; fake = "", threads = 1)
    program = """
        include($(repr(joinpath(PACKAGE, "test", "harness.jl"))))
        $script
        """
    command = addenv_1_5(`$(Base.julia_cmd()) --startup-file=no --project=$PACKAGE -e $program`,
        "PJRT_FAKE" => fake, "BUILD" => BUILD, "JULIA_NUM_THREADS" => string(threads))
    output, errors = IOBuffer(), IOBuffer()
    process = run(pipeline(ignorestatus(command); stdout = output, stderr = errors))
    return (status = process.exitcode, signal = process.termsignal, output = String(take!(output)),
        errors = String(take!(errors)))
end

addenv_1_5(command, pairs...) = setenv(command, merge(Dict(ENV), Dict(pairs...)))
