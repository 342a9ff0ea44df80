//! In which order the elements of an array lie in memory.

const std = @import("std");
const c = @import("c");
const errors = @import("errors.zig");
const describe = @import("describe.zig");
const types = @import("types.zig");
const Bytes = @import("bytes.zig").Bytes;

const Error = errors.Error;
const Diagnostics = errors.Diagnostics;
const check = errors.check;
const make = errors.make;

/// A layout: an order of dimensions, cut into tiles maybe, or byte strides. It never changes.
pub const Layout = struct {
    handle: *c.pje_layout,
    diagnostics: ?*Diagnostics = null,

    pub const format = describe.formatter(Layout, c.pje_layout_describe);

    /// The sizes of one tile, slowest dimension first.
    pub const Tile = []const i64;
    const most_tiles = 16;

    /// `minor_to_major` names the dimensions, the fastest varying first.
    pub fn tiled(minor_to_major: []const i64, tiles: []const Tile, diagnostics: ?*Diagnostics) Error!Layout {
        var sizes: [most_tiles * 8]i64 = undefined;
        var ranks: [most_tiles]usize = undefined;
        var used: usize = 0;
        if (tiles.len > most_tiles) return errors.refuse(diagnostics, "Layout.tiled: more than 16 tiles");
        for (tiles, ranks[0..tiles.len]) |tile_sizes, *rank_of| {
            if (used + tile_sizes.len > sizes.len) return errors.refuse(diagnostics, "Layout.tiled: tiles of more than 128 sizes");
            @memcpy(sizes[used..][0..tile_sizes.len], tile_sizes);
            rank_of.* = tile_sizes.len;
            used += tile_sizes.len;
        }
        const arguments = .{ minor_to_major.ptr, minor_to_major.len, @as([*]const i64, &sizes), @as([*]const usize, &ranks), tiles.len };
        return wrap(diagnostics, c.pje_layout_create_tiled, arguments);
    }

    pub fn strided(byte_strides: []const i64, diagnostics: ?*Diagnostics) Error!Layout {
        return wrap(diagnostics, c.pje_layout_create_strided, .{ byte_strides.ptr, byte_strides.len });
    }

    /// The order of dimensions of a dense array that has these strides.
    pub fn fromByteStrides(dtype: types.Dtype, dims: []const i64, byte_strides: []const i64, diagnostics: ?*Diagnostics) Error!Layout {
        if (dims.len != byte_strides.len) return errors.refuse(diagnostics, "Layout.fromByteStrides: another number of strides than of dimensions");
        return wrap(diagnostics, c.pje_layout_from_byte_strides, .{ dtype.raw(), dims.ptr, dims.len, byte_strides.ptr });
    }

    /// Such as "{1,0:T(8,128)(2,1)}" or "strides(8,-4)".
    pub fn parse(source: [:0]const u8, diagnostics: ?*Diagnostics) Error!Layout {
        return wrap(diagnostics, c.pje_layout_from_text, .{source.ptr});
    }

    /// A serialized xla.LayoutProto.
    pub fn fromBytes(data: []const u8, diagnostics: ?*Diagnostics) Error!Layout {
        return wrap(diagnostics, c.pje_layout_from_bytes, .{ data.ptr, data.len });
    }

    fn wrap(diagnostics: ?*Diagnostics, comptime function: anytype, arguments: anytype) Error!Layout {
        return .{ .handle = try make(c.pje_layout, diagnostics, function, arguments), .diagnostics = diagnostics };
    }

    pub fn deinit(self: *Layout) void {
        c.pje_layout_release(self.handle);
        self.* = undefined;
    }

    pub fn copy(self: Layout) Error!Layout {
        return wrap(self.diagnostics, c.pje_layout_copy, .{self.handle});
    }

    /// Whether both say the same in the same way.
    pub fn eql(self: Layout, other: Layout) bool {
        return c.pje_layout_equal(self.handle, other.handle);
    }

    /// The same for equal layouts, on every machine.
    pub fn hash(self: Layout) u64 {
        return c.pje_layout_hash(self.handle);
    }

    /// What `parse` reads. Borrowed.
    pub fn text(self: Layout) [:0]const u8 {
        return std.mem.span(c.pje_layout_to_text(self.handle));
    }

    /// A serialized xla.LayoutProto.
    pub fn serialize(self: Layout) Error!Bytes {
        return .{ .handle = try make(c.pje_bytes, self.diagnostics, c.pje_layout_serialize, .{self.handle}) };
    }

    pub fn rank(self: Layout) usize {
        return c.pje_layout_rank(self.handle);
    }

    pub fn isStrided(self: Layout) bool {
        return c.pje_layout_is_strided(self.handle);
    }

    /// The dimensions, the fastest varying first; null for a strided layout. Borrowed.
    pub fn minorToMajor(self: Layout) ?[]const i64 {
        if (self.isStrided()) return null;
        return c.pje_layout_minor_to_major(self.handle)[0..self.rank()];
    }

    /// The strides of a strided layout; null for a tiled one. Borrowed.
    pub fn byteStrides(self: Layout) ?[]const i64 {
        if (!self.isStrided()) return null;
        return c.pje_layout_byte_strides(self.handle)[0..self.rank()];
    }

    pub fn numTiles(self: Layout) usize {
        return c.pje_layout_num_tiles(self.handle);
    }

    /// Borrowed; null behind the last.
    pub fn tile(self: Layout, index: usize) ?Tile {
        var size: usize = 0;
        const sizes = c.pje_layout_tile(self.handle, index, &size);
        return if (sizes == null) null else sizes[0..size];
    }

    /// Fills `into` with the bytes from one index to the next of a host array in this layout.
    pub fn toByteStrides(self: Layout, dtype: types.Dtype, dims: []const i64, into: []i64) Error!void {
        if (into.len < dims.len) return errors.refuse(self.diagnostics, "Layout.toByteStrides: no room for all strides");
        try check(self.diagnostics, c.pje_layout_to_byte_strides(self.handle, dtype.raw(), dims.ptr, dims.len, into.ptr));
    }

    /// Bytes that a host array in this layout spans.
    pub fn hostSize(self: Layout, dtype: types.Dtype, dims: []const i64) Error!usize {
        var size: usize = 0;
        try check(self.diagnostics, c.pje_layout_host_size(self.handle, dtype.raw(), dims.ptr, dims.len, &size));
        return size;
    }
};
