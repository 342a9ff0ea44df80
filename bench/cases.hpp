// The cases, by what they measure.
#pragma once

#include <string>
#include <vector>

#include "measure.hpp"
#include "session.hpp"

namespace bench {

void add_execute_cases(Session &cpu, std::vector<Case> &cases);
void add_sharded_cases(Session &four_devices, std::vector<Case> &cases);
// Calls from several threads at once.
void add_thread_cases(Session &fake, std::vector<Case> &cases);
void add_transfer_cases(Session &cpu, std::vector<Case> &cases);
// Events, errors, accessors.
void add_small_cases(Session &cpu, std::vector<Case> &cases);
// Compilation and clients.
void add_slow_cases(Session &cpu, std::vector<Case> &cases);
// Loading and peak memory, each in processes of their own that run `helper`.
std::vector<Row> measure_starts(const std::string &helper, const std::string &library,
                                const std::string &plugin, size_t rounds);

}  // namespace bench
