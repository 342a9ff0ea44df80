//! Element types: the library's numbers, and a Zig type for each.

const std = @import("std");
const c = @import("c");

/// Element types, with PJRT's numbers.
pub const Dtype = enum(c_int) {
    invalid = 0,
    pred = 1,
    s8 = 2,
    s16 = 3,
    s32 = 4,
    s64 = 5,
    u8 = 6,
    u16 = 7,
    u32 = 8,
    u64 = 9,
    f16 = 10,
    f32 = 11,
    f64 = 12,
    bf16 = 13,
    c64 = 14,
    c128 = 15,
    f8e5m2 = 16,
    f8e4m3fn = 17,
    f8e4m3b11fnuz = 18,
    f8e5m2fnuz = 19,
    f8e4m3fnuz = 20,
    s4 = 21,
    u4 = 22,
    token = 23,
    s2 = 24,
    u2 = 25,
    f8e4m3 = 26,
    f8e3m4 = 27,
    f8e8m0fnu = 28,
    f4e2m1fn = 29,
    s1 = 30,
    u1 = 31,
    f6e2m3fn = 32,
    f6e3m2fn = 33,
    _,

    pub fn name(self: Dtype) [:0]const u8 {
        return std.mem.span(c.pje_dtype_name(self.raw()));
    }

    /// Bytes of one element in host memory; a type below 8 bits takes one.
    pub fn hostSize(self: Dtype) usize {
        return c.pje_dtype_host_size(self.raw());
    }

    /// Bits of information in one element.
    pub fn bits(self: Dtype) usize {
        return c.pje_dtype_bits(self.raw());
    }

    /// Bytes to which elements in host memory are aligned.
    pub fn alignment(self: Dtype) usize {
        return c.pje_dtype_alignment(self.raw());
    }

    pub const Kind = enum(c_int) { invalid = 0, bool = 1, signed = 2, unsigned = 3, float = 4, complex = 5, token = 6, _ };

    /// What the type means, whatever its width.
    pub fn kind(self: Dtype) Kind {
        return @enumFromInt(@as(c_int, @intCast(c.pje_dtype_kind_of(self.raw()))));
    }

    pub fn fromName(text: [:0]const u8) ?Dtype {
        var number: c.pje_dtype = 0;
        if (!c.pje_dtype_from_name(text.ptr, &number)) return null;
        return @enumFromInt(@as(c_int, @intCast(number)));
    }

    pub fn raw(self: Dtype) c.pje_dtype {
        return @intCast(@intFromEnum(self));
    }

    pub fn from(number: c.pje_dtype) Dtype {
        return @enumFromInt(@as(c_int, @intCast(number)));
    }
};

/// An integer below 8 bits: one a byte in host memory, with the bits above repeating its sign.
pub fn SmallInt(comptime Int: type, comptime kind: Dtype) type {
    return extern struct {
        byte: u8,

        const Self = @This();
        pub const dtype = kind;
        pub const Value = Int;
        const Wide = if (@typeInfo(Int).int.signedness == .signed) i8 else u8;

        pub fn init(number: Int) Self {
            return .{ .byte = @bitCast(@as(Wide, number)) };
        }

        /// What is above the element's bits does not count.
        pub fn value(self: Self) Int {
            return @truncate(@as(Wide, @bitCast(self.byte)));
        }
    };
}

pub const S1 = SmallInt(i1, .s1);
pub const S2 = SmallInt(i2, .s2);
pub const S4 = SmallInt(i4, .s4);
pub const U1 = SmallInt(u1, .u1);
pub const U2 = SmallInt(u2, .u2);
pub const U4 = SmallInt(u4, .u4);

/// How a small float writes what is no finite number.
const Special = enum {
    ieee, // the largest exponent means infinity or NaN
    nan_only, // "fn": all ones is NaN, no infinity
    finite, // "fn" of 6 and 4 bits: every pattern is a number
    negative_zero, // "fnuz": the pattern of -0 is NaN, no infinity
};

/// A float of at most 16 bits, as its bit pattern. Conversions round to the nearest, ties to even.
pub fn SmallFloat(
    comptime kind: Dtype,
    comptime exponent_bits: comptime_int,
    comptime mantissa_bits: comptime_int,
    comptime bias: comptime_int,
    comptime special: Special,
) type {
    return extern struct {
        bits: Bits,

        const Self = @This();
        pub const dtype = kind;
        pub const Bits = if (1 + exponent_bits + mantissa_bits > 8) u16 else u8;
        const sign_shift = exponent_bits + mantissa_bits;
        const magnitude_mask: u32 = (1 << sign_shift) - 1;
        const max_exponent: i32 = (1 << exponent_bits) - 1;

        pub fn fromBits(pattern: Bits) Self {
            return .{ .bits = pattern };
        }

        pub fn nan() Self {
            return switch (special) {
                .ieee => .{ .bits = @intCast((magnitude_mask >> mantissa_bits << mantissa_bits) | (1 << (mantissa_bits - 1))) },
                .nan_only => .{ .bits = @intCast(magnitude_mask) },
                .negative_zero => .{ .bits = @intCast(@as(u32, 1) << sign_shift) },
                .finite => .{ .bits = 0 },
            };
        }

        fn largest() u32 {
            return switch (special) {
                .ieee => ((magnitude_mask >> mantissa_bits << mantissa_bits) - 1) & magnitude_mask,
                .nan_only => magnitude_mask - 1,
                .finite, .negative_zero => magnitude_mask,
            };
        }

        /// Too large a number becomes infinity, NaN where there is none, and the largest number where there is neither.
        fn overflowed(sign: u32) Self {
            return switch (special) {
                .ieee => .{ .bits = @intCast(sign | (magnitude_mask >> mantissa_bits << mantissa_bits)) },
                .nan_only => .{ .bits = @intCast(sign | magnitude_mask) },
                .negative_zero => nan(),
                .finite => .{ .bits = @intCast(sign | magnitude_mask) },
            };
        }

        pub fn init(number: f32) Self {
            if (std.math.isNan(number)) return nan();
            const negative = std.math.signbit(number);
            const sign: u32 = if (negative) @as(u32, 1) << sign_shift else 0;
            const zero: Self = .{ .bits = if (special == .negative_zero) 0 else @intCast(sign) };
            if (number == 0) return zero;
            const magnitude = @abs(number);
            if (std.math.isInf(magnitude)) return overflowed(sign);
            // In units of the last place, an integer after rounding.
            const exponent: i32 = @max(std.math.ilogb(magnitude), 1 - bias);
            if (exponent + bias > max_exponent + 1) return overflowed(sign);
            const scaled = std.math.ldexp(@as(f64, magnitude), @as(i32, mantissa_bits) - exponent);
            var units: u64 = @intFromFloat(@floor(scaled));
            const rest = scaled - @floor(scaled);
            if (rest > 0.5 or (rest == 0.5 and units % 2 == 1)) units += 1;
            const pattern = units +% (@as(u64, @intCast(exponent + bias - 1)) << mantissa_bits);
            if (pattern > largest()) return overflowed(sign);
            if (pattern == 0) return zero;
            return .{ .bits = @intCast(sign | @as(u32, @intCast(pattern))) };
        }

        pub fn value(self: Self) f32 {
            const magnitude = self.bits & magnitude_mask;
            const negative = (self.bits >> sign_shift) & 1 == 1;
            const exponent: i32 = @intCast(magnitude >> mantissa_bits);
            const mantissa = magnitude & ((1 << mantissa_bits) - 1);
            switch (special) {
                .ieee => if (exponent == max_exponent) {
                    const limit = if (mantissa == 0) std.math.inf(f32) else std.math.nan(f32);
                    return if (negative) -limit else limit;
                },
                .nan_only => if (magnitude == magnitude_mask) return std.math.nan(f32),
                .negative_zero => if (negative and magnitude == 0) return std.math.nan(f32),
                .finite => {},
            }
            const implied: u32 = if (exponent == 0) 0 else 1 << mantissa_bits;
            const units: f64 = @floatFromInt(implied | mantissa);
            const result: f32 = @floatCast(std.math.ldexp(units, @as(i32, @max(exponent, 1)) - bias - mantissa_bits));
            return if (negative) -result else result;
        }
    };
}

pub const BF16 = SmallFloat(.bf16, 8, 7, 127, .ieee);
pub const F8E5M2 = SmallFloat(.f8e5m2, 5, 2, 15, .ieee);
pub const F8E4M3 = SmallFloat(.f8e4m3, 4, 3, 7, .ieee);
pub const F8E3M4 = SmallFloat(.f8e3m4, 3, 4, 3, .ieee);
pub const F8E4M3FN = SmallFloat(.f8e4m3fn, 4, 3, 7, .nan_only);
pub const F8E4M3FNUZ = SmallFloat(.f8e4m3fnuz, 4, 3, 8, .negative_zero);
pub const F8E4M3B11FNUZ = SmallFloat(.f8e4m3b11fnuz, 4, 3, 11, .negative_zero);
pub const F8E5M2FNUZ = SmallFloat(.f8e5m2fnuz, 5, 2, 16, .negative_zero);
pub const F6E2M3FN = SmallFloat(.f6e2m3fn, 2, 3, 1, .finite);
pub const F6E3M2FN = SmallFloat(.f6e3m2fn, 3, 2, 3, .finite);
pub const F4E2M1FN = SmallFloat(.f4e2m1fn, 2, 1, 1, .finite);

/// A power of two, 2^(bits - 127); all ones is NaN.
pub const F8E8M0FNU = extern struct {
    bits: u8,

    pub const dtype = Dtype.f8e8m0fnu;

    pub fn fromBits(pattern: u8) F8E8M0FNU {
        return .{ .bits = pattern };
    }

    /// The nearest power of two; NaN for what is not positive.
    pub fn init(number: f32) F8E8M0FNU {
        if (!(number > 0) or std.math.isInf(number)) return .{ .bits = 0xff };
        const low = std.math.ilogb(number);
        const nearer_above = number > 1.5 * std.math.ldexp(@as(f64, 1), low);
        const exponent: i32 = @as(i32, low) + @intFromBool(nearer_above) + 127;
        return .{ .bits = @intCast(std.math.clamp(exponent, 0, 254)) };
    }

    pub fn value(self: F8E8M0FNU) f32 {
        if (self.bits == 0xff) return std.math.nan(f32);
        return @floatCast(std.math.ldexp(@as(f64, 1), @as(i32, self.bits) - 127));
    }
};

/// A complex number as PJRT lays it out.
pub fn Complex(comptime Float: type) type {
    return extern struct {
        re: Float,
        im: Float,

        pub const dtype: Dtype = if (Float == f32) .c64 else .c128;
    };
}

/// What orders runs, and has no contents.
pub const Token = extern struct {
    pub const dtype = Dtype.token;
};

/// The Zig type of an element type.
pub fn HostType(comptime dtype: Dtype) type {
    return switch (dtype) {
        .pred => bool,
        .s1 => S1,
        .s2 => S2,
        .s4 => S4,
        .s8 => i8,
        .s16 => i16,
        .s32 => i32,
        .s64 => i64,
        .u1 => U1,
        .u2 => U2,
        .u4 => U4,
        .u8 => u8,
        .u16 => u16,
        .u32 => u32,
        .u64 => u64,
        .f16 => f16,
        .f32 => f32,
        .f64 => f64,
        .bf16 => BF16,
        .c64 => Complex(f32),
        .c128 => Complex(f64),
        .f8e5m2 => F8E5M2,
        .f8e4m3 => F8E4M3,
        .f8e3m4 => F8E3M4,
        .f8e4m3fn => F8E4M3FN,
        .f8e4m3b11fnuz => F8E4M3B11FNUZ,
        .f8e5m2fnuz => F8E5M2FNUZ,
        .f8e4m3fnuz => F8E4M3FNUZ,
        .f8e8m0fnu => F8E8M0FNU,
        .f6e2m3fn => F6E2M3FN,
        .f6e3m2fn => F6E3M2FN,
        .f4e2m1fn => F4E2M1FN,
        .token => Token,
        else => @compileError("no such element type"),
    };
}

/// The element type of a Zig type; a compile error for a type that is none.
pub fn dtypeOf(comptime T: type) Dtype {
    return switch (T) {
        bool => .pred,
        i8 => .s8,
        i16 => .s16,
        i32 => .s32,
        i64 => .s64,
        u8 => .u8,
        u16 => .u16,
        u32 => .u32,
        u64 => .u64,
        f16 => .f16,
        f32 => .f32,
        f64 => .f64,
        else => if (@typeInfo(T) == .@"struct" and @hasDecl(T, "dtype")) T.dtype else @compileError(@typeName(T) ++ " is no element type"),
    };
}

test "element types have the library's sizes" {
    inline for (1..@intFromEnum(Dtype.f6e3m2fn) + 1) |number| {
        const dtype: Dtype = @enumFromInt(number);
        const T = HostType(dtype);
        try std.testing.expectEqual(dtype, dtypeOf(T));
        try std.testing.expectEqual(@sizeOf(T), dtype.hostSize());
    }
    try std.testing.expectEqual(Dtype.bf16, Dtype.fromName("bf16").?);
    try std.testing.expectEqual(null, Dtype.fromName("none"));
}

test "small floats round to even and come back" {
    try std.testing.expectEqual(0x3fc0, BF16.init(1.5).bits);
    try std.testing.expectEqual(0xc000, BF16.init(-2).bits);
    try std.testing.expectEqual(60, F8E4M3FN.init(1.5).bits);
    try std.testing.expectEqual(0x7f, F8E4M3FN.init(1e9).bits);
    try std.testing.expectEqual(0x80, F8E4M3FNUZ.init(1e9).bits);
    try std.testing.expectEqual(7, F4E2M1FN.init(100).bits);
    try std.testing.expect(std.math.isInf(F8E5M2.init(1e9).value()));
    inline for (.{ F8E5M2, F8E4M3, F8E3M4, F8E4M3FN, F8E4M3FNUZ, F8E4M3B11FNUZ, F8E5M2FNUZ }) |T| {
        for (0..256) |pattern| {
            const number = T.fromBits(@intCast(pattern)).value();
            if (!std.math.isNan(number)) try std.testing.expectEqual(pattern, T.init(number).bits);
        }
    }
    for (0..255) |pattern| try std.testing.expectEqual(pattern, F8E8M0FNU.init(F8E8M0FNU.fromBits(@intCast(pattern)).value()).bits);
    try std.testing.expectEqual(-8, S4.init(-8).value());
}
