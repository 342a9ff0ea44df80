#!/usr/bin/python3
"""Builds a libpjrt_easy.so.0 that passes every call on to the real one and counts it: which exports a test reaches is seen,
not claimed. usage: counting.py REAL_LIBRARY FOLDER

Each export is a trampoline in assembly that adds one to a counter and jumps. The counters lie in the file that PJE_EXPORT_COUNTS
names, one 64-bit number per export in the order of the export list, and add up over processes however they end; without the
variable nothing is kept.
"""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

TRAMPOLINE = """.globl {name}
.type {name}, @function
{name}:
  endbr64
  movq counters(%rip), %r11
  lock incq {offset}(%r11)
  jmp *targets+{offset}(%rip)
.size {name}, .-{name}
"""

SOURCE = """#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static const char *const names[] = {{{names}}};
enum {{ count = sizeof names / sizeof names[0] }};
static uint64_t unkept[count];
__attribute__((visibility("hidden"))) uint64_t *counters = unkept;
__attribute__((visibility("hidden"))) void *targets[count];

static void keep(const char *path) {{
  int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0 || ftruncate(file, sizeof unkept) != 0) return;
  void *kept = mmap(NULL, sizeof unkept, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (kept != MAP_FAILED) counters = kept;
  close(file);
}}

__attribute__((constructor)) static void find_targets(void) {{
  void *real = dlopen("{real}", RTLD_NOW | RTLD_LOCAL);
  if (real == NULL) {{
    fprintf(stderr, "%s\\n", dlerror());
    abort();
  }}
  for (int i = 0; i < count; ++i) targets[i] = dlsym(real, names[i]);
  const char *path = getenv("PJE_EXPORT_COUNTS");
  if (path != NULL) keep(path);
}}
"""


def exports():
    listed = subprocess.run([ROOT / "scripts/gen_exports.py", "--list"], capture_output=True, text=True, check=True).stdout
    return sorted(listed.split())


def read(path, names):
    """How often each export was called, by name."""
    data = pathlib.Path(path).read_bytes()
    return {name: int.from_bytes(data[8 * i:8 * i + 8], sys.byteorder) for i, name in enumerate(names)}


def build(real, folder):
    names = exports()
    folder.mkdir(parents=True, exist_ok=True)
    rows = [TRAMPOLINE.format(name=name, offset=8 * i) for i, name in enumerate(names)]
    (folder / "trampolines.S").write_text(".text\n" + "".join(rows) + '.section .note.GNU-stack,"",@progbits\n')
    (folder / "counting.c").write_text(SOURCE.format(real=real, names=", ".join(f'"{name}"' for name in names)))
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", folder / "libpjrt_easy.so.0", folder / "counting.c",
                    folder / "trampolines.S", "-Wl,-soname,libpjrt_easy.so.0",
                    f"-Wl,--version-script={ROOT / 'src/capi/exports.map'}"], check=True)


if __name__ == "__main__":
    build(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
