#include "config.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <mutex>

#include "defects.hpp"
#include "log.hpp"

namespace fake {
namespace {

using pje::abi::kFunctions;
using pje::abi::kNumFunctions;

struct FailRule {
  int64_t nth = 1;
  bool onwards = false;
  int64_t seen = 0;
  Status status;
};

struct FunctionRules {
  std::atomic<bool> active{false};
  std::vector<FailRule> failures;
  std::chrono::nanoseconds delay{0};
  Status late;
  bool null = false;
  std::atomic<bool> hollow{false};
};

struct Rules {
  std::mutex mutex;
  std::array<FunctionRules, kNumFunctions> functions;
  size_t cut = kNumFunctions;
  std::vector<std::pair<std::string, std::string>> payloads;
};

// Never destroyed: worker threads and exit handlers of the host may still call in.
Rules &AllRules() {
  static Rules *rules = new Rules;
  return *rules;
}

bool ParseInt(std::string_view text, int64_t *value) {
  const char *end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, *value);
  return error == std::errc() && stop == end && !text.empty();
}

// Takes the text before the next colon off `rest`.
std::string_view NextField(std::string_view *rest) {
  size_t colon = rest->find(':');
  std::string_view field = rest->substr(0, colon);
  *rest = colon == std::string_view::npos ? std::string_view() : rest->substr(colon + 1);
  return field;
}

Status FindFunction(std::string_view key, std::string_view name, size_t *index) {
  for (size_t i = 0; i < kNumFunctions; ++i) {
    if (name == kFunctions[i].name) {
      *index = i;
      return nullptr;
    }
  }
  return Invalid(key, ": no function named '", name, "'");
}

Status ParseCode(std::string_view key, std::string_view name, uint32_t *code) {
  int64_t number = 0;
  if (CodeFromName(name, code)) return nullptr;
  if (ParseInt(name, &number) && number > 0) {
    *code = static_cast<uint32_t>(number);
    return nullptr;
  }
  return Invalid(key, ": no error code named '", name, "'");
}

Status SetFail(std::string_view key, std::string_view value) {
  size_t function = 0;
  if (Status bad = FindFunction(key, NextField(&value), &function)) return bad;
  std::string_view nth = NextField(&value);
  FailRule rule;
  if (!nth.empty() && nth.back() == '+') {
    rule.onwards = true;
    nth.remove_suffix(1);
  }
  if (!ParseInt(nth, &rule.nth) || rule.nth < 1)
    return Invalid(key, ": '", nth, "' is not a call number from 1");
  uint32_t code = 0;
  if (Status bad = ParseCode(key, NextField(&value), &code)) return bad;
  rule.status = Fail(
      code, value.empty() ? Text("injected failure of ", kFunctions[function].name) : std::string(value));
  Rules &rules = AllRules();
  std::lock_guard lock(rules.mutex);
  rules.functions[function].failures.push_back(rule);
  rules.functions[function].active = true;
  return nullptr;
}

Status SetLateError(std::string_view key, std::string_view value) {
  size_t function = 0;
  if (Status bad = FindFunction(key, NextField(&value), &function)) return bad;
  uint32_t code = 0;
  if (Status bad = ParseCode(key, NextField(&value), &code)) return bad;
  Rules &rules = AllRules();
  std::lock_guard lock(rules.mutex);
  rules.functions[function].late = Fail(code, value.empty() ? "injected late failure" : std::string(value));
  rules.functions[function].active = true;
  return nullptr;
}

Status SetDelay(std::string_view key, std::string_view value) {
  size_t function = 0;
  if (Status bad = FindFunction(key, NextField(&value), &function)) return bad;
  static constexpr std::pair<std::string_view, int64_t> kUnits[] = {
      {"ns", 1}, {"us", 1'000}, {"ms", 1'000'000}, {"s", 1'000'000'000}};
  for (const auto &[unit, factor] : kUnits) {
    int64_t count = 0;
    if (!value.ends_with(unit) || !ParseInt(value.substr(0, value.size() - unit.size()), &count)) continue;
    if (count < 0) break;
    Rules &rules = AllRules();
    std::lock_guard lock(rules.mutex);
    rules.functions[function].delay = std::chrono::nanoseconds(count * factor);
    rules.functions[function].active = true;
    return nullptr;
  }
  return Invalid(key, ": '", value, "' is not a time such as 50ms");
}

Status SetNull(std::string_view key, std::string_view value) {
  size_t function = 0;
  if (Status bad = FindFunction(key, value, &function)) return bad;
  std::lock_guard lock(AllRules().mutex);
  AllRules().functions[function].null = true;
  return nullptr;
}

Status SetHollow(std::string_view key, std::string_view value) {
  size_t function = 0;
  if (Status bad = FindFunction(key, value, &function)) return bad;
  std::lock_guard lock(AllRules().mutex);
  AllRules().functions[function].hollow = true;
  return nullptr;
}

Status SetCut(std::string_view key, std::string_view value) {
  size_t function = 0;
  if (Status bad = FindFunction(key, value, &function)) return bad;
  std::lock_guard lock(AllRules().mutex);
  AllRules().cut = std::min(AllRules().cut, function);
  return nullptr;
}

Status SetPayload(std::string_view, std::string_view value) {
  std::string name(NextField(&value));
  for (size_t at; (at = name.find("\\0")) != std::string::npos;) name.replace(at, 2, 1, '\0');
  std::lock_guard lock(AllRules().mutex);
  AllRules().payloads.emplace_back(std::move(name), value);
  return nullptr;
}

Status SetList(std::string_view, std::string_view value) { return ApplyList(value); }

Status SetLog(std::string_view key, std::string_view value) {
  return OpenLog(std::string(value)) ? nullptr : Invalid(key, ": cannot open '", value, "' for appending");
}

Status SetTrace(std::string_view key, std::string_view value) {
  return OpenTrace(std::string(value)) ? nullptr : Invalid(key, ": cannot open '", value, "' for appending");
}

struct Setter {
  std::string_view key;
  std::function<Status(std::string_view key, std::string_view value)> set;
};

template <class Number>
Setter IntKey(std::string_view name, std::atomic<Number> Settings::*member, int64_t low) {
  return {name, [member, low](std::string_view key, std::string_view value) -> Status {
            int64_t number = 0;
            if (!ParseInt(value, &number) || number < low)
              return Invalid(key, ": '", value, "' is not a number from ", low);
            (Current().*member).store(static_cast<Number>(number));
            return nullptr;
          }};
}

Setter BoolKey(std::string_view name, std::atomic<bool> Settings::*member) {
  return {name, [member](std::string_view key, std::string_view value) -> Status {
            if (value != "0" && value != "1") return Invalid(key, ": '", value, "' is neither 0 nor 1");
            (Current().*member).store(value == "1");
            return nullptr;
          }};
}

template <class Value>
Setter WordKey(std::string_view name, std::atomic<Value> Settings::*member,
               std::vector<std::pair<std::string_view, Value>> words) {
  return {name, [member, words](std::string_view key, std::string_view value) -> Status {
            std::string known;
            for (const auto &[word, meaning] : words) {
              if (word == value) {
                (Current().*member).store(meaning);
                return nullptr;
              }
              known += (known.empty() ? "" : ", ") + std::string(word);
            }
            return Invalid(key, ": '", value, "' is none of ", known);
          }};
}

const std::vector<Setter> &Setters() {
  static const auto *setters = new std::vector<Setter>{
      IntKey("minor", &Settings::minor, 0),
      IntKey("api_major", &Settings::major, 0),
      IntKey("devices", &Settings::devices, 0),
      IntKey("cpu_device_count", &Settings::devices, 0),
      IntKey("processes", &Settings::processes, 1),
      IntKey("process", &Settings::process, 0),
      IntKey("workers", &Settings::workers, 1),
      IntKey("memory", &Settings::memory_limit, 0),
      IntKey("error_code", &Settings::error_code, 0),
      IntKey("kv_timeout", &Settings::kv_timeout, 0),
      IntKey("dynamic", &Settings::dynamic_dim, 0),
      IntKey("granule", &Settings::granule, 1),
      IntKey("chunk", &Settings::chunk_bytes, 0),
      {"null", SetNull},
      {"cut", SetCut},
      {"fail", SetFail},
      {"late_error", SetLateError},
      {"delay", SetDelay},
      {"payload", SetPayload},
      {"log", SetLog},
      {"trace", SetTrace},
      {"hollow", SetHollow},
      {"defect", SetDefect},
      {"config", SetList},
      WordKey<Complete>(
          "complete", &Settings::complete,
          {{"inside", Complete::kInside}, {"thread", Complete::kThread}, {"never", Complete::kNever}}),
      WordKey<bool>("sizes", &Settings::exact_sizes, {{"exact", true}, {"atleast", false}}),
      WordKey<bool>("leaks", &Settings::abort_on_leaks, {{"abort", true}, {"log", false}}),
      WordKey<bool>("unzeroed", &Settings::allow_unzeroed, {{"allow", true}, {"abort", false}}),
      WordKey<bool>("layout", &Settings::ignore_host_layout, {{"ignore", true}, {"honour", false}}),
      WordKey<DeviceLayout>("device_layout", &Settings::device_layout,
                            {{"ignore", DeviceLayout::kIgnore},
                             {"label", DeviceLayout::kLabel},
                             {"refuse", DeviceLayout::kRefuse},
                             {"honour", DeviceLayout::kHonour}}),
      WordKey<bool>("strides", &Settings::ignore_strides, {{"ignore", true}, {"honour", false}}),
      WordKey<bool>("refused_chunk", &Settings::keeps_refused_chunks, {{"keep", true}, {"delete", false}}),
      WordKey<bool>("platform", &Settings::cpu_platform, {{"cpu", true}, {"fake", false}}),
      WordKey<bool>("optimized_program", &Settings::no_optimized_program,
                    {{"unimplemented", true}, {"given", false}}),
      WordKey<Extensions>(
          "extensions", &Settings::extensions,
          {{"none", Extensions::kNone}, {"loop", Extensions::kLoop}, {"unknown", Extensions::kUnknown}}),
      WordKey<ErrorText>("error_message", &Settings::error_text,
                         {{"plain", ErrorText::kPlain},
                          {"null", ErrorText::kNull},
                          {"empty", ErrorText::kEmpty},
                          {"nonutf8", ErrorText::kNonUtf8},
                          {"long", ErrorText::kLong},
                          {"percent", ErrorText::kPercent}}),
      BoolKey("column_major", &Settings::column_major),
      BoolKey("double_callback", &Settings::double_callback),
      BoolKey("loaded_fingerprint", &Settings::answers_loaded_fingerprint),
      BoolKey("onready_fails", &Settings::onready_fails),
      BoolKey("short_table", &Settings::short_table),
  };
  return *setters;
}

}  // namespace

Settings &Current() {
  static Settings *settings = new Settings;
  return *settings;
}

bool IsKey(std::string_view key) {
  for (const Setter &setter : Setters()) {
    if (setter.key == key) return true;
  }
  return false;
}

bool ShapesTable(std::string_view key) {
  static constexpr std::string_view kKeys[] = {"minor",      "null",        "cut",   "api_major",
                                               "extensions", "short_table", "config"};
  return std::find(std::begin(kKeys), std::end(kKeys), key) != std::end(kKeys);
}

Status Apply(std::string_view key, std::string_view value) {
  for (const Setter &setter : Setters()) {
    if (setter.key == key) return setter.set(key, value);
  }
  return Invalid("unknown option '", key, "'");
}

Status ApplyList(std::string_view list) {
  while (!list.empty()) {
    size_t end = list.find(';');
    std::string_view item = list.substr(0, end);
    list = end == std::string_view::npos ? std::string_view() : list.substr(end + 1);
    if (item.empty()) continue;
    size_t equals = item.find('=');
    if (equals == std::string_view::npos) return Invalid("'", item, "' is not KEY=VALUE");
    if (Status bad = Apply(item.substr(0, equals), item.substr(equals + 1))) return bad;
  }
  return nullptr;
}

Status InjectedFailure(size_t function) {
  FunctionRules &rules = AllRules().functions[function];
  if (!rules.active.load(std::memory_order_acquire)) return nullptr;
  std::lock_guard lock(AllRules().mutex);
  Status failure;
  for (FailRule &rule : rules.failures) {
    ++rule.seen;
    if (rule.seen == rule.nth || (rule.onwards && rule.seen > rule.nth)) failure = rule.status;
  }
  return failure;
}

std::chrono::nanoseconds InjectedDelay(size_t function) {
  FunctionRules &rules = AllRules().functions[function];
  if (!rules.active.load(std::memory_order_acquire)) return std::chrono::nanoseconds(0);
  std::lock_guard lock(AllRules().mutex);
  return rules.delay;
}

Status LateError(size_t function) {
  FunctionRules &rules = AllRules().functions[function];
  if (!rules.active.load(std::memory_order_acquire)) return nullptr;
  std::lock_guard lock(AllRules().mutex);
  return rules.late;
}

bool IsNulled(size_t function) {
  std::lock_guard lock(AllRules().mutex);
  return AllRules().functions[function].null;
}

bool IsHollow(size_t function) {
  return AllRules().functions[function].hollow.load(std::memory_order_relaxed);
}

size_t CutAt() {
  std::lock_guard lock(AllRules().mutex);
  return AllRules().cut;
}

std::vector<std::pair<std::string, std::string>> InjectedPayloads() {
  std::lock_guard lock(AllRules().mutex);
  return AllRules().payloads;
}

}  // namespace fake
