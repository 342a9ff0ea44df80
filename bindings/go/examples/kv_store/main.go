// Command kv_store gives a client a key-value store written in Go, where the processes of one program would meet. usage: kv_store PLUGIN
package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"pjrteasy/examples/internal/example"
	"pjrteasy/pjrt"
)

// table answers from a map; a program over several processes would ask a server.
type table struct {
	mu     sync.Mutex
	values map[string][]byte
	change chan struct{} // closed when there is something new
}

func (t *table) TryGet(key string) ([]byte, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if value, ok := t.values[key]; ok {
		return value, nil
	}
	return nil, pjrt.NewError(pjrt.NotFound, "no value for "+key)
}

func (t *table) Get(key string, timeout time.Duration) ([]byte, error) {
	var late <-chan time.Time
	if timeout >= 0 {
		late = time.After(timeout)
	}
	for {
		t.mu.Lock()
		value, ok := t.values[key]
		change := t.change
		t.mu.Unlock()
		if ok {
			return value, nil
		}
		select {
		case <-change:
		case <-late:
			return nil, pjrt.NewError(pjrt.DeadlineExceeded, "no value in time for "+key)
		}
	}
}

func (t *table) Put(key string, value []byte) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.values[key] = value
	close(t.change)
	t.change = make(chan struct{})
	return nil
}

func main() {
	queue := example.Must(pjrt.NewRequestQueue())
	defer queue.Close()
	defer queue.End()
	store := example.Must(pjrt.ServeKVStore(queue, &table{values: map[string][]byte{}, change: make(chan struct{})}))
	defer store.Close()
	example.Check(store.Put("address", []byte("host:1234")))
	fmt.Println(string(example.Must(store.Get("address", time.Second))))
	_, err := store.Get("nobody", time.Millisecond)
	fmt.Println(pjrt.CodeOf(err))

	client := example.Must(pjrt.Open(example.Plugin(), &pjrt.ClientOptions{KVStore: store}))
	defer client.Close()
	executable := example.Compile(client, example.AddOne, nil)
	defer executable.Close()
	y := example.Must(executable.Call(context.Background(), []float32{1, 2, 3, 4}))
	defer y.Close()
	example.Show(y)
}
