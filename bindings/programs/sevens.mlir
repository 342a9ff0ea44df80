module @sevens {
  func.func public @main() -> tensor<4xi32> {
    %0 = stablehlo.constant dense<7> : tensor<4xi32>
    return %0 : tensor<4xi32>
  }
}
