#include "core/copy_stream.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace pje {

namespace {

constexpr const char *kAddChunk = "PJRT_CopyToDeviceStream_AddChunk";

void destroy_raw(const abi::Api &api, PJRT_CopyToDeviceStream *raw) noexcept {
  auto args = abi::zeroed<PJRT_CopyToDeviceStream_Destroy_Args>();
  args.stream = raw;
  api.call_and_log(args);
}

}  // namespace

class CopyStream::Use {
 public:
  explicit Use(CopyStream &stream) noexcept : stream_(stream), entered_(stream.enter()) {}
  ~Use() {
    if (entered_) stream_.leave();
  }
  Use(const Use &) = delete;
  Use &operator=(const Use &) = delete;
  Status check() const {
    return entered_ ? Status() : failure(PJE_FAILED_PRECONDITION, "the stream has been ended by its handler");
  }

 private:
  CopyStream &stream_;
  bool entered_;
};

CopyStream::CopyStream(Client &client, PJRT_CopyToDeviceStream *raw) noexcept
    : hold_(client.hold()), api_(&client.api()), raw_(raw) {}

CopyStream::~CopyStream() { close(); }

bool CopyStream::enter() noexcept {
  if ((users_.fetch_add(1) & kClosed) == 0) return true;
  leave();
  return false;
}

void CopyStream::leave() noexcept {
  if (users_.fetch_sub(1) != (kClosed | 1)) return;
  if (PJRT_CopyToDeviceStream *raw = raw_.exchange(nullptr)) destroy_raw(*api_, raw);
}

void CopyStream::close() noexcept {
  users_.fetch_add(1);
  users_.fetch_or(kClosed);
  leave();
}

void CopyStream::on_client_close() noexcept {
  close();
  hold_.become_leftover();
}

Result<Ref<CopyStream>> CopyStream::adopt(Client &client, PJRT_CopyToDeviceStream *raw) {
  Ref<CopyStream> stream;
  try {
    stream = make<CopyStream>(client, raw);
  } catch (...) {
    destroy_raw(client.api(), raw);
    throw;
  }
  PJE_TRY(stream->read());
  return stream;
}

Status CopyStream::read() {
  auto total = abi::zeroed<PJRT_CopyToDeviceStream_TotalBytes_Args>();
  total.stream = raw_;
  PJE_TRY(api_->call(total));
  auto granule = abi::zeroed<PJRT_CopyToDeviceStream_GranuleSize_Args>();
  granule.stream = raw_;
  PJE_TRY(api_->call(granule));
  total_ = static_cast<size_t>(std::max<int64_t>(total.total_bytes, 0));
  granule_ = static_cast<size_t>(std::max<int64_t>(granule.granule_size_in_bytes, 1));
  return {};
}

Result<size_t> CopyStream::current_bytes() {
  Use use(*this);
  PJE_TRY(use.check());
  auto args = abi::zeroed<PJRT_CopyToDeviceStream_CurrentBytes_Args>();
  args.stream = raw_;
  PJE_TRY(api_->call(args));
  return static_cast<size_t>(std::max<int64_t>(args.current_bytes, 0));
}

Status CopyStream::reserve(size_t size) {
  if (size % granule_ != 0)
    return invalid_argument(
        concat("argument \"chunk\" has ", size, " bytes: expected a multiple of the granule, ", granule_));
  size_t given = given_.load();
  do {
    if (size > total_ - given)
      return invalid_argument(concat("argument \"chunk\" has ", size, " bytes: ", total_ - given, " of ",
                                     total_, " are still to come"));
  } while (!given_.compare_exchange_weak(given, given + size));
  return {};
}

Result<Ref<Event>> CopyStream::add_chunk(Chunk &chunk) {
  Use use(*this);
  PJE_TRY(use.check());
  auto args = abi::zeroed<PJRT_CopyToDeviceStream_AddChunk_Args>();
  args.stream = raw_;
  PJE_TRY(reserve(chunk.size()));
  PJRT_Chunk raw = ChunkLease::begin(Ref<Chunk>::share(&chunk));
  args.chunk = &raw;
  if (Status status = api_->call(args); !status.ok()) {
    ChunkLease::end(raw);
    given_ -= chunk.size();
    return status;
  }
  RawEvent done(*api_, args.transfer_complete);
  if (!done) return make<Event>(*hold_.get(), Status());
  return make<Event>(*hold_.get(), std::move(done), kAddChunk);
}

}  // namespace pje
