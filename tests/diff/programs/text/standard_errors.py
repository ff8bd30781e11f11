"""Standard output takes what the locale's error handler takes."""
import sys

print(sys.stdin.errors, sys.stdout.errors, sys.stderr.errors)
for text in ("plain", "\xe4\u20ac", "byte \udcff.", "\udc80\udc81", "\ud800"):
    for write in (print, lambda t: sys.stdout.write(t + "\n")):
        try:
            write(text)
        except UnicodeEncodeError as error:
            print("refused", error)
sys.stdout.reconfigure(errors="strict")
try:
    print("\udcff")
except UnicodeEncodeError as error:
    print("refused", error)
sys.stdout.reconfigure(errors="surrogateescape")
print("\udcff", "\xe4", sep="\udcfe", end="\udcfd\n")
