// One line about any object, for logs and for people: what it is, its state, types, places and names; no
// addresses.
#pragma once

#include <string>

#include "base/array_type.hpp"

namespace pje {

class Array;
class Buffer;
class BufferReference;
class Bytes;
class Chunk;
class Client;
class CompileOptions;
class CompletionQueue;
class CopyStream;
class Device;
class DeviceAssignment;
class DeviceDescription;
class DmaMapping;
class Error;
class Event;
class Executable;
class ExecuteContext;
class ExecuteHandlers;
class Fulfilment;
class HostView;
class KvStore;
class Layout;
class LoadedExecutable;
class Memory;
class NamedValues;
class Plugin;
class PreparedCall;
class Program;
class RequestQueue;
class Topology;
class TrackingEvent;
class TransferManager;

// A new type of object needs a function here, a row in capi/describe.cc and a declaration in the header.
std::string describe(const Array &array);
std::string describe(Buffer &buffer);
std::string describe(const BufferReference &reference);
std::string describe(const Bytes &bytes);
std::string describe(const Chunk &chunk);
std::string describe(const Client &client);
std::string describe(const CompileOptions &options);
std::string describe(CompletionQueue &queue);
std::string describe(const CopyStream &stream);
std::string describe(const Device &device);
std::string describe(const DeviceAssignment &assignment);
std::string describe(const DeviceDescription &description);
std::string describe(const DmaMapping &mapping);
std::string describe(const Error &error);
std::string describe(const Event &event);
std::string describe(const Executable &executable);
std::string describe(const ExecuteContext &context);
std::string describe(const ExecuteHandlers &handlers);
std::string describe(const Fulfilment &fulfilment);
std::string describe(const HostView &view);
std::string describe(const KvStore &store);
std::string describe(const Layout &layout);
std::string describe(const LoadedExecutable &executable);
std::string describe(const Memory &memory);
std::string describe(const NamedValues &values);
std::string describe(const Plugin &plugin);
std::string describe(const PreparedCall &call);
std::string describe(const Program &program);
std::string describe(RequestQueue &queue);
std::string describe(const Topology &topology);
std::string describe(const TrackingEvent &event);
std::string describe(const TransferManager &manager);

}  // namespace pje
