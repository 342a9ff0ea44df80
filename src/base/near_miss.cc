#include "base/near_miss.hpp"

#include <algorithm>
#include <vector>

namespace pje {

size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

void NearMiss::consider(std::string_view candidate) {
  size_t difference =
      candidate.size() > wrong_.size() ? candidate.size() - wrong_.size() : wrong_.size() - candidate.size();
  if (difference >= distance_) return;
  size_t distance = edit_distance(wrong_, candidate);
  if (distance >= distance_) return;
  distance_ = distance;
  best_ = candidate;
}

}  // namespace pje
