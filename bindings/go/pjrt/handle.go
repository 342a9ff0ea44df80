package pjrt

import (
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"
)

// class is one type of object of the library. Giving each object a cleanup of its own costs more than a small execute, so
// cleanups belong to cells, which are used again by later objects: an object that is dropped takes its cell with it.
type class[P comparable] struct {
	release func(P)
	cells   sync.Pool
}

// cell keeps its cleanup for life; content is what it has to give back, which must not refer to the cell.
type cell[P comparable] struct{ content *content[P] }

type content[P comparable] struct {
	raw P
	of  *class[P]
}

func newClass[P comparable](release func(P)) *class[P] { return &class[P]{release: release} }

func (k *class[P]) cell(raw P) *cell[P] {
	if c, ok := k.cells.Get().(*cell[P]); ok {
		c.content.raw = raw
		return c
	}
	c := &cell[P]{&content[P]{raw, k}}
	runtime.AddCleanup(c, (*content[P]).giveBack, c.content)
	return c
}

// giveBack runs once nothing refers to the cell any more: its object was dropped, or it was an empty one.
func (c *content[P]) giveBack() {
	var none P
	if c.raw != none {
		c.of.release(c.raw)
	}
}

// handle owns one reference to an object of the library: closed once, by Close or by the garbage collector. Whoever uses raw keeps
// the object alive meanwhile: runtime.KeepAlive.
type handle[P comparable] struct {
	raw  P
	cell atomic.Pointer[cell[P]] // nil once closed
}

// own starts the ownership.
func (h *handle[P]) own(raw P, k *class[P]) {
	h.raw = raw
	h.cell.Store(k.cell(raw))
}

// Close gives the object back. Closing again does nothing.
func (h *handle[P]) Close() {
	if raw, k := h.giveUp(); k != nil {
		k.release(raw)
	}
}

// giveUp ends the ownership: what it gives is somebody else's to release. No class: it was ended before.
func (h *handle[P]) giveUp() (raw P, of *class[P]) {
	c := h.cell.Swap(nil)
	if c == nil {
		return raw, nil
	}
	var none P
	raw, of = c.content.raw, c.content.of
	h.raw, c.content.raw = none, none
	of.cells.Put(c)
	return raw, of
}

// Handle lends the library's own handle, a pje_X pointer, for functions that this package does not wrap; NULL once closed.
// It is valid while the object is neither closed nor collected.
func (h *handle[P]) Handle() unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&h.raw)) }
