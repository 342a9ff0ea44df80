// The checks, area by area. A name is AREA.WHAT; each runs in a process of its own.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "conform/session.hpp"

namespace pje::conform {

struct Check {
  std::string name;
  std::string what;
  std::function<void(Session &)> run;
};

std::vector<Check> table_checks();
std::vector<Check> error_checks();
std::vector<Check> client_checks();
std::vector<Check> device_checks();
std::vector<Check> event_checks();
std::vector<Check> buffer_checks();
std::vector<Check> transfer_checks();
std::vector<Check> compile_checks();
std::vector<Check> execute_checks();
std::vector<Check> topology_checks();

// Every check, in the order in which they run.
std::vector<Check> all_checks();

}  // namespace pje::conform
