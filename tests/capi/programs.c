#include "harness.h"

const char kAdd1[] =
    "module @add1 {\n"
    "  func.func public @main(%arg0: tensor<4xf32>) -> tensor<4xf32> {\n"
    "    %cst = stablehlo.constant dense<1.000000e+00> : tensor<f32>\n"
    "    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<4xf32>\n"
    "    %1 = stablehlo.add %arg0, %0 : tensor<4xf32>\n"
    "    return %1 : tensor<4xf32>\n"
    "  }\n"
    "}\n";

const char kAdd2[] =
    "module @add2 {\n"
    "  func.func public @main(%arg0: tensor<4xf32>, %arg1: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) "
    "{\n"
    "    %0 = stablehlo.add %arg0, %arg1 : tensor<4xf32>\n"
    "    %1 = stablehlo.multiply %arg0, %arg1 : tensor<4xf32>\n"
    "    return %0, %1 : tensor<4xf32>, tensor<4xf32>\n"
    "  }\n"
    "}\n";

const char kDonates[] =
    "module @donates {\n"
    "  func.func public @main(%arg0: tensor<4xf32> {tf.aliasing_output = 0 : i32}, %arg1: tensor<4xf32>) -> "
    "tensor<4xf32> {\n"
    "    %0 = stablehlo.add %arg0, %arg1 : tensor<4xf32>\n"
    "    return %0 : tensor<4xf32>\n"
    "  }\n"
    "}\n";

const char kDonatesBoth[] =
    "module @donates_both {\n"
    "  func.func public @main(%arg0: tensor<4xf32> {tf.aliasing_output = 0 : i32}, %arg1: tensor<4xf32> "
    "{jax.buffer_donor = true}) -> tensor<4xf32> {\n"
    "    %0 = stablehlo.add %arg0, %arg1 : tensor<4xf32>\n"
    "    return %0 : tensor<4xf32>\n"
    "  }\n"
    "}\n";

const char kNothing[] =
    "module @no_args {\n"
    "  func.func public @main() -> tensor<4xi32> {\n"
    "    %0 = stablehlo.constant dense<7> : tensor<4xi32>\n"
    "    return %0 : tensor<4xi32>\n"
    "  }\n"
    "}\n";

const char kAllReduce[] =
    "module @replica_all_reduce attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 4 : i32} {\n"
    "  func.func public @main(%arg0: tensor<5xf32>) -> (tensor<5xf32>, tensor<ui32>) {\n"
    "    %0 = \"stablehlo.all_reduce\"(%arg0) <{replica_groups = dense<[[0, 1, 2, 3]]> : tensor<1x4xi64>}> "
    "({\n"
    "    ^bb0(%arg1: tensor<f32>, %arg2: tensor<f32>):\n"
    "      %2 = stablehlo.add %arg1, %arg2 : tensor<f32>\n"
    "      stablehlo.return %2 : tensor<f32>\n"
    "    }) : (tensor<5xf32>) -> tensor<5xf32>\n"
    "    %1 = stablehlo.replica_id : tensor<ui32>\n"
    "    return %0, %1 : tensor<5xf32>, tensor<ui32>\n"
    "  }\n"
    "}\n";
