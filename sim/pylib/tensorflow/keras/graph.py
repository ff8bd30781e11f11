"""The graph of layers between symbolic inputs and outputs: its order, a run through it and back."""
from .layers.base import Node


def ordered_nodes(inputs, outputs):
    """Each node behind those it takes from; only what the outputs need."""
    order, state = [], {}
    stack = [(tensor.node, False) for tensor in reversed(outputs)]
    known = {id(tensor) for tensor in inputs}
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif node not in state:
            state[node] = True
            if id(node.output) not in known and not node.inputs:
                raise ValueError("Graph disconnected: cannot obtain value for tensor %r at layer \"%s\". The following previous "
                                 "layers "
                                 "were accessed without issue: %s" % (node.output, node.layer.name, [n.layer.name for n in order]))
            stack.append((node, True))
            if id(node.output) not in known:
                stack += [(tensor.node, False) for tensor in reversed(node.inputs)]
    return order


def by_depth(order):
    """The nodes as Keras lists them: by their distance from the outputs, farthest first."""
    depth = {node: 0 for node in order}
    for node in reversed(order):
        for tensor in node.inputs:
            if tensor.node in depth:
                depth[tensor.node] = max(depth[tensor.node], depth[node] + 1)
    return sorted(order, key=lambda node: -depth[node])


def leaves(layer):
    """The layer, or, of a model, the layers inside."""
    return [leaf for part in layer.layers for leaf in leaves(part)] if hasattr(layer, "layers") else [layer]


class Graph:
    def __init__(self, inputs, outputs):
        self.inputs, self.outputs = inputs, outputs
        self.nodes = by_depth(ordered_nodes(inputs, outputs))
        self.layers = list(dict.fromkeys(node.layer for node in self.nodes))
        uses = [leaf for node in self.nodes for leaf in leaves(node.layer)]
        twice = {leaf for leaf in uses if uses.count(leaf) > 1}
        self.shared = {node for node in self.nodes if twice.intersection(leaves(node.layer))}
        self.is_chain = not self.shared and len(inputs) == len(outputs) == 1 and all(
            len(node.inputs) < 2 for node in self.nodes) and len({t for node in self.nodes
                                                                  for t in node.inputs}) == len(self.nodes) - 1

    def forward(self, arrays, training):
        values = {tensor: array for tensor, array in zip(self.inputs, arrays)}
        self.states = {}
        for node in self.nodes:
            if node.output in values:
                continue
            given = [values[tensor] for tensor in node.inputs]
            now = training if node.training is None else bool(node.training)
            values[node.output] = node.layer.call(given if len(given) > 1 else given[0], now)
            if node in self.shared:     # each use of a layer is derived by what that use remembered
                self.states[node] = [(leaf, dict(vars(leaf))) for leaf in leaves(node.layer)]
        return [values[tensor] for tensor in self.outputs]

    def backward(self, slopes):
        """The slopes at the inputs; `pairs` is then (gradient, weight) for all weights to be changed."""
        given = {}
        totals = {}

        def add(tensor, slope):
            given[tensor] = given[tensor] + slope if tensor in given else slope
        for tensor, slope in zip(self.outputs, slopes):
            add(tensor, slope)
        for node in reversed(self.nodes):
            if node.output in self.inputs or node.output not in given:
                continue
            for leaf, state in self.states.get(node, ()):
                vars(leaf).update(state)
            back = node.layer.backward(given.pop(node.output))
            for tensor, slope in zip(node.inputs, back if len(node.inputs) > 1 else [back]):
                add(tensor, slope)
            for gradient, weight in node.layer.trained_pairs():
                totals[id(weight)] = (gradient + totals[id(weight)][0] if id(weight) in totals else gradient, weight)
        self.pairs = list(totals.values())
        return [given.get(tensor) for tensor in self.inputs]

    def config(self):
        """The nodes of a layer are counted in this graph only: it may also be used in others."""
        own = {layer: [node for node in layer.nodes if node in self.nodes] for layer in self.layers}

        def place(tensor):
            return [tensor.node.layer.name, own[tensor.node.layer].index(tensor.node), 0]
        return {"layers": [{"class_name": layer.class_name, "config": layer.get_config(), "name": layer.name,
                            "inbound_nodes": [[[*place(tensor), {}] for tensor in node.inputs] for node in own[layer]
                                              if node.inputs]}
                           for layer in self.layers],
                "input_layers": [place(tensor) for tensor in self.inputs],
                "output_layers": [place(tensor) for tensor in self.outputs]}


def tensors_from_config(config, deserialize):
    """(inputs, outputs) of a graph made again from its `config`."""
    layers = {entry["name"]: deserialize(entry) for entry in config["layers"]}
    made = {}
    for entry in config["layers"]:
        if not entry["inbound_nodes"]:
            layer = layers[entry["name"]]
            made[entry["name"], 0] = Node(layer, [], layer.output_shape).output
    left = [(entry["name"], number, node) for entry in config["layers"] for number, node in enumerate(entry["inbound_nodes"])]
    while left:
        ready = [(name, number, node) for name, number, node in left if (not number or (name, number - 1) in made)
                 and all((part[0], part[1]) in made for part in node)]
        if not ready:
            raise ValueError("the configuration's graph is not connected")
        for name, number, node in ready:
            given = [made[part[0], part[1]] for part in node]
            made[name, number] = layers[name](given if len(given) > 1 else given[0])
        left = [row for row in left if row not in ready]
    return tuple([made[name, index] for name, index, _ in config[key]] for key in ("input_layers", "output_layers"))
