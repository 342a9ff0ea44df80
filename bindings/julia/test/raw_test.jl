

case("every export is in the library") do
    handle = Libdl.dlopen(Raw.LIBRARY)
    for name in Raw.FUNCTIONS
        @test Libdl.dlsym(handle, name; throw_error = false) !== nothing
    end
    @test length(Raw.FUNCTIONS) > 280
end

case("structs have the members and offsets that C gives them") do
    include_folder = normpath(joinpath(PACKAGE, "..", "..", "include"))
    source = IOBuffer()
    println(source, "#include <pjrt_easy.h>\n#include <stdio.h>\nint main(void) {")
    for struct_type in Raw.STRUCTS
        name = nameof(struct_type)
        println(source, "  printf(\"$name %zu\\n\", sizeof($name));")
        for field in fieldnames(struct_type)
            println(source, "  printf(\"$name.$field %zu %zu\\n\", offsetof($name, $field), sizeof((($name *)0)->$field));")
        end
    end
    println(source, "  return 0;\n}")
    expected = mktempdir() do folder
        write(joinpath(folder, "offsets.c"), take!(source))
        run(`cc -I$include_folder -o $folder/offsets $folder/offsets.c`)
        split(read(`$folder/offsets`, String), '\n'; keepempty = false)
    end
    found = String[]
    for struct_type in Raw.STRUCTS
        push!(found, "$(nameof(struct_type)) $(sizeof(struct_type))")
        for index in 1:fieldcount(struct_type)
            push!(found, string(nameof(struct_type), '.', fieldname(struct_type, index), ' ',
                fieldoffset(struct_type, index), ' ', sizeof(fieldtype(struct_type, index))))
        end
    end
    @test found == expected
end

case("the library is the one that PJRT_EASY_LIB names") do
    @test PjrtEasy.version() == v"0.1.0"
    @test isempty(get(ENV, "PJRT_EASY_LIB", "")) ||
        realpath(Libdl.dlpath(Raw.LIBRARY)) == realpath(ENV["PJRT_EASY_LIB"])
end

case("a library that cannot be loaded is an error that says so") do
    script = "try; @eval using PjrtEasy; catch error; print(sprint(showerror, error)); end"
    output = read(addenv_1_5(`$(Base.julia_cmd()) --startup-file=no --project=$PACKAGE -e $script`,
        "PJRT_EASY_LIB" => "/nonexistent/lib.so"), String)
    @test occursin("libpjrt_easy cannot be loaded from PJRT_EASY_LIB=/nonexistent/lib.so", output)
end

case("every exported name has a docstring") do
    undocumented = filter(names(PjrtEasy)) do name
        !haskey(Docs.meta(PjrtEasy), Docs.Binding(PjrtEasy, name))
    end
    @test isempty(undocumented)
end
