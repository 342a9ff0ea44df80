set(library_sources)
foreach(layer base abi core io extensions capi proto)
  file(GLOB layer_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/${layer}/*.cc")
  list(APPEND library_sources ${layer_sources})
endforeach()
set(header_dir "${PROJECT_SOURCE_DIR}/include")
file(GLOB public_headers CONFIGURE_DEPENDS "${header_dir}/*.h" "${header_dir}/pjrt_easy/*.h")

# Where every instruction counts: g++ packs two pointers into a vector register to store them at once, which takes
# more of them than two stores.
include(CheckCXXCompilerFlag)
check_cxx_compiler_flag(-fno-tree-slp-vectorize PJE_HAS_NO_SLP_VECTORIZE)
if(PJE_HAS_NO_SLP_VECTORIZE)
  set_source_files_properties(
    "${PROJECT_SOURCE_DIR}/src/capi/buffer.cc" "${PROJECT_SOURCE_DIR}/src/capi/event.cc"
    "${PROJECT_SOURCE_DIR}/src/core/buffer.cc" "${PROJECT_SOURCE_DIR}/src/core/event.cc"
    "${PROJECT_SOURCE_DIR}/src/core/buffer_upload.cc" "${PROJECT_SOURCE_DIR}/src/core/execute_plain.cc"
    "${PROJECT_SOURCE_DIR}/src/core/prepared_call.cc"
    PROPERTIES COMPILE_OPTIONS -fno-tree-slp-vectorize)
endif()

add_library(pje_objects OBJECT ${library_sources})
add_dependencies(pje_objects pje_proto_headers)
target_link_libraries(pje_objects PRIVATE pje_flags pje_protobuf)

# The exports are exactly what the headers declare.
set(export_map "${PROJECT_SOURCE_DIR}/src/capi/exports.map")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${export_map}")

add_library(pjrt_easy SHARED $<TARGET_OBJECTS:pje_objects> ${PJE_PROTO_OBJECTS})
add_library(pjrt_easy::pjrt_easy ALIAS pjrt_easy)
set_target_properties(pjrt_easy PROPERTIES
  VERSION ${PROJECT_VERSION} SOVERSION 0 LINKER_LANGUAGE CXX LINK_DEPENDS "${export_map}")
target_include_directories(pjrt_easy PUBLIC
  "$<BUILD_INTERFACE:${header_dir}>" "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
target_link_libraries(pjrt_easy PRIVATE $<BUILD_INTERFACE:pje_flags> $<BUILD_INTERFACE:pje_protobuf> ${CMAKE_DL_LIBS})
target_link_options(pjrt_easy PRIVATE
  LINKER:--exclude-libs,ALL "LINKER:--version-script=${export_map}" LINKER:-z,nodelete)
if(NOT PJE_SANITIZE)
  # clang leaves the sanitizer's symbols to the executable.
  target_link_options(pjrt_easy PRIVATE LINKER:-z,defs)
endif()

# The same objects with their C++ names in reach, for unit tests.
add_library(pjrt_easy_internal STATIC EXCLUDE_FROM_ALL $<TARGET_OBJECTS:pje_objects> ${PJE_PROTO_OBJECTS})
set_target_properties(pjrt_easy_internal PROPERTIES LINKER_LANGUAGE CXX)
target_link_libraries(pjrt_easy_internal PUBLIC pje_flags pje_protobuf ${CMAKE_DL_LIBS})

file(GLOB cli_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/cli/*.cc")
if(cli_sources)
  find_package(CLI11 REQUIRED)
  find_package(fmt REQUIRED)
  find_package(nlohmann_json REQUIRED)
  # The checks of plugins belong to the command alone.
  file(GLOB conform_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/conform/*.cc")
  add_library(pje_conform STATIC ${conform_sources} "${PROJECT_SOURCE_DIR}/src/base/text.cc"
              "${PROJECT_SOURCE_DIR}/src/base/dtype.cc")
  target_link_libraries(pje_conform PUBLIC pje_flags ${CMAKE_DL_LIBS})
  # Arguments are written with designated initializers: what is not named is zero.
  target_compile_options(pje_conform PRIVATE -Wno-missing-field-initializers)
  add_executable(pjrt-easy ${cli_sources})
  target_link_libraries(pjrt-easy PRIVATE pje_flags pjrt_easy pje_conform CLI11::CLI11 fmt::fmt nlohmann_json::nlohmann_json)
endif()
