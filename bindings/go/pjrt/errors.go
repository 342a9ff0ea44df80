package pjrt

// #cgo pkg-config: pjrt_easy
// #include "bridge.h"
import "C"

import (
	"context"
	"fmt"
	"unsafe"
)

// Code says what kind of error it is; the numbers are those of PJRT. A Code is an error itself: see [Error.Is].
type Code int32

// The codes, with the numbers of PJRT.
const (
	OK Code = iota
	Cancelled
	Unknown
	InvalidArgument
	DeadlineExceeded
	NotFound
	AlreadyExists
	PermissionDenied
	ResourceExhausted
	FailedPrecondition
	Aborted
	OutOfRange
	Unimplemented
	Internal
	Unavailable
	DataLoss
	Unauthenticated
)

// String gives the name, such as "INVALID_ARGUMENT".
func (c Code) String() string { return C.GoString(C.pje_code_name(C.pje_code(c))) }

// Error makes a Code usable as a target of errors.Is.
func (c Code) Error() string { return c.String() }

// Payload is a key with bytes that a plugin attached to an error.
type Payload struct {
	Key  string
	Data []byte
}

// Error is what the library or a plugin answers.
type Error struct {
	Code     Code
	Function string // "PJRT_…" when the plugin failed, "pje_…" when the library refused, "pjrt.…" when this package did
	Message  string // one line, with function and code
	Detail   string // the whole text
	Payloads []Payload
	cause    error
}

// NewError makes an error as the library words them, for [Event.Set].
func NewError(code Code, message string) *Error {
	text := C.CString(message)
	defer C.free(unsafe.Pointer(text))
	return takeError(C.pje_error_create(C.pje_code(code), text))
}

// Error gives the message.
func (e *Error) Error() string { return e.Message }

// Is reports whether target is the code of e, so that errors.Is(err, pjrt.NotFound) works.
func (e *Error) Is(target error) bool {
	code, ok := target.(Code)
	return ok && code == e.Code
}

// Unwrap gives what a context ended with, for errors that tell of an end of waiting.
func (e *Error) Unwrap() error { return e.cause }

// CodeOf gives the code of an error, [OK] for nil and [Unknown] for what is not an *[Error].
func CodeOf(err error) Code {
	switch e := err.(type) {
	case nil:
		return OK
	case *Error:
		return e.Code
	case interface{ Unwrap() error }:
		return CodeOf(e.Unwrap())
	}
	return Unknown
}

// takeError turns an error of the library into one of Go, and releases it.
func takeError(raw *C.pje_error) *Error {
	defer C.pje_error_release(raw)
	e := &Error{
		Code:     Code(C.pje_error_code(raw)),
		Function: C.GoString(C.pje_error_function(raw)),
		Message:  C.GoString(C.pje_error_message(raw)),
		Detail:   C.GoString(C.pje_error_detail(raw)),
	}
	for i := C.size_t(0); i < C.pje_error_num_payloads(raw); i++ {
		var key *C.char
		var data unsafe.Pointer
		var size C.size_t
		if C.pje_error_payload(raw, i, &key, &data, &size) {
			e.Payloads = append(e.Payloads, Payload{C.GoString(key), C.GoBytes(data, C.int(size))})
		}
	}
	return e
}

// result is takeError for the end of a function: nil stays an untyped nil.
func result(raw *C.pje_error) error {
	if raw == nil {
		return nil
	}
	return takeError(raw)
}

func refuse(code Code, function, format string, values ...any) *Error {
	detail := fmt.Sprintf(format, values...)
	return &Error{
		Code:     code,
		Function: function,
		Detail:   detail,
		Message:  fmt.Sprintf("%s: %v: %s", function, code, detail),
	}
}

func contextEnded(ctx context.Context, function string) error {
	cause := context.Cause(ctx)
	code := Cancelled
	if ctx.Err() == context.DeadlineExceeded {
		code = DeadlineExceeded
	}
	e := refuse(code, function, "the wait ended: %v; the work goes on", cause)
	e.cause = ctx.Err()
	return e
}

// rawError makes an error for the library, to be released by the caller; nil for nil.
func rawError(err error) *C.pje_error {
	if err == nil {
		return nil
	}
	message := err.Error()
	if e, ok := err.(*Error); ok {
		message = e.Detail
	}
	text := C.CString(message)
	defer C.free(unsafe.Pointer(text))
	return C.pje_error_create(C.pje_code(CodeOf(err)), text)
}

// Version is the version of the library in use, such as "0.1.0".
func Version() string { return C.GoString(C.pje_version()) }

// VersionNumber is the version of the library in use as one number: major*1000000 + minor*1000 + patch.
func VersionNumber() uint32 { return uint32(C.pje_version_number()) }

// HeaderVersionNumber is the version that this package was built against.
const HeaderVersionNumber uint32 = C.PJE_VERSION_NUMBER

// MisuseCount tells how many wrong handles the library was given so far, in the whole process.
func MisuseCount() uint64 { return uint64(C.pje_misuse_count()) }
