"""Numbers too long for source text under the program's own limit."""
import ast
import sys

sys.set_int_max_str_digits(700)
for text in ("x=" + "1" * 701, "x=0x" + "f" * 1000, "f(2,\n" + "7" * 900 + ")", "x=" + "3" * 700):
    try:
        compile(text, "source", "exec")
        print("compiled")
    except SyntaxError as error:
        print(error, error.lineno, error.offset)
for parse in (ast.literal_eval, ast.parse, eval):
    try:
        print(type(parse("1" * 800)))
    except SyntaxError as error:
        print(error)
sys.set_int_max_str_digits(0)
print(len(str(eval("7" * 6000))))
