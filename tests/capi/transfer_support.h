/* What the tests of transfers share. */
#ifndef PJE_TESTS_CAPI_TRANSFER_SUPPORT_H_
#define PJE_TESTS_CAPI_TRANSFER_SUPPORT_H_

#include "harness.h"

extern const int64_t kRow[1], kMatrix[2];
extern const float kFour[4], kSix[6];
#define TRANSFER_DATA "PJRT_AsyncHostToDeviceTransferManager_TransferData"

/* Of a f32[4] and a f32[2,3]. */
pje_transfer_manager *make_transfer_manager(pje_client *client, const pje_layout *const *layouts);
pje_transfer_manager *make_two(void);
pje_buffer *retrieve(pje_transfer_manager *manager, size_t index);
/* These release the buffer. */
void expect_pending_error(pje_buffer *buffer, pje_code code, const char *part);
void expect_contents(pje_buffer *buffer, const float *values, size_t count);

#endif /* PJE_TESTS_CAPI_TRANSFER_SUPPORT_H_ */
