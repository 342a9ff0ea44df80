package pjrt_test

import (
	"math"
	"testing"

	"pjrteasy/pjrt"
)

// Every pattern comes back from its value, and every value between two neighbours goes to the nearest, ties to even.
func exhaustive[T pjrt.SmallFloat](t *testing.T, patterns int) {
	t.Helper()
	type value struct {
		bits T
		is   float64
	}
	var values []value
	for bits := range patterns {
		x := T(bits)
		is := pjrt.ToFloat(x)
		back := pjrt.FromFloat[T](is)
		if math.IsNaN(is) {
			if !math.IsNaN(pjrt.ToFloat(back)) {
				t.Errorf("%T: the NaN %#x became %v", x, bits, pjrt.ToFloat(back))
			}
			continue
		}
		if back != x {
			t.Errorf("%T: %#x is %v, which became %#x", x, bits, is, back)
		}
		if !math.IsInf(is, 0) && !math.Signbit(is) {
			values = append(values, value{x, is})
		}
	}
	for i := 1; i < len(values); i++ {
		low, high := values[i-1], values[i]
		if high.is <= low.is {
			t.Fatalf("%T: %v follows %v", low.bits, high.is, low.is)
		}
		middle := low.is/2 + high.is/2
		for _, c := range []struct {
			in   float64
			want T
		}{{low.is*0.75 + high.is*0.25, low.bits}, {low.is*0.25 + high.is*0.75, high.bits}, {middle, even(low.bits, high.bits)}} {
			if got := pjrt.FromFloat[T](c.in); got != c.want {
				t.Errorf("%T: %v became %#x, expected %#x", low.bits, c.in, got, c.want)
			}
		}
	}
}

func even[T pjrt.SmallFloat](a, b T) T {
	if a%2 == 0 {
		return a
	}
	return b
}

func TestSmallFloats(t *testing.T) {
	exhaustive[pjrt.F16](t, 1<<16)
	exhaustive[pjrt.BF16](t, 1<<16)
	exhaustive[pjrt.F8E5M2](t, 1<<8)
	exhaustive[pjrt.F8E4M3FN](t, 1<<8)
	exhaustive[pjrt.F8E4M3B11FNUZ](t, 1<<8)
	exhaustive[pjrt.F8E5M2FNUZ](t, 1<<8)
	exhaustive[pjrt.F8E4M3FNUZ](t, 1<<8)
	exhaustive[pjrt.F8E4M3](t, 1<<8)
	exhaustive[pjrt.F8E3M4](t, 1<<8)
	exhaustive[pjrt.F4E2M1FN](t, 1<<4)
	exhaustive[pjrt.F6E2M3FN](t, 1<<6)
	exhaustive[pjrt.F6E3M2FN](t, 1<<6)
	for bits := range 255 {
		if got := pjrt.FromFloat[pjrt.F8E8M0FNU](pjrt.F8E8M0FNU(bits).Float()); int(got) != bits {
			t.Errorf("F8E8M0FNU: %d became %d", bits, got)
		}
	}
}

func TestSmallFloatLimits(t *testing.T) {
	expect(t, pjrt.FromFloat[pjrt.F16](1e9).Float(), math.Inf(1))
	expect(t, pjrt.FromFloat[pjrt.F8E5M2](-1e9).Float(), math.Inf(-1))
	expect(t, math.IsNaN(pjrt.FromFloat[pjrt.F8E4M3FN](1e9).Float()), true)
	expect(t, math.IsNaN(pjrt.FromFloat[pjrt.F8E4M3FNUZ](1e9).Float()), true)
	expect(t, pjrt.FromFloat[pjrt.F4E2M1FN](-100).Float(), -6.0)
	expect(t, pjrt.FromFloat[pjrt.F6E3M2FN](100).Float(), 28.0)
	expect(t, pjrt.FromFloat[pjrt.F8E5M2FNUZ](math.Copysign(0, -1)), pjrt.F8E5M2FNUZ(0))
	expect(t, pjrt.FromFloat[pjrt.BF16](math.MaxFloat32).Float(), math.Inf(1))
	expect(t, math.IsNaN(pjrt.FromFloat[pjrt.BF16](math.NaN()).Float()), true)
	expect(t, math.IsNaN(pjrt.FromFloat[pjrt.F8E8M0FNU](-1).Float()), true)
	expect(t, math.IsNaN(pjrt.FromFloat[pjrt.F8E8M0FNU](0).Float()), true)
	// As ml_dtypes has it.
	for in, want := range map[float64]float64{3: 4, 6: 8, 1.5: 2, 0.75: 1, 5: 4, 7: 8, 12: 16} {
		expect(t, pjrt.FromFloat[pjrt.F8E8M0FNU](in).Float(), want)
	}
	expect(t, pjrt.FromFloat[pjrt.F8E4M3](1.5).String(), "1.5")
	expect(t, pjrt.ToFloats(pjrt.FromFloats[pjrt.F16]([]float32{1, 2.5})), []float32{1, 2.5})
}

func TestSmallInts(t *testing.T) {
	expect(t, pjrt.FromInt[pjrt.S4](-8).Int(), -8)
	expect(t, pjrt.FromInt[pjrt.S4](-8), pjrt.S4(8))
	expect(t, pjrt.S4(0xf8).Int(), -8)
	expect(t, pjrt.FromInt[pjrt.U4](17).Int(), 1)
	expect(t, pjrt.FromInt[pjrt.S2](-2).String(), "-2")
	expect(t, pjrt.FromInt[pjrt.U2](3).Int(), 3)
	expect(t, pjrt.FromInt[pjrt.S1](-1).Int(), -1)
	expect(t, pjrt.FromInt[pjrt.U1](1).Int(), 1)
}
