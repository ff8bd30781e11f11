"""Module termios and tty on what is no terminal."""
import os
import termios
import tty

reading, writing = os.pipe()
mode = [0, 0, 0, 0, 0, 0, [b"\0"] * 32]
for function, arguments in [(termios.tcgetattr, (reading,)), (termios.tcgetattr, ("x",)), (termios.tcgetattr, (-1,)),
                            (termios.tcgetattr, (1.5,)), (termios.tcsetattr, (reading, termios.TCSANOW, mode)),
                            (termios.tcsetattr, (reading, 0, [])), (termios.tcsetattr, (reading, 0, None)),
                            (termios.tcsendbreak, (reading, 0)), (termios.tcdrain, (reading,)), (termios.tcflush, (reading, 0)),
                            (termios.tcflow, (reading, 0)), (termios.tcgetwinsize, (reading,)),
                            (termios.tcsetwinsize, (reading, (1, 2))), (termios.tcsetwinsize, (reading, 3)),
                            (termios.tcsetwinsize, (reading, (1,))), (tty.setraw, (reading,)), (tty.setcbreak, (reading,)),
                            (termios.tcgetattr, (12345,)), (termios.tcflush, (reading, "x"))]:
    try:
        print(function(*arguments))
    except Exception as error:
        print(function.__name__, type(error).__name__, error, error.args)
print(termios.error, termios.error.__mro__[1:3])
print(termios.ECHO, termios.ICANON, termios.VMIN, termios.TCSADRAIN, termios.TIOCGWINSZ, termios.B9600, termios.NCCS)
print(sum(value for value in vars(termios).values() if type(value) is int), len([n for n in dir(termios) if n.isupper()]))
