# Compile options: every field, and flags by name.

# A value for each field that is not its default.
const VALUES = Dict(:optimization_level => PjrtEasy.EFFORT_O2, :memory_fitting_level => PjrtEasy.EFFORT_O1,
    :matrix_unit_operand_precision => PjrtEasy.PRECISION_HIGHEST, :compiler_variant => "variant", :device_ordinal => 2,
    :fdo_profile => UInt8[1, 2, 3], :serialized_multi_slice_config => UInt8[4, 5], :check_arguments => false,
    :auto_spmd_partitioning_mesh_shape => [2, 2], :auto_spmd_partitioning_mesh_ids => [0, 1, 2, 3],
    :individually_defined_output_indices => Int32[1], :device_assignment => reshape([1, 0], 2, 1),
    :allow_spmd_sharding_propagation_to_parameters => [true, false], :allow_spmd_sharding_propagation_to_output => [true],
    :result_layout => PjrtEasy.ArrayLayout(Float32, (2, 3), (1, 2)),
    :argument_layouts => [PjrtEasy.ArrayLayout(Float32, (2, 3), (1, 2))])
const MESSAGES = (:target_config, :gpu_topology, :debug_options)

getproperty_or_nothing(options, field) = try
    getproperty(options, field)
catch error
    error isa PjrtError ? nothing : rethrow()
end

case("every field is set, read, seen to be set, and cleared") do
    for field in propertynames(CompileOptions())
        field in MESSAGES && continue
        options = CompileOptions()
        before = getproperty_or_nothing(options, field)
        value = get(VALUES, field, before isa Bool ? !before : 3)
        setproperty!(options, field, value)
        @test getproperty(options, field) == value
        if field != :check_arguments
            @test PjrtEasy.isset(options, field)
            PjrtEasy.clear!(options, field)
            @test !PjrtEasy.isset(options, field) && getproperty_or_nothing(options, field) == before
        end
    end
end

case("messages are given as text and read as bytes") do
    options = CompileOptions()
    options.debug_options = "xla_cpu_enable_fast_math: true"
    bytes = options.debug_options
    @test !isempty(bytes) && options["xla_cpu_enable_fast_math"] == "true"
    again = CompileOptions(debug_options = bytes)
    @test again.debug_options == bytes
    options.gpu_topology = UInt8[]
    @test options.gpu_topology isa Vector{UInt8}
    @test code(() -> options.target_config = "no: such field") == PjrtEasy.INVALID_ARGUMENT
end

case("fields that do not exist, values that do not fit") do
    options = CompileOptions()
    @test code(() -> options.num_replica) == PjrtEasy.INVALID_ARGUMENT
    @test code(() -> options.num_replica = 2) == PjrtEasy.INVALID_ARGUMENT
    @test code(() -> options.num_replicas = 0) == PjrtEasy.INVALID_ARGUMENT
    @test code(() -> CompileOptions(nonsense = 1)) == PjrtEasy.INVALID_ARGUMENT
    @test code(() -> CompileOptions(UInt8[0xff])) == PjrtEasy.INVALID_ARGUMENT
    @test code(() -> compile(fake(), Program(ADD), options; num_replicas = 1)) == PjrtEasy.INVALID_ARGUMENT
end

case("copies and bytes") do
    options = CompileOptions(num_replicas = 2, use_spmd_partitioning = true)
    other = copy(options)
    other.num_replicas = 4
    @test options.num_replicas == 2 && other.num_replicas == 4
    @test CompileOptions(Vector{UInt8}(options)).use_spmd_partitioning
    @test occursin("num_replicas: 2", PjrtEasy.text(options)) && occursin("num_replicas: 2", string(options))
end

case("flags by name") do
    options = CompileOptions()
    options["xla_cpu_enable_fast_math"] = false
    options["xla_backend_optimization_level"] = 1
    options["xla_dump_to"] = "/nowhere"
    PjrtEasy.override!(options, "own_float", 0.5)
    PjrtEasy.override!(options, "own_text", "text")
    PjrtEasy.override!(options, "own_int", 7)
    PjrtEasy.override!(options, "own_bool", true)
    @test PjrtEasy.overrides(options) == Dict("xla_cpu_enable_fast_math" => false, "xla_backend_optimization_level" => 1,
        "xla_dump_to" => "/nowhere", "own_float" => 0.5, "own_text" => "text", "own_int" => 7, "own_bool" => true)
    @test options["xla_dump_to"] == "/nowhere"
    delete!(options, "own_int")
    @test !haskey(PjrtEasy.overrides(options), "own_int") && code(() -> delete!(options, "own_int")) == PjrtEasy.NOT_FOUND
    @test code(() -> options["xla_cpu_enable_fast_mat"] = true) == PjrtEasy.INVALID_ARGUMENT
    @test code(() -> options["xla_backend_optimization_level"] = "high") == PjrtEasy.INVALID_ARGUMENT
    @test code(() -> options["xla_cpu_enable_fast_min_max"]) == PjrtEasy.NOT_FOUND
    options["xla_dump_hlo_pass_re"] = Symbol("a.*")
    options["own_double"] = 0.25
end

case("compilation environments") do
    options = CompileOptions()
    PjrtEasy.add_compilation_environment!(options, "type.googleapis.com/some.Environment", UInt8[1, 2])
    @test PjrtEasy.compilation_environments(options) == ["type.googleapis.com/some.Environment" => UInt8[1, 2]]
end

case("messages of other protos as bytes and as text, layouts as bytes and with tiles") do
    options = CompileOptions()
    options.target_config = "platform_name: 'CUDA'"
    bytes = options.target_config
    options.target_config = ""
    options.target_config = bytes
    @test options.target_config == bytes && !isempty(bytes)
    options.gpu_topology = "platform_version: 'sm_90'"
    @test occursin("sm_90", String(copy(options.gpu_topology)))
    @test code(() -> options.gpu_topology = "nothing: 1") == PjrtEasy.INVALID_ARGUMENT
    layout = Layout((1, 2))
    options.argument_layouts = [PjrtEasy.ArrayLayout(Float32, (2, 3), layout)]
    @test options.argument_layouts == [PjrtEasy.ArrayLayout(Float32, (2, 3), (1, 2))]
    shape = PjrtEasy.layout_bytes(options, 1)
    options.argument_layouts = [shape, shape]
    @test length(options.argument_layouts) == 2 && PjrtEasy.layout_bytes(options, 2) == shape
    @test code(() -> options.argument_layouts = [UInt8[0xff]]) == PjrtEasy.INVALID_ARGUMENT
    foreach(close, (layout, options))
end
