package main

import (
	"bytes"
	"encoding/binary"
	"sync"
	"time"

	"pjrteasy/pjrt"
)

func init() {
	for name, run := range map[string]func(*request) reply{
		"execute_per_device_mixed": executePerDeviceMixed, "prepared_call": preparedCall, "host_view": hostView,
		"read_many": readMany, "transfer_pieces": transferPieces, "transfer_all": transferAll, "copies": copies,
		"execute_context": executeContext, "run_async": runAsync, "send_and_receive": sendAndReceive,
		"output_handler": outputHandler, "kv_store": kvStore, "kv_store_served": kvStoreServed,
	} {
		scenarios[name] = run
	}
}

func executePerDeviceMixed(r *request) reply {
	p := prepareReplicas(r)
	defer p.close()
	x, factor := r.floats("x"), r.floats("factor")[0]
	var args [][]any
	for d := range p.exe.NumDevices() {
		moved := make([]float32, len(x))
		for i := range x {
			moved[i] = x[i] + float32(d)
		}
		args = append(args, []any{moved, factor})
	}
	var y [][]float32
	for _, list := range must(p.exe.ExecutePerDevice(ctx, nil, args)) {
		y = append(y, values(list[0]))
		pjrt.CloseAll(list...)
	}
	return reply{"y": y}
}

func preparedCall(r *request) reply {
	p := prepare(r)
	defer p.close()
	x := upload(p.Client, r.floats("x"))
	call := must(p.exe.Prepare(nil))
	defer call.Close()
	empty := call.Run(ctx)
	check(call.SetArg(0, x))
	x.Close()
	for range r.number("n") {
		check(call.Run(ctx))
		output := call.Output(0)
		check(call.SetArg(0, output))
		output.Close()
	}
	output := call.Output(0)
	defer output.Close()
	return reply{"empty": code(empty), "slots": call.NumArgs() + call.NumOutputs(), "y": values(output)}
}

func hostView(r *request) reply {
	c := open(r)
	defer c.Close()
	x := upload(c, r.floats("x"))
	defer x.Close()
	view := must(x.HostView(ctx))
	y := append([]float32{}, must(pjrt.HostSlice[float32](view))...)
	during := x.Delete()
	view.Close()
	return reply{"y": y, "delete": code(during), "delete_after": code(x.Delete())}
}

func readMany(r *request) reply {
	c := open(r)
	defer c.Close()
	a, b := upload(c, r.floats("a")), upload(c, r.floats("b"))
	defer pjrt.CloseAll(a, b)
	both := must(pjrt.ToSlices[float32](ctx, a, b))
	return reply{"a": both[0], "b": both[1]}
}

func bytesOf(x []float32) []byte { return must(binary.Append(nil, binary.NativeEndian, x)) }

func transferPieces(r *request) reply {
	c := open(r)
	defer c.Close()
	x := r.floats("x")
	data := bytesOf(x)
	half := len(data) / 2
	transfer := must(c.NewTransfer(nil, pjrt.ArrayType{DType: pjrt.TypeF32, Dims: []int{len(x)}}))
	defer transfer.Close()
	b := must(transfer.Buffer(0))
	defer b.Close()
	check(transfer.Write(ctx, 0, data[half:], half))
	twice := transfer.Write(ctx, 0, data[half:], half)
	check(transfer.Write(ctx, 0, data[:half], 0))
	y := values(b)
	done, total, err := transfer.Progress(0)
	check(err)
	return reply{"y": y, "twice": code(twice), "progress": []int{done, total}}
}

func transferAll(r *request) reply {
	c := open(r)
	defer c.Close()
	x := must(pjrt.ArrayFrom(r.floats("x")))
	defer x.Close()
	calls, last := 0, 0
	moved := must(c.TransferAllWith(ctx, &pjrt.TransferOptions{PieceSize: r.number("piece"), Progress: func(state pjrt.TransferState) {
		calls++
		last = state.BytesDone
	}}, x, x))
	defer pjrt.CloseAll(moved...)
	return reply{"first": values(moved[0]), "second": values(moved[1]), "calls": calls, "bytes": last}
}

func copies(r *request) reply {
	c := open(r)
	defer c.Close()
	x := upload(c, r.floats("x"))
	defer x.Close()
	device := c.AddressableDevice(r.number("device"))
	there := must(x.CopyToDevice(ctx, device))
	defer there.Close()
	for memory := range device.Memories() {
		if memory.Kind() == r.text("kind") {
			pinned := must(there.CopyToMemory(ctx, memory))
			defer pinned.Close()
			return reply{"device": there.Device().ID(), "memory": pinned.Memory().Kind(), "y": values(pinned)}
		}
	}
	panic(stop{"no such memory"})
}

func executeContext(r *request) reply {
	p := prepare(r)
	defer p.close()
	x := upload(p.Client, r.floats("x"))
	defer x.Close()
	data := must(p.Plugin().NewExecuteContext())
	defer data.Close()
	y := must(p.exe.ExecuteWith(ctx, &pjrt.ExecuteOptions{Context: data, CallLocation: "a scenario"}, x))
	defer pjrt.CloseAll(y...)
	return reply{"y": values(y[0])}
}

func runAsync(r *request) reply {
	p := prepare(r)
	defer p.close()
	outputs, done, err := p.exe.RunAsync(r.floats("x"))
	check(err)
	defer outputs[0].Close()
	defer done.Close()
	ended := done.Wait(ctx)
	return reply{"done": code(ended), "y": must(pjrt.ArrayValues[float32](outputs[0]))}
}

func sendAndReceive(r *request) reply {
	p := prepare(r)
	defer p.close()
	x := must(pjrt.BufferFrom(p.Client, r.floats("x"), r.ints("dims")...))
	defer x.Close()
	handlers := must(pjrt.NewHandlers())
	defer handlers.Close()
	var sent []byte
	pieces := 0
	check(handlers.OnSend(5, func(_ pjrt.Transfer, piece []byte) error {
		sent = append(sent, piece...)
		pieces++
		return nil
	}))
	check(handlers.OnReceive(6, func(pjrt.Transfer) ([]byte, error) { return bytesOf(r.floats("answer")), nil }))
	y := must(p.exe.ExecuteWith(ctx, &pjrt.ExecuteOptions{Handlers: handlers}, x))
	defer pjrt.CloseAll(y...)
	floats := make([]float32, len(sent)/4)
	check(binary.Read(bytes.NewReader(sent), binary.NativeEndian, floats))
	return reply{"y": values(y[0]), "sent": floats, "pieces": pieces}
}

func outputHandler(r *request) reply {
	p := prepare(r)
	defer p.close()
	var x []int32
	for _, value := range r.ints("x") {
		x = append(x, int32(value))
	}
	handlers := must(pjrt.NewHandlers())
	defer handlers.Close()
	var seen []int64
	check(handlers.OnOutput(int64(r.number("callback")), 1, func(output pjrt.Output) {
		seen = append(seen, output.Callback)
		for at := 0; at < len(output.Data); at += 4 {
			seen = append(seen, int64(int32(binary.NativeEndian.Uint32(output.Data[at:]))))
		}
	}))
	pjrt.CloseAll(must(p.exe.ExecuteWith(ctx, &pjrt.ExecuteOptions{Handlers: handlers}, x))...)
	return reply{"seen": seen}
}

func kvStore(r *request) reply {
	store := must(pjrt.NewKVStore())
	defer store.Close()
	key := r.text("key")
	_, before := store.TryGet(key)
	_, late := store.Get(key, time.Millisecond)
	check(store.Put(key, []byte(r.text("value"))))
	after := string(must(store.Get(key, -1)))
	c := must(pjrt.Open(pluginPath, &pjrt.ClientOptions{KVStore: store}))
	defer c.Close()
	exe := compile(c, r)
	defer exe.Close()
	y := must(exe.Call(ctx, r.floats("x")))
	defer y.Close()
	return reply{"before": code(before), "late": code(late), "after": after, "y": values(y)}
}

// table is a key-value store written in Go.
type table struct {
	mu     sync.Mutex
	change sync.Cond
	values map[string][]byte
}

func newTable() *table {
	t := &table{values: map[string][]byte{}}
	t.change.L = &t.mu
	return t
}

func (t *table) TryGet(key string) ([]byte, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if value, ok := t.values[key]; ok {
		return value, nil
	}
	return nil, pjrt.NewError(pjrt.NotFound, "no value yet")
}

func (t *table) Get(key string, _ time.Duration) ([]byte, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.values[key] == nil {
		t.change.Wait()
	}
	return t.values[key], nil
}

func (t *table) Put(key string, value []byte) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.values[key] = value
	t.change.Broadcast()
	return nil
}

func kvStoreServed(r *request) reply {
	queue := must(pjrt.NewRequestQueue())
	defer queue.Close()
	defer queue.End()
	store := must(pjrt.ServeKVStore(queue, newTable()))
	defer store.Close()
	n := r.number("processes")
	clients, failures := make([]*pjrt.Client, n), make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Add(1)
		go func() {
			defer all.Done()
			clients[i], failures[i] = pjrt.Open(pluginPath, &pjrt.ClientOptions{KVStore: store,
				Options: map[string]pjrt.Value{"cpu_device_count": 2, "process": i, "processes": n}})
		}()
	}
	all.Wait()
	var processes []pjrt.ProcessIndex
	var devices []int
	for i, c := range clients {
		check(failures[i])
		processes = append(processes, c.ProcessIndex())
		devices = append(devices, c.NumDevices())
		c.Close()
	}
	return reply{"processes": processes, "devices": devices}
}
