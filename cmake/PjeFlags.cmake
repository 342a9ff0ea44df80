# pje_flags: what every file of ours compiles and links with; targets link it PRIVATE.
include(CheckCXXCompilerFlag)
include(CheckLinkerFlag)

add_library(pje_flags INTERFACE)
target_include_directories(pje_flags INTERFACE "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/include")
target_compile_options(pje_flags INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Werror=format-security
  -fvisibility=hidden $<$<COMPILE_LANGUAGE:CXX>:-fvisibility-inlines-hidden>
  -ffunction-sections -fdata-sections)
# No library of ours names the machine it was built on; a debug build has to, for the debugger.
add_compile_options("$<$<NOT:$<CONFIG:Debug>>:-ffile-prefix-map=${PROJECT_SOURCE_DIR}=.>")
if(PJE_WERROR)
  target_compile_options(pje_flags INTERFACE -Werror)
endif()

set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")
set(CMAKE_C_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")

foreach(flag -fno-gnu-unique -fstack-protector-strong -fstack-clash-protection -fcf-protection=full
        -mbranch-protection=standard -ftrivial-auto-var-init=zero -fno-delete-null-pointer-checks)
  string(MAKE_C_IDENTIFIER "PJE_HAS${flag}" has_flag)
  set(CMAKE_REQUIRED_FLAGS "-Werror")
  check_cxx_compiler_flag(${flag} ${has_flag})
  unset(CMAKE_REQUIRED_FLAGS)
  if(${has_flag})
    target_compile_options(pje_flags INTERFACE ${flag})
  endif()
endforeach()

foreach(flag relro now noexecstack)
  target_link_options(pje_flags INTERFACE "LINKER:-z,${flag}")
endforeach()
target_link_options(pje_flags INTERFACE LINKER:--as-needed LINKER:--gc-sections)

if(PJE_SANITIZE STREQUAL "address")
  set(sanitize -fsanitize=address,undefined -fno-sanitize-recover=undefined)
elseif(PJE_SANITIZE STREQUAL "thread")
  set(sanitize -fsanitize=thread)
elseif(PJE_SANITIZE)
  message(FATAL_ERROR "PJE_SANITIZE is '${PJE_SANITIZE}'; known are address and thread")
endif()

if(PJE_CHECK_LOCKS)
  target_compile_definitions(pje_flags INTERFACE PJE_CHECK_LOCKS)
endif()

if(PJE_SANITIZE)
  # Global, so that protobuf's generated code and the tests' main are instrumented alike.
  add_compile_options(${sanitize} -fno-omit-frame-pointer)
  add_link_options(${sanitize})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ takes the sanitizers' own temporaries for uses of what is not initialized (in fmt's templates).
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-Wno-uninitialized> $<$<COMPILE_LANGUAGE:CXX>:-Wno-maybe-uninitialized>)
  endif()
  set(PJE_SANITIZE_FLAGS ${sanitize})
  # The instrumentation hides from g++ that a variant's other members are not read.
  target_compile_options(pje_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
else()
  target_compile_definitions(pje_flags INTERFACE _GLIBCXX_ASSERTIONS)
  # The library's checks need optimisation, and the sanitizers intercept the same functions.
  target_compile_options(pje_flags INTERFACE
    $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE> $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=3>)
endif()
