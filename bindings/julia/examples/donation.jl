# A training step that takes its state over, so that the device holds it once. usage: donation.jl [PLUGIN]
using PjrtEasy

client = Client(get(ARGS, 1, "cpu"))
step = compile(client, """
    func.func @main(%weights: tensor<4xf32> {tf.aliasing_output = 0 : i32}, %gradient: tensor<4xf32>) -> tensor<4xf32> {
      %0 = stablehlo.subtract %weights, %gradient : tensor<4xf32>
      return %0 : tensor<4xf32>
    }
    """)
@assert PjrtEasy.isdonated(step, 1)

gradient = Buffer(client, Float32[0.5, 0.25, 0, -1])
function train(step, weights, gradient, steps)
    for _ in 1:steps
        next = step(weights, gradient)
        @assert PjrtEasy.isdeleted(weights)
        close(weights)
        weights = next
    end
    return weights
end
weights = train(step, Buffer(client, zeros(Float32, 4)), gradient, 10)
println(Array(weights))
@assert Array(weights) == Float32[-5, -2.5, 0, 10]

# For once the argument is kept.
step(weights, gradient; keep = [1])
@assert !PjrtEasy.isdeleted(weights)
