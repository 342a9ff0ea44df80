package pjrt

// #include "bridge.h"
import "C"

import (
	"runtime"
	"unsafe"
)

// ProgramFormat is the form in which a program arrives.
type ProgramFormat int32

// The formats that programs come in.
const (
	ProgramAuto          ProgramFormat = iota // looked up in the bytes
	ProgramMLIR                               // StableHLO, as text or as bytecode
	ProgramHLO                                // a serialized HloModuleProto
	ProgramHLOWithConfig                      // a serialized HloModuleProtoWithConfig
)

// String gives one line about it.
func (f ProgramFormat) String() string {
	return [...]string{"auto", "mlir", "hlo", "hlo_with_config"}[min(uint32(f), 3)]
}

// Program is StableHLO or HLO before compilation.
type Program struct{ handle[*C.pje_program] }

var programs = newClass(func(raw *C.pje_program) { C.pje_program_release(raw) })

func newProgram(raw *C.pje_program) *Program {
	p := new(Program)
	p.own(raw, programs)
	return p
}

// pointer gives NULL for nil, which the library refuses by name.
func (p *Program) pointer() *C.pje_program {
	if p == nil {
		return nil
	}
	return p.raw
}

// NewProgram makes a program of its bytes, or its text.
func NewProgram[B ~[]byte | ~string](data B) (*Program, error) {
	return NewProgramWithFormat(ProgramAuto, []byte(data))
}

// NewProgramWithFormat is [NewProgram] for bytes whose form is known.
func NewProgramWithFormat(format ProgramFormat, data []byte) (*Program, error) {
	// A pointer to memory that holds nothing: the library tells it from no pointer at all.
	var at = unsafe.Pointer(unsafe.StringData(" "))
	if len(data) > 0 {
		at = unsafe.Pointer(&data[0])
	}
	var raw *C.pje_program
	if err := result(C.pje_program_from_bytes(C.pje_program_format(format), at, C.size_t(len(data)), &raw)); err != nil {
		return nil, err
	}
	return newProgram(raw), nil
}

// LoadProgram reads a program's file, whatever its form.
func LoadProgram(path string) (*Program, error) {
	text := C.CString(path)
	defer C.free(unsafe.Pointer(text))
	var raw *C.pje_program
	if err := result(C.pje_program_from_file(text, &raw)); err != nil {
		return nil, err
	}
	return newProgram(raw), nil
}

// Format is the form that was given or found out.
func (p *Program) Format() ProgramFormat {
	defer runtime.KeepAlive(p)
	return ProgramFormat(C.pje_program_get_format(p.raw))
}

// Bytes is a copy of the program.
func (p *Program) Bytes() []byte {
	defer runtime.KeepAlive(p)
	return C.GoBytes(C.pje_program_data(p.raw), C.int(C.pje_program_size(p.raw)))
}

// takeBytes copies and releases bytes that a call returned.
func takeBytes(raw *C.pje_bytes) []byte {
	defer C.pje_bytes_release(raw)
	return C.GoBytes(C.pje_bytes_data(raw), C.int(C.pje_bytes_size(raw)))
}
