"""The builtins that module site adds."""
import builtins

print(exit, quit, repr(help), copyright, credits, sep="\n")
print(license)
print(type(exit), type(help).__name__, exit.name, quit.eof, callable(exit))
print(builtins.exit is exit, getattr(builtins, "quit") is quit, "exit" in dir(builtins), "help" in vars(builtins))
exec("print(quit)", {"__builtins__": dict(vars(builtins))})
print(eval("exit", {}) is exit, [exit for _ in range(3)] == [exit] * 3)


def shadowed():
    print(exit)
    exit = 1


for action in (shadowed, quit, lambda: exit("with a message"), lambda: exti):
    try:
        action()
    except (UnboundLocalError, NameError, SystemExit) as error:
        print(type(error).__name__, error)
exit(3)
