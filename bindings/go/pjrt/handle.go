package pjrt

import (
	"runtime"
	"sync/atomic"
)

// handle owns one reference to an object of the library: closed once, by Close or by the garbage collector.
type handle[P comparable] struct {
	raw     P
	release func(P)
	closed  atomic.Bool
	cleanup runtime.Cleanup
}

// own starts the ownership. The object that embeds the handle must outlive every use of raw: see runtime.KeepAlive in callers.
func own[O any, P comparable](owner *O, h *handle[P], raw P, release func(P)) {
	h.raw = raw
	h.release = release
	h.cleanup = runtime.AddCleanup(owner, release, raw)
}

// Close gives the object back. Closing again does nothing.
func (h *handle[P]) Close() {
	if h == nil || h.closed.Swap(true) {
		return
	}
	h.cleanup.Stop()
	var none P
	raw := h.raw
	h.raw = none
	h.release(raw)
}

// giveUp ends the ownership without giving the object back: it was handed to somebody else.
func (h *handle[P]) giveUp() {
	if !h.closed.Swap(true) {
		var none P
		h.cleanup.Stop()
		h.raw = none
	}
}
