package pjrt

// #include "bridge.h"
import "C"

import (
	"context"
	"runtime"
	"sync"
	"time"
	"unsafe"
)

func ptr[T any](p *T) unsafe.Pointer { return unsafe.Pointer(p) }

// waiter is one event that somebody waits for.
type waiter struct {
	tag       uint64
	done      chan *C.pje_error // nil: nobody waits
	atEnd     func()            // runs when the event is ready, also when nobody waits any more
	abandoned bool
}

// completions hands what the library's completion queue gives to the goroutines that wait: one queue and one goroutine for the
// whole process, so that waits take no threads.
var completions struct {
	start   sync.Once
	failed  error
	queue   *C.pje_completion_queue
	mu      sync.Mutex
	waiters map[uint64]*waiter
	lastTag uint64
}

func startCompletions() {
	c := &completions
	if err := result(C.pje_completion_queue_create(&c.queue)); err != nil {
		c.failed = err
		return
	}
	c.waiters = make(map[uint64]*waiter)
	go deliver(c.queue)
}

// watch has an event watched; the event may be released at once.
func watch(event *C.pje_event, atEnd func()) (*waiter, error) {
	w := &waiter{done: make(chan *C.pje_error, 1), atEnd: atEnd}
	return w, w.start(event)
}

// atEndOf has a function run when an event is ready, at once when it is ready already; nobody waits.
func atEndOf(event *C.pje_event, atEnd func()) error {
	if C.pje_event_is_ready(event) {
		atEnd()
		return nil
	}
	return (&waiter{atEnd: atEnd}).start(event)
}

func (w *waiter) start(event *C.pje_event) error {
	c := &completions
	c.start.Do(startCompletions)
	if c.failed != nil {
		return c.failed
	}
	c.mu.Lock()
	c.lastTag++
	w.tag = c.lastTag
	c.waiters[w.tag] = w
	c.mu.Unlock()
	if err := result(C.pje_completion_queue_add(c.queue, event, C.uint64_t(w.tag))); err != nil {
		take(w.tag)
		return err
	}
	return nil
}

func take(tag uint64) *waiter {
	c := &completions
	c.mu.Lock()
	defer c.mu.Unlock()
	w := c.waiters[tag]
	delete(c.waiters, tag)
	return w
}

// deliver never ends: the queue is the process's own.
func deliver(queue *C.pje_completion_queue) {
	const batch = 64
	var tags [batch]C.uint64_t
	var errors [batch]*C.pje_error
	for {
		var count C.size_t
		if raw := C.pje_completion_queue_next(queue, -1, batch, &tags[0], &errors[0], &count); raw != nil {
			C.pje_error_release(raw)
			continue
		}
		for i := range errors[:count] {
			w := take(uint64(tags[i]))
			if w == nil {
				C.pje_error_release(errors[i])
				continue
			}
			if w.atEnd != nil {
				w.atEnd()
			}
			if w.done == nil {
				C.pje_error_release(errors[i])
				continue
			}
			w.done <- errors[i]
		}
	}
}

// wait waits until the event is ready and gives its error, or until ctx ends.
func (w *waiter) wait(ctx context.Context, function string) error {
	select {
	case raw := <-w.done:
		return result(raw)
	case <-ctx.Done():
	}
	w.abandoned = true
	if w.atEnd == nil {
		// Nothing has to happen at the end, so the event need not come at all.
		if take(w.tag) == nil {
			C.pje_error_release(<-w.done)
		}
		return contextEnded(ctx, function)
	}
	go func() { C.pje_error_release(<-w.done) }()
	return contextEnded(ctx, function)
}

// CompletionQueue collects the ends of events under tags of one's own. Most programs wait for events instead.
type CompletionQueue struct {
	handle[*C.pje_completion_queue]
}

// Completion is one event that has ended.
type Completion struct {
	Tag uint64
	Err error
}

var queues = newClass(func(raw *C.pje_completion_queue) { C.pje_completion_queue_release(raw) })

// NewCompletionQueue makes an empty queue.
func NewCompletionQueue() (*CompletionQueue, error) {
	var raw *C.pje_completion_queue
	if err := result(C.pje_completion_queue_create(&raw)); err != nil {
		return nil, err
	}
	q := new(CompletionQueue)
	q.own(raw, queues)
	return q, nil
}

// Add has the end of an event queued under tag; the event may be closed.
func (q *CompletionQueue) Add(e *Event, tag uint64) error {
	defer runtime.KeepAlive(q)
	defer runtime.KeepAlive(e)
	return result(C.pje_completion_queue_add(q.raw, e.pointer(), C.uint64_t(tag)))
}

// Next takes up to limit completions, oldest first, and waits at most timeout for the first one: below 0 for ever, 0 only looks.
// It blocks a thread meanwhile. None is no error.
func (q *CompletionQueue) Next(timeout time.Duration, limit int) ([]Completion, error) {
	defer runtime.KeepAlive(q)
	tags := make([]C.uint64_t, max(limit, 1))
	errors := make([]*C.pje_error, max(limit, 1))
	var count C.size_t
	if err := result(C.pje_completion_queue_next(q.raw, C.int64_t(timeout), C.size_t(limit), &tags[0], &errors[0], &count)); err != nil {
		return nil, err
	}
	out := make([]Completion, count)
	for i := range out {
		out[i] = Completion{uint64(tags[i]), result(errors[i])}
	}
	return out, nil
}

// Wake has one Next return early.
func (q *CompletionQueue) Wake() error {
	defer runtime.KeepAlive(q)
	return result(C.pje_completion_queue_wake(q.raw))
}

// FD is readable while something is queued; neither read nor close it.
func (q *CompletionQueue) FD() int {
	defer runtime.KeepAlive(q)
	return int(C.pje_completion_queue_fd(q.raw))
}

// End ends the queue: what is queued can still be taken, what completes later is dropped.
func (q *CompletionQueue) End() {
	defer runtime.KeepAlive(q)
	C.pje_completion_queue_close(q.raw)
}
