// Command kv_store gives a client a key-value store written in Go, where the processes of one program would meet. usage: kv_store PLUGIN
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"
	"sync"
	"time"

	"pjrteasy/pjrt"
)

const addOne = `module @add_one {
  func.func public @main(%arg0: tensor<4xf32>) -> tensor<4xf32> {
    %cst = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<4xf32>
    %1 = stablehlo.add %arg0, %0 : tensor<4xf32>
    return %1 : tensor<4xf32>
  }
}`

func must[T any](value T, err error) T {
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// show prints all values in a line.
func show(b *pjrt.Buffer) {
	values := must(pjrt.ToSlice[float32](context.Background(), b))
	fmt.Println(strings.Trim(fmt.Sprint(values), "[]"))
}

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
	queue := must(pjrt.NewRequestQueue())
	defer queue.Close()
	defer queue.End()
	store := must(pjrt.ServeKVStore(queue, &table{values: map[string][]byte{}, change: make(chan struct{})}))
	defer store.Close()
	check(store.Put("address", []byte("host:1234")))
	fmt.Println(string(must(store.Get("address", time.Second))))
	_, err := store.Get("nobody", time.Millisecond)
	fmt.Println(pjrt.CodeOf(err))

	client := must(pjrt.Open(os.Args[1], &pjrt.ClientOptions{KVStore: store}))
	defer client.Close()
	program := must(pjrt.NewProgram(addOne))
	defer program.Close()
	executable := must(client.Compile(program, nil))
	defer executable.Close()
	y := must(executable.Call(context.Background(), []float32{1, 2, 3, 4}))
	defer y.Close()
	show(y)
}
