# Small native modules: _uuid, _crypt, syslog's masks, readline without a terminal, hashes by their own modules, semaphores.
import hashlib
import os
import tempfile
import threading
import uuid
import warnings

warnings.simplefilter("ignore")
import crypt


def show(what, function, *arguments, **keywords):
    try:
        print(what, function(*arguments, **keywords))
    except Exception as error:
        print(what, type(error).__name__, error)


# uuid
import _uuid
first, second = uuid.uuid1(), uuid.uuid1()
print(first.version, first.variant == uuid.RFC_4122, first != second, second.time > first.time, first.node == second.node)
print(len(_uuid.generate_time_safe()[0]), _uuid.has_uuid_generate_time_safe, uuid.uuid5(uuid.NAMESPACE_URL, "a"))

# crypt
import _crypt
for salt in "ab", "$1$saltsalt$", "$5$rounds=1000$salt$", "$6$salt$", "$2b$04$abcdefghijklmnopqrstuu", "*", "", "a\0b", 5:
    show("crypt", _crypt.crypt, "secret", salt)
show("crypt", _crypt.crypt, b"secret", "ab")
show("crypt", _crypt.crypt, "secret")
print([method.name for method in crypt.methods], crypt.crypt("a", "$1$xy$") == crypt.crypt("a", crypt.crypt("a", "$1$xy$")))

# syslog
import syslog
print(syslog.LOG_MASK(syslog.LOG_ERR), syslog.LOG_UPTO(syslog.LOG_ERR), syslog.LOG_LOCAL7, syslog.LOG_PERROR)
print(syslog.setlogmask(0), syslog.setlogmask(syslog.LOG_UPTO(syslog.LOG_ERR)), syslog.setlogmask(0))
print(syslog.openlog("ident", syslog.LOG_PID, syslog.LOG_USER), syslog.syslog("text"), syslog.syslog(syslog.LOG_ERR, "text"))
print(syslog.closelog())
show("syslog", syslog.syslog)
show("syslog", syslog.syslog, 1)

# readline
import readline
print(readline.get_completer(), ascii(readline.get_completer_delims()), readline.get_history_length())
readline.set_completer(len)
print(readline.get_completer() is len, readline.parse_and_bind("tab: complete"), readline.get_line_buffer(), readline.get_begidx())
readline.set_completer()
readline.set_completer_delims(" ")
print(readline.get_completer(), ascii(readline.get_completer_delims()), readline.get_endidx(), readline.get_completion_type())
show("completer", readline.set_completer, 5)
show("hook", readline.set_startup_hook, 5)
readline.clear_history()
for line in "one", "two", "drei \xe4", "four":
    readline.add_history(line)
print([readline.get_history_item(i) for i in range(6)], readline.get_current_history_length())
readline.remove_history_item(1)
readline.replace_history_item(0, "eins")
for position in -1, 9:
    show("remove", readline.remove_history_item, position)
    show("replace", readline.replace_history_item, position, "x")
show("add", readline.add_history, 5)
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "history")
    readline.write_history_file(path)
    print(open(path, encoding="utf-8").read().split("\n"))
    readline.set_history_length(2)
    readline.write_history_file(path)
    readline.append_history_file(1, path)
    print(open(path, encoding="utf-8").read().split("\n"))
    readline.clear_history()
    readline.read_history_file(path)
    print([readline.get_history_item(i + 1) for i in range(readline.get_current_history_length())])
    try:
        readline.read_history_file(path + "2")
    except OSError as error:
        print(type(error).__name__)
show("append", readline.append_history_file, -1)

# hashes
import _md5
import _sha1
import _sha256
import _sha3
for function in _md5.md5, _sha1.sha1, _sha256.sha224, _sha256.sha256, _sha3.sha3_256, _sha3.sha3_512:
    hashed = function(b"abc", usedforsecurity=False)
    hashed.update(b"def")
    print(hashed.name, hashed.digest_size, hashed.block_size, hashed.hexdigest() == hashlib.new(hashed.name, b"abcdef").hexdigest())
print(_sha3.shake_128(b"x").hexdigest(5))

# semaphores
import _multiprocessing
import multiprocessing
lock, again, semaphore = multiprocessing.Lock(), multiprocessing.RLock(), multiprocessing.BoundedSemaphore(2)
print(lock, again, semaphore)
with lock, again, again, semaphore:
    print(lock, again, semaphore, lock.acquire(False), lock.acquire(timeout=0.01), lock.acquire(timeout=-1))
for each in lock, again, semaphore:
    show("release", each.release)
found = []


def work(number):
    with lock:
        found.append(number)
    semaphore.acquire()


workers = [threading.Thread(target=work, args=(i,)) for i in range(3)]
lock.acquire()
for worker in workers:
    worker.start()
print(found)
lock.release()
semaphore_free = threading.Timer(0.05, semaphore.release)
semaphore_free.start()
for worker in workers:
    worker.join()
print(sorted(found), semaphore.get_value())
event, condition = multiprocessing.Event(), multiprocessing.Condition()
print(event.is_set(), event.set(), event.wait(1), event.is_set())
with condition:
    print(condition.wait(0.01))
number, numbers = multiprocessing.Value("i", 5), multiprocessing.Array("d", [1, 2])
with number.get_lock():
    number.value += 1
print(number.value, numbers[:])
SemLock = _multiprocessing.SemLock
one = SemLock(0, 1, 1, "/hybridsim-test", True)
print(one.name, one.kind, one.maxvalue, one._count(), one._is_mine(), one._get_value(), one._is_zero())
show("SemLock", SemLock, 2, 0, 1, "/name", True)
show("SemLock", SemLock, 0, 1)
show("SemLock", one.release)
show("SemLock", _multiprocessing.sem_unlink, "/hybridsim-nothing")
