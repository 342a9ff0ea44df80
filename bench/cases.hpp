// The cases, by what they measure.
#pragma once

#include <string>
#include <vector>

#include "measure.hpp"
#include "session.hpp"

namespace bench {

void add_execute_cases(Session &cpu, Plan &plan);
void add_sharded_case(Session &session, size_t num_devices, Plan &plan);
// Calls from several threads at once.
void add_thread_cases(Session &fake, Plan &plan);
void add_upload_cases(Session &cpu, Plan &plan);
// Reads, views, and arrays in and out of a run.
void add_read_cases(Session &cpu, Plan &plan);
// Events, errors, accessors.
void add_small_cases(Session &cpu, Plan &plan);
// Compilation and clients.
void add_slow_cases(Session &cpu, Plan &plan);
// Loading and peak memory, each in processes of their own that run `helper`.
extern const std::vector<std::string> start_names;
std::vector<Row> measure_starts(const std::string &helper, const std::string &library,
                                const std::string &plugin, size_t rounds);

}  // namespace bench
