module @bad_syntax {
  func.func public @main(%arg0: tensor<4xf32> -> tensor<4xf32> {
    return %arg0 : tensor<4xf32>
  }
}
