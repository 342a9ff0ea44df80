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

/// Version of the library that is loaded, such as "0.1.0".
pub fn version() [:0]const u8 {
    return std.mem.span(c.pje_version());
}

/// Whether the library that is loaded has the version of the header that this was built with.
pub fn versionMatches() bool {
    return c.pje_version_number() == c.PJE_VERSION_NUMBER;
}

comptime {
    // Structs that the library reads must have its own layout, whatever translated the header.
    for (.{ c.pje_client_options, c.pje_from_host_options, c.pje_execute_options, c.pje_plugin_options }) |Options| {
        if (@offsetOf(Options, "struct_size") != 0) @compileError("struct_size does not come first");
        if (@sizeOf(Options) % 8 != 0) @compileError("an options struct is not made of words");
    }
    if (@sizeOf(c.pje_code) != 4 or @sizeOf(c.pje_dtype) != 4) @compileError("an enum does not have 4 bytes");
}

test {
    std.testing.refAllDecls(@This());
    _ = types;
    _ = @import("pjrt_test.zig");
}
