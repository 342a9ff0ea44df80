// The C API on the real plugins, all of them in one process.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "support.hpp"

namespace {

using real::Case;
using real::Plugin;

std::string path_of(const std::string &plugin) {
  const char *elsewhere = std::getenv("PJE_TEST_REAL_PLUGINS");
  std::string folder = (elsewhere == nullptr ? PJE_TEST_PLUGINS_DIR : elsewhere) + ("/" + plugin);
  for (const auto &file : std::filesystem::directory_iterator(folder))
    if (file.path().extension() == ".so") return file.path();
  throw real::Failure("no plugin in " + folder + ": run make plugins");
}

// Rows of the table that name cases of this program: {"CASE", "PLUGIN"}.
std::set<std::pair<std::string, std::string>> read_table() {
  std::set<std::pair<std::string, std::string>> rows;
  std::ifstream file(PJE_TEST_DIR "/real/unsupported.tsv");
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    std::string name, form, plugin;
    if (line.rfind("test:", 0) != 0) continue;
    std::getline(fields, name, '\t');
    std::getline(fields, form, '\t');
    std::getline(fields, plugin, '\t');
    rows.emplace(name.substr(5), plugin);
  }
  return rows;
}

// One client of each plugin for all cases; closed before main ends, so that leaks can be told from what is in
// use.
std::map<std::string, std::unique_ptr<Plugin>> plugins;

Plugin &plugin_called(const std::string &name) {
  auto &plugin = plugins[name];
  if (!plugin) plugin = std::make_unique<Plugin>(name, path_of(name));
  return *plugin;
}

class RealTest : public testing::Test {
 public:
  RealTest(const Case &test, std::string plugin, bool listed)
      : case_(test), plugin_(std::move(plugin)), listed_(listed) {}
  void TestBody() override {
    std::string wrong;
    try {
      case_.body(plugin_called(plugin_));
    } catch (const std::exception &failure) {
      wrong = failure.what();
    }
    if (listed_)
      EXPECT_NE(wrong, "") << "passes although tests/real/unsupported.tsv lists it; delete that row";
    else
      EXPECT_EQ(wrong, "");
  }

 private:
  Case case_;
  std::string plugin_;
  bool listed_;
};

void register_tests() {
  auto table = read_table();
  std::vector<Case> cases;
  for (auto *list :
       {real::data_cases, real::run_cases, real::layout_cases, real::compile_cases, real::special_cases,
        real::transfer_cases, real::refusal_cases, real::chain_cases, real::lifetime_cases, real::raw_cases})
    for (Case &test : list()) cases.push_back(std::move(test));
  for (const char *plugin : {"cpu-115", "cpu-106", "cpu-81"}) {
    std::string suite = plugin;
    suite.replace(3, 1, "_");
    for (const Case &test : cases) {
      bool listed = table.erase({test.name, plugin}) > 0;
      testing::RegisterTest(suite.c_str(), test.name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                            [=]() -> testing::Test * { return new RealTest(test, plugin, listed); });
    }
  }
  for (const auto &[name, plugin] : table) {
    fprintf(stderr, "tests/real/unsupported.tsv lists test:%s on %s, which is no test\n", name.c_str(),
            plugin.c_str());
    exit(1);
  }
}

}  // namespace

int main(int argc, char **argv) {
  testing::InitGoogleTest(&argc, argv);
  register_tests();
  int status = RUN_ALL_TESTS();
  plugins.clear();
  return status;
}
