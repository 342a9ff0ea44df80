package pjrt_test

import (
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"pjrteasy/pjrt"
)

// talks sends 2 x over channel 5 and returns what it receives over channel 6, plus x.
const talks = `module @talks {
  func.func public @main(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
    %0 = stablehlo.create_token : !stablehlo.token
    %1 = stablehlo.add %arg0, %arg0 : tensor<2x3xf32>
    %2 = "stablehlo.send"(%1, %0) <{channel_handle = #stablehlo.channel_handle<handle = 5, type = 2>, is_host_transfer = true}> : (tensor<2x3xf32>, !stablehlo.token) -> !stablehlo.token
    %3:2 = "stablehlo.recv"(%2) <{channel_handle = #stablehlo.channel_handle<handle = 6, type = 3>, is_host_transfer = true}> : (!stablehlo.token) -> (tensor<2x3xf32>, !stablehlo.token)
    %4 = stablehlo.add %3#0, %arg0 : tensor<2x3xf32>
    return %4 : tensor<2x3xf32>
  }
}`

const tagged = `module @tagged {
  func.func public @main(%arg0: tensor<2xi32>) -> tensor<2xi32> {
    %0 = stablehlo.add %arg0, %arg0 {mhlo.frontend_attributes = {_xla_tag = "42"}} : tensor<2xi32>
    return %0 : tensor<2xi32>
  }
}`

func bytesOf(values ...float32) []byte {
	var out []byte
	for _, v := range values {
		out = binary.NativeEndian.AppendUint32(out, math.Float32bits(v))
	}
	return out
}

var answer = bytesOf(10, 20, 30, 40, 50, 60)

// converse runs the program with these handlers and gives its output, and what it sent.
func converse(t *testing.T, add func(*pjrt.Handlers) error) ([]float32, []byte, error) {
	t.Helper()
	c := openFake(t)
	exe := compileText(t, c, talks)
	handlers := must(pjrt.NewHandlers())
	if !strings.Contains(handlers.String(), "handlers") {
		t.Error(handlers)
	}
	var sent []byte
	if err := errors.Join(add(handlers), handlers.OnSend(5, func(transfer pjrt.Transfer, piece []byte) error {
		sent = append(sent, piece...)
		expect(t, transfer, pjrt.Transfer{Channel: 5, TotalBytes: 24, Last: len(sent) == 24})
		return nil
	})); err != nil {
		t.Fatal(err)
	}
	out, err := exe.ExecuteWith(ctx, &pjrt.ExecuteOptions{Handlers: handlers}, [][]float32{{1, 2, 3}, {4, 5, 6}})
	handlers.Close()
	if err != nil {
		return nil, sent, err
	}
	return floats(t, out[0]), sent, nil
}

func TestSendAndReceive(t *testing.T) {
	if !withFake(t, "chunk=8;granule=8", nil) {
		return
	}
	for name, add := range map[string]func(*pjrt.Handlers) error{
		"whole": func(h *pjrt.Handlers) error {
			return h.OnReceive(6, func(transfer pjrt.Transfer) ([]byte, error) {
				expect(t, transfer.TotalBytes, 24)
				return answer, nil
			})
		},
		"stream": func(h *pjrt.Handlers) error {
			return h.OnReceiveStream(6, func(transfer pjrt.Transfer, stream *pjrt.CopyStream) {
				expect(t, []int{transfer.TotalBytes, stream.TotalBytes(), stream.GranuleBytes()}, []int{24, 24, 8})
				expect(t, stream.String(), "copy stream: 24 bytes in steps of 8")
				if _, err := stream.Write(answer[:7]); !errors.Is(err, pjrt.InvalidArgument) {
					t.Errorf("less than a granule: %v", err)
				}
				for at := 0; at < 24; at += 8 {
					expect(t, must(stream.CurrentBytes()), at)
					expect(t, must(stream.Write(answer[at:at+8])), 8)
				}
			})
		},
	} {
		got, sent, err := converse(t, add)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		expect(t, got, []float32{11, 22, 33, 44, 55, 66})
		expect(t, sent, bytesOf(2, 4, 6, 8, 10, 12))
	}
}

func TestHandlersThatFail(t *testing.T) {
	for text, add := range map[string]func(*pjrt.Handlers) error{
		"ended after 0 of 24 bytes": func(h *pjrt.Handlers) error {
			return h.OnReceiveStream(6, func(pjrt.Transfer, *pjrt.CopyStream) {})
		},
		"channel 6": func(h *pjrt.Handlers) error { return nil },
	} {
		if _, _, err := converse(t, add); err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("%v, expected %s", err, text)
		}
	}
	handlers := must(pjrt.NewHandlers())
	nothing := func(pjrt.Transfer) ([]byte, error) { return nil, nil }
	if err := handlers.OnReceive(1, nothing); err != nil {
		t.Error(err)
	}
	if err := handlers.OnReceive(1, nothing); !errors.Is(err, pjrt.InvalidArgument) {
		t.Errorf("a channel that has a handler: %v", err)
	}
	handlers.Close()
	if err := handlers.OnReceive(2, nothing); !errors.Is(err, pjrt.InvalidArgument) {
		t.Errorf("closed handlers: %v", err)
	}
}

func TestOutputHandler(t *testing.T) {
	c := openFake(t)
	exe := compileText(t, c, tagged)
	handlers := must(pjrt.NewHandlers())
	defer handlers.Close()
	seen := make(chan pjrt.Output, 8)
	if err := handlers.OnOutput(42, 1, func(output pjrt.Output) { seen <- output }); err != nil {
		t.Fatal(err)
	}
	pjrt.CloseAll(must(exe.ExecuteWith(ctx, &pjrt.ExecuteOptions{Handlers: handlers}, []int32{3, 4}))...)
	expect(t, <-seen, pjrt.Output{Callback: 42, Type: pjrt.ArrayType{DType: pjrt.TypeS32, Dims: []int{2}},
		Data: []byte{6, 0, 0, 0, 8, 0, 0, 0}})
}

// Handlers that nobody holds any more are still there for the run, and are given back with it.
func TestHandlersAreGivenBack(t *testing.T) {
	before := pjrt.LiveObjects("pje_execute_handlers") + pjrt.LiveObjects("pje_request_queue")
	if _, _, err := converse(t, func(h *pjrt.Handlers) error {
		return h.OnReceive(6, func(pjrt.Transfer) ([]byte, error) { return answer, nil })
	}); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		now := pjrt.LiveObjects("pje_execute_handlers") + pjrt.LiveObjects("pje_request_queue")
		if now <= before {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d handlers and queues live, %d before", now, before)
		}
	}
}
