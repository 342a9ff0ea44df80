# usage: runtests.jl [PART_OF_A_NAME]...
# Prints TAP. PJRT_EASY_LIB names the library, BUILD the build folder.
include("harness.jl")
append!(ONLY[], ARGS)
for file in sort(filter(name -> endswith(name, "_test.jl"), readdir(@__DIR__)))
    include(file)
end
finish()
