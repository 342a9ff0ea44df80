# pje_protobuf: the runtime to link. pje_protos: our messages, compiled by protoc from src/proto.
find_program(PROTOC_PROGRAM protoc REQUIRED)
find_package(Threads REQUIRED)

add_library(pje_protobuf INTERFACE)
if(PJE_SYSTEM_PROTOBUF)
  find_package(Protobuf REQUIRED)
  target_link_libraries(pje_protobuf INTERFACE protobuf::libprotobuf Threads::Threads)
else()
  set(protobuf_archive "${PJE_DEPS_DIR}/lib/libprotobuf.a")
  if(NOT EXISTS "${protobuf_archive}")
    message(FATAL_ERROR "${protobuf_archive} is missing: run scripts/build_protobuf.sh (once, about 90 s), "
                        "or configure with -DPJE_SYSTEM_PROTOBUF=ON to link the system's shared protobuf")
  endif()
  file(STRINGS "${PJE_DEPS_DIR}/include/google/protobuf/stubs/common.h" header_version
       REGEX "^#define GOOGLE_PROTOBUF_VERSION [0-9]+")
  string(REGEX REPLACE "[^0-9]" "" header_version "${header_version}")
  execute_process(COMMAND "${PROTOC_PROGRAM}" --version OUTPUT_VARIABLE protoc_version COMMAND_ERROR_IS_FATAL ANY)
  if(NOT protoc_version MATCHES "([0-9]+)\\.([0-9]+)\\.([0-9]+)")
    message(FATAL_ERROR "${PROTOC_PROGRAM} --version answered '${protoc_version}'")
  endif()
  math(EXPR protoc_number "${CMAKE_MATCH_1} * 1000000 + ${CMAKE_MATCH_2} * 1000 + ${CMAKE_MATCH_3}")
  if(NOT protoc_number EQUAL header_version)
    message(FATAL_ERROR "protoc is ${protoc_number} but ${PJE_DEPS_DIR} holds ${header_version}: "
                        "run scripts/build_protobuf.sh again")
  endif()
  if(PJE_SANITIZE STREQUAL "thread")
    target_include_directories(pje_protobuf SYSTEM INTERFACE "${PROJECT_SOURCE_DIR}/cmake/tsan")
  endif()
  target_include_directories(pje_protobuf SYSTEM INTERFACE "${PJE_DEPS_DIR}/include")
  target_link_libraries(pje_protobuf INTERFACE "${protobuf_archive}" Threads::Threads)
endif()

# Generated files are included as "proto/x.pb.h" and import each other as "proto/x.proto".
file(GLOB proto_files CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/proto/*.proto")
set(generated_dir "${PROJECT_BINARY_DIR}/generated")
file(MAKE_DIRECTORY "${generated_dir}/proto")
target_include_directories(pje_protobuf SYSTEM INTERFACE "${generated_dir}")

set(generated_sources)
set(generated_headers)
foreach(proto IN LISTS proto_files)
  get_filename_component(name "${proto}" NAME_WE)
  set(source "${generated_dir}/proto/${name}.pb.cc")
  set(header "${generated_dir}/proto/${name}.pb.h")
  add_custom_command(
    OUTPUT "${source}" "${header}"
    COMMAND "${PROTOC_PROGRAM}" "--proto_path=${PROJECT_SOURCE_DIR}/src" "--cpp_out=${generated_dir}" "${proto}"
    DEPENDS ${proto_files}
    COMMENT "protoc src/proto/${name}.proto"
    VERBATIM)
  list(APPEND generated_sources "${source}")
  list(APPEND generated_headers "${header}")
endforeach()

add_custom_target(pje_proto_headers DEPENDS ${generated_headers})
if(generated_sources)
  add_library(pje_protos OBJECT ${generated_sources})
  # protoc's output is not ours to keep free of warnings.
  target_compile_options(pje_protos PRIVATE -w -fvisibility=hidden -fvisibility-inlines-hidden
                         -ffunction-sections -fdata-sections)
  target_link_libraries(pje_protos PRIVATE pje_protobuf)
  set(PJE_PROTO_OBJECTS $<TARGET_OBJECTS:pje_protos>)
endif()
