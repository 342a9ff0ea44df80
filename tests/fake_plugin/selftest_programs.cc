// Runs the exported programs that the interpreter covers and compares with their expected outputs.
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

#include "selftest.hpp"

namespace fake_test {
namespace {

struct Port {
  std::string dtype;
  std::vector<int64_t> dims;
  std::string file;
  double rtol = 0;
  double atol = 0;
  std::string FileOf(size_t device) const {
    size_t mark = file.find("%d");
    return mark == std::string::npos ? file : std::string(file).replace(mark, 2, std::to_string(device));
  }
};

struct Meta {
  int replicas = 1;
  std::vector<Port> inputs;
  std::vector<Port> outputs;
};

std::string ReadFile(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The data after the header of a version 1 or 2 file.
std::string ReadNpy(const std::string &path) {
  std::string bytes = ReadFile(path);
  size_t header = 0;
  for (size_t i = 0; i < (bytes.at(6) == 1 ? 2U : 4U); ++i)
    header |= static_cast<size_t>(static_cast<uint8_t>(bytes.at(8 + i))) << (8 * i);
  return bytes.substr((bytes.at(6) == 1 ? 10 : 12) + header);
}

Port ReadPort(std::istringstream *words) {
  Port port;
  std::string dims;
  int index = 0;
  *words >> index >> port.dtype >> dims >> port.file;
  std::istringstream list(dims);
  for (std::string dim; dims != "scalar" && std::getline(list, dim, ',');)
    port.dims.push_back(std::stoll(dim));
  for (std::string word; *words >> word;) {
    if (word.rfind("rtol=", 0) == 0) port.rtol = std::stod(word.substr(5));
    if (word.rfind("atol=", 0) == 0) port.atol = std::stod(word.substr(5));
  }
  return port;
}

Meta ReadMeta(const std::string &folder) {
  Meta meta;
  std::istringstream lines(ReadFile(folder + "/meta.txt"));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string key;
    words >> key;
    if (key == "replicas") words >> meta.replicas;
    if (key == "in") meta.inputs.push_back(ReadPort(&words));
    if (key == "out") meta.outputs.push_back(ReadPort(&words));
  }
  return meta;
}

PJRT_Buffer_Type TypeOf(const std::string &dtype) {
  static const std::map<std::string, PJRT_Buffer_Type> kTypes = {
      {"pred", PJRT_Buffer_Type_PRED},
      {"s2", PJRT_Buffer_Type_S2},
      {"s4", PJRT_Buffer_Type_S4},
      {"s8", PJRT_Buffer_Type_S8},
      {"s16", PJRT_Buffer_Type_S16},
      {"s32", PJRT_Buffer_Type_S32},
      {"s64", PJRT_Buffer_Type_S64},
      {"u2", PJRT_Buffer_Type_U2},
      {"u4", PJRT_Buffer_Type_U4},
      {"u8", PJRT_Buffer_Type_U8},
      {"u16", PJRT_Buffer_Type_U16},
      {"u32", PJRT_Buffer_Type_U32},
      {"u64", PJRT_Buffer_Type_U64},
      {"f16", PJRT_Buffer_Type_F16},
      {"bf16", PJRT_Buffer_Type_BF16},
      {"f32", PJRT_Buffer_Type_F32},
      {"f64", PJRT_Buffer_Type_F64},
      {"c64", PJRT_Buffer_Type_C64},
      {"c128", PJRT_Buffer_Type_C128},
      {"f8e5m2", PJRT_Buffer_Type_F8E5M2},
      {"f8e4m3fn", PJRT_Buffer_Type_F8E4M3FN},
      {"f8e4m3b11fnuz", PJRT_Buffer_Type_F8E4M3B11FNUZ},
      {"f8e5m2fnuz", PJRT_Buffer_Type_F8E5M2FNUZ},
      {"f8e4m3fnuz", PJRT_Buffer_Type_F8E4M3FNUZ},
      {"f8e4m3", PJRT_Buffer_Type_F8E4M3},
      {"f8e3m4", PJRT_Buffer_Type_F8E3M4},
      {"f8e8m0fnu", PJRT_Buffer_Type_F8E8M0FNU},
      {"f4e2m1fn", PJRT_Buffer_Type_F4E2M1FN}};
  return kTypes.at(dtype);
}

template <class T>
void CompareAs(const std::string &got, const std::string &want, const Port &port) {
  for (size_t i = 0; i * sizeof(T) < want.size(); ++i) {
    T a;
    T b;
    memcpy(&a, got.data() + i * sizeof(T), sizeof(T));
    memcpy(&b, want.data() + i * sizeof(T), sizeof(T));
    double wanted = static_cast<double>(b);
    ASSERT_LE(std::fabs(static_cast<double>(a) - wanted), port.atol + port.rtol * std::fabs(wanted))
        << "element " << i;
  }
}

// A bf16 is the upper half of an f32.
std::string WidenBf16(const std::string &bytes) {
  std::string wide;
  for (size_t i = 0; i + 1 < bytes.size(); i += 2) wide += std::string(2, '\0') + bytes.substr(i, 2);
  return wide;
}

void Compare(const std::string &got, const std::string &want, const Port &port) {
  ASSERT_EQ(got.size(), want.size());
  if (port.dtype == "f32" || port.dtype == "c64") return CompareAs<float>(got, want, port);
  if (port.dtype == "f64" || port.dtype == "c128") return CompareAs<double>(got, want, port);
  if (port.dtype == "bf16") return CompareAs<float>(WidenBf16(got), WidenBf16(want), port);
  if (port.dtype == "f16") return CompareAs<_Float16>(got, want, port);
  // Everything narrower is compared bit by bit: rounding leaves no room for a tolerance.
  EXPECT_EQ(got, want);
}

class Programs : public ::testing::TestWithParam<const char *> {};

TEST_P(Programs, GiveTheExpectedOutputs) {
  std::string folder = std::string(FAKE_PROGRAMS_DIR) + "/" + GetParam();
  Meta meta = ReadMeta(folder);
  Session session(Load());
  PJRT_LoadedExecutable *executable = nullptr;
  Outcome compiled =
      session.Compile(ReadFile(folder + "/program.mlir"), ReplicaOptions(meta.replicas), &executable);
  ASSERT_TRUE(compiled.ok()) << compiled.message;
  size_t replicas = static_cast<size_t>(meta.replicas);
  std::vector<std::vector<PJRT_Buffer *>> arguments(replicas);
  std::vector<std::vector<PJRT_Buffer *>> outputs;
  for (size_t device = 0; device < replicas; ++device) {
    for (const Port &port : meta.inputs) {
      std::string data = ReadNpy(folder + "/" + port.FileOf(device));
      arguments[device].push_back(
          session.Upload(TypeOf(port.dtype), port.dims, data.data(), session.devices[device]));
    }
  }
  EXPECT_CALL_OK(session.Execute(executable, arguments, &outputs));
  for (size_t device = 0; device < replicas; ++device) {
    ASSERT_EQ(outputs[device].size(), meta.outputs.size());
    for (size_t i = 0; i < meta.outputs.size(); ++i) {
      std::string got;
      EXPECT_CALL_OK(session.Download(outputs[device][i], &got));
      Compare(got, ReadNpy(folder + "/" + meta.outputs[i].FileOf(device)), meta.outputs[i]);
      session.Destroy(outputs[device][i]);
    }
    for (PJRT_Buffer *argument : arguments[device]) session.Destroy(argument);
  }
  session.Destroy(executable);
}

INSTANTIATE_TEST_SUITE_P(
    Exported, Programs,
    ::testing::Values("add1_f32", "alias_output", "buffer_donor", "dtype_bf16", "dtype_c128", "dtype_c64",
                      "dtype_f16", "dtype_f32", "dtype_f4e2m1fn", "dtype_f64", "dtype_f8e3m4", "dtype_f8e4m3",
                      "dtype_f8e4m3b11fnuz", "dtype_f8e4m3fn", "dtype_f8e4m3fnuz", "dtype_f8e5m2",
                      "dtype_f8e5m2fnuz", "dtype_f8e8m0fnu", "dtype_pred", "dtype_s16", "dtype_s2",
                      "dtype_s32", "dtype_s4", "dtype_s64", "dtype_s8", "dtype_u16", "dtype_u2", "dtype_u32",
                      "dtype_u4", "dtype_u64", "dtype_u8", "many_args", "matmul_bf16", "matmul_f16",
                      "matmul_f32", "mlp_mnist", "multi_out", "newest_add", "no_args", "no_outputs",
                      "replica_all_reduce", "scalar_mul", "train_step_sgd", "transpose_layouts",
                      "tuple_result", "while_matmul", "zero_size"),
    [](const ::testing::TestParamInfo<const char *> &chosen) { return std::string(chosen.param); });

}  // namespace
}  // namespace fake_test
