package pjrt_test

import (
	"errors"
	"testing"

	"pjrteasy/pjrt"
)

// The quickest calls, which hand C pointers into the stack, may log and run out of memory like all others: what Go is asked then
// runs beside the goroutine that made the call.
func TestCallbacksInsideQuickCalls(t *testing.T) {
	if !withFake(t, "memory=1000;fail=PJRT_LoadedExecutable_Execute:1:INTERNAL:boom", nil) {
		return
	}
	lines := make(chan pjrt.LogLine, 64)
	if err := pjrt.SetLogger(func(line pjrt.LogLine) { lines <- line }); err != nil {
		t.Fatal(err)
	}
	c := openFake(t)
	exe := compileText(t, c, addHundred)
	x := must(pjrt.BufferFrom(c, make([]float32, 100)))
	defer x.Close()
	if _, err := exe.Call(ctx, x); !errors.Is(err, pjrt.Internal) {
		t.Error(err)
	}
	held := must(exe.Call(ctx, x))
	asked := 0
	if err := c.OnOutOfMemory(func() bool { asked++; held.Close(); return true }); err != nil {
		t.Fatal(err)
	}
	must(exe.Call(ctx, x)).Close()
	expect(t, asked, 1)
	held.Close()
	closed := must(pjrt.NewPromise())
	closed.Close()
	if err := closed.Wait(ctx); !errors.Is(err, pjrt.InvalidArgument) {
		t.Error(err)
	}
	misuses := 0
	if err := pjrt.SetLogger(nil); err != nil {
		t.Fatal(err)
	}
	for close(lines); ; {
		line, more := <-lines
		if !more {
			break
		}
		if line.Kind == pjrt.LogMisuse {
			misuses++
		}
	}
	expect(t, misuses > 0, true)
}

const addHundred = `module @add_one {
  func.func public @main(%arg0: tensor<100xf32>) -> tensor<100xf32> {
    %0 = stablehlo.add %arg0, %arg0 : tensor<100xf32>
    return %0 : tensor<100xf32>
  }
}`
