"""asyncio: tasks, timers, locks, queues, groups, timeouts, threads, exceptions."""
import asyncio
import contextvars


async def work(name, delay, fail=None):
    await asyncio.sleep(delay)
    print("work", name)
    if fail:
        raise fail
    return name * 2


async def basics():
    print(await asyncio.gather(work("a", 0.12), work("b", 0.04), work("c", 0.08)))
    print(await asyncio.gather(work("d", 0.04, ValueError("d")), work("e", 0.08), return_exceptions=True))
    task = asyncio.create_task(work("f", 0.04), name="named")
    print(task.get_name(), task.done(), asyncio.current_task().get_name() != "named", len(asyncio.all_tasks()))
    print(await task, task.done(), task.result(), task.exception())
    for future in asyncio.as_completed([work("g", 0.08), work("h", 0.04)]):
        print(await future)
    done, pending = await asyncio.wait([asyncio.create_task(work("i", 0.04)), asyncio.create_task(work("j", 5))],
                                       return_when=asyncio.FIRST_COMPLETED)
    print(len(done), len(pending))
    for task in pending:
        task.cancel()
    print(await asyncio.gather(*pending, return_exceptions=True))


async def cancellation():
    async def stubborn():
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            print("cancelled inside")
            await asyncio.sleep(0)
            raise
        finally:
            print("finally")
    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    print(task.cancel("why"))
    try:
        await task
    except asyncio.CancelledError as e:
        print(repr(e), task.cancelled())
    try:
        await asyncio.wait_for(asyncio.sleep(10), 0.04)
    except TimeoutError as e:
        print("timed out", repr(e))
    try:
        async with asyncio.timeout(0.04) as scope:
            await asyncio.sleep(10)
    except TimeoutError:
        print("timeout", scope.expired())
    shielded = asyncio.create_task(work("shielded", 0.08))
    try:
        await asyncio.wait_for(asyncio.shield(shielded), 0.005)
    except TimeoutError:
        print(await shielded)


async def synchronisation():
    lock, event, condition = asyncio.Lock(), asyncio.Event(), asyncio.Condition()
    semaphore = asyncio.Semaphore(2)
    running = 0

    async def limited(i):
        nonlocal running
        async with semaphore:
            running += 1
            print("limited", i, running <= 2)
            await asyncio.sleep(0.04)
            running -= 1
    await asyncio.gather(*(limited(i) for i in range(5)))

    async def waiter(i):
        await event.wait()
        async with lock:
            print("waiter", i)
    tasks = [asyncio.create_task(waiter(i)) for i in range(3)]
    await asyncio.sleep(0)
    event.set()
    await asyncio.gather(*tasks)

    async def consumer():
        async with condition:
            await condition.wait()
            print("notified")
    task = asyncio.create_task(consumer())
    await asyncio.sleep(0)
    async with condition:
        condition.notify_all()
    await task
    queue = asyncio.Queue(maxsize=2)

    async def producer():
        for i in range(5):
            await queue.put(i)
        await queue.put(None)
    task = asyncio.create_task(producer())
    items = []
    while (item := await queue.get()) is not None:
        items.append(item)
        queue.task_done()
    await task
    print(items, queue.empty(), queue.qsize())
    priorities = asyncio.PriorityQueue()
    for i in 3, 1, 2:
        priorities.put_nowait(i)
    print([priorities.get_nowait() for _ in range(3)])
    try:
        priorities.get_nowait()
    except asyncio.QueueEmpty as e:
        print(repr(e))


async def groups():
    async with asyncio.TaskGroup() as group:
        first, second = group.create_task(work("x", 0.08)), group.create_task(work("y", 0.04))
    print(first.result(), second.result())
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(work("slow", 10))
            group.create_task(work("bad", 0, KeyError("k")))
            group.create_task(work("worse", 0, ValueError("v")))
    except* KeyError as caught:
        print(caught.exceptions)
    except* ValueError as caught:
        print(caught.exceptions)


variable = contextvars.ContextVar("variable", default="default")


async def contexts():
    variable.set("outer")

    async def child():
        print(variable.get())
        variable.set("inner")
        await asyncio.sleep(0)
        return variable.get()
    print(await asyncio.create_task(child()), variable.get())
    print(await asyncio.to_thread(variable.get))


async def threads_and_callbacks():
    loop = asyncio.get_running_loop()
    print(await loop.run_in_executor(None, lambda: 6 * 7), await asyncio.to_thread(sum, [1, 2, 3]))
    order = []
    start = loop.time()
    loop.call_later(0.08, order.append, "later")
    loop.call_soon(order.append, "soon")
    handle = loop.call_later(0.04, order.append, "never")
    loop.call_at(start + 0.04, order.append, "at")
    handle.cancel()
    await asyncio.sleep(0.12)
    print(order, loop.time() - start >= 0.12, handle.cancelled())
    future = loop.create_future()
    loop.call_soon_threadsafe(future.set_result, "set")
    print(await future, future.done())
    failed = loop.create_future()
    failed.set_exception(ZeroDivisionError("future"))
    try:
        await failed
    except ZeroDivisionError as e:
        print(e)
    try:
        failed.set_result(1)
    except asyncio.InvalidStateError as e:
        print("invalid")


async def generators():
    async def numbers(n):
        try:
            for i in range(n):
                yield i
                await asyncio.sleep(0)
        finally:
            print("numbers done")
    print([i async for i in numbers(3)], await anext(aiter(numbers(1))))
    source = numbers(5)
    async for i in source:
        if i == 2:
            break
    await source.aclose()


for part in basics, cancellation, synchronisation, groups, contexts, threads_and_callbacks, generators:
    print("--", part.__name__)
    asyncio.run(part())
for wrong in lambda: asyncio.run(5), asyncio.get_running_loop:
    try:
        wrong()
    except (ValueError, RuntimeError) as e:
        print(type(e).__name__, e)
try:
    asyncio.run(work("last", 0, LookupError("out")))
except LookupError as e:
    print(repr(e))
with asyncio.Runner() as runner:
    print(runner.run(work("runner", 0)), runner.run(work("again", 0)))
