# Sourced from the root of the repository: a Julia that works, and the library in the build folder.
# shellcheck shell=sh
BUILD=${BUILD:-$PWD/build}
export BUILD
scripts/setup_julia.sh
JULIA_START=$BUILD/deps/julia/julia
PJRT_EASY_LIB=$BUILD/libpjrt_easy.so
# Compiled code is kept in the build folder, not in the user's.
JULIA_DEPOT_PATH=$BUILD/julia
export JULIA_START PJRT_EASY_LIB JULIA_DEPOT_PATH
