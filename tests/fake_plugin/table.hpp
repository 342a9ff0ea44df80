// The function table as the minor in force had it.
#pragma once

#include "abi/pjrt_abi.h"

namespace fake {

const PJRT_Api *TheTable();
void RebuildTable();

}  // namespace fake
