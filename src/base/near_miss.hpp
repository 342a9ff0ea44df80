// "Did you mean": the known name that a wrong one is closest to.
#pragma once

#include <cstddef>
#include <string_view>

namespace pje {

// Number of letters to insert, delete, replace or swap with their neighbour to come from one to the other.
size_t edit_distance(std::string_view a, std::string_view b);

// Collects candidates one by one; keeps the closest of those at most `limit` edits away.
class NearMiss {
 public:
  NearMiss(std::string_view wrong, size_t limit) noexcept : wrong_(wrong), distance_(limit + 1) {}
  void consider(std::string_view candidate);
  // Empty when none was close enough.
  std::string_view best() const noexcept { return best_; }

 private:
  std::string_view wrong_;
  std::string_view best_;
  size_t distance_;
};

}  // namespace pje
