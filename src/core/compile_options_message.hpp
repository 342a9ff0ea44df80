// The messages behind CompileOptions and DeviceAssignment, for their files only.
#pragma once

#include <google/protobuf/message.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.hpp"
#include "core/compile_options.hpp"
#include "proto/compile_options.pb.h"

namespace pje::options {

namespace proto = ::pjrt_easy::xla;

inline const proto::CompileOptionsProto &compile(const proto::CompileOptionsProto &message) {
  return message;
}
inline proto::CompileOptionsProto &compile(proto::CompileOptionsProto &message) { return message; }
inline const proto::ExecutableBuildOptionsProto &build(const proto::CompileOptionsProto &message) {
  return message.executable_build_options();
}
inline proto::ExecutableBuildOptionsProto &build(proto::CompileOptionsProto &message) {
  return *message.mutable_executable_build_options();
}

// Replaces `message` only when all of the input is right. `field` is for the error.
Status parse_bytes(std::string_view bytes, std::string_view field, google::protobuf::Message &message);
Status parse_text(std::string_view text, std::string_view field, google::protobuf::Message &message);
// The same bytes for equal messages, whatever the order in which maps were filled.
std::string bytes_of(const google::protobuf::Message &message);
Status check_utf8(std::string_view text, std::string_view what);

Status check_assignment(const proto::DeviceAssignmentProto &assignment);
// Replica-major ids, here and below: ids[replica * num_partitions + partition].
Status check_assignment(int64_t num_replicas, int64_t num_partitions, std::span<const int64_t> ids);
proto::DeviceAssignmentProto assignment_message(int64_t num_replicas, int64_t num_partitions,
                                                std::span<const int64_t> ids);
std::vector<int64_t> ids_of(const proto::DeviceAssignmentProto &assignment);

}  // namespace pje::options
