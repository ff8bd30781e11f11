# Module sqlite3: statements, parameters, types, rows, transactions, callbacks, errors.
import datetime
import os
import sqlite3
import tempfile


def tried(function, *arguments, **keywords):
    try:
        result = function(*arguments, **keywords)
    except sqlite3.Error as error:
        print(type(error).__name__, error, getattr(error, "sqlite_errorname", None))
    except Exception as error:
        print(type(error).__name__, error)
    else:
        print("fine" if isinstance(result, (sqlite3.Cursor, sqlite3.Connection)) else result)


db = sqlite3.connect(":memory:")
db.execute("create table person (id integer primary key, name text unique, age real, data blob)")
cursor = db.executemany("insert into person (name, age, data) values (?, ?, ?)",
                        [("Ann", 31.5, b"\x00\xff"), ("Bob", None, None), ("Čeněk", 7, "text")])
print(cursor.rowcount, cursor.lastrowid, db.in_transaction, db.total_changes)
cursor = db.execute("insert into person (name) values (:name)", {"name": "Dan", "unused": 1})
print(cursor.rowcount, cursor.lastrowid)
for row in db.execute("select * from person order by id"):
    print(row)
cursor = db.cursor()
cursor.execute("select name, age as a from person where age > ?", (5,))
print(cursor.description, cursor.fetchone(), cursor.fetchmany(5), cursor.fetchall(), cursor.fetchone())
db.row_factory = sqlite3.Row
row = db.execute("select name, age from person").fetchone()
print(tuple(row), row["NAME"], row[-1], row.keys(), len(row), row[0:1], row == db.execute("select name, age from person").fetchone())
tried(lambda: row["none"])
tried(lambda: row[9])
db.row_factory = lambda cursor, row: {column[0]: item for column, item in zip(cursor.description, row)}
print(db.execute("select 1 as one, 2 as two").fetchall())
db.row_factory = None
db.rollback()
print(db.execute("select count(*) from person").fetchone(), db.in_transaction)
tried(db.execute, "select ?", (1, 2))
tried(db.execute, "select ?", (object(),))
tried(db.execute, "select :a", {"b": 1})
tried(db.execute, "select ?", 3)
tried(db.execute, "select ?", (2**64,))
tried(db.execute, "select 1; select 2")
tried(db.execute, "selec")
tried(db.execute, "")
tried(db.execute, 3)
tried(db.execute, "select 1\0")
tried(db.executemany, "select 1", [()])
tried(db.execute, "select * from nowhere")
db.execute("insert into person (name) values ('x')")
tried(db.execute, "insert into person (name) values ('x')")
tried(db.execute("select cast(x'ff' as text)").fetchone)
db.text_factory = bytes
print(db.execute("select 'text'").fetchone())
db.text_factory = lambda data: data.decode() + "!"
print(db.execute("select 'text'").fetchone())
db.text_factory = str
db.commit()

with db:
    db.execute("insert into person (name) values ('kept')")
try:
    with db:
        db.execute("insert into person (name) values ('dropped')")
        raise KeyError("out")
except KeyError as error:
    print("left", error, db.in_transaction)
print(db.execute("select name from person").fetchall())
db.executescript("create table s (a); insert into s values (1); -- comment\ninsert into s values (2);")
print(db.execute("select sum(a) from s").fetchone(), list(db.iterdump()))

db.create_function("twice", 1, lambda x: x * 2, deterministic=True)
db.create_function("fails", 0, lambda: 1 / 0)
db.create_function("many", -1, lambda *arguments: len(arguments))
print(db.execute("select twice(4), twice('ab'), twice(1.5), twice(x'01'), many(), many(1, null)").fetchone())
tried(db.execute, "select fails()")
tried(db.execute, "select absent()")


class Joined:
    def __init__(self):
        self.parts = []

    def step(self, item, separator):
        self.parts.append(str(item))
        self.separator = separator

    def inverse(self, item, separator):
        self.parts.remove(str(item))

    def value(self):
        return self.separator.join(self.parts)

    finalize = value


db.create_aggregate("joined", 2, Joined)
print(db.execute("select joined(a, '-'), joined(a * 10, '+') from s").fetchone())
print(db.execute("select a % 2, joined(a, ',') from (select 1 a union select 2 union select 3) group by a % 2").fetchall())
db.create_window_function("running", 2, Joined)
print(db.execute("select running(a, ',') over (order by a rows between 1 preceding and current row) from s").fetchall())
db.create_collation("backwards", lambda a, b: (a < b) - (a > b))
print(db.execute("select a from (select 'x' a union select 'z' union select 'y') order by a collate backwards").fetchall())
seen = []
db.set_trace_callback(seen.append)
db.execute("select ?", (3,)).fetchall()
db.set_trace_callback(None)
print(seen)
db.set_authorizer(lambda action, *rest: sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_DELETE else sqlite3.SQLITE_OK)
tried(db.execute, "delete from s")
db.set_authorizer(None)

typed = sqlite3.connect(":memory:", detect_types=sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES)


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __repr__(self):
        return f"Point({self.x}, {self.y})"


sqlite3.register_adapter(Point, lambda p: f"{p.x};{p.y}")
sqlite3.register_converter("point", lambda data: Point(*map(int, data.split(b";"))))
typed.execute("create table t (p point, d date, ts timestamp)")
typed.execute("insert into t values (?, ?, ?)", (Point(1, 2), datetime.date(2020, 1, 2), datetime.datetime(2020, 1, 2, 3, 4, 5)))
print(typed.execute("select * from t").fetchall())
print(typed.execute('select "3;4" as "q [point]"').fetchone())

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "file.db")
    one = sqlite3.connect(path, isolation_level=None)
    one.execute("create table t (a)")
    one.execute("begin")
    one.execute("insert into t values (1)")
    two = sqlite3.connect(path, timeout=0)
    print(two.execute("select * from t").fetchall())
    tried(two.execute, "insert into t values (2)")
    one.execute("commit")
    print(two.execute("select * from t").fetchall())
    copy = sqlite3.connect(":memory:")
    one.backup(copy)
    print(copy.execute("select * from t").fetchall(), len(one.serialize()))
    one.close()
    two.close()
    tried(sqlite3.connect, os.path.join(folder, "no", "file.db"))
cursor = db.cursor()
cursor.close()
tried(cursor.execute, "select 1")
db.close()
tried(db.execute, "select 1")
tried(sqlite3.connect)
print(sqlite3.complete_statement("select 1;"), sqlite3.complete_statement("select 1"), sqlite3.sqlite_version, sqlite3.threadsafety)
print(sqlite3.IntegrityError.__mro__)
