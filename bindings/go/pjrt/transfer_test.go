package pjrt_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"pjrteasy/pjrt"
)

func TestTransfer(t *testing.T) {
	c := openFake(t)
	x := must(pjrt.ArrayFrom([]float32{1, 2, 3, 4}))
	defer x.Close()
	data := x.Bytes()
	transfer := must(c.NewTransfer(nil, four, four, four, four))
	defer transfer.Close()
	expect(t, transfer.NumBuffers(), 4)
	expect(t, transfer.Device().ID(), pjrt.DeviceID(0))
	expect(t, must(transfer.BufferSize(0)), 16)
	var buffers []*pjrt.Buffer
	for i := range 4 {
		buffers = append(buffers, must(transfer.Buffer(i)))
	}
	defer pjrt.CloseAll(buffers[3])
	implemented(t, transfer.AddMetadata(map[string]pjrt.Value{"name": "weights"}))
	if err := errors.Join(transfer.Write(ctx, 0, data[8:], 8), transfer.Write(ctx, 0, data[:8], 0),
		transfer.WriteRaw(ctx, 1, data[:8], 0, false), transfer.WriteRaw(ctx, 1, data[8:], 8, true),
		transfer.WriteAll(ctx, 2, data, nil), transfer.SetError(3, pjrt.NewError(pjrt.DataLoss, "as asked"))); err != nil {
		t.Fatal(err)
	}
	for _, b := range buffers[:3] {
		expect(t, floats(t, b), []float32{1, 2, 3, 4})
	}
	if _, err := pjrt.ToSlice[float32](ctx, buffers[3]); !errors.Is(err, pjrt.DataLoss) {
		t.Error(err)
	}
	done, total, err := transfer.Progress(0)
	expect(t, []any{done, total, err}, []any{16, 16, nil})
	if _, err := c.NewTransfer(nil); !errors.Is(err, pjrt.InvalidArgument) {
		t.Error(err)
	}
	for _, b := range must(c.TransferAll(ctx, x, x)) {
		expect(t, floats(t, b), []float32{1, 2, 3, 4})
	}
}

// memoryStore is a store written in Go.
type memoryStore struct {
	mu     sync.Mutex
	values map[string][]byte
}

func (s *memoryStore) TryGet(key string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if value, ok := s.values[key]; ok {
		return value, nil
	}
	return nil, pjrt.NewError(pjrt.NotFound, "no value yet")
}

func (s *memoryStore) Get(key string, timeout time.Duration) ([]byte, error) {
	for end := time.Now().Add(timeout); ; time.Sleep(time.Millisecond) {
		if value, err := s.TryGet(key); err == nil {
			return value, nil
		}
		if timeout >= 0 && time.Now().After(end) {
			return nil, pjrt.NewError(pjrt.DeadlineExceeded, "no value in time")
		}
	}
}

func (s *memoryStore) Put(key string, value []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.values[key] = value
	return nil
}

func TestKVStore(t *testing.T) {
	queue := must(pjrt.NewRequestQueue())
	defer queue.Close()
	defer queue.End()
	for _, store := range []*pjrt.KVStore{
		must(pjrt.NewKVStore()), must(pjrt.ServeKVStore(queue, &memoryStore{values: map[string][]byte{}})),
	} {
		if _, err := store.TryGet("key"); !errors.Is(err, pjrt.NotFound) {
			t.Error(err)
		}
		if _, err := store.Get("key", time.Millisecond); !errors.Is(err, pjrt.DeadlineExceeded) {
			t.Error(err)
		}
		time.AfterFunc(5*time.Millisecond, func() {
			if err := store.Put("key", []byte("value")); err != nil {
				t.Error(err)
			}
		})
		expect(t, string(must(store.Get("key", time.Minute))), "value")
		c := must(pjrt.Open(fakePath(), &pjrt.ClientOptions{KVStore: store}))
		c.Close()
		store.Close()
	}
}
