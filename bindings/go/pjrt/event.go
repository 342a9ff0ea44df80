package pjrt

// #include "bridge.h"
// #cgo noescape quick_wait
// #cgo nocallback quick_wait
import "C"

import (
	"context"
	"runtime"
)

// Event is something that finishes later: an upload, a run, a read-back, or a promise of one's own.
type Event struct{ handle[*C.pje_event] }

var events = newClass(func(raw *C.pje_event) { C.pje_event_release(raw) })

func newEvent(raw *C.pje_event) *Event {
	e := new(Event)
	e.own(raw, events)
	return e
}

// pointer gives NULL for nil, which the library refuses by name.
func (e *Event) pointer() *C.pje_event {
	if e == nil {
		return nil
	}
	return e.raw
}

// NewPromise makes an event that becomes ready by [Event.Set]. Whoever waits for a promise that is dropped unset gets
// [Cancelled].
func NewPromise() (*Event, error) {
	var raw *C.pje_event
	if err := result(C.pje_event_create(&raw)); err != nil {
		return nil, err
	}
	return newEvent(raw), nil
}

// Set makes a promise ready: well when err is nil. It can be set once.
func (e *Event) Set(err error) error {
	defer runtime.KeepAlive(e)
	raw := rawError(err)
	defer C.pje_error_release(raw)
	return result(C.pje_event_set(e.raw, raw))
}

// IsReady reports whether it has finished, with or without an error.
func (e *Event) IsReady() bool {
	defer runtime.KeepAlive(e)
	return bool(C.pje_event_is_ready(e.raw))
}

// Err gives the error of an event that is ready, nil when it went well, and [FailedPrecondition] when it is not ready yet.
func (e *Event) Err() error {
	defer runtime.KeepAlive(e)
	return result(C.pje_event_error(e.raw))
}

// Wait waits until the event is ready and gives its error, or until ctx ends.
func (e *Event) Wait(ctx context.Context) error {
	defer runtime.KeepAlive(e)
	var ready C.bool
	if raw := C.quick_wait(e.raw, &ready); raw != nil || ready {
		return result(raw)
	}
	w, err := watch(e.raw, nil)
	if err != nil {
		return err
	}
	return w.wait(ctx, "pjrt.Event.Wait")
}

// Done gives a channel that is closed once the event is ready; then [Event.Err] tells how it went.
func (e *Event) Done() <-chan struct{} {
	done := make(chan struct{})
	if e.IsReady() {
		close(done)
		return done
	}
	if w, err := watch(e.raw, nil); err != nil {
		close(done)
	} else {
		go func() {
			_ = w.wait(context.Background(), "pjrt.Event.Done")
			close(done)
			runtime.KeepAlive(e)
		}()
	}
	return done
}

// settle waits for an event that a call handed over, and releases it.
func settle(ctx context.Context, pending *C.pje_event, function string, atEnd func()) error {
	w, err := watch(pending, atEnd)
	C.pje_event_release(pending)
	if err != nil {
		if atEnd != nil {
			atEnd()
		}
		return err
	}
	return w.wait(ctx, function)
}

func rawEvents(events []*Event) []*C.pje_event {
	raw := make([]*C.pje_event, len(events)+1)
	for i, e := range events {
		raw[i] = e.pointer()
	}
	return raw
}

// All gives an event that is ready once all are, also after a failure; its error is that of the first in the list that failed.
func All(events ...*Event) (*Event, error) {
	defer runtime.KeepAlive(events)
	var out *C.pje_event
	if err := result(C.pje_event_all(&rawEvents(events)[0], C.size_t(len(events)), &out)); err != nil {
		return nil, err
	}
	return newEvent(out), nil
}

// WaitAny waits until one of the events is ready, and gives its index and its error.
func WaitAny(ctx context.Context, events ...*Event) (int, error) {
	defer runtime.KeepAlive(events)
	// The library writes the index when the first event is ready, whether or not somebody still waits: memory of C.
	index := (*C.size_t)(C.calloc(1, C.sizeof_size_t))
	var out *C.pje_event
	if err := result(C.pje_event_any(&rawEvents(events)[0], C.size_t(len(events)), &out, index)); err != nil {
		C.free(ptr(index))
		return -1, err
	}
	if C.pje_event_is_ready(out) {
		defer C.pje_event_release(out)
		defer C.free(ptr(index))
		return int(*index), result(C.pje_event_error(out))
	}
	var which int
	w, err := watch(out, func() {
		which = int(*index)
		C.free(ptr(index))
	})
	C.pje_event_release(out)
	if err != nil {
		return -1, err
	}
	err = w.wait(ctx, "pjrt.WaitAny")
	if w.abandoned {
		return -1, err
	}
	return which, err
}
