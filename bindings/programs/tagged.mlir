module @tagged {
  func.func public @main(%arg0: tensor<2xi32>) -> tensor<2xi32> {
    %0 = stablehlo.add %arg0, %arg0 {mhlo.frontend_attributes = {_xla_tag = "42"}} : tensor<2xi32>
    return %0 : tensor<2xi32>
  }
}
