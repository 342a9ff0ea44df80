// .npy files: those NumPy writes, and those nobody should.
#include "io/npy.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <cstring>
#include <thread>

#include "host_support.hpp"
#include "io/npy_header.hpp"

namespace {

using host_test::contents_of;
using host_test::expect_failure;
using host_test::expect_ok;
using host_test::expect_refused;
using host_test::TempFolder;
using pje::Array;
using pje::Ref;
using Owned = host_test::Owned<pje_array>;

// A file as NumPy lays it out, but with any text as the header.
std::string npy(const std::string &header, const std::string &data, int version = 1) {
  std::string text = header + '\n';
  std::string file = "\x93NUMPY";
  file += static_cast<char>(version);
  file += '\0';
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i) file += static_cast<char>(text.size() >> (8 * i) & 0xFF);
  return file + text + data;
}

std::string header_of(const std::string &descr, const std::string &shape, const char *fortran = "False") {
  return "{'descr': '" + descr + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }";
}

pje::Result<Ref<Array>> parse(const std::string &file) {
  return pje::load_npy("x.npy", std::as_bytes(std::span(file)));
}

std::string type_of(const std::string &header, size_t size) {
  auto array = parse(npy(header, std::string(size, '\1')));
  return array.ok() ? array.value()->type()->text() : std::move(array).status().error()->message();
}

TEST(Npy, ElementTypesOfNumPyAndMlDtypes) {
  struct Case {
    const char *descr;
    size_t size;
    const char *type;
  };
  const std::array cases = {
      Case{"|b1", 1, "pred[1]"},
      Case{"|i1", 1, "s8[1]"},
      Case{"<i2", 2, "s16[1]"},
      Case{"<i4", 4, "s32[1]"},
      Case{"<i8", 8, "s64[1]"},
      Case{"|u1", 1, "u8[1]"},
      Case{"<u2", 2, "u16[1]"},
      Case{"<u4", 4, "u32[1]"},
      Case{"<u8", 8, "u64[1]"},
      Case{"<f2", 2, "f16[1]"},
      Case{"<f4", 4, "f32[1]"},
      Case{"<f8", 8, "f64[1]"},
      Case{"<c8", 8, "c64[1]"},
      Case{"<c16", 16, "c128[1]"},
      Case{"<V2", 2, "bf16[1]"},
      Case{"<V1", 1, "u8[1]"},
      Case{"|V1", 1, "u8[1]"},
      Case{"<f1", 1, "f8e5m2[1]"},
      Case{"=f4", 4, "f32[1]"},
      Case{"f4", 4, "f32[1]"},
      Case{"i4", 4, "s32[1]"},
      Case{">i1", 1, "s8[1]"},
      Case{"bfloat16", 2, "bf16[1]"},
      Case{"float8_e4m3fn", 1, "f8e4m3fn[1]"},
      Case{"int4", 1, "s4[1]"},
      Case{"float8_e4m3b11fnuz", 1, "f8e4m3b11fnuz[1]"},
      Case{"float4_e2m1fn", 1, "f4e2m1fn[1]"},
  };
  for (const Case &c : cases) EXPECT_EQ(type_of(header_of(c.descr, "(1,)"), c.size), c.type) << c.descr;
}

TEST(Npy, ElementTypesThatCannotBeRead) {
  struct Case {
    std::string header;
    const char *text;
  };
  const std::array cases = {
      Case{header_of(">f4", "(1,)"), "'>f4' is big-endian: expected little-endian"},
      Case{header_of(">c16", "(1,)"), "big-endian"},
      Case{header_of("|O", "(1,)"), "'|O' holds Python objects"},
      Case{header_of("<U3", "(1,)"), "'<U3' is not supported"},
      Case{header_of("|S4", "(1,)"), "not supported"},
      Case{header_of("<M8[ns]", "(1,)"), "not supported"},
      Case{header_of("<f16", "(1,)"), "not supported"},
      Case{header_of("<V4", "(1,)"), "not supported"},
      Case{header_of("s4", "(1,)"), "not supported"},
      Case{header_of("token", "(1,)"), "not supported"},
      Case{header_of("", "(1,)"), "not supported"},
      Case{"{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", "is structured"},
  };
  for (const Case &c : cases) {
    expect_failure(parse(npy(c.header, "abcd")).status(), PJE_INVALID_ARGUMENT, c.text);
    expect_failure(parse(npy(c.header, "abcd")).status(), PJE_INVALID_ARGUMENT, "x.npy: ");
  }
}

TEST(Npy, ShapesInTheFormsThatNumPyHasWritten) {
  EXPECT_EQ(type_of(header_of("<f4", "()"), 4), "f32[]");
  EXPECT_EQ(type_of(header_of("<f4", "(2,)"), 8), "f32[2]");
  EXPECT_EQ(type_of(header_of("<f4", "(2, 3)"), 24), "f32[2,3]");
  EXPECT_EQ(type_of(header_of("<f4", "(2L, 0L, 3L)"), 0), "f32[2,0,3]");
  EXPECT_EQ(type_of("{\"shape\":(2,3,),\"fortran_order\":False,\"descr\":\"<f4\"}", 24), "f32[2,3]");
  EXPECT_EQ(type_of("  {'shape' : ( 1 , ) , 'descr' : '|u1','fortran_order':  False }   ", 1), "u8[1]");
}

TEST(Npy, MalformedHeaders) {
  const std::array<std::string, 20> headers = {
      "",
      "{}",
      "{",
      "[]",
      "{'descr': '<f4'}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x",
      "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': [1]}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': 1}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1 2)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775808,)}",
      "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}",
      "{'descr': 4, 'fortran_order': False, 'shape': (1,)}",
      "{'descr': '<f4', 'fortran_order: False, 'shape': (1,)}",
      "{'descr': '\\x3cf4', 'fortran_order': False, 'shape': (1,)}",
  };
  for (const std::string &header : headers) {
    auto array = parse(npy(header, "abcd"));
    ASSERT_FALSE(array.ok()) << header;
    expect_failure(std::move(array).status(), PJE_INVALID_ARGUMENT, "x.npy: malformed header: ");
  }
  std::string many = "(";
  for (int i = 0; i < 65; ++i) many += "1,";
  expect_failure(parse(npy(header_of("<f4", many + ")"), "abcd")).status(), PJE_INVALID_ARGUMENT,
                 "more than 64 dimensions");
}

TEST(Npy, SizesThatOverflow) {
  for (const char *shape :
       {"(4294967296, 4294967296)", "(4611686018427387904,)", "(0, 4294967296, 4294967296)"})
    expect_failure(parse(npy(header_of("<f4", shape), "abcd")).status(), PJE_INVALID_ARGUMENT,
                   "overflows 63 bits");
}

TEST(Npy, VersionsAndPreamble) {
  for (int version : {1, 2, 3}) {
    auto array = parse(npy(header_of("<i4", "(1,)"), std::string("\7\0\0\0", 4), version));
    ASSERT_TRUE(array.ok()) << version;
    EXPECT_EQ(*static_cast<const int32_t *>(array.value()->data()), 7);
  }
  expect_failure(parse(npy("{}", "", 4)).status(), PJE_INVALID_ARGUMENT,
                 "format version 4.0: expected 1, 2 or 3");
  expect_failure(parse("").status(), PJE_INVALID_ARGUMENT, "not a .npy file");
  expect_failure(parse("PK\3\4 a zip archive").status(), PJE_INVALID_ARGUMENT, "not a .npy file");
  expect_failure(parse(std::string("\x93NUMPY\2\0\xFF\xFF\xFF\xFF", 12)).status(), PJE_INVALID_ARGUMENT,
                 "the header has 4294967295 bytes");
}

TEST(Npy, EveryTruncationIsRefusedAndSoIsMore) {
  for (int version : {1, 2}) {
    std::string whole = npy(header_of("<f4", "(3,)"), std::string(12, 'd'), version);
    for (size_t size = 0; size < whole.size(); ++size)
      ASSERT_FALSE(parse(whole.substr(0, size)).ok()) << size;
    EXPECT_TRUE(parse(whole).ok());
    expect_failure(parse(whole.substr(0, whole.size() - 1)).status(), PJE_INVALID_ARGUMENT,
                   "x.npy: 11 bytes of data: expected 12 for f32[3]");
    expect_failure(parse(whole + "x").status(), PJE_INVALID_ARGUMENT, "13 bytes of data: expected 12");
  }
}

TEST(Npy, FortranOrderIsTurned) {
  // [[0,1,2],[3,4,5]] column by column.
  std::string data;
  for (int value : {0, 3, 1, 4, 2, 5}) data += static_cast<char>(value);
  auto array = parse(npy(header_of("|u1", "(2, 3)", "True"), data));
  ASSERT_TRUE(array.ok());
  EXPECT_EQ(array.value()->type()->text(), "u8[2,3]");
  const auto *values = static_cast<const unsigned char *>(array.value()->data());
  for (int i = 0; i < 6; ++i) EXPECT_EQ(values[i], i);
  EXPECT_TRUE(parse(npy(header_of("|u1", "(6,)", "True"), data)).ok());
  EXPECT_TRUE(parse(npy(header_of("|u1", "(6, 0)", "True"), "")).ok());
}

TEST(Npy, HeadersWrittenAreNumPysOwn) {
  struct Case {
    pje_dtype dtype;
    const char *descr;
  };
  const std::array cases = {
      Case{PJE_PRED, "|b1"},  Case{PJE_S8, "|i1"},       Case{PJE_U8, "|u1"},     Case{PJE_S64, "<i8"},
      Case{PJE_U16, "<u2"},   Case{PJE_F16, "<f2"},      Case{PJE_F32, "<f4"},    Case{PJE_C64, "<c8"},
      Case{PJE_C128, "<c16"}, Case{PJE_BF16, "<u2"},     Case{PJE_F8E5M2, "|u1"}, Case{PJE_S4, "|u1"},
      Case{PJE_U1, "|u1"},    Case{PJE_F6E2M3FN, "|u1"},
  };
  const std::array<int64_t, 2> dims = {2, 3};
  for (const Case &c : cases) {
    auto type = pje::intern_array_type(c.dtype, dims.data(), dims.size());
    ASSERT_TRUE(type.ok());
    std::string header = pje::make_npy_header(*type.value());
    EXPECT_EQ(header.size() % 64, 0U);
    EXPECT_EQ(header.back(), '\n');
    std::string wanted =
        "{'descr': '" + std::string(c.descr) + "', 'fortran_order': False, 'shape': (2, 3), }";
    EXPECT_EQ(header.substr(10, wanted.size()), wanted);
  }
  for (const auto &[rank, text] : {std::pair<size_t, const char *>{0, "()"}, {1, "(2,)"}, {2, "(2, 3)"}}) {
    auto type = pje::intern_array_type(PJE_F32, dims.data(), rank);
    EXPECT_NE(pje::make_npy_header(*type.value()).find(text), std::string::npos) << text;
  }
}

TEST(Npy, SavedFilesComeBack) {
  TempFolder folder;
  std::string path = folder.file("a.npy");
  const std::array<int64_t, 2> dims = {2, 3};
  pje_array *made = nullptr;
  expect_ok(pje_array_create(PJE_F64, dims.data(), 2, &made));
  Owned array(made);
  auto *values = static_cast<double *>(pje_array_data(made));
  for (int i = 0; i < 6; ++i) values[i] = i / 3.0;
  expect_ok(pje_array_save_npy(made, path.c_str()));
  expect_ok(pje_array_save_npy(made, path.c_str()));
  EXPECT_EQ(folder.names(), std::vector<std::string>{"a.npy"});
  pje_array *read = nullptr;
  expect_ok(pje_array_load_npy(path.c_str(), &read));
  Owned back(read);
  EXPECT_EQ(pje_array_dtype(read), PJE_F64);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(pje_array_data(read)) % 64, 0U);
  EXPECT_EQ(std::memcmp(pje_array_data(read), values, 48), 0);
}

TEST(Npy, LoadsFromAPipe) {
  TempFolder folder;
  std::string path = folder.file("pipe.npy");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  for (const char *extra : {"", "x"}) {
    std::string file = npy(header_of("<i4", "(1000,)"), std::string(4000, '\1') + extra);
    std::thread writer([&] { std::ofstream(path, std::ios::binary) << file; });
    auto array = pje::load_npy(path);
    writer.join();
    EXPECT_EQ(array.ok(), *extra == '\0');
    if (!array.ok())
      expect_failure(std::move(array).status(), PJE_INVALID_ARGUMENT, "more than 4000 bytes of data");
  }
}

TEST(Npy, CallsNameTheFile) {
  TempFolder folder;
  pje_array *array = nullptr;
  expect_refused(pje_array_load_npy(folder.file("no.npy").c_str(), &array), PJE_NOT_FOUND,
                 "pje_array_load_npy", "/no.npy: No such file or directory");
  expect_refused(pje_array_load_npy(folder.write("t.npy", "text").c_str(), &array), PJE_INVALID_ARGUMENT,
                 "pje_array_load_npy", "/t.npy: not a .npy file");
  expect_refused(pje_array_load_npy(nullptr, &array), PJE_INVALID_ARGUMENT, "pje_array_load_npy", "\"path\"");
  // Asks for 4 EiB: refused by the file's length, before memory is taken.
  std::string huge = folder.write("h.npy", npy(header_of("<f4", "(1152921504606846976,)"), "abcd"));
  expect_refused(pje_array_load_npy(huge.c_str(), &array), PJE_INVALID_ARGUMENT, "pje_array_load_npy",
                 "4 bytes of data: expected 4611686018427387904");
  expect_ok(pje_array_create(PJE_F32, nullptr, 0, &array));
  Owned owned(array);
  expect_refused(pje_array_save_npy(array, folder.file("no/a.npy").c_str()), PJE_NOT_FOUND,
                 "pje_array_save_npy", "/no/a.npy: No such file or directory");
  expect_refused(pje_array_save_npy(array, nullptr), PJE_INVALID_ARGUMENT, "pje_array_save_npy", "\"path\"");
  expect_refused(pje_array_save_npy(nullptr, "a.npy"), PJE_INVALID_ARGUMENT, "pje_array_save_npy",
                 "\"array\"");
}

// Saving what was loaded gives NumPy's own file back, byte by byte.
TEST(Npy, FilesWrittenByNumPyAreReproduced) {
  TempFolder folder;
  size_t files = 0;
  for (const auto &entry : std::filesystem::recursive_directory_iterator(host_test::kPrograms)) {
    if (entry.path().extension() != ".npy") continue;
    auto array = pje::load_npy(entry.path().string());
    ASSERT_TRUE(array.ok()) << entry.path();
    std::string copy = folder.file("copy.npy");
    ASSERT_TRUE(pje::save_npy(*array.value(), copy).ok());
    EXPECT_TRUE(contents_of(copy) == contents_of(entry.path().string())) << entry.path();
    ++files;
  }
  EXPECT_GT(files, 300U);
}

}  // namespace
