// Devices and memories, as a client lends them.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "abi/call.hpp"
#include "base/object.hpp"
#include "core/device_description.hpp"

namespace pje {

class Client;
class Memory;

// Lent by its client: valid while the client lives; the caller's first reference holds the client.
template <class T>
class LentByClient : public Object {
 public:
  Client &client() const noexcept { return *client_; }
  const Object *owner() const noexcept override;
  void on_first_public_reference() const noexcept override;
  void on_last_public_reference() const noexcept override;

 protected:
  explicit LentByClient(Client &client) noexcept : client_(&client) {}

 private:
  Client *client_;
};

class Device final : public LentByClient<Device> {
 public:
  using Handle = pje_device;
  static constexpr ObjectType kType = ObjectType::kDevice;

  Device(Client &client, PJRT_Device *raw) : LentByClient(client), raw_(raw), data_(new Data) {}
  ~Device() override;
  // Reads all that never changes.
  Status read();
  void set_memories(std::vector<Memory *> memories, Memory *default_memory) {
    data_->memories = std::move(memories);
    data_->default_memory = default_memory;
  }

  PJRT_Device *raw() const noexcept { return raw_; }
  const DeviceDescription &description() const noexcept { return *data_->description; }
  int32_t id() const noexcept { return description().id(); }
  int32_t process_index() const noexcept { return description().process_index(); }
  int32_t local_hardware_id() const noexcept { return data_->local_hardware_id; }
  bool is_addressable() const noexcept { return data_->is_addressable; }
  const std::string &kind() const noexcept { return description().kind(); }
  const std::string &debug_string() const noexcept { return description().debug_string(); }
  const std::string &to_string() const noexcept { return description().to_string(); }
  const NamedValues &attributes() const noexcept { return description().attributes(); }
  std::span<Memory *const> memories() const noexcept { return data_->memories; }
  Memory *default_memory() const noexcept { return data_->default_memory; }

 private:
  struct Data {
    Ref<DeviceDescription> description;
    int32_t local_hardware_id = -1;
    bool is_addressable = false;
    std::vector<Memory *> memories;
    Memory *default_memory = nullptr;
  };

  PJRT_Device *raw_;
  std::unique_ptr<Data> data_;
};

class Memory final : public LentByClient<Memory> {
 public:
  using Handle = pje_memory;
  static constexpr ObjectType kType = ObjectType::kMemory;

  Memory(Client &client, PJRT_Memory *raw) : LentByClient(client), raw_(raw), data_(new Data) {}
  Status read();

  PJRT_Memory *raw() const noexcept { return raw_; }
  int32_t id() const noexcept { return data_->id; }
  int32_t kind_id() const noexcept { return data_->kind_id; }
  const std::string &kind() const noexcept { return data_->kind; }
  const std::string &debug_string() const noexcept { return data_->debug_string; }
  const std::string &to_string() const noexcept { return data_->to_string; }
  std::span<Device *const> devices() const noexcept { return data_->devices; }

 private:
  struct Data {
    int32_t id = -1;
    int32_t kind_id = 0;
    std::string kind, debug_string, to_string;
    std::vector<Device *> devices;
  };

  PJRT_Memory *raw_;
  std::unique_ptr<Data> data_;
};

}  // namespace pje
