"""The list of scenarios: reading it, wording it for people, and turning a row into a request."""
import json
import os
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build"))
WORK = BUILD / "bindings"

TEXT_BEFORE = """# Scenarios

What every language must do alike. This file is written by `bindings/compare_scenarios.py --write-list` from
`scenarios.json`, which holds the inputs, what is expected, and on which plugin and under which controls of the fake plugin a
scenario runs. A row is implemented once per language, in `bindings/LANGUAGE`; one comparer judges them all.

A language's program is started as `bindings/LANGUAGE/scenarios.sh run PLUGIN [REQUEST]…`. It answers each request, or each
line of its standard input when none is given, with one line of JSON, flushed:

```
request   NAME<TAB>key=value<TAB>key=value…        lists are separated by spaces; `true` and `false` are words
reply     {"scenario": NAME, "outcome": "ok", …}   with exactly the keys below; "failed" and `why` when a step went wrong
```

`program` is the path of an .mlir file, `devices` (always there) the number to open the client with, as its option
`cpu_device_count`; rows with `plain` are opened without options. Error codes are names such as `INVALID_ARGUMENT`, `OK` for no error. Everything that a
scenario makes is closed before its reply, the client last; on the fake plugin the live counts must be 0 then, and the PJRT
calls, as a multiset, must be those of C (`calls_not_compared` and `differences` in `scenarios.json` name the exceptions).
"""


class Scenario:
    def __init__(self, row, document):
        self.name = row["name"]
        self.area = row["area"]
        self.what = row["what"]
        self.inputs = row["inputs"]
        self.plugins = row.get("on", list(document["plugins"]))
        self.fake = row.get("fake", "")
        self.languages = row.get("languages")
        self._expect = row["expect"]
        self._expect_on = row.get("expect_on", {})

    def expect(self, plugin):
        return {**self._expect, **self._expect_on.get(plugin, {})}

    def controls(self, base):
        return ";".join(part for part in (base, self.fake) if part)


def load(path=HERE / "scenarios.json"):
    document = json.loads(pathlib.Path(path).read_text())
    document["scenarios"] = [Scenario(row, document) for row in document["scenarios"]]
    names = [scenario.name for scenario in document["scenarios"]]
    if len(names) != len(set(names)):
        raise ValueError(f"{path}: a name twice: {sorted({name for name in names if names.count(name) > 1})}")
    return document


def program_path(name):
    """The file of a program; `identity:TYPE` is made from its template."""
    base, _, element = name.partition(":")
    source = HERE / "programs" / f"{base}.mlir"
    if not element:
        return source
    made = WORK / "programs" / f"{base}_{''.join(c if c.isalnum() else '_' for c in element)}.mlir"
    made.parent.mkdir(parents=True, exist_ok=True)
    text = source.read_text().replace("TYPE", f"4x{element}" if not element.startswith("complex") else f"2x{element}")
    made.write_text(text)
    return made


def word(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return " ".join(word(item) for item in value)
    return str(value)


def request(scenario, document, places):
    fields = [scenario.name, f"devices={document['devices']}"]
    for key, value in scenario.inputs.items():
        if key == "program":
            value = program_path(value)
        text = word(value)
        for place, path in places.items():
            text = text.replace("{" + place + "}", str(path))
        fields.append(f"{key}={text}")
    return "\t".join(fields)


def cell(value):
    return f"`{json.dumps(value, ensure_ascii=False)[1:-1]}`" if value else ""


def markdown(document):
    lines = [TEXT_BEFORE]
    area = None
    for number, scenario in enumerate(document["scenarios"], 1):
        if scenario.area != area:
            area = scenario.area
            lines += [f"\n## {area}\n", "| no. | name | what | inputs | reply | where |", "|---|---|---|---|---|---|"]
        where = ", ".join(scenario.plugins) + (f" (`{scenario.fake}`)" if scenario.fake else "")
        where += f"; so far in {', '.join(scenario.languages)}" if scenario.languages else ""
        row = [str(number), f"`{scenario.name}`", scenario.what, cell(scenario.inputs), cell(scenario.expect(scenario.plugins[0])), where]
        lines.append("| " + " | ".join(text.replace("|", "\\|") for text in row) + " |")
    return "\n".join(lines) + "\n"
