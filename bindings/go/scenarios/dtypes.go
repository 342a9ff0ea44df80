package main

import (
	"strconv"
	"strings"

	"pjrteasy/pjrt"
)

func init() {
	scenarios["dtype_table"] = dtypeTable
	scenarios["dtype_token"] = dtypeToken
}

func dtypeTable(*request) reply {
	var names []string
	var bytes, bits []int
	for d := pjrt.TypePred; d <= pjrt.TypeF6E3M2FN; d++ {
		names, bytes, bits = append(names, d.String()), append(bytes, d.HostSize()), append(bits, d.Bits())
	}
	return reply{"names": names, "bytes": bytes, "bits": bits}
}

// A TOKEN has no type of Go: an array of the library's own has none of its bytes.
func dtypeToken(r *request) reply {
	c := open(r)
	defer c.Close()
	b, err := pjrt.NewToken(c)
	if err == nil {
		b.Close()
	}
	return reply{"survived": (err == nil) == (b != nil)}
}

// through sends elements up, through the program where there is one, and back.
func through[T pjrt.Element](r *request, in []T, show func(T) any) reply {
	c := open(r)
	defer c.Close()
	b := must(pjrt.BufferFrom(c, in))
	if r.has("program") {
		exe := compile(c, r)
		defer exe.Close()
		y := must(exe.Call(ctx, b))
		b.Close()
		b = y
	}
	defer b.Close()
	out := []any{}
	for _, x := range must(pjrt.ToSlice[T](ctx, b)) {
		switch shown := show(x).(type) {
		case [2]any:
			out = append(out, shown[0], shown[1])
		default:
			out = append(out, shown)
		}
	}
	return reply{"dtype": b.DType().String(), "bytes": b.HostSize(), "values": out}
}

func items[T any](r *request, parse func(string) T) []T {
	var out []T
	for _, item := range strings.Fields(r.text("values")) {
		out = append(out, parse(item))
	}
	return out
}

func float(item string) float64 { return must(strconv.ParseFloat(item, 64)) }

func signed[T int8 | int16 | int32 | int64](r *request) reply {
	in := items(r, func(s string) T { return T(must(strconv.ParseInt(s, 10, 64))) })
	return through(r, in, func(x T) any { return int64(x) })
}

func unsigned[T uint8 | uint16 | uint32 | uint64](r *request) reply {
	in := items(r, func(s string) T { return T(must(strconv.ParseUint(s, 10, 64))) })
	return through(r, in, func(x T) any { return uint64(x) })
}

func smallInt[T pjrt.SmallInt](r *request) reply {
	in := items(r, func(s string) T { return pjrt.FromInt[T](must(strconv.Atoi(s))) })
	return through(r, in, func(x T) any { return pjrt.ToInt(x) })
}

func smallFloat[T pjrt.SmallFloat](r *request) reply {
	bits := []uint{}
	in := items(r, func(s string) T { return pjrt.FromFloat[T](float(s)) })
	out := through(r, in, func(x T) any {
		bits = append(bits, uint(x))
		return pjrt.ToFloat(x)
	})
	out["bits"] = bits
	return out
}

func pairs(r *request) []complex128 {
	all := items(r, float)
	var out []complex128
	for i := 0; i+1 < len(all); i += 2 {
		out = append(out, complex(all[i], all[i+1]))
	}
	return out
}

func complex64s(r *request) reply {
	var in []complex64
	for _, x := range pairs(r) {
		in = append(in, complex64(x))
	}
	return through(r, in, func(x complex64) any { return [2]any{real(x), imag(x)} })
}

func complex128s(r *request) reply {
	return through(r, pairs(r), func(x complex128) any { return [2]any{real(x), imag(x)} })
}

func bools(r *request) reply {
	in := items(r, func(s string) bool { return s == "1" })
	return through(r, in, func(x bool) any { return map[bool]int{true: 1}[x] })
}

var dtypes = map[string]func(*request) reply{
	"pred": bools, "s8": signed[int8], "s16": signed[int16], "s32": signed[int32], "s64": signed[int64],
	"u8": unsigned[uint8], "u16": unsigned[uint16], "u32": unsigned[uint32], "u64": unsigned[uint64],
	"f16": smallFloat[pjrt.F16], "bf16": smallFloat[pjrt.BF16],
	"f32": func(r *request) reply {
		return through(r, items(r, func(s string) float32 { return float32(float(s)) }), func(x float32) any { return x })
	},
	"f64": func(r *request) reply { return through(r, items(r, float), func(x float64) any { return x }) },
	"c64": complex64s, "c128": complex128s,
	"f8e5m2": smallFloat[pjrt.F8E5M2], "f8e4m3fn": smallFloat[pjrt.F8E4M3FN],
	"f8e4m3b11fnuz": smallFloat[pjrt.F8E4M3B11FNUZ], "f8e5m2fnuz": smallFloat[pjrt.F8E5M2FNUZ],
	"f8e4m3fnuz": smallFloat[pjrt.F8E4M3FNUZ], "f8e4m3": smallFloat[pjrt.F8E4M3], "f8e3m4": smallFloat[pjrt.F8E3M4],
	"f8e8m0fnu": smallFloat[pjrt.F8E8M0FNU], "f4e2m1fn": smallFloat[pjrt.F4E2M1FN],
	"f6e2m3fn": smallFloat[pjrt.F6E2M3FN], "f6e3m2fn": smallFloat[pjrt.F6E3M2FN],
	"s4": smallInt[pjrt.S4], "u4": smallInt[pjrt.U4], "s2": smallInt[pjrt.S2], "u2": smallInt[pjrt.U2],
	"s1": smallInt[pjrt.S1], "u1": smallInt[pjrt.U1],
}

func dtypeRoundTrip(r *request) reply {
	run, ok := dtypes[r.text("dtype")]
	if !ok {
		panic(stop{"no such element type"})
	}
	return run(r)
}
