//! Compiled machine-learning programs on PJRT plugins, over the C library pjrt_easy.
//!
//! Every object is a small struct around a handle; `deinit` gives it back, in any order, on any thread. What can fail
//! returns an `Error`; what it said is in the `Diagnostics` given to `Client.open`.

const std = @import("std");

/// The C API itself, for what has no wrapper.
pub const c = @import("c");

const errors = @import("errors.zig");
pub const Error = errors.Error;
pub const Diagnostics = errors.Diagnostics;
pub const Failure = errors.Failure;
pub const all_errors = errors.all_errors;
pub const codeOf = errors.codeOf;
pub const codeName = errors.codeName;
pub const check = errors.check;

const types = @import("types.zig");
pub const Dtype = types.Dtype;
pub const dtypeOf = types.dtypeOf;
pub const HostType = types.HostType;
pub const Complex = types.Complex;
pub const Token = types.Token;
pub const BF16 = types.BF16;
pub const F8E5M2 = types.F8E5M2;
pub const F8E4M3 = types.F8E4M3;
pub const F8E3M4 = types.F8E3M4;
pub const F8E4M3FN = types.F8E4M3FN;
pub const F8E4M3FNUZ = types.F8E4M3FNUZ;
pub const F8E4M3B11FNUZ = types.F8E4M3B11FNUZ;
pub const F8E5M2FNUZ = types.F8E5M2FNUZ;
pub const F8E8M0FNU = types.F8E8M0FNU;
pub const F6E2M3FN = types.F6E2M3FN;
pub const F6E3M2FN = types.F6E3M2FN;
pub const F4E2M1FN = types.F4E2M1FN;
pub const S1 = types.S1;
pub const S2 = types.S2;
pub const S4 = types.S4;
pub const U1 = types.U1;
pub const U2 = types.U2;
pub const U4 = types.U4;

pub const Array = @import("array.zig").Array;
pub const Bytes = @import("bytes.zig").Bytes;
pub const CompletionQueue = @import("completion_queue.zig").CompletionQueue;
pub const DeviceAssignment = @import("device_assignment.zig").DeviceAssignment;
pub const ExecuteContext = @import("execute_context.zig").ExecuteContext;
pub const Layout = @import("layout.zig").Layout;
pub const NamedValues = @import("named_values.zig").NamedValues;
pub const Pending = @import("pending.zig").Pending;
pub const PreparedCall = @import("prepared_call.zig").PreparedCall;
pub const Program = @import("program.zig").Program;
pub const RequestQueue = @import("request_queue.zig").RequestQueue;
pub const Topology = @import("topology.zig").Topology;

const buffer = @import("buffer.zig");
pub const Buffer = buffer.Buffer;
pub const HostSemantics = buffer.HostSemantics;
pub const UploadOptions = buffer.UploadOptions;

const client = @import("client.zig");
pub const Client = client.Client;
pub const ClientOptions = client.ClientOptions;

const compile_options = @import("compile_options.zig");
pub const CompileOptions = compile_options.CompileOptions;
pub const Effort = compile_options.Effort;
pub const Precision = compile_options.Precision;
pub const OverrideValue = @import("compile_overrides.zig").Value;

const compiled = @import("compiled.zig");
pub const Compiled = compiled.Compiled;
pub const LoadOptions = compiled.LoadOptions;
pub const serializedInfo = compiled.serializedInfo;

const device = @import("device.zig");
pub const Device = device.Device;
pub const DeviceDescription = device.DeviceDescription;
pub const DeviceId = device.DeviceId;
pub const LocalHardwareId = device.LocalHardwareId;
pub const Memory = device.Memory;
pub const MemoryId = device.MemoryId;
pub const ProcessIndex = device.ProcessIndex;

const event = @import("event.zig");
pub const Callback = event.Callback;
pub const Event = event.Event;

const executable = @import("executable.zig");
pub const Executable = executable.Executable;
pub const ExecuteOptions = executable.ExecuteOptions;

const handlers = @import("handlers.zig");
pub const Chunk = handlers.Chunk;
pub const CopyStream = handlers.CopyStream;
pub const Handlers = handlers.Handlers;
pub const OutputInfo = handlers.OutputInfo;
pub const TransferInfo = handlers.TransferInfo;

const kv_store = @import("kv_store.zig");
pub const KvFunctions = kv_store.KvFunctions;
pub const KvStore = kv_store.KvStore;

const plugin = @import("plugin.zig");
pub const Plugin = plugin.Plugin;
pub const PluginOptions = plugin.PluginOptions;
pub const functionName = plugin.functionName;
pub const numFunctions = plugin.numFunctions;

const device_calls = @import("device_calls.zig");
pub const DmaMapping = device_calls.DmaMapping;
pub const ProcessInfo = device_calls.ProcessInfo;
pub const ProcessState = device_calls.ProcessState;
pub const TrackingEvent = device_calls.TrackingEvent;
pub const updateProcesses = device_calls.updateProcesses;

const host_access = @import("host_access.zig");
pub const HostView = host_access.HostView;
pub const readAll = host_access.readAll;
pub const readAllAsync = host_access.readAllAsync;

const library = @import("library.zig");
pub const LogKind = library.LogKind;
pub const LogLine = library.LogLine;
pub const captureStderr = library.captureStderr;
pub const clearLog = library.clearLog;
pub const leakReport = library.leakReport;
pub const liveObjects = library.liveObjects;
pub const logToQueue = library.logToQueue;
pub const misuseCount = library.misuseCount;
pub const onLog = library.onLog;
pub const poolThreads = library.poolThreads;
pub const setPluginLogLevel = library.setPluginLogLevel;
pub const setPoolThreads = library.setPoolThreads;
pub const version = library.version;
pub const versionMatches = library.versionMatches;

const special_buffers = @import("special_buffers.zig");
pub const BufferOptions = special_buffers.BufferOptions;
pub const BufferReference = special_buffers.BufferReference;
pub const Fulfilment = special_buffers.Fulfilment;
pub const Promised = special_buffers.Promised;
pub const PromisedCopy = special_buffers.PromisedCopy;
pub const ViewOptions = special_buffers.ViewOptions;
pub const alias = special_buffers.alias;
pub const bitcast = special_buffers.bitcast;
pub const donateWithDependency = special_buffers.donateWithDependency;
pub const failed = special_buffers.failed;
pub const readRawLater = special_buffers.readRawLater;
pub const uninitialized = special_buffers.uninitialized;
pub const view = special_buffers.view;

const transfer = @import("transfer.zig");
pub const TransferManager = transfer.TransferManager;
pub const TransferOptions = transfer.TransferOptions;
pub const TransferProgress = transfer.TransferProgress;
pub const TransferShape = transfer.TransferShape;
pub const TransferState = transfer.TransferState;
pub const transferAll = transfer.transferAll;
pub const transferAllAsync = transfer.transferAllAsync;

comptime {
    // Structs that the library reads must have its own layout, whatever translated the header.
    for (.{
        c.pje_client_options,      c.pje_from_host_options, c.pje_execute_options,  c.pje_plugin_options,    c.pje_buffer_options,
        c.pje_deserialize_options, c.pje_view_options,      c.pje_transfer_options, c.pje_client_statistics,
    }) |Options| {
        if (@offsetOf(Options, "struct_size") != 0) @compileError("struct_size does not come first");
        if (@sizeOf(Options) % 8 != 0) @compileError("an options struct is not made of words");
    }
    if (@sizeOf(c.pje_code) != 4 or @sizeOf(c.pje_dtype) != 4) @compileError("an enum does not have 4 bytes");
}

test {
    std.testing.refAllDecls(@This());
    _ = types;
    _ = @import("buffers_test.zig");
    _ = @import("compile_test.zig");
    _ = @import("library_test.zig");
    _ = @import("pjrt_test.zig");
    _ = @import("runs_test.zig");
}
