package pjrt

// #include "bridge.h"
import "C"

import (
	"context"
	"runtime"
	"unsafe"
)

// Layout says in which order the elements of an array lie in memory. It never changes.
type Layout struct{ handle[*C.pje_layout] }

var layouts = newClass(func(raw *C.pje_layout) { C.pje_layout_release(raw) })

func newLayout(raw *C.pje_layout) *Layout {
	l := new(Layout)
	l.own(raw, layouts)
	return l
}

func layoutOf(make func(**C.pje_layout) *C.pje_error) (*Layout, error) {
	var raw *C.pje_layout
	if err := result(make(&raw)); err != nil {
		return nil, err
	}
	return newLayout(raw), nil
}

// NewTiledLayout names the dimensions from the fastest varying on, and cuts them into tiles, each padded.
func NewTiledLayout(minorToMajor []int, tiles ...[]int) (*Layout, error) {
	order := dims64(minorToMajor)
	var sizes []int64
	var ranks []C.size_t
	for _, tile := range tiles {
		sizes = append(sizes, dims64(tile)...)
		ranks = append(ranks, C.size_t(len(tile)))
	}
	return layoutOf(func(out **C.pje_layout) *C.pje_error {
		return C.pje_layout_create_tiled(first64(order), C.size_t(len(order)), first64(sizes), unsafe.SliceData(ranks), C.size_t(len(tiles)), out)
	})
}

// NewStridedLayout gives the bytes from one index to the next in each dimension.
func NewStridedLayout(byteStrides ...int) (*Layout, error) {
	strides := dims64(byteStrides)
	return layoutOf(func(out **C.pje_layout) *C.pje_error {
		return C.pje_layout_create_strided(first64(strides), C.size_t(len(strides)), out)
	})
}

// LayoutFromStrides gives the tiled layout of a dense array that has these strides.
func LayoutFromStrides(dtype DType, dims, byteStrides []int) (*Layout, error) {
	if len(dims) != len(byteStrides) {
		return nil, refuse(InvalidArgument, "pjrt.LayoutFromStrides", "%d dimensions, %d strides", len(dims), len(byteStrides))
	}
	sizes, strides := dims64(dims), dims64(byteStrides)
	return layoutOf(func(out **C.pje_layout) *C.pje_error {
		return C.pje_layout_from_byte_strides(C.pje_dtype(dtype), first64(sizes), C.size_t(len(sizes)), first64(strides), out)
	})
}

// ParseLayout reads text such as "{1,0:T(8,128)(2,1)}" or "strides(8,-4)".
func ParseLayout(text string) (*Layout, error) {
	raw := C.CString(text)
	defer C.free(unsafe.Pointer(raw))
	return layoutOf(func(out **C.pje_layout) *C.pje_error { return C.pje_layout_from_text(raw, out) })
}

// LayoutFromBytes reads a serialized xla.LayoutProto.
func LayoutFromBytes(data []byte) (*Layout, error) {
	return layoutOf(func(out **C.pje_layout) *C.pje_error {
		return C.pje_layout_from_bytes(dataOf(data), C.size_t(len(data)), out)
	})
}

// Copy makes a layout of its own that is equal.
func (l *Layout) Copy() (*Layout, error) {
	defer runtime.KeepAlive(l)
	return layoutOf(func(out **C.pje_layout) *C.pje_error { return C.pje_layout_copy(l.raw, out) })
}

// Equal reports whether both say the same in the same way.
func (l *Layout) Equal(other *Layout) bool {
	defer runtime.KeepAlive(l)
	defer runtime.KeepAlive(other)
	return bool(C.pje_layout_equal(l.raw, other.raw))
}

// Hash is the same for equal layouts, on every machine.
func (l *Layout) Hash() uint64 {
	defer runtime.KeepAlive(l)
	return uint64(C.pje_layout_hash(l.raw))
}

// Text is what [ParseLayout] reads.
func (l *Layout) Text() string {
	defer runtime.KeepAlive(l)
	return C.GoString(C.pje_layout_to_text(l.raw))
}

// Serialize gives an xla.LayoutProto.
func (l *Layout) Serialize() ([]byte, error) {
	defer runtime.KeepAlive(l)
	var raw *C.pje_bytes
	if err := result(C.pje_layout_serialize(l.raw, &raw)); err != nil {
		return nil, err
	}
	return takeBytes(raw), nil
}

// Rank is the number of dimensions.
func (l *Layout) Rank() int {
	defer runtime.KeepAlive(l)
	return int(C.pje_layout_rank(l.raw))
}

// IsStrided reports whether the layout is a strided one.
func (l *Layout) IsStrided() bool {
	defer runtime.KeepAlive(l)
	return bool(C.pje_layout_is_strided(l.raw))
}

// MinorToMajor gives the order of a tiled layout, nil for a strided one.
func (l *Layout) MinorToMajor() []int {
	defer runtime.KeepAlive(l)
	if order := C.pje_layout_minor_to_major(l.raw); order != nil {
		return dimsOf(order, C.pje_layout_rank(l.raw))
	}
	return nil
}

// ByteStrides gives the strides of a strided layout, nil for a tiled one.
func (l *Layout) ByteStrides() []int {
	defer runtime.KeepAlive(l)
	if strides := C.pje_layout_byte_strides(l.raw); strides != nil {
		return dimsOf(strides, C.pje_layout_rank(l.raw))
	}
	return nil
}

// Tiles gives the sizes of each tile, the slowest dimension first.
func (l *Layout) Tiles() [][]int {
	defer runtime.KeepAlive(l)
	out := make([][]int, C.pje_layout_num_tiles(l.raw))
	for i := range out {
		var rank C.size_t
		if sizes := C.pje_layout_tile(l.raw, C.size_t(i), &rank); sizes != nil {
			out[i] = dimsOf(sizes, rank)
		}
	}
	return out
}

// StridesOf gives the bytes from one index to the next of host data in this layout.
func (l *Layout) StridesOf(dtype DType, dims ...int) ([]int, error) {
	defer runtime.KeepAlive(l)
	sizes := dims64(dims)
	strides := make([]int64, len(dims)+1)
	err := result(C.pje_layout_to_byte_strides(l.raw, C.pje_dtype(dtype), first64(sizes), C.size_t(len(sizes)), first64(strides)))
	if err != nil {
		return nil, err
	}
	return dimsOf(first64(strides), C.size_t(len(dims))), nil
}

// HostSize gives the bytes that host data in this layout spans.
func (l *Layout) HostSize(dtype DType, dims ...int) (int, error) {
	defer runtime.KeepAlive(l)
	sizes := dims64(dims)
	var size C.size_t
	err := result(C.pje_layout_host_size(l.raw, C.pje_dtype(dtype), first64(sizes), C.size_t(len(sizes)), &size))
	return int(size), err
}

func (l *Layout) pointer() *C.pje_layout {
	if l == nil {
		return nil
	}
	return l.raw
}

// Layout tells how the contents lie on the device.
func (b *Buffer) Layout() (*Layout, error) {
	defer runtime.KeepAlive(b)
	return layoutOf(func(out **C.pje_layout) *C.pje_error { return C.pje_buffer_memory_layout(b.raw, out) })
}

// ReadLayout reads the contents in a layout of the caller's; the first element goes to out[first], for layouts with negative
// strides. Otherwise as [ReadInto].
func ReadLayout[T Element](ctx context.Context, b *Buffer, layout *Layout, out []T, first int) error {
	defer runtime.KeepAlive(b)
	defer runtime.KeepAlive(layout)
	if first < 0 || first >= max(len(out), 1) {
		return refuse(InvalidArgument, "pjrt.ReadLayout", "first is %d, there is room for %d elements", first, len(out))
	}
	at := unsafe.Pointer(&nowhere)
	var zero T
	size := C.size_t(len(out)) * C.size_t(unsafe.Sizeof(zero))
	if len(out) > 0 {
		at = unsafe.Pointer(&out[first])
	}
	pins := new(runtime.Pinner)
	pins.Pin(at)
	var done, pending *C.pje_event
	if err := result(C.pje_buffer_to_host_layout_async(b.raw, layout.raw, at, size, &done)); err != nil {
		pins.Unpin()
		return err
	}
	err := result(C.bridge_settle(done, &pending))
	if pending == nil {
		pins.Unpin()
		return err
	}
	return settle(ctx, pending, "pjrt.ReadLayout", pins.Unpin)
}

// AddArgumentWithLayout appends the layout of the next argument.
func (o *CompileOptions) AddArgumentWithLayout(t ArrayType, layout *Layout) error {
	defer runtime.KeepAlive(o)
	defer runtime.KeepAlive(layout)
	dims := dims64(t.Dims)
	return result(C.pje_compile_options_add_argument_with_layout(o.raw, C.pje_dtype(t.DType), first64(dims), C.size_t(len(dims)), layout.raw))
}

// SetResultWithLayout sets the layout of a program's only result.
func (o *CompileOptions) SetResultWithLayout(t ArrayType, layout *Layout) error {
	defer runtime.KeepAlive(o)
	defer runtime.KeepAlive(layout)
	dims := dims64(t.Dims)
	return result(C.pje_compile_options_set_result_with_layout(o.raw, C.pje_dtype(t.DType), first64(dims), C.size_t(len(dims)), layout.raw))
}
