# Planted bugs: each turns the table of the scenarios red.

# (what, file, the line as it is, the line with the bug, a scenario that finds it)
const PLANTED = (
    ("a wrong stride", "src/buffers.jl", "steps = Int64[step * sizeof(T) for step in strides(array)]\n        GC.@preserve",
        "steps = Int64[step * sizeof(T) for step in reverse(strides(array))]\n        GC.@preserve", "column_major"),
    ("a lost error", "src/errors.jl", "error == C_NULL ? nothing : fail(error)",
        "error == C_NULL ? nothing : (Raw.pje_error_release(error); nothing)", "error_no_such_device"),
    ("a missing release", "src/events.jl", "    spun || await(event, timeout)\n",
        "    spun || await(event, timeout)\n    Raw.pje_event_retain(event)\n", "wait_for_run"),
)

# The scenarios as a copy of the binding passes them.
function judged(folder, scenario)
    root = dirname(dirname(PACKAGE))
    # The comparer finds the library for itself.
    command = setenv(`$root/bindings/compare_scenarios.py --folder julia=$folder --language julia --plugin fake --scenario $scenario`,
        filter(pair -> first(pair) != "PJRT_FAKE", Dict(ENV)))
    return read(ignorestatus(command), String)
end

function copied_binding(folder)
    for name in ("Project.toml", "src", "scenarios", "scenarios.sh")
        cp(joinpath(PACKAGE, name), joinpath(folder, name))
    end
end

case("planted: nothing, and the table is green") do
    mktempdir() do folder
        copied_binding(folder)
        report = judged(folder, "wait_for_run")
        @test occursin(r"^ok \d+ - julia, fake: wait_for_run"m, report) && !occursin("not ok", report)
    end
end

for (what, file, line, bug, scenario) in PLANTED
    case("planted: $what") do
        mktempdir() do folder
            copied_binding(folder)
            path = joinpath(folder, file)
            source = read(path, String)
            @test length(split(source, line)) == 2
            write(path, replace(source, line => bug))
            @test occursin(Regex("^not ok \\d+ - julia, fake: $scenario", "m"), judged(folder, scenario))
        end
    end
end
