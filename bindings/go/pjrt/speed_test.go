//go:build !race

// The race detector slows every access down and takes memory of its own: figures are taken without it.
package pjrt_test

import (
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"pjrteasy/internal/floor"
	"pjrteasy/pjrt"
)

func ready(t testing.TB) (*pjrt.Executable, *pjrt.Buffer) {
	c := openFake(t)
	exe := compileText(t, c, "fake.noop 1 1")
	x, err := pjrt.BufferFromScalar(c, float32(1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(x.Close)
	return exe, x
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// used is the processor time of the whole process, which other processes of a busy machine do not change.
func used() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// An execute costs less than 0.5 µs more from Go than from C: alternating blocks, medians of at least 12 rounds. A machine that
// is busy with other things gets a second and a third try.
func TestOverheadOfExecute(t *testing.T) {
	if !withFake(t, "workers=2", nil) {
		return
	}
	const limit = 500
	exe, x := ready(t)
	got := 0.0
	for range 3 {
		var inC float64
		inC, got = overhead(t, exe, x)
		t.Logf("an execute: %.0f ns from C, %.0f ns more from Go", inC, got)
		if got < limit {
			return
		}
	}
	t.Errorf("an execute costs %.0f ns more from Go, at most %d", got, limit)
}

// overhead gives nanoseconds of an execute from C, and how many more one from Go takes.
func overhead(t *testing.T, exe *pjrt.Executable, x *pjrt.Buffer) (float64, float64) {
	const rounds, runs = 13, 40000
	inGo := func() {
		for range runs {
			must(exe.Call(ctx, x)).Close()
		}
	}
	inC := func() {
		if code := floor.Execute(exe.Handle(), x.Handle(), runs); code != 0 {
			t.Fatal(pjrt.Code(code))
		}
	}
	inGo()
	inC()
	var extra, floors []float64
	for range rounds {
		begun := used()
		inC()
		c := used() - begun
		begun = used()
		inGo()
		g := used() - begun
		extra = append(extra, float64(g-c)/runs)
		floors = append(floors, float64(c)/runs)
	}
	return median(floors), median(extra)
}

func BenchmarkExecute(b *testing.B) {
	exe, x := ready(b)
	b.ReportAllocs()
	for b.Loop() {
		must(exe.Call(ctx, x)).Close()
	}
}

func residentKiB(t testing.TB) int {
	return must(strconv.Atoi(strings.TrimSuffix(status(t, "VmRSS"), " kB")))
}

// Memory stays flat over many executes; GO_EXECUTES sets how many.
func TestFlatMemory(t *testing.T) {
	n := must(strconv.Atoi(getenv("GO_EXECUTES", "1000000")))
	exe, x := ready(t)
	var before int
	for i := range n {
		if i == n/10 {
			before = residentKiB(t)
		}
		must(exe.Call(ctx, x)).Close()
	}
	if grown := residentKiB(t) - before; grown > 16*1024 {
		t.Errorf("%d executes took %d KiB", n, grown)
	}
}

func BenchmarkExecuteInC(b *testing.B) {
	exe, x := ready(b)
	for b.Loop() {
		if code := floor.Execute(exe.Handle(), x.Handle(), 1000); code != 0 {
			b.Fatal(pjrt.Code(code))
		}
	}
}
