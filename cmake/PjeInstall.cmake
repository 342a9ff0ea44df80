include(CMakePackageConfigHelpers)

file(RELATIVE_PATH relative_prefix "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
string(REGEX REPLACE "/$" "" relative_prefix "${relative_prefix}")
# Relative to the file, so an unpacked tree works wherever it lies; a distribution's prefix stays as it is.
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  set(PJE_PC_PREFIX "/usr")
else()
  set(PJE_PC_PREFIX "\${pcfiledir}/${relative_prefix}")
endif()
configure_file(pkgconfig/pjrt_easy.pc.in "${PROJECT_BINARY_DIR}/pjrt_easy.pc" @ONLY)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/pjrt_easy")
configure_package_config_file(cmake/pjrt_easyConfig.cmake.in "${PROJECT_BINARY_DIR}/pjrt_easyConfig.cmake"
                              INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/pjrt_easyConfigVersion.cmake"
                                 COMPATIBILITY SameMinorVersion)

install(TARGETS pjrt_easy EXPORT pjrt_easyTargets
        LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT runtime NAMELINK_COMPONENT development)
install(FILES include/pjrt_easy.h DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT development)
install(DIRECTORY include/pjrt_easy DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT development
        FILES_MATCHING PATTERN "*.h")
install(FILES "${PROJECT_BINARY_DIR}/pjrt_easy.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig"
        COMPONENT development)
install(EXPORT pjrt_easyTargets NAMESPACE pjrt_easy:: DESTINATION "${package_dir}" COMPONENT development)
install(FILES "${PROJECT_BINARY_DIR}/pjrt_easyConfig.cmake" "${PROJECT_BINARY_DIR}/pjrt_easyConfigVersion.cmake"
        DESTINATION "${package_dir}" COMPONENT development)

if(TARGET pjrt-easy)
  # Outside the system's own prefix the loader would not find the library.
  if(NOT CMAKE_INSTALL_PREFIX STREQUAL "/usr")
    file(RELATIVE_PATH bin_to_lib "/${CMAKE_INSTALL_BINDIR}" "/${CMAKE_INSTALL_LIBDIR}")
    set_target_properties(pjrt-easy PROPERTIES INSTALL_RPATH "$ORIGIN/${bin_to_lib}")
  endif()
  install(TARGETS pjrt-easy RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT runtime)
endif()
