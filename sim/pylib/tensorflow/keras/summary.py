"""The table that model.summary() prints."""


class Table:
    """Rows in columns that end at the given positions; what is too long for its column goes on below."""

    def __init__(self, positions, print_line):
        self.positions, self.print_line = positions, print_line

    def row(self, fields):
        rest = [str(field) for field in fields]
        last = len(self.positions) - 1
        while any(rest):
            line, start = " ", 0
            for column, end in enumerate(self.positions):
                gap = 2 if column != last else 0
                part = rest[column][:end - start - gap]
                breaks = [part.find(mark) + len(mark) for mark in ("),", "},", "],", "',") if mark in part]
                part = part[:min(breaks)] if breaks else part
                line += part + " " * gap
                rest[column] = rest[column][len(part):]
                line += " " * (end - len(line))
                start = end
            self.print_line(line)


def _connections(layer, nodes):
    return ["%s[%d][0]" % (tensor.node.layer.name, tensor.node.index)
            for node in layer.nodes if node in nodes for tensor in node.inputs]


def print_summary(model, nodes, line_length, positions, print_line, show_trainable):
    """nodes: of a graph that is no chain, whose layers are shown with what they are connected to; else None."""
    names = ["Layer (type)", "Output Shape", "Param #"]
    line_length = line_length or (65 if nodes is None else 98)
    positions = list(positions or ((0.45, 0.85, 1.0) if nodes is None else (0.33, 0.55, 0.67, 1.0)))
    if positions[-1] <= 1:
        positions = [int(line_length * part) for part in positions]
    if nodes is not None:
        names.append("Connected to")
    if show_trainable:
        line_length += 11
        positions.append(line_length)
        names.append("Trainable")
    table = Table(positions, print_line)
    print_line('Model: "%s"' % model.name)
    print_line("_" * line_length)
    table.row(names)
    print_line("=" * line_length)
    for number, layer in enumerate(model.layers):
        if number:
            print_line(" " * line_length)
        is_input = layer.class_name == "InputLayer"
        fields = ["%s (%s)" % (layer.name, layer.class_name), [layer.output_shape] if is_input else layer.output_shape,
                  layer.count_params()]
        if nodes is not None:
            fields.append(_connections(layer, nodes))
        if show_trainable:
            fields.append("Y" if layer.trainable else "N")
        table.row(fields)
    total, trained = model.count_params(), sum(w.array.size for w in model.trainable_weights)
    print_line("=" * line_length)
    print_line("Total params: {:,}".format(total))
    print_line("Trainable params: {:,}".format(trained))
    print_line("Non-trainable params: {:,}".format(total - trained))
    print_line("_" * line_length)
