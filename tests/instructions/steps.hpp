// The calls whose cost is counted, each beside its twin in raw C.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "session.hpp"

struct Step {
  std::string name;
  // Instructions of ours per call: what they should be (0: nothing is set), and what they are.
  long goal;
  long limit;
  // Whether both sides call the plugin in the same order; the calls are the same in any case.
  bool in_order = true;
  virtual ~Step() = default;
  virtual void ours() = 0;
  virtual void raw() = 0;

 protected:
  Step(std::string step_name, long instructions_wanted, long instructions_reached)
      : name(std::move(step_name)), goal(instructions_wanted), limit(instructions_reached) {}
};

std::vector<std::unique_ptr<Step>> make_steps(bench::Session &session);
