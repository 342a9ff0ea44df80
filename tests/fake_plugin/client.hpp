// The client and what lives exactly as long as it: devices, descriptions, memories, its topology.
#pragma once

#include <array>
#include <map>

#include "event.hpp"
#include "kv.hpp"
#include "named_values.hpp"
#include "scheduler.hpp"

namespace fake {

inline constexpr std::string_view kPlatformName = "fake";
inline constexpr std::string_view kPlatformVersion = "fake 1.0 of pjrt_easy";
// Device ids of process p start at p times this, so that ids, local ids and indices differ.
inline constexpr int kIdsPerProcess = 2048;
inline constexpr int kMemoriesPerDevice = 3;

struct DeviceStats {
  std::mutex mutex;
  int64_t in_use = 0;
  int64_t peak = 0;
  int64_t allocations = 0;
  int64_t largest = 0;
  bool Take(int64_t bytes, int64_t limit);
  void Give(int64_t bytes);
};

struct Description {
  using Handle = PJRT_DeviceDescription;
  static constexpr Kind kKind = Kind::kDescription;
  int id = 0;
  int process = 0;
  std::string kind = "fake device";
  std::string debug;
  std::string text;
  NamedValues attributes;
};

struct Memory {
  using Handle = PJRT_Memory;
  static constexpr Kind kKind = Kind::kMemory;
  struct UserData {
    void *data;
    void (*destroy)(void *);
  };
  ~Memory();
  Client *client = nullptr;
  PJRT_Device *device = nullptr;
  int id = 0;
  int kind_id = 0;
  std::string kind;
  std::string debug;
  std::string text;
  std::mutex mutex;
  std::map<const void *, UserData> user_data;
};

// What can be poisoned as long as it has not ended.
struct LaunchedRun {
  int launch_id = 0;
  std::weak_ptr<Completion> done;
};

struct Device {
  using Handle = PJRT_Device;
  static constexpr Kind kKind = Kind::kDevice;
  Client *client = nullptr;
  PJRT_DeviceDescription *description = nullptr;
  int id = 0;
  int local_id = -1;
  bool addressable = false;
  std::vector<PJRT_Memory *> memories;
  std::shared_ptr<DeviceStats> stats = std::make_shared<DeviceStats>();
  std::mutex mutex;
  std::vector<LaunchedRun> runs;
};

struct Topology {
  using Handle = PJRT_TopologyDescription;
  static constexpr Kind kKind = Kind::kTopology;
  ~Topology();
  bool owned_by_client = false;
  bool owns_descriptions = false;
  int num_devices = 0;
  std::vector<PJRT_DeviceDescription *> descriptions;
  std::vector<int> memory_kind_ids{0, 1, 2};
  NamedValues attributes;
};

struct Client {
  using Handle = PJRT_Client;
  static constexpr Kind kKind = Kind::kClient;
  int process = 0;
  std::vector<PJRT_Device *> devices;
  std::vector<PJRT_Device *> addressable;
  std::vector<PJRT_Memory *> memories;
  PJRT_TopologyDescription *topology = nullptr;
  std::shared_ptr<Scheduler> scheduler = std::make_shared<Scheduler>();
  std::array<std::atomic<int64_t>, kNumKinds> children{};
  std::mutex dma_mutex;
  std::map<void *, size_t> dma;
  int num_processes = 1;
  KvCallbacks kv;
};

std::unique_ptr<Description> MakeDescription(int process, int local_id);
PJRT_TopologyDescription *MakeTopology(std::vector<PJRT_DeviceDescription *> descriptions,
                                       bool owned_by_client);
// From 0.105 on a memory begins with it.
const PJRT_Memory_FunctionTable *MemoryTable();
PJRT_Memory *DefaultMemory(PJRT_Device *device);
// The memory that a pair of nullable destinations means.
Status PickMemory(Client *client, PJRT_Device *device, PJRT_Memory *memory, PJRT_Memory **picked);

}  // namespace fake
