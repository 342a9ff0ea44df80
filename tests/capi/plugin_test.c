#define _POSIX_C_SOURCE 200809L

#include "harness.h"

#include <sys/stat.h>
#include <unistd.h>

static const char kLoad[] = "pje_plugin_load";

OK(pje_plugin_load, twice_gives_the_same) {
  pje_plugin *first = load_fake();
  pje_plugin *second = load_fake();
  assert_ptr_equal(first, second);
  pje_plugin_release(first);
  assert_true(pje_plugin_api_minor(second) >= 57);
  pje_plugin_release(second);
}

/* The folder that holds the fake plugin. */
static const char *fake_folder(void) {
  static char folder[512];
  snprintf(folder, sizeof folder, "%s", fake_path());
  *strrchr(folder, '/') = '\0';
  return folder;
}

OK(pje_plugin_load, name_in_search_paths) {
  const char *paths[] = {"/nowhere", fake_folder()};
  pje_plugin_options options = PJE_PLUGIN_OPTIONS_INIT;
  options.search_paths = paths;
  options.num_search_paths = 2;
  pje_plugin *plugin = NULL;
  expect_ok(pje_plugin_load("fake", &options, &plugin));
  assert_string_equal(strrchr(pje_plugin_path(plugin), '/'), "/libpjrt_fake.so");
  pje_plugin_release(plugin);
}
OK(pje_plugin_load, name_in_the_environment) {
  char value[600];
  pje_plugin *plugin = NULL;
  snprintf(value, sizeof value, "/nowhere:%s", fake_folder());
  setenv("PJE_PLUGIN_PATH", value, 1);
  expect_ok(pje_plugin_load("fake", NULL, &plugin));
  pje_plugin_release(plugin);
  unsetenv("PJE_PLUGIN_PATH");
  snprintf(value, sizeof value, "other:/nowhere/x.so,mine:%s", fake_path());
  setenv("PJRT_NAMES_AND_LIBRARY_PATHS", value, 1);
  expect_ok(pje_plugin_load("mine", NULL, &plugin));
  pje_plugin_release(plugin);
  unsetenv("PJRT_NAMES_AND_LIBRARY_PATHS");
}
OK(pje_plugin_load, link_to_the_file_is_the_same_plugin) {
  const char *link = temporary_path("pjrt_c_api_linked_plugin.so");
  assert_int_equal(symlink(fake_path(), link), 0);
  pje_plugin *plugin = NULL, *same = load_fake();
  expect_ok(pje_plugin_load(link, NULL, &plugin));
  assert_ptr_equal(plugin, same);
  pje_plugin_release(plugin);
  pje_plugin_release(same);
}
OK(pje_plugin_load, minor_57_is_taken) {
  pje_plugin *plugin = load_fake();
  assert_int_equal(pje_plugin_api_minor(plugin), 57);
  assert_false(pje_plugin_has_function(plugin, "PJRT_Buffer_Bitcast"));
  pje_plugin_release(plugin);
}
OK(pje_plugin_load, minor_newer_than_known) {
  pje_plugin *plugin = load_fake();
  assert_int_equal(pje_plugin_api_minor(plugin), 130);
  pje_plugin_release(plugin);
}

/* Loading `path` is refused and nothing is written. */
static void expect_no_plugin(const char *path, pje_code code, const char *part) {
  pje_plugin *plugin = (pje_plugin *)&plugin;
  expect_error(pje_plugin_load(path, NULL, &plugin), code, kLoad, part);
  assert_null(plugin);
}
FAILS(pje_plugin_load, missing_file) { expect_no_plugin("/nowhere/libpjrt_x.so", PJE_NOT_FOUND, "/nowhere"); }
FAILS(pje_plugin_load, folder) { expect_no_plugin("/tmp/", PJE_INVALID_ARGUMENT, "/tmp"); }
FAILS(pje_plugin_load, not_elf) {
  const char *path = temporary_path("text.so");
  write_file(path, "this is not a shared object\n", 28);
  expect_no_plugin(path, PJE_INVALID_ARGUMENT, "ELF");
  path = temporary_path("empty.so");
  write_file(path, "", 0);
  expect_no_plugin(path, PJE_INVALID_ARGUMENT, "empty.so");
}
FAILS(pje_plugin_load, broken_elf) {
  const char *path = temporary_path("broken.so");
  write_file(path, "\177ELF\002\001\001 and no more", 20);
  expect_no_plugin(path, PJE_INVALID_ARGUMENT, "broken.so");
}
FAILS(pje_plugin_load, unreadable) {
  const char *path = temporary_path("unreadable.so");
  write_file(path, "\177ELF", 4);
  assert_int_equal(chmod(path, 0), 0);
  /* Root reads everything, so root becomes somebody else for this call. */
  bool is_root = geteuid() == 0;
  if (is_root) {
    char folder[512];
    snprintf(folder, sizeof folder, "%s", path);
    *strrchr(folder, '/') = '\0';
    assert_int_equal(chmod(folder, 0755), 0);
    assert_int_equal(seteuid(65534), 0);
  }
  expect_no_plugin(path, PJE_PERMISSION_DENIED, "unreadable.so");
  if (is_root) assert_int_equal(seteuid(0), 0);
}
FAILS(pje_plugin_load, no_get_pjrt_api) {
  expect_no_plugin(PJE_TEST_BUILD_DIR "/libpjrt_easy.so", PJE_INVALID_ARGUMENT, "GetPjrtApi");
}
FAILS(pje_plugin_load, table_too_short) { expect_no_plugin(fake_path(), PJE_INVALID_ARGUMENT, "table"); }
FAILS(pje_plugin_load, major_1) { expect_no_plugin(fake_path(), PJE_FAILED_PRECONDITION, "1."); }
FAILS(pje_plugin_load, minor_56) { expect_no_plugin(fake_path(), PJE_FAILED_PRECONDITION, "0.56"); }
/* The fake says what is wrong with its environment when it is initialized. */
FAILS(pje_plugin_load, initialize_is_called) {
  pje_plugin *plugin = NULL;
  expect_error(pje_plugin_load(fake_path(), NULL, &plugin), PJE_INVALID_ARGUMENT, "PJRT_Plugin_Initialize",
               "'colour'");
}
FAILS(pje_plugin_load, initialize_fails) {
  pje_plugin *plugin = (pje_plugin *)&plugin;
  expect_error(pje_plugin_load(fake_path(), NULL, &plugin), PJE_INTERNAL, "PJRT_Plugin_Initialize",
               "no luck");
  assert_null(plugin);
}
FAILS(pje_plugin_load, unknown_name_lists_every_place) {
  const char *paths[] = {"/nowhere", "relative"};
  pje_plugin_options options = PJE_PLUGIN_OPTIONS_INIT;
  options.search_paths = paths;
  options.num_search_paths = 2;
  setenv("PJE_PLUGIN_PATH", "/elsewhere", 1);
  pje_plugin *plugin = NULL;
  pje_error *error = pje_plugin_load("nosuchplugin", &options, &plugin);
  static const char *const kParts[] = {"/nowhere/libpjrt_nosuchplugin.so",
                                       "/nowhere/pjrt_c_api_nosuchplugin_plugin.so", "relative",
                                       "/elsewhere/libpjrt_nosuchplugin.so", "PJRT_NAMES_AND_LIBRARY_PATHS"};
  for (size_t i = 0; i < COUNT(kParts); ++i) assert_non_null(strstr(pje_error_detail(error), kParts[i]));
  expect_error(error, PJE_NOT_FOUND, kLoad, "nosuchplugin");
  unsetenv("PJE_PLUGIN_PATH");
}
FAILS(pje_plugin_load, name_that_is_none) {
  static const char *const kNames[] = {"", "..", "a b", "libpjrt_\n"};
  for (size_t i = 0; i < COUNT(kNames); ++i) {
    pje_plugin *plugin = NULL;
    expect_invalid(pje_plugin_load(kNames[i], NULL, &plugin), kLoad, "name");
  }
}
FAILS(pje_plugin_load, null_arguments) {
  pje_plugin *plugin = (pje_plugin *)&plugin;
  expect_invalid(pje_plugin_load(NULL, NULL, &plugin), kLoad, "name_or_path");
  assert_null(plugin);
  expect_invalid(pje_plugin_load(fake_path(), NULL, NULL), kLoad, "out");
}
FAILS(pje_plugin_load, wrong_sha256) {
  pje_plugin_options options = PJE_PLUGIN_OPTIONS_INIT;
  pje_plugin *plugin = NULL;
  options.sha256 = "0000000000000000000000000000000000000000000000000000000000000000";
  expect_invalid(pje_plugin_load(fake_path(), &options, &plugin), kLoad, "sha256");
  options.sha256 = "abc";
  expect_invalid(pje_plugin_load(fake_path(), &options, &plugin), kLoad, "64");
}
FAILS(pje_plugin_load, options) {
  struct {
    pje_plugin_options known;
    uint64_t newer;
  } options = {PJE_PLUGIN_OPTIONS_INIT, 0};
  pje_plugin *plugin = NULL;
  options.known.struct_size = sizeof options;
  expect_ok(pje_plugin_load(fake_path(), &options.known, &plugin));
  pje_plugin_release(plugin);
  options.newer = 1;
  expect_error(pje_plugin_load(fake_path(), &options.known, &plugin), PJE_UNIMPLEMENTED, kLoad,
               "pje_plugin_options");
  options.known.struct_size = 0;
  expect_invalid(pje_plugin_load(fake_path(), &options.known, &plugin), kLoad, "struct_size");
  options.known.struct_size = sizeof options.known;
  options.known.num_search_paths = 1;
  expect_invalid(pje_plugin_load(fake_path(), &options.known, &plugin), kLoad, "search_paths");
  options.known.num_search_paths = 0;
  options.known.flags = 1;
  expect_error(pje_plugin_load(fake_path(), &options.known, &plugin), PJE_UNIMPLEMENTED, kLoad, "flags");
  assert_null(plugin);
}

OK(pje_plugin_from_api, same_table_same_plugin) {
  pje_plugin *loaded = load_fake();
  pje_plugin *first = NULL, *second = NULL;
  expect_ok(pje_plugin_from_api(pje_plugin_api(loaded), &first));
  expect_ok(pje_plugin_from_api(pje_plugin_api(loaded), &second));
  assert_ptr_equal(first, second);
  assert_int_equal(pje_plugin_api_minor(first), pje_plugin_api_minor(loaded));
  pje_client *client = NULL;
  expect_ok(pje_client_create(first, NULL, &client));
  pje_client_release(client);
  pje_plugin_release(first);
  pje_plugin_release(second);
  pje_plugin_release(loaded);
}
FAILS(pje_plugin_from_api, null_or_too_short) {
  static const size_t table[8] = {8};
  pje_plugin *plugin = (pje_plugin *)&plugin;
  expect_invalid(pje_plugin_from_api(NULL, &plugin), "pje_plugin_from_api", "pjrt_api");
  assert_null(plugin);
  expect_invalid(pje_plugin_from_api(table, &plugin), "pje_plugin_from_api", "8 bytes");
  expect_invalid(pje_plugin_from_api(table, NULL), "pje_plugin_from_api", "out");
}

OK(pje_plugin_retain, counts_up) {
  pje_plugin *plugin = load_fake();
  assert_ptr_equal(pje_plugin_retain(plugin), plugin);
  uint64_t before = pje_misuse_count();
  pje_plugin_release(plugin);
  pje_plugin_release(plugin);
  assert_int_equal(pje_misuse_count(), before);
  assert_null(pje_plugin_retain(NULL));
}
FAILS(pje_plugin_retain, wrong_handle) {
  FOR_WRONG_HANDLES(pje_plugin, h) {
    uint64_t before = pje_misuse_count();
    pje_plugin_retain(h);
    assert_int_equal(pje_misuse_count() - before, h == NULL ? 0 : 1);
  }
}
OK(pje_plugin_release, code_stays_loaded) {
  pje_plugin *plugin = load_fake();
  const char *path = pje_plugin_path(plugin);
  char copy[512];
  snprintf(copy, sizeof copy, "%s", path);
  pje_plugin_release(plugin);
  pje_plugin_release(NULL);
  plugin = load_fake();
  assert_string_equal(pje_plugin_path(plugin), copy);
  pje_plugin_release(plugin);
}
FAILS(pje_plugin_release, wrong_or_too_often) {
  FOR_WRONG_HANDLES(pje_plugin, h) {
    uint64_t before = pje_misuse_count();
    pje_plugin_release(h);
    assert_int_equal(pje_misuse_count() - before, h == NULL ? 0 : 1);
  }
  pje_plugin *plugin = load_fake();
  pje_plugin_release(plugin);
  uint64_t before = pje_misuse_count();
  pje_plugin_release(plugin);
  assert_int_equal(pje_misuse_count() - before, 1);
}

OK(pje_plugin_api, is_the_table) {
  pje_plugin *plugin = load_fake();
  const size_t *table = pje_plugin_api(plugin);
  assert_true(table[0] > 100 * sizeof(void *));
  pje_plugin_release(plugin);
}
ANSWERS_WRONG_HANDLE(pje_plugin_api, pje_plugin, assert_null(pje_plugin_api(h)))

OK(pje_plugin_api_major, is_zero) {
  pje_plugin *plugin = load_fake();
  uint64_t before = pje_misuse_count();
  assert_int_equal(pje_plugin_api_major(plugin), 0);
  assert_int_equal(pje_misuse_count(), before);
  pje_plugin_release(plugin);
}
ANSWERS_WRONG_HANDLE(pje_plugin_api_major, pje_plugin, assert_int_equal(pje_plugin_api_major(h), 0))
OK(pje_plugin_api_minor, as_set) {
  pje_plugin *plugin = load_fake();
  assert_int_equal(pje_plugin_api_minor(plugin), 81);
  pje_plugin_release(plugin);
}
ANSWERS_WRONG_HANDLE(pje_plugin_api_minor, pje_plugin, assert_int_equal(pje_plugin_api_minor(h), 0))
OK(pje_plugin_path, is_absolute) {
  pje_plugin *plugin = load_fake();
  assert_int_equal(pje_plugin_path(plugin)[0], '/');
  pje_plugin *wrapped = NULL;
  expect_ok(pje_plugin_from_api(pje_plugin_api(plugin), &wrapped));
  assert_true(wrapped == plugin || pje_plugin_path(wrapped)[0] == '\0');
  pje_plugin_release(wrapped);
  pje_plugin_release(plugin);
}
ANSWERS_WRONG_HANDLE(pje_plugin_path, pje_plugin, assert_string_equal(pje_plugin_path(h), ""))

OK(pje_plugin_attributes, of_every_kind) {
  pje_plugin *plugin = load_fake();
  const pje_named_values *attributes = pje_plugin_attributes(plugin);
  const int64_t *version = NULL;
  size_t count = 0;
  const char *text = NULL;
  float number = 0;
  bool flag = false;
  assert_int_equal(pje_named_values_count(attributes), 6);
  expect_ok(pje_named_values_get_int64_list(
      attributes, pje_named_values_find(attributes, "stablehlo_current_version"), &version, &count));
  assert_int_equal(count, 3);
  assert_int_equal(version[1], 20);
  expect_ok(pje_named_values_get_string(attributes, pje_named_values_find(attributes, "plugin"), &text));
  assert_string_equal(text, "pjrt_easy fake");
  expect_ok(pje_named_values_get_float(attributes, pje_named_values_find(attributes, "fake_float"), &number));
  assert_true(number == 0.5F);
  expect_ok(pje_named_values_get_bool(attributes, pje_named_values_find(attributes, "fake_bool"), &flag));
  assert_true(flag);
  pje_plugin_release(plugin);
}
OK(pje_plugin_attributes, empty_when_the_function_is_missing) {
  pje_plugin *plugin = load_fake();
  assert_non_null(pje_plugin_attributes(plugin));
  assert_int_equal(pje_named_values_count(pje_plugin_attributes(plugin)), 0);
  pje_plugin_release(plugin);
}
ANSWERS_WRONG_HANDLE(pje_plugin_attributes, pje_plugin, assert_null(pje_plugin_attributes(h)))

OK(pje_plugin_has_function, every_function_of_the_newest_table) {
  pje_plugin *plugin = load_fake();
  for (size_t i = 0; i < pje_num_functions(); ++i)
    assert_true(pje_plugin_has_function(plugin, pje_function_name(i)));
  pje_plugin_release(plugin);
}
OK(pje_plugin_has_function, not_what_is_null_or_cut) {
  pje_plugin *plugin = load_fake();
  size_t cut = 0;
  while (strcmp(pje_function_name(cut), "PJRT_Event_Set") != 0) ++cut;
  for (size_t i = 0; i < pje_num_functions(); ++i) {
    bool is_null = strcmp(pje_function_name(i), "PJRT_Buffer_Device") == 0;
    if (pje_plugin_has_function(plugin, pje_function_name(i)) != (i < cut && !is_null))
      fail_msg("%s, the table is cut at %s", pje_function_name(i), pje_function_name(cut));
  }
  pje_plugin_release(plugin);
}
ANSWERS_WRONG_HANDLE(pje_plugin_has_function, pje_plugin,
                     assert_false(pje_plugin_has_function(h, "PJRT_Client_Create")))
FAILS(pje_plugin_has_function, unknown_name) {
  pje_plugin *plugin = load_fake();
  assert_false(pje_plugin_has_function(plugin, "PJRT_Client_Creat"));
  assert_false(pje_plugin_has_function(plugin, "PJRT_Client_Created"));
  assert_false(pje_plugin_has_function(plugin, ""));
  assert_false(pje_plugin_has_function(plugin, NULL));
  pje_plugin_release(plugin);
}

OK(pje_plugin_has_extension, unknown_types_too) {
  pje_plugin *plugin = load_fake();
  assert_true(pje_plugin_has_extension(plugin, 1000));
  assert_true(pje_plugin_has_extension(plugin, PJE_EXTENSION_UNKNOWN));
  pje_plugin_release(plugin);
}
FAILS(pje_plugin_has_extension, absent) {
  pje_plugin *plugin = load_fake();
  assert_false(pje_plugin_has_extension(plugin, 1001));
  assert_false(pje_plugin_has_extension(plugin, -1));
  pje_plugin_release(plugin);
}
ANSWERS_WRONG_HANDLE(pje_plugin_has_extension, pje_plugin, assert_false(pje_plugin_has_extension(h, 0)))
OK(pje_plugin_raw_extension, is_the_plugins_own) {
  pje_plugin *plugin = load_fake();
  const size_t *extension = pje_plugin_raw_extension(plugin, 1000);
  assert_non_null(extension);
  assert_true(extension[0] >= 3 * sizeof(void *));
  pje_plugin_release(plugin);
}
FAILS(pje_plugin_raw_extension, absent) {
  pje_plugin *plugin = load_fake();
  assert_null(pje_plugin_raw_extension(plugin, 1001));
  pje_plugin_release(plugin);
}
ANSWERS_WRONG_HANDLE(pje_plugin_raw_extension, pje_plugin, assert_null(pje_plugin_raw_extension(h, 0)))

OK(pje_plugin_num_extensions, cuts_a_cycle) {
  pje_plugin *plugin = load_fake();
  assert_int_equal(pje_plugin_num_extensions(plugin), 2);
  pje_plugin_release(plugin);
}
ANSWERS_WRONG_HANDLE(pje_plugin_num_extensions, pje_plugin, assert_int_equal(pje_plugin_num_extensions(h), 0))
OK(pje_plugin_extension, type_name_and_size) {
  pje_plugin *plugin = load_fake();
  int32_t type = 0;
  const char *name = NULL;
  size_t size = 0;
  assert_true(pje_plugin_extension(plugin, 0, &type, &name, &size));
  assert_int_equal(type, 1000);
  assert_string_equal(name, "");
  assert_int_equal(size, 3 * sizeof(void *));
  assert_true(pje_plugin_extension(plugin, 1, &type, &name, NULL));
  assert_int_equal(type, PJE_EXTENSION_UNKNOWN);
  assert_string_equal(name, "Unknown");
  assert_true(pje_plugin_extension(plugin, 0, NULL, NULL, NULL));
  pje_plugin_release(plugin);
}
FAILS(pje_plugin_extension, no_such_index_or_handle) {
  pje_plugin *plugin = load_fake();
  int32_t type = 77;
  const char *name = "untouched";
  size_t size = 77;
  assert_false(pje_plugin_extension(plugin, 2, &type, &name, &size));
  FOR_WRONG_HANDLES(pje_plugin, h) assert_false(pje_plugin_extension(h, 0, &type, &name, &size));
  assert_int_equal(type, 77);
  assert_string_equal(name, "untouched");
  assert_int_equal(size, 77);
  pje_plugin_release(plugin);
}

OK(pje_num_functions, agrees_with_the_names) {
  assert_string_equal(pje_function_name(0), "PJRT_Error_Destroy");
  assert_true(strncmp(pje_function_name(pje_num_functions() - 1), "PJRT_", 5) == 0);
}
FAILS(pje_num_functions, no_name_behind_the_last) {
  assert_string_equal(pje_function_name(pje_num_functions()), "");
}
OK(pje_function_name, all_different) {
  for (size_t i = 0; i < pje_num_functions(); ++i)
    for (size_t k = 0; k < i; ++k) assert_string_not_equal(pje_function_name(i), pje_function_name(k));
}
FAILS(pje_function_name, no_such_index) {
  assert_string_equal(pje_function_name(SIZE_MAX), "");
  assert_string_equal(pje_function_name(100000), "");
}

int main(void) {
  const struct CMUnitTest plugin[] = {
      cmocka_unit_test(pje_plugin_load__ok_twice_gives_the_same),
      cmocka_unit_test(pje_plugin_load__ok_name_in_search_paths),
      cmocka_unit_test(pje_plugin_load__ok_name_in_the_environment),
      cmocka_unit_test(pje_plugin_load__ok_link_to_the_file_is_the_same_plugin),
      WITH_FAKE("minor=57", pje_plugin_load__ok_minor_57_is_taken),
      WITH_FAKE("minor=130", pje_plugin_load__ok_minor_newer_than_known),
      cmocka_unit_test(pje_plugin_load__fails_missing_file),
      cmocka_unit_test(pje_plugin_load__fails_folder),
      cmocka_unit_test(pje_plugin_load__fails_not_elf),
      cmocka_unit_test(pje_plugin_load__fails_broken_elf),
      cmocka_unit_test(pje_plugin_load__fails_unreadable),
      cmocka_unit_test(pje_plugin_load__fails_no_get_pjrt_api),
      WITH_FAKE("short_table=1", pje_plugin_load__fails_table_too_short),
      WITH_FAKE("api_major=1", pje_plugin_load__fails_major_1),
      WITH_FAKE("minor=56", pje_plugin_load__fails_minor_56),
      WITH_FAKE("colour=red", pje_plugin_load__fails_initialize_is_called),
      WITH_FAKE("fail=PJRT_Plugin_Initialize:1:INTERNAL:no luck", pje_plugin_load__fails_initialize_fails),
      cmocka_unit_test(pje_plugin_load__fails_unknown_name_lists_every_place),
      cmocka_unit_test(pje_plugin_load__fails_name_that_is_none),
      cmocka_unit_test(pje_plugin_load__fails_null_arguments),
      cmocka_unit_test(pje_plugin_load__fails_wrong_sha256),
      cmocka_unit_test(pje_plugin_load__fails_options),
      cmocka_unit_test(pje_plugin_from_api__ok_same_table_same_plugin),
      cmocka_unit_test(pje_plugin_from_api__fails_null_or_too_short),
      cmocka_unit_test(pje_plugin_retain__ok_counts_up),
      cmocka_unit_test(pje_plugin_retain__fails_wrong_handle),
      cmocka_unit_test(pje_plugin_release__ok_code_stays_loaded),
      cmocka_unit_test(pje_plugin_release__fails_wrong_or_too_often),
      cmocka_unit_test(pje_plugin_api__ok_is_the_table),
      cmocka_unit_test(pje_plugin_api__fails_wrong_handle),
      cmocka_unit_test(pje_plugin_api_major__ok_is_zero),
      cmocka_unit_test(pje_plugin_api_major__fails_wrong_handle),
      WITH_FAKE("minor=81", pje_plugin_api_minor__ok_as_set),
      cmocka_unit_test(pje_plugin_api_minor__fails_wrong_handle),
      cmocka_unit_test(pje_plugin_path__ok_is_absolute),
      cmocka_unit_test(pje_plugin_path__fails_wrong_handle),
      cmocka_unit_test(pje_plugin_attributes__ok_of_every_kind),
      WITH_FAKE("null=PJRT_Plugin_Attributes", pje_plugin_attributes__ok_empty_when_the_function_is_missing),
      cmocka_unit_test(pje_plugin_attributes__fails_wrong_handle),
      cmocka_unit_test(pje_plugin_has_function__ok_every_function_of_the_newest_table),
      WITH_FAKE("null=PJRT_Buffer_Device;cut=PJRT_Event_Set",
                pje_plugin_has_function__ok_not_what_is_null_or_cut),
      cmocka_unit_test(pje_plugin_has_function__fails_wrong_handle),
      cmocka_unit_test(pje_plugin_has_function__fails_unknown_name),
      WITH_FAKE("extensions=unknown", pje_plugin_has_extension__ok_unknown_types_too),
      WITH_FAKE("extensions=unknown", pje_plugin_has_extension__fails_absent),
      cmocka_unit_test(pje_plugin_has_extension__fails_wrong_handle),
      WITH_FAKE("extensions=unknown", pje_plugin_raw_extension__ok_is_the_plugins_own),
      WITH_FAKE("extensions=unknown", pje_plugin_raw_extension__fails_absent),
      cmocka_unit_test(pje_plugin_raw_extension__fails_wrong_handle),
      WITH_FAKE("extensions=loop", pje_plugin_num_extensions__ok_cuts_a_cycle),
      cmocka_unit_test(pje_plugin_num_extensions__fails_wrong_handle),
      WITH_FAKE("extensions=unknown", pje_plugin_extension__ok_type_name_and_size),
      WITH_FAKE("extensions=unknown", pje_plugin_extension__fails_no_such_index_or_handle),
      cmocka_unit_test(pje_num_functions__ok_agrees_with_the_names),
      cmocka_unit_test(pje_num_functions__fails_no_name_behind_the_last),
      cmocka_unit_test(pje_function_name__ok_all_different),
      cmocka_unit_test(pje_function_name__fails_no_such_index),
  };
  return RUN(plugin);
}
