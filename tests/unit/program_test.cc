// Programs and how their format is found.
#include "core/program.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>

#include "host_support.hpp"

namespace {

using host_test::contents_of;
using host_test::expect_failure;
using host_test::expect_ok;
using host_test::expect_refused;
using host_test::kPrograms;
using host_test::TempFolder;
using pje::detect_program_format;
using pje::Program;
using Owned = host_test::Owned<pje_program>;
namespace fs = std::filesystem;

pje::Status refusal(std::string code, pje_program_format format = PJE_PROGRAM_AUTO) {
  return Program::from_bytes(format, std::move(code)).status();
}

bool is_bad(const fs::path &path) { return path.parent_path().filename().string().starts_with("bad_"); }

std::vector<fs::path> files_named(const std::string &name) {
  std::vector<fs::path> found;
  for (const auto &entry : fs::recursive_directory_iterator(kPrograms))
    if (entry.path().filename() == name && !is_bad(entry.path())) found.push_back(entry.path());
  return found;
}

TEST(Program, EveryFormOfEveryProgramIsTold) {
  struct Form {
    const char *file;
    pje_program_format format;
    const char *pjrt_format;
    size_t at_least;
  };
  const std::array forms = {
      Form{"program.mlir", PJE_PROGRAM_MLIR, "mlir", 50},
      Form{"program.mlirbc", PJE_PROGRAM_MLIR, "mlir", 50},
      Form{"program.hlo.pb", PJE_PROGRAM_HLO, "hlo", 50},
      Form{"generic.mlir", PJE_PROGRAM_MLIR, "mlir", 1},
  };
  for (const Form &form : forms) {
    auto files = files_named(form.file);
    EXPECT_GE(files.size(), form.at_least) << form.file;
    for (const fs::path &path : files) {
      auto program = Program::from_file(path.string());
      ASSERT_TRUE(program.ok()) << std::move(program).status().error()->message();
      EXPECT_EQ(program.value()->format(), form.format) << path;
      EXPECT_EQ(program.value()->pjrt_format(), form.pjrt_format) << path;
      EXPECT_TRUE(program.value()->code() == contents_of(path.string())) << path;
    }
  }
}

std::string length_prefixed(char tag, std::string_view bytes) {
  std::string out(1, tag);
  for (size_t size = bytes.size();; size >>= 7) {
    out += static_cast<char>(size < 0x80 ? size : (size & 0x7F) | 0x80);
    if (size < 0x80) break;
  }
  return out.append(bytes);
}

TEST(Program, HloWithConfigIsToldByTheModuleInside) {
  for (const fs::path &path : files_named("program.hlo.pb")) {
    std::string module = length_prefixed('\x0A', contents_of(path.string()));
    EXPECT_EQ(detect_program_format(module), PJE_PROGRAM_HLO_WITH_CONFIG) << path;
    auto program = Program::from_bytes(PJE_PROGRAM_AUTO, module + length_prefixed('\x12', "\x10\x01"));
    ASSERT_TRUE(program.ok()) << path;
    EXPECT_EQ(program.value()->pjrt_format(), "hlo_with_config");
  }
}

TEST(Program, TextWithOddCharactersIsStillText) {
  EXPECT_EQ(detect_program_format("\nmodule {}\n"), PJE_PROGRAM_MLIR);
  EXPECT_EQ(detect_program_format("\r\n\t// \xC3\xBC\nmodule {}"), PJE_PROGRAM_MLIR);
  EXPECT_EQ(detect_program_format("// bell \x07\nmodule {}"), PJE_PROGRAM_MLIR);
}

TEST(Program, WhatCannotBeAProgramIsRefused) {
  auto bytes_of = [](const char *name) { return contents_of(kPrograms + "/" + name); };
  expect_failure(refusal(""), PJE_INVALID_ARGUMENT, "the program is empty");
  expect_failure(refusal(bytes_of("bad_text_nul/program.mlir")), PJE_INVALID_ARGUMENT, "NUL byte at offset");
  expect_failure(refusal(bytes_of("bad_bc_magic/program.mlirbc")), PJE_INVALID_ARGUMENT, "neither MLIR text");
  expect_failure(refusal(bytes_of("bad_bc_truncated/program.mlirbc")), PJE_INVALID_ARGUMENT, "cut short");
  expect_failure(refusal(bytes_of("bad_hlo_truncated/program.hlo.pb")), PJE_INVALID_ARGUMENT,
                 "nor a whole HLO proto");
  expect_failure(refusal("module", static_cast<pje_program_format>(4)), PJE_INVALID_ARGUMENT,
                 "argument \"format\" is 4");
  expect_failure(refusal(std::string("mod\0ule", 7), PJE_PROGRAM_MLIR), PJE_INVALID_ARGUMENT,
                 "NUL byte at offset 3");
  expect_failure(refusal("\xFF\xFE\x00", PJE_PROGRAM_AUTO), PJE_INVALID_ARGUMENT, "neither");
}

TEST(Program, WhatOnlyAPluginCanJudgeIsPassedOn) {
  for (const char *name : {"bad_syntax", "bad_type", "bad_unknown_op", "bad_no_main", "bad_dynamic"})
    EXPECT_TRUE(Program::from_file(kPrograms + "/" + name + "/program.mlir").ok()) << name;
  EXPECT_TRUE(Program::from_file(kPrograms + "/bad_bc_version/program.mlirbc").ok());
  EXPECT_TRUE(Program::from_bytes(PJE_PROGRAM_HLO, "anything").ok());
  EXPECT_TRUE(Program::from_bytes(PJE_PROGRAM_HLO_WITH_CONFIG, "anything").ok());
}

TEST(Program, NoTruncationOfBytecodeOrHloIsTakenForWhole) {
  std::string bytecode = contents_of(kPrograms + "/add1_f32/program.mlirbc");
  // The first two bytes alone are letters, which is text. Sections above number 4 are in some programs only,
  // so bytes that end in front of one may be whole.
  size_t refused = 0;
  for (size_t size = 3; size < bytecode.size(); ++size) {
    bool accepted = Program::from_bytes(PJE_PROGRAM_AUTO, bytecode.substr(0, size)).ok();
    refused += accepted ? 0 : 1;
    EXPECT_TRUE(!accepted || (static_cast<unsigned char>(bytecode[size]) & 0x7F) > 4) << size;
  }
  EXPECT_GT(refused, bytecode.size() - 10);
  std::string hlo = contents_of(kPrograms + "/add1_f32/program.hlo.pb");
  for (size_t size = 0; size < hlo.size(); ++size) (void)detect_program_format(hlo.substr(0, size));
  EXPECT_EQ(detect_program_format(hlo.substr(0, hlo.size() / 2)), PJE_PROGRAM_AUTO);
}

TEST(ProgramApi, BytesAndAccessors) {
  const std::string text = "module {}";
  pje_program *made = nullptr;
  expect_ok(pje_program_from_bytes(PJE_PROGRAM_AUTO, text.data(), text.size(), &made));
  Owned program(made);
  EXPECT_EQ(pje_program_get_format(made), PJE_PROGRAM_MLIR);
  ASSERT_EQ(pje_program_size(made), text.size());
  EXPECT_NE(pje_program_data(made), text.data());
  EXPECT_EQ(std::string(static_cast<const char *>(pje_program_data(made)), text.size()), text);
  expect_refused(pje_program_from_bytes(PJE_PROGRAM_AUTO, nullptr, 3, &made), PJE_INVALID_ARGUMENT,
                 "pje_program_from_bytes", "\"data\" is NULL");
  EXPECT_EQ(made, nullptr);
  expect_refused(pje_program_from_bytes(PJE_PROGRAM_AUTO, "m", 1, nullptr), PJE_INVALID_ARGUMENT,
                 "pje_program_from_bytes", "\"out\" is NULL");
}

TEST(ProgramApi, FilesThatCannotBeRead) {
  TempFolder folder;
  pje_program *program = nullptr;
  expect_refused(pje_program_from_file(folder.file("no.mlir").c_str(), &program), PJE_NOT_FOUND,
                 "pje_program_from_file", "/no.mlir: No such file or directory");
  expect_refused(pje_program_from_file(folder.file("").c_str(), &program), PJE_INVALID_ARGUMENT,
                 "pje_program_from_file", "Is a directory");
  expect_refused(pje_program_from_file((kPrograms + "/bad_empty/program.mlir").c_str(), &program),
                 PJE_INVALID_ARGUMENT, "pje_program_from_file", "program.mlir: the program is empty");
  expect_refused(pje_program_from_file(nullptr, &program), PJE_INVALID_ARGUMENT, "pje_program_from_file",
                 "\"path\" is NULL");
}

}  // namespace
