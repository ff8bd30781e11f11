"""Writes hybridsim's manual page (troff) from what its commands say about themselves. Usage: man_page.py BINARY OUTPUT

The help texts have one shape: "Usage:", paragraphs, headings that end in ":", and rows of two columns, each an option (or a
name) and its text, which may go on in indented lines."""
import re
import subprocess
import sys


def help_of(binary, *words):
    return subprocess.run([binary, *words, "--help"], capture_output=True, text=True, check=True).stdout.splitlines()


def escape(text):
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    return "\\&" + text if text.startswith((".", "\\(aq")) else text


def row_of(line):
    """(term, text) of a row, or None. The term ends at two blanks, or after the name of its value where there is no room."""
    if not line.startswith("  ") or line.startswith("   "):
        return None
    match = re.match(r"  (\S.*?)  +(\S.*)$", line) or re.match(r"  (--?[^ ]+(?:, --?[^ ]+)* [A-Z][^ ]*) (\S.*)$", line)
    return match.groups() if match else (line.strip(), "")


def body(lines):
    """Troff for everything after the usage."""
    out, in_row = [], False
    for line in lines:
        row = row_of(line)
        if row:
            out += [".TP", ".B " + escape(row[0])]
            if row[1]:
                out.append(escape(row[1]))
            in_row = True
        elif line.startswith("   "):
            out.append(escape(line.strip()))
        elif not line:
            in_row = False
            out.append(".PP")
        elif re.fullmatch(r"[A-Z][^.]*:", line):
            out += [".PP", escape(line)]
        else:
            if in_row:
                out.append(".PP")
                in_row = False
            out.append(escape(line))
    while out and out[-1] == ".PP":
        out.pop()
    return [line for i, line in enumerate(out) if not (line == ".PP" and (i + 1 == len(out) or out[i + 1] in (".PP", ".TP")))]


def usage(lines):
    """The lines of the usage, and the rest."""
    end = next((i for i, line in enumerate(lines) if not line), len(lines))
    return [line.removeprefix("Usage:").strip() for line in lines[:end]], lines[end + 1:]


def main():
    binary, output = sys.argv[1:3]
    version = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    synopsis, rest = usage(help_of(binary))
    start = rest.index("Commands:")
    commands = [line.split()[0] for line in rest[start + 1:rest.index("", start)]]
    page = ['.TH HYBRIDSIM 1 "" "hybridsim %s" "User Commands"' % version, ".SH NAME",
            "hybridsim \\- runs Python programs on simulated machines and counts instructions and cycles", ".SH SYNOPSIS"]
    page += [".B " + escape(line) for line in synopsis] + [".SH DESCRIPTION"] + body(rest)
    page.append(".SH COMMANDS")
    for command in commands:
        synopsis, rest = usage(help_of(binary, command))
        page.append(".SS hybridsim " + command)
        for line in synopsis:
            page += [".B " + escape(line), ".br"]
        page += [".PP"] + body(rest)
    page += [".SH ENVIRONMENT"]
    for name, text in (("HYBRIDSIM_PYTHON", "the CPython 3.11 that compiles, unless --python names one"),
                       ("HYBRIDSIM_SPECS", "folders with specs, separated by colons, before the shipped ones"),
                       ("XDG_CACHE_HOME", "where the folder hybridsim with compiled and translated code is (default: ~/.cache)"),
                       ("NO_COLOR", "no colour, when it is set and not empty"),
                       ("PYTHONWARNINGS", "what becomes of warnings, as with python3")):
        page += [".TP", ".B " + name, escape(text)]
    page += [".SH SEE ALSO", ".BR python3 (1),", ".BR callgrind_annotate (1)"]
    with open(output, "w") as stream:
        stream.write("\n".join(page) + "\n")


main()
