package main

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"pjrteasy/pjrt"
)

func init() {
	for name, run := range map[string]func(*request) reply{
		"wait_for_run": waitForRun, "wait_for_buffer": waitForBuffer, "poll": poll, "wait_with_timeout": waitWithTimeout,
		"wait_given_up": waitGivenUp, "promise": promise, "promise_from_another_thread": promiseFromAnother,
		"event_all": eventAll, "event_any": eventAny, "event_all_of_nothing": allOfNothing,
		"event_of_dropped_promise": droppedPromise, "continuation": continuation, "completion_queue": completionQueue,
		"completion_queue_error": completionQueueError, "many_pending_waits": manyPendingWaits, "completes_inside": waitForRun,
	} {
		scenarios[name] = run
	}
}

// started is a run that has been started and not waited for.
type started struct {
	ready
	x, y *pjrt.Buffer
	done *pjrt.Event
}

func start(r *request) *started {
	s := &started{ready: prepare(r)}
	s.x = upload(s.Client, r.floats("x"))
	y, done, err := s.exe.ExecuteAsync(nil, s.x)
	check(err)
	s.y, s.done = y[0], done
	return s
}

func (s *started) close() {
	s.done.Close()
	pjrt.CloseAll(s.x, s.y)
	s.ready.close()
}

func waitForRun(r *request) reply {
	s := start(r)
	defer s.close()
	return reply{"done": code(s.done.Wait(ctx)), "y": values(s.y)}
}

func waitForBuffer(r *request) reply {
	s := start(r)
	defer s.close()
	ready := must(s.y.Ready())
	defer ready.Close()
	return reply{"ready": code(ready.Wait(ctx)), "y": values(s.y)}
}

func poll(r *request) reply {
	s := start(r)
	defer s.close()
	before := s.done.IsReady()
	done := s.done.Wait(ctx)
	return reply{"before": before, "done": code(done), "after": s.done.IsReady()}
}

func waitWithTimeout(r *request) reply {
	s := start(r)
	defer s.close()
	short, cancel := context.WithTimeout(ctx, time.Duration(r.number("timeout_ms"))*time.Millisecond)
	defer cancel()
	first := s.done.Wait(short)
	if !errors.Is(first, context.DeadlineExceeded) {
		panic(stop{"the error does not tell of the context"})
	}
	return reply{"first": code(first), "second": code(s.done.Wait(ctx)), "y": values(s.y)}
}

func waitGivenUp(r *request) reply {
	s := start(r)
	defer s.close()
	given, cancel := context.WithCancel(ctx)
	time.AfterFunc(time.Duration(r.number("timeout_ms"))*time.Millisecond, cancel)
	first := "went on"
	if errors.Is(s.done.Wait(given), context.Canceled) {
		first = "stopped"
	}
	return reply{"first": first, "second": code(s.done.Wait(ctx)), "y": values(s.y)}
}

func promises(n int) []*pjrt.Event {
	var out []*pjrt.Event
	for range n {
		out = append(out, must(pjrt.NewPromise()))
	}
	return out
}

func closeEvents(events []*pjrt.Event) {
	for _, e := range events {
		e.Close()
	}
}

func promise(*request) reply {
	p := promises(2)
	defer closeEvents(p)
	before := p[0].IsReady()
	check(p[0].Set(nil))
	after := p[0].IsReady()
	wait := p[0].Wait(ctx)
	again := p[0].Set(nil)
	check(p[1].Set(pjrt.NewError(pjrt.NotFound, "nothing there")))
	return reply{"before": before, "after": after, "wait": code(wait), "again": code(again), "error": code(p[1].Wait(ctx))}
}

func promiseFromAnother(*request) reply {
	p := must(pjrt.NewPromise())
	defer p.Close()
	time.AfterFunc(20*time.Millisecond, func() { check(p.Set(nil)) })
	return reply{"wait": code(p.Wait(ctx))}
}

func eventAll(*request) reply {
	p := promises(3)
	defer closeEvents(p)
	all := must(pjrt.All(p...))
	defer all.Close()
	check(p[2].Set(pjrt.NewError(pjrt.Internal, "as asked")))
	check(p[1].Set(pjrt.NewError(pjrt.Aborted, "as asked")))
	before := all.IsReady()
	check(p[0].Set(nil))
	return reply{"before": before, "code": code(all.Wait(ctx))}
}

func eventAny(*request) reply {
	p := promises(3)
	defer closeEvents(p)
	time.AfterFunc(10*time.Millisecond, func() { check(p[1].Set(nil)) })
	index, err := pjrt.WaitAny(ctx, p...)
	check(p[0].Set(nil))
	check(p[2].Set(nil))
	return reply{"index": index, "code": code(err)}
}

func allOfNothing(*request) reply {
	all := must(pjrt.All())
	defer all.Close()
	return reply{"ready": all.IsReady()}
}

func droppedPromise(*request) reply {
	p := must(pjrt.NewPromise())
	all := must(pjrt.All(p))
	defer all.Close()
	p.Close()
	return reply{"code": code(all.Wait(ctx))}
}

func continuation(r *request) reply {
	s := start(r)
	defer s.close()
	var calls atomic.Int32
	type second struct {
		y   []*pjrt.Buffer
		err error
	}
	ended := make(chan second, 1)
	go func() {
		<-s.done.Done()
		calls.Add(1)
		y, err := s.exe.Launch(nil, s.y)
		ended <- second{y, err}
	}()
	next := <-ended
	check(next.err)
	defer pjrt.CloseAll(next.y...)
	return reply{"calls": calls.Load(), "y": values(next.y[0])}
}

func completionQueue(r *request) reply {
	p := prepare(r)
	defer p.close()
	x := upload(p.Client, r.floats("x"))
	defer x.Close()
	queue := must(pjrt.NewCompletionQueue())
	defer queue.Close()
	n := r.number("n")
	for tag := range n {
		y, done, err := p.exe.ExecuteAsync(nil, x)
		check(err)
		check(queue.Add(done, uint64(tag)))
		done.Close()
		pjrt.CloseAll(y...)
	}
	tags := []uint64{}
	for len(tags) < n {
		for _, each := range must(queue.Next(-1, 16)) {
			check(each.Err)
			tags = append(tags, each.Tag)
		}
	}
	if len(must(queue.Next(0, 16))) != 0 {
		panic(stop{"more completions than runs"})
	}
	slices.Sort(tags)
	return reply{"tags": tags}
}

func completionQueueError(*request) reply {
	p := must(pjrt.NewPromise())
	defer p.Close()
	queue := must(pjrt.NewCompletionQueue())
	defer queue.Close()
	check(queue.Add(p, 7))
	check(p.Set(pjrt.NewError(pjrt.Unavailable, "as asked")))
	got := must(queue.Next(-1, 1))
	return reply{"tag": got[0].Tag, "code": code(got[0].Err)}
}

func manyPendingWaits(r *request) reply {
	p := prepare(r)
	defer p.close()
	x := upload(p.Client, r.floats("x"))
	defer x.Close()
	var good atomic.Int32
	var all sync.WaitGroup
	for range r.number("n") {
		y, done, err := p.exe.ExecuteAsync(nil, x)
		check(err)
		pjrt.CloseAll(y...)
		all.Add(1)
		go func() {
			defer all.Done()
			if done.Wait(ctx) == nil {
				good.Add(1)
			}
			done.Close()
		}()
	}
	all.Wait()
	return reply{"good": good.Load()}
}
