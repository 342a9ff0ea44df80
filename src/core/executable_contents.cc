// What an executable holds: its optimized program, costs, options, and its bytes.

#include "base/text.hpp"
#include "core/executable.hpp"
#include "core/facts.hpp"
#include "core/named_values_abi.hpp"
#include "core/serialized_executable.hpp"

namespace pje {

namespace {

constexpr const char *kOptimizedProgram = "PJRT_Executable_OptimizedProgram";

// Copies bytes that the plugin holds, and gives them back also when there is no memory for the copy.
template <class Holder>
Result<std::string> take_bytes(const char *function, const char *bytes, size_t size, Holder *holder,
                               void (*deleter)(Holder *)) {
  if (bytes == nullptr || deleter == nullptr)
    return failure_of(function, PJE_INTERNAL, "the plugin answered OK without bytes");
  struct GiveBack {
    Holder *holder;
    void (*deleter)(Holder *);
    ~GiveBack() { deleter(holder); }
  } give_back{holder, deleter};
  return std::string(bytes, size);
}

Status format_of(std::string_view name, pje_program_format *format) {
  for (auto known : {PJE_PROGRAM_MLIR, PJE_PROGRAM_HLO, PJE_PROGRAM_HLO_WITH_CONFIG}) {
    *format = known;
    if (Program::pjrt_format_of(known) == name) return {};
  }
  return failure_of(kOptimizedProgram, PJE_UNIMPLEMENTED,
                    concat("the program has the unknown format \"", name, "\""));
}

}  // namespace

Result<Ref<Program>> Executable::optimized_program() const {
  PJE_TRY(check_usable());
  auto program = api().sized<PJRT_Program>();
  auto args = abi::zeroed<PJRT_Executable_OptimizedProgram_Args>();
  args.executable = raw_;
  args.program = &program;
  PJE_TRY(api().call(args));
  std::string code(program.code_size, '\0');
  pje_program_format format{};
  PJE_TRY(format_of(std::string_view(program.format, program.format_size), &format));
  program.code = code.data();
  PJE_TRY(api().call(args));
  if (code.empty())
    return failure_of(kOptimizedProgram, PJE_INTERNAL, "the plugin answered OK without a program");
  return Program::from_bytes(format, std::move(code));
}

Result<Ref<NamedValues>> Executable::cost_analysis() const {
  PJE_TRY(check_usable());
  auto args = abi::zeroed<PJRT_Executable_GetCostAnalysis_Args>();
  args.executable = raw_;
  PJE_TRY(api().call(args));
  Ref<NamedValues> values = named_values_from(args.properties, args.num_properties);
  values->lock();
  return values;
}

Result<Ref<NamedValues>> Executable::memory_stats() const {
  PJE_TRY(check_usable());
  auto args = abi::zeroed<PJRT_Executable_GetCompiledMemoryStats_Args>();
  args.executable = raw_;
  PJE_TRY(api().call(args));
  Ref<NamedValues> values = make<NamedValues>();
#define PJE_FIGURE(name, member, since) \
  if (api().minor() >= (since)) PJE_TRY(values->set(name, args.member));
#include "core/executable_figures.def"
#undef PJE_FIGURE
  values->lock();
  return values;
}

Result<Ref<CompileOptions>> Executable::compile_options() const {
  PJE_TRY(check_usable());
  auto args = abi::zeroed<PJRT_Executable_GetCompileOptions_Args>();
  args.executable = raw_;
  PJE_TRY(api().call(args));
  PJE_ASSIGN(std::string bytes, take_bytes("PJRT_Executable_GetCompileOptions", args.serialized_bytes,
                                           args.serialized_bytes_size, args.serialized_compile_options,
                                           args.serialized_compile_options_deleter));
  return CompileOptions::parse(bytes);
}

Result<std::string> Executable::serialized_raw() const {
  PJE_TRY(check_usable());
  auto args = abi::zeroed<PJRT_Executable_Serialize_Args>();
  args.executable = raw_;
  PJE_TRY(api().call(args));
  return take_bytes("PJRT_Executable_Serialize", args.serialized_bytes, args.serialized_bytes_size,
                    args.serialized_executable, args.serialized_executable_deleter);
}

Result<std::string> Executable::serialized() const {
  PJE_ASSIGN(std::string payload, serialized_raw());
  SerializedInfo info = info_of_plugin(*plugin_, data_->platform_name, data_->platform_version);
  // Not every plugin has one.
  Result<std::string> fingerprint = read_fingerprint(api(), raw_);
  if (fingerprint.ok()) info.fingerprint = std::move(fingerprint).value();
  return wrap_serialized(info, payload);
}

Work<Bytes> Executable::serialize(bool raw) {
  auto run = [self = Ref<Executable>::share(this), raw]() -> Result<Ref<Bytes>> {
    PJE_ASSIGN(std::string bytes, raw ? self->serialized_raw() : self->serialized());
    return make<Bytes>(std::move(bytes));
  };
  return {Ref<Client>::share(client_), std::move(run)};
}

}  // namespace pje
