// Package floor runs the loops that the package pjrt is measured against, wholly in C.
package floor

// #cgo pkg-config: pjrt_easy
// #include <pjrt_easy.h>
//
// static pje_code execute(pje_loaded_executable *executable, pje_buffer *argument, size_t n) {
//   for (; n > 0; --n) {
//     pje_buffer *output = NULL;
//     pje_error *error = pje_loaded_executable_execute(executable, &argument, 1, NULL, &output, 1);
//     if (error != NULL) {
//       pje_code code = pje_error_code(error);
//       pje_error_release(error);
//       return code;
//     }
//     pje_buffer_release(output);
//   }
//   return PJE_OK;
// }
import "C"

import "unsafe"

// Execute runs an executable with one argument and one output n times, and gives a code of the library.
func Execute(executable, argument unsafe.Pointer, n int) int {
	return int(C.execute((*C.pje_loaded_executable)(executable), (*C.pje_buffer)(argument), C.size_t(n)))
}
