"""Reads what the fake plugin's trace= control wrote while the tests of the C API ran."""
import collections

from facts import HEAD


def nonzero(data, begin, size):
    """Whether any byte of this part of a struct, given in hex, is set."""
    return data[2 * begin:2 * (begin + size)].strip("0") != ""


class Trace:
    def __init__(self, facts):
        self.facts = facts
        # {function: {test: number of calls that answered OK, with arguments}}
        self.calls = collections.defaultdict(lambda: collections.defaultdict(int))
        # {test: program}
        self.programs = {}
        # Functions that answered OK, whatever they were given.
        self.answered = set()
        self.fields = set()
        self.constants = set()
        self.args = {function["name"]: function["args_struct"] for function in facts.functions}

    def read(self, path, program):
        test = None
        with open(path) as file:
            for line in file:
                words = line.split()
                if words[0] == "TEST":
                    test = words[1]
                    self.programs[test] = program
                elif words[0] == "STRUCT":
                    self.note_fields(words[1], words[2])
                elif words[0] == "CALL" and test is not None:
                    self.note_call(test, *words[1:])

    def note_call(self, test, function, code, given, answered="-"):
        if code == "ok":
            self.answered.add(function)
        struct = self.args.get(function)
        if struct is None:
            return
        self.note_fields(struct, given)
        if code != "ok":
            return
        self.note_constants(struct, answered)
        inputs = self.facts.inputs(struct)
        if not inputs or any(nonzero(given, field["offset"], field["size"]) for field in inputs):
            self.calls[function][test] += 1

    def note_fields(self, struct, given):
        for field in self.facts.inputs(struct):
            if nonzero(given, field["offset"], field["size"]):
                self.fields.add((struct, field["name"]))
        self.note_constants(struct, given)

    def note_constants(self, struct, data):
        for field in self.facts.structs[struct]["fields"]:
            kind = field["c_type"]
            if field["name"] in HEAD or kind not in self.facts.enums:
                continue
            raw = bytes.fromhex(data[2 * field["offset"]:2 * (field["offset"] + field["size"])])
            if len(raw) == field["size"]:
                self.constants.add((kind, int.from_bytes(raw, "little")))
