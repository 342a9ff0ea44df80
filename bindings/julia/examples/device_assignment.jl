# Which device runs which replica. usage: device_assignment.jl [PLUGIN]
using PjrtEasy

client = Client(get(ARGS, 1, "cpu"); options = (cpu_device_count = 4,))
println("the client's own: ", DeviceAssignment(client, 4, 1))

# Replicas 1 and 2 on devices 3 and 1.
options = CompileOptions()
options.device_assignment = DeviceAssignment([3, 1])
exe = compile(client, Program("""
    func.func @main() -> tensor<ui32> {
      %0 = stablehlo.replica_id : tensor<ui32>
      return %0 : tensor<ui32>
    }
    """), options)
println("that of the program: ", DeviceAssignment(exe))
for (index, device) in enumerate(addressable_devices(exe))
    replica, _ = PjrtEasy.place(exe, index)
    println(device, " runs replica ", replica)
    @assert DeviceAssignment(exe)[replica] == PjrtEasy.id(device)
end
@assert Matrix(DeviceAssignment(exe)) == reshape([DeviceId(3), DeviceId(1)], 2, 1)
