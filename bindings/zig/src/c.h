#include <pjrt_easy.h>
#include <stdlib.h>
