# Classifies images of 8×8 pixels with a trained layer; all data come from .npy files.
# usage: classify.jl PLUGIN FOLDER: FOLDER holds images.npy (N×64), weights.npy (64×10) and bias.npy (10)
using PjrtEasy

folder = ARGS[2]
client = Client(ARGS[1])
images, weights, bias = (loadnpy(joinpath(folder, "$name.npy")) for name in ("images", "weights", "bias"))
n, classes = size(images, 1), length(bias)

x, w, b, y = "tensor<$(n)x64xf32>", "tensor<64x$(classes)xf32>", "tensor<$(classes)xf32>", "tensor<$(n)x$(classes)xf32>"
classify = compile(client, """
    func.func @main(%x: $x, %w: $w, %b: $b) -> $y {
      %0 = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0] : ($x, $w) -> $y
      %1 = stablehlo.broadcast_in_dim %b, dims = [1] : ($b) -> $y
      %2 = stablehlo.add %0, %1 : $y
      return %2 : $y
    }
    """)

# The layer stays on the device; images come and go.
layer = (Buffer(client, weights), Buffer(client, bias))
scores = Array(classify(images, layer...))
digits = [argmax(scores[i, :]) - 1 for i in 1:n]
println("digits: ", join(digits, ' '))
savenpy(joinpath(folder, "scores.npy"), scores)
