// Written by generate.py from the header. Do not edit.

package pjrt

// #include "bridge.h"
import "C"

import (
	"runtime"
	"unsafe"
)

// SetNumReplicas sets num_replicas: number of replicas that run the same program on their own data.
func (o *CompileOptions) SetNumReplicas(value int64) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_num_replicas(o.raw, C.int64_t(value)))
}

// NumReplicas gives num_replicas.
func (o *CompileOptions) NumReplicas() int64 {
	defer runtime.KeepAlive(o)
	return int64(C.pje_compile_options_get_num_replicas(o.raw))
}

// SetNumPartitions sets num_partitions: number of partitions that one program is split into.
func (o *CompileOptions) SetNumPartitions(value int64) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_num_partitions(o.raw, C.int64_t(value)))
}

// NumPartitions gives num_partitions.
func (o *CompileOptions) NumPartitions() int64 {
	defer runtime.KeepAlive(o)
	return int64(C.pje_compile_options_get_num_partitions(o.raw))
}

// SetDeviceOrdinal sets device_ordinal: device to compile for.
func (o *CompileOptions) SetDeviceOrdinal(value int64) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_device_ordinal(o.raw, C.int64_t(value)))
}

// DeviceOrdinal gives device_ordinal.
func (o *CompileOptions) DeviceOrdinal() int64 {
	defer runtime.KeepAlive(o)
	return int64(C.pje_compile_options_get_device_ordinal(o.raw))
}

// SetUseSPMDPartitioning sets use_spmd_partitioning: whether the program is partitioned by its shardings.
func (o *CompileOptions) SetUseSPMDPartitioning(value bool) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_use_spmd_partitioning(o.raw, C.bool(value)))
}

// UseSPMDPartitioning gives use_spmd_partitioning.
func (o *CompileOptions) UseSPMDPartitioning() bool {
	defer runtime.KeepAlive(o)
	return bool(C.pje_compile_options_get_use_spmd_partitioning(o.raw))
}

// SetUseAutoSPMDPartitioning sets use_auto_spmd_partitioning: whether shardings are also looked for.
func (o *CompileOptions) SetUseAutoSPMDPartitioning(value bool) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_use_auto_spmd_partitioning(o.raw, C.bool(value)))
}

// UseAutoSPMDPartitioning gives use_auto_spmd_partitioning.
func (o *CompileOptions) UseAutoSPMDPartitioning() bool {
	defer runtime.KeepAlive(o)
	return bool(C.pje_compile_options_get_use_auto_spmd_partitioning(o.raw))
}

// SetUseShardyPartitioner sets use_shardy_partitioner: whether Shardy partitions instead of GSPMD.
func (o *CompileOptions) SetUseShardyPartitioner(value bool) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_use_shardy_partitioner(o.raw, C.bool(value)))
}

// UseShardyPartitioner gives use_shardy_partitioner.
func (o *CompileOptions) UseShardyPartitioner() bool {
	defer runtime.KeepAlive(o)
	return bool(C.pje_compile_options_get_use_shardy_partitioner(o.raw))
}

// SetProcessIndex sets process_index: index of this process among those that compile together.
func (o *CompileOptions) SetProcessIndex(value int64) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_process_index(o.raw, C.int64_t(value)))
}

// ProcessIndex gives process_index.
func (o *CompileOptions) ProcessIndex() int64 {
	defer runtime.KeepAlive(o)
	return int64(C.pje_compile_options_get_process_index(o.raw))
}

// SetProcessCount sets process_count: number of such processes.
func (o *CompileOptions) SetProcessCount(value int64) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_process_count(o.raw, C.int64_t(value)))
}

// ProcessCount gives process_count.
func (o *CompileOptions) ProcessCount() int64 {
	defer runtime.KeepAlive(o)
	return int64(C.pje_compile_options_get_process_count(o.raw))
}

// SetAllowSPMDShardingPropagationToParameters sets allow_spmd_sharding_propagation_to_parameters: whether the partitioner may choose the sharding of parameters.
func (o *CompileOptions) SetAllowSPMDShardingPropagationToParameters(values ...bool) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_allow_spmd_sharding_propagation_to_parameters(o.raw, (*C.bool)(unsafe.SliceData(values)), C.size_t(len(values))))
}

// AllowSPMDShardingPropagationToParameters gives allow_spmd_sharding_propagation_to_parameters.
func (o *CompileOptions) AllowSPMDShardingPropagationToParameters() []bool {
	defer runtime.KeepAlive(o)
	var count C.size_t
	values := C.pje_compile_options_get_allow_spmd_sharding_propagation_to_parameters(o.raw, &count)
	return append([]bool(nil), unsafe.Slice((*bool)(values), int(count))...)
}

// SetAllowSPMDShardingPropagationToOutput sets allow_spmd_sharding_propagation_to_output: the same for results.
func (o *CompileOptions) SetAllowSPMDShardingPropagationToOutput(values ...bool) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_allow_spmd_sharding_propagation_to_output(o.raw, (*C.bool)(unsafe.SliceData(values)), C.size_t(len(values))))
}

// AllowSPMDShardingPropagationToOutput gives allow_spmd_sharding_propagation_to_output.
func (o *CompileOptions) AllowSPMDShardingPropagationToOutput() []bool {
	defer runtime.KeepAlive(o)
	var count C.size_t
	values := C.pje_compile_options_get_allow_spmd_sharding_propagation_to_output(o.raw, &count)
	return append([]bool(nil), unsafe.Slice((*bool)(values), int(count))...)
}

// SetAutoSPMDPartitioningMeshShape sets auto_spmd_partitioning_mesh_shape: shape of the device mesh for auto partitioning.
func (o *CompileOptions) SetAutoSPMDPartitioningMeshShape(values ...int64) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_auto_spmd_partitioning_mesh_shape(o.raw, (*C.int64_t)(unsafe.SliceData(values)), C.size_t(len(values))))
}

// AutoSPMDPartitioningMeshShape gives auto_spmd_partitioning_mesh_shape.
func (o *CompileOptions) AutoSPMDPartitioningMeshShape() []int64 {
	defer runtime.KeepAlive(o)
	var count C.size_t
	values := C.pje_compile_options_get_auto_spmd_partitioning_mesh_shape(o.raw, &count)
	return append([]int64(nil), unsafe.Slice((*int64)(values), int(count))...)
}

// SetAutoSPMDPartitioningMeshIDs sets auto_spmd_partitioning_mesh_ids: devices of that mesh, row-major.
func (o *CompileOptions) SetAutoSPMDPartitioningMeshIDs(values ...int64) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_auto_spmd_partitioning_mesh_ids(o.raw, (*C.int64_t)(unsafe.SliceData(values)), C.size_t(len(values))))
}

// AutoSPMDPartitioningMeshIDs gives auto_spmd_partitioning_mesh_ids.
func (o *CompileOptions) AutoSPMDPartitioningMeshIDs() []int64 {
	defer runtime.KeepAlive(o)
	var count C.size_t
	values := C.pje_compile_options_get_auto_spmd_partitioning_mesh_ids(o.raw, &count)
	return append([]int64(nil), unsafe.Slice((*int64)(values), int(count))...)
}

// SetSerializedMultiSliceConfig sets serialized_multi_slice_config: serialized configuration of a multi-slice program.
func (o *CompileOptions) SetSerializedMultiSliceConfig(data []byte) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_serialized_multi_slice_config(o.raw, unsafe.Pointer(unsafe.SliceData(data)), C.size_t(len(data))))
}

// SerializedMultiSliceConfig gives serialized_multi_slice_config.
func (o *CompileOptions) SerializedMultiSliceConfig() []byte {
	defer runtime.KeepAlive(o)
	var size C.size_t
	data := C.pje_compile_options_get_serialized_multi_slice_config(o.raw, &size)
	return C.GoBytes(data, C.int(size))
}

// SetOptimizationLevel sets optimization_level: how much to optimize for speed.
func (o *CompileOptions) SetOptimizationLevel(value Effort) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_optimization_level(o.raw, C.pje_effort(value)))
}

// OptimizationLevel gives optimization_level.
func (o *CompileOptions) OptimizationLevel() Effort {
	defer runtime.KeepAlive(o)
	return Effort(C.pje_compile_options_get_optimization_level(o.raw))
}

// SetMemoryFittingLevel sets memory_fitting_level: how much to work on fitting into memory.
func (o *CompileOptions) SetMemoryFittingLevel(value Effort) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_memory_fitting_level(o.raw, C.pje_effort(value)))
}

// MemoryFittingLevel gives memory_fitting_level.
func (o *CompileOptions) MemoryFittingLevel() Effort {
	defer runtime.KeepAlive(o)
	return Effort(C.pje_compile_options_get_memory_fitting_level(o.raw))
}

// SetMatrixUnitOperandPrecision sets matrix_unit_operand_precision: precision of operands of matrix units.
func (o *CompileOptions) SetMatrixUnitOperandPrecision(value Precision) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_matrix_unit_operand_precision(o.raw, C.pje_precision(value)))
}

// MatrixUnitOperandPrecision gives matrix_unit_operand_precision.
func (o *CompileOptions) MatrixUnitOperandPrecision() Precision {
	defer runtime.KeepAlive(o)
	return Precision(C.pje_compile_options_get_matrix_unit_operand_precision(o.raw))
}

// SetDeduplicateHLO sets deduplicate_hlo: whether equal computations are merged.
func (o *CompileOptions) SetDeduplicateHLO(value bool) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_deduplicate_hlo(o.raw, C.bool(value)))
}

// DeduplicateHLO gives deduplicate_hlo.
func (o *CompileOptions) DeduplicateHLO() bool {
	defer runtime.KeepAlive(o)
	return bool(C.pje_compile_options_get_deduplicate_hlo(o.raw))
}

// SetRunBackendOnly sets run_backend_only: whether the program is optimized HLO already, to be lowered only.
func (o *CompileOptions) SetRunBackendOnly(value bool) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_run_backend_only(o.raw, C.bool(value)))
}

// RunBackendOnly gives run_backend_only.
func (o *CompileOptions) RunBackendOnly() bool {
	defer runtime.KeepAlive(o)
	return bool(C.pje_compile_options_get_run_backend_only(o.raw))
}

// SetAliasPassthroughParams sets alias_passthrough_params: whether parameters that are returned unchanged share their memory with the result.
func (o *CompileOptions) SetAliasPassthroughParams(value bool) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_alias_passthrough_params(o.raw, C.bool(value)))
}

// AliasPassthroughParams gives alias_passthrough_params.
func (o *CompileOptions) AliasPassthroughParams() bool {
	defer runtime.KeepAlive(o)
	return bool(C.pje_compile_options_get_alias_passthrough_params(o.raw))
}

// SetParameterIsTupledArguments sets parameter_is_tupled_arguments: whether the arguments come as one tuple.
func (o *CompileOptions) SetParameterIsTupledArguments(value bool) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_parameter_is_tupled_arguments(o.raw, C.bool(value)))
}

// ParameterIsTupledArguments gives parameter_is_tupled_arguments.
func (o *CompileOptions) ParameterIsTupledArguments() bool {
	defer runtime.KeepAlive(o)
	return bool(C.pje_compile_options_get_parameter_is_tupled_arguments(o.raw))
}

// SetCompilePortableExecutable sets compile_portable_executable: whether the executable may run on any one device.
func (o *CompileOptions) SetCompilePortableExecutable(value bool) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_compile_portable_executable(o.raw, C.bool(value)))
}

// CompilePortableExecutable gives compile_portable_executable.
func (o *CompileOptions) CompilePortableExecutable() bool {
	defer runtime.KeepAlive(o)
	return bool(C.pje_compile_options_get_compile_portable_executable(o.raw))
}

// SetAllowInPlaceMLIRModification sets allow_in_place_mlir_modification: whether the plugin may change the MLIR module it is given.
func (o *CompileOptions) SetAllowInPlaceMLIRModification(value bool) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_allow_in_place_mlir_modification(o.raw, C.bool(value)))
}

// AllowInPlaceMLIRModification gives allow_in_place_mlir_modification.
func (o *CompileOptions) AllowInPlaceMLIRModification() bool {
	defer runtime.KeepAlive(o)
	return bool(C.pje_compile_options_get_allow_in_place_mlir_modification(o.raw))
}

// SetIndividuallyDefinedOutputIndices sets individually_defined_output_indices: results that become ready on their own.
func (o *CompileOptions) SetIndividuallyDefinedOutputIndices(values ...int32) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_individually_defined_output_indices(o.raw, (*C.int32_t)(unsafe.SliceData(values)), C.size_t(len(values))))
}

// IndividuallyDefinedOutputIndices gives individually_defined_output_indices.
func (o *CompileOptions) IndividuallyDefinedOutputIndices() []int32 {
	defer runtime.KeepAlive(o)
	var count C.size_t
	values := C.pje_compile_options_get_individually_defined_output_indices(o.raw, &count)
	return append([]int32(nil), unsafe.Slice((*int32)(values), int(count))...)
}

// SetDeviceMemorySize sets device_memory_size: bytes of device memory to compile for.
func (o *CompileOptions) SetDeviceMemorySize(value int64) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_device_memory_size(o.raw, C.int64_t(value)))
}

// DeviceMemorySize gives device_memory_size.
func (o *CompileOptions) DeviceMemorySize() int64 {
	defer runtime.KeepAlive(o)
	return int64(C.pje_compile_options_get_device_memory_size(o.raw))
}

// SetProfileVersion sets profile_version: version of the profile to compile with.
func (o *CompileOptions) SetProfileVersion(value int64) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_profile_version(o.raw, C.int64_t(value)))
}

// ProfileVersion gives profile_version.
func (o *CompileOptions) ProfileVersion() int64 {
	defer runtime.KeepAlive(o)
	return int64(C.pje_compile_options_get_profile_version(o.raw))
}

// SetFDOProfile sets fdo_profile: profile for feedback-directed optimization.
func (o *CompileOptions) SetFDOProfile(data []byte) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_fdo_profile(o.raw, unsafe.Pointer(unsafe.SliceData(data)), C.size_t(len(data))))
}

// FDOProfile gives fdo_profile.
func (o *CompileOptions) FDOProfile() []byte {
	defer runtime.KeepAlive(o)
	var size C.size_t
	data := C.pje_compile_options_get_fdo_profile(o.raw, &size)
	return C.GoBytes(data, C.int(size))
}

// SetCompilerVariant sets compiler_variant: name of a compiler variant, UTF-8.
func (o *CompileOptions) SetCompilerVariant(value string) error {
	defer runtime.KeepAlive(o)
	text := C.CString(value)
	defer C.free(unsafe.Pointer(text))
	return result(C.pje_compile_options_set_compiler_variant(o.raw, text))
}

// CompilerVariant gives compiler_variant.
func (o *CompileOptions) CompilerVariant() string {
	defer runtime.KeepAlive(o)
	return C.GoString(C.pje_compile_options_get_compiler_variant(o.raw))
}

// SetCheckArguments sets check_arguments: whether the executable checks element types, dimensions and their order before each run.
func (o *CompileOptions) SetCheckArguments(value bool) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_check_arguments(o.raw, C.bool(value)))
}

// CheckArguments gives check_arguments.
func (o *CompileOptions) CheckArguments() bool {
	defer runtime.KeepAlive(o)
	return bool(C.pje_compile_options_get_check_arguments(o.raw))
}
