"""What there is to cover: functions, input fields and enum constants of the foreign ABI, and the pje_* names that say
which function lies beneath them."""
import collections
import json
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEAD = ("struct_size", "extension_start")


class Facts:
    def __init__(self):
        core = json.loads((ROOT / "tests/abi/core.json").read_text())
        self.functions = core["functions"]
        self.structs = {struct["name"]: struct for struct in core["structs"]}
        self.enums = {enum["name"]: enum for enum in core["enums"]}
        self.extensions = json.loads((ROOT / "tests/abi/extensions.json").read_text())["extensions"]
        self.deprecated = set(core["deprecated"]["functions"])
        self.exports, self.successors = read_headers()

    def inputs(self, struct):
        """The fields that a caller sets."""
        return [field for field in self.structs[struct]["fields"]
                if "in" in field["direction"] and field["name"] not in HEAD]

    def constants(self, enum):
        body = self.enums[enum]
        return [(value["name"], value["value"]) for value in body.get("constants", body.get("values"))]


def area_of(function):
    """PJRT_Buffer_ToHostBuffer: Buffer."""
    return function.removeprefix("PJRT_").split("_")[0]


def read_headers():
    """{PJRT function: [pje functions whose comment names it after "PJRT:"]} and, from the words after "PJRT has
    deprecated", {PJRT function: its successor}"""
    wraps = collections.defaultdict(list)
    successors = {}
    for header in sorted((ROOT / "include/pjrt_easy").glob("*.h")):
        for comment, rest in re.findall(r"/\*\*(.*?)\*/\s*(PJE_EXPORT[^;]*;)", header.read_text(), re.S):
            name = re.search(r"\b(pje_\w+)\(", rest)[1]
            comment = re.sub(r"\n\s*\* ?", " ", comment)
            beneath = re.search(r"PJRT:(.*)", comment)
            for function in re.findall(r"PJRT_[A-Z]\w+", beneath[1] if beneath else ""):
                if name not in wraps[function]:
                    wraps[function].append(name)
            for old, new in re.findall(r"PJRT has deprecated (PJRT_\w+)[^.]*? successor[^.]*? (PJRT_\w+)", comment):
                successors[old] = new
    return wraps, successors
