/* site_names.c - see site_names.h. */
#include "sim/runtime/site_names.h"

#include "sim/runtime/exception.h"
#include "sim/runtime/import.h"

struct site_object { /* a placeholder: behaves as what it stands for, except for its identity and type */
    struct object head;
    int64_t which;
};

enum site_name { SITE_QUIT, SITE_EXIT, SITE_COPYRIGHT, SITE_CREDITS, SITE_LICENSE, SITE_HELP, SITE_NAMES };

static const char *const site_names[SITE_NAMES] = {"quit", "exit", "copyright", "credits", "license", "help"};

static struct type site_type;

bool is_site_placeholder(value v)
{
    return is_object(v) && value_object(v)->shape->type == &site_type;
}

bool site_names_put(struct vm *vm)
{
    type_ready(vm, &site_type);
    for (int64_t i = 0; i < SITE_NAMES; i++) {
        struct site_object *site = GC_NEW(vm, struct site_object, &site_type);
        if (!site)
            return false;
        site->which = i;
        if (!dict_set_text(vm, dict_of(vm->builtins), site_names[i], object_value(site)))
            return false;
    }
    return true;
}

/* LICENSE.txt or LICENSE above the library, in it, or in the current folder. */
static value license_object(struct vm *vm, value class, value name)
{
    value library = string_from_text(vm, vm->library), above = string_printf(vm, "%s/..", vm->library);
    value files = tuple_pack(vm, 2, string_from_text(vm, "LICENSE.txt"), string_from_text(vm, "LICENSE"));
    value folders = tuple_pack(vm, 3, above, library, string_from_text(vm, "."));
    value arguments[4] = {name, string_from_text(vm, "See https://www.python.org/psf/license/"), files, folders};
    return call(vm, class, arguments, 4, VALUE_NULL);
}

static value make(struct vm *vm, enum site_name which)
{
    static const char *const classes[SITE_NAMES] = {"Quitter", "Quitter", "_Printer", "_Printer", "_Printer", "_Helper"};
    value module = import_module(vm, "_sitebuiltins");
    value class = module == VALUE_NULL ? VALUE_NULL : get_attribute_text(vm, module, classes[which]);
    value name = class == VALUE_NULL ? VALUE_NULL : string_from_text(vm, site_names[which]);
    if (name == VALUE_NULL)
        return VALUE_NULL;
    switch (which) {
    case SITE_COPYRIGHT:
        return call_2(vm, class, name, get_attribute_text(vm, vm->sys_module, "copyright"));
    case SITE_CREDITS:
        return call_2(vm, class, name,
                      string_from_text(vm, "    Thanks to CWI, CNRI, BeOpen.com, Zope Corporation and a cast of thousands\n"
                                           "    for supporting Python development.  See www.python.org for more information."));
    case SITE_LICENSE:
        return license_object(vm, class, name);
    case SITE_HELP:
        return call(vm, class, NULL, 0, VALUE_NULL);
    default:
        return call_2(vm, class, name, string_from_text(vm, "Ctrl-D (i.e. EOF)"));
    }
}

value site_name_resolve(struct vm *vm, value placeholder)
{
    const struct site_object *site = (struct site_object *)value_object(placeholder);
    const char *name = site_names[site->which];
    value there = dict_get_text(vm, dict_of(vm->builtins), name);
    if (there != VALUE_NULL && !is_site_placeholder(there)) /* done before: a copy of the placeholder was kept somewhere */
        return there;
    value pending = vm->pending; /* a message about another exception may ask for suggestions */
    vm->pending = VALUE_NULL;
    value real = make(vm, (enum site_name)site->which);
    if (real == VALUE_NULL)
        return VALUE_NULL;
    vm->pending = pending;
    if (there != VALUE_NULL && !dict_set_text(vm, dict_of(vm->builtins), name, real))
        return VALUE_NULL;
    return real;
}

static value site_getattr(struct vm *vm, value v, value name)
{
    value real = site_name_resolve(vm, v);
    return real == VALUE_NULL ? VALUE_NULL : get_attribute(vm, real, name);
}

static bool site_setattr(struct vm *vm, value v, value name, value item)
{
    value real = site_name_resolve(vm, v);
    return real != VALUE_NULL && set_attribute(vm, real, name, item);
}

static value site_repr(struct vm *vm, value v)
{
    value real = site_name_resolve(vm, v);
    return real == VALUE_NULL ? VALUE_NULL : value_repr(vm, real);
}

static value site_call(struct vm *vm, value v, const value *arguments, size_t count, value keyword_names)
{
    value real = site_name_resolve(vm, v);
    return real == VALUE_NULL ? VALUE_NULL : call(vm, real, arguments, count, keyword_names);
}

static struct type site_type = {
    .name = "_sitebuiltins.Quitter",
    .instance_size = sizeof(struct site_object),
    .getattr = site_getattr,
    .setattr = site_setattr,
    .repr = site_repr,
    .call = site_call,
};
