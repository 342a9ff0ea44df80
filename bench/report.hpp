// The table for people and the file for programs.
#pragma once

#include <string>
#include <vector>

#include "measure.hpp"

namespace bench {

void print_header();
void print_row(const Row &row);
// False when the file cannot be written.
bool write_json(const std::string &path, const std::vector<Row> &rows);

}  // namespace bench
