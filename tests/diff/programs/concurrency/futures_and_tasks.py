"""Futures and tasks as CPython's native module has them: states, messages, tracebacks without frames of the loop's own, contexts
of exceptions, subclasses, strangers that behave like futures, what is told of those that nobody asked."""
import asyncio
import gc
import sys
import traceback


def attempt(action):
    try:
        print(action())
    except Exception as error:
        print(type(error).__name__, error)


async def fail():
    await asyncio.sleep(0.01)
    raise ValueError("late")


async def fail_after_another():
    try:
        await fail()
    except ValueError:
        pass
    raise KeyError("after")


def shown():
    return traceback.format_exc().replace(__file__, "FILE")


async def tracebacks():
    task = asyncio.create_task(fail())
    print(task.get_name().startswith("Task-"), repr(task).startswith("<Task pending name='Task-"))
    try:
        await task
    except ValueError:
        print(shown())
    try:
        await asyncio.gather(fail_after_another(), fail())
    except KeyError as error:
        print(shown(), repr(error.__context__))
    sleeper = asyncio.create_task(asyncio.sleep(5))
    await asyncio.sleep(0)
    print(sleeper.cancel("enough"), sleeper.cancelling(), sleeper.uncancel(), sleeper.uncancel())
    try:
        await sleeper
    except asyncio.CancelledError as error:
        print(repr(error), sleeper.cancelled(), sleeper.cancel())

    async def stack():
        return [frame.name for frame in traceback.extract_stack()][-4:], sys._getframe(1).f_code.co_name
    print(await asyncio.create_task(stack()))
    print((await stack())[1])


async def messages():
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    done.set_result(3)
    for action in (lambda: done.set_result(4), lambda: done.set_exception(ValueError), lambda: loop.create_future().result(),
                   lambda: loop.create_future().exception(), lambda: loop.create_future().set_exception(5),
                   lambda: loop.create_future().set_exception(StopIteration), lambda: setattr(done, "_log_traceback", True),
                   lambda: asyncio.Task(5), lambda: asyncio.Future(1), lambda: asyncio.Task(),
                   lambda: asyncio.current_task().set_result(1), lambda: asyncio.current_task().set_exception(OSError()),
                   lambda: asyncio.Future.__new__(asyncio.Future).result(),
                   lambda: asyncio.Future.__new__(asyncio.Future).set_result(1),
                   lambda: asyncio.Future.__new__(asyncio.Future).cancel(),
                   lambda: asyncio.Future.__new__(asyncio.Future).add_done_callback(print)):
        attempt(action)
    print(done, done.done(), done.exception(), done._state, done._callbacks, asyncio.Future[int], asyncio.Task.__mro__)
    waited = loop.create_future()

    async def wait():
        return await waited
    task = asyncio.create_task(wait(), name="W")
    await asyncio.sleep(0)
    print(waited, task._fut_waiter is waited, task.get_stack()[0].f_code.co_name)
    print([function.__qualname__ for function, context in waited._callbacks], waited.remove_done_callback(print))
    waited.set_result("G")
    print(await task, task.get_coro().cr_frame, waited)
    iterator = waited.__await__()
    try:
        iterator.send(None)
    except StopIteration as stop:
        print(type(iterator).__name__, stop.value)
    try:
        next(waited.__await__())
    except StopIteration as stop:
        print(stop.value)


class Awaitable:
    def __init__(self, yielded):
        self.yielded = yielded

    def __await__(self):
        return (yield self.yielded)


class Stranger:
    """Like a future, but none."""
    _asyncio_future_blocking = True

    def __init__(self, loop):
        self.loop = loop

    def get_loop(self):
        return self.loop

    def add_done_callback(self, function, *, context=None):
        self.loop.call_soon(function, self, context=context)

    def result(self):
        print("asked", self._asyncio_future_blocking)
        return 1


async def wait_for(yielded):
    return await Awaitable(yielded)


async def strangers():
    loop = asyncio.get_running_loop()
    other = asyncio.new_event_loop()
    waiting = loop.create_future()
    for yielded in (5, waiting, asyncio.Future(loop=other), (i for i in ()), Stranger(loop), Stranger(other), None):
        try:
            print(await asyncio.create_task(wait_for(yielded)))
        except RuntimeError as error:
            print(str(error).split(" <", 1)[0], str(error).count("<"))
    other.close()

    class Own(asyncio.Future):
        pass

    class OwnTask(asyncio.Task):
        def __init__(self, *arguments, **keywords):
            super().__init__(*arguments, **keywords)
            self.mark = 2
    own = Own()
    own.mark = 1
    own.add_done_callback(lambda future: print("done", future is own))
    loop.call_soon(own.set_result, 9)
    task = OwnTask(asyncio.sleep(0, "slept"))
    print(await own, own.mark, await task, task.mark, len(asyncio.all_tasks()))

    async def itself():
        await me
    me = asyncio.create_task(itself())
    try:
        await me
    except RuntimeError as error:
        print(str(error)[:27])


async def forgotten():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: print("told", list(context), context["message"]))
    future = loop.create_future()
    future.set_exception(OSError("never"))
    del future
    gc.collect()
    asked = loop.create_future()
    asked.set_exception(OSError("asked"))
    asked.exception()
    del asked
    gc.collect()
    loop.call_soon(lambda: 1 / 0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)


for main in (tracebacks, messages, strangers, forgotten):
    asyncio.run(main())
attempt(asyncio.get_running_loop)


async def interrupted():
    raise KeyboardInterrupt
try:
    asyncio.run(interrupted())
except KeyboardInterrupt:
    print(shown().splitlines()[-1])
