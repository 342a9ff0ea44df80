"""What the tests on real plugins made of each function, held against what those plugins do."""
import struct

from facts import ROOT

PLUGINS = {"cpu-115": "CPU 0.115", "cpu-106": "CPU 0.106", "cpu-81": "CPU 0.81"}
REFUSED = ROOT / "tests/coverage/refused.tsv"


def read_refused():
    """{(function, plugin): "refused" or "unasked"}"""
    rows = {}
    for line in REFUSED.read_text().splitlines():
        if line and not line.startswith("#"):
            function, plugins, answer, _ = line.split("\t")
            rows.update({(function, plugin): answer for plugin in plugins.split(" ")})
    return rows


class Calls:
    """How often each function answered OK, and how often an error."""
    def __init__(self, build, facts):
        self.facts = facts
        self.counts = {plugin: self.read(build / "recorder" / plugin / "calls") for plugin in PLUGINS}

    def read(self, path):
        data = path.read_bytes()
        counts = struct.unpack(f"<{len(data) // 8}Q", data)
        return {function["name"]: counts[2 * i:2 * i + 2] for i, function in enumerate(self.facts.functions)}

    def ran(self):
        """{plugin: the functions that answered OK at least once}"""
        return {plugin: {name for name, (good, _) in counts.items() if good > 0}
                for plugin, counts in self.counts.items()}

    def untrue(self, function, plugin, answer):
        """What is wrong with a function on a plugin that is new enough for it, or None."""
        good, failed = self.counts[plugin][function]
        if answer is None:
            return None if good > 0 else "never answered OK, and tests/coverage/refused.tsv does not say why"
        if good > 0:
            return "answered OK, though tests/coverage/refused.tsv lists it"
        if answer not in ("refused", "unasked"):
            return f"has the answer {answer!r} in tests/coverage/refused.tsv"
        if (answer == "refused") != (failed > 0):
            return f"was {'never asked' if failed == 0 else 'asked'}, but has the answer {answer!r}"
        return None

    def judge(self):
        """[(function on a plugin, what is wrong or None)]"""
        refused = read_refused()
        results = []
        for plugin in PLUGINS:
            minor = int(plugin.removeprefix("cpu-"))
            for function in self.facts.functions:
                if (function["since_minor"] or 0) <= minor:
                    name = function["name"]
                    answer = refused.pop((name, plugin), None)
                    results.append((f"{name} on {plugin}", self.untrue(name, plugin, answer)))
        results += [(f"{name} on {plugin}", "is no function of that plugin, says tests/coverage/refused.tsv too much")
                    for name, plugin in refused]
        return results
