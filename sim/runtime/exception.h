/* exception.h - the built-in exception types, one row each: name, base. */
#ifndef HYBRIDSIM_SIM_RUNTIME_EXCEPTION_H
#define HYBRIDSIM_SIM_RUNTIME_EXCEPTION_H

#include "sim/runtime/structures.h"
#include "sim/runtime/vm.h"

#define EXCEPTION_TYPES(X) \
    X(BaseException, object) X(Exception, BaseException) X(BaseExceptionGroup, BaseException) \
    X(ExceptionGroup, Exception) X(GeneratorExit, BaseException) X(KeyboardInterrupt, BaseException) \
    X(SystemExit, BaseException) X(ArithmeticError, Exception) X(FloatingPointError, ArithmeticError) \
    X(OverflowError, ArithmeticError) X(ZeroDivisionError, ArithmeticError) X(AssertionError, Exception) \
    X(AttributeError, Exception) X(BufferError, Exception) X(EOFError, Exception) X(ImportError, Exception) \
    X(ModuleNotFoundError, ImportError) X(LookupError, Exception) X(IndexError, LookupError) X(KeyError, LookupError) \
    X(MemoryError, Exception) X(NameError, Exception) X(UnboundLocalError, NameError) X(OSError, Exception) \
    X(BlockingIOError, OSError) X(ChildProcessError, OSError) X(ConnectionError, OSError) \
    X(BrokenPipeError, ConnectionError) X(ConnectionAbortedError, ConnectionError) \
    X(ConnectionRefusedError, ConnectionError) X(ConnectionResetError, ConnectionError) X(FileExistsError, OSError) \
    X(FileNotFoundError, OSError) X(InterruptedError, OSError) X(IsADirectoryError, OSError) \
    X(NotADirectoryError, OSError) X(PermissionError, OSError) X(ProcessLookupError, OSError) X(TimeoutError, OSError) \
    X(ReferenceError, Exception) X(RuntimeError, Exception) X(NotImplementedError, RuntimeError) \
    X(RecursionError, RuntimeError) X(StopAsyncIteration, Exception) X(StopIteration, Exception) \
    X(SyntaxError, Exception) X(IndentationError, SyntaxError) X(TabError, IndentationError) X(SystemError, Exception) \
    X(TypeError, Exception) X(ValueError, Exception) X(UnicodeError, ValueError) X(UnicodeDecodeError, UnicodeError) \
    X(UnicodeEncodeError, UnicodeError) X(UnicodeTranslateError, UnicodeError) X(Warning, Exception) \
    X(BytesWarning, Warning) X(DeprecationWarning, Warning) X(EncodingWarning, Warning) X(FutureWarning, Warning) \
    X(ImportWarning, Warning) X(PendingDeprecationWarning, Warning) X(ResourceWarning, Warning) \
    X(RuntimeWarning, Warning) X(SyntaxWarning, Warning) X(UnicodeWarning, Warning) X(UserWarning, Warning)

#define X(name, base) extern struct type exc_##name;
EXCEPTION_TYPES(X)
#undef X

/* Adds a traceback entry for the frame (a frame object) that an exception leaves or is raised in; called by the engine's
 * unwinder. */
void traceback_add(struct vm *vm, value exception, value frame, uint32_t instruction);

/* Prints as CPython's default hook does: chained causes and contexts, source lines with ^^^^ markers, groups. */
void exception_print(struct vm *vm, value exception);

/* Writes a str to sys.stderr, after what sys.stdout holds back; VALUE_NULL: nothing. */
void stderr_print(struct vm *vm, value text);

/* What ends the program goes to sys.excepthook. Answers the SystemExit that the hook raised, or VALUE_NULL. */
value exception_show_uncaught(struct vm *vm, value exception);

/* The pending exception, which nobody can catch, goes to sys.unraisablehook: "Exception ignored in: <object>". where: "in", or
 * what is said instead. Nothing is pending afterwards. */
void unraisable_report(struct vm *vm, const char *where, value object);
bool unraisable_ready(struct vm *vm); /* at start: the type of what the hook is called with */
value unraisable_show(struct vm *vm, value details); /* what sys.unraisablehook does unless it was changed */

/* match for except clauses: -1 error, 0, 1 */
int exception_match_clause(struct vm *vm, value exception, value class_or_tuple);

/* raise exception from cause (VALUE_NULL: no `from`; None: suppresses the context). Always VALUE_NULL. */
value raise_with_cause(struct vm *vm, value exception, value cause);

/* except*: the part of `exception` that matches goes to *match, the rest to *rest (None when empty). A plain exception that
 * matches is put into a group. False: error pending. */
bool exception_group_match(struct vm *vm, value exception, value match_type, value *match, value *rest);
/* What is left to raise at the end of an except* statement: a group, or None. results: a list of exceptions. */
value exception_group_reraise(struct vm *vm, value original, value results);

#endif
