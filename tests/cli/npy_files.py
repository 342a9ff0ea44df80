"""Well and badly made .npy files, byte by byte."""
import struct

MAGIC = b"\x93NUMPY"


def npy(descr, shape, data, fortran=False, magic=MAGIC, version=(1, 0)):
    header = f"{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape!r}, }}"
    prefix = len(magic) + 4
    padding = -(prefix + len(header) + 1) % 64
    text = (header + " " * padding + "\n").encode()
    return magic + bytes(version) + struct.pack("<H", len(text)) + text + data


def floats(*values):
    return struct.pack(f"<{len(values)}f", *values)


def f32(*values, **keywords):
    return npy("<f4", (len(values),), floats(*values), **keywords)


def s32(*values):
    return npy("<i4", (len(values),), struct.pack(f"<{len(values)}i", *values))


# What is wrong, the file, and what the message must say besides naming the file.
BAD_FILES = [
    ("wrong_magic", npy("<f4", (4,), floats(1, 2, 3, 4), magic=b"\x93NUMPX"), "magic"),
    ("no_content", b"", ""),
    ("unknown_version", npy("<f4", (4,), floats(1, 2, 3, 4), version=(9, 0)), "version"),
    ("big_endian", npy(">f4", (4,), struct.pack(">4f", 1, 2, 3, 4)), "big-endian|>f4"),
    ("short_data", npy("<f4", (4,), floats(1, 2, 3)), "12"),
    ("long_data", npy("<f4", (4,), floats(1, 2, 3, 4, 5)), "20"),
    ("object_dtype", npy("|O", (4,), b"\x80\x04N."), "object|\\|O"),
    ("unknown_dtype", npy("<U4", (4,), bytes(64)), "<U4"),
    ("negative_dimension", npy("<f4", (-4,), floats(1, 2, 3, 4)), ""),
    ("huge_dimension", npy("<f4", (1 << 62, 1 << 62), b""), ""),
    ("truncated_header", npy("<f4", (4,), floats(1, 2, 3, 4))[:40], ""),
    ("header_not_a_dict", MAGIC + b"\x01\x00" + struct.pack("<H", 10) + b"[1, 2, 3]\n" + floats(1, 2, 3, 4), ""),
]
