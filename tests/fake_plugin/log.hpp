// The log= file: one line per call received, shared by processes that append to it.
#pragma once

#include <string>

namespace fake {

bool OpenLog(const std::string &path);
bool LogIsOpen();
// The trace= file: what came into each call, and what went out, byte by byte.
bool OpenTrace(const std::string &path);
bool TraceIsOpen();
void TraceLine(std::string line);
std::string Hex(const void *data, size_t size);
// Adds the newline and writes the line in one piece.
void LogLine(std::string line);
// "tid=…", the column that tells the threads apart.
std::string ThreadColumn();

}  // namespace fake
