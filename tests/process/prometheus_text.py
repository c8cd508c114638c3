"""Prometheus' text format 0.0.4, read as strictly as its documentation has it: whatever is not in order is an AssertionError.
https://prometheus.io/docs/instrumenting/exposition_formats/"""
import re

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"'
SAMPLE = re.compile(rf"({NAME})(?:\{{((?:{LABEL})(?:,{LABEL})*)\}})? (\S+)")
SUFFIXES = {"histogram": ("_bucket", "_sum", "_count"), "counter": ("",), "gauge": ("",)}


def parse(text):
    """{family: {"type", "help", "samples": {(name, labels): value}}}; labels as a sorted tuple of pairs."""
    assert text.endswith("\n") and "\r" not in text
    families = {}
    current = None
    for line in text[:-1].split("\n"):
        if line.startswith("# HELP "):
            _, _, name, described = line.split(" ", 3)
            assert re.fullmatch(NAME, name) and name not in families and described, line
            current = families[name] = {"help": described, "type": None, "samples": {}}
        elif line.startswith("# TYPE "):
            _, _, named, kind = line.split(" ")
            assert named == name and current["type"] is None and kind in SUFFIXES, line
            current["type"] = kind
        else:
            found = SAMPLE.fullmatch(line)
            assert found and current and current["type"], line
            labels = tuple(sorted(re.findall(LABEL, found[2] or "")))
            assert len({key for key, _ in labels}) == len(labels), line
            assert found[1] in [name + suffix for suffix in SUFFIXES[current["type"]]], line
            key = (found[1], tuple((label, unescaped(value)) for label, value in labels))
            assert key not in current["samples"], f"twice: {line}"
            current["samples"][key] = float(found[found.lastindex])
    for name, family in families.items():
        assert (family["type"] == "counter") == name.endswith("_total"), name
        assert re.search(r"_(total|seconds|bytes|info)$", name) or family["type"] == "gauge", name
        if family["type"] == "histogram":
            check_buckets(name, family["samples"])
    return families


def unescaped(value):
    return re.sub(r'\\(["\\n])', lambda found: "\n" if found[1] == "n" else found[1], value)


def check_buckets(name, samples):
    """Cumulative, with +Inf equal to the count, in each set of labels."""
    series = {}
    for (sample, labels), value in samples.items():
        if sample == name + "_bucket":
            rest = tuple(pair for pair in labels if pair[0] != "le")
            series.setdefault(rest, []).append((float(dict(labels)["le"]), value))
    for rest, buckets in series.items():
        counts = [count for _, count in sorted(buckets)]
        assert counts == sorted(counts)
        assert max(buckets)[0] == float("inf") and counts[-1] == samples[(name + "_count", rest)]


def value(families, name, **labels):
    """One sample of a family."""
    return families[name]["samples"][(name, tuple(sorted(labels.items())))]
