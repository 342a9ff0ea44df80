#include "pjrt_easy/program.h"

#include "capi/guard.hpp"
#include "core/program.hpp"

using pje::Program;
using pje::Ref;
using pje::Status;
using pje::capi::answered;
using pje::capi::clearing;
using pje::capi::guarded;

extern "C" {

PJE_RETAIN_RELEASE(Program, pje_program)

pje_error *pje_program_from_bytes(pje_program_format format, const void *data, size_t size,
                                  pje_program **out) noexcept {
  return guarded("pje_program_from_bytes", clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_NOT_NULL(data);
    PJE_ASSIGN(Ref<Program> program,
               Program::from_bytes(format, std::string(static_cast<const char *>(data), size)));
    *out = std::move(program).to_public();
    return {};
  });
}

pje_error *pje_program_from_file(const char *path, pje_program **out) noexcept {
  return guarded("pje_program_from_file", clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_NOT_NULL(path);
    PJE_ASSIGN(Ref<Program> program, Program::from_file(path));
    *out = std::move(program).to_public();
    return {};
  });
}

pje_program_format pje_program_get_format(const pje_program *program) noexcept {
  return answered<Program>("pje_program_get_format", "program", program, PJE_PROGRAM_AUTO,
                           [](Program &p) { return p.format(); });
}

const void *pje_program_data(const pje_program *program) noexcept {
  return answered<Program>("pje_program_data", "program", program, static_cast<const void *>(nullptr),
                           [](Program &p) { return static_cast<const void *>(p.code().data()); });
}

size_t pje_program_size(const pje_program *program) noexcept {
  return answered<Program>("pje_program_size", "program", program, size_t{0},
                           [](Program &p) { return p.code().size(); });
}

}  // extern "C"
