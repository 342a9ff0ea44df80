#include "transfer_support.h"

const int64_t kRow[] = {4}, kMatrix[] = {2, 3};
const float kFour[] = {1, 2, 3, 4}, kSix[] = {1, 2, 3, 4, 5, 6};

pje_transfer_manager *make_transfer_manager(pje_client *client, const pje_layout *const *layouts) {
  static const pje_dtype kTypes[] = {PJE_F32, PJE_F32};
  const int64_t *const dims[] = {kRow, kMatrix};
  static const size_t kRanks[] = {1, 2};
  pje_transfer_manager *manager = NULL;
  expect_ok(pje_transfer_manager_create(client, 2, kTypes, dims, kRanks, layouts, NULL, &manager));
  return manager;
}
pje_transfer_manager *make_two(void) { return make_transfer_manager(shared_client(), NULL); }

pje_buffer *retrieve(pje_transfer_manager *manager, size_t index) {
  pje_buffer *buffer = NULL;
  expect_ok(pje_transfer_manager_retrieve_buffer(manager, index, &buffer));
  assert_non_null(buffer);
  return buffer;
}
void expect_pending_error(pje_buffer *buffer, pje_code code, const char *part) {
  float got[6];
  expect_error(pje_buffer_to_host(buffer, got, sizeof got), code, "PJRT_Buffer_ToHostBuffer", part);
  pje_buffer_release(buffer);
}
void expect_contents(pje_buffer *buffer, const float *values, size_t count) {
  expect_f32(buffer, values, count);
  pje_buffer_release(buffer);
}
