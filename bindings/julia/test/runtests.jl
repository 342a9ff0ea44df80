# usage: runtests.jl [PART_OF_A_NAME]...
# Prints TAP. PJRT_EASY_LIB names the library, BUILD the build folder.
include("harness.jl")
append!(ONLY[], ARGS)
# In this order: later files use what earlier ones made.
const FIRST = ["buffers_test.jl", "execute_test.jl"]
for file in [FIRST; sort(filter(name -> endswith(name, "_test.jl") && !(name in FIRST), readdir(@__DIR__)))]
    include(file)
end
finish()
