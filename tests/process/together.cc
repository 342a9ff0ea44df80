// Several plugins of different versions in one process, each used by several threads at once.
#include <array>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <thread>

#include "world.hpp"

namespace process {
namespace {

constexpr int kThreads = 3;
constexpr int kRuns = 10;

// One plugin's share: a client and a program for all of its threads.
class Guest {
 public:
  explicit Guest(const std::string &path) {
    STRESS_OK(pje_client_open(path.c_str(), nullptr, &client_));
    pje_program *program = stress::add1_program();
    executable_ = stress::compile(client_, program);
    pje_program_release(program);
  }
  Guest(const Guest &) = delete;
  Guest &operator=(const Guest &) = delete;
  ~Guest() {
    pje_loaded_executable_release(executable_);
    pje_client_release(client_);
  }
  void run(int thread) const {
    for (int i = 0; i < kRuns; ++i) {
      auto start = static_cast<float>(thread * kRuns + i);
      std::array<float, 4> values{start, start + 1, start + 2, start + 3};
      int64_t dims[1] = {4};
      pje_buffer *in = nullptr;
      pje_buffer *out = nullptr;
      STRESS_OK(pje_buffer_from_host(client_, values.data(), sizeof(values), PJE_F32, dims, 1, nullptr, &in));
      STRESS_OK(pje_loaded_executable_execute(executable_, &in, 1, nullptr, &out, 1));
      std::array<float, 4> got{};
      STRESS_OK(pje_buffer_to_host(out, got.data(), sizeof(got)));
      for (size_t k = 0; k < got.size(); ++k) STRESS_REQUIRE(got[k] == values[k] + 1);
      pje_buffer_release(in);
      pje_buffer_release(out);
    }
  }

 private:
  pje_client *client_ = nullptr;
  pje_loaded_executable *executable_ = nullptr;
};

// kPoint holds the versions, in the order in which they are loaded; each is loaded while those before it run.
bool together() {
  std::vector<std::unique_ptr<Guest>> guests;
  std::vector<std::thread> threads;
  std::istringstream versions(std::getenv(kPoint));
  for (std::string version; versions >> version;) {
    guests.push_back(std::make_unique<Guest>(version == "fake" ? fake_path() : real_path(version)));
    for (int i = 0; i < kThreads; ++i)
      threads.emplace_back([guest = guests.back().get(), i] { guest->run(i); });
  }
  for (std::thread &thread : threads) thread.join();
  for (auto &guest : guests) guest->run(0);
  guests.clear();
  STRESS_REQUIRE(pje_misuse_count() == 0);
  return true;
}
const stress::RegisterPart together_part("together", together);

class Together : public testing::TestWithParam<const char *> {};
TEST_P(Together, FromSeveralThreads) {
  stress::Outcome outcome = run_on(fake_path(), "together", GetParam());
  EXPECT_EQ(outcome.exit_code, 0) << outcome.how;
}
INSTANTIATE_TEST_SUITE_P(, Together,
                         testing::Values("cpu-81 cpu-106", "cpu-106 cpu-115", "cpu-115 cpu-81",
                                         "fake cpu-115", "cpu-81 cpu-106 cpu-115", "cpu-115 cpu-106 cpu-81"),
                         [](const auto &chosen) { return without_marks(chosen.param); });

}  // namespace
}  // namespace process
