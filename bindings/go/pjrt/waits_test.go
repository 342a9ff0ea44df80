package pjrt_test

import (
	"bytes"
	"runtime"
	"strconv"
	"testing"
	"time"

	"pjrteasy/pjrt"
)

// waiting counts the goroutines that are inside a wait.
func waiting() int {
	stacks := make([]byte, 8<<20)
	return bytes.Count(stacks[:runtime.Stack(stacks, true)], []byte("(*waiter).wait("))
}

// Goroutines that wait take no threads.
func TestThreadsOfPendingWaits(t *testing.T) {
	if !withFake(t, "workers=2", nil) {
		return
	}
	const n = 1000
	promises := make([]*pjrt.Event, n)
	errors := make(chan error, n)
	for i := range promises {
		promises[i] = must(pjrt.NewPromise())
		defer promises[i].Close()
		go func() { errors <- promises[i].Wait(ctx) }()
	}
	for deadline := time.Now().Add(time.Minute); waiting() < n; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("%d of %d goroutines wait after a minute", waiting(), n)
		}
	}
	threads := must(strconv.Atoi(status(t, "Threads")))
	t.Logf("%d threads", threads)
	if threads >= 20 {
		t.Errorf("%d threads with %d pending waits, at most 19", threads, n)
	}
	for _, p := range promises {
		if err := p.Set(nil); err != nil {
			t.Fatal(err)
		}
	}
	for range promises {
		if err := <-errors; err != nil {
			t.Fatal(err)
		}
	}
}
