// PJE_VALIDATE=1: every handle names one object for ever, and what is held too long is told with where it was
// made.
//
// Slots are then never used a second time: a handle that was released stays wrong, however much is made after
// it. Nothing of this is on the way of a program that does not ask for it.
#pragma once

#include <cstdint>
#include <string>

#include "base/mutex.hpp"

namespace pje {

struct Slot;

// Read once, from the environment; never in a process with raised privileges.
bool validating() noexcept;

// A slot begins its one life, made by the calls on this thread's stack; a slot has ended it.
void note_taken(Slot &slot) noexcept;
void note_given(Slot &slot) noexcept;

// "pje_buffer_from_host, called from program+0x1234"; without validation, or memory, how to get it.
std::string creation_site(const Slot &slot);

// Held while sites are noted; kept usable in children made by fork.
Mutex &creation_sites_mutex() noexcept;

// Logs every object that the program holds; how many there are.
uint64_t report_held_objects(const char *when) noexcept;
// When a client has ended: reports if it was the last one, and handles are validated.
void report_after_last_client(bool was_last) noexcept;

}  // namespace pje
