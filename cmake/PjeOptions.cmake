include(GNUInstallDirs)

option(PJE_SYSTEM_PROTOBUF "Link the system's shared protobuf instead of a hidden static one from PJE_DEPS_DIR" OFF)
set(PJE_DEPS_DIR "${PROJECT_SOURCE_DIR}/build/deps" CACHE PATH
    "Where scripts/build_protobuf.sh put the static protobuf")
set(PJE_SANITIZE "" CACHE STRING "Sanitizers for everything of ours: address, thread or empty")
set_property(CACHE PJE_SANITIZE PROPERTY STRINGS "" address thread)
option(PJE_BUILD_TESTS "Build the tests and the fake plugin" ${PROJECT_IS_TOP_LEVEL})

# Warnings stop our own builds; a release tarball must not break on a compiler newer than ours.
if(EXISTS "${PROJECT_SOURCE_DIR}/.git")
  option(PJE_WERROR "Treat warnings as errors" ON)
else()
  option(PJE_WERROR "Treat warnings as errors" OFF)
endif()

get_property(multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
if(NOT CMAKE_BUILD_TYPE AND NOT multi_config)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  foreach(language C CXX)
    if(NOT DEFINED CMAKE_${language}_COMPILER_LAUNCHER)
      set(CMAKE_${language}_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
    endif()
  endforeach()
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_BUILD_RPATH_USE_ORIGIN ON)

set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}")
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}")
