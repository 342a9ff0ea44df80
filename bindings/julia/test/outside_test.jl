# Projects outside the repository, in fresh folders.

const FIRST_PROGRAM = match(r"```julia\n(using PjrtEasy.*?)```"s, read(joinpath(PACKAGE, "README.md"), String))[1]
const OUTSIDE = FIRST_PROGRAM * "\nprintln(Array(y))\nprintln(PjrtEasy.version())\n"

# The environment of a user: nothing of this run's own but where Julia's compiled code goes and its libraries are.
function as_a_user(folder, command, pairs...)
    kept = filter(pair -> first(pair) in ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "JULIA_DEPOT_PATH"), Dict(ENV))
    return setenv(command, merge(kept, Dict(pairs...)); dir = folder)
end

function copied_package(folder)
    for name in ("Project.toml", "src")
        cp(joinpath(PACKAGE, name), joinpath(folder, "PjrtEasy", name))
    end
end

function with_outside_project(use)
    mktempdir() do folder
        mkdir(joinpath(folder, "PjrtEasy"))
        copied_package(folder)
        mkdir(joinpath(folder, "plugins"))
        symlink(FAKE, joinpath(folder, "plugins", "libpjrt_cpu.so"))
        write(joinpath(folder, "model.mlir"), ADD_2X3)
        write(joinpath(folder, "main.jl"), OUTSIDE)
        use(folder)
    end
end

const EXPECTED = "Float32[2.0 4.0 6.0; 8.0 10.0 12.0]\n0.1.0\n"

case("an outside project with a manifest, the library named by PJRT_EASY_LIB") do
    with_outside_project() do folder
        uuid = match(r"uuid = \"(.*)\"", read(joinpath(PACKAGE, "Project.toml"), String))[1]
        write(joinpath(folder, "Project.toml"), "[deps]\nPjrtEasy = \"$uuid\"\n")
        write(joinpath(folder, "Manifest.toml"), """
            [[FileWatching]]
            uuid = "7b1f6079-737a-58dc-b8bc-7a2ca5c1b5ee"

            [[Libdl]]
            uuid = "8f399da3-3557-5675-b5ff-fb832c97cbdb"

            [[PjrtEasy]]
            deps = ["FileWatching", "Libdl"]
            path = "PjrtEasy"
            uuid = "$uuid"
            version = "0.1.0"
            """)
        command = `$(Base.julia_cmd()) --startup-file=no --project=. main.jl`
        @test read(as_a_user(folder, command, "PJRT_EASY_LIB" => Libdl.dlpath(Raw.LIBRARY),
            "PJE_PLUGIN_PATH" => joinpath(folder, "plugins")), String) == EXPECTED
    end
end

case("an outside program by LOAD_PATH, the library found by the loader") do
    with_outside_project() do folder
        libraries = joinpath(folder, "lib")
        mkdir(libraries)
        symlink(realpath(Libdl.dlpath(Raw.LIBRARY)), joinpath(libraries, Raw.LIBRARY))
        command = `$(Base.julia_cmd()) --startup-file=no main.jl`
        path = join(filter(!isempty, [libraries, get(ENV, "LD_LIBRARY_PATH", "")]), ':')
        @test read(as_a_user(folder, command, "LD_LIBRARY_PATH" => path, "JULIA_LOAD_PATH" => "$folder:@stdlib",
            "PJE_PLUGIN_PATH" => joinpath(folder, "plugins")), String) == EXPECTED
    end
end
