package pjrt

// #include "bridge.h"
import "C"

import (
	"errors"
	"runtime"
	"time"
)

// KVStore is where the processes of a program meet: given to [ClientOptions], asked by plugins.
type KVStore struct{ handle[*C.pje_kv_store] }

var kvStores = newClass(func(raw *C.pje_kv_store) { C.pje_kv_store_release(raw) })

func newKVStore(raw *C.pje_kv_store) *KVStore {
	s := new(KVStore)
	s.own(raw, kvStores)
	return s
}

// NewKVStore makes a store in the memory of this process, for several clients in it.
func NewKVStore() (*KVStore, error) {
	var raw *C.pje_kv_store
	if err := result(C.pje_kv_store_create(&raw)); err != nil {
		return nil, err
	}
	return newKVStore(raw), nil
}

// KVHandler answers a plugin's questions to a store of one's own; its methods run in goroutines.
type KVHandler interface {
	// Get gives the value of a key, once it is there; timeout below 0: for ever.
	Get(key string, timeout time.Duration) ([]byte, error)
	// TryGet gives it without waiting, or [NotFound].
	TryGet(key string) ([]byte, error)
	Put(key string, value []byte) error
}

// ServeKVStore makes a store whose questions h answers, until q ends. No code of Go runs on a thread of the plugin: that one
// waits.
func ServeKVStore(q *RequestQueue, h KVHandler) (*KVStore, error) {
	defer runtime.KeepAlive(q)
	var raw *C.pje_kv_store
	if err := result(C.pje_kv_store_from_request_queue(q.raw, &raw)); err != nil {
		return nil, err
	}
	go q.Serve(func(r Request) ([]byte, error) {
		value, _ := r.Value("key")
		key, ok := value.(string)
		if !ok {
			return nil, errors.New("a request without a key")
		}
		switch r.Kind() {
		case RequestKVGet:
			return h.Get(key, r.TimeLeft())
		case RequestKVTryGet:
			return h.TryGet(key)
		case RequestKVPut:
			return nil, h.Put(key, r.Data())
		}
		return nil, refuse(Unimplemented, "pjrt.ServeKVStore", "a request of kind %d", r.Kind())
	})
	return newKVStore(raw), nil
}

// Get waits until the key has a value; timeout below 0: for ever.
func (s *KVStore) Get(key string, timeout time.Duration) ([]byte, error) {
	defer runtime.KeepAlive(s)
	name := []byte(key)
	var raw *C.pje_bytes
	if err := result(C.pje_kv_store_get(s.raw, dataOf(name), C.size_t(len(name)), C.int64_t(timeout), &raw)); err != nil {
		return nil, err
	}
	return takeBytes(raw), nil
}

// TryGet is [KVStore.Get] without waiting: [NotFound] where there is no value yet.
func (s *KVStore) TryGet(key string) ([]byte, error) {
	defer runtime.KeepAlive(s)
	name := []byte(key)
	var raw *C.pje_bytes
	if err := result(C.pje_kv_store_try_get(s.raw, dataOf(name), C.size_t(len(name)), &raw)); err != nil {
		return nil, err
	}
	return takeBytes(raw), nil
}

// Put gives a key its value.
func (s *KVStore) Put(key string, value []byte) error {
	defer runtime.KeepAlive(s)
	name := []byte(key)
	return result(C.pje_kv_store_put(s.raw, dataOf(name), C.size_t(len(name)), dataOf(value), C.size_t(len(value))))
}

func (s *KVStore) pointer() *C.pje_kv_store {
	if s == nil {
		return nil
	}
	return s.raw
}
