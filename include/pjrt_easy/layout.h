/** @file
 * Layouts: in which order the elements of an array lie in memory. A layout has a rank, but neither an element
 * type nor sizes. It never changes. Any thread, Callback-safe unless said otherwise. @since 0.1.
 *
 * Tiled layouts name the dimensions from the fastest varying on ("minor to major"; row-major is {1,0} for a
 * matrix) and may cut them into tiles, each of which is padded. Strided layouts give the bytes from one index
 * to the next. As text: "{1,0}", "{1,0:T(8,128)(2,1)}", "strides(8,-4)".
 */
#ifndef PJRT_EASY_LAYOUT_H_
#define PJRT_EASY_LAYOUT_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** Makes a tiled layout. Not Callback-safe.
 * @param minor_to_major `rank` dimension numbers, the fastest varying first; NULL for row-major.
 * @param tile_dims the sizes of all tiles, one tile after the other, slowest dimension first; NULL without
 * tiles. Each tile cuts the fastest dimensions that the one before has left.
 * @param tile_ranks `num_tiles` numbers of sizes. @param out Owned by the caller. Errors: INVALID_ARGUMENT
 * (not a permutation, rank above 64, a tile without sizes or with one below 1, more than 16 tiles). */
PJE_EXPORT pje_error *pje_layout_create_tiled(const int64_t *PJE_NULLABLE minor_to_major, size_t rank,
                                              const int64_t *PJE_NULLABLE tile_dims,
                                              const size_t *PJE_NULLABLE tile_ranks, size_t num_tiles,
                                              pje_layout **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Makes a strided layout. Not Callback-safe. @param byte_strides `rank` numbers; may be 0 or negative.
 * @param out Owned by the caller. Errors: INVALID_ARGUMENT (rank above 64). */
PJE_EXPORT pje_error *pje_layout_create_strided(const int64_t *PJE_NULLABLE byte_strides, size_t rank,
                                                pje_layout **out) PJE_NOEXCEPT PJE_NODISCARD;

/** The tiled layout of a dense array that has these strides. Not Callback-safe.
 * @param byte_strides `rank` numbers. @param out Owned by the caller. Errors: INVALID_ARGUMENT (bad dtype or
 * dims; strides that leave gaps, overlap or run backwards; an empty array). */
PJE_EXPORT pje_error *pje_layout_from_byte_strides(pje_dtype dtype, const int64_t *PJE_NULLABLE dims,
                                                   size_t rank, const int64_t *PJE_NULLABLE byte_strides,
                                                   pje_layout **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Reads text such as "{1,0:T(8,128)(2,1)}", as XLA writes it: T tiles, L tail padding, E bits of an element,
 * S memory space; or "strides(8,-4)". Not Callback-safe. @param out Owned by the caller. Errors:
 * INVALID_ARGUMENT with the place (not such text, not a permutation). */
PJE_EXPORT pje_error *pje_layout_from_text(const char *text, pje_layout **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Reads a serialized xla.LayoutProto of `size` bytes. Not Callback-safe. @param out Owned by the caller.
 * Errors: INVALID_ARGUMENT (not a LayoutProto), UNIMPLEMENTED (sparse and split arrays). */
PJE_EXPORT pje_error *pje_layout_from_bytes(const void *PJE_NULLABLE data, size_t size,
                                            pje_layout **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Makes a layout of its own that is equal. Not Callback-safe. @param out Owned by the caller. */
PJE_EXPORT pje_error *pje_layout_copy(const pje_layout *layout, pje_layout **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Adds a reference and returns `layout`. */
PJE_EXPORT pje_layout *pje_layout_retain(const pje_layout *PJE_NULLABLE layout) PJE_NOEXCEPT;

/** Drops a reference. */
PJE_EXPORT void pje_layout_release(pje_layout *PJE_NULLABLE layout) PJE_NOEXCEPT;

/** Whether both say the same in the same way: a strided layout never equals a tiled one. */
PJE_EXPORT bool pje_layout_equal(const pje_layout *a, const pje_layout *b) PJE_NOEXCEPT;

/** A number that is the same for equal layouts, on every machine. */
PJE_EXPORT uint64_t pje_layout_hash(const pje_layout *layout) PJE_NOEXCEPT;

/** The layout as text that pje_layout_from_text reads. Borrowed, never NULL. */
PJE_EXPORT const char *pje_layout_to_text(const pje_layout *layout) PJE_NOEXCEPT;

/** The layout as a serialized xla.LayoutProto. Not Callback-safe. @param out Owned by the caller. Errors:
 * FAILED_PRECONDITION (a strided layout). */
PJE_EXPORT pje_error *pje_layout_serialize(const pje_layout *layout,
                                           pje_bytes **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Number of dimensions. */
PJE_EXPORT size_t pje_layout_rank(const pje_layout *layout) PJE_NOEXCEPT;

/** Whether the layout is a strided one. */
PJE_EXPORT bool pje_layout_is_strided(const pje_layout *layout) PJE_NOEXCEPT;

/** The dimension numbers of a tiled layout, the fastest varying first; NULL for a strided one. Borrowed. */
PJE_EXPORT const int64_t *pje_layout_minor_to_major(const pje_layout *layout) PJE_NOEXCEPT;

/** The strides of a strided layout; NULL for a tiled one. Borrowed. */
PJE_EXPORT const int64_t *pje_layout_byte_strides(const pje_layout *layout) PJE_NOEXCEPT;

/** Number of tiles. */
PJE_EXPORT size_t pje_layout_num_tiles(const pje_layout *layout) PJE_NOEXCEPT;

/** The sizes of tile `index`, slowest dimension first; INT64_MIN merges a dimension with the next one. NULL
 * when there is none. Borrowed. @param rank receives their number; untouched when there is none. */
PJE_EXPORT const int64_t *pje_layout_tile(const pje_layout *layout, size_t index, size_t *rank) PJE_NOEXCEPT;

/** Bytes from one index to the next in each dimension of an array of host data in this layout.
 * @param byte_strides receives `rank` numbers. Not Callback-safe. Errors: INVALID_ARGUMENT (bad dtype or
 * dims, another rank than the layout's), FAILED_PRECONDITION (tiles). */
PJE_EXPORT pje_error *pje_layout_to_byte_strides(const pje_layout *layout, pje_dtype dtype,
                                                 const int64_t *PJE_NULLABLE dims, size_t rank,
                                                 int64_t *byte_strides) PJE_NOEXCEPT PJE_NODISCARD;

/** Bytes that host data in this layout spans, from the lowest address to behind the highest, the padding of
 * tiles included; what pje_buffer_to_host_layout needs where no stride is negative. Not Callback-safe.
 * Errors: INVALID_ARGUMENT (bad dtype or dims, another rank than the layout's, strides that overflow or let
 * elements overlap), UNIMPLEMENTED (tiles that merge dimensions). */
PJE_EXPORT pje_error *pje_layout_host_size(const pje_layout *layout, pje_dtype dtype,
                                           const int64_t *PJE_NULLABLE dims, size_t rank,
                                           size_t *size) PJE_NOEXCEPT PJE_NODISCARD;

PJE_END_DECLS

#endif /* PJRT_EASY_LAYOUT_H_ */
