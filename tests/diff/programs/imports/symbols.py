"""symtable: symbol tables of source text."""
import symtable

table = symtable.symtable("def f(x):\n  global g\n  def h(): return x\n  return h\nclass C: y = 1", "f", "exec")
children = table.get_children()
print(table.get_type(), table.get_identifiers() >= {"f", "C"}, [c.get_name() for c in children])
function = children[0]
print(function.get_locals(), function.get_globals(), function.get_parameters(), function.lookup("x"), function.lookup("x").is_parameter())
print(function.get_children()[0].get_frees(), children[1].lookup("y").is_assigned())
