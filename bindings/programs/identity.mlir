module @identity {
  func.func public @main(%arg0: tensor<TYPE>) -> tensor<TYPE> {
    return %arg0 : tensor<TYPE>
  }
}
