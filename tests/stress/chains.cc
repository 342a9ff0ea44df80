// Random trees of all, any and then, completed in random order, and chains of a length that recursion could
// not survive.
#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>

#include "harness.hpp"

namespace stress {
namespace {

enum class Kind { kPromise, kPlugin, kAll, kAny, kThen };

struct Node {
  Kind kind = Kind::kPromise;
  std::vector<size_t> members;
  pje_event *event = nullptr;
  size_t index = SIZE_MAX;
  std::atomic<uint32_t> ran{0};
};

void count_one(void *counter) { static_cast<std::atomic<uint32_t> *>(counter)->fetch_add(1); }

pje_code final_code(const Node &node) {
  STRESS_REQUIRE(code_of(pje_event_wait_for(node.event, 20'000'000'000)) != PJE_DEADLINE_EXCEEDED);
  return code_of(pje_event_error(node.event));
}

class Chain {
 public:
  Chain(pje_client *client, std::mt19937_64 &random) : random_(random), nodes_(4 + random() % 12) {
    size_t roots = 1 + random_() % 4;
    for (size_t i = 0; i < nodes_.size(); ++i) make(client, i, i < roots || random_() % 6 == 0);
  }

  // Sets the promises in random order; a few fail, and a few are dropped unset when the time comes.
  void complete() {
    std::vector<size_t> promises;
    for (size_t i = 0; i < nodes_.size(); ++i)
      if (nodes_[i].kind == Kind::kPromise) promises.push_back(i);
    std::shuffle(promises.begin(), promises.end(), random_);
    for (size_t i : promises) {
      pje_error *error = random_() % 5 == 0 ? pje_error_create(PJE_DATA_LOSS, "torn") : nullptr;
      STRESS_OK(pje_event_set(nodes_[i].event, error));
      pje_error_release(error);
    }
  }

  void check() const {
    for (const Node &node : nodes_) {
      pje_code code = final_code(node);
      if (node.kind == Kind::kAll) STRESS_REQUIRE(code == lowest_failure(node));
      if (node.kind == Kind::kAny) {
        STRESS_REQUIRE(node.index < node.members.size());
        STRESS_REQUIRE(code == final_code(nodes_[node.members[node.index]]));
      }
      if (node.kind == Kind::kThen) {
        STRESS_REQUIRE(node.ran.load() == 1);
        STRESS_REQUIRE(code == final_code(nodes_[node.members[0]]));
      }
    }
  }

  // Nobody looks any more: whatever was combined is let go in random order, promises unset.
  void release() {
    std::vector<pje_event *> events;
    for (const Node &node : nodes_) events.push_back(node.event);
    std::shuffle(events.begin(), events.end(), random_);
    for (pje_event *event : events) pje_event_release(event);
  }

  bool each_function_ran_once() const {
    return std::all_of(nodes_.begin(), nodes_.end(),
                       [](const Node &node) { return node.kind != Kind::kThen || node.ran.load() == 1; });
  }

 private:
  pje_code lowest_failure(const Node &node) const {
    for (size_t member : node.members)
      if (pje_code code = final_code(nodes_[member]); code != PJE_OK) return code;
    return PJE_OK;
  }

  void make(pje_client *client, size_t i, bool root) {
    Node &node = nodes_[i];
    if (root) {
      node.kind = i > 0 && random_() % 10 == 0 ? Kind::kPlugin : Kind::kPromise;
      node.event = node.kind == Kind::kPlugin ? plugin_event(client) : promise();
      return;
    }
    node.kind = std::array{Kind::kAll, Kind::kAny, Kind::kThen}[random_() % 3];
    for (size_t n = node.kind == Kind::kThen ? 1 : 1 + random_() % 5; n > 0; --n)
      node.members.push_back(random_() % i);
    std::vector<pje_event *> members;
    for (size_t member : node.members) members.push_back(nodes_[member].event);
    if (node.kind == Kind::kAll) STRESS_OK(pje_event_all(members.data(), members.size(), &node.event));
    if (node.kind == Kind::kAny)
      STRESS_OK(pje_event_any(members.data(), members.size(), &node.event, &node.index));
    if (node.kind == Kind::kThen) STRESS_OK(pje_event_then(members[0], count_one, &node.ran, &node.event));
  }

  std::mt19937_64 &random_;
  std::vector<Node> nodes_;
};

bool random_chains() {
  size_t threads_before = num_threads_of_process();
  pje_client *client = open_fake();
  constexpr size_t kThreads = 8;
  size_t per_thread = scaled(100'000) / kThreads + 1;
  std::vector<std::thread> threads;
  std::vector<std::vector<std::unique_ptr<Chain>>> abandoned(kThreads);
  for (size_t thread = 0; thread < kThreads; ++thread)
    threads.emplace_back([&, thread] {
      std::mt19937_64 random = random_source(thread);
      for (size_t i = 0; i < per_thread; ++i) {
        note_progress();
        auto chain = std::make_unique<Chain>(client, random);
        if (random() % 8 != 0) {
          chain->complete();
          chain->check();
          chain->release();
        } else {
          chain->release();
          abandoned[thread].push_back(std::move(chain));
        }
      }
    });
  for (std::thread &thread : threads) thread.join();
  pje_client_release(client);
  STRESS_REQUIRE(threads_come_down_to(threads_before));
  for (const auto &list : abandoned)
    for (const auto &chain : list) STRESS_REQUIRE(chain->each_function_ran_once());
  std::printf("  %zu chains\n", per_thread * kThreads);
  return true;
}
const RegisterPart random_chains_part("random chains", random_chains);
TEST(Chains, RandomTreesCompleteAsTheirMembersDo) { expect_clean(run_part("random chains", "workers=2")); }

constexpr size_t kLinks = 100'000;
constexpr size_t kStack = size_t{256} << 10;

using Link = pje_event *(*)(pje_event *before);

pje_event *link_by_all(pje_event *before) {
  pje_event *out = nullptr;
  STRESS_OK(pje_event_all(&before, 1, &out));
  return out;
}
pje_event *link_by_any(pje_event *before) {
  pje_event *out = nullptr;
  STRESS_OK(pje_event_any(&before, 1, &out, nullptr));
  return out;
}
std::atomic<uint32_t> functions_run{0};
pje_event *link_by_then(pje_event *before) {
  pje_event *out = nullptr;
  STRESS_OK(pje_event_then(before, count_one, &functions_run, &out));
  return out;
}

void drive_long_chain(Link link, bool set) {
  pje_event *root = promise();
  pje_event *last = pje_event_retain(root);
  for (size_t i = 0; i < kLinks; ++i) {
    note_progress();
    pje_event *next = link(last);
    pje_event_release(last);
    last = next;
  }
  STRESS_REQUIRE(!pje_event_is_ready(last));
  if (set) STRESS_OK(pje_event_set(root, nullptr));
  pje_event_release(root);
  pje_code code = code_of(pje_event_wait_for(last, 25'000'000'000));
  STRESS_REQUIRE(code == (set ? PJE_OK : PJE_CANCELLED));
  pje_event_release(last);
}

void *drive_long_chains(void *) {
  for (bool set : {true, false})
    for (Link link : {link_by_all, link_by_any, link_by_then}) drive_long_chain(link, set);
  return nullptr;
}

bool long_chains() {
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  STRESS_REQUIRE(pthread_attr_setstacksize(&attributes, kStack) == 0);
  STRESS_REQUIRE(pthread_create(&thread, &attributes, drive_long_chains, nullptr) == 0);
  STRESS_REQUIRE(pthread_join(thread, nullptr) == 0);
  pthread_attr_destroy(&attributes);
  STRESS_REQUIRE(functions_run.load() == 2 * kLinks);
  return true;
}
const RegisterPart long_chains_part("long chains", long_chains);
// No plugin takes part: nothing is loaded that could leave a line about what is alive.
TEST(Chains, HundredThousandLinksOnConstantStack) {
  Outcome outcome = run_part("long chains", "");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.how;
}

// A root that never comes: the links are let go unset from the far end, and nothing deep unwinds.
bool abandoned_long_chain() {
  pje_event *root = promise();
  std::vector<pje_event *> links{root};
  for (size_t i = 0; i < kLinks; ++i) links.push_back(link_by_all(links.back()));
  for (size_t i = links.size(); i-- > 0;) pje_event_release(links[i]);
  return true;
}
const RegisterPart abandoned_part("abandoned long chain", abandoned_long_chain);
TEST(Chains, AbandonedLongChain) {
  Outcome outcome = run_part("abandoned long chain", "");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.how;
}

}  // namespace
}  // namespace stress
