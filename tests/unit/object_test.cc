// Handles: lives, generations, wrong uses, threads.
#include "base/object.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include "base/log.hpp"
#include "core/bytes.hpp"
#include "host_support.hpp"

namespace {

using pje::acquire_if_alive;
using pje::Bytes;
using pje::describe_wrong_handle;
using pje::handle_is_valid;
using pje::make;
using pje::Object;
using pje::ObjectType;
using pje::Ref;
using pje::release_handle;
using pje::retain_handle;
using pje::SlotPool;

// An object that counts its deaths; borrows a type that nothing else in these tests makes.
class Probe final : public Object {
 public:
  using Handle = pje_layout;
  static constexpr ObjectType kType = ObjectType::kLayout;
  explicit Probe(std::atomic<int> *deaths) : deaths_(deaths) {}
  ~Probe() override { ++*deaths_; }
  void on_first_public_reference() const noexcept override { ++firsts; }
  void on_last_public_reference() const noexcept override { ++lasts; }
  mutable int firsts = 0;
  mutable int lasts = 0;

 private:
  std::atomic<int> *deaths_;
};

class Throwing final : public Object {
 public:
  using Handle = pje_layout;
  static constexpr ObjectType kType = ObjectType::kLayout;
  Throwing() { throw 7; }
};

TEST(Object, DiesWithTheLastReferenceOfEitherKind) {
  std::atomic<int> deaths{0};
  pje_layout *handle = make<Probe>(&deaths).to_public();
  {
    Ref<Probe> inner = Ref<Probe>::share(pje::resolve<Probe>(handle));
    ASSERT_TRUE(inner);
    EXPECT_TRUE(release_handle(handle, ObjectType::kLayout));
    EXPECT_EQ(deaths, 0);
    EXPECT_TRUE(handle_is_valid(handle, ObjectType::kLayout));
  }
  EXPECT_EQ(deaths, 1);
  EXPECT_FALSE(handle_is_valid(handle, ObjectType::kLayout));
}

TEST(Object, DoubleReleaseIsFoundAndTakesNoReferenceOfOurs) {
  std::atomic<int> deaths{0};
  pje_layout *handle = make<Probe>(&deaths).to_public();
  Ref<Probe> child = Ref<Probe>::share(pje::resolve<Probe>(handle));
  EXPECT_TRUE(release_handle(handle, ObjectType::kLayout));
  EXPECT_FALSE(release_handle(handle, ObjectType::kLayout));
  EXPECT_EQ(deaths, 0);
  EXPECT_STREQ(describe_wrong_handle(handle, ObjectType::kLayout), "was released more often than retained");
  child = nullptr;
  EXPECT_EQ(deaths, 1);
  EXPECT_FALSE(release_handle(handle, ObjectType::kLayout));
  EXPECT_FALSE(retain_handle(handle, ObjectType::kLayout));
  EXPECT_STREQ(describe_wrong_handle(handle, ObjectType::kLayout), "was released before");
}

TEST(Object, WrongHandlesAreNeverFollowed) {
  std::atomic<int> deaths{0};
  pje_layout *handle = make<Probe>(&deaths).to_public();
  int on_stack = 0;
  auto inside = reinterpret_cast<const void *>(reinterpret_cast<uintptr_t>(handle) + 128);
  for (const void *wrong :
       {static_cast<const void *>(nullptr), static_cast<const void *>(&on_stack),
        reinterpret_cast<const void *>(uintptr_t{1}), reinterpret_cast<const void *>(UINTPTR_MAX), inside}) {
    EXPECT_FALSE(handle_is_valid(wrong, ObjectType::kLayout)) << wrong;
    EXPECT_FALSE(retain_handle(wrong, ObjectType::kLayout)) << wrong;
    EXPECT_FALSE(release_handle(wrong, ObjectType::kLayout)) << wrong;
    EXPECT_FALSE(acquire_if_alive(wrong, ObjectType::kLayout)) << wrong;
  }
  EXPECT_STREQ(describe_wrong_handle(nullptr, ObjectType::kLayout), "is NULL");
  EXPECT_STREQ(describe_wrong_handle(&on_stack, ObjectType::kLayout), "is not a handle of this library");
  EXPECT_STREQ(describe_wrong_handle(inside, ObjectType::kLayout), "is not a handle of this library");
  EXPECT_FALSE(handle_is_valid(handle, ObjectType::kBytes));
  EXPECT_FALSE(release_handle(handle, ObjectType::kBytes));
  EXPECT_STREQ(describe_wrong_handle(handle, ObjectType::kBytes), "pje_layout");
  EXPECT_EQ(deaths, 0);
  EXPECT_TRUE(release_handle(handle, ObjectType::kLayout));
}

TEST(Object, SlotsComeBackInTurnWithAnotherGeneration) {
  std::atomic<int> deaths{0};
  constexpr size_t kRounds = 3000;
  std::vector<uintptr_t> slots;
  std::set<pje_layout *> handles;
  for (size_t i = 0; i < kRounds; ++i) {
    pje_layout *handle = make<Probe>(&deaths).to_public();
    EXPECT_TRUE(handles.insert(handle).second) << "a handle came twice in " << i;
    slots.push_back(reinterpret_cast<uintptr_t>(handle) & ~(pje::kSlotSize - 1));
    ASSERT_TRUE(release_handle(handle, ObjectType::kLayout));
  }
  EXPECT_EQ(deaths, static_cast<int>(kRounds));
  // At least 64 others wait in front of a slot that was freed.
  for (size_t i = 0; i < kRounds; ++i)
    for (size_t k = 1; k <= 64 && i + k < kRounds; ++k) ASSERT_NE(slots[i], slots[i + k]) << i << " " << k;
  // They are reused in the order in which they were freed, once the thread has as many as it keeps.
  constexpr size_t kWarm = 1000;
  size_t period = 1;
  while (kWarm + period < kRounds && slots[kWarm + period] != slots[kWarm]) ++period;
  ASSERT_LT(kWarm + period, kRounds) << "no slot was reused";
  for (size_t i = kWarm; i + period < kRounds; ++i) ASSERT_EQ(slots[i], slots[i + period]) << i;
}

TEST(Object, AStaleHandleIsWrongAfterItsSlotIsUsedAgain) {
  std::atomic<int> deaths{0};
  pje_layout *stale = make<Probe>(&deaths).to_public();
  ASSERT_TRUE(release_handle(stale, ObjectType::kLayout));
  auto slot_of = [](pje_layout *handle) {
    return reinterpret_cast<uintptr_t>(handle) & ~(pje::kSlotSize - 1);
  };
  for (int i = 0; i < 5000; ++i) {
    pje_layout *handle = make<Probe>(&deaths).to_public();
    bool same = slot_of(handle) == slot_of(stale);
    bool stale_is_wrong = !handle_is_valid(stale, ObjectType::kLayout);
    ASSERT_TRUE(release_handle(handle, ObjectType::kLayout));
    ASSERT_TRUE(stale_is_wrong) << i;
    if (same) return;
  }
  FAIL() << "the slot was never used again";
}

TEST(Object, AConstructorThatThrowsLeavesNothing) {
  size_t before = SlotPool::live();
  EXPECT_THROW((void)make<Throwing>(), int);
  EXPECT_EQ(SlotPool::live(), before);
}

TEST(Object, LentObjectsAreValidWithoutReferencesAndCountTheCallersOwn) {
  std::atomic<int> deaths{0};
  Ref<Probe> owner = make<Probe>(&deaths);
  owner->make_lent();
  pje_layout *handle = pje::borrow(owner.get());
  EXPECT_FALSE(release_handle(handle, ObjectType::kLayout));
  EXPECT_TRUE(retain_handle(handle, ObjectType::kLayout));
  EXPECT_TRUE(retain_handle(handle, ObjectType::kLayout));
  EXPECT_EQ(owner->firsts, 1);
  EXPECT_TRUE(release_handle(handle, ObjectType::kLayout));
  EXPECT_EQ(owner->lasts, 0);
  EXPECT_TRUE(release_handle(handle, ObjectType::kLayout));
  EXPECT_EQ(owner->lasts, 1);
  EXPECT_FALSE(release_handle(handle, ObjectType::kLayout));
  owner->end_lending();
  owner = nullptr;
  EXPECT_EQ(deaths, 1);
}

TEST(Object, AcquireIfAliveFailsOnceItIsGone) {
  std::atomic<int> deaths{0};
  pje_layout *handle = make<Probe>(&deaths).to_public();
  ASSERT_TRUE(acquire_if_alive(handle, ObjectType::kLayout));
  ASSERT_TRUE(release_handle(handle, ObjectType::kLayout));
  EXPECT_EQ(deaths, 0);
  pje::resolve<Probe>(handle)->release();
  EXPECT_EQ(deaths, 1);
  EXPECT_FALSE(acquire_if_alive(handle, ObjectType::kLayout));
}

TEST(Object, RacingReleasesAreSettledExactly) {
  constexpr int kThreads = 4;
  constexpr int kReferences = 1000;
  std::atomic<int> deaths{0};
  pje_layout *handle = make<Probe>(&deaths).to_public();
  for (int i = 1; i < kReferences; ++i) ASSERT_TRUE(retain_handle(handle, ObjectType::kLayout));
  std::atomic<int> released{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < kReferences; ++i)
        if (release_handle(handle, ObjectType::kLayout)) ++released;
    });
  for (std::thread &thread : threads) thread.join();
  EXPECT_EQ(released, kReferences);
  EXPECT_EQ(deaths, 1);
}

TEST(Object, ThreadsShareThePoolAndGiveEverythingBack) {
  size_t before = SlotPool::live();
  std::atomic<int> deaths{0};
  std::array<std::vector<pje_layout *>, 4> handles;
  std::vector<std::thread> threads;
  for (auto &own : handles)
    threads.emplace_back([&deaths, &own] {
      for (int i = 0; i < 3000; ++i) {
        own.push_back(make<Probe>(&deaths).to_public());
        if (i % 3 == 0) {
          release_handle(own.back(), ObjectType::kLayout);
          own.pop_back();
        }
      }
    });
  for (std::thread &thread : threads) thread.join();
  std::set<pje_layout *> all;
  for (auto &own : handles)
    for (pje_layout *handle : own) {
      EXPECT_TRUE(all.insert(handle).second);
      ASSERT_TRUE(release_handle(handle, ObjectType::kLayout));
    }
  EXPECT_EQ(deaths, 4 * 3000);
  EXPECT_EQ(SlotPool::live(), before);
}

TEST(Object, TypeNames) {
  EXPECT_STREQ(pje::object_type_name(ObjectType::kError), "pje_error");
  EXPECT_STREQ(pje::object_type_name(ObjectType::kDeviceAssignment), "pje_device_assignment");
  EXPECT_STREQ(pje::object_type_name(ObjectType::kCount), "nothing");
}

// Accessors cannot return an error: they answer something harmless, and every wrong use is counted.
template <class Body>
void expect_misuses(uint64_t wanted, Body &&body) {
  uint64_t before = pje_misuse_count();
  body();
  EXPECT_EQ(pje_misuse_count() - before, wanted);
}

TEST(Misuse, AccessorsAnswerWrongHandlesAndCountThem) {
  auto *stale = make<Bytes>("x").to_public();
  pje_bytes_release(stale);
  auto *other = reinterpret_cast<pje_array *>(make<Bytes>("y").to_public());
  expect_misuses(4, [&] {
    EXPECT_EQ(pje_bytes_data(stale), nullptr);
    EXPECT_EQ(pje_bytes_size(stale), 0U);
    EXPECT_EQ(pje_bytes_size(nullptr), 0U);
    pje_bytes_release(stale);
  });
  expect_misuses(8, [&] {
    EXPECT_EQ(pje_array_data(other), nullptr);
    EXPECT_EQ(pje_array_const_data(other), nullptr);
    EXPECT_EQ(pje_array_size(other), 0U);
    EXPECT_EQ(pje_array_dtype(other), PJE_DTYPE_INVALID);
    EXPECT_EQ(pje_array_rank(other), 0U);
    EXPECT_EQ(pje_array_dims(other), nullptr);
    EXPECT_EQ(pje_array_retain(other), other);
    pje_array_release(other);
  });
  auto *program = reinterpret_cast<pje_program *>(other);
  expect_misuses(3, [&] {
    EXPECT_EQ(pje_program_get_format(program), PJE_PROGRAM_AUTO);
    EXPECT_EQ(pje_program_data(program), nullptr);
    EXPECT_EQ(pje_program_size(program), 0U);
  });
  auto *values = reinterpret_cast<pje_named_values *>(other);
  expect_misuses(4, [&] {
    EXPECT_EQ(pje_named_values_count(values), 0U);
    EXPECT_STREQ(pje_named_values_name(values, 0), "");
    EXPECT_EQ(pje_named_values_kind(values, 0), PJE_VALUE_KIND_MAX_);
    EXPECT_EQ(pje_named_values_find(values, "x"), SIZE_MAX);
  });
  auto *error = reinterpret_cast<pje_error *>(other);
  expect_misuses(5, [&] {
    EXPECT_EQ(pje_error_code(error), PJE_INVALID_ARGUMENT);
    EXPECT_STREQ(pje_error_message(error), "");
    EXPECT_STREQ(pje_error_detail(error), "");
    EXPECT_STREQ(pje_error_function(error), "");
    EXPECT_EQ(pje_error_num_payloads(error), 0U);
  });
  pje_bytes_release(reinterpret_cast<pje_bytes *>(other));
}

TEST(Misuse, AnErrorNamesFunctionArgumentAndWhatItGot) {
  auto *bytes = make<Bytes>("y").to_public();
  int64_t out = 7;
  host_test::expect_refused(pje_named_values_get_int64(reinterpret_cast<pje_named_values *>(bytes), 0, &out),
                            PJE_INVALID_ARGUMENT, "pje_named_values_get_int64",
                            "argument \"values\" is a pje_bytes: expected a pje_named_values");
  EXPECT_EQ(out, 0);
  host_test::expect_refused(pje_named_values_get_int64(nullptr, 0, &out), PJE_INVALID_ARGUMENT,
                            "pje_named_values_get_int64", "argument \"values\" is NULL");
  pje_bytes_release(bytes);
}

TEST(Bytes, AreLentWithATerminator) {
  host_test::Owned<pje_bytes> bytes(make<Bytes>(std::string("a\0b", 3)).to_public());
  ASSERT_EQ(pje_bytes_size(bytes.get()), 3U);
  EXPECT_EQ(std::string(static_cast<const char *>(pje_bytes_data(bytes.get())), 4), std::string("a\0b\0", 4));
  pje_bytes *again = pje_bytes_retain(bytes.get());
  EXPECT_EQ(again, bytes.get());
  pje_bytes_release(again);
  EXPECT_EQ(pje_bytes_size(bytes.get()), 3U);
}

}  // namespace
