# A program over several devices: a list of arguments per device in, a list of outputs per device out.
# usage: multi_device.jl [PLUGIN]
using PjrtEasy

client = Client(get(ARGS, 1, "cpu"); options = (cpu_device_count = 4,))
sum_up = compile(client, """
    func.func @main(%a: tensor<2xf32>) -> tensor<2xf32> {
      %0 = "stablehlo.all_reduce"(%a) ({
      ^bb0(%x: tensor<f32>, %y: tensor<f32>):
        %1 = stablehlo.add %x, %y : tensor<f32>
        stablehlo.return %1 : tensor<f32>
      }) {replica_groups = dense<[[0, 1, 2, 3]]> : tensor<1x4xi64>} : (tensor<2xf32>) -> tensor<2xf32>
      return %0 : tensor<2xf32>
    }
    """; num_replicas = 4)

# Host arrays go to the device whose list they are in.
outputs = sum_up([[Float32[device, 1]] for device in 1:4])
for (output,) in outputs
    println(output, ": ", Array(output))
    @assert Array(output) == Float32[10, 4]
end
