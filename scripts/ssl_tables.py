#!/usr/bin/env python3
"""Writes sim/modules/ssl's tables: the constants of the running CPython's module _ssl, and its names for OpenSSL's errors.

usage: ssl_tables.py OUTPUT
"""
import _ssl
import sys


def write_table(out, kind, name, rows):
    out.write(f"static const {kind} {name}[] = {{\n")
    for row in rows:
        out.write("    {" + ", ".join(row) + "},\n")
    out.write("    {0},\n};\n")


def main(path):
    constants = {name: value for name, value in sorted(vars(_ssl).items()) if not name.startswith("OPENSSL_VERSION")}
    with open(path, "w") as out:
        write_table(out, "struct integer_constant", "ssl_numbers",
                    [(f'"{n}"', str(v)) for n, v in constants.items() if type(v) is int])
        write_table(out, "struct integer_constant", "ssl_truths",
                    [(f'"{n}"', str(int(v))) for n, v in constants.items() if type(v) is bool])
        write_table(out, "struct integer_constant", "ssl_libraries",
                    [(f'"{name}"', str(code)) for code, name in _ssl.lib_codes_to_names.items()])
        write_table(out, "struct ssl_reason", "ssl_reasons",
                    [(f'"{name}"', str(library), str(reason)) for (library, reason), name in _ssl.err_codes_to_names.items()])


main(sys.argv[1])
