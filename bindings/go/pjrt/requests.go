package pjrt

// #include "bridge.h"
import "C"

import (
	"runtime"
	"time"
)

// RequestKind is what a request asks for.
type RequestKind int32

// What plugins ask for, and where the kinds of one's own begin.
const (
	RequestKVGet    RequestKind = C.PJE_REQUEST_KV_GET
	RequestKVTryGet RequestKind = C.PJE_REQUEST_KV_TRY_GET
	RequestKVPut    RequestKind = C.PJE_REQUEST_KV_PUT
	RequestSend     RequestKind = C.PJE_REQUEST_SEND
	RequestRecv     RequestKind = C.PJE_REQUEST_RECV
	RequestUser     RequestKind = C.PJE_REQUEST_USER // this and what follows: those of [RequestQueue.Ask]
)

// RequestQueue holds questions that a plugin asks in the middle of its work; a thread of the plugin waits for each answer.
type RequestQueue struct {
	handle[*C.pje_request_queue]
}

var requestQueues = newClass(func(raw *C.pje_request_queue) { C.pje_request_queue_release(raw) })

// NewRequestQueue makes an empty queue.
func NewRequestQueue() (*RequestQueue, error) {
	var raw *C.pje_request_queue
	if err := result(C.pje_request_queue_create(&raw)); err != nil {
		return nil, err
	}
	q := new(RequestQueue)
	q.own(raw, requestQueues)
	return q, nil
}

// Request is one question, to be answered once.
type Request struct {
	queue *RequestQueue
	id    C.uint64_t
}

// Next takes up to limit requests, oldest first, and waits at most timeout for the first one: below 0 for ever, 0 only looks.
// It blocks a thread meanwhile. None is no error.
func (q *RequestQueue) Next(timeout time.Duration, limit int) ([]Request, error) {
	defer runtime.KeepAlive(q)
	ids := make([]C.uint64_t, max(limit, 1))
	var count C.size_t
	if err := result(C.pje_request_queue_next(q.raw, C.int64_t(timeout), C.size_t(limit), &ids[0], &count)); err != nil {
		return nil, err
	}
	out := make([]Request, count)
	for i := range out {
		out[i] = Request{q, ids[i]}
	}
	return out, nil
}

// Serve answers requests with answer, each in a goroutine of its own, until the queue ends.
func (q *RequestQueue) Serve(answer func(Request) ([]byte, error)) {
	for {
		requests, err := q.Next(-1, 16)
		if err != nil {
			return
		}
		for _, r := range requests {
			go func() {
				data, err := answer(r)
				// An asker that has given up needs no answer.
				_ = r.Answer(data, err)
			}()
		}
	}
}

// Kind is what is asked for.
func (r Request) Kind() RequestKind {
	defer runtime.KeepAlive(r.queue)
	return RequestKind(C.pje_request_queue_kind(r.queue.raw, r.id))
}

// TimeLeft is how long the asker still waits: 0 when it has given up, below 0 when it never will.
func (r Request) TimeLeft() time.Duration {
	defer runtime.KeepAlive(r.queue)
	return time.Duration(C.pje_request_queue_time_left(r.queue.raw, r.id))
}

// Value is a named value of the request, such as "key"; valid until the request is answered.
func (r Request) Value(name string) (Value, bool) {
	defer runtime.KeepAlive(r.queue)
	values := C.pje_request_queue_values(r.queue.raw, r.id)
	if values == nil {
		return nil, false
	}
	return lentValues(values, r.queue).Get(name)
}

// Data copies the bytes that came with the request.
func (r Request) Data() []byte {
	defer runtime.KeepAlive(r.queue)
	var size C.size_t
	data := C.pje_request_queue_data(r.queue.raw, r.id, &size)
	return C.GoBytes(data, C.int(size))
}

// Answer answers with err unless it is nil, else with data.
func (r Request) Answer(data []byte, err error) error {
	defer runtime.KeepAlive(r.queue)
	raw := rawError(err)
	defer C.pje_error_release(raw)
	return result(C.pje_request_queue_answer(r.queue.raw, r.id, dataOf(data), C.size_t(len(data)), raw))
}

// Ask puts a request of one's own into the queue and blocks until it is answered; timeout below 0: for ever.
func (q *RequestQueue) Ask(kind RequestKind, values map[string]Value, data []byte, timeout time.Duration) ([]byte, error) {
	defer runtime.KeepAlive(q)
	given, err := valuesFrom(values)
	if err != nil {
		return nil, err
	}
	defer given.Close()
	var raw *C.pje_bytes
	if err := result(C.pje_request_queue_ask(q.raw, C.int32_t(kind), given.raw, dataOf(data), C.size_t(len(data)), C.int64_t(timeout), &raw)); err != nil {
		return nil, err
	}
	return takeBytes(raw), nil
}

// FD is readable while a request is queued; neither read nor close it.
func (q *RequestQueue) FD() int {
	defer runtime.KeepAlive(q)
	return int(C.pje_request_queue_fd(q.raw))
}

// Wake has one Next return early.
func (q *RequestQueue) Wake() error {
	defer runtime.KeepAlive(q)
	return result(C.pje_request_queue_wake(q.raw))
}

// End ends the queue: whoever asks is answered with [Cancelled].
func (q *RequestQueue) End() {
	defer runtime.KeepAlive(q)
	C.pje_request_queue_close(q.raw)
}

// SetPoolThreads sets how many threads of the library may work on calls that plugins offer only as blocking ones.
func SetPoolThreads(n int) error { return result(C.pje_pool_set_num_threads(C.size_t(n))) }

// PoolThreads is the number set.
func PoolThreads() int { return int(C.pje_pool_num_threads()) }
